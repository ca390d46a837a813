<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * Reads a text with a date from the left. What is wrong is told as the code of an exception: the offset of a byte, or of the
 * start of a number.
 *
 * @internal
 */
final class DateReader
{
    /** Most digits of a fraction of a second. */
    private const MAX_FRACTION_LENGTH = 9;

    private int $at = 0;

    private function __construct(private readonly string $text)
    {
    }

    /**
     * A date and a time as RFC 3339 has them, as Unix time in seconds.
     *
     * @throws \OutOfRangeException
     */
    public static function rfc3339(string $text): int
    {
        $reader = new self($text);
        $local = $reader->local('-', ':');
        if ($reader->peek() === '.') {
            ++$reader->at;
            $reader->fraction();
        }
        $offset = 0;
        $sign = $reader->peek();
        if ($sign === '+' || $sign === '-') {
            ++$reader->at;
            $hours = $reader->number(2, 0, 23);
            $reader->literal(':');
            $offset = $hours * 3600 + $reader->number(2, 0, 59) * 60;
        } else {
            $reader->literal('Z');
        }
        // East of Greenwich, it is earlier there.
        $seconds = $sign === '+' ? $local - $offset : $local + $offset;
        if ($seconds < 0) {
            throw new \OutOfRangeException('', 0);
        }
        $reader->end();
        return $seconds;
    }

    /**
     * The basic format of ISO 8601, in UTC, as Unix time in seconds.
     *
     * @throws \OutOfRangeException
     */
    public static function iso8601Basic(string $text): int
    {
        $reader = new self($text);
        $seconds = $reader->local('', '');
        $reader->literal('Z');
        $reader->end();
        return $seconds;
    }

    private function local(string $dash, string $colon): int
    {
        $year = $this->number(4, 1970, 9999);
        $this->literal($dash);
        $month = $this->number(2, 1, 12);
        $this->literal($dash);
        $day = $this->number(2, 1, (int) gmdate('t', gmmktime(12, 0, 0, $month, 1, $year)));
        $this->literal('T');
        $hour = $this->number(2, 0, 23);
        $this->literal($colon);
        $minute = $this->number(2, 0, 59);
        $this->literal($colon);
        return gmmktime($hour, $minute, $this->number(2, 0, 59), $month, $day, $year);
    }

    private function peek(): string
    {
        return $this->text[$this->at] ?? '';
    }

    /** One byte, or none. */
    private function literal(string $byte): void
    {
        if ($byte !== '' && $this->peek() !== $byte) {
            throw new \OutOfRangeException('', $this->at);
        }
        $this->at += strlen($byte);
    }

    private function number(int $digits, int $min, int $max): int
    {
        $found = strspn($this->text, Bytes::DIGITS, $this->at, $digits);
        if ($found < $digits) {
            throw new \OutOfRangeException('', $this->at + $found);
        }
        $number = (int) substr($this->text, $this->at, $digits);
        if ($number < $min || $number > $max) {
            throw new \OutOfRangeException('', $this->at);
        }
        $this->at += $digits;
        return $number;
    }

    private function fraction(): void
    {
        $digits = strspn($this->text, Bytes::DIGITS, $this->at, self::MAX_FRACTION_LENGTH);
        if ($digits === 0) {
            throw new \OutOfRangeException('', $this->at);
        }
        $this->at += $digits;
    }

    private function end(): void
    {
        if ($this->at < strlen($this->text)) {
            throw new \OutOfRangeException('', $this->at);
        }
    }
}
