<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use PHPUnit\Framework\AssertionFailedError;

final class Thrown
{
    /** What a call throws, to look at more of it than a class and a message. It is a failure to throw nothing. */
    public static function by(\Closure $call): \Throwable
    {
        try {
            $call();
        } catch (\Throwable $thrown) {
            return $thrown;
        }
        throw new AssertionFailedError('nothing was thrown');
    }
}
