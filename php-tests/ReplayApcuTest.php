<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\Fpm;
use HwSignature\Tests\Support\Race;
use PHPUnit\Framework\TestCase;

/** The guard of examples/replay.php for APCu, under a real PHP-FPM with several workers. */
final class ReplayApcuTest extends TestCase
{
    private const SCRIPT = __DIR__ . '/support/receiver.php';
    private static ?Fpm $fpm = null;

    public static function setUpBeforeClass(): void
    {
        $version = PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION;
        if (Fpm::binary() === null) {
            self::markTestSkipped("needs the Debian package php$version-fpm");
        }
        exec(escapeshellarg(Fpm::binary()) . ' -m 2>&1', $modules);
        if (!in_array('apcu', $modules, true)) {
            self::markTestSkipped("needs the Debian package php$version-apcu");
        }
        self::$fpm = Fpm::start();
    }

    public static function tearDownAfterClass(): void
    {
        self::$fpm?->stop();
        self::$fpm = null;
    }

    public function testOfOneRequest200TimesExactlyOneIsAccepted(): void
    {
        [$answers, $workers] = self::tally(self::$fpm->post(self::SCRIPT, array_merge(...Race::oneRequest())));
        self::assertEquals(['accepted' => 1, 'replayed' => 199], $answers);
        self::assertGreaterThan(1, $workers, 'one worker alone is no race');
    }

    public function testOf200RequestsAllAreAcceptedAndNoneAgain(): void
    {
        $requests = array_merge(...Race::manyRequests());
        self::assertSame(['accepted' => 200], self::tally(self::$fpm->post(self::SCRIPT, $requests))[0]);
        self::assertSame(['replayed' => 200], self::tally(self::$fpm->post(self::SCRIPT, $requests))[0]);
    }

    public function testAForgedRequestClaimsNothing(): void
    {
        [$headers, $payload] = Race::oneRequest()[0][0];
        $forged = array_fill(0, 20, [$headers, "not $payload"]);
        self::assertSame(['signature-mismatch' => 20], self::tally(self::$fpm->post(self::SCRIPT, $forged))[0]);
        self::assertSame(['accepted' => 1], self::tally(self::$fpm->post(self::SCRIPT, [[$headers, $payload]]))[0]);
    }

    /**
     * @param list<string> $answers "worker answer"
     * @return array{array<string, int>, int} how many of each answer, and from how many workers
     */
    private static function tally(array $answers): array
    {
        $pairs = array_map(static fn (string $answer): array => explode(' ', $answer, 2), $answers);
        return [array_count_values(array_column($pairs, 1)), count(array_unique(array_column($pairs, 0)))];
    }
}
