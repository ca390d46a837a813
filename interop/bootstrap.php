<?php

declare(strict_types=1);

error_reporting(E_ALL);

if (!extension_loaded('hw_signature') || getenv('INTEROP_HTTP') === false) {
    fwrite(STDERR, "The extension or the servers are missing: run interop/run\n");
    exit(1);
}

if (getenv('NEXTCLOUD_ROOT') === false) {
    require 'GuzzleHttp/autoload.php';
    require 'GuzzleHttp/Psr7/autoload.php';
} // else Nextcloud has its own

spl_autoload_register(static function (string $class): void {
    $prefix = 'HwSignature\\Interop\\';
    if (str_starts_with($class, $prefix)) {
        require __DIR__ . '/support/' . substr($class, strlen($prefix)) . '.php';
    }
});
