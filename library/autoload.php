<?php

declare(strict_types=1);

/*
 * For whoever has no Composer: `require` this file, and everything below HwSignature\ is there when it is used. Where the
 * extension is loaded, its classes and functions are, and nothing of Fallback/ is read.
 */

spl_autoload_register(static function (string $class): void {
    $rooms = ['HwSignature\\Http\\' => 'Http/', 'HwSignature\\Testing\\' => 'Testing/'];
    if (!extension_loaded('hw_signature')) {
        $rooms += ['HwSignature\\Fallback\\' => 'Fallback/', 'HwSignature\\' => 'Fallback/Api/'];
    }
    foreach ($rooms as $prefix => $room) {
        if (str_starts_with($class, $prefix)) {
            $file = __DIR__ . "/$room" . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
            if (is_file($file)) {
                require $file;
            }
            return;
        }
    }
});

require __DIR__ . '/Fallback/load.php';
