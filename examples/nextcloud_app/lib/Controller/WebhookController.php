<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Controller;

use HwSignature\HwSignatureException;
use HwSignature\SignatureRejectedException;
use OCA\SignedBackend\Service\NotReady;
use OCA\SignedBackend\Service\RequestVerifier;
use OCP\AppFramework\Controller;
use OCP\AppFramework\Http;
use OCP\AppFramework\Http\Attribute\BruteForceProtection;
use OCP\AppFramework\Http\Attribute\FrontpageRoute;
use OCP\AppFramework\Http\Attribute\NoCSRFRequired;
use OCP\AppFramework\Http\Attribute\PublicPage;
use OCP\AppFramework\Http\JSONResponse;
use OCP\IRequest;
use Psr\Log\LoggerInterface;

/** What the backend calls. */
final class WebhookController extends Controller
{
    public function __construct(
        string $appName,
        IRequest $request,
        private readonly RequestVerifier $verifier,
        private readonly LoggerInterface $logger,
    ) {
        parent::__construct($appName, $request);
    }

    /** The signature stands in for the session and the CSRF token. */
    #[PublicPage]
    #[NoCSRFRequired]
    #[BruteForceProtection(action: 'signed_backend')]
    #[FrontpageRoute(verb: 'POST', url: '/webhook')]
    public function receive(): JSONResponse
    {
        try {
            $verified = $this->verifier->verify($this->request, (string) file_get_contents('php://input'));
        } catch (SignatureRejectedException $rejected) {
            // The log learns the reason, the caller does not.
            $this->logger->warning('A request was refused: ' . $rejected->getReason()->value, ['app' => $this->appName]);
            $response = new JSONResponse([], Http::STATUS_UNAUTHORIZED);
            $response->throttle(['action' => 'signed_backend']);
            return $response;
        } catch (HwSignatureException | NotReady $failure) {
            $this->logger->error('A request could not be verified', ['app' => $this->appName, 'exception' => $failure]);
            return new JSONResponse([], Http::STATUS_SERVICE_UNAVAILABLE);
        }
        return new JSONResponse(['from' => $verified->keyId]);
    }
}
