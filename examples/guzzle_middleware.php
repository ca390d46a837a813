<?php

/**
 * Signs every request that Guzzle, or any PSR-18 client, sends.
 *
 *     $signer = new HwSignature\Signer(HwSignature\Profile::named('django'), HwSignature\Key::fromBytes($secret));
 *
 *     // Guzzle: pushed last, so that it signs what is really sent, and signs anew on a redirect or a retry.
 *     $handlers = GuzzleHttp\HandlerStack::create();
 *     $handlers->push(HwSignature\Examples\signing($signer));
 *     $client = new GuzzleHttp\Client(['handler' => $handlers]);
 *
 *     // PSR-18:
 *     $client->sendRequest(HwSignature\Examples\signed($request, $signer));
 */

declare(strict_types=1);

namespace HwSignature\Examples;

use GuzzleHttp\Middleware;
use GuzzleHttp\Psr7\CachingStream;
use HwSignature\Signer;
use Psr\Http\Message\RequestInterface;

function signing(Signer $signer): callable
{
    return Middleware::mapRequest(static fn (RequestInterface $request): RequestInterface => signed($request, $signer));
}

function signed(RequestInterface $request, Signer $signer): RequestInterface
{
    // A body that can be read only once would be gone when it is to be sent.
    if (!$request->getBody()->isSeekable()) {
        $request = $request->withBody(new CachingStream($request->getBody()));
    }
    $body = $request->getBody();
    $body->rewind();
    $signature = $signer->stream($request->getMethod(), $request->getRequestTarget());
    while (!$body->eof()) {
        $signature->update($body->read(65536));
    }
    $body->rewind();
    foreach ($signature->finish() as $name => $value) {
        $request = $request->withHeader($name, $value);
    }
    return $request;
}
