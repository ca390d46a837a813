<?php

declare(strict_types=1);

error_reporting(E_ALL);

if (!extension_loaded('hw_signature')) {
    fwrite(STDERR, "The extension hw_signature is not loaded: run \"make test\", or php -d extension=…/hw_signature.so\n");
    exit(1);
}

spl_autoload_register(static function (string $class): void {
    $prefix = 'HwSignature\\Tests\\Support\\';
    if (str_starts_with($class, $prefix)) {
        require __DIR__ . '/support/' . substr($class, strlen($prefix)) . '.php';
    }
});
