<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * An object that is neither copied nor stored.
 *
 * @internal
 */
trait Uncopyable
{
    use Unserializable;

    public function __clone(): void
    {
        throw new \Error('Trying to clone an uncloneable object of class ' . self::class);
    }

    private static function uninitialized(): \Error
    {
        return new \Error('The object has not been initialized');
    }

    private static function constructedTwice(): \Error
    {
        return new \Error('Cannot construct an object of class ' . self::class . ' twice');
    }
}
