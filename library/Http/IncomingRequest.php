<?php

declare(strict_types=1);

namespace HwSignature\Http;

use HwSignature\Reason;
use HwSignature\SignatureRejectedException;
use HwSignature\Verified;
use HwSignature\Verifier;
use Psr\Http\Message\ServerRequestInterface;
use Symfony\Component\HttpFoundation\Request;

/**
 * A request as it came: what a `Verifier` has to be given.
 *
 *     $request = IncomingRequest::fromGlobals();
 *     if (!$request->isValid($verifier)) {
 *         http_response_code(401);
 *         exit;
 *     }
 *     handle($request->payload);
 *
 * A request of which the application would see more than the signature covers is rejected, whatever its signature:
 *
 * - The payload is empty and the request is not. PHP takes `multipart/form-data` apart before the program starts; the
 *   stream is empty then, and an empty payload may well be what was signed.
 * - It asks to be treated as if it had another method (`X-HTTP-Method-Override`, `_method`).
 * - Its target is no path, with or without a query. A server takes the whole URL of another server, too (RFC 9112,
 *   section 3.2.2).
 *
 * Making one never throws because of what a caller sent.
 */
final class IncomingRequest
{
    /** Headers by which frameworks let a method be replaced. */
    private const METHOD_HEADERS = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'];

    /** Fields of the form or of the query by which they do. */
    private const METHOD_FIELDS = ['_method', '_METHOD'];

    /**
     * @param array<array-key, mixed> $headers in one of the shapes that `Verifier::verify()` takes
     * @param string $payload the body, byte for byte
     * @param string $method the method that the router acts on
     * @param string $target path and query as they came, behind the origin if one was given
     */
    private function __construct(
        public readonly array $headers,
        public readonly string $payload,
        public readonly string $method,
        public readonly string $target,
        private readonly ?SignatureRejectedException $rejection,
    ) {
    }

    /**
     * Takes the request that PHP is answering, from `$_SERVER` and `php://input`.
     *
     * @param string|null $origin scheme, host and port under which clients know this server, such as
     *     `https://hooks.example`: where the contract signs the whole URL, nothing is accepted without it. It is never
     *     taken from the request
     *
     * @throws \ValueError when the origin is none
     */
    public static function fromGlobals(?string $origin = null): self
    {
        $payload = (string) file_get_contents('php://input');
        $method = self::text($_SERVER['REQUEST_METHOD'] ?? null);
        $header = static function (string $name): string {
            $name = strtr(strtoupper($name), '-', '_');
            // CONTENT_TYPE and CONTENT_LENGTH, by which PHP goes, have no prefix (RFC 3875, section 4.1).
            return self::text($_SERVER[$name] ?? $_SERVER["HTTP_$name"] ?? null);
        };

        return self::make(
            $_SERVER,
            $payload,
            $method,
            self::text($_SERVER['REQUEST_URI'] ?? null),
            $origin,
            self::isTakenApart($payload, $header, $_POST, $_FILES),
            self::isOverridden($method, $header, $_POST, $_GET),
        );
    }

    /**
     * Takes a PSR-7 request. A body that can be read only once has been read then.
     *
     * @param string|null $origin see `fromGlobals()`
     *
     * @throws \ValueError when the origin is none
     */
    public static function fromPsr7(ServerRequestInterface $request, ?string $origin = null): self
    {
        $payload = (string) $request->getBody();
        $method = $request->getMethod();
        $header = $request->getHeaderLine(...);
        $form = (array) $request->getParsedBody();

        return self::make(
            $request->getHeaders(),
            $payload,
            $method,
            $request->getRequestTarget(),
            $origin,
            self::isTakenApart($payload, $header, $form, $request->getUploadedFiles()),
            self::isOverridden($method, $header, $form, $request->getQueryParams()),
        );
    }

    /**
     * Takes a request of Symfony or of Laravel.
     *
     * @param string|null $origin see `fromGlobals()`
     *
     * @throws \ValueError when the origin is none
     */
    public static function fromSymfony(Request $request, ?string $origin = null): self
    {
        $payload = $request->getContent();
        $header = static fn (string $name): string => (string) $request->headers->get($name);
        try {
            $isOverridden = $request->getMethod() !== $request->getRealMethod();
        } catch (\UnexpectedValueException) { // The override is no method.
            $isOverridden = true;
        }
        $form = $request->request->all();

        return self::make(
            $request->headers->all(),
            $payload,
            $request->getRealMethod(),
            $request->getRequestUri(),
            $origin,
            self::isTakenApart($payload, $header, $form, $request->files->all()),
            $isOverridden,
        );
    }

    /**
     * Says what is known of the request, or why it was rejected.
     *
     * @throws SignatureRejectedException when the request is not authentic, not fresh, or not new, and when the
     *     application would see more of it than the signature covers
     * @throws \HwSignature\ReplayGuardException when the replay guard threw
     */
    public function verify(Verifier $verifier): Verified
    {
        if ($this->rejection !== null) {
            throw $this->rejection;
        }

        return $verifier->verify($this->headers, $this->payload, $this->method, $this->target);
    }

    /**
     * Tells whether the request is authentic, fresh and new. Nothing that a caller can send makes it throw.
     *
     * @throws \HwSignature\ReplayGuardException when the replay guard threw
     */
    public function isValid(Verifier $verifier): bool
    {
        return $this->rejection === null
            && $verifier->isValid($this->headers, $this->payload, $this->method, $this->target);
    }

    /**
     * Gives the same request with another payload, for contracts that do not sign the body: the callback user name of a
     * Huawei receipt, the text of a Talk bot's message.
     */
    public function withPayload(string $payload): self
    {
        return new self($this->headers, $payload, $this->method, $this->target, $this->rejection);
    }

    /**
     * Gives the same request with another target, where something in between has changed the one that the sender signed: a
     * proxy that takes a prefix away, an application that knows its own address. It comes from the configuration, and only
     * the query from the request.
     *
     * @param string $target a path with or without a query, or an absolute URL
     */
    public function withTarget(string $target): self
    {
        return new self($this->headers, $this->payload, $this->method, $target, $this->rejection);
    }

    /** @param array<array-key, mixed> $headers */
    private static function make(
        array $headers,
        string $payload,
        string $method,
        string $target,
        ?string $origin,
        bool $isTakenApart,
        bool $isOverridden,
    ): self {
        $rejection = match (true) {
            $isTakenApart => new SignatureRejectedException(
                'the payload is empty and the request is not: PHP has taken the body apart',
                reason: Reason::UnsignedPayload,
            ),
            $isOverridden => new SignatureRejectedException(
                'the request asks to be treated as if it had another method',
                reason: Reason::MalformedRequest,
            ),
            !str_starts_with($target, '/') => new SignatureRejectedException(
                'the target does not begin with a slash',
                reason: Reason::MalformedRequest,
            ),
            default => null,
        };
        $prefix = $origin === null ? '' : (string) Origin::of($origin);

        return new self($headers, $payload, $method, "$prefix$target", $rejection);
    }

    /**
     * @param callable(string): string $header
     * @param array<array-key, mixed> $form
     * @param array<array-key, mixed> $files
     */
    private static function isTakenApart(string $payload, callable $header, array $form, array $files): bool
    {
        return $payload === '' && ($form !== [] || $files !== []
            || (int) $header('Content-Length') > 0
            || stripos(ltrim($header('Content-Type')), 'multipart/') === 0);
    }

    /**
     * @param callable(string): string $header
     * @param array<array-key, mixed> ...$fields
     */
    private static function isOverridden(string $method, callable $header, array ...$fields): bool
    {
        $wanted = array_map($header, self::METHOD_HEADERS);
        foreach ($fields as $values) {
            foreach (self::METHOD_FIELDS as $name) {
                $wanted[] = self::text($values[$name] ?? null);
            }
        }
        foreach ($wanted as $other) {
            if ($other !== '' && strcasecmp($other, $method) !== 0) {
                return true;
            }
        }

        return false;
    }

    private static function text(mixed $value): string
    {
        return is_string($value) ? $value : '';
    }
}
