<?php

/**
 * What php-fpm runs behind nginx: verifies each request with the profile that stands first in its path.
 *
 * It asks more than once: with the headers as getallheaders(), $_SERVER and PSR-7 have them. The answers must agree.
 */

declare(strict_types=1);

use HwSignature\Interop\Keys;

require __DIR__ . '/support/Keys.php';

const CALLBACK_USER = 'callback-user';

if (isset($_SERVER['HTTP_X_CONTRACT'])) {
    require __DIR__ . '/contracts/receiver.php';
    return;
}

[$method, $target, $body] = [$_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI'], (string) file_get_contents('php://input')];
$profile = strtok($target, '/?');

$application = match ($profile) {
    'ocs' => __DIR__ . '/talk/server.php',
    'index.php' => __DIR__ . '/../examples/nextcloud_app/tests/front.php',
    default => null,
};
if ($application !== null) {
    require $application;
    return;
}

$payload = match ($profile) {
    'huawei-receipt' => CALLBACK_USER,
    'nextcloud-talk-bot' => json_decode($body, true)['message'] ?? '',
    default => $body,
};
$shapes = [getallheaders(), $_SERVER];
if (str_contains($target, '/psr7/')) {
    require 'GuzzleHttp/Psr7/autoload.php';
    $shapes[] = GuzzleHttp\Psr7\ServerRequest::fromGlobals()->getHeaders();
}
$answers = array_map(
    static fn (array $headers): bool => hw_verify($headers, $payload, Keys::bytes($profile), $profile, $method, $target),
    $shapes,
);
http_response_code(match (array_unique($answers)) {
    [true] => 200,
    [false] => 401,
    default => 500,
});
header('Content-Type: application/json');
echo json_encode([
    'accepted' => $answers,
    'protocol' => $_SERVER['SERVER_PROTOCOL'],
    'sha256' => hash('sha256', $body),
    'headers' => array_keys(getallheaders()),
]);
