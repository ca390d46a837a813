<?php

declare(strict_types=1);

namespace HwSignature\Http;

use HwSignature\Signer;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\StreamFactoryInterface;

/**
 * Signs PSR-7 requests, and is a middleware of Guzzle.
 *
 *     $handlers = GuzzleHttp\HandlerStack::create();
 *     $handlers->push(new SignRequests($signer, 'https://backend.example'));
 *     $client = new GuzzleHttp\Client(['handler' => $handlers]);
 *
 * Pushed last, it signs what is really sent, and signs anew when Guzzle repeats a request or follows a redirect.
 *
 * It signs for one origin. A request to any other, by a redirect or by mistake, is not sent: a signature does not say
 * whom it is for, so that whoever received it could use it at the right place.
 */
final class SignRequests
{
    private const PIECE_BYTES = 65536;

    /** Headers that belong to a connection, or that are written when the request is sent (RFC 9110, section 7.6.1). */
    private const OF_THE_CONNECTION = [
        'connection', 'content-length', 'expect', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade',
    ];

    private readonly Origin $origin;

    /**
     * @param string $origin the scheme, the host and perhaps the port that the key is shared with, such as
     *     `https://backend.example`
     * @param StreamFactoryInterface|null $streams makes a copy of a body that can be read only once, in memory up to
     *     2 MiB and on disk beyond; every other body is read where it is
     *
     * @throws \ValueError when the origin is none
     */
    public function __construct(
        private readonly Signer $signer,
        string $origin,
        private readonly ?StreamFactoryInterface $streams = null,
    ) {
        $this->origin = Origin::of($origin);
    }

    /**
     * Wraps a handler of Guzzle.
     *
     * @param callable(RequestInterface, array<string, mixed>): mixed $handler
     *
     * @return callable(RequestInterface, array<string, mixed>): mixed
     */
    public function __invoke(callable $handler): callable
    {
        return fn (RequestInterface $request, array $options): mixed => $handler($this->sign($request), $options);
    }

    /**
     * Gives the same request with the headers that sign it.
     *
     * @throws OtherOriginException when the request goes to another origin
     * @throws \ValueError when there is a body with a method for which the profile signs none
     * @throws \LogicException when the body can be read only once, and there is no factory to copy it with
     */
    public function sign(RequestInterface $request): RequestInterface
    {
        if (!$this->origin->isThatOf($request->getUri())) {
            throw new OtherOriginException($request, (string) $this->origin);
        }
        if (!$request->getBody()->isSeekable()) {
            $request = $this->withCopiedBody($request);
        }
        $body = $request->getBody();
        $body->rewind();
        $signature = $this->signer->stream(
            $request->getMethod(),
            $this->origin . $request->getRequestTarget(),
            headers: array_diff_key(array_change_key_case($request->getHeaders()), array_flip(self::OF_THE_CONNECTION)),
        );
        while (!$body->eof()) {
            $signature->update($body->read(self::PIECE_BYTES));
        }
        $body->rewind();
        foreach ($signature->finish() as $name => $value) {
            $request = $request->withHeader($name, $value);
        }

        return $request;
    }

    private function withCopiedBody(RequestInterface $request): RequestInterface
    {
        if ($this->streams === null) {
            throw new \LogicException('The body can be read only once: SignRequests needs a StreamFactoryInterface');
        }
        $body = $request->getBody();
        $copy = $this->streams->createStreamFromResource(fopen('php://temp', 'w+'));
        while (!$body->eof()) {
            $copy->write($body->read(self::PIECE_BYTES));
        }

        return $request->withBody($copy);
    }
}
