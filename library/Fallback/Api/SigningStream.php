<?php

declare(strict_types=1);

namespace HwSignature;

use HwSignature\Fallback\Arguments;
use HwSignature\Fallback\Contract;
use HwSignature\Fallback\MacStream;
use HwSignature\Fallback\Opaque;
use HwSignature\Fallback\Request;
use HwSignature\Fallback\Signing;

final readonly class SigningStream
{
    use Opaque;

    private MacStream $stream;
    private bool $isPayloadSigned;
    /** @var array<string, string> what the headers carry */
    private array $values;

    /**
     * @param list<Key> $keys
     * @param array<string, string> $stamp
     */
    private function __construct(private Contract $contract, array $keys, Request $request, array $stamp)
    {
        $this->values = Signing::values($contract, $request, $stamp);
        $this->stream = new MacStream($contract, $keys, $this->values);
        $this->isPayloadSigned = $contract->signsPayload($request->method());
        $this->distinct = spl_object_id($this);
    }

    public function update(mixed $bytes): void
    {
        $stream = $this->stream ?? throw self::uninitialized();
        Arguments::requireText(__METHOD__, 1, 'bytes', $bytes);
        if ($stream->isFinished()) {
            throw MacStream::finished(__METHOD__);
        }
        if ($bytes !== '' && !$this->isPayloadSigned) {
            throw Arguments::refused(__METHOD__, ['bytes'], Signing::unsignedPayload('bytes'));
        }
        $stream->update($bytes);
    }

    public function finish(): array
    {
        $stream = $this->stream ?? throw self::uninitialized();
        if ($stream->isFinished()) {
            throw MacStream::finished(__METHOD__);
        }
        return Signing::headers($this->contract, $stream->finish(), $this->values);
    }
}
