<?php

declare(strict_types=1);

namespace HwSignature\Interop;

use HwSignature\Key;

/** The shared secrets, from the file that the peers read too. */
final class Keys
{
    public static function text(string $profile): string
    {
        $keys = json_decode((string) file_get_contents(__DIR__ . '/../keys.json'), true, 2, JSON_THROW_ON_ERROR);
        return $keys[$profile];
    }

    /** The bytes: the Nextcloud backend writes its key as base64, everyone else as it is. */
    public static function bytes(string $profile): string
    {
        return $profile === 'nextcloud' ? (string) base64_decode(self::text($profile), true) : self::text($profile);
    }

    public static function key(string $profile, ?string $id = null): Key
    {
        return $profile === 'nextcloud' ? Key::fromBase64(self::text($profile), $id) : Key::fromBytes(self::text($profile), $id);
    }
}
