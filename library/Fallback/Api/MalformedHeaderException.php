<?php

declare(strict_types=1);

namespace HwSignature;

class MalformedHeaderException extends HwSignatureException
{
    protected Reason $reason;
    protected int $offset;

    public function __construct(
        mixed $message = '',
        int $code = 0,
        ?\Throwable $previous = null,
        Reason $reason = Reason::MalformedHeader,
        int $offset = 0,
    ) {
        Fallback\Arguments::requireText(__METHOD__, 1, 'message', $message);
        parent::__construct($message, $code, $previous);
        $this->reason = $reason;
        $this->offset = $offset;
    }

    public function getReason(): Reason
    {
        // A subclass whose constructor does not call this one has no reason of its own.
        return $this->reason ?? Reason::MalformedHeader;
    }

    public function getOffset(): int
    {
        return $this->offset ?? 0;
    }
}
