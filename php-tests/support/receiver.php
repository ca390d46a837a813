<?php

/** A web hook behind PHP-FPM: answers with the number of its worker and what became of the request. */

declare(strict_types=1);

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\SignatureRejectedException;
use HwSignature\Verifier;

require dirname(__DIR__, 2) . '/examples/replay.php';

$verifier = new Verifier(Profile::named('huawei-receipt'), [Key::fromBytes('test-shared-secret')], claim: new ApcuGuard());
try {
    $verifier->verify($_SERVER, file_get_contents('php://input'), $_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI']);
    echo getmypid(), ' accepted';
} catch (SignatureRejectedException $exception) {
    echo getmypid(), ' ', $exception->getReason()->value;
}
