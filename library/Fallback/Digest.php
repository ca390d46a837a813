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
    private const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

    /**
     * Reads the one canonical spelling: padded base64 whose spare bits are zero, or hex in either case.
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
            Encoding::Base64 => self::fromBase64($text, $offset),
        };
    }

    public static function encode(string $digest, Encoding $encoding): string
    {
        return match ($encoding) {
            Encoding::Hex => bin2hex($digest),
            Encoding::Base64 => base64_encode($digest),
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

    private static function fromBase64(string $text, int $offset): string
    {
        self::requireLength($text, self::BASE64_LENGTH, $offset);
        $digest = base64_decode($text, true);
        if ($digest !== false && strlen($digest) === self::LENGTH && base64_encode($digest) === $text) {
            return $digest;
        }
        $symbols = strspn($text, self::BASE64);
        $isShort = substr($text, $symbols) === '==';
        $hasSpareBits = $digest !== false && base64_encode($digest) !== $text;
        throw match (true) {
            $symbols === self::BASE64_LENGTH, $isShort && !$hasSpareBits => self::padding($offset),
            $isShort, substr($text, $symbols) === '=' => self::character($offset + $symbols - 1),
            default => self::character($offset + $symbols),
        };
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

    private static function padding(int $offset): HeaderError
    {
        return HeaderError::digest('must end in exactly one "="', $offset);
    }
}
