<?php

// A receiver for Huawei Push Kit's uplink messages.
//
//     HUAWEI_PUSH_KEY=… scripts/php -S 127.0.0.1:8000 examples/receiver.php
//
// Once the extension is installed, php instead of scripts/php. Behind php-fpm: docs/nginx-php-fpm.md.
// HUAWEI_PUSH_KEY is the "HMAC signature verification key" of the callback in the Push console.

declare(strict_types=1);

$key = (string) getenv('HUAWEI_PUSH_KEY');
if ($key === '') {
    error_log('HUAWEI_PUSH_KEY is not set: every request is refused.');
    http_response_code(500);
    exit;
}

// The bytes as they came. Decoding and encoding again would change them, and the signature would not match any more.
$body = file_get_contents('php://input');

// PHP takes multipart/form-data apart and leaves an empty body, which may well be what was signed.
$isTakenApart = $body === '' && ($_POST !== [] || $_FILES !== []);

// $_SERVER and not getallheaders(): PHP's built-in server garbles the latter when a header comes twice.
if ($isTakenApart || !hw_verify($_SERVER, $body, $key)) {
    // Nothing about the reason: whoever guesses learns nothing.
    http_response_code(401);
    header('Content-Type: text/plain');
    exit("Unauthorized\n");
}

// Here $body is authentic and fresh. Put it into a queue, and answer at once.

header('Content-Type: application/json');
echo '{"errno":0,"errmsg":""}', "\n";
