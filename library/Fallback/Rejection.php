<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Reason;

/**
 * Why a request was rejected: becomes `false`, or a `SignatureRejectedException`.
 *
 * @internal
 */
final class Rejection extends \Exception
{
    public function __construct(public readonly Reason $reason, string $message)
    {
        parent::__construct($message);
    }

    public static function malformed(string $header, HeaderError $error): self
    {
        return new self($error->reason, "$header: {$error->getMessage()}");
    }
}
