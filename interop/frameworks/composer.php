<?php

/** What Symfony asks Composer about packages, where Debian's have been installed without it: that it knows none. */

declare(strict_types=1);

namespace Composer;

final class InstalledVersions
{
    public static function isInstalled(string $package, bool $includeDevelopment = true): bool
    {
        return false;
    }
}
