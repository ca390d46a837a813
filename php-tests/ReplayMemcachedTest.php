<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\Child;
use HwSignature\Tests\Support\Race;
use HwSignature\Tests\Support\StoreServer;
use PHPUnit\Framework\TestCase;

/** The guard of examples/replay.php for Memcached, with a real server and several processes. */
final class ReplayMemcachedTest extends TestCase
{
    private static ?StoreServer $server = null;

    public static function setUpBeforeClass(): void
    {
        if (!extension_loaded('memcached')) {
            self::markTestSkipped('needs the Debian package php-memcached');
        }
        if (Child::find('memcached') === null) {
            self::markTestSkipped('needs the Debian package memcached');
        }
        self::$server = StoreServer::memcached();
        putenv('MEMCACHED_PORT=' . self::$server->port);
    }

    public static function tearDownAfterClass(): void
    {
        self::$server?->stop();
        self::$server = null;
        putenv('MEMCACHED_PORT');
    }

    public function testOfOneRequest200TimesExactlyOneIsAccepted(): void
    {
        self::assertSame(1, Race::run('Memcached', Race::oneRequest()));
    }

    public function testOf200RequestsAllAreAcceptedAndNoneAgain(): void
    {
        $requests = Race::manyRequests();
        self::assertSame(200, Race::run('Memcached', $requests));
        self::assertSame(0, Race::run('Memcached', $requests));
    }

    public function testAClaimIsGivenBackByTheReceiverThatHasIt(): void
    {
        [$exitCode, $output, $errors] = Child::script(__DIR__ . '/support/release.php')->finish();
        self::assertSame([0, ''], [$exitCode, $errors]);
        self::assertStringContainsString("Memcached: as it should be\n", $output);
    }
}
