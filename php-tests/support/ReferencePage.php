<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/**
 * The reference in docs/, as the stub has it: every function and class, with parameters, errors and examples.
 */
final class ReferencePage
{
    private const HEAD = <<<'MARKDOWN'
        # Reference

        Every function and class of the extension, and of the [library in PHP](without-the-extension.md). This page is written
        from the [stub](../stubs/hw_signature.php) by `scripts/reference.php`; the tests hold the stub against the extension,
        and run its examples.

        Payloads, keys and headers are bytes: a string is never converted. A `TypeError` or `ValueError` is a mistake of the
        program; what a caller sends makes neither.

        MARKDOWN;

    /** @param string $stub a file that declares the functions and classes, none of which may be declared yet */
    public static function of(string $stub): string
    {
        $functions = get_defined_functions()['user'];
        require $stub;
        $functions = array_diff(get_defined_functions()['user'], $functions);
        $classes = array_values(array_filter(
            array_merge(get_declared_classes(), get_declared_interfaces()),
            static fn(string $name): bool => (new \ReflectionClass($name))->getFileName() === realpath($stub),
        ));

        $sections = [];
        foreach ($functions as $name) {
            $sections["$name()"] = self::function(new \ReflectionFunction($name), "## `$name()`");
        }
        usort($classes, static fn(string $a, string $b): int => self::line($a) <=> self::line($b));
        foreach ($classes as $name) {
            $class = new \ReflectionClass($name);
            $sections[$class->getShortName()] = self::class($class);
        }
        $names = array_map(
            static fn(string $name): string => "[`$name`](#" . strtolower(rtrim($name, '()')) . ')',
            array_keys($sections),
        );

        return self::HEAD . "\n" . wordwrap(implode(' · ', $names), 118) . "\n\n" . implode("\n", $sections);
    }

    private static function line(string $class): int
    {
        return (int) (new \ReflectionClass($class))->getStartLine();
    }

    private static function class(\ReflectionClass $class): string
    {
        $name = $class->getShortName();
        $kind = match (true) {
            $class->isEnum() => 'Enum',
            $class->isSubclassOf(\Throwable::class) => 'Exception, extends `' . $class->getParentClass()->getShortName() . '`',
            default => 'Class',
        };
        $text = "## `$name`\n\n$kind in the namespace `HwSignature`. " . self::prose((string) $class->getDocComment())['text'];
        if ($class->isEnum()) {
            $text .= "\n| case | value | what it says |\n|---|---|---|\n";
            foreach ($class->getReflectionConstants() as $case) {
                $says = str_replace(["\n", '|'], [' ', '\|'], trim(self::prose((string) $case->getDocComment())['text']));
                $text .= "| `{$case->getName()}` | `{$case->getValue()->value}` | $says |\n";
            }

            return $text;
        }
        $own = static fn(\Reflector $member): bool => $member->getDeclaringClass()->name === $class->name;
        $properties = array_filter($class->getProperties(\ReflectionProperty::IS_PUBLIC), $own);
        if ($properties !== []) {
            $text .= "\n| property | type | what it is |\n|---|---|---|\n";
            foreach ($properties as $property) {
                $doc = self::prose((string) $property->getDocComment());
                $says = str_replace(["\n", '|'], [' ', '\|'], trim(explode('```', $doc['text'])[0]));
                $type = self::type((string) ($doc['var'] ?? $property->getType()));
                $text .= "| `\${$property->name}` | $type | $says |\n";
            }
        }
        foreach (array_filter($class->getMethods(\ReflectionMethod::IS_PUBLIC), $own) as $method) {
            $call = $method->isConstructor() ? "new $name()" : ($method->isStatic() ? "$name::" : '$' . lcfirst($name) . '->') . "$method->name()";
            $text .= "\n" . self::function($method, "### `$call`");
        }

        return $text;
    }

    private static function function(\ReflectionFunctionAbstract $function, string $heading): string
    {
        $doc = self::prose((string) $function->getDocComment());
        $parameters = array_map(self::parameter(...), $function->getParameters());
        $name = $function->name === '__construct' ? 'new ' . $function->getDeclaringClass()->getShortName() : $function->name;
        $returns = $function->hasReturnType() ? ': ' . self::shortType((string) $function->getReturnType()) : '';
        $line = "$name(" . implode(', ', $parameters) . ")$returns";
        if (strlen($line) > 110) {
            $line = "$name(\n    " . implode(",\n    ", $parameters) . ",\n)$returns";
        }
        $text = "$heading\n\n```text\n$line\n```\n\n{$doc['text']}";
        $rows = '';
        foreach ($doc['param'] as $parameter => [$type, $says]) {
            $rows .= "| `\$$parameter` | " . self::type($type) . ' | ' . str_replace('|', '\|', $says) . " |\n";
        }
        if ($rows !== '') {
            $text .= "\n| parameter | type | what it is |\n|---|---|---|\n$rows";
        }
        if ($doc['return'] !== null && $doc['return'] !== 'void') {
            [$type, $says] = self::typed($doc['return']);
            $text .= "\nReturns `$type`" . ($says === '' ? '' : ": $says") . ".\n";
        }
        if ($doc['throws'] !== []) {
            $text .= "\nThrows\n\n";
            foreach ($doc['throws'] as $throws) {
                [$type, $says] = self::typed($throws);
                $text .= '- `' . ltrim($type, '\\') . "` $says\n";
            }
        }

        return $text;
    }

    private static function parameter(\ReflectionParameter $parameter): string
    {
        $text = self::shortType((string) $parameter->getType()) . " \$$parameter->name";
        if (!$parameter->isDefaultValueAvailable()) {
            return $text;
        }
        $default = $parameter->isDefaultValueConstant() ? $parameter->getDefaultValueConstantName() : $parameter->getDefaultValue();

        return "$text = " . match (true) {
            $parameter->isDefaultValueConstant() => self::shortType($default),
            $default instanceof \UnitEnum => (new \ReflectionEnum($default))->getShortName() . "::$default->name",
            $default === [] => '[]',
            is_string($default) => "'$default'",
            default => strtolower(var_export($default, true)),
        };
    }

    /**
     * A docblock as Markdown, its tags apart.
     *
     * @return array{text: string, var: ?string, param: array<string, array{string, string}>, return: ?string, throws: list<string>}
     */
    private static function prose(string $comment): array
    {
        $lines = array_map(
            static fn(string $line): string => (string) preg_replace('~^\s*(?:/\*\*|\*/|\* ?)~', '', $line),
            explode("\n", $comment),
        );
        $text = rtrim(implode("\n", $lines), " */\n");
        $parts = preg_split('/^@/m', trim($text, "\n")) ?: [''];
        $doc = ['text' => rtrim($parts[0]) . "\n", 'var' => null, 'param' => [], 'return' => null, 'throws' => []];
        foreach (array_slice($parts, 1) as $tag) {
            [$name, $says] = explode(' ', trim((string) preg_replace('/\s+/', ' ', $tag)), 2) + [1 => ''];
            if ($name === 'param') {
                [$type, $rest] = self::typed($says);
                [$parameter, $rest] = explode(' ', $rest, 2) + [1 => ''];
                $doc['param'][ltrim($parameter, '$')] = [$type, $rest];
            } elseif ($name === 'throws') {
                $doc['throws'][] = $says;
            } else {
                $doc[$name] = $says;
            }
        }

        return $doc;
    }

    /**
     * Divides `array<string, int> what it is` behind the type.
     *
     * @return array{string, string}
     */
    private static function typed(string $text): array
    {
        $depth = 0;
        foreach (str_split($text) as $index => $character) {
            $depth += match ($character) {
                '<', '(', '{' => 1,
                '>', ')', '}' => -1,
                default => 0,
            };
            // `callable(): int` goes on behind its space.
            if ($character === ' ' && $depth === 0 && $text[$index - 1] !== ':') {
                return [self::shortType(substr($text, 0, $index)), substr($text, $index + 1)];
            }
        }

        return [self::shortType($text), ''];
    }

    private static function type(string $type): string
    {
        return '`' . str_replace('|', '\|', self::shortType($type)) . '`';
    }

    private static function shortType(string $type): string
    {
        return str_replace(['HwSignature\\', '\\'], '', $type);
    }
}
