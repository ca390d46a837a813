<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Service;

use HwSignature\Signer;
use OCP\Http\Client\IClientService;
use OCP\Http\Client\IResponse;

/** Sends signed requests to the backend, from a web request as well as from cron. */
final class Backend
{
    public function __construct(
        private readonly Contract $contract,
        private readonly IClientService $clients,
    ) {
    }

    /** @param string $target path and query: what the option `query` would add later could not be signed */
    public function get(string $target): IResponse
    {
        return $this->clients->newClient()->get(...$this->signed('GET', $target, ''));
    }

    /** @param string $body the exact bytes: an array, or the option `json`, would be serialized after it was signed */
    public function post(string $target, string $body, string $contentType = 'application/json'): IResponse
    {
        return $this->clients->newClient()->post(...$this->signed('POST', $target, $body, ['Content-Type' => $contentType]));
    }

    /**
     * @param array<string, string> $headers
     * @return array{string, array<string, mixed>} URL and options
     */
    private function signed(string $method, string $target, string $body, array $headers = []): array
    {
        if (!str_starts_with($target, '/')) {
            // "@evil.example" or ".evil.example" behind the address of the backend would be another host.
            throw new \InvalidArgumentException('The path must begin with a slash.');
        }
        // Before `new`, which looks for its class first.
        $key = $this->contract->key();
        $signer = new Signer($this->contract->profile(), $key);
        $url = $this->contract->backend() . $target;
        $options = [
            'headers' => $headers + $signer->sign($body, $method, $url),
            // The signature holds for this target and no other.
            'allow_redirects' => false,
            // A refusal is an answer, and not an exception.
            'http_errors' => false,
            // The address comes from the administrator, so one in the local network is meant.
            'nextcloud' => ['allow_local_address' => true],
        ];
        return [$url, $body === '' ? $options : $options + ['body' => $body]];
    }
}
