<?php

declare(strict_types=1);

namespace HwSignature\Http\Laravel;

use Closure;
use HwSignature\Http\IncomingRequest;
use HwSignature\Http\Receiver;
use HwSignature\SignatureRejectedException;
use HwSignature\Verified;
use HwSignature\Verifier;
use Illuminate\Http\Request;
use Psr\Log\LoggerInterface;
use Symfony\Component\HttpFoundation\Response;

/**
 * A middleware of Laravel: the routes behind it see authentic, fresh and new requests only.
 *
 * Everything else is answered with an empty 401, and the reason goes into the log. The route finds what is known of the
 * request in the attribute `HwSignature\Verified`.
 */
final class VerifySignature
{
    private readonly Receiver $receiver;

    /**
     * @param (callable(string): mixed)|null $release gives back an id that the verifier's replay guard has claimed:
     *     called when the route throws or answers with a status of 500 or more, so that a second attempt of the sender is
     *     no replay
     * @param string|null $origin see `IncomingRequest::fromGlobals()`
     */
    public function __construct(
        Verifier $verifier,
        ?LoggerInterface $logger = null,
        ?callable $release = null,
        private readonly ?string $origin = null,
    ) {
        $this->receiver = new Receiver($verifier, $logger, $release === null ? null : $release(...));
    }

    /**
     * @param Closure(Request): Response $next
     *
     * @throws \HwSignature\ReplayGuardException when the replay guard threw: nothing is accepted unseen
     */
    public function handle(Request $request, Closure $next): Response
    {
        try {
            $verified = $this->receiver->verify(IncomingRequest::fromSymfony($request, $this->origin));
        } catch (SignatureRejectedException) {
            return new Response('', 401);
        }
        $request->attributes->set(Verified::class, $verified);

        return $this->receiver->handle($verified, static fn(): Response => $next($request));
    }
}
