<?php

declare(strict_types=1);

/** Answers a request with the Laravel application. */

use Illuminate\Contracts\Http\Kernel;
use Illuminate\Http\Request;

require __DIR__ . '/laravel_application.php';

$kernel = HwSignature\Tests\laravel_application()->make(Kernel::class);
$response = $kernel->handle($request = Request::capture());
$response->send();
$kernel->terminate($request, $response);
