<?php

declare(strict_types=1);

namespace HwSignature;

use HwSignature\Fallback\Arguments;
use HwSignature\Fallback\Clock;
use HwSignature\Fallback\Contract;
use HwSignature\Fallback\Guard;
use HwSignature\Fallback\MacStream;
use HwSignature\Fallback\Opaque;
use HwSignature\Fallback\Received;
use HwSignature\Fallback\Rejection;
use HwSignature\Fallback\Verification;

final readonly class VerifyingStream
{
    use Opaque;

    private MacStream $stream;
    private Received $received;
    private bool $isPayloadSigned;

    /** @param list<Key> $keys */
    private function __construct(
        private Contract $contract,
        private array $keys,
        private ?int $tolerance,
        private mixed $claim,
        private mixed $clock,
        private ?int $now,
        array $headers,
        ?string $method,
        ?string $target,
    ) {
        $now ??= Clock::now($clock);
        $request = Verification::request($contract, $headers, $method, $target);
        $this->received = Received::read($contract, $headers);
        $values = Verification::check($contract, $this->received, $request, $now, $tolerance);
        $this->stream = new MacStream($contract, $keys, $values);
        $this->isPayloadSigned = Verification::takesPayload($contract, $request);
        $this->distinct = spl_object_id($this);
    }

    public function update(mixed $bytes): void
    {
        $stream = $this->stream ?? throw self::uninitialized();
        Arguments::requireText(__METHOD__, 1, 'bytes', $bytes);
        if ($stream->isFinished()) {
            throw MacStream::finished(__METHOD__);
        }
        $stream->update($bytes);
    }

    public function finish(): Verified
    {
        $stream = $this->stream ?? throw self::uninitialized();
        if ($stream->isFinished()) {
            throw MacStream::finished(__METHOD__);
        }
        $digests = $stream->finish();
        // The sender decides how long a payload takes, so that the time is looked at again.
        $now = $this->now ?? Clock::now($this->clock);
        try {
            Verification::checkTime($this->contract, $this->received, $now, $this->tolerance);
            if ($stream->hasPayload && !$this->isPayloadSigned) {
                throw Verification::unsignedPayload();
            }
            $verification = Verification::accept($this->received, $this->keys, $digests);
            $verified = $verification->verified($this->contract, $this->keys, $now, $this->tolerance);
            if ($this->claim !== null) {
                Guard::claim($this->claim, $verified->replayIds, $verified->claimSeconds);
            }
            return $verified;
        } catch (Rejection $rejection) {
            throw new SignatureRejectedException($rejection->getMessage(), reason: $rejection->reason);
        }
    }
}
