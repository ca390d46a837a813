<?php

/** Run by a PHP without the extension, in the app as it is shipped: verifies the request in its input, and signs one. */

declare(strict_types=1);

namespace OCA\SignedBackend\Tests;

use HwSignature\Signer;
use HwSignature\Verified;
use OCA\SignedBackend\Service\Contract;
use OCA\SignedBackend\Service\RequestVerifier;
use OCA\SignedBackend\SetupChecks\ContractCheck;
use OCP\Server;

if (getenv('NEXTCLOUD_ROOT') !== false) {
    // The tests have installed the app without it.
    require __DIR__ . '/../../../library/autoload.php';
}
require __DIR__ . '/Nextcloud.php';

$request = Nextcloud::request(json_decode((string) stream_get_contents(STDIN), true));
$contract = Server::get(Contract::class);
echo json_encode([
    'loaded' => extension_loaded('hw_signature'),
    'check' => Server::get(ContractCheck::class)->run()->getSeverity(),
    'from' => Server::get(RequestVerifier::class)->run($request, '{}', static fn (Verified $verified): ?string => $verified->keyId),
    'signed' => (new Signer($contract->profile(), $contract->key()))->sign('{}', 'POST', $contract->webhookUrl()),
]);
