<?php

/** A backend of Huawei Cloud as far as its signature goes: answers with the access key and what it got, or 401 and the reason. */

declare(strict_types=1);

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\SignatureRejectedException;
use HwSignature\Verifier;

$verifier = new Verifier(Profile::named('huawei-apig'), [Key::fromBytes((string) getenv('SECRET_KEY'), (string) getenv('ACCESS_KEY'))]);
$body = (string) file_get_contents('php://input');
try {
    $verified = $verifier->verify($_SERVER, $body, $_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI']);
    echo "$verified->keyId: $_SERVER[REQUEST_METHOD] $_SERVER[REQUEST_URI], $_SERVER[CONTENT_TYPE], $body";
} catch (SignatureRejectedException $rejection) {
    http_response_code(401);
    echo $rejection->getReason()->value;
}
