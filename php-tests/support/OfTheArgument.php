<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/** What an argument throws when it is used, and an object that throws it as soon as it is taken for a string. */
final class OfTheArgument extends \Exception
{
    public function __toString(): string
    {
        throw new self();
    }
}
