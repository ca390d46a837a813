<?php

declare(strict_types=1);

namespace HwSignature\Testing;

/** A request that a receiver must refuse. */
final class Forgery
{
    /**
     * @param string $name what was done to a good request
     * @param SignedRequest $request the forged request
     * @param string $meaning what a receiver that accepts it does wrong
     * @param SignedRequest|null $before a good request that the receiver has to be sent, and to accept, before
     */
    public function __construct(
        public readonly string $name,
        public readonly SignedRequest $request,
        public readonly string $meaning,
        public readonly ?SignedRequest $before = null,
    ) {
    }
}
