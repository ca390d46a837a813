<?php

/**
 * What php-fpm runs behind nginx: verifies each request with the profile that stands first in its path.
 *
 * It asks twice, with the headers as getallheaders() has them and as $_SERVER has them. The two must agree.
 */

declare(strict_types=1);

use HwSignature\Interop\Keys;

require __DIR__ . '/support/Keys.php';

const CALLBACK_USER = 'callback-user';

[$method, $target, $body] = [$_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI'], (string) file_get_contents('php://input')];
$profile = strtok($target, '/?');

if ($profile === 'ocs') {
    require __DIR__ . '/signaling/backend.php';
    return;
}

$payload = match ($profile) {
    'huawei-receipt' => CALLBACK_USER,
    'nextcloud-talk-bot' => json_decode($body, true)['message'] ?? '',
    default => $body,
};
$answers = array_map(
    static fn (array $headers): bool => hw_verify($headers, $payload, Keys::bytes($profile), $profile, $method, $target),
    [getallheaders(), $_SERVER],
);
http_response_code($answers === [true, true] ? 200 : ($answers === [false, false] ? 401 : 500));
header('Content-Type: application/json');
echo json_encode([
    'accepted' => $answers,
    'protocol' => $_SERVER['SERVER_PROTOCOL'],
    'sha256' => hash('sha256', $body),
    'headers' => array_keys(getallheaders()),
]);
