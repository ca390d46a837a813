<?php

declare(strict_types=1);

namespace HwSignature\Testing;

/**
 * The texts of a digest, the right one and others.
 *
 * @internal
 */
final class Digest
{
    private const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

    /** @param string $encoding the value of an `HwSignature\Encoding` */
    private function __construct(public readonly string $bytes, private readonly string $encoding)
    {
    }

    public static function ofText(string $text, string $encoding): self
    {
        $bytes = $encoding === 'hex' ? hex2bin($text) : base64_decode(strtr($text, '-_', '+/'), true);

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
            'hex' => bin2hex($this->bytes),
            'base64url' => rtrim(strtr(base64_encode($this->bytes), '+/', '-_'), '='),
            default => base64_encode($this->bytes),
        };
    }

    public function inAnotherEncoding(): string
    {
        return $this->encoding === 'hex' ? base64_encode($this->bytes) : bin2hex($this->bytes);
    }

    /** @return array<string, string> texts that a lenient decoder reads as this digest, and what is wrong with each */
    public function decodedLeniently(): array
    {
        $text = $this->text();
        if ($this->encoding === 'hex') {
            return [];
        }
        // 32 bytes leave the two lowest bits of the 43rd character unused.
        $last = strpos(self::BASE64, strtr($text[42], '-_', '+/'));

        return [
            'with a character that is no base64' => substr_replace($text, '!', 20, 0),
            'with spare bits set' => substr_replace($text, self::BASE64[$last ^ 1], 42, 1),
        ];
    }
}
