<?php

declare(strict_types=1);

/** For programs without Composer: require this file once. */

spl_autoload_register(static function (string $class): void {
    foreach (['HwSignature\\Http\\' => 'Http', 'HwSignature\\Testing\\' => 'Testing'] as $prefix => $folder) {
        $file = __DIR__ . "/$folder/" . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
        if (str_starts_with($class, $prefix) && is_file($file)) {
            require $file;
        }
    }
});
