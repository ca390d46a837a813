<?php

declare(strict_types=1);

namespace HwSignature\Http\Symfony;

use HwSignature\Http\IncomingRequest;
use HwSignature\Http\Receiver;
use HwSignature\SignatureRejectedException;
use HwSignature\Verified;
use HwSignature\Verifier;
use Psr\Log\LoggerInterface;
use Symfony\Component\EventDispatcher\EventSubscriberInterface;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\HttpKernel\Event\ResponseEvent;
use Symfony\Component\HttpKernel\KernelEvents;
use Symfony\Component\Security\Core\Authentication\Token\TokenInterface;
use Symfony\Component\Security\Core\Exception\AuthenticationException;
use Symfony\Component\Security\Http\Authenticator\AbstractAuthenticator;
use Symfony\Component\Security\Http\Authenticator\Passport\Badge\UserBadge;
use Symfony\Component\Security\Http\Authenticator\Passport\Passport;
use Symfony\Component\Security\Http\Authenticator\Passport\SelfValidatingPassport;

/**
 * An authenticator of Symfony's security: the firewall lets authentic, fresh and new requests through only. The user is
 * the one whose name is the id of the key.
 *
 * Everything else is answered with an empty 401, and the reason goes into the log. The controller finds what is known of
 * the request in the attribute `HwSignature\Verified`.
 */
final class SignatureAuthenticator extends AbstractAuthenticator implements EventSubscriberInterface
{
    private readonly Receiver $receiver;

    /** @var \WeakMap<Request, Verified> what was let through here, and not by another firewall's authenticator */
    private readonly \WeakMap $verified;

    /**
     * @param (callable(string): mixed)|null $release gives back an id that the verifier's replay guard has claimed:
     *     called when the answer has a status of 500 or more, so that a second attempt of the sender is no replay
     * @param string|null $origin see `IncomingRequest::fromGlobals()`
     */
    public function __construct(
        Verifier $verifier,
        ?LoggerInterface $logger = null,
        ?callable $release = null,
        private readonly ?string $origin = null,
    ) {
        $this->receiver = new Receiver($verifier, $logger, $release === null ? null : $release(...));
        $this->verified = new \WeakMap();
    }

    /** Always: a request without a signature is to be refused, and not to be let through. */
    public function supports(Request $request): ?bool
    {
        return true;
    }

    /**
     * @throws AuthenticationException when the request was rejected
     * @throws \HwSignature\ReplayGuardException when the replay guard threw: nothing is accepted unseen
     * @throws \LogicException when the key that matched has no id
     */
    public function authenticate(Request $request): Passport
    {
        try {
            $verified = $this->receiver->verify(IncomingRequest::fromSymfony($request, $this->origin));
        } catch (SignatureRejectedException $rejected) {
            throw new AuthenticationException(previous: $rejected);
        }
        if ($verified->keyId === null) {
            throw new \LogicException('The key that matched has no id: it is the name of the user');
        }
        $this->verified[$request] = $verified;
        $request->attributes->set(Verified::class, $verified);

        return new SelfValidatingPassport(new UserBadge($verified->keyId));
    }

    public function onAuthenticationSuccess(Request $request, TokenInterface $token, string $firewallName): ?Response
    {
        return null;
    }

    public function onAuthenticationFailure(Request $request, AuthenticationException $exception): ?Response
    {
        return new Response('', 401);
    }

    /** @return array<string, string> */
    public static function getSubscribedEvents(): array
    {
        return [KernelEvents::RESPONSE => 'onResponse'];
    }

    /** Symfony makes an answer of what a controller throws. */
    public function onResponse(ResponseEvent $event): void
    {
        $verified = $this->verified[$event->getRequest()] ?? null;
        if ($verified !== null && $event->getResponse()->getStatusCode() >= 500) {
            $this->receiver->release($verified);
        }
    }
}
