<?php

/**
 * Prints which module of src/ imports which, and fails where one imports upwards. The floors are the table in src/lib.rs: a
 * module may import what stands above it there, so that nothing goes round in a circle. Inside a module that has a folder,
 * whose files have no such table, any order of floors will do, but there has to be one.
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
foreach (array_keys($floors) as $module) {
    if (is_dir("$src/$module")) {
        echo "\n";
        $problems = [...$problems, ...print_floors($module, inside("$src/$module", $module))];
    }
}
array_map(static fn(string $problem): int => fwrite(STDERR, "$problem\n"), $problems);
exit($problems === [] ? 0 : 1);

/** The modules whose names stand after `crate::`, in `use` or elsewhere; what comments say does not count. */
function imports(string $code, string $path = 'crate'): array
{
    $code = preg_replace('~//.*~', '', $code);
    preg_match_all("/\\b$path::(?:(\\w+)|(\\{(?:[^{}]++|(?2))*\\}))/", $code, $matches);
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

/**
 * Who imports whom in a folder: the files that lie in it, each together with the folder of its name.
 *
 * @return array<string, list<string>>
 */
function inside(string $folder, string $module): array
{
    // What the module itself hands on is imported from where it stands.
    preg_match_all('/^(?:pub(?:\(\w+\))? )?use (\w+)::(?:(\w+)|\{([^}]*)\});/m', file_get_contents("$folder.rs"), $uses, PREG_SET_ORDER);
    $home = [];
    foreach ($uses as $use) {
        foreach (preg_split('/\W+/', $use[2] . ' ' . ($use[3] ?? ''), flags: PREG_SPLIT_NO_EMPTY) as $name) {
            $home[$name] = $use[1];
        }
    }
    $modules = array_fill_keys(array_map(static fn(string $file): string => basename($file, '.rs'), glob("$folder/*.rs")), []);
    foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS)) as $file) {
        $parts = preg_split('~[/.]~', substr($file->getPathname(), strlen($folder) + 1));
        // Tests may use what they like.
        $code = explode('#[cfg(test)]', file_get_contents($file->getPathname()))[0];
        $up = implode('::', array_fill(0, count($parts) - 1, 'super'));
        $names = [...imports($code, "crate::$module"), ...imports($code, "(?<!::)$up")];
        $names = array_map(static fn(string $name): string => isset($modules[$name]) ? $name : ($home[$name] ?? $name), $names);
        $modules[$parts[0]] = [...$modules[$parts[0]], ...array_intersect($names, array_keys($modules))];
    }
    return array_map(static fn(array $names): array => array_values(array_unique($names)), $modules);
}

/**
 * Prints the modules of a folder, each below what it imports.
 *
 * @param array<string, list<string>> $modules
 *
 * @return list<string> the circle, if there is one
 */
function print_floors(string $module, array $modules): array
{
    $printed = [];
    while ($modules !== []) {
        $ready = array_filter($modules, static fn(array $names, string $name): bool
            => array_diff($names, [...$printed, $name]) === [], ARRAY_FILTER_USE_BOTH);
        if ($ready === []) {
            $left = array_map(static fn(array $names): string => implode(', ', array_intersect($names, array_keys($modules))), $modules);
            array_walk($left, static function (string &$names, string $name): void { $names = "$name ($names)"; });
            return ["in $module, these import each other in a circle: " . implode('; ', $left)];
        }
        foreach ($ready as $name => $names) {
            printf("%-24s %s\n", "$module::$name", implode(', ', array_diff($names, [$name])));
            $printed[] = $name;
            unset($modules[$name]);
        }
    }
    return [];
}
