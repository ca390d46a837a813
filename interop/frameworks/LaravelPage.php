<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Testing\AssertsForgeries;
use HwSignature\Testing\SignedRequest;
use Illuminate\Contracts\Http\Kernel;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Testing\TestCase;
use Illuminate\Http\Request;
use Illuminate\Support\Carbon;

require_once __DIR__ . '/laravel_application.php';

/** What docs/testing.md shows for Laravel; FrameworkTest starts it. */
final class LaravelPage extends TestCase
{
    use AssertsForgeries;

    public function createApplication(): Application
    {
        $application = laravel_application();
        $application->instance('request', Request::create('/'));
        $application->make(Kernel::class)->bootstrap();

        return $application;
    }

    public function testThePage(): void
    {
        $this->travelTo(Carbon::createFromTimestamp(SignedRequest::NOW));
        require getenv('APPLICATION') . '/tests/page.php';
    }
}
