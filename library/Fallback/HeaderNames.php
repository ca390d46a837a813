<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use function array_flip;
use function array_keys;
use function count;
use function implode;
use function is_array;
use function is_string;
use function preg_match_all;
use function strtoupper;
use function strtr;

/**
 * The names by which the headers of a contract are found in an array, in every shape that PHP people hold headers.
 *
 * A header goes by its own name in any letter case, with `-` and `_` as one, which is how frameworks hand it on; and by the
 * one that CGI, and so `$_SERVER`, gives it, which is in upper case throughout.
 *
 * @internal
 */
final class HeaderNames
{
    /** What CGI puts in front of a header's name. */
    private const CGI_PREFIX = 'HTTP_';
    /** The two headers whose names CGI puts nothing in front of (RFC 3875, section 4.1). They would not be found. */
    private const CGI_BARE = ['CONTENT_TYPE', 'CONTENT_LENGTH'];

    /**
     * @param list<string> $names
     * @param array<string, int> $indexes of the headers, by the name in upper case with `_` for `-`, and by that of CGI
     * @param string $pattern what the names look like, among names with line feeds in between
     */
    private function __construct(
        private readonly array $names,
        private readonly array $indexes,
        private readonly string $pattern,
    ) {
    }

    /** @param list<string> $names that can be found, and of which no two are the same */
    public static function of(array $names): self
    {
        $indexes = $spellings = [];
        foreach ($names as $index => $name) {
            $folded = self::fold($name);
            $indexes += [$folded => $index, self::CGI_PREFIX . $folded => $index];
            $spellings[] = preg_quote(self::CGI_PREFIX . $folded, '/');
            $spellings[] = implode(array_map(self::spellings(...), str_split($folded)));
        }
        return new self($names, $indexes, '/(?<![^\n])(?:' . implode('|', $spellings) . ')(?![^\n])/');
    }

    /** Whether a header of this name stands in an array under a name that shows that it is one. */
    public static function canBeFound(string $name): bool
    {
        $folded = self::fold($name);
        return !str_starts_with($folded, self::CGI_PREFIX) && !in_array($folded, self::CGI_BARE, true);
    }

    /** The name in the one spelling that all others of it have in common. */
    public static function fold(string $name): string
    {
        return strtoupper(strtr($name, '-', '_'));
    }

    /** The index of the header that goes by a name. */
    public function index(string $name): ?int
    {
        $folded = self::fold($name);
        $isOfCgi = !str_starts_with($folded, self::CGI_PREFIX) || $name === $folded;
        return $isOfCgi ? $this->indexes[$folded] ?? null : null;
    }

    /**
     * Finds the headers.
     *
     * Every key is looked at, whatever its spelling: a header that is there twice must not be picked from.
     *
     * @param array<mixed> $headers
     *
     * @return array<int, string|bool> by the header's index: its value, false for what is no text, true for more than one
     *     value; nothing for a header that is missing
     */
    public function find(array $headers): array
    {
        $received = [];
        if (count($headers) === count($this->names)) {
            foreach ($this->names as $index => $name) {
                if (!is_string($headers[$name] ?? null)) {
                    break;
                }
                $received[$index] = $headers[$name];
            }
            if (count($received) === count($headers)) {
                return $received;
            }
            $received = [];
        }
        // All names at once, which is three times as fast as one after the other; unless a limit of PCRE forbids it.
        $isSearched = preg_match_all($this->pattern, implode("\n", array_keys($headers)), $found) !== false;
        foreach ($isSearched ? array_flip($found[0]) : $headers as $name => $_) {
            $index = $this->index((string) $name);
            $value = $index === null ? null : $headers[$name] ?? null;
            $text = is_string($value) ? $value : self::textOf($value);
            if ($text !== null) {
                $received[$index] = isset($received[$index]) ? true : $text;
            }
        }
        return $received;
    }

    /** What a byte of a folded name may be. The letter case of a pattern with `/i` would be that of the locale. */
    private static function spellings(string $byte): string
    {
        $lower = strtolower($byte);
        return match (true) {
            $byte === '_' => '[-_]',
            $byte !== $lower => "[$byte$lower]",
            default => preg_quote($byte, '/'),
        };
    }

    /** @return string|bool|null the text; false for something else, true for more than one value, null for nothing */
    private static function textOf(mixed $value): string|bool|null
    {
        if (!is_array($value)) {
            return $value === null ? null : false;
        }
        if (count($value) < 2) {
            return $value === [] ? null : (is_string($only = reset($value)) ? $only : false);
        }
        return true;
    }
}
