<?php

/*
 * Writes what the PHP library has from the extension: the table of profiles and the enums. With --check, says whether
 * what is there is what would be written.
 */

declare(strict_types=1);

const FALLBACK = __DIR__ . '/../library/Fallback';

$stale = [];
foreach (['profiles.php' => profiles(), 'about.php' => about(), ...enums()] as $file => $code) {
    $file = FALLBACK . "/$file";
    $code = "<?php\n\n// Written by `make library-tables`: change the extension.\n\ndeclare(strict_types=1);\n\n$code";
    if (is_file($file) && file_get_contents($file) === $code) {
        continue;
    }
    $stale[] = realpath(dirname($file)) . '/' . basename($file);
    if ($argv[1] ?? '' !== '--check') {
        file_put_contents($file, $code);
    }
}
if (($argv[1] ?? '') === '--check') {
    foreach ($stale as $file) {
        fwrite(STDERR, "$file is stale: make library-tables\n");
    }
    exit($stale === [] ? 0 : 1);
}

function profiles(): string
{
    $parameters = (new ReflectionMethod(HwSignature\Profile::class, '__construct'))->getParameters();
    $code = "use HwSignature\\Encoding;\nuse HwSignature\\TimestampFormat;\n\nreturn [\n";
    foreach (HwSignature\Profile::names() as $name) {
        $row = HwSignature\Profile::named($name)->describe();
        $code .= "    '$name' => [\n";
        foreach ($parameters as $parameter) {
            $code .= "        '{$parameter->name}' => " . literal($row[$parameter->name]) . ",\n";
        }
        $code .= "    ],\n";
    }
    return "$code];\n";
}

function about(): string
{
    $code = "return [\n";
    foreach (HwSignature\Profile::names() as $name) {
        $file = json_decode(HwSignature\Profile::named($name)->toContract(), true);
        $code .= "    '$name' => [\n";
        foreach (['title', 'source', 'payload'] as $field) {
            $code .= "        '$field' => " . ($file[$field] === null ? 'null' : var_export($file[$field], true)) . ",\n";
        }
        $code .= "    ],\n";
    }
    return "$code];\n";
}

/** @return array<string, string> by file name */
function enums(): array
{
    $files = [];
    foreach ((new ReflectionExtension('hw_signature'))->getClasses() as $enum) {
        if (!$enum->isEnum()) {
            continue;
        }
        $code = "namespace HwSignature;\n\nenum {$enum->getShortName()}: string\n{\n";
        foreach ($enum->getName()::cases() as $case) {
            $code .= "    case $case->name = '$case->value';\n";
        }
        $files["Api/{$enum->getShortName()}.php"] = "$code}\n";
    }
    return $files;
}

function literal(mixed $value): string
{
    return match (true) {
        $value instanceof UnitEnum => (new ReflectionClass($value))->getShortName() . "::$value->name",
        is_array($value) => '[' . implode(', ', array_map(
            static fn (mixed $value, int|string $key): string
                => (is_string($key) ? literal($key) . ' => ' : '') . literal($value),
            $value,
            array_keys($value),
        )) . ']',
        is_string($value) => str_contains($value, "\n")
            ? '"' . addcslashes($value, "\n\\\"\$") . '"'
            : "'" . addcslashes($value, "\\'") . "'",
        default => strtolower(var_export($value, true)),
    };
}
