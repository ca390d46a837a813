<?php

declare(strict_types=1);

namespace HwSignature;

use HwSignature\Fallback\Arguments;
use HwSignature\Fallback\Contract;
use HwSignature\Fallback\Instance;
use HwSignature\Fallback\Opaque;
use HwSignature\Fallback\Refusal;
use HwSignature\Fallback\Signing;
use HwSignature\Fallback\Stamp;

final readonly class Signer
{
    use Opaque;

    private const SIGN = ['payload', 'method', 'target', 'nonce', 'timestamp', 'headers'];
    private const STREAM = ['method', 'target', 'nonce', 'timestamp', 'headers'];

    private Contract $contract;
    /** @var list<Key> */
    private array $keys;
    private mixed $clock;

    public function __construct(Profile $profile, #[\SensitiveParameter] Key|array $keys, mixed $clock = null)
    {
        if (isset($this->contract)) {
            throw self::constructedTwice();
        }
        $contract = Contract::ofProfile($profile);
        $keys = is_array($keys) ? Arguments::keys(__METHOD__, 2, $keys) : [$keys];
        try {
            $keys = Signing::keys($contract, $keys);
        } catch (Refusal $refusal) {
            throw Arguments::refused(__METHOD__, ['profile', 'keys'], $refusal);
        }
        $this->clock = Arguments::closure(__METHOD__, 3, 'clock', $clock);
        $this->contract = $contract;
        $this->keys = $keys;
        $this->distinct = spl_object_id($this);
    }

    public function sign(
        mixed $payload,
        mixed $method = null,
        mixed $target = null,
        mixed $nonce = null,
        ?int $timestamp = null,
        array $headers = [],
    ): array {
        $contract = $this->contract ?? throw self::uninitialized();
        Arguments::requireText(__METHOD__, 1, 'payload', $payload);
        Arguments::requireRequest(__METHOD__, 2, $contract, $method, $target);
        try {
            $request = Signing::request($method, $target);
            Arguments::requireText(__METHOD__, 4, 'nonce', $nonce, true);
            $stamp = Stamp::values($contract, $this->keys[0]->id, $nonce, $timestamp, $this->clock);
            Arguments::requireNames(__METHOD__, 6, $headers);
            $request = Signing::with($contract, $request, $headers);
            return Signing::run($contract, $this->keys, $request, $payload, $stamp);
        } catch (Refusal $refusal) {
            throw Arguments::refused(__METHOD__, self::SIGN, $refusal);
        }
    }

    public function stream(
        mixed $method = null,
        mixed $target = null,
        mixed $nonce = null,
        ?int $timestamp = null,
        array $headers = [],
    ): SigningStream {
        $contract = $this->contract ?? throw self::uninitialized();
        Arguments::requireRequest(__METHOD__, 1, $contract, $method, $target);
        try {
            $request = Signing::request($method, $target);
            Arguments::requireText(__METHOD__, 3, 'nonce', $nonce, true);
            $stamp = Stamp::values($contract, $this->keys[0]->id, $nonce, $timestamp, $this->clock);
            Arguments::requireNames(__METHOD__, 5, $headers);
            $request = Signing::with($contract, $request, $headers);
            return Instance::of(SigningStream::class, $contract, $this->keys, $request, $stamp);
        } catch (Refusal $refusal) {
            throw Arguments::refused(__METHOD__, self::STREAM, $refusal);
        }
    }
}
