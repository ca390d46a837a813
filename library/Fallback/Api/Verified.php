<?php

declare(strict_types=1);

namespace HwSignature;

final readonly class Verified
{
    use Fallback\Unserializable;

    private function __construct(
        public ?string $keyId,
        public int $keyIndex,
        public ?int $timestamp,
        public ?string $nonce,
        public array $replayIds,
        public int $claimSeconds,
        public ?int $age,
    ) {
    }
}
