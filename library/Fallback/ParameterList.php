<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * The grammar of `timestamp=…; nonce=…; value=…`, and of parameter lists like it.
 *
 * Names in any order and any letter case, each exactly once; white space around the separator and nowhere else; split
 * at the first `=`; no percent-decoding. Parameters with names of their own are skipped, but must be well formed.
 *
 * @internal
 */
final class ParameterList
{
    public const MAX_LENGTH = 4096;
    private const MAX_PARAMETERS = 16;

    /** @param array<string, array{string, int}> $values value and offset, by the name in lower case */
    private function __construct(private readonly array $values, private readonly int $length)
    {
    }

    /**
     * Reads a list whose parts stand between separators.
     *
     * @throws HeaderError
     */
    public static function parse(string $header, string $separator): self
    {
        if (strlen($header) > self::MAX_LENGTH) {
            throw HeaderError::tooLong();
        }
        $values = [];
        $offset = 0;
        $parts = explode($separator, $header);
        $last = count($parts) - 1;
        foreach ($parts as $index => $part) {
            $next = $offset + strlen($part) + 1;
            // The first part may have white space after it only, the last one before it only.
            if ($index > 0) {
                $trimmed = ltrim($part, " \t");
                $offset += strlen($part) - strlen($trimmed);
                $part = $trimmed;
            }
            if ($index < $last) {
                $part = rtrim($part, " \t");
            }
            [$name, $value] = self::parseParameter($part, $offset);
            $key = strtolower($name);
            if (isset($values[$key])) {
                throw HeaderError::repeated($offset);
            }
            if ($index === self::MAX_PARAMETERS) {
                throw HeaderError::tooMany($offset);
            }
            $values[$key] = [$value, $offset + strlen($name) + 1];
            $offset = $next;
        }
        return new self($values, strlen($header));
    }

    /**
     * The value of that name, whatever its letter case, and where it starts in the header.
     *
     * @return array{string, int}
     *
     * @throws HeaderError
     */
    public function require(string $name): array
    {
        return $this->values[strtolower($name)] ?? throw HeaderError::missing($name, $this->length);
    }

    /** @return array{string, string} name and value */
    private static function parseParameter(string $part, int $offset): array
    {
        $visible = strspn($part, Bytes::VISIBLE);
        if ($visible < strlen($part)) {
            throw HeaderError::forbiddenByte($part[$visible], $offset + $visible);
        }
        $equals = strpos($part, '=');
        if ($equals === false) {
            throw HeaderError::parameter($offset + strlen($part));
        }
        $name = substr($part, 0, $equals);
        $token = strspn($name, Bytes::TOKEN);
        if ($token < $equals || $equals === 0) {
            throw HeaderError::parameter($offset + $token);
        }
        if ($equals === strlen($part) - 1) {
            throw HeaderError::parameter($offset + strlen($part));
        }
        return [$name, substr($part, $equals + 1)];
    }
}
