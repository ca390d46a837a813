<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use PHPUnit\Framework\Assert;

/** Libraries of Debian that tests need; `make deps` installs them where it can. */
final class Library
{
    /** Loads a library, or skips the test where it is not installed. */
    public static function needs(string ...$namespaces): void
    {
        foreach ($namespaces as $namespace) {
            $file = strtr($namespace, '\\', '/') . '/autoload.php';
            if (stream_resolve_include_path($file) === false) {
                Assert::markTestSkipped("There is no $file: make deps installs it.");
            }
            require_once $file;
        }
    }
}
