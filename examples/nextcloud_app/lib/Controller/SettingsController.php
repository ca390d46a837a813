<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Controller;

use OCA\SignedBackend\Service\Backend;
use OCA\SignedBackend\Service\Contract;
use OCA\SignedBackend\Service\NotReady;
use OCP\AppFramework\Controller;
use OCP\AppFramework\Http;
use OCP\AppFramework\Http\Attribute\FrontpageRoute;
use OCP\AppFramework\Http\JSONResponse;
use OCP\IRequest;

/** What the settings page calls. For administrators only, which is what Nextcloud requires where a method says nothing else. */
final class SettingsController extends Controller
{
    public function __construct(
        string $appName,
        IRequest $request,
        private readonly Contract $contract,
        private readonly Backend $backend,
    ) {
        parent::__construct($appName, $request);
    }

    #[FrontpageRoute(verb: 'PUT', url: '/settings')]
    public function update(string $backend, string $keyId, #[\SensitiveParameter] string $key = '', string $publicUrl = ''): JSONResponse
    {
        try {
            $this->contract->configure($backend, $keyId, $key, $publicUrl);
        } catch (\InvalidArgumentException $error) {
            return new JSONResponse(['message' => $error->getMessage()], Http::STATUS_BAD_REQUEST);
        } catch (NotReady $problem) {
            return new JSONResponse(['message' => $problem->getMessage()], Http::STATUS_SERVICE_UNAVAILABLE);
        }
        return new JSONResponse(['message' => 'Saved.', 'webhook' => $this->contract->webhookUrl()]);
    }

    /** Sends a signed GET, and says what the answer means. */
    #[FrontpageRoute(verb: 'POST', url: '/settings/test')]
    public function test(string $target): JSONResponse
    {
        try {
            $status = $this->backend->get($target)->getStatusCode();
        } catch (\InvalidArgumentException | NotReady $problem) {
            return new JSONResponse(['message' => $problem->getMessage()], Http::STATUS_BAD_REQUEST);
        } catch (\Exception $failure) {
            return new JSONResponse(['message' => 'The backend did not answer: ' . $failure->getMessage()], Http::STATUS_BAD_GATEWAY);
        }
        return new JSONResponse(['message' => "The backend answered $status: " . match (true) {
            $status >= 200 && $status < 300 => 'the signature was accepted, if this path asks for one.',
            $status === 401 || $status === 403 => 'the signature was refused. Compare the key, the client ID and both clocks.',
            default => 'that says nothing about the signature. Try another path.',
        }]);
    }
}
