<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Key;
use HwSignature\Reason;
use HwSignature\Verified;

use const HwSignature\ANY_AGE;

/**
 * Verification: parse, freshness, MAC, and then what a replay guard needs. Strict, and without a guess.
 *
 * @internal
 */
final class Verification
{
    /** How long a claim lasts where no window ends it: a day, in seconds. */
    private const CLAIM_WITHOUT_END = 86_400;
    /** The least that a claim outlasts the window, in seconds. */
    private const CLAIM_MARGIN = 60;

    private function __construct(
        public readonly Received $received,
        /** Which key matched: the first one that did. */
        public readonly int $keyIndex,
        /** @var list<string> what the keys that matched have computed */
        private readonly array $digests,
    ) {
    }

    /**
     * Verifies a request in one go.
     *
     * @param list<Key|string> $keys
     * @param array<mixed> $headers
     * @param int|null $tolerance in seconds, or `ANY_AGE`; null for the contract's own
     *
     * @throws Rejection from the first of the steps that fails
     */
    public static function run(
        Contract $contract,
        #[\SensitiveParameter] array $keys,
        array $headers,
        string $payload,
        ?string $method,
        ?string $target,
        int $now,
        ?int $tolerance,
    ): self {
        $request = self::request($contract, $headers, $method, $target);
        $received = Received::read($contract, $headers);
        $values = self::check($contract, $received, $request, $now, $tolerance);
        if ($payload !== '' && !self::takesPayload($contract, $request)) {
            throw self::unsignedPayload();
        }
        $pieces = $contract->stringToSign->pieces($values, $payload);
        return self::accept($received, $keys, Secret::digests($keys, $pieces));
    }

    /**
     * The request, where it was given, or headers of it are signed.
     *
     * @param array<mixed> $headers
     *
     * @throws Rejection
     */
    public static function request(Contract $contract, array $headers, ?string $method, ?string $target): ?Request
    {
        $signsHeaders = $contract->stringToSign->signsHeaders;
        if ($method === null && $target === null && !$signsHeaders) {
            return null;
        }
        try {
            return Request::parse($method ?? 'POST', $target ?? '/', $signsHeaders ? RequestHeaders::of($headers) : null);
        } catch (RequestError $error) {
            throw $error->rejection();
        }
    }

    /** Whether a payload may come with the request. */
    public static function takesPayload(Contract $contract, ?Request $request): bool
    {
        return $contract->methodsWithoutPayload === [] || $contract->signsPayload($request?->method() ?? 'POST');
    }

    /**
     * Checks the time, and brings the request into its canonical form.
     *
     * @return array<string, string> what goes into the string to sign
     *
     * @throws Rejection
     */
    public static function check(
        Contract $contract,
        Received $received,
        ?Request $request,
        int $now,
        ?int $tolerance,
    ): array {
        if ($received->timestamp !== null) {
            self::checkTime($contract, $received, $now, $tolerance);
        }
        return $received->values($contract, $request);
    }

    /** @throws Rejection */
    public static function checkTime(Contract $contract, Received $received, int $now, ?int $tolerance): void
    {
        if ($received->timestamp !== null) {
            $tolerance ??= $contract->tolerance;
            Freshness::require($contract->timestamp->toSeconds($received->timestamp), $now, $tolerance);
        }
    }

    /**
     * Compares every signature with the digest of every key, without leaving early.
     *
     * A key with an id counts only when the request names that id, where the contract sends one.
     *
     * @param list<Key|string> $keys
     * @param list<string> $digests one for each key
     *
     * @throws Rejection
     */
    public static function accept(Received $received, #[\SensitiveParameter] array $keys, array $digests): self
    {
        $matched = [];
        $isNamed = false;
        foreach ($keys as $index => $key) {
            $isEqual = false;
            foreach ($received->digests as $digest) {
                $isEqual = hash_equals($digests[$index], $digest) || $isEqual;
            }
            $isMeant = $received->keyId === null || is_string($key) || $key->id === null || $key->id === $received->keyId;
            $isNamed = $isNamed || $isMeant;
            if ($isEqual && $isMeant) {
                $matched[$index] = $digests[$index];
            }
        }
        return match (true) {
            $matched !== [] => new self($received, array_key_first($matched), array_values($matched)),
            $isNamed => throw new Rejection(Reason::SignatureMismatch, 'the signature does not match'),
            default => throw new Rejection(Reason::UnknownKey, 'no key has the id that the request names'),
        };
    }

    /**
     * What is known of the request.
     *
     * @param list<Key> $keys
     */
    public function verified(Contract $contract, array $keys, int $now, ?int $tolerance): Verified
    {
        return Instance::of(
            Verified::class,
            $keys[$this->keyIndex]->id,
            $this->keyIndex,
            $this->received->timestamp,
            $this->received->nonce,
            $this->replayIds(),
            $this->claimSeconds($contract, $now, $tolerance),
            $this->age($contract, $now),
        );
    }

    public static function unsignedPayload(): Rejection
    {
        $message = 'the profile signs no payload for this method, and the request has one';
        return new Rejection(Reason::UnsignedPayload, $message);
    }

    /**
     * What to claim so that the same request is not accepted twice: 64 hex digits for each distinct digest that a key has
     * confirmed, in bytewise order.
     *
     * @return list<string>
     */
    public function replayIds(): array
    {
        $id = static fn (string $digest): string => hash('sha256', "hw_signature replay\n$digest");
        $ids = array_unique(array_map($id, $this->digests));
        sort($ids, SORT_STRING);
        return $ids;
    }

    /**
     * How many seconds to remember a claim: until the request is too old to be accepted, and then as long as the
     * tolerance, or a minute if that is more. So a claim is right while the clocks of all receivers differ by no more.
     */
    public function claimSeconds(Contract $contract, int $now, ?int $tolerance): int
    {
        $tolerance ??= $contract->tolerance;
        if ($this->received->timestamp === null || $tolerance === ANY_AGE) {
            return self::CLAIM_WITHOUT_END;
        }
        $left = Freshness::secondsLeft($contract->timestamp->toSeconds($this->received->timestamp), $now, $tolerance);
        return $left + max($tolerance, self::CLAIM_MARGIN);
    }

    /** How old the request is in seconds, negative where its timestamp is ahead of the clock. */
    public function age(Contract $contract, int $now): ?int
    {
        $timestamp = $this->received->timestamp;
        return $timestamp === null ? null : $now - $contract->timestamp->toSeconds($timestamp);
    }
}
