<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Controller;

use OCA\SignedBackend\Service\Contract;
use OCP\AppFramework\Controller;
use OCP\AppFramework\Http;
use OCP\AppFramework\Http\Attribute\FrontpageRoute;
use OCP\AppFramework\Http\JSONResponse;
use OCP\IRequest;

/** For administrators only, which is what Nextcloud requires where a method says nothing else. */
final class SettingsController extends Controller
{
    public function __construct(
        string $appName,
        IRequest $request,
        private readonly Contract $contract,
    ) {
        parent::__construct($appName, $request);
    }

    #[FrontpageRoute(verb: 'PUT', url: '/settings')]
    public function update(string $backend, string $keyId, #[\SensitiveParameter] string $key): JSONResponse
    {
        if (!extension_loaded('hw_signature')) {
            return new JSONResponse(['message' => $this->contract->problem()], Http::STATUS_SERVICE_UNAVAILABLE);
        }
        try {
            $this->contract->configure($backend, $keyId, $key);
        } catch (\ValueError $error) {
            return new JSONResponse(['message' => $error->getMessage()], Http::STATUS_BAD_REQUEST);
        }
        return new JSONResponse(['message' => $this->contract->problem()]);
    }
}
