<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\HwSignatureException;

/**
 * The grammar of a nonce: written as text in a profile, checked on every request, and the source of new ones.
 *
 * @internal
 */
final class Nonce
{
    private const MAX_LENGTH = 256;
    /** Characters in a new random nonce, where the grammar leaves a choice. */
    private const RANDOM_LENGTH = 64;
    /** What no nonce that is always the same has: who writes it means a set, or a regular expression. */
    private const PATTERN = '[]{}\\*+?()|^$';
    private const UUID_LENGTH = 36;
    private const UUID_DASHES = [8 => true, 13 => true, 18 => true, 23 => true];
    private const UUID = '[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}';

    private function __construct(
        /** The one text that is sent, such as Huawei's `:`. Not unique, so of no use against replay. */
        private readonly ?string $text = null,
        /** The alphabet; without one and without a text, it is a UUID in its usual form, in either case. */
        private readonly ?string $set = null,
        private readonly int $min = 0,
        private readonly int $max = 0,
    ) {
    }

    /**
     * Reads a grammar: `uuid`, a set with its length such as `[A-Za-z0-9._-]{8,128}`, or the one text that is sent.
     *
     * @return self|null null for what is no grammar
     */
    public static function parse(string $grammar): ?self
    {
        if ($grammar === 'uuid') {
            return new self();
        }
        if (!str_starts_with($grammar, '[')) {
            $fits = strlen($grammar) <= self::MAX_LENGTH && Bytes::isOf($grammar, Bytes::PLAIN);
            $bare = strpbrk($grammar, self::PATTERN) === false && strcasecmp($grammar, 'uuid') !== 0;
            return $fits && $bare ? new self($grammar) : null;
        }
        $end = strrpos($grammar, ']{');
        if ($end === false || !str_ends_with($grammar, '}')) {
            return null;
        }
        $set = self::parseSet(substr($grammar, 1, $end - 1));
        $lengths = explode(',', substr($grammar, $end + 2, -1), 2);
        [$min, $max] = [self::parseLength($lengths[0]), self::parseLength($lengths[1] ?? $lengths[0])];
        return $set === null || $min === null || $max === null || $min > $max ? null : new self(null, $set, $min, $max);
    }

    public function accepts(string $nonce): bool
    {
        if ($this->set !== null) {
            $length = strlen($nonce);
            return $length >= $this->min && $length <= $this->max && strspn($nonce, $this->set) === $length;
        }
        return $this->text === null ? preg_match('/\A' . self::UUID . '\z/', $nonce) === 1 : $this->text === $nonce;
    }

    /** Whether no two requests should have the same. */
    public function isUnique(): bool
    {
        return $this->set === null ? $this->text === null : strlen($this->set) > 1;
    }

    /**
     * Makes a new nonce: a UUID (version 4) wherever the grammar takes one, since every peer can store and log it;
     * otherwise 64 random characters, or as many as the grammar allows.
     */
    public function generate(): string
    {
        if ($this->text !== null) {
            return $this->text;
        }
        try {
            $uuid = self::uuid();
            return $this->accepts($uuid) ? $uuid : $this->randomText();
        } catch (\Random\RandomException $exception) {
            throw new HwSignatureException("no randomness from the operating system: {$exception->getMessage()}");
        }
    }

    /** A regular expression for all of them. */
    public function pattern(): string
    {
        return match (true) {
            $this->text !== null => preg_quote($this->text, '/'),
            $this->set === null => self::UUID,
            default => '[\x' . implode('\x', str_split(bin2hex($this->set), 2)) . "]{{$this->min},{$this->max}}",
        };
    }

    public function shape(): Shape
    {
        return match (true) {
            $this->text !== null => Shape::literal($this->text),
            $this->set === null => Shape::fixed(array_map(
                static fn (int $place): string => isset(self::UUID_DASHES[$place]) ? '-' : Bytes::HEX,
                range(0, self::UUID_LENGTH - 1),
            )),
            $this->min === $this->max => Shape::fixed(array_fill(0, $this->min, $this->set)),
            default => Shape::run($this->set, $this->min),
        };
    }

    private static function parseLength(string $text): ?int
    {
        $isNumber = preg_match('/\A[1-9][0-9]{0,2}\z/', $text) === 1 && (int) $text <= self::MAX_LENGTH;
        return $isNumber ? (int) $text : null;
    }

    private static function parseSet(string $text): ?string
    {
        if (str_starts_with($text, '^') || str_contains($text, '\\')) {
            return null;
        }
        $set = '';
        for ($at = 0; $at < strlen($text); ++$at) {
            $first = $last = $text[$at];
            if (($text[$at + 1] ?? '') === '-' && isset($text[$at + 2])) {
                $last = $text[$at + 2];
                $at += 2;
            }
            if (ord($first) > ord($last) || !Bytes::isOf($first . $last, Bytes::VISIBLE)) {
                return null;
            }
            $set .= implode('', array_map(chr(...), range(ord($first), ord($last))));
        }
        $set = count_chars($set, 3);
        return Bytes::isOf($set, Bytes::PLAIN) ? $set : null;
    }

    private static function uuid(): string
    {
        $bytes = random_bytes(16);
        // The version and the variant of RFC 9562, section 5.4.
        $bytes[6] = chr(ord($bytes[6]) & 0x0f | 0x40);
        $bytes[8] = chr(ord($bytes[8]) & 0x3f | 0x80);
        return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));
    }

    private function randomText(): string
    {
        $text = '';
        $length = max($this->min, min($this->max, self::RANDOM_LENGTH));
        while (strlen($text) < $length) {
            $text .= $this->set[random_int(0, strlen($this->set) - 1)];
        }
        return $text;
    }
}
