<?php

declare(strict_types=1);

namespace OCA\SignedBackend\AppInfo;

use OCA\SignedBackend\SetupChecks\ContractCheck;
use OCP\AppFramework\App;
use OCP\AppFramework\Bootstrap\IBootContext;
use OCP\AppFramework\Bootstrap\IBootstrap;
use OCP\AppFramework\Bootstrap\IRegistrationContext;

// Where the app ships the library hw-signature/hw-signature, that steps in for an extension that is not loaded.
if (is_file(__DIR__ . '/../../vendor/autoload.php')) {
    require_once __DIR__ . '/../../vendor/autoload.php';
}

final class Application extends App implements IBootstrap
{
    public const APP_ID = 'signed_backend';

    public function __construct()
    {
        parent::__construct(self::APP_ID);
    }

    public function register(IRegistrationContext $context): void
    {
        $context->registerSetupCheck(ContractCheck::class);
    }

    public function boot(IBootContext $context): void
    {
    }
}
