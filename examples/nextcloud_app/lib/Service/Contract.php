<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Service;

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Verifier;
use OCA\SignedBackend\AppInfo\Application;
use OCP\IAppConfig;
use OCP\IURLGenerator;

/** What this server and its backend have agreed on: the profile, the key and its id, and who is called where. */
final class Contract
{
    private const UNREADABLE = 'The stored key cannot be read. Has "secret" in config.php changed? Enter the key again.';

    public function __construct(
        private readonly IAppConfig $config,
        private readonly IURLGenerator $urls,
    ) {
    }

    /** What the administrator has to do before a request can be signed or verified; null when all is done. */
    public function problem(): ?string
    {
        try {
            $this->key();
            return null;
        } catch (NotReady $problem) {
            return $problem->getMessage();
        }
    }

    /** @throws NotReady also when there is no class to sign and verify with, so it is the first to be called */
    public function key(): Key
    {
        $this->requireClasses();
        if ($this->backend() === '' || $this->keyId() === '' || !$this->hasKey()) {
            throw new NotReady('The backend is not configured yet: its address, the client ID, and the key are needed.');
        }
        try {
            return Key::fromBase64($this->get('key'), $this->keyId());
        } catch (\Exception | \ValueError) {
            // Nextcloud could not decrypt it, or it was written past configure().
            throw new NotReady(self::UNREADABLE);
        }
    }

    public function profile(): Profile
    {
        return Profile::named('nextcloud');
    }

    /** The key's id, which the profile sends as X-NC-CLIENT-ID. */
    public function keyId(): string
    {
        return $this->get('key_id');
    }

    public function hasKey(): bool
    {
        return $this->config->hasKey(Application::APP_ID, 'key', lazy: true);
    }

    /** Where the backend is, without a slash at the end. */
    public function backend(): string
    {
        return $this->get('backend');
    }

    /** The webhook as the backend calls it, where that is not what Nextcloud takes it to be; otherwise empty. */
    public function publicUrl(): string
    {
        return $this->get('public_url');
    }

    /** The URL that the backend calls, and whose path it signs. */
    public function webhookUrl(): string
    {
        return $this->publicUrl() ?: $this->urls->linkToRouteAbsolute('signed_backend.webhook.receive');
    }

    /**
     * @param string $key in base64, as the backend shows it; empty to keep the one that is stored
     * @throws \InvalidArgumentException with a sentence for the administrator
     * @throws NotReady
     */
    public function configure(string $backend, string $keyId, #[\SensitiveParameter] string $key, string $publicUrl = ''): void
    {
        $this->requireClasses();
        [$backend, $keyId, $key, $publicUrl] = [rtrim(trim($backend), '/'), trim($keyId), trim($key), trim($publicUrl)];
        $this->requireUrl('The address of the backend', $backend);
        if ($publicUrl !== '') {
            $this->requireUrl('The public address of the webhook', $publicUrl);
        }
        try {
            Key::fromBase64($key !== '' || !$this->hasKey() ? $key : $this->get('key'), $keyId);
        } catch (\ValueError) {
            throw new \InvalidArgumentException('The key must be base64, and the client ID 1 to 128 visible ASCII characters.');
        } catch (\Exception) {
            throw new \InvalidArgumentException(self::UNREADABLE);
        }
        $this->config->setValueString(Application::APP_ID, 'backend', $backend, lazy: true);
        $this->config->setValueString(Application::APP_ID, 'public_url', $publicUrl, lazy: true);
        $this->config->setValueString(Application::APP_ID, 'key_id', $keyId, lazy: true);
        if ($key !== '') {
            // Nextcloud compares with the value that was there, and throws when it cannot decrypt that.
            $this->config->deleteKey(Application::APP_ID, 'key');
            $this->config->setValueString(Application::APP_ID, 'key', $key, lazy: true, sensitive: true);
        }
    }

    /** The extension has them, and so has the PHP library: the app does not care which. */
    private function requireClasses(): void
    {
        if (!class_exists(Verifier::class)) {
            throw new NotReady('The PHP extension hw_signature is not loaded. Requests to the backend are not sent, and requests '
                . 'from it are refused. Install it and enable it for the PHP of the web server as well as for the command line.');
        }
    }

    private function requireUrl(string $what, string $url): void
    {
        if (preg_match('~^https?://[^/?#@\s]+(/[^?#\s]*)?$~iD', $url) !== 1) {
            throw new \InvalidArgumentException("$what must begin with https:// or http://, and have no user, query or fragment.");
        }
    }

    private function get(string $name): string
    {
        return $this->config->getValueString(Application::APP_ID, $name, lazy: true);
    }
}
