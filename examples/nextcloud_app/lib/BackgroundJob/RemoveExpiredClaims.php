<?php

declare(strict_types=1);

namespace OCA\SignedBackend\BackgroundJob;

use OCA\SignedBackend\Service\ReplayGuard;
use OCP\AppFramework\Utility\ITimeFactory;
use OCP\BackgroundJob\TimedJob;

/** Keeps the table of the replay guard small. */
final class RemoveExpiredClaims extends TimedJob
{
    public function __construct(
        ITimeFactory $time,
        private readonly ReplayGuard $guard,
    ) {
        parent::__construct($time);
        $this->setInterval(3600);
    }

    /** @param mixed $argument */
    protected function run($argument): void
    {
        $this->guard->removeExpired();
    }
}
