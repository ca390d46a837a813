<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Service;

use HwSignature\Profile;
use HwSignature\ReplayGuardException;
use HwSignature\SignatureRejectedException;
use HwSignature\Verified;
use HwSignature\Verifier;
use OCP\IRequest;

/** Verifies requests from the backend. */
final class RequestVerifier
{
    public function __construct(
        private readonly Contract $contract,
        private readonly ReplayGuard $guard,
    ) {
    }

    /**
     * Calls $work for a request that is authentic, fresh and new. When $work fails, the request may come again.
     *
     * @template T
     * @param string $body the bytes that arrived
     * @param callable(Verified): T $work
     * @return T
     * @throws SignatureRejectedException
     * @throws ReplayGuardException when the database fails
     * @throws NotReady
     */
    public function run(IRequest $request, string $body, callable $work): mixed
    {
        $keys = [$this->contract->key()];
        $profile = $this->contract->profile();
        $verifier = new Verifier($profile, $keys, claim: $this->guard->claim(...));
        $verified = $verifier->verify($this->headers($request, $profile), $body, $request->getMethod(), $this->target($request));
        try {
            return $work($verified);
        } catch (\Throwable $failure) {
            $this->guard->release($verified->replayIds);
            throw $failure;
        }
    }

    /** @return array<string, string> */
    private function headers(IRequest $request, Profile $profile): array
    {
        $headers = [];
        foreach (array_keys($profile->describe()['headers']) as $name) {
            $headers[$name] = $request->getHeader($name);
        }
        // Of a header that is missing, IRequest says that it is empty.
        return array_filter($headers, static fn (string $value): bool => $value !== '');
    }

    /**
     * Path and query as the backend has signed them: the path of the URL that it was told, and the query that arrived.
     *
     * IRequest::getRequestUri() is another path where a proxy has taken a prefix away, or where `overwritewebroot` is set.
     */
    private function target(IRequest $request): string
    {
        $query = $request->server['QUERY_STRING'] ?? '';
        return $this->contract->webhookUrl() . ($query === '' ? '' : "?$query");
    }
}
