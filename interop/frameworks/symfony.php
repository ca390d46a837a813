<?php

declare(strict_types=1);

/** Answers a request with the Symfony application. */

use App\Kernel;
use Symfony\Component\HttpFoundation\Request;

require __DIR__ . '/symfony_application.php';

$kernel = new Kernel('prod', false);
$request = Request::createFromGlobals();
$response = $kernel->handle($request);
$response->send();
$kernel->terminate($request, $response);
