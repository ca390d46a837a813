<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use App\Kernel;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Testing\AssertsForgeries;
use HwSignature\Testing\SignedRequest;
use HwSignature\Verifier;
use Symfony\Bundle\FrameworkBundle\Test\WebTestCase;
use Symfony\Component\HttpKernel\KernelInterface;

require_once __DIR__ . '/symfony_application.php';

/** What docs/testing.md shows for Symfony; FrameworkTest starts it. */
final class SymfonyPage extends WebTestCase
{
    use AssertsForgeries;

    protected static function createKernel(array $options = []): KernelInterface
    {
        return new Kernel('test', false);
    }

    public function testThePage(): void
    {
        $client = self::createClient();
        $client->disableReboot();
        require getenv('APPLICATION') . '/tests/page.php';
        $key = Key::fromBase64((string) getenv('BACKEND_KEY'), 'backend');
        self::assertRefusesForgeries($receiver, SignedRequest::of('nextcloud', $key, now: time()));
    }
}
