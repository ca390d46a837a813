<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * An object that is not stored.
 *
 * @internal
 */
trait Unserializable
{
    /** @return array<string, mixed> */
    public function __serialize(): array
    {
        throw new \Exception("Serialization of '" . self::class . "' is not allowed");
    }

    /** @param array<mixed> $data */
    public function __unserialize(array $data): void
    {
        throw new \Exception("Unserialization of '" . self::class . "' is not allowed");
    }
}
