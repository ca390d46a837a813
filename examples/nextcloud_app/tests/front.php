<?php

/** What Nextcloud's index.php does for a request to the app: interop/receiver.php comes here. */

declare(strict_types=1);

namespace OCA\SignedBackend\Tests;

use HwSignature\Interop\Keys;
use OCA\SignedBackend\Controller\WebhookController;
use OCA\SignedBackend\Service\Contract;
use OCA\SignedBackend\Service\RequestVerifier;

require __DIR__ . '/nextcloud.php';

[$config, $caches, $log] = [new Config(), new Caches(), new Log()];
$contract = new Contract($config, $caches, $log);
$contract->configure('http://127.0.0.1', 'nextcloud-app', Keys::text('nextcloud'));
$controller = new WebhookController('signed_backend', new Request(), new RequestVerifier($contract, $caches), $log);
$response = $controller->receive();
http_response_code($response->getStatus());
header('Content-Type: application/json');
echo json_encode(['data' => $response->getData(), 'throttled' => $response->throttled !== [], 'log' => $log->lines]);
