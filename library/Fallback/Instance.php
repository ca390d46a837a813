<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * Makes objects of classes whose constructors are private.
 *
 * @internal
 */
final class Instance
{
    /**
     * @template T of object
     *
     * @param class-string<T> $class
     *
     * @return T
     */
    public static function of(string $class, mixed ...$arguments): object
    {
        static $makers = [];
        $makers[$class] ??= \Closure::bind(static fn (mixed ...$arguments): object => new $class(...$arguments), null, $class);
        return $makers[$class](...$arguments);
    }
}
