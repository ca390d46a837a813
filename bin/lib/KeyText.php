<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use HwSignature\Key;
use InvalidArgumentException;
use ValueError;

/** A key as it is written down. */
final class KeyText
{
    public const ENCODINGS = ['raw', 'base64', 'hex'];

    /**
     * The bytes of the key.
     *
     * @throws InvalidArgumentException
     */
    public static function decode(#[\SensitiveParameter] string $text, string $encoding): string
    {
        try {
            // The extension checks more strictly than PHP's own functions, which then find nothing left to forgive.
            match ($encoding) {
                'raw' => Key::fromBytes($text),
                'base64' => Key::fromBase64($text),
                'hex' => Key::fromHex($text),
            };
        } catch (ValueError $error) {
            throw new InvalidArgumentException('the key' . strstr($error->getMessage(), ' must '));
        }
        return match ($encoding) {
            'raw' => $text,
            'base64' => base64_decode(str_starts_with($text, 'whsec_') ? substr($text, strlen('whsec_')) : $text, true),
            'hex' => hex2bin($text),
        };
    }
}
