<?php

declare(strict_types=1);

namespace OCA\SignedBackend\SetupChecks;

use OCA\SignedBackend\Service\Contract;
use OCP\SetupCheck\ISetupCheck;
use OCP\SetupCheck\SetupResult;

/**
 * Shows on the administration overview what is still missing.
 *
 * It stands in the place of `<lib>hw_signature</lib>` in info.xml, which Nextcloud checks at every update of the app, too:
 * if the extension had gone by then, the whole server would stay in maintenance mode.
 */
final class ContractCheck implements ISetupCheck
{
    public function __construct(private readonly Contract $contract)
    {
    }

    public function getCategory(): string
    {
        return 'security';
    }

    public function getName(): string
    {
        return 'Signed requests to the backend';
    }

    public function run(): SetupResult
    {
        $problem = $this->contract->problem();
        return $problem === null ? SetupResult::success('Requests are signed and verified.') : SetupResult::error($problem);
    }
}
