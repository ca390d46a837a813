<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/** The extension that this process has loaded, for the processes that it starts. */
final class Module
{
    /** The file; null when it is part of php itself. */
    public static function path(): ?string
    {
        $mapped = (string) file_get_contents('/proc/self/maps');
        return preg_match('~ (/.*/hw_signature\.so)$~m', $mapped, $match) === 1 ? $match[1] : null;
    }

    /**
     * Arguments that make a PHP binary load the same file, unless its own configuration loads the extension.
     *
     * @return list<string>
     */
    public static function arguments(string $binary = PHP_BINARY): array
    {
        static $arguments = [];
        if (!isset($arguments[$binary])) {
            exec(escapeshellarg($binary) . ' -m 2>&1', $modules);
            $isLoaded = in_array('hw_signature', $modules, true);
            $arguments[$binary] = $isLoaded ? [] : Implementation::arguments(self::path());
        }
        return $arguments[$binary];
    }
}
