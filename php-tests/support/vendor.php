<?php

/** What `vendor/autoload.php` is in an application: the library, and of other people's what Debian has. */

declare(strict_types=1);

require __DIR__ . '/../../library/autoload.php';

foreach (['GuzzleHttp', 'GuzzleHttp/Psr7', 'Nyholm/Psr7', 'Psr/Log'] as $library) {
    if (stream_resolve_include_path("$library/autoload.php") !== false) {
        require_once "$library/autoload.php";
    }
}
if (interface_exists(Psr\Http\Message\ResponseInterface::class)) {
    require_once __DIR__ . '/psr15.php';
}
