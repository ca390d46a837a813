<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use InvalidArgumentException;

/** What `curl --trace` and `curl --trace-ascii` write: the headers and the body that were sent, with the offset of each line. */
final class CurlTrace implements DumpReader
{
    private const HEXADECIMAL = '0123456789abcdef';
    private const BYTES_PER_LINE = 16;
    /** Two digits and a space for each byte. */
    private const HEX_WIDTH = 48;

    public static function read(string $text): ?RequestDump
    {
        $text = ltrim($text, "\r\n");
        $firstLine = substr($text, 0, strcspn($text, "\n"));
        if (self::sent($firstLine) === null && !str_contains($firstLine, '== Info')) {
            return null;
        }
        $lines = HeaderLines::split($text);
        [$heads, $body, $isExact] = [[], '', true];
        foreach ($lines as $index => $line) {
            $kind = self::sent($line);
            if ($kind === null) {
                continue;
            }
            [$bytes, $exact] = self::section($lines, $index + 1, (int) substr($line, strpos($line, ', ') + 2));
            if ($kind === 'header') {
                $heads[] = $bytes;
            } else {
                $body .= $bytes;
                $isExact = $isExact && $exact;
            }
        }
        $heads = array_values(array_filter($heads, static fn(string $head): bool => !str_starts_with($head, 'CONNECT ')));
        if (count($heads) !== 1) {
            throw new InvalidArgumentException($heads === []
                ? 'this is no request: curl printed it, and there is no "=> Send header"'
                : 'the request cannot be read: curl sent more than one request, leave only the one that is meant');
        }
        $dump = HttpMessage::read($heads[0] . $body);
        return $isExact || !str_contains($body, '.')
            ? $dump
            : $dump->withNote('A dot in the body may stand for a byte that is no ASCII: --trace shows what --trace-ascii does not.');
    }

    /** What begins with this line. */
    private static function sent(string $line): ?string
    {
        return match (true) {
            str_contains($line, '=> Send header, ') => 'header',
            str_contains($line, '=> Send data, ') => 'data',
            default => null,
        };
    }

    /**
     * @param list<string> $lines
     *
     * @return array{string, bool} the bytes, and whether they are exact
     */
    private static function section(array $lines, int $first, int $length): array
    {
        $rows = [];
        for ($index = $first; $index < count($lines); ++$index) {
            $line = $lines[$index];
            $digits = strspn($line, self::HEXADECIMAL);
            if ($digits < 4 || substr($line, $digits, 2) !== ': ') {
                break;
            }
            $rows[] = [(int) hexdec(substr($line, 0, $digits)), substr($line, $digits + 2)];
        }
        $hexadecimal = self::fromHex($rows);
        $bytes = strlen((string) $hexadecimal) === $length ? (string) $hexadecimal : self::fromAscii($rows, $length);
        if (strlen($bytes) !== $length) {
            throw new InvalidArgumentException("the request cannot be read: curl sent $length bytes at once, of which " . strlen($bytes) . ' are here');
        }
        return [$bytes, $hexadecimal === $bytes];
    }

    /** @param list<array{int, string}> $rows */
    private static function fromHex(array $rows): ?string
    {
        $bytes = '';
        foreach ($rows as $number => [$offset, $row]) {
            $digits = str_replace(' ', '', substr($row, 0, self::HEX_WIDTH));
            if ($offset !== $number * self::BYTES_PER_LINE || strlen($digits) % 2 !== 0 || strspn($digits, self::HEXADECIMAL) !== strlen($digits)) {
                return null;
            }
            $bytes .= hex2bin($digits);
        }
        return $bytes;
    }

    /**
     * A row ends where a CRLF was, or at a width.
     *
     * @param list<array{int, string}> $rows
     */
    private static function fromAscii(array $rows, int $length): string
    {
        $bytes = '';
        foreach ($rows as $number => [$offset, $row]) {
            $next = $rows[$number + 1][0] ?? $length;
            $bytes .= $next - $offset === strlen($row) + 2 ? "$row\r\n" : $row;
        }
        return $bytes;
    }
}
