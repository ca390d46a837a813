<?php

declare(strict_types=1);

// Read on every request: what is here already, and whether it is what this library is made for.

if (!extension_loaded('hw_signature')) {
    if (PHP_INT_SIZE < 8) {
        throw new \RuntimeException('hw-signature/hw-signature needs a 64-bit PHP: timestamps have 63 bits');
    }
    require_once __DIR__ . '/functions.php';
} elseif (version_compare(\HwSignature\VERSION, '0.2.0', '<')) {
    throw new \RuntimeException(
        'hw-signature/hw-signature needs the extension hw_signature 0.2.0 or newer, or none, and '
            . \HwSignature\VERSION . ' is loaded: update it, or do not load it',
    );
}
