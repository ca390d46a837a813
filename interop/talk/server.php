<?php

/** The part of Nextcloud that a bot and the signaling server call, as far as it concerns signatures. */

declare(strict_types=1);

use HwSignature\Interop\Keys;
use HwSignature\Profile;
use HwSignature\Verifier;

/** @var string $target @var string $body */

if (str_contains($target, '/cloud/capabilities')) {
    $data = ['capabilities' => ['spreed' => ['features' => ['signaling-v3'], 'config' => new stdClass()]]];
} elseif (str_contains($target, '/spreed/api/v1/bot/')) {
    // nc-py-api's random has 32 letters and digits. Nextcloud takes it; the built-in profile wants the 64 of Nextcloud's own.
    $profile = new Profile(...['nonce' => '[A-Za-z0-9]{32}'] + Profile::named('nextcloud-talk-bot')->describe());
    $message = json_decode($body, true)['message'] ?? '';
    $accepted = (new Verifier($profile, [Keys::key('nextcloud-talk-bot')]))->isValid(getallheaders(), $message);
    http_response_code($accepted ? 201 : 401);
    $data = [];
} elseif (hw_verify(getallheaders(), $body, Keys::bytes('nextcloud-signaling'), 'nextcloud-signaling')) {
    $data = ['type' => 'auth', 'auth' => ['version' => '1.0', 'userid' => 'verified-by-php']];
} else {
    $data = ['type' => 'error', 'error' => ['code' => 'invalid_request', 'message' => 'signature']];
}
header('Content-Type: application/json');
echo json_encode(['ocs' => ['meta' => ['status' => 'ok', 'statuscode' => 200], 'data' => $data]]);
