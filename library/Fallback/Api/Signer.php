<?php

declare(strict_types=1);

namespace HwSignature;

use HwSignature\Fallback\Arguments;
use HwSignature\Fallback\Contract;
use HwSignature\Fallback\Field;
use HwSignature\Fallback\Instance;
use HwSignature\Fallback\Opaque;
use HwSignature\Fallback\Refusal;
use HwSignature\Fallback\Signing;
use HwSignature\Fallback\Stamp;

final readonly class Signer
{
    use Opaque;

    private const SIGN = ['payload', 'method', 'target', 'nonce', 'timestamp'];
    private const STREAM = ['method', 'target', 'nonce', 'timestamp'];

    private Contract $contract;
    private Key $key;
    private mixed $clock;

    public function __construct(Profile $profile, Key $key, mixed $clock = null)
    {
        if (isset($this->contract)) {
            throw self::constructedTwice();
        }
        $contract = Contract::ofProfile($profile);
        if ($contract->sends(Field::KeyId) && $key->id === null) {
            throw Arguments::value(__METHOD__, 2, 'key', 'must have an id, because the profile sends one');
        }
        $this->clock = Arguments::closure(__METHOD__, 3, 'clock', $clock);
        $this->contract = $contract;
        $this->key = $key;
        $this->distinct = NAN;
    }

    public function sign(
        mixed $payload,
        mixed $method = null,
        mixed $target = null,
        mixed $nonce = null,
        ?int $timestamp = null,
    ): array {
        $contract = $this->contract ?? throw self::uninitialized();
        Arguments::requireText(__METHOD__, 1, 'payload', $payload);
        [$method, $target] = Arguments::request(__METHOD__, 2, $contract, $method, $target);
        try {
            $request = Signing::request($method, $target);
            Arguments::requireText(__METHOD__, 4, 'nonce', $nonce, true);
            $stamp = Stamp::values($contract, $this->key->id, $nonce, $timestamp, $this->clock);
            return Signing::run($contract, $this->key, $request, $payload, $stamp);
        } catch (Refusal $refusal) {
            throw Arguments::refused(__METHOD__, self::SIGN, $refusal);
        }
    }

    public function stream(
        mixed $method = null,
        mixed $target = null,
        mixed $nonce = null,
        ?int $timestamp = null,
    ): SigningStream {
        $contract = $this->contract ?? throw self::uninitialized();
        [$method, $target] = Arguments::request(__METHOD__, 1, $contract, $method, $target);
        try {
            $request = Signing::request($method, $target);
            Arguments::requireText(__METHOD__, 3, 'nonce', $nonce, true);
            $stamp = Stamp::values($contract, $this->key->id, $nonce, $timestamp, $this->clock);
            return Instance::of(SigningStream::class, $contract, $this->key, $request, $stamp);
        } catch (Refusal $refusal) {
            throw Arguments::refused(__METHOD__, self::STREAM, $refusal);
        }
    }
}
