<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Encoding;

/**
 * The 32 bytes of an HMAC-SHA-256, and the texts they travel as.
 *
 * @internal
 */
final class Digest
{
    private const LENGTH = 32;
    private const HEX_LENGTH = 64;
    private const BASE64_LENGTH = 44;
    /** Without its padding. */
    private const BARE_LENGTH = 43;
    private const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    private const BASE64_URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

    /**
     * Reads the one canonical spelling: padded base64 whose spare bits are zero, or hex in either case. In `Base64Url`, the
     * padding may be left out.
     *
     * @param int $offset where the text starts in the header
     *
     * @return string 32 bytes
     *
     * @throws HeaderError
     */
    public static function decode(string $text, Encoding $encoding, int $offset): string
    {
        return match ($encoding) {
            Encoding::Hex => self::fromHex($text, $offset),
            Encoding::Base64 => self::fromBase64($text, self::BASE64, self::BASE64_LENGTH, $offset),
            Encoding::Base64Url => self::fromBase64(
                $text,
                self::BASE64_URL,
                strlen($text) === self::BASE64_LENGTH ? self::BASE64_LENGTH : self::BARE_LENGTH,
                $offset,
            ),
        };
    }

    /** A regular expression for the text that `encode()` writes. */
    public static function pattern(Encoding $encoding): string
    {
        return match ($encoding) {
            Encoding::Hex => '[0-9a-f]{64}',
            Encoding::Base64 => '[0-9A-Za-z+\/]{42}[AEIMQUYcgkosw048]=',
            Encoding::Base64Url => '[0-9A-Za-z_-]{42}[AEIMQUYcgkosw048]',
        };
    }

    public static function encode(string $digest, Encoding $encoding): string
    {
        return match ($encoding) {
            Encoding::Hex => bin2hex($digest),
            Encoding::Base64 => base64_encode($digest),
            Encoding::Base64Url => rtrim(strtr(base64_encode($digest), '+/', '-_'), '='),
        };
    }

    private static function fromHex(string $text, int $offset): string
    {
        self::requireLength($text, self::HEX_LENGTH, $offset);
        $digits = strspn($text, Bytes::HEX);
        if ($digits < self::HEX_LENGTH) {
            throw self::character($offset + $digits);
        }
        return hex2bin($text);
    }

    private static function fromBase64(string $text, string $alphabet, int $length, int $offset): string
    {
        self::requireLength($text, $length, $offset);
        $symbols = strspn($text, $alphabet);
        $rest = substr($text, $symbols);
        $isPadded = $length === self::BASE64_LENGTH;
        if ($symbols === self::BASE64_LENGTH || (!$isPadded && $symbols === self::BARE_LENGTH - 1 && $rest === '=')) {
            throw HeaderError::digest('must end in exactly one "="', $offset);
        }
        if ($rest !== '' && (!$isPadded || ($rest !== '=' && $rest !== '=='))) {
            throw self::character($offset + $symbols);
        }
        $standard = strtr(substr($text, 0, $symbols), $alphabet, self::BASE64);
        $digest = base64_decode($standard);
        if (rtrim(base64_encode($digest), '=') !== $standard) {
            // Spare bits that are not zero.
            throw self::character($offset + $symbols - 1);
        }
        return strlen($digest) === self::LENGTH ? $digest : throw HeaderError::digest('must end in exactly one "="', $offset);
    }

    private static function requireLength(string $text, int $expected, int $offset): void
    {
        $found = strlen($text);
        if ($found !== $expected) {
            throw HeaderError::digest("must be $expected characters long, $found found", $offset);
        }
    }

    private static function character(int $offset): HeaderError
    {
        return HeaderError::digest('has a character that does not belong there', $offset);
    }
}
