<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Service;

use HwSignature\SignatureRejectedException;
use HwSignature\Verified;
use HwSignature\Verifier;
use OCA\SignedBackend\AppInfo\Application;
use OCP\ICacheFactory;
use OCP\IMemcache;
use OCP\IRequest;

/** Verifies requests from the backend. */
final class RequestVerifier
{
    public function __construct(
        private readonly Contract $contract,
        private readonly ICacheFactory $caches,
    ) {
    }

    /**
     * @throws SignatureRejectedException when the request is not authentic, not fresh, or not new
     * @throws NotReady
     */
    public function verify(IRequest $request, string $body): Verified
    {
        $this->contract->check();
        $cache = $this->caches->createDistributed(Application::APP_ID . '/');
        if (!$cache instanceof IMemcache) {
            throw new NotReady('The memory cache cannot add a value atomically.');
        }
        $profile = $this->contract->profile();
        $verifier = new Verifier(
            $profile,
            [$this->contract->key()],
            claim: static fn (string $id, int $ttl): bool => $cache->add($id, 1, $ttl),
        );
        $headers = [];
        foreach (array_keys($profile->describe()['headers']) as $name) {
            $headers[$name] = $request->getHeader($name);
        }
        // Of a header that is missing, IRequest says that it is empty.
        $headers = array_filter($headers, static fn (string $value): bool => $value !== '');
        return $verifier->verify($headers, $body, $request->getMethod(), $request->getRequestUri());
    }
}
