<?php

declare(strict_types=1);

namespace HwSignature\Http;

use HwSignature\SignatureRejectedException;
use HwSignature\Verified;
use HwSignature\Verifier;
use Psr\Http\Message\ResponseFactoryInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Psr\Http\Server\MiddlewareInterface;
use Psr\Http\Server\RequestHandlerInterface;
use Psr\Log\LoggerInterface;

/**
 * A PSR-15 middleware: what is behind it sees authentic, fresh and new requests only.
 *
 * Everything else is answered with an empty 401, and the reason goes into the log. The handler finds what is known of the
 * request in the attribute `HwSignature\Verified`, and a body that stands at its beginning.
 *
 * It has to stand before whatever changes the method, the path or the body, and behind what turns exceptions into
 * answers.
 */
final class VerifySignature implements MiddlewareInterface
{
    private readonly Receiver $receiver;

    /**
     * @param (callable(string): mixed)|null $release gives back an id that the verifier's replay guard has claimed:
     *     called when the handler throws or answers with a status of 500 or more, so that a second attempt of the sender
     *     is no replay
     * @param string|null $origin see `IncomingRequest::fromGlobals()`
     * @param StreamFactoryInterface|null $streams makes a new body for the handler where the body of the request can be
     *     read only once
     */
    public function __construct(
        Verifier $verifier,
        private readonly ResponseFactoryInterface $responses,
        ?LoggerInterface $logger = null,
        ?callable $release = null,
        private readonly ?string $origin = null,
        private readonly ?StreamFactoryInterface $streams = null,
    ) {
        $this->receiver = new Receiver($verifier, $logger, $release === null ? null : $release(...));
    }

    /**
     * @throws \HwSignature\ReplayGuardException when the replay guard threw: nothing is accepted unseen
     * @throws \LogicException when the body can be read only once, and there is no factory to make another
     */
    public function process(ServerRequestInterface $request, RequestHandlerInterface $handler): ResponseInterface
    {
        $canBeReadAgain = $request->getBody()->isSeekable();
        if (!$canBeReadAgain && $this->streams === null) {
            throw new \LogicException('The body can be read only once: VerifySignature needs a StreamFactoryInterface');
        }
        $incoming = IncomingRequest::fromPsr7($request, $this->origin);
        try {
            $verified = $this->receiver->verify($incoming);
        } catch (SignatureRejectedException) {
            return $this->responses->createResponse(401);
        }
        if (!$canBeReadAgain) {
            $request = $request->withBody($this->streams->createStream($incoming->payload));
        }
        $request->getBody()->rewind();
        $request = $request->withAttribute(Verified::class, $verified);

        return $this->receiver->handle($verified, static fn(): ResponseInterface => $handler->handle($request));
    }
}
