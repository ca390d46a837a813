<?php

/** Run by a PHP that has no extension loaded: prints what the app says to the administrator and the caller. */

declare(strict_types=1);

namespace OCA\SignedBackend\Tests;

use OCA\SignedBackend\Controller\SettingsController;
use OCA\SignedBackend\Controller\WebhookController;
use OCA\SignedBackend\Service\Backend;
use OCA\SignedBackend\Service\NotReady;
use OCA\SignedBackend\Settings\Admin;
use OCA\SignedBackend\SetupChecks\ContractCheck;
use OCP\Server;

require __DIR__ . '/Nextcloud.php';

$_SERVER['REQUEST_METHOD'] = 'POST';
try {
    Server::get(Backend::class)->get('/');
    $sent = true;
} catch (NotReady) {
    $sent = false;
}
$check = Server::get(ContractCheck::class)->run();
echo json_encode([
    'loaded' => extension_loaded('hw_signature'),
    'sent' => $sent,
    'check' => $check->getSeverity(),
    'message' => $check->getDescription(),
    'page' => str_contains(Server::get(Admin::class)->getForm()->render(), (string) $check->getDescription()),
    'webhook' => Server::get(WebhookController::class)->receive()->getStatus(),
    'settings' => Server::get(SettingsController::class)->update('https://backend.example', 'k', 'a2V5')->getStatus(),
]);
