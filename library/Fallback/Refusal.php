<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * A value that an argument may not have: becomes a `ValueError` where the number of the argument is known.
 *
 * @internal
 */
final class Refusal extends \Exception
{
    public function __construct(public readonly string $parameter, string $message)
    {
        parent::__construct($message);
    }
}
