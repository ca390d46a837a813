<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Key;

use function hash_copy;

/**
 * The secrets of all keys, each as the HMAC state that it keys. They stand here and not in the objects, so that nothing
 * that shows an object shows them.
 *
 * @internal
 */
final class Secret
{
    /** @var \WeakMap<Key, \HashContext>|null */
    private static ?\WeakMap $macs = null;

    public static function set(Key $key, #[\SensitiveParameter] string $bytes): void
    {
        self::$macs ??= new \WeakMap();
        self::$macs[$key] = hash_init('sha256', HASH_HMAC, $bytes);
    }

    /** Starts a MAC under a key. */
    public static function mac(#[\SensitiveParameter] Key|string $key): \HashContext
    {
        return $key instanceof Key ? hash_copy(self::$macs[$key]) : hash_init('sha256', HASH_HMAC, $key);
    }

    /**
     * The digests under each key, as 32 bytes.
     *
     * @param list<Key|string> $keys
     * @param list<string> $pieces of the string to sign: a payload may be large, and is not copied
     *
     * @return list<string>
     */
    public static function digests(#[\SensitiveParameter] array $keys, array $pieces): array
    {
        $digests = [];
        foreach ($keys as $key) {
            $mac = self::mac($key);
            foreach ($pieces as $piece) {
                hash_update($mac, $piece);
            }
            $digests[] = hash_final($mac, true);
        }
        return $digests;
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
