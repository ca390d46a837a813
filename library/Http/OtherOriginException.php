<?php

declare(strict_types=1);

namespace HwSignature\Http;

use HwSignature\HwSignatureException;
use Psr\Http\Client\RequestExceptionInterface;
use Psr\Http\Message\RequestInterface;

/** A request was not signed, and not sent, because it goes to another origin than the one that the key is shared with. */
final class OtherOriginException extends HwSignatureException implements RequestExceptionInterface
{
    public function __construct(private readonly RequestInterface $request, string $origin)
    {
        parent::__construct("The request does not go to $origin, and is signed for nobody else: was it redirected?");
    }

    public function getRequest(): RequestInterface
    {
        return $this->request;
    }
}
