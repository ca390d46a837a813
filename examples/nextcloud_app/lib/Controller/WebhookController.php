<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Controller;

use HwSignature\HwSignatureException;
use HwSignature\Reason;
use HwSignature\SignatureRejectedException;
use HwSignature\Verified;
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
use OCP\Security\Bruteforce\IThrottler;
use Psr\Log\LoggerInterface;

/** What the backend calls. */
final class WebhookController extends Controller
{
    public function __construct(
        string $appName,
        IRequest $request,
        private readonly RequestVerifier $verifier,
        private readonly IThrottler $throttler,
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
        // The type that PHP goes by. It has taken such a body apart, and php://input is empty: with the signature of an
        // empty body, any would pass.
        if (stripos($this->request->server['CONTENT_TYPE'] ?? '', 'multipart/form-data') === 0) {
            $this->logger->warning('A request was refused: multipart/form-data cannot be verified', ['app' => $this->appName]);
            return new JSONResponse([], Http::STATUS_UNSUPPORTED_MEDIA_TYPE);
        }
        try {
            $body = (string) file_get_contents('php://input');
            $response = $this->verifier->run($this->request, $body, fn (Verified $verified): JSONResponse => $this->work($verified));
        } catch (SignatureRejectedException $rejected) {
            // The log learns the reason, the caller does not.
            $this->logger->warning('A request was refused: ' . $rejected->getReason()->value, ['app' => $this->appName]);
            $response = new JSONResponse([], Http::STATUS_UNAUTHORIZED);
            // Only guesses slow the caller down: a retry, or a clock that is off, must not lock the backend out.
            if (in_array($rejected->getReason(), [Reason::SignatureMismatch, Reason::UnknownKey], true)) {
                $response->throttle();
            }
            return $response;
        } catch (HwSignatureException | NotReady $failure) {
            $this->logger->error('A request could not be verified', ['app' => $this->appName, 'exception' => $failure]);
            return new JSONResponse([], Http::STATUS_SERVICE_UNAVAILABLE);
        }
        $this->throttler->resetDelay($this->request->getRemoteAddress(), 'signed_backend', []);
        return $response;
    }

    /** Stands for what an app does with the request. */
    private function work(Verified $verified): JSONResponse
    {
        return new JSONResponse(['from' => $verified->keyId]);
    }
}
