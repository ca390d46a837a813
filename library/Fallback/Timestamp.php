<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\TimestampFormat;

/**
 * The grammar of a timestamp: digits, or one of two texts with a date; read, written, and its shape.
 *
 * @internal
 */
final class Timestamp
{
    public const DIGITS = '1 to 19 digits, and at most 9223372036854775807';
    /** Most digits that a timestamp may have. */
    private const MAX_LENGTH = 19;
    private const GREATEST = '9223372036854775807';
    /** Unix time in seconds from 2001 to 5138: ten and eleven digits. */
    private const FIRST_SECOND = 1_000_000_000;
    private const END_OF_SECONDS = 100_000_000_000;
    /** The last second of the year 9999, which is the last that four digits of a year can say. */
    private const LAST_SECOND = 253_402_300_799;
    /** What a text of RFC 3339 starts with, up to the second. */
    private const START = 'dddd-dd-ddTdd:dd:dd';

    public function __construct(
        public readonly TimestampFormat $format,
        /** How many digits it has, if that is fixed. */
        public readonly ?int $digits = null,
    ) {
    }

    /**
     * The same with exactly as many digits as Unix time has today: a number of that many digits shows where it ends.
     *
     * @return self|null null where the format is no number
     */
    public function withFixedDigits(): ?self
    {
        return match ($this->format) {
            TimestampFormat::Seconds => new self($this->format, 10),
            TimestampFormat::Milliseconds => new self($this->format, 13),
            default => null,
        };
    }

    /** Whether it is a number. */
    public function isNumber(): bool
    {
        return $this->format === TimestampFormat::Seconds || $this->format === TimestampFormat::Milliseconds;
    }

    /** The number of a timestamp in whole seconds. */
    public function toSeconds(int $number): int
    {
        return $this->format === TimestampFormat::Milliseconds ? intdiv($number, 1000) : $number;
    }

    /**
     * Whether a number can be meant in this format: false for what is Unix time in the other unit, from 2001 to 5138.
     */
    public static function isPlausible(int $number, TimestampFormat $format): bool
    {
        $other = $format === TimestampFormat::Milliseconds ? $number : intdiv($number, 1000);
        return $other < self::FIRST_SECOND || $other >= self::END_OF_SECONDS;
    }

    /**
     * Reads a timestamp: Unix time in milliseconds for that format, in seconds for the others. A fraction of a second is
     * left out.
     *
     * @param int $offset where the text starts in the header
     *
     * @throws HeaderError
     */
    public function parse(string $text, int $offset): int
    {
        try {
            return match (true) {
                $this->format === TimestampFormat::Rfc3339 => DateReader::rfc3339($text),
                $this->format === TimestampFormat::Iso8601Basic => DateReader::iso8601Basic($text),
                $this->digits !== null && strlen($text) !== $this->digits
                    => throw new \OutOfRangeException('', self::mistake($text) ?? min(strlen($text), $this->digits)),
                default => ($wrong = self::mistake($text)) === null ? (int) $text : throw new \OutOfRangeException('', $wrong),
            };
        } catch (\OutOfRangeException $exception) {
            throw HeaderError::timestamp($this->rule(), $offset + $exception->getCode());
        }
    }

    /**
     * Writes a number, which is in the unit that `parse()` gives.
     *
     * @return string|null null for one that this grammar has no text for
     */
    public function write(int $number): ?string
    {
        if ($this->isNumber()) {
            $text = (string) $number;
            return $this->digits === null || strlen($text) === $this->digits ? $text : null;
        }
        $format = $this->format === TimestampFormat::Rfc3339 ? 'Y-m-d\TH:i:s\Z' : 'Ymd\THis\Z';
        return $number <= self::LAST_SECOND ? gmdate($format, $number) : null;
    }

    public function shape(): Shape
    {
        return match (true) {
            $this->format === TimestampFormat::Rfc3339
                => Shape::closed(self::places(self::START), Bytes::DIGITS . '-:T.Z+', self::closedLength(...)),
            $this->format === TimestampFormat::Iso8601Basic => Shape::fixed(self::places('ddddddddTddddddZ')),
            $this->digits !== null => Shape::fixed(self::places(str_repeat('d', $this->digits))),
            default => Shape::run(Bytes::DIGITS, 1),
        };
    }

    /** A regular expression for what may stand in a header, or for the most of it; a date has still to be looked at. */
    public function pattern(): string
    {
        return match (true) {
            !$this->isNumber() => '[0-9TZ:.+-]{16,35}',
            $this->digits !== null => "[0-9]{{$this->digits}}",
            default => '[0-9]{1,18}',
        };
    }

    /**
     * Where a text is wrong that is not 1 to 19 digits.
     */
    public static function wrongDigit(string $text): ?int
    {
        $digits = strspn($text, Bytes::DIGITS);
        return match (true) {
            $digits < strlen($text), $text === '' => $digits,
            $digits > self::MAX_LENGTH => self::MAX_LENGTH,
            default => null,
        };
    }

    /** What a text must be, to be read. */
    private function rule(): string
    {
        return match (true) {
            $this->format === TimestampFormat::Rfc3339
                => 'a date and time of RFC 3339 from 1970 to 9999, such as 2026-01-31T23:59:59Z',
            $this->format === TimestampFormat::Iso8601Basic => 'a date and time in UTC from 1970 to 9999, such as 20260131T235959Z',
            $this->digits !== null => "exactly $this->digits digits",
            default => self::DIGITS,
        };
    }

    /** Where a text is wrong that is not 1 to 19 digits, or does not fit into 63 bits. */
    private static function mistake(string $text): ?int
    {
        $isTooGreat = strlen($text) === self::MAX_LENGTH && strcmp($text, self::GREATEST) > 0;
        return self::wrongDigit($text) ?? ($isTooGreat ? 0 : null);
    }

    /**
     * How long the text of RFC 3339 is that stands at an end of what is left, if one does.
     */
    private static function closedLength(string $text, bool $atBack): ?int
    {
        $start = strlen(self::START);
        if ($atBack) {
            $last = substr($text, -1);
            $end = $last === 'Z' ? 1 : 6;
            if (strpbrk($last, Bytes::DIGITS . 'Z') === false || strlen($text) < $end) {
                return null;
            }
            $rest = substr($text, 0, -$end);
            $run = strspn(strrev($rest), Bytes::DIGITS);
            $isMarked = substr($rest, -$run - 1, 1) === '.' && strlen($rest) > $run;
            return $end + ($isMarked ? $run + 1 : 0) + $start;
        }
        $at = $start;
        if (strlen($text) < $at) {
            return null;
        }
        if (($text[$at] ?? '') === '.') {
            $at += 1 + strspn($text, Bytes::DIGITS, $at + 1);
        }
        return match ($text[$at] ?? '') {
            'Z' => $at + 1,
            '+', '-' => $at + 6,
            default => null,
        };
    }

    /** @return list<string> the set of each byte; `d` stands for a digit */
    private static function places(string $pattern): array
    {
        return array_map(static fn (string $byte): string => $byte === 'd' ? Bytes::DIGITS : $byte, str_split($pattern));
    }
}
