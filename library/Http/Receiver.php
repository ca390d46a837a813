<?php

declare(strict_types=1);

namespace HwSignature\Http;

use HwSignature\ReplayGuardException;
use HwSignature\SignatureRejectedException;
use HwSignature\Verified;
use HwSignature\Verifier;
use Psr\Log\LoggerInterface;

/**
 * What the receivers for PSR-15, Symfony and Laravel share: the reason goes into the log, and a request that could not be
 * handled may be sent again.
 *
 * @internal
 */
final class Receiver
{
    /** @param (\Closure(string): mixed)|null $release gives back what the verifier's replay guard has claimed */
    public function __construct(
        private readonly Verifier $verifier,
        private readonly ?LoggerInterface $logger,
        private readonly ?\Closure $release,
    ) {
    }

    /**
     * @throws SignatureRejectedException
     * @throws ReplayGuardException
     */
    public function verify(IncomingRequest $request): Verified
    {
        try {
            return $request->verify($this->verifier);
        } catch (SignatureRejectedException $rejected) {
            // Not the exception itself: its trace may have the arguments, and so the payload.
            $this->logger?->warning('A request was rejected: {message}', [
                'message' => $rejected->getMessage(),
                'reason' => $rejected->getReason()->value,
            ]);
            throw $rejected;
        }
    }

    /**
     * Handles the request, and releases what was claimed when that throws or answers with a status of 500 or more, which is
     * what frameworks make of an exception.
     *
     * @template T of \Psr\Http\Message\ResponseInterface|\Symfony\Component\HttpFoundation\Response
     *
     * @param \Closure(): T $handle
     *
     * @return T
     */
    public function handle(Verified $verified, \Closure $handle): object
    {
        try {
            $response = $handle();
        } catch (\Throwable $thrown) {
            $this->release($verified);
            throw $thrown;
        }
        if ($response->getStatusCode() >= 500) {
            $this->release($verified);
        }

        return $response;
    }

    /** To be called when the request was not handled, so that it is accepted when its sender tries again. */
    public function release(Verified $verified): void
    {
        if ($this->release === null) {
            return;
        }
        foreach ($verified->replayIds as $id) {
            ($this->release)($id);
        }
    }
}
