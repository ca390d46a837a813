<?php

// A receiver for the status reports of Huawei Cloud SMS with AK/SK authentication (SDK-HMAC-SHA256).
//
//     SMS_ACCESS_KEY=… SMS_SECRET_KEY=… scripts/php -S 127.0.0.1:8000 examples/sms_status.php
//
// Once the extension is installed, php instead of scripts/php. A backend behind API Gateway (APIG) with a backend signature
// key verifies in the same way.

declare(strict_types=1);

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Verifier;

[$access, $secret] = [(string) getenv('SMS_ACCESS_KEY'), (string) getenv('SMS_SECRET_KEY')];
if ($access === '' || $secret === '') {
    error_log('SMS_ACCESS_KEY or SMS_SECRET_KEY is not set: every request is refused.');
    http_response_code(500);
    exit;
}

// The bytes as they came: the hash of the body is signed, and is computed from what is passed here, whatever a header says.
$body = file_get_contents('php://input');

// PHP takes multipart/form-data apart and leaves an empty body, which may well be what was signed.
$isTakenApart = $body === '' && ($_POST !== [] || $_FILES !== []);

$verifier = new Verifier(Profile::named('huawei-apig'), [Key::fromBytes($secret, $access)]);
if ($isTakenApart || !$verifier->isValid($_SERVER, $body, $_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI'])) {
    // Nothing about the reason: whoever guesses learns nothing. $verifier->verify() throws one, for the log.
    http_response_code(401);
    header('Content-Type: text/plain');
    exit("Unauthorized\n");
}

// Here $body is authentic and fresh.
parse_str($body, $report);

header('Content-Type: text/plain');
echo $report['status'] ?? 'no status', "\n";
