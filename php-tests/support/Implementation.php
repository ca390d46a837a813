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

    /** The script for a server of PHP: such a server prepends nothing to it, and so has not got the library. */
    public static function served(string $script): string
    {
        if (!self::isLibrary()) {
            return $script;
        }
        $router = tempnam(sys_get_temp_dir(), 'hw_signature-router-');
        register_shutdown_function(unlink(...), $router);
        $files = array_map(realpath(...), [self::LIBRARY . '/autoload.php', $script]);
        file_put_contents($router, vsprintf('<?php require %s; return require %s;', array_map(static fn (string $file): string => var_export($file, true), $files)));
        return $router;
    }

    /** The file that an exception should have: that of the caller, or where PHP code has thrown it. */
    public static function place(string $caller, \Throwable $thrown): string
    {
        $isOfLibrary = str_starts_with($thrown->getFile(), realpath(self::LIBRARY) . '/Fallback/');
        return self::isLibrary() && $isOfLibrary ? $thrown->getFile() : $caller;
    }

    /**
     * The type of a parameter. The library does not declare strings, booleans and callables, since PHP would convert to
     * them, or look for them from within: the stub says what they are.
     */
    public static function typeOf(\ReflectionParameter $parameter): string
    {
        $type = (string) $parameter->getType();
        if (!self::isLibrary() || $type !== 'mixed') {
            return $type;
        }
        $stub = file_get_contents(__DIR__ . '/../../stubs/hw_signature.php');
        $class = $parameter->getDeclaringClass()?->getShortName();
        $stub = substr($stub, $class === null ? 0 : strpos($stub, " class $class"));
        $function = strpos($stub, "function {$parameter->getDeclaringFunction()->getName()}(");
        preg_match("/([\\w?|\\\\]+) \\\${$parameter->name}\\b/", $stub, $match, 0, $function);
        $members = explode('|', preg_replace('/\bHwSignature\\\\/', '', $match[1]));
        $members = preg_replace('/^(?=[A-Z])/', 'HwSignature\\', $members);
        rsort($members);
        usort($members, static fn (string $a, string $b): int => str_contains($b, '\\') <=> str_contains($a, '\\'));
        return implode('|', $members);
    }

    /**
     * Whether a method of the library is there because PHP has no other way to say what the extension says in a flag, or
     * only says that the extension has it.
     */
    public static function isPlumbing(\ReflectionMethod $method): bool
    {
        $names = ['__clone', '__serialize', '__unserialize', '__debugInfo', 'diagnose'];
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
