<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\Child;
use HwSignature\Tests\Support\Race;
use HwSignature\Tests\Support\StoreServer;
use PHPUnit\Framework\TestCase;

/** The guard of examples/replay.php for Redis, with a real server and several processes. */
final class ReplayRedisTest extends TestCase
{
    private static ?StoreServer $server = null;

    public static function setUpBeforeClass(): void
    {
        if (!extension_loaded('redis')) {
            self::markTestSkipped('needs the Debian package php-redis');
        }
        if (Child::find('redis-server') === null) {
            self::markTestSkipped('needs the Debian package redis-server');
        }
        self::$server = StoreServer::redis();
        putenv('REDIS_PORT=' . self::$server->port);
    }

    public static function tearDownAfterClass(): void
    {
        self::$server?->stop();
        self::$server = null;
        putenv('REDIS_PORT');
    }

    public function testOfOneRequest200TimesExactlyOneIsAccepted(): void
    {
        self::assertSame(1, Race::run('Redis', Race::oneRequest()));
    }

    public function testOfEachRequestThatAllProcessesHaveAtOnceExactlyOneIsAccepted(): void
    {
        self::assertSame(200, Race::run('Redis', Race::sameForAll(200)));
    }

    public function testOf200RequestsAllAreAcceptedAndNoneAgain(): void
    {
        $requests = Race::manyRequests();
        self::assertSame(200, Race::run('Redis', $requests));
        self::assertSame(0, Race::run('Redis', $requests));
    }

    public function testAClaimExpiresWithTheRequest(): void
    {
        $redis = new \Redis();
        $redis->connect('127.0.0.1', self::$server->port);
        $redis->flushAll();
        Race::run('Redis', [Race::oneRequest(1)[0]]);
        $claims = $redis->keys('replay:*');
        self::assertCount(1, $claims);
        self::assertMatchesRegularExpression('/\Areplay:[0-9a-f]{64}\z/', $claims[0]);
        // Signed now, acceptable for 300 seconds, and one more for stores that round down; and as long again.
        self::assertGreaterThan(540, $redis->ttl($claims[0]));
        self::assertLessThanOrEqual(601, $redis->ttl($claims[0]));
    }

    public function testAClaimIsGivenBackByTheReceiverThatHasIt(): void
    {
        [$exitCode, $output, $errors] = Child::script(__DIR__ . '/support/release.php')->finish();
        self::assertSame([0, ''], [$exitCode, $errors]);
        self::assertStringContainsString("Redis: as it should be\n", $output);
    }
}
