<?php

/** Run by a PHP that has no extension loaded: prints what the app says to the log, the administrator and the caller. */

declare(strict_types=1);

namespace OCA\SignedBackend\Tests;

use OCA\SignedBackend\Controller\SettingsController;
use OCA\SignedBackend\Controller\WebhookController;
use OCA\SignedBackend\Service\Backend;
use OCA\SignedBackend\Service\Contract;
use OCA\SignedBackend\Service\NotReady;
use OCA\SignedBackend\Service\RequestVerifier;
use OCA\SignedBackend\SetupChecks\ExtensionCheck;

require __DIR__ . '/nextcloud.php';

[$config, $caches, $log] = [new Config(['backend' => 'b', 'key_id' => 'k', 'key' => 'a2V5']), new Caches(), new Log()];
$contract = new Contract($config, $caches, $log);
try {
    (new Backend($contract, new Clients()))->get('/');
    $sent = true;
} catch (NotReady) {
    $sent = false;
}
echo json_encode([
    'loaded' => extension_loaded('hw_signature'),
    'sent' => $sent,
    'check' => (new ExtensionCheck($contract))->run()->getSeverity(),
    'message' => (new ExtensionCheck($contract))->run()->getDescription(),
    'webhook' => (new WebhookController('signed_backend', new Request(), new RequestVerifier($contract, $caches), $log))->receive()->getStatus(),
    'settings' => (new SettingsController('signed_backend', new Request(), $contract))->update('b', 'k', 'a2V5')->getStatus(),
    'log' => $log->lines,
]);
