<?php

declare(strict_types=1);

namespace HwSignature\Http;

use Psr\Http\Message\UriInterface;

/**
 * Scheme, host and port (RFC 6454): whom a key is shared with.
 *
 * @internal
 */
final class Origin implements \Stringable
{
    private const DEFAULT_PORTS = ['http' => 80, 'https' => 443];

    private function __construct(
        private readonly string $scheme,
        private readonly string $host,
        private readonly int $port,
    ) {
    }

    /** @throws \ValueError when the text is anything but `https://host` or `https://host:port` */
    public static function of(string $text): self
    {
        $authority = '/\A(https?):\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?\/?\z/i';
        if (preg_match($authority, $text, $match) !== 1) {
            throw new \ValueError('The origin must be a scheme and a host, and perhaps a port: https://backend.example');
        }
        $scheme = strtolower($match[1]);

        return new self($scheme, strtolower($match[2]), (int) ($match[3] ?? self::DEFAULT_PORTS[$scheme]));
    }

    public function isThatOf(UriInterface $uri): bool
    {
        $scheme = strtolower($uri->getScheme());

        return $scheme === $this->scheme
            && strtolower($uri->getHost()) === $this->host
            && ($uri->getPort() ?? self::DEFAULT_PORTS[$scheme]) === $this->port;
    }

    /** Without the port where that goes without saying. */
    public function __toString(): string
    {
        $port = $this->port === self::DEFAULT_PORTS[$this->scheme] ? '' : ":$this->port";

        return "$this->scheme://$this->host$port";
    }
}
