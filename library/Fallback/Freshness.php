<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Reason;
use HwSignature\TimestampFormat;

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
    /** Most digits that a timestamp may have. */
    private const MAX_LENGTH = 19;
    private const GREATEST = '9223372036854775807';
    /** Unix time in seconds from 2001 to 5138: ten and eleven digits. */
    private const FIRST_SECOND = 1_000_000_000;
    private const END_OF_SECONDS = 100_000_000_000;

    /**
     * Whether a timestamp can be meant in this unit: false for what is Unix time in the other one, from 2001 to 5138.
     */
    public static function isPlausible(int $timestamp, TimestampFormat $unit): bool
    {
        $other = $unit === TimestampFormat::Seconds ? intdiv($timestamp, 1000) : $timestamp;
        return $other < self::FIRST_SECOND || $other >= self::END_OF_SECONDS;
    }

    public static function toSeconds(int $timestamp, TimestampFormat $unit): int
    {
        return $unit === TimestampFormat::Seconds ? $timestamp : intdiv($timestamp, 1000);
    }

    /**
     * Reads a timestamp: 1 to 19 digits that fit into 63 bits.
     *
     * @param int $offset where the text starts in the header
     *
     * @throws HeaderError
     */
    public static function parse(string $text, int $offset): int
    {
        self::check($text, $offset);
        if (strlen($text) === self::MAX_LENGTH && strcmp($text, self::GREATEST) > 0) {
            throw HeaderError::timestamp($offset);
        }
        return (int) $text;
    }

    /**
     * Checks the form of a timestamp: 1 to 19 digits.
     *
     * @throws HeaderError
     */
    public static function check(string $text, int $offset): void
    {
        $length = strlen($text);
        $digits = strspn($text, Bytes::DIGITS);
        if ($digits < $length || $length === 0) {
            throw HeaderError::timestamp($offset + $digits);
        }
        if ($length > self::MAX_LENGTH) {
            throw HeaderError::timestamp($offset + self::MAX_LENGTH);
        }
    }

    /**
     * Checks a timestamp against the clock, in whole seconds and in both directions.
     *
     * @param int $tolerance in seconds, or `ANY_AGE`
     *
     * @throws Rejection
     */
    public static function require(int $timestamp, TimestampFormat $unit, int $now, int $tolerance): void
    {
        $age = $now - self::toSeconds($timestamp, $unit);
        if ($tolerance === ANY_AGE || ($age <= $tolerance && -$age <= $tolerance)) {
            return;
        }
        throw $age > 0
            ? new Rejection(Reason::Stale, "the timestamp is $age s behind this clock, $tolerance s are allowed")
            : new Rejection(Reason::FromFuture, 'the timestamp is ' . -$age . " s ahead of this clock, $tolerance s are allowed");
    }

    /** How many seconds from now the timestamp stays acceptable, the last one included. */
    public static function secondsLeft(int $timestamp, TimestampFormat $unit, int $now, int $tolerance): int
    {
        // One more, because the window includes its last second.
        return self::toSeconds($timestamp, $unit) - $now + $tolerance + 1;
    }
}
