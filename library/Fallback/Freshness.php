<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Reason;

use const HwSignature\ANY_AGE;

/**
 * The time window around a timestamp.
 *
 * @internal
 */
final class Freshness
{
    /** Longest tolerance, in seconds: seven days. */
    public const MAX_TOLERANCE = 604_800;

    /**
     * Checks a timestamp, in whole seconds, against the clock in both directions.
     *
     * @param int $tolerance in seconds, or `ANY_AGE`
     *
     * @throws Rejection
     */
    public static function require(int $seconds, int $now, int $tolerance): void
    {
        $age = $now - $seconds;
        if ($tolerance === ANY_AGE || ($age <= $tolerance && -$age <= $tolerance)) {
            return;
        }
        throw $age > 0
            ? new Rejection(Reason::Stale, "the timestamp is $age s behind this clock, $tolerance s are allowed")
            : new Rejection(Reason::FromFuture, 'the timestamp is ' . -$age . " s ahead of this clock, $tolerance s are allowed");
    }

    /** How many seconds from now the timestamp stays acceptable, the last one included. */
    public static function secondsLeft(int $seconds, int $now, int $tolerance): int
    {
        // One more, because the window includes its last second.
        return $seconds - $now + $tolerance + 1;
    }
}
