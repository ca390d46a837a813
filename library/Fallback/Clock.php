<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\TimestampFormat;

/**
 * The time: of the system, or of a callable that stands for it.
 *
 * @internal
 */
final class Clock
{
    /** Unix time in seconds. What a clock throws passes through. */
    public static function now(?\Closure $clock): int
    {
        return $clock === null ? time() : self::ask($clock);
    }

    /** Unix time in the unit of a format: in seconds for a text with a date. */
    public static function in(TimestampFormat $format, ?\Closure $clock): int
    {
        return match (true) {
            $format !== TimestampFormat::Milliseconds => self::now($clock),
            $clock === null => (int) (microtime(true) * 1000),
            default => (int) min(self::ask($clock) * 1000, PHP_INT_MAX),
        };
    }

    /** What is wrong with Unix time in seconds, if something is. */
    public static function mistake(int $seconds): ?string
    {
        return match (true) {
            $seconds < 0 => 'must be greater than or equal to 0',
            !Timestamp::isPlausible($seconds, TimestampFormat::Seconds)
                => 'must be Unix time in seconds, and looks like milliseconds',
            default => null,
        };
    }

    private static function ask(\Closure $clock): int
    {
        $seconds = $clock();
        if (!is_int($seconds)) {
            throw new \TypeError('the clock must return Unix time in seconds, as an int');
        }
        $mistake = self::mistake($seconds);
        return $mistake === null ? $seconds : throw new \ValueError("what the clock returns $mistake");
    }
}
