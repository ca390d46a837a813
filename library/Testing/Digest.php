<?php

declare(strict_types=1);

namespace HwSignature\Testing;

use HwSignature\Encoding;

/**
 * The texts of a digest, the right one and others.
 *
 * @internal
 */
final class Digest
{
    private const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

    private function __construct(public readonly string $bytes, private readonly Encoding $encoding)
    {
    }

    public static function ofText(string $text, Encoding $encoding): self
    {
        $bytes = $encoding === Encoding::Hex ? hex2bin($text) : base64_decode(strtr($text, '-_', '+/'), true);

        return new self((string) $bytes, $encoding);
    }

    /** Another digest in the same encoding. */
    public function with(string $bytes): self
    {
        return new self($bytes, $this->encoding);
    }

    public function withFlippedBit(int $bit): self
    {
        $bytes = $this->bytes;
        $bytes[$bit >> 3] = chr(ord($bytes[$bit >> 3]) ^ (1 << ($bit & 7)));

        return $this->with($bytes);
    }

    public function text(): string
    {
        return match ($this->encoding) {
            Encoding::Hex => bin2hex($this->bytes),
            Encoding::Base64 => base64_encode($this->bytes),
            Encoding::Base64Url => rtrim(strtr(base64_encode($this->bytes), '+/', '-_'), '='),
        };
    }

    public function inAnotherEncoding(): string
    {
        return $this->encoding === Encoding::Hex ? base64_encode($this->bytes) : bin2hex($this->bytes);
    }

    /** @return array<string, string> texts that a lenient decoder reads as this digest, and what is wrong with each */
    public function decodedLeniently(): array
    {
        $text = $this->text();
        if ($this->encoding === Encoding::Hex) {
            return [];
        }
        // 32 bytes leave the two lowest bits of the 43rd character unused.
        $last = (int) strpos(self::BASE64, strtr($text[42], '-_', '+/'));
        $urlSafe = $this->encoding === Encoding::Base64Url ? ['+' => '-', '/' => '_'] : [];

        return [
            'with a character that is no base64' => substr_replace($text, '!', 20, 0),
            'with spare bits set' => substr_replace($text, strtr(self::BASE64[$last ^ 1], $urlSafe), 42, 1),
        ];
    }
}
