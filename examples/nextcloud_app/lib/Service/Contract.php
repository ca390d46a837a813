<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Service;

use HwSignature\Key;
use HwSignature\Profile;
use OCA\SignedBackend\AppInfo\Application;
use OCP\IAppConfig;
use OCP\ICacheFactory;
use Psr\Log\LoggerInterface;

/** What this server and its backend have agreed on: the profile, the key and its id, and where the backend is. */
final class Contract
{
    public function __construct(
        private readonly IAppConfig $config,
        private readonly ICacheFactory $caches,
        private readonly LoggerInterface $logger,
    ) {
    }

    /** What the administrator has to do before a request can be signed or verified; null when all is done. */
    public function problem(): ?string
    {
        return match (true) {
            !extension_loaded('hw_signature') => 'The PHP extension hw_signature is not loaded. Requests to the backend are not sent, and requests '
                . 'from it are refused. Install it and enable it for the PHP of the web server as well as for the command line.',
            $this->get('key') === '' || $this->get('key_id') === '' || $this->get('backend') === '' => 'The backend is not configured yet: its address, '
                . 'the id of the key, and the key are needed.',
            // Without a cache, Nextcloud's own stand-in says of every nonce that it is new.
            !$this->caches->isAvailable() => 'No memory cache is configured, so that replayed requests could not be recognised. '
                . 'Set memcache.distributed in config.php.',
            default => null,
        };
    }

    /** @throws NotReady which is in the log, too */
    public function check(): void
    {
        $problem = $this->problem();
        if ($problem !== null) {
            $this->logger->critical($problem, ['app' => Application::APP_ID]);
            throw new NotReady($problem);
        }
    }

    public function profile(): Profile
    {
        return Profile::named('nextcloud');
    }

    public function key(): Key
    {
        return Key::fromBase64($this->get('key'), $this->get('key_id'));
    }

    public function backend(): string
    {
        return $this->get('backend');
    }

    /**
     * @param string $key in base64, as the backend shows it
     * @throws \ValueError when it is not base64
     */
    public function configure(string $backend, string $keyId, #[\SensitiveParameter] string $key): void
    {
        Key::fromBase64($key, $keyId);
        $this->config->setValueString(Application::APP_ID, 'backend', rtrim($backend, '/'), lazy: true);
        $this->config->setValueString(Application::APP_ID, 'key_id', $keyId, lazy: true);
        $this->config->setValueString(Application::APP_ID, 'key', $key, lazy: true, sensitive: true);
    }

    private function get(string $name): string
    {
        return $this->config->getValueString(Application::APP_ID, $name, lazy: true);
    }
}
