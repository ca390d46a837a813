<?php

/**
 * Prints which module of src/ imports which, and fails where one imports upwards. The floors are the table in src/lib.rs: a
 * module may import what stands above it there, so that nothing goes round in a circle.
 */

declare(strict_types=1);

$src = dirname(__DIR__) . '/src';

preg_match_all('/^\/\/! \|(.*?)\|/m', file_get_contents("$src/lib.rs"), $rows);
preg_match_all('/`(\w+)`/', implode("\n", $rows[1]), $names);
$floors = array_flip($names[1]);

$modules = [];
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($src, FilesystemIterator::SKIP_DOTS)) as $file) {
    $module = preg_split('~[/.]~', substr($file->getPathname(), strlen($src) + 1))[0];
    if ($module !== 'lib') {
        $modules[$module] = [...$modules[$module] ?? [], ...imports(file_get_contents($file->getPathname()))];
    }
}

$problems = [];
foreach (array_diff_key($modules, $floors) as $module => $_) {
    $problems[] = "$module is not in the table of src/lib.rs";
}
foreach (array_diff_key($floors, $modules) as $module => $_) {
    $problems[] = "$module is in the table of src/lib.rs, and not in src/";
}
foreach ($floors as $module => $floor) {
    $imports = array_unique(array_diff($modules[$module] ?? [], [$module]));
    usort($imports, static fn(string $a, string $b): int => ($floors[$b] ?? -1) <=> ($floors[$a] ?? -1));
    printf("%-16s %s\n", $module, implode(', ', $imports));
    foreach ($imports as $import) {
        if (($floors[$import] ?? PHP_INT_MAX) > $floor) {
            $problems[] = "$module imports $import, which is above it";
        }
    }
}
array_map(static fn(string $problem): int => fwrite(STDERR, "$problem\n"), $problems);
exit($problems === [] ? 0 : 1);

/** The modules whose names stand after `crate::`, in `use` or elsewhere; what comments say does not count. */
function imports(string $code): array
{
    $code = preg_replace('~//.*~', '', $code);
    preg_match_all('/\bcrate::(?:(\w+)|(\{(?:[^{}]++|(?2))*\}))/', $code, $matches);
    $imports = $matches[1];
    foreach ($matches[2] as $group) {
        // Only what stands directly in the braces is a module: `{key::{Key, Mac}, sign}`.
        while ($group !== ($flat = preg_replace('/(?<=.)\{[^{}]*\}/s', '', $group))) {
            $group = $flat;
        }
        preg_match_all('/[{,]\s*(\w+)/', $group, $names);
        $imports = [...$imports, ...$names[1]];
    }
    return array_filter($imports);
}
