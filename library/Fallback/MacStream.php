<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\HwSignatureException;
use HwSignature\Key;

/**
 * A string to sign whose payload comes in pieces, under one or several keys. It gives one result.
 *
 * @internal
 */
final class MacStream
{
    /** Whether a single byte has come. */
    public bool $hasPayload = false;
    /** @var list<\HashContext>|null one for each key; null when the stream is finished */
    private ?array $macs;
    private readonly ?\HashContext $hash;
    private readonly string $tail;
    private readonly StringToSign $stringToSign;
    /** @var array<string, string> */
    private readonly array $values;

    /**
     * Starts with everything that stands before the payload.
     *
     * @param list<Key> $keys
     * @param array<string, string> $values
     */
    public function __construct(Contract $contract, array $keys, array $values)
    {
        [$this->stringToSign, $this->values] = [$contract->stringToSign, $values];
        $head = $contract->stringToSign->before($values);
        $this->tail = $contract->stringToSign->after($values);
        $this->hash = $contract->stringToSign->isHashed ? hash_init('sha256') : null;
        $this->macs = [];
        foreach ($keys as $key) {
            $this->macs[] = $mac = Secret::mac($key);
            hash_update($mac, $head);
        }
    }

    public function isFinished(): bool
    {
        return $this->macs === null;
    }

    public static function finished(string $method): HwSignatureException
    {
        return new HwSignatureException("$method(): the stream is finished; start a new one for each request");
    }

    public function update(string $bytes): void
    {
        $this->hasPayload = $this->hasPayload || $bytes !== '';
        foreach ($this->hash === null ? $this->macs : [$this->hash] as $context) {
            hash_update($context, $bytes);
        }
    }

    /** @return list<string> the digests, one for each key */
    public function finish(): array
    {
        $hash = $this->hash === null ? '' : $this->stringToSign->wrapped($this->values, hash_final($this->hash));
        $tail = $hash . $this->tail;
        $digests = [];
        foreach ($this->macs as $mac) {
            hash_update($mac, $tail);
            $digests[] = hash_final($mac, true);
        }
        $this->macs = null;
        return $digests;
    }
}
