<?php

declare(strict_types=1);

error_reporting(E_ALL);

if (getenv('HW_SIGNATURE_TESTS') === 'library') {
    if (extension_loaded('hw_signature')) {
        fwrite(STDERR, "The extension hw_signature is loaded, and so the library would not be tested\n");
        exit(1);
    }
} elseif (!extension_loaded('hw_signature')) {
    fwrite(STDERR, "The extension hw_signature is not loaded: run \"make test\", or php -d extension=…/hw_signature.so\n");
    exit(1);
}

require __DIR__ . '/../library/autoload.php';

spl_autoload_register(static function (string $class): void {
    $prefix = 'HwSignature\\Tests\\Support\\';
    if (str_starts_with($class, $prefix)) {
        require __DIR__ . '/support/' . substr($class, strlen($prefix)) . '.php';
    }
});
