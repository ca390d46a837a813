<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\TimestampFormat;

use function count;
use function hash;
use function hash_equals;
use function hash_final;
use function hash_hmac;
use function hash_update;
use function implode;
use function intdiv;
use function is_array;
use function is_int;
use function is_string;
use function preg_match;
use function strlen;

use const HwSignature\ANY_AGE;

/**
 * Verification of the request that nearly everybody sends: each header once, spelled as it is written, in time. It gives no
 * reasons, and leaves whatever is otherwise to `Verification`, which accepts all that is accepted here.
 *
 * @internal
 */
final class Express
{
    /** Longest payload that is signed in one piece, which costs a copy of it. */
    private const MAX_PAYLOAD = 65_536;

    /** @var array<int, string> the headers that carry a field: their names, by their index in the contract */
    private readonly array $names;
    /** The name of the one that does, where there are no others. */
    private readonly ?string $only;
    /** What they look like, a line each: none of them can have a line feed. It captures each field once. */
    private readonly string $pattern;
    /** @var list<string|int> what is signed before the payload: literals and captures */
    private readonly array $before;
    /** @var list<string|int> what is signed after the payload */
    private readonly array $after;
    private readonly bool $isHashed;
    /** The captures. */
    private readonly ?int $timestamp;
    private readonly int $signature;
    private readonly bool $isMilliseconds;
    private readonly ?int $tolerance;
    private readonly Encoding $encoding;
    private readonly bool $isHex;
    private readonly HeaderNames $spellings;

    private function __construct(Contract $contract)
    {
        $names = $captures = $patterns = [];
        foreach ($contract->headers as $index => $header) {
            if ($header->fields !== []) {
                $names[$index] = $header->name;
                $patterns[] = $header->pattern($contract, $captures);
            }
        }
        $this->names = $names;
        $this->only = count($names) === 1 ? reset($names) : null;
        $this->pattern = '/\A' . implode('\n', $patterns) . '\z/';
        [$this->before, $this->after] = $contract->stringToSign->captured($captures);
        $this->isHashed = $contract->stringToSign->isHashed;
        $this->timestamp = $captures['timestamp'] ?? null;
        $this->signature = $captures['signature'];
        $this->isMilliseconds = $contract->timestamp?->format === TimestampFormat::Milliseconds;
        $this->tolerance = $contract->tolerance;
        $this->encoding = $contract->encoding;
        $this->isHex = $contract->encoding === Encoding::Hex;
        $this->spellings = $contract->names;
    }

    /** Null for a contract that needs more than headers and payload, the request or the id of a key, or reads a date. */
    public static function of(Contract $contract): ?self
    {
        $signed = $contract->stringToSign;
        $isPlain = !$signed->signsRequest && $signed->canonicalRequest === null && $contract->methodsWithoutPayload === []
            && !$contract->sends(Field::KeyId) && $contract->timestamp?->isNumber() !== false;
        return $isPlain ? new self($contract) : null;
    }

    /**
     * @param list<Key>|Key|string $keys
     * @param array<mixed> $headers
     *
     * @return bool|null whether the signature is that of a key; null when the request has to be looked at closely
     */
    public function accepts(
        #[\SensitiveParameter] array|Key|string $keys,
        array $headers,
        string $payload,
        int $now,
        ?int $tolerance,
    ): ?bool {
        $received = count($headers) === 1 && $this->only !== null ? $headers[$this->only] ?? null : null;
        if (!is_string($received)) {
            $received = $this->find($headers);
        }
        if ($received === null || preg_match($this->pattern, $received, $texts) !== 1 || strlen($payload) > self::MAX_PAYLOAD) {
            return null;
        }
        if ($this->timestamp !== null && $tolerance !== ANY_AGE) {
            $tolerance ??= $this->tolerance;
            $timestamp = (int) $texts[$this->timestamp];
            $age = $now - ($this->isMilliseconds ? intdiv($timestamp, 1000) : $timestamp);
            if ($age > $tolerance || -$age > $tolerance) {
                return null;
            }
        }
        $text = '';
        foreach ($this->before as $piece) {
            $text .= is_int($piece) ? $texts[$piece] : $piece;
        }
        $text .= $this->isHashed ? hash('sha256', $payload) : $payload;
        foreach ($this->after as $piece) {
            $text .= is_int($piece) ? $texts[$piece] : $piece;
        }
        $isHex = $this->isHex;
        if (is_string($keys)) {
            $digest = hash_hmac('sha256', $text, $keys, !$isHex);
            return hash_equals($isHex ? $digest : Digest::encode($digest, $this->encoding), $texts[$this->signature]);
        }
        $matches = false;
        foreach (is_array($keys) ? $keys : [$keys] as $key) {
            $mac = Secret::mac($key);
            hash_update($mac, $text);
            $digest = hash_final($mac, !$isHex);
            $expected = $isHex ? $digest : Digest::encode($digest, $this->encoding);
            $matches = hash_equals($expected, $texts[$this->signature]) || $matches;
        }
        return $matches;
    }

    /**
     * Finds the headers that carry a field, whatever their spelling.
     *
     * @param array<mixed> $headers
     *
     * @return string|null a line for each; null when one is missing, or there more than once, or when there are others of the
     *     contract
     */
    private function find(array $headers): ?string
    {
        $found = $this->spellings->find($headers);
        if (array_diff_key($found, $this->names) !== []) {
            return null;
        }
        $lines = [];
        foreach ($this->names as $index => $_) {
            if (!is_string($found[$index] ?? null)) {
                return null;
            }
            $lines[] = $found[$index];
        }
        return implode("\n", $lines);
    }
}
