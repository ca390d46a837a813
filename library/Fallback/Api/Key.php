<?php

declare(strict_types=1);

namespace HwSignature;

use HwSignature\Fallback\Arguments;
use HwSignature\Fallback\Bytes;
use HwSignature\Fallback\Secret;
use HwSignature\Fallback\KeyId;
use HwSignature\Fallback\Uncopyable;

final readonly class Key
{
    use Uncopyable;

    private const PREFIX = 'whsec_';

    private function __construct(public ?string $id, public string $fingerprint)
    {
    }

    public static function fromBytes(#[\SensitiveParameter] mixed $bytes, mixed $id = null): Key
    {
        Arguments::requireText(__METHOD__, 1, 'bytes', $bytes);
        Arguments::requireText(__METHOD__, 2, 'id', $id, true);
        return self::make(__METHOD__, 'bytes', $bytes, $id);
    }

    public static function fromBase64(#[\SensitiveParameter] mixed $text, mixed $id = null): Key
    {
        Arguments::requireText(__METHOD__, 1, 'text', $text);
        Arguments::requireText(__METHOD__, 2, 'id', $id, true);
        $text = str_starts_with($text, self::PREFIX) ? substr($text, strlen(self::PREFIX)) : $text;
        $bytes = base64_decode($text, true);
        if ($bytes === false || base64_encode($bytes) !== $text) {
            throw Arguments::value(__METHOD__, 1, 'text', 'must be canonical base64 with padding');
        }
        return self::make(__METHOD__, 'text', $bytes, $id);
    }

    public static function fromHex(#[\SensitiveParameter] mixed $text, mixed $id = null): Key
    {
        Arguments::requireText(__METHOD__, 1, 'text', $text);
        Arguments::requireText(__METHOD__, 2, 'id', $id, true);
        if (strlen($text) % 2 === 1 || strspn($text, Bytes::HEX) < strlen($text)) {
            throw Arguments::value(__METHOD__, 1, 'text', 'must be an even number of hexadecimal digits');
        }
        return self::make(__METHOD__, 'text', hex2bin($text), $id);
    }

    private static function make(
        string $function,
        string $parameter,
        #[\SensitiveParameter] string $bytes,
        ?string $id,
    ): self {
        if ($bytes === '') {
            throw Arguments::value($function, 1, $parameter, 'must not be empty');
        }
        if ($id !== null && !KeyId::isValid($id)) {
            throw Arguments::value($function, 2, 'id', KeyId::RULE);
        }
        $key = new self($id, Secret::fingerprint($bytes));
        Secret::set($key, $bytes);
        return $key;
    }
}
