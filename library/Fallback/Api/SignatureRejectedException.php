<?php

declare(strict_types=1);

namespace HwSignature;

class SignatureRejectedException extends HwSignatureException
{
    protected Reason $reason;

    public function __construct(
        mixed $message = '',
        int $code = 0,
        ?\Throwable $previous = null,
        Reason $reason = Reason::SignatureMismatch,
    ) {
        Fallback\Arguments::requireText(__METHOD__, 1, 'message', $message);
        parent::__construct($message, $code, $previous);
        $this->reason = $reason;
    }

    public function getReason(): Reason
    {
        // A subclass whose constructor does not call this one has no reason of its own.
        return $this->reason ?? Reason::SignatureMismatch;
    }
}
