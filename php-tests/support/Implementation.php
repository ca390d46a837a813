<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/**
 * What the tests are about: the extension, or the PHP library that stands for it where it is not loaded.
 */
final class Implementation
{
    public const LIBRARY = __DIR__ . '/../../library';

    public static function isLibrary(): bool
    {
        return !extension_loaded('hw_signature');
    }

    /**
     * Arguments that make a PHP process have it too, where its own configuration does not.
     *
     * @return list<string>
     */
    public static function arguments(?string $module): array
    {
        return match (true) {
            self::isLibrary() => ['-d', 'auto_prepend_file=' . realpath(self::LIBRARY . '/autoload.php')],
            $module !== null => ['-d', "extension=$module"],
            default => [],
        };
    }

    /** Whether a method is there because PHP has no other way to say what the extension says in a flag. */
    public static function isPlumbing(\ReflectionMethod $method): bool
    {
        $names = ['__clone', '__serialize', '__unserialize', '__debugInfo'];
        return self::isLibrary() && in_array($method->getName(), $names, true);
    }

    /** @return list<\ReflectionFunction> all but the diagnosis, which the library does not have */
    public static function functions(): array
    {
        return array_values(self::isLibrary()
            ? array_map(
                static fn (string $name): \ReflectionFunction => new \ReflectionFunction($name),
                array_filter(get_defined_functions()['user'], self::isFunction(...)),
            )
            : (new \ReflectionExtension('hw_signature'))->getFunctions());
    }

    private static function isFunction(string $name): bool
    {
        return str_starts_with($name, 'hw_') && $name !== 'hw_diagnose';
    }

    /** @return array<class-string, \ReflectionClass> */
    public static function classes(): array
    {
        if (!self::isLibrary()) {
            return (new \ReflectionExtension('hw_signature'))->getClasses();
        }
        $classes = [];
        foreach (glob(self::LIBRARY . '/Fallback/Api/*.php') as $file) {
            $class = 'HwSignature\\' . basename($file, '.php');
            $classes[$class] = new \ReflectionClass($class);
        }
        return $classes;
    }
}
