<?php

declare(strict_types=1);

namespace HwSignature;

use HwSignature\Fallback\Arguments;
use HwSignature\Fallback\Call;
use HwSignature\Fallback\Clock;
use HwSignature\Fallback\Contract;
use HwSignature\Fallback\Guard;
use HwSignature\Fallback\Instance;
use HwSignature\Fallback\Opaque;
use HwSignature\Fallback\Rejection;
use HwSignature\Fallback\Verification;

use function is_string;
use function time;

final readonly class Verifier
{
    use Opaque;

    private Contract $contract;
    /** @var list<Key> */
    private array $keys;
    private ?int $tolerance;
    private mixed $claim;
    private mixed $clock;

    public function __construct(
        Profile $profile,
        #[\SensitiveParameter] array $keys,
        ?int $tolerance = null,
        mixed $claim = null,
        mixed $clock = null,
    ) {
        if (isset($this->contract)) {
            throw self::constructedTwice();
        }
        if ($keys === []) {
            throw Arguments::value(__METHOD__, 2, 'keys', 'must not be empty');
        }
        $keys = Arguments::keys(__METHOD__, 2, $keys);
        $contract = Contract::ofProfile($profile);
        Arguments::requireTolerance(__METHOD__, 3, $contract, $tolerance);
        $claim = Arguments::closure(__METHOD__, 4, 'claim', $claim);
        $this->clock = Arguments::closure(__METHOD__, 5, 'clock', $clock);
        $this->contract = $contract;
        $this->keys = $keys;
        $this->tolerance = $tolerance;
        $this->claim = $claim;
        $this->distinct = spl_object_id($this);
    }

    public function verify(
        array $headers,
        mixed $payload,
        mixed $method = null,
        mixed $target = null,
        ?int $now = null,
    ): Verified {
        $contract = $this->contract ?? throw self::uninitialized();
        Arguments::requireText(__METHOD__, 2, 'payload', $payload);
        Arguments::requireRequest(__METHOD__, 3, $contract, $method, $target);
        Arguments::requireNow(__METHOD__, 5, $now);
        $now ??= Clock::now($this->clock);
        try {
            $verification = Verification::run($contract, $this->keys, $headers, $payload, $method, $target, $now, $this->tolerance);
            $verified = $verification->verified($contract, $this->keys, $now, $this->tolerance);
            if ($this->claim !== null) {
                Guard::claim($this->claim, $verified->replayIds, $verified->claimSeconds);
            }
            return $verified;
        } catch (Rejection $rejection) {
            throw new SignatureRejectedException($rejection->getMessage(), reason: $rejection->reason);
        }
    }

    public function isValid(
        array $headers,
        mixed $payload,
        mixed $method = null,
        mixed $target = null,
        ?int $now = null,
    ): bool {
        $contract = $this->contract ?? throw self::uninitialized();
        if (!is_string($payload)) {
            throw Arguments::type(__METHOD__, 2, 'payload', 'of type string', $payload);
        }
        if ($method !== null || $target !== null || $contract->stringToSign->signsRequest) {
            Arguments::requireRequest(__METHOD__, 3, $contract, $method, $target);
        }
        if ($now !== null) {
            Arguments::requireNow(__METHOD__, 5, $now);
        }
        $now ??= $this->clock === null ? time() : Clock::now($this->clock);
        if ($method === null && $target === null && $this->claim === null && $contract->express !== null) {
            $isValid = $contract->express->accepts($this->keys, $headers, $payload, $now, $this->tolerance);
            if ($isValid !== null) {
                return $isValid;
            }
        }
        try {
            $verification = Verification::run($contract, $this->keys, $headers, $payload, $method, $target, $now, $this->tolerance);
            if ($this->claim !== null) {
                $seconds = $verification->claimSeconds($contract, $now, $this->tolerance);
                Guard::claim($this->claim, $verification->replayIds(), $seconds);
            }
            return true;
        } catch (Rejection) {
            return false;
        }
    }

    public function diagnose(
        array $headers,
        mixed $payload,
        mixed $method = null,
        mixed $target = null,
        ?int $now = null,
    ): Diagnosis {
        throw Call::noDiagnosis();
    }

    public function stream(
        array $headers,
        mixed $method = null,
        mixed $target = null,
        ?int $now = null,
    ): VerifyingStream {
        $contract = $this->contract ?? throw self::uninitialized();
        Arguments::requireRequest(__METHOD__, 2, $contract, $method, $target);
        Arguments::requireNow(__METHOD__, 4, $now);
        try {
            return Instance::of(
                VerifyingStream::class,
                $contract,
                $this->keys,
                $this->tolerance,
                $this->claim,
                $this->clock,
                $now,
                $headers,
                $method,
                $target,
            );
        } catch (Rejection $rejection) {
            throw new SignatureRejectedException($rejection->getMessage(), reason: $rejection->reason);
        }
    }
}
