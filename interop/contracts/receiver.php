<?php

/** The receiver of the contracts' test: the request names its contract. */

declare(strict_types=1);

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\SignatureRejectedException;
use HwSignature\Verifier;

$profile = Profile::fromContract((string) file_get_contents(__DIR__ . '/../../contracts/' . basename($_SERVER['HTTP_X_CONTRACT']) . '.json'));
$verifier = new Verifier($profile, [Key::fromBytes('test-shared-secret', 'client-1')]);
try {
    // A receiver has its origin configured: this one serves every test.
    $verifier->verify(getallheaders(), (string) file_get_contents('php://input'), $_SERVER['REQUEST_METHOD'], ($_SERVER['HTTP_X_ORIGIN'] ?? '') . $_SERVER['REQUEST_URI']);
} catch (SignatureRejectedException $rejection) {
    http_response_code(401);
    echo $rejection->getReason()->value;
}
