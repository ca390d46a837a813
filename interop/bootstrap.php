<?php

declare(strict_types=1);

error_reporting(E_ALL);

if (!extension_loaded('hw_signature') || getenv('INTEROP_HTTP') === false) {
    fwrite(STDERR, "The extension or the servers are missing: run interop/run\n");
    exit(1);
}

require 'GuzzleHttp/autoload.php';
require 'GuzzleHttp/Psr7/autoload.php';

spl_autoload_register(static function (string $class): void {
    $folders = [
        'HwSignature\\Interop\\' => __DIR__ . '/support/',
        'OCA\\SignedBackend\\' => __DIR__ . '/../examples/nextcloud_app/lib/',
    ];
    foreach ($folders as $prefix => $folder) {
        if (str_starts_with($class, $prefix)) {
            require $folder . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
        }
    }
});
