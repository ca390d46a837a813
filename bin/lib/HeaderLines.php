<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use InvalidArgumentException;

/** Lines of the form `Name: value`, and the request line that may stand before them. */
final class HeaderLines
{
    private const TOKEN = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /**
     * @param array<int, string> $lines numbered from 0
     *
     * @return array<string, list<string>> keyed by the name in lower case
     *
     * @throws InvalidArgumentException
     */
    public static function parse(array $lines, string $unit): array
    {
        $headers = [];
        foreach ($lines as $index => $line) {
            $where = "$unit " . ($index + 1);
            if (strspn($line, " \t", 0, 1) === 1) {
                throw new InvalidArgumentException("$where begins with white space: a header that goes on in the next line is no longer HTTP, join the two");
            }
            if (strpbrk($line, "\r\n") !== false) {
                throw new InvalidArgumentException("$where has a line break inside: no header can have one");
            }
            [$name, $value] = explode(':', $line, 2) + [1 => null];
            if ($value === null || !self::isToken($name)) {
                throw new InvalidArgumentException("$where is not of the form Name: value");
            }
            $headers[strtolower($name)][] = trim($value, " \t");
        }
        return $headers;
    }

    /** @return array{string, string}|null method and target */
    public static function requestLine(string $line): ?array
    {
        $parts = explode(' ', $line);
        $isOne = count($parts) === 3 && self::isToken($parts[0]) && $parts[1] !== '' && strpbrk($parts[1], "\t\r\n\v\f") === false
            && str_starts_with($parts[2], 'HTTP/') && strspn($parts[2], '0123456789.', 5) === strlen($parts[2]) - 5 && strlen($parts[2]) > 5;
        return $isOne ? [$parts[0], $parts[1]] : null;
    }

    /** @return list<string> the lines of a text, whichever of LF and CRLF ends them */
    public static function split(string $text): array
    {
        return array_map(static fn(string $line): string => str_ends_with($line, "\r") ? substr($line, 0, -1) : $line, explode("\n", $text));
    }

    /**
     * @param array<string, string> $headers
     *
     * @return list<string>
     */
    public static function of(array $headers): array
    {
        return array_map(static fn(string $name): string => "$name: $headers[$name]", array_keys($headers));
    }

    private static function isToken(string $text): bool
    {
        return $text !== '' && strspn($text, self::TOKEN) === strlen($text);
    }
}
