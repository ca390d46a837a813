<?php

/** The receiver of the contracts' test: the request names its contract. */

declare(strict_types=1);

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\SignatureRejectedException;
use HwSignature\Verifier;

$profile = Profile::fromContract((string) file_get_contents(__DIR__ . '/../../contracts/' . basename($_SERVER['HTTP_X_CONTRACT']) . '.json'));
$verifier = new Verifier($profile, [Key::fromBytes('test-shared-secret', 'client-1')]);
// A receiver has its origin configured: this one serves every test. Debian's nginx takes the port off HTTP_HOST.
$origin = $_SERVER['HTTP_X_ORIGIN'] ?? '';
$headers = ($origin === '' ? [] : ['Host' => explode('://', $origin)[1]]) + getallheaders();
try {
    $verifier->verify($headers, (string) file_get_contents('php://input'), $_SERVER['REQUEST_METHOD'], $origin . $_SERVER['REQUEST_URI']);
} catch (SignatureRejectedException $rejection) {
    http_response_code(401);
    echo $rejection->getReason()->value;
}
