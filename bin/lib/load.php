<?php

declare(strict_types=1);

namespace HwSignature\Tool;

// The PHP library: installed, it stands beside this folder; in the source tree, beside the one that has this folder.
define(__NAMESPACE__ . '\LIBRARY', is_dir(__DIR__ . '/../library') ? dirname(__DIR__) . '/library' : dirname(__DIR__, 2) . '/library');

// Finds the classes of this folder, one in each file, and the forgeries of the library.
spl_autoload_register(static function (string $class): void {
    $rooms = ['HwSignature\\Tool\\' => __DIR__, 'HwSignature\\Testing\\' => LIBRARY . '/Testing'];
    foreach ($rooms as $prefix => $room) {
        $file = "$room/" . substr($class, strlen($prefix)) . '.php';
        if (str_starts_with($class, $prefix) && is_file($file)) {
            require $file;
        }
    }
});
