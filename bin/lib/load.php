<?php

declare(strict_types=1);

// Finds the classes of this folder, one in each file.
spl_autoload_register(static function (string $class): void {
    $name = str_starts_with($class, 'HwSignature\\Tool\\') ? substr($class, strlen('HwSignature\\Tool\\')) : '';
    $file = __DIR__ . "/$name.php";
    if ($name !== '' && is_file($file)) {
        require $file;
    }
});
