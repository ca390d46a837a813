<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/**
 * Everything that reflection knows of a set of symbols, one line each, in a form that does not depend on where the
 * symbols come from.
 */
final class ReflectionDump
{
    /** @return list<string> */
    public static function ofExtension(string $name): array
    {
        $extension = new \ReflectionExtension($name);
        return self::of($extension->getConstants(), $extension->getFunctions(), $extension->getClasses());
    }

    /**
     * What a file declares.
     *
     * @return list<string>
     */
    public static function ofFile(string $file): array
    {
        require $file;
        $classes = array_map(
            static fn (string $name): \ReflectionClass => new \ReflectionClass($name),
            [...get_declared_classes(), ...get_declared_interfaces(), ...get_declared_traits()],
        );
        return self::of(
            get_defined_constants(true)['user'] ?? [],
            array_map(
                static fn (string $name): \ReflectionFunction => new \ReflectionFunction($name),
                get_defined_functions()['user'],
            ),
            array_filter($classes, static fn (\ReflectionClass $class): bool => $class->getFileName() === $file),
        );
    }

    /**
     * @param array<string, mixed> $constants
     * @param array<\ReflectionFunction> $functions
     * @param array<\ReflectionClass> $classes
     *
     * @return list<string>
     */
    private static function of(array $constants, array $functions, array $classes): array
    {
        $lines = [];
        foreach ($constants as $name => $value) {
            $lines[] = "const $name = " . self::value($value);
        }
        foreach ($functions as $function) {
            $lines[] = self::function($function, $function->getName());
        }
        foreach ($classes as $class) {
            array_push($lines, ...self::class($class));
        }
        sort($lines);
        return $lines;
    }

    /** @return list<string> */
    private static function class(\ReflectionClass $class): array
    {
        $interfaces = $class->getInterfaceNames();
        sort($interfaces);
        // No class can extend an enum; only those of PHP code say so with a flag.
        $modifiers = $class->isEnum() ? [] : \Reflection::getModifierNames($class->getModifiers());
        $kind = match (true) {
            $class->isEnum() => 'enum',
            $class->isInterface() => 'interface',
            $class->isTrait() => 'trait',
            default => 'class',
        };
        $backing = $class->isEnum() ? (new \ReflectionEnum($class->getName()))->getBackingType() : null;
        $lines = [
            implode(' ', [
                ...self::attributes($class),
                ...$modifiers,
                $kind,
                $class->getName() . ($backing === null ? '' : ": $backing"),
                'extends ' . ($class->getParentClass() ? $class->getParentClass()->getName() : 'nothing'),
                'implements ' . implode(', ', $interfaces),
            ]),
        ];
        foreach ($class->getReflectionConstants() as $index => $constant) {
            if ($constant->getDeclaringClass()->getName() === $class->getName()) {
                $lines[] = self::constant($constant, $index);
            }
        }
        foreach ($class->getProperties() as $property) {
            if ($property->getDeclaringClass()->getName() === $class->getName()) {
                $lines[] = self::property($property);
            }
        }
        foreach ($class->getMethods() as $method) {
            if ($method->getDeclaringClass()->getName() === $class->getName()) {
                $modifiers = \Reflection::getModifierNames($method->getModifiers());
                $name = implode(' ', [...$modifiers, "{$class->getName()}::{$method->getName()}"]);
                $lines[] = self::function($method, $name);
            }
        }
        return $lines;
    }

    /** The order of enum cases counts: `cases()` returns them in it. */
    private static function constant(\ReflectionClassConstant $constant, int $index): string
    {
        $value = $constant->getValue();
        return implode(' ', [
            ...self::attributes($constant),
            ...\Reflection::getModifierNames($constant->getModifiers()),
            $constant->isEnumCase() ? "case #$index" : 'const',
            "{$constant->class}::{$constant->getName()} =",
            self::value($constant->isEnumCase() ? $value->value : $value),
        ]);
    }

    private static function property(\ReflectionProperty $property): string
    {
        return implode(' ', [
            ...self::attributes($property),
            ...\Reflection::getModifierNames($property->getModifiers()),
            $property->getType() ?? 'untyped',
            "{$property->class}::\${$property->getName()}",
            $property->hasDefaultValue() ? '= ' . self::value($property->getDefaultValue()) : 'without default',
        ]);
    }

    private static function function(\ReflectionFunctionAbstract $function, string $name): string
    {
        $returns = $function->hasTentativeReturnType()
            ? "tentative {$function->getTentativeReturnType()}"
            : ($function->getReturnType() ?? 'nothing declared');
        return implode(' ', [
            ...self::attributes($function),
            ...($function->isDeprecated() ? ['deprecated'] : []),
            'function',
            ($function->returnsReference() ? '&' : '') . $name,
            '(' . implode(', ', array_map(self::parameter(...), $function->getParameters())) . '):',
            $returns,
        ]);
    }

    private static function parameter(\ReflectionParameter $parameter): string
    {
        $text = implode(' ', [
            ...self::attributes($parameter),
            $parameter->getType() ?? 'untyped',
            ($parameter->isPassedByReference() ? '&' : '') . ($parameter->isVariadic() ? '...' : '')
                . "\${$parameter->getName()}",
        ]);
        if (!$parameter->isOptional()) {
            return $text;
        }
        if (!$parameter->isDefaultValueAvailable()) {
            return "$text = unknown";
        }
        return "$text = " . ($parameter->getDefaultValueConstantName() ?? self::value($parameter->getDefaultValue()));
    }

    /** @return list<string> */
    private static function attributes(\Reflector $symbol): array
    {
        return array_map(
            static fn (\ReflectionAttribute $attribute): string
                => "#[{$attribute->getName()}"
                    . ($attribute->getArguments() === [] ? '' : self::value($attribute->getArguments())) . ']',
            $symbol->getAttributes(),
        );
    }

    private static function value(mixed $value): string
    {
        return preg_replace('/\s+/', ' ', var_export($value, true));
    }
}
