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
        if ($contract->timestamp !== null) {
            $values['timestamp'] = self::timestamp($contract->timestamp, $timestamp, $clock);
        } elseif ($timestamp !== null) {
            throw new Refusal('timestamp', 'must be null, because the profile has no timestamp');
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
            if (!$contract->canSendKeyId($keyId)) {
                $message = 'must not have " and \\, because the profile puts it between quotation marks';
                throw new Refusal('key_id', $message);
            }
            $values['key_id'] = $keyId;
        }
        return $values;
    }

    private static function timestamp(Timestamp $grammar, ?int $given, ?\Closure $clock): string
    {
        if ($given !== null && $given < 0) {
            throw new Refusal('timestamp', 'must be greater than or equal to 0');
        }
        if ($given !== null && !Timestamp::isPlausible($given, $grammar->format)) {
            $message = $grammar->format === TimestampFormat::Milliseconds
                ? 'must be Unix time in milliseconds, and looks like seconds'
                : 'must be Unix time in seconds, and looks like milliseconds';
            throw new Refusal('timestamp', $message);
        }
        return $grammar->write($given ?? Clock::in($grammar->format, $clock)) ?? throw new Refusal(
            'timestamp',
            $grammar->digits === null
                ? 'must be at most 253402300799, the last second of the year 9999'
                : "must have exactly $grammar->digits digits, as the profile has it",
        );
    }
}
