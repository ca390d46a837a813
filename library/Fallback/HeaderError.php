<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Reason;

/**
 * Why a header could not be read, and at which byte.
 *
 * @internal
 */
final class HeaderError extends \Exception
{
    private function __construct(public readonly Reason $reason, string $what, public readonly int $offset)
    {
        parent::__construct("$what (byte $offset)");
    }

    public static function tooLong(): self
    {
        return new self(Reason::MalformedHeader, 'the header is longer than 4096 bytes', HeaderTemplate::MAX_HEADER_LENGTH);
    }

    public static function tooMany(int $offset): self
    {
        return new self(Reason::MalformedHeader, 'the header has more than 32 parts', $offset);
    }

    public static function tooManySignatures(int $offset): self
    {
        return new self(Reason::MalformedHeader, 'the header has more than 16 signatures', $offset);
    }

    public static function frame(int $offset): self
    {
        return new self(Reason::MalformedHeader, 'the value is not framed as the profile frames it', $offset);
    }

    public static function constant(int $offset): self
    {
        return new self(Reason::MalformedHeader, 'the profile has another value here', $offset);
    }

    public static function emptyPart(int $offset): self
    {
        return new self(Reason::MalformedHeader, 'a part is empty', $offset);
    }

    public static function forbiddenByte(string $byte, int $offset): self
    {
        $what = match ($byte) {
            ' ' => 'a space',
            "\t" => 'a tab',
            "\r", "\n" => 'a line break',
            default => sprintf('byte 0x%02X', ord($byte)),
        };
        return new self(Reason::MalformedHeader, "$what is not allowed", $offset);
    }

    public static function parameter(int $offset): self
    {
        return new self(Reason::MalformedHeader, 'expected "name=value"', $offset);
    }

    public static function repeated(int $offset): self
    {
        return new self(Reason::MalformedHeader, 'a parameter stands twice', $offset);
    }

    public static function missing(string $name, int $offset): self
    {
        return new self(Reason::MalformedHeader, "\"$name\" is missing", $offset);
    }

    public static function signedHeaders(int $offset): self
    {
        $what = 'the list of signed headers must have names in lower case with ";" in between, each once, without _, and those '
            . 'that the profile wants signed';
        return new self(Reason::MalformedHeader, $what, $offset);
    }

    public static function keyId(int $offset): self
    {
        return new self(Reason::MalformedHeader, 'the key id ' . KeyId::RULE, $offset);
    }

    public static function nonce(int $offset): self
    {
        return new self(Reason::MalformedNonce, "the nonce does not fit the profile's grammar", $offset);
    }

    public static function timestamp(string $rule, int $offset): self
    {
        return new self(Reason::MalformedTimestamp, "the timestamp must be $rule", $offset);
    }

    public static function digest(string $what, int $offset): self
    {
        return new self(Reason::MalformedSignature, "the signature $what", $offset);
    }
}
