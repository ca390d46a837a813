<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Settings;

use OCA\SignedBackend\AppInfo\Application;
use OCP\IURLGenerator;
use OCP\Settings\IIconSection;

/** The entry in the menu of the administration settings. */
final class Section implements IIconSection
{
    public function __construct(private readonly IURLGenerator $urls)
    {
    }

    public function getID(): string
    {
        return Application::APP_ID;
    }

    public function getName(): string
    {
        return 'Signed backend';
    }

    public function getPriority(): int
    {
        return 80;
    }

    public function getIcon(): string
    {
        return $this->urls->imagePath(Application::APP_ID, 'app-dark.svg');
    }
}
