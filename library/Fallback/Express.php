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
use function intdiv;
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

    /** @var list<int> the headers that carry a field */
    private readonly array $headers;
    /** What they look like, each followed by a line feed, which none of them can have. It captures each field once. */
    private readonly string $pattern;
    /** @var list<array{string, int}> what is signed before the payload: literals, and the captures that follow them */
    private readonly array $before;
    private readonly string $lead;
    /** @var list<array{string, int}> what is signed after the payload */
    private readonly array $after;
    private readonly string $end;
    /** The captures. */
    private readonly ?int $timestamp;
    private readonly int $signature;
    private readonly bool $isMilliseconds;

    private function __construct(Contract $contract)
    {
        $headers = $captures = [];
        $pattern = '';
        foreach ($contract->headers as $index => $header) {
            if ($header->fields !== []) {
                $headers[] = $index;
                $pattern .= $header->pattern($contract, $captures) . '\n';
            }
        }
        $this->headers = $headers;
        $this->pattern = "/\\A$pattern\\z/";
        [$this->before, $this->lead, $this->after, $this->end] = $contract->stringToSign->captured($captures);
        $this->timestamp = $captures['timestamp'] ?? null;
        $this->signature = $captures['signature'];
        $this->isMilliseconds = $contract->timestamp?->format === TimestampFormat::Milliseconds;
    }

    /** Null for a contract that needs more than headers and payload, the request or the id of a key, or reads a date. */
    public static function of(Contract $contract): ?self
    {
        $isPlain = !$contract->stringToSign->signsRequest && $contract->methodsWithoutPayload === []
            && !$contract->sends(Field::KeyId) && $contract->timestamp?->isNumber() !== false;
        return $isPlain ? new self($contract) : null;
    }

    /**
     * @param list<Key|string> $keys
     * @param array<mixed> $headers
     *
     * @return bool|null whether the signature is that of a key; null when the request has to be looked at closely
     */
    public function accepts(
        Contract $contract,
        #[\SensitiveParameter] array $keys,
        array $headers,
        string $payload,
        int $now,
        ?int $tolerance,
    ): ?bool {
        $received = '';
        $values = $contract->receive($headers);
        foreach ($this->headers as $index) {
            if (!is_string($values[$index] ?? null)) {
                return null;
            }
            $received .= "$values[$index]\n";
        }
        // More than that are constants.
        if (count($values) > count($this->headers) || strlen($payload) > self::MAX_PAYLOAD || preg_match($this->pattern, $received, $texts) !== 1) {
            return null;
        }
        $tolerance ??= $contract->tolerance;
        if ($this->timestamp !== null && $tolerance !== ANY_AGE) {
            $timestamp = (int) $texts[$this->timestamp];
            $age = $now - ($this->isMilliseconds ? intdiv($timestamp, 1000) : $timestamp);
            if ($age > $tolerance || -$age > $tolerance) {
                return null;
            }
        }
        $text = '';
        foreach ($this->before as [$literal, $capture]) {
            $text .= $literal . $texts[$capture];
        }
        $text .= $this->lead . ($contract->stringToSign->isHashed ? hash('sha256', $payload) : $payload);
        foreach ($this->after as [$literal, $capture]) {
            $text .= $literal . $texts[$capture];
        }
        $text .= $this->end;
        $isHex = $contract->encoding === Encoding::Hex;
        $matches = false;
        foreach ($keys as $key) {
            if (is_string($key)) {
                $digest = hash_hmac('sha256', $text, $key, !$isHex);
            } else {
                $mac = Secret::mac($key);
                hash_update($mac, $text);
                $digest = hash_final($mac, !$isHex);
            }
            $matches = hash_equals($isHex ? $digest : Digest::encode($digest, $contract->encoding), $texts[$this->signature]) || $matches;
        }
        return $matches;
    }
}
