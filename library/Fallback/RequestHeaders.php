<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Reason;

/**
 * All headers of a request, where a contract signs others than its own.
 *
 * @internal
 */
final class RequestHeaders
{
    /** The bytes of a name in a list of signed headers: `$_SERVER` does not tell `_` from `-`. */
    public const NAME = Bytes::DIGITS . "abcdefghijklmnopqrstuvwxyz!#$%&'*+-.^`|~";
    private const MAX_SIGNED = 64;
    /** The two headers that CGI puts nothing in front of. Many servers give both names to one header. */
    private const BARE = ['content-type' => 'CONTENT_TYPE', 'content-length' => 'CONTENT_LENGTH'];

    /** @param list<array{string, string|null}> $entries each name as it came, and its value; null for one that is no text */
    public function __construct(public readonly array $entries = [])
    {
    }

    /** @param array<mixed> $headers in every shape that PHP people hold them */
    public static function of(array $headers): self
    {
        $entries = [];
        foreach ($headers as $name => $values) {
            if (is_string($name) && $values !== null) {
                foreach (is_array($values) ? $values : [$values] as $value) {
                    $entries[] = [$name, is_string($value) ? $value : null];
                }
            }
        }
        return new self($entries);
    }

    /**
     * The value of a header, without spaces and tabs at its ends.
     *
     * A header that the web server knows under two names, `CONTENT_TYPE` and `HTTP_CONTENT_TYPE`, is one where both say the
     * same. `CONTENT_TYPE` alone is also there, and empty, where the request has no such header.
     *
     * @param string $name in lower case
     * @param string|null $shown the name, where it may be told
     *
     * @throws RequestError where there is not exactly one value, or where it is no text or has control bytes
     */
    public function find(string $name, ?string $shown): string
    {
        $named = $bare = [];
        foreach ($this->entries as [$other, $value]) {
            if ($other === (self::BARE[$name] ?? null)) {
                if ($value !== '') {
                    $bare[] = $value;
                }
            } elseif (self::isSpelling($other, $name)) {
                $named[] = $value;
            }
        }
        $value = $named[0] ?? $bare[0] ?? null;
        if (count($named) > 1 || count($bare) > 1 || ($named !== [] && $bare !== [] && $named !== $bare)) {
            throw RequestError::header($shown, Reason::RepeatedHeader, 'stands more than once');
        }
        if ($named === [] && $bare === []) {
            throw RequestError::header($shown, Reason::MissingHeader, 'is missing');
        }
        if ($value === null) {
            throw RequestError::header($shown, Reason::MalformedHeader, 'is not a string');
        }
        $value = trim($value, " \t");
        return strcspn($value, Bytes::CONTROL) === strlen($value)
            ? $value
            : throw RequestError::header($shown, Reason::MalformedHeader, 'has a control character');
    }

    /** Whether a name, as it came, is a spelling of one in lower case. */
    public static function isSpelling(string $other, string $name): bool
    {
        // In upper case with _ and without HTTP_, it is a variable of CGI and no header.
        $isVariable = str_contains($other, '_') && strpbrk($other, 'abcdefghijklmnopqrstuvwxyz') === false;
        return (!$isVariable && self::isSame($other, $name))
            || (strncasecmp($other, 'HTTP_', 5) === 0 && self::isSame(substr($other, 5), $name));
    }

    /**
     * The names of a list: in lower case with `;` in between, each once, 64 at most.
     *
     * @return list<string>|null
     */
    public static function parseList(string $text): ?array
    {
        $names = explode(';', $text);
        foreach ($names as $name) {
            if (!Bytes::isOf($name, self::NAME)) {
                return null;
            }
        }
        return count($names) <= self::MAX_SIGNED && array_unique($names) === $names ? $names : null;
    }

    /** A `_` in what came stands for a `-`, and for nothing else. */
    private static function isSame(string $other, string $name): bool
    {
        return strlen($other) === strlen($name) && strtolower(strtr($other, '_', '-')) === $name;
    }
}
