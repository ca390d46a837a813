<?php

declare(strict_types=1);

namespace HwSignature\Http;

use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;

/**
 * A PSR-18 client that signs what another one sends.
 *
 *     $client = new SigningClient(new SignRequests($signer, 'https://backend.example'), $client);
 *
 * The client inside must not follow redirects, which would take the signature along to wherever they lead. Guzzle's
 * `sendRequest()` follows none; Symfony's `Psr18Client` needs an HttpClient with `max_redirects` 0.
 */
final class SigningClient implements ClientInterface
{
    public function __construct(private readonly SignRequests $signing, private readonly ClientInterface $client)
    {
    }

    /**
     * @throws OtherOriginException when the request goes to another origin
     * @throws \Psr\Http\Client\ClientExceptionInterface when the client inside throws it
     */
    public function sendRequest(RequestInterface $request): ResponseInterface
    {
        return $this->client->sendRequest($this->signing->sign($request));
    }
}
