<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * An object that shows nothing, is neither copied nor stored, and equal to itself only.
 *
 * @internal
 */
trait Opaque
{
    use Uncopyable;

    /** The number of the object, which no other has while it lives: where two are compared, they differ. */
    private readonly int $distinct;

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return [];
    }
}
