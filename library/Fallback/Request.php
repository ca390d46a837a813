<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * A method and a target, checked, and the canonical form of what is signed of them.
 *
 * @internal
 */
final class Request
{
    private const ORIGIN = '~\A[A-Za-z][A-Za-z0-9+.-]*://[^/?]+~';

    private function __construct(
        private readonly string $method,
        private readonly string $path,
        private readonly string $query,
        /** Where the path starts in the target. */
        private readonly int $pathOffset,
    ) {
    }

    /**
     * Checks a method and a target: `/path?query`, or `scheme://host/path?query`.
     *
     * @throws RequestError
     */
    public static function parse(string $method, string $target): self
    {
        if (!Bytes::isOf($method, Bytes::TOKEN)) {
            throw RequestError::method();
        }
        $length = strlen($target);
        $clean = strcspn($target, Bytes::CONTROL . ' ');
        if ($clean < $length) {
            throw RequestError::control($clean);
        }
        $bare = strcspn($target, '#');
        if ($bare < $length) {
            throw RequestError::fragment($bare);
        }
        $origin = 0;
        if (($target[0] ?? '') !== '/') {
            $origin = preg_match(self::ORIGIN, $target, $found) === 1 ? strlen($found[0]) : throw RequestError::target();
        }
        $mark = strcspn($target, '?', $origin) + $origin;
        $path = substr($target, $origin, $mark - $origin);
        return new self($method, $path === '' ? '/' : $path, substr($target, $mark + 1), $origin);
    }

    /** The method, in upper case. */
    public function method(): string
    {
        return strtoupper($this->method);
    }

    /**
     * The path, percent-decoded once: what Django calls `request.path`. As there, a byte that is no part of UTF-8 is
     * `%XX` again.
     *
     * @throws RequestError when it has a control byte: a decoded line feed could otherwise pass for the end of the path
     */
    public function path(): string
    {
        $path = str_contains($this->path, '%') ? rawurldecode($this->path) : $this->path;
        if (strcspn($path, Bytes::CONTROL) < strlen($path)) {
            preg_match('/%(?:[01][0-9A-Fa-f]|7[Ff])/', $this->path, $found, PREG_OFFSET_CAPTURE);
            throw RequestError::control($this->pathOffset + ($found[0][1] ?? 0));
        }
        return Bytes::isUtf8($path) ? $path : self::escapeBroken($path);
    }

    /**
     * The canonical query: split at `&`, empty parts left out, `+` read as a space, percent-decoded, encoded again as
     * RFC 3986 has it (a space is `%20`), and sorted by encoded name, then by encoded value. Duplicates and empty values
     * stay; a name without `=` gets one.
     */
    public function query(): string
    {
        $pairs = [];
        foreach (explode('&', $this->query) as $part) {
            if ($part !== '') {
                [$name, $value] = explode('=', $part, 2) + [1 => ''];
                $pairs[] = [self::encodeAgain($name), self::encodeAgain($value)];
            }
        }
        usort($pairs, static fn (array $a, array $b): int => strcmp($a[0], $b[0]) ?: strcmp($a[1], $b[1]));
        return implode('&', array_map(static fn (array $pair): string => "$pair[0]=$pair[1]", $pairs));
    }

    private static function encodeAgain(string $text): string
    {
        return rawurlencode(urldecode($text));
    }

    /** Writes `%XX` for every byte that is no part of UTF-8. */
    private static function escapeBroken(string $path): string
    {
        $character = '[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}'
            . '|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}';
        return preg_replace_callback(
            "/($character)|./s",
            static fn (array $found): string => isset($found[1]) ? $found[0] : rawurlencode($found[0]),
            $path,
        );
    }
}
