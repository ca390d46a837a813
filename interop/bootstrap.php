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
require __DIR__ . '/../library/autoload.php';

spl_autoload_register(static function (string $class): void {
    $folders = ['HwSignature\\Interop\\' => '/support/', 'HwSignature\\Tests\\Support\\' => '/../php-tests/support/'];
    foreach ($folders as $prefix => $folder) {
        if (str_starts_with($class, $prefix)) {
            require __DIR__ . $folder . substr($class, strlen($prefix)) . '.php';
        }
    }
});
