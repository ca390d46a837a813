<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Settings;

use OCA\SignedBackend\AppInfo\Application;
use OCA\SignedBackend\Service\Contract;
use OCP\AppFramework\Http\TemplateResponse;
use OCP\IURLGenerator;
use OCP\Settings\ISettings;
use OCP\Util;

/** The page in that section. It never has the key, only whether there is one. */
final class Admin implements ISettings
{
    public function __construct(
        private readonly Contract $contract,
        private readonly IURLGenerator $urls,
    ) {
    }

    public function getForm(): TemplateResponse
    {
        Util::addScript(Application::APP_ID, 'admin');
        Util::addStyle(Application::APP_ID, 'admin');
        return new TemplateResponse(Application::APP_ID, 'admin', [
            'problem' => $this->contract->problem(),
            'backend' => $this->contract->backend(),
            'keyId' => $this->contract->keyId(),
            'hasKey' => $this->contract->hasKey(),
            'publicUrl' => $this->contract->publicUrl(),
            'webhookUrl' => $this->contract->webhookUrl(),
            'updateUrl' => $this->urls->linkToRoute('signed_backend.settings.update'),
            'testUrl' => $this->urls->linkToRoute('signed_backend.settings.test'),
        ], TemplateResponse::RENDER_AS_BLANK);
    }

    public function getSection(): string
    {
        return Application::APP_ID;
    }

    public function getPriority(): int
    {
        return 50;
    }
}
