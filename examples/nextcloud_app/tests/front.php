<?php

/** What Nextcloud's index.php does for a request to the app, around the stand-ins: interop/receiver.php comes here. */

declare(strict_types=1);

namespace OCA\SignedBackend\Tests;

use OCA\SignedBackend\Controller\WebhookController;
use OCP\IRequest;
use OCP\Security\Bruteforce\IThrottler;
use OCP\Server;

require __DIR__ . '/Nextcloud.php';

[$throttler, $address] = [Server::get(IThrottler::class), Server::get(IRequest::class)->getRemoteAddress()];
header('Content-Type: application/json');
if ($throttler->getAttempts($address, 'signed_backend') >= 10) {
    http_response_code(429);
    return;
}
$response = Server::get(WebhookController::class)->receive();
if ($response->isThrottled()) {
    $throttler->registerAttempt('signed_backend', $address, $response->getThrottleMetadata());
}
http_response_code($response->getStatus());
echo json_encode($response->getData());
