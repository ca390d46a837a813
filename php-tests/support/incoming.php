<?php

/** A receiver over IncomingRequest::fromGlobals(): ORIGIN is its origin, PAYLOAD what is signed in place of the body. */

declare(strict_types=1);

use HwSignature\Http\IncomingRequest;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\SignatureRejectedException;
use HwSignature\Verifier;

require dirname(__DIR__, 2) . '/library/autoload.php';

$verifier = new Verifier(Profile::named((string) getenv('PROFILE')), [Key::fromBytes('test-shared-secret')]);
$request = IncomingRequest::fromGlobals((string) getenv('ORIGIN') ?: null);
$payload = getenv('PAYLOAD');
if ($payload !== false) {
    $request = $request->withPayload($payload);
}
try {
    $request->verify($verifier);
    $reason = null;
} catch (SignatureRejectedException $rejected) {
    $reason = $rejected->getReason()->value;
}
if ($request->isValid($verifier) !== ($reason === null)) {
    throw new LogicException('verify() and isValid() must agree.');
}
http_response_code($reason === null ? 200 : 401);
header('Content-Type: application/json');
echo json_encode([$reason, base64_encode($request->payload), $request->method, $request->target, $_POST, count($_FILES)]);
