<?php

/** What an administrator enters, where there is no page to enter it: the key, in base64, is the argument. */

declare(strict_types=1);

namespace OCA\SignedBackend\Tests;

use OCA\SignedBackend\Service\Contract;
use OCP\Server;

require __DIR__ . '/Nextcloud.php';

Server::get(Contract::class)->configure('https://backend.example/', 'nextcloud-app', $argv[1], '');
