<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Encoding;
use HwSignature\HwSignatureException;
use HwSignature\Key;
use HwSignature\MalformedHeaderException;
use HwSignature\Profile;
use HwSignature\SignatureHeader;

use function is_string;
use function time;

/**
 * The bodies of the functions.
 *
 * @internal
 */
final class Call
{
    private const HEADER = ['timestamp', 'nonce', 'value'];
    private const SIGN = ['payload', 'key', 'profile', 'method', 'target', 'key_id', 'nonce', 'timestamp', 'headers'];

    public static function sign(
        mixed $payload,
        #[\SensitiveParameter] mixed $key,
        mixed $profile,
        mixed $method,
        mixed $target,
        mixed $keyId,
        mixed $nonce,
        ?int $timestamp,
        array $headers,
    ): array {
        Arguments::requireText('hw_sign', 1, 'payload', $payload);
        self::requireKey('hw_sign', 2, $key);
        $contract = self::contract('hw_sign', 3, $profile);
        Arguments::requireRequest('hw_sign', 4, $contract, $method, $target);
        try {
            $request = Signing::request($method, $target);
            Arguments::requireText('hw_sign', 6, 'key_id', $keyId, true);
            $keyId = self::keyId($contract, $key instanceof Key ? $key->id : null, $keyId);
            Arguments::requireText('hw_sign', 7, 'nonce', $nonce, true);
            $stamp = Stamp::values($contract, $keyId, $nonce, $timestamp, null);
            Arguments::requireNames('hw_sign', 9, $headers);
            $request = Signing::with($contract, $request, $headers);
            return Signing::run($contract, [$key], $request, $payload, $stamp);
        } catch (Refusal $refusal) {
            throw Arguments::refused('hw_sign', self::SIGN, $refusal);
        }
    }

    public static function verify(
        array $headers,
        mixed $payload,
        #[\SensitiveParameter] mixed $key,
        mixed $profile,
        mixed $method,
        mixed $target,
        ?int $tolerance,
        ?int $now,
    ): bool {
        Arguments::requireText('hw_verify', 2, 'payload', $payload);
        if (!is_string($key) || $key === '') {
            self::requireKey('hw_verify', 3, $key);
        }
        $contract = self::contract('hw_verify', 4, $profile);
        if ($method !== null || $target !== null || $contract->stringToSign->signsRequest) {
            Arguments::requireRequest('hw_verify', 5, $contract, $method, $target);
        }
        if ($tolerance !== null) {
            Arguments::requireTolerance('hw_verify', 7, $contract, $tolerance);
        }
        if ($now !== null) {
            Arguments::requireNow('hw_verify', 8, $now);
        }
        $now ??= time();
        if ($method === null && $target === null && $contract->express !== null) {
            $isValid = $contract->express->accepts($key, $headers, $payload, $now, $tolerance);
            if ($isValid !== null) {
                return $isValid;
            }
        }
        try {
            Verification::run($contract, [$key], $headers, $payload, $method, $target, $now, $tolerance);
            return true;
        } catch (Rejection) {
            // The method and the target come from the caller too, so that a bad one is a rejection and no error.
            return false;
        }
    }

    public static function parseHeader(mixed $header): SignatureHeader
    {
        Arguments::requireText('hw_parse_header', 1, 'header', $header);
        try {
            if (strlen($header) > HeaderTemplate::MAX_HEADER_LENGTH) {
                throw HeaderError::tooLong();
            }
            $found = [];
            foreach (PartReader::parameters($header, 0, ';', self::HEADER) as [$index, $value, $offset]) {
                $found[$index] = [$value, $offset];
            }
            foreach (self::HEADER as $index => $name) {
                isset($found[$index]) || throw HeaderError::missing($name, strlen($header));
            }
            [[$timestamp, $offset], [$nonce], [$value, $valueOffset]] = [$found[0], $found[1], $found[2]];
            $wrong = Timestamp::wrongDigit($timestamp);
            if ($wrong !== null) {
                throw HeaderError::timestamp(Timestamp::DIGITS, $offset + $wrong);
            }
            Digest::decode($value, Encoding::Base64, $valueOffset);
        } catch (HeaderError $error) {
            throw new MalformedHeaderException($error->getMessage(), reason: $error->reason, offset: $error->offset);
        }
        return Instance::of(SignatureHeader::class, $timestamp, $nonce, $value);
    }

    public static function noDiagnosis(): HwSignatureException
    {
        return new HwSignatureException(
            'only the extension finds out why a signature does not match: pie install hw-signature/hw_signature, '
                . 'on the machine of a developer at least',
        );
    }

    private static function requireKey(string $function, int $number, #[\SensitiveParameter] mixed $key): void
    {
        if ($key === '') {
            throw Arguments::value($function, $number, 'key', 'must not be empty');
        }
        if (!is_string($key) && !$key instanceof Key) {
            throw Arguments::type($function, $number, 'key', 'of type HwSignature\Key|string', $key);
        }
    }

    private static function contract(string $function, int $number, mixed $profile): Contract
    {
        return match (true) {
            is_string($profile) => Contract::named($profile) ?? throw Arguments::unknown($function, $number, 'profile'),
            $profile instanceof Profile => Contract::ofProfile($profile),
            default => throw Arguments::type($function, $number, 'profile', 'of type HwSignature\Profile|string', $profile),
        };
    }

    /** The id that is sent: the one that was given, or that of the key. */
    private static function keyId(Contract $contract, ?string $own, ?string $given): ?string
    {
        if ($given === null) {
            return $own;
        }
        if (!$contract->sends(Field::KeyId)) {
            throw new Refusal('key_id', 'must be null, because the profile sends no key id');
        }
        if (!KeyId::isValid($given)) {
            throw new Refusal('key_id', KeyId::RULE);
        }
        if ($own !== null && $own !== $given) {
            throw new Refusal('key_id', 'must be null or the id of the key, which has another');
        }
        return $given;
    }
}
