<?php

declare(strict_types=1);

namespace HwSignature;

class ReplayGuardException extends HwSignatureException
{
    public readonly array $replayIds;

    public function __construct(
        mixed $message = '',
        int $code = 0,
        ?\Throwable $previous = null,
        array $replayIds = [],
    ) {
        Fallback\Arguments::requireText(__METHOD__, 1, 'message', $message);
        parent::__construct($message, $code, $previous);
        $this->replayIds = $replayIds;
    }
}
