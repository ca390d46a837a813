<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * The name of a key, which may travel in a header.
 *
 * @internal
 */
final class KeyId
{
    public const RULE = 'must be 1 to 128 visible ASCII characters without "," and ";"';
    private const MAX_LENGTH = 128;

    public static function isValid(string $id): bool
    {
        return strlen($id) <= self::MAX_LENGTH && Bytes::isOf($id, Bytes::PLAIN);
    }
}
