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
        private readonly string $wholeTarget,
        public readonly RequestHeaders $headers,
        /** The list of the headers that are signed. */
        private readonly string $signedHeaders = '',
    ) {
    }

    /**
     * Checks a method and a target: `/path?query`, or `scheme://host/path?query`.
     *
     * @throws RequestError
     */
    public static function parse(string $method, string $target, ?RequestHeaders $headers = null): self
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
        $query = substr($target, $mark + 1);
        $headers ??= new RequestHeaders();
        return new self($method, $path === '' ? '/' : $path, $query, $origin, $target, $headers);
    }

    /** The same with other headers, and the list of those that are signed. */
    public function withHeaders(RequestHeaders $headers, string $signedHeaders): self
    {
        return new self(
            $this->method,
            $this->path,
            $this->query,
            $this->pathOffset,
            $this->wholeTarget,
            $headers,
            $signedHeaders,
        );
    }

    /** Path and query, as they are sent. */
    public function target(): string
    {
        $sent = substr($this->wholeTarget, $this->pathOffset);
        return str_starts_with($sent, '/') ? $sent : "/$sent";
    }

    /**
     * The whole URL, as it was given.
     *
     * @throws RequestError
     */
    public function url(): string
    {
        return $this->origin() === null ? throw RequestError::relative() : $this->wholeTarget;
    }

    /**
     * The host that an absolute target names, as a `Host` header has it: in lower case, and without the port that its
     * scheme has anyway.
     *
     * @throws RequestError
     */
    public function host(): ?string
    {
        [$scheme, $authority] = $this->origin() ?? [null, null];
        $port = ['https' => ':443', 'http' => ':80'][$scheme ?? ''] ?? null;
        return $port !== null && str_ends_with($authority, $port) ? substr($authority, 0, -strlen($port)) : $authority;
    }

    /** The path of a canonical request: each segment decoded and encoded again, with a `/` at the end. */
    public function canonicalPath(): string
    {
        $path = implode('/', array_map(rawurlencode(...), explode('/', rawurldecode($this->path))));
        return str_ends_with($path, '/') ? $path : "$path/";
    }

    /** The query of a canonical request: sorted by decoded name, then by decoded value. */
    public function canonicalQuery(): string
    {
        $pairs = [];
        foreach ($this->parts() as [$name, $value]) {
            $pairs[] = [urldecode($name), urldecode($value)];
        }
        return self::joined(array_map(
            static fn (array $pair): array => [rawurlencode($pair[0]), rawurlencode($pair[1])],
            self::sorted($pairs),
        ));
    }

    /**
     * A line for each header that is signed: its name, a colon, its value, and a line feed.
     *
     * @param list<string> $required what the contract names, and so may be told
     *
     * @throws RequestError
     */
    public function canonicalHeaders(array $required): string
    {
        $text = '';
        foreach (RequestHeaders::parseList($this->signedHeaders) ?? throw RequestError::signedHeaders() as $name) {
            $shown = in_array($name, $required, true) ? $name : null;
            $text .= "$name:{$this->headers->find($name, $shown)}\n";
        }
        return $text;
    }

    public function signedHeaders(): string
    {
        return $this->signedHeaders;
    }

    /**
     * @return array{string, string}|null scheme and authority of an absolute target, in lower case
     *
     * @throws RequestError
     */
    private function origin(): ?array
    {
        if ($this->pathOffset === 0) {
            return null;
        }
        [$scheme, $authority] = explode('://', substr($this->wholeTarget, 0, $this->pathOffset), 2);
        return str_contains($authority, '@') ? throw RequestError::userInfo() : [strtolower($scheme), strtolower($authority)];
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
        foreach ($this->parts() as [$name, $value]) {
            $pairs[] = [self::encodeAgain($name), self::encodeAgain($value)];
        }
        return self::joined(self::sorted($pairs));
    }

    /** @return list<array{string, string}> names and values, as they are sent */
    private function parts(): array
    {
        $parts = [];
        foreach (explode('&', $this->query) as $part) {
            if ($part !== '') {
                $parts[] = explode('=', $part, 2) + [1 => ''];
            }
        }
        return $parts;
    }

    /**
     * @param list<array{string, string}> $pairs
     *
     * @return list<array{string, string}>
     */
    private static function sorted(array $pairs): array
    {
        usort($pairs, static fn (array $a, array $b): int => strcmp($a[0], $b[0]) ?: strcmp($a[1], $b[1]));
        return $pairs;
    }

    /** @param list<array{string, string}> $pairs */
    private static function joined(array $pairs): string
    {
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
