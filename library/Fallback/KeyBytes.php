<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Key;

/**
 * The bytes of all keys. They stand here and not in the objects, so that nothing that shows an object shows them.
 *
 * @internal
 */
final class KeyBytes
{
    /** @var \WeakMap<Key, string>|null */
    private static ?\WeakMap $bytes = null;

    public static function set(Key $key, #[\SensitiveParameter] string $bytes): void
    {
        self::$bytes ??= new \WeakMap();
        self::$bytes[$key] = $bytes;
    }

    public static function of(Key $key): string
    {
        return self::$bytes[$key];
    }

    /**
     * Something to compare and to log: 32 hex digits. The length is in it because HMAC itself cannot tell a key from the
     * same key with zero bytes at its end.
     */
    public static function fingerprint(#[\SensitiveParameter] string $bytes): string
    {
        $text = "hw_signature key fingerprint\n" . strlen($bytes);
        return substr(hash_hmac('sha256', $text, $bytes), 0, 32);
    }
}
