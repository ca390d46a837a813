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

    /** Not a number, which is not even equal to itself: where two objects are compared, they differ. */
    private readonly float $distinct;

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return [];
    }
}
