<?php

declare(strict_types=1);

namespace HwSignature\Testing;

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use Psr\Http\Message\ServerRequestFactoryInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Symfony\Component\HttpFoundation\Request;

/**
 * A signed request in each shape in which a receiver may get it, the same one every time: the clock stands still, and so
 * does the nonce.
 *
 *     $request = SignedRequest::of('huawei-push', Key::fromBytes('the key of the tests'), '{"from":"token"}');
 *     $response = $this->call($request->method, $request->target, server: $request->server(), content: $request->payload);
 *
 * The receiver has to have the same clock: `new Verifier(…, clock: fn(): int => SignedRequest::NOW)`.
 */
final class SignedRequest
{
    /** Unix time in seconds: when requests are signed, if nothing else was asked for. */
    public const NOW = 1_800_000_000;

    /**
     * @param array<string, mixed> $headers name => value, or a list of values where the header comes more than once
     * @param array<string, string> $fields of a form that PHP has taken apart, so that the payload is empty
     */
    private function __construct(
        public readonly Profile $profile,
        public readonly Key $key,
        public readonly string $payload,
        public readonly string $method,
        public readonly string $target,
        public readonly int $now,
        public readonly array $headers,
        public readonly array $fields = [],
    ) {
    }

    /**
     * Signs a request.
     *
     * @param Profile|string $profile the contract, or the name of a built-in one
     * @param Key $key the key that the receiver has too, with an id where the contract sends one
     * @param string $payload the body, which has to be what the contract signs
     * @param string $target path and query; the whole URL where the contract signs it
     * @param string|null $nonce null for one that is always the same
     * @param int $now Unix time in seconds: when it is signed
     * @param array<string, string> $headers other headers of the request, among them those that the contract signs
     */
    public static function of(
        Profile|string $profile,
        Key $key,
        string $payload = '{"event":"test","number":1}',
        string $method = 'POST',
        string $target = '/webhook',
        ?string $nonce = null,
        int $now = self::NOW,
        array $headers = ['Content-Type' => 'application/json'],
    ): self {
        $profile = is_string($profile) ? Profile::named($profile) : $profile;
        $row = $profile->describe();
        $nonce ??= $row['nonce'] === null ? null : self::nonceThatFits($row['nonce']);
        $timestamp = match ($row['timestampFormat']?->value) {
            null => null,
            'milliseconds' => $now * 1000,
            default => $now,
        };
        $headers += $row['signedHeaders'] === [] ? [] : ['Host' => self::authority($target)];
        $signed = (new Signer($profile, $key))->sign($payload, $method, $target, $nonce, $timestamp, $headers);

        return new self($profile, $key, $payload, $method, $target, $now, $signed + $headers);
    }

    /**
     * The headers as `getallheaders()` gives them. The second value of a header that comes twice has its name in another
     * letter case, as it may come.
     *
     * @return array<string, mixed>
     */
    public function headers(): array
    {
        $headers = [];
        foreach ($this->headers as $name => $values) {
            foreach (is_array($values) ? $values : [$values] as $index => $value) {
                $other = strtolower($name) === $name ? strtoupper($name) : strtolower($name);
                $headers[$index === 0 ? $name : $other] = $value;
            }
        }

        return $headers;
    }

    /**
     * `$_SERVER`, where a server has joined the values of a header that comes twice.
     *
     * @return array<string, string>
     */
    public function server(): array
    {
        $server = [
            'SERVER_PROTOCOL' => 'HTTP/1.1',
            'REQUEST_METHOD' => $this->method,
            'REQUEST_URI' => $this->path(),
            'HTTP_HOST' => self::authority($this->target),
            'QUERY_STRING' => (string) parse_url(self::url($this->target), PHP_URL_QUERY),
            'CONTENT_LENGTH' => (string) strlen($this->payload),
        ];
        foreach ($this->headers as $name => $values) {
            $name = strtr(strtoupper($name), '-', '_');
            $prefix = in_array($name, ['CONTENT_TYPE', 'CONTENT_LENGTH'], true) ? '' : 'HTTP_';
            $server["$prefix$name"] = implode(', ', self::texts($values));
        }

        return $server;
    }

    /** A request of PSR-7, made by whichever library implements PSR-17. */
    public function psr7(ServerRequestFactoryInterface&StreamFactoryInterface $factory): ServerRequestInterface
    {
        $request = $factory->createServerRequest($this->method, self::url($this->target), $this->server())
            ->withBody($factory->createStream($this->payload))
            ->withQueryParams($this->query())
            ->withParsedBody($this->fields === [] ? null : $this->fields);
        foreach ($this->headers as $name => $values) {
            $request = $request->withHeader($name, self::texts($values));
        }

        return $request;
    }

    /** A request of Symfony. Laravel's is `Illuminate\Http\Request::createFromBase()` of it. */
    public function symfony(): Request
    {
        $request = new Request($this->query(), $this->fields, [], [], [], $this->server(), $this->payload);
        foreach ($this->headers as $name => $values) {
            $request->headers->set($name, self::texts($values));
        }

        return $request;
    }

    /**
     * Gives the same request with another value of a header, and the same signature.
     *
     * @param mixed $value a text, or a list of texts where the header comes more than once
     */
    public function withHeader(string $name, mixed $value): self
    {
        return $this->with(['headers' => [$name => $value] + $this->headers]);
    }

    /** Gives the same request without a header. */
    public function withoutHeader(string $name): self
    {
        return $this->with(['headers' => array_diff_key($this->headers, [$name => null])]);
    }

    /** Gives the same request with another payload, and the same signature. */
    public function withPayload(string $payload): self
    {
        return $this->with(['payload' => $payload]);
    }

    /** Gives the same request with another method, and the same signature. */
    public function withMethod(string $method): self
    {
        return $this->with(['method' => $method]);
    }

    /** Gives the same request with another target, and the same signature. */
    public function withTarget(string $target): self
    {
        return $this->with(['target' => $target]);
    }

    /**
     * Gives the same request with a form that PHP has taken apart, and the same signature.
     *
     * @param array<string, string> $fields
     */
    public function withFields(array $fields): self
    {
        return $this->with(['fields' => $fields])->withHeader('Content-Type', 'multipart/form-data; boundary=b');
    }

    /** @param array<string, mixed> $changes by property */
    private function with(array $changes): self
    {
        return new self(...$changes + get_object_vars($this));
    }

    /** A nonce that a grammar allows: a UUID, a set with its length, or the one text. */
    private static function nonceThatFits(string $grammar): string
    {
        if ($grammar === 'uuid') {
            return '00000000-0000-4000-8000-000000000000';
        }

        if (preg_match('/\A\[(.).*\]\{(\d+)/s', $grammar, $match) === 1) {
            return str_repeat($match[1], (int) $match[2]);
        }

        return $grammar;
    }

    private static function url(string $target): string
    {
        return preg_match('/\Ahttps?:/i', $target) === 1 ? $target : "https://receiver.example$target";
    }

    /** Host and port, as HTTP has them. */
    private static function authority(string $target): string
    {
        ['scheme' => $scheme, 'host' => $host] = $url = parse_url(self::url($target));
        $port = $url['port'] ?? null;

        return $port === null || $port === ['http' => 80, 'https' => 443][strtolower($scheme)] ? $host : "$host:$port";
    }

    private function path(): string
    {
        return (string) preg_replace('~\Ahttps?://[^/?]*~i', '', $this->target);
    }

    /** @return array<array-key, mixed> */
    private function query(): array
    {
        parse_str((string) parse_url(self::url($this->target), PHP_URL_QUERY), $query);

        return $query;
    }

    /** @return list<string> */
    private static function texts(mixed $values): array
    {
        return array_map(strval(...), is_array($values) ? array_values($values) : [$values]);
    }
}
