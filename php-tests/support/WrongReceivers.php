<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\MalformedHeaderException;
use HwSignature\Testing\SignedRequest;

/**
 * Receivers without a `Verifier`, as people write them: a right one, and others that differ from it in one mistake each.
 * The contract is "django", but for two of them.
 */
final class WrongReceivers
{
    public const KEY = 'test-shared-secret';

    /** @var array<string, true> the signatures that were accepted */
    public array $seen = [];

    /** @param int $now Unix time in seconds */
    public function __construct(private readonly int $now = SignedRequest::NOW)
    {
    }

    public function hasNoMistake(SignedRequest $request): bool
    {
        $timestamp = self::header($request, 'X-HMAC-Timestamp');
        $signature = self::header($request, 'X-HMAC-Signature');

        return is_string($timestamp) && is_string($signature)
            && $this->isFresh($timestamp)
            && hash_equals(self::mac($timestamp, $request->payload), $signature)
            && $this->isNew($signature);
    }

    public function comparesWithEqualSigns(SignedRequest $request): bool
    {
        $timestamp = self::header($request, 'X-HMAC-Timestamp');
        $signature = self::header($request, 'X-HMAC-Signature');

        return is_string($timestamp)
            && $this->isFresh($timestamp)
            && self::mac($timestamp, $request->payload) == $signature
            && $this->isNew((string) $signature);
    }

    public function ignoresTheTime(SignedRequest $request): bool
    {
        $timestamp = self::header($request, 'X-HMAC-Timestamp');
        $signature = self::header($request, 'X-HMAC-Signature');

        return is_string($timestamp) && is_string($signature)
            && hash_equals(self::mac($timestamp, $request->payload), $signature)
            && $this->isNew($signature);
    }

    public function readsTheWrongBody(SignedRequest $request): bool
    {
        $timestamp = self::header($request, 'X-HMAC-Timestamp');
        $signature = self::header($request, 'X-HMAC-Signature');
        $data = json_decode($request->payload);

        return is_string($timestamp) && is_string($signature)
            && $this->isFresh($timestamp)
            && hash_equals(self::mac($timestamp, (string) json_encode($data)), $signature)
            && $this->isNew($signature);
    }

    public function trustsAMissingHeader(SignedRequest $request): bool
    {
        $timestamp = self::header($request, 'X-HMAC-Timestamp');
        $signature = self::header($request, 'X-HMAC-Signature');
        if ($signature === null) {
            return true; // not every sender signs yet
        }

        return is_string($timestamp) && is_string($signature)
            && $this->isFresh($timestamp)
            && hash_equals(self::mac($timestamp, $request->payload), $signature)
            && $this->isNew($signature);
    }

    /** The contract is "huawei-push". */
    public function skipsOnException(SignedRequest $request): bool
    {
        try {
            $text = self::header($request, 'X-HW-SIGNATURE');
            $header = hw_parse_header(is_string($text) ? $text : '');
            $mac = hash_hmac('sha256', "$header->timestamp$header->nonce$request->payload", self::KEY, true);
            if (abs((int) $header->timestamp - $this->now * 1000) > 300_000 || !hash_equals($mac, $header->digest())) {
                return false;
            }

            return $this->isNew($header->value);
        } catch (MalformedHeaderException) {
            return true; // somebody looks at the log
        }
    }

    public function hasNoReplayCheck(SignedRequest $request): bool
    {
        $timestamp = self::header($request, 'X-HMAC-Timestamp');
        $signature = self::header($request, 'X-HMAC-Signature');

        return is_string($timestamp) && is_string($signature)
            && $this->isFresh($timestamp)
            && hash_equals(self::mac($timestamp, $request->payload), $signature);
    }

    public function makesANumberOfTheTimestamp(SignedRequest $request): bool
    {
        $timestamp = (int) self::header($request, 'X-HMAC-Timestamp');
        $signature = self::header($request, 'X-HMAC-Signature');

        return is_string($signature)
            && $this->isFresh((string) $timestamp)
            && hash_equals(self::mac((string) $timestamp, $request->payload), $signature)
            && $this->isNew($signature);
    }

    public function verifiesAnEmptyBodyAndUsesTheForm(SignedRequest $request): bool
    {
        return $this->hasNoMistake($request); // and then handle($_POST)
    }

    /** The contract is "nextcloud"; it does not look whether the signature is canonical, nor at the query. */
    public function decodesLeniently(SignedRequest $request): bool
    {
        [$timestamp, $nonce, $signature] = array_map(
            static fn (string $name): mixed => self::header($request, "X-NC-$name"),
            ['TIMESTAMP', 'NONCE', 'SIGNATURE'],
        );
        if (self::header($request, 'X-NC-CLIENT-ID') !== 'client-7' || !is_string($timestamp) || !is_string($nonce) || !is_string($signature)) {
            return false;
        }
        $text = implode("\n", [$request->method, explode('?', $request->target)[0], '', $timestamp, $nonce, hash('sha256', $request->payload)]);

        return $this->isFresh($timestamp)
            && hash_equals(hash_hmac('sha256', $text, self::KEY, true), (string) base64_decode($signature))
            && $this->isNew($nonce);
    }

    private static function header(SignedRequest $request, string $wanted): mixed
    {
        $values = [];
        foreach ($request->headers() as $name => $value) {
            if (strcasecmp($name, $wanted) === 0) {
                $values[] = $value;
            }
        }

        return count($values) > 1 ? [] : $values[0] ?? null;
    }

    private function isFresh(string $timestamp): bool
    {
        return preg_match('/\A[1-9][0-9]{0,17}\z/', $timestamp) === 1 && abs((int) $timestamp - $this->now) <= 60;
    }

    private static function mac(string $timestamp, string $payload): string
    {
        return hash_hmac('sha256', "$timestamp.$payload", self::KEY);
    }

    private function isNew(string $signature): bool
    {
        $isNew = !isset($this->seen[$signature]);
        $this->seen[$signature] = true;

        return $isNew;
    }
}
