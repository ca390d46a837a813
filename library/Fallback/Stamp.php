<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\TimestampFormat;

/**
 * What makes one signature different from the next.
 *
 * @internal
 */
final class Stamp
{
    /**
     * Fills in what the contract sends, and checks what was given.
     *
     * @return array<string, string> by the name of the field
     *
     * @throws Refusal
     */
    public static function values(Contract $contract, ?string $keyId, ?string $nonce, ?int $timestamp, ?\Closure $clock): array
    {
        $values = [];
        $unit = $contract->timestampFormat;
        if ($unit === null) {
            if ($timestamp !== null) {
                throw new Refusal('timestamp', 'must be null, because the profile has no timestamp');
            }
        } else {
            $values['timestamp'] = (string) self::timestamp($unit, $timestamp, $clock);
        }
        if ($contract->nonce !== null) {
            if ($nonce !== null && !$contract->nonce->accepts($nonce)) {
                throw new Refusal('nonce', 'does not fit the nonce grammar of the profile');
            }
            $values['nonce'] = $nonce ?? $contract->nonce->generate();
        } elseif ($nonce !== null) {
            throw new Refusal('nonce', 'must be null, because the profile has no nonce');
        }
        if ($contract->sends(Field::KeyId)) {
            if ($keyId === null) {
                throw new Refusal('key_id', 'must not be null, because the profile sends a key id');
            }
            $values['key_id'] = $keyId;
        }
        return $values;
    }

    private static function timestamp(TimestampFormat $unit, ?int $timestamp, ?\Closure $clock): int
    {
        if ($timestamp === null) {
            return Clock::in($unit, $clock);
        }
        if ($timestamp < 0) {
            throw new Refusal('timestamp', 'must be greater than or equal to 0');
        }
        if (!Freshness::isPlausible($timestamp, $unit)) {
            $message = $unit === TimestampFormat::Seconds
                ? 'must be Unix time in seconds, and looks like milliseconds'
                : 'must be Unix time in milliseconds, and looks like seconds';
            throw new Refusal('timestamp', $message);
        }
        return $timestamp;
    }
}
