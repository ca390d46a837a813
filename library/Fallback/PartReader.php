<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * Reads lists: parts with a separator in between, each of them visible ASCII.
 *
 * @internal
 */
final class PartReader
{
    /**
     * The parts, one after the other, without the white space around the separator.
     *
     * @param int $start where the list starts in the header
     * @param string $separator one byte; one that is a space has no other white space around it
     *
     * @return \Generator<array{string, int}> each part, and where it starts
     *
     * @throws HeaderError
     */
    public static function parts(string $header, int $start, string $separator): \Generator
    {
        $visible = str_replace($separator, '', Bytes::VISIBLE);
        $length = strlen($header);
        for ($count = 0; $start !== null; ++$count) {
            if ($count > 0 && $separator !== ' ') {
                // The first part has white space after it only, the last one before it only.
                $start += strspn($header, " \t", $start);
            }
            if ($count === HeaderForm::MAX_PARTS) {
                throw HeaderError::tooMany($start);
            }
            $part = [substr($header, $start, strspn($header, $visible, $start)), $start];
            $end = $start + strlen($part[0]);
            $next = $end;
            if ($end < $length && $header[$end] !== $separator) {
                $next += strspn($header, " \t", $end);
                if (($header[$next] ?? '') !== $separator) {
                    throw HeaderError::forbiddenByte($header[$end], $end);
                }
            }
            $start = $next < $length ? $next + 1 : null;
            yield $part;
        }
    }

    /**
     * A list of parameters, `name=value`.
     *
     * Each name may come once, but for the one that is repeated, which also allows other names to repeat.
     *
     * @param list<string> $names in lower case
     *
     * @return \Generator<array{int, string, int}> the index of each that is named, its value, and where that starts
     *
     * @throws HeaderError
     */
    public static function parameters(
        string $header,
        int $start,
        string $separator,
        array $names,
        ?int $repeated = null,
    ): \Generator {
        $seen = [];
        foreach (self::parts($header, $start, $separator) as [$part, $start]) {
            [$name, $value] = self::parameter($part, $start);
            $index = array_search($name, $names, true);
            if ($index === false && $repeated !== null) {
                continue;
            }
            if (isset($seen[$name]) && ($index === false || $index !== $repeated)) {
                throw HeaderError::repeated($start);
            }
            $seen[$name] = true;
            if ($index !== false) {
                yield [$index, $value, $start + strlen($part) - strlen($value)];
            }
        }
    }

    /** @return array{string, string} name in lower case, and value */
    private static function parameter(string $part, int $start): array
    {
        $equals = strpos($part, '=');
        if ($equals === false) {
            throw HeaderError::parameter($start + strlen($part));
        }
        $token = strspn($part, Bytes::TOKEN);
        if ($token < $equals || $equals === 0) {
            throw HeaderError::parameter($start + $token);
        }
        if ($equals === strlen($part) - 1) {
            throw HeaderError::parameter($start + strlen($part));
        }
        return [strtolower(substr($part, 0, $equals)), substr($part, $equals + 1)];
    }
}
