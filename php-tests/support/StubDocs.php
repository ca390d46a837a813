<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/**
 * The docblocks of the stub, as reflection has them. To be used where the extension is not loaded.
 */
final class StubDocs
{
    /**
     * What can be used from outside: symbol => its docblock and its signature.
     *
     * @return array<string, array{doc: string, parameters: array<string, bool>, returns: bool, example: bool}>
     *     parameters as name => whether it can be null; returns is false for constructors and `void`; example says
     *     whether there should be one
     */
    public static function symbols(string $file): array
    {
        require $file;
        $symbols = [];
        // Reflection keeps no docblock of a constant that has no class.
        $documented = '~(/\*\*(?:(?!\*/).)*\*/)\s+const (\w+)~s';
        preg_match_all($documented, file_get_contents($file), $matches, PREG_SET_ORDER);
        $docs = array_column($matches, 1, 2);
        foreach (get_defined_constants(true)['user'] as $name => $value) {
            $symbols[$name] = self::entry($docs[substr(strrchr("\\$name", '\\'), 1)] ?? '');
        }
        foreach (get_defined_functions()['user'] as $name) {
            $symbols["$name()"] = self::function(new \ReflectionFunction($name), true);
        }
        foreach (get_declared_classes() as $name) {
            $class = new \ReflectionClass($name);
            if ($class->getFileName() === $file) {
                $symbols += [$name => self::entry((string) $class->getDocComment())] + self::members($class);
            }
        }
        return $symbols;
    }

    /** @return array<string, array<string, mixed>> */
    private static function members(\ReflectionClass $class): array
    {
        $ofThisFile = static fn (\Reflector $member): bool
            => $member->getDeclaringClass()->getFileName() === $class->getFileName() && !$member->isPrivate();
        $symbols = [];
        foreach (array_filter($class->getReflectionConstants(), $ofThisFile) as $constant) {
            $symbols["{$constant->class}::{$constant->getName()}"] = self::entry((string) $constant->getDocComment());
        }
        // The two properties of every enum come from PHP.
        foreach ($class->isEnum() ? [] : array_filter($class->getProperties(), $ofThisFile) as $property) {
            $symbols["{$property->class}::\${$property->getName()}"] = self::entry((string) $property->getDocComment());
        }
        foreach (array_filter($class->getMethods(), $ofThisFile) as $method) {
            if ($method->isUserDefined()) {
                $needsExample = !$class->isSubclassOf(\Throwable::class);
                $symbols["{$method->class}::{$method->getName()}()"] = self::function($method, $needsExample);
            }
        }
        return $symbols;
    }

    /** @return array<string, mixed> */
    private static function function(\ReflectionFunctionAbstract $function, bool $needsExample): array
    {
        $parameters = [];
        foreach ($function->getParameters() as $parameter) {
            $parameters[$parameter->getName()] = $parameter->allowsNull();
        }
        $returns = !in_array((string) $function->getReturnType(), ['', 'void'], true);
        return self::entry((string) $function->getDocComment(), $parameters, $returns, $needsExample);
    }

    /**
     * @param array<string, bool> $parameters
     *
     * @return array<string, mixed>
     */
    private static function entry(
        string $doc,
        array $parameters = [],
        bool $returns = false,
        bool $example = false,
    ): array {
        $text = trim(preg_replace('~^ *(/\*\*|\*/|\* ?)~m', '', $doc));
        return ['doc' => $text, 'parameters' => $parameters, 'returns' => $returns, 'example' => $example];
    }
}
