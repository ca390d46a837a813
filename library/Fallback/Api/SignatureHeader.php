<?php

declare(strict_types=1);

namespace HwSignature;

final readonly class SignatureHeader implements \Stringable
{
    use Fallback\Unserializable;

    private function __construct(
        public string $timestamp,
        public string $nonce,
        public string $value,
    ) {
    }

    public function digest(): string
    {
        $digest = base64_decode($this->value ?? '', true);
        return is_string($digest) && strlen($digest) === 32 ? $digest : throw self::uninitialized();
    }

    public function __toString(): string
    {
        [$timestamp, $nonce, $value] = [$this->timestamp ?? null, $this->nonce ?? null, $this->value ?? null];
        return isset($timestamp, $nonce, $value)
            ? "timestamp=$timestamp; nonce=$nonce; value=$value"
            : throw self::uninitialized();
    }

    private static function uninitialized(): \Error
    {
        return new \Error('The object has not been initialized');
    }
}
