<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * Sets of bytes, each written as a string of its members.
 *
 * @internal
 */
final class Bytes
{
    public const DIGITS = '0123456789';
    public const LOWER_HEX = self::DIGITS . 'abcdef';
    public const HEX = self::LOWER_HEX . 'ABCDEF';
    private const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    /** Letters, digits, and the marks that RFC 3986 leaves unreserved. */
    public const UNRESERVED = self::DIGITS . self::LETTERS . '-._~';
    /** What an HTTP token is made of (RFC 9110, section 5.6.2). */
    public const TOKEN = self::DIGITS . self::LETTERS . "!#$%&'*+-.^_`|~";
    /** Visible ASCII. */
    public const VISIBLE = self::PLAIN . ',;';
    /** Visible ASCII without `,` and `;`: what may stand in any header, parameter lists included. */
    public const PLAIN = self::DIGITS . self::LETTERS . '!"#$%&\'()*+-./:<=>?@[\\]^_`{|}~';
    /** What the digits of any encoding are made of. */
    public const ENCODED = self::DIGITS . self::LETTERS . '+/=_-';
    /** Control bytes: all that a path may not have once it is decoded. */
    public const CONTROL = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
        . "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f";

    /** Every byte. */
    public static function all(): string
    {
        static $all;
        return $all ??= implode('', array_map(chr(...), range(0, 255)));
    }

    /** Everything but control bytes. */
    public static function text(): string
    {
        static $text;
        return $text ??= str_replace(str_split(self::CONTROL), '', self::all());
    }

    /** Whether the text is not empty and has no byte outside the set. */
    public static function isOf(string $text, string $set): bool
    {
        return $text !== '' && strspn($text, $set) === strlen($text);
    }

    /** Whether no byte is in both sets. */
    public static function areDisjoint(string $set, string $other): bool
    {
        return strcspn($set, $other) === strlen($set);
    }

    /** Whether the text is UTF-8. */
    public static function isUtf8(string $text): bool
    {
        return preg_match('//u', $text) === 1;
    }
}
