<?php

declare(strict_types=1);

// Finds the classes of this folder, one in each file, and the forgeries of the library: in the source tree, or installed
// beside this folder.
spl_autoload_register(static function (string $class): void {
    $rooms = ['HwSignature\\Tool\\' => [__DIR__], 'HwSignature\\Testing\\' => [__DIR__ . '/../../library/Testing', __DIR__ . '/../Testing']];
    foreach ($rooms as $prefix => $folders) {
        foreach (str_starts_with($class, $prefix) ? $folders : [] as $folder) {
            $file = "$folder/" . substr($class, strlen($prefix)) . '.php';
            if (is_file($file)) {
                require $file;
                return;
            }
        }
    }
});
