<?php

/** Stand-ins for Nextcloud: real HTTP through Guzzle, as Nextcloud's own client, and a real cache, APCu. */

declare(strict_types=1);

namespace OCA\SignedBackend\Tests;

use OCP\Http\Client\IClient;
use OCP\Http\Client\IClientService;
use OCP\Http\Client\IResponse;
use OCP\IAppConfig;
use OCP\ICache;
use OCP\ICacheFactory;
use OCP\IMemcache;
use OCP\IRequest;

require_once 'Psr/Log/autoload.php';
require_once __DIR__ . '/ocp.php';

spl_autoload_register(static function (string $class): void {
    $prefix = 'OCA\\SignedBackend\\';
    if (str_starts_with($class, $prefix)) {
        require __DIR__ . '/../lib/' . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
    }
});

final class Config implements IAppConfig
{
    /** @var array<string, bool> */
    public array $sensitive = [];

    /** @param array<string, string> $values */
    public function __construct(public array $values = [])
    {
    }

    public function getValueString(string $app, string $key, string $default = '', bool $lazy = false): string
    {
        return $this->values[$key] ?? $default;
    }

    public function setValueString(string $app, string $key, string $value, bool $lazy = false, bool $sensitive = false): bool
    {
        $this->values[$key] = $value;
        $this->sensitive[$key] = $sensitive;
        return true;
    }
}

final class Caches implements ICacheFactory
{
    public function __construct(private bool $available = true)
    {
    }

    public function isAvailable(): bool
    {
        return $this->available;
    }

    public function createDistributed(string $prefix = ''): ICache
    {
        return new class ($prefix) implements IMemcache {
            public function __construct(private string $prefix)
            {
            }

            public function add($key, $value, $ttl = 0)
            {
                return apcu_add($this->prefix . $key, $value, $ttl);
            }
        };
    }
}

final class Clients implements IClientService
{
    public function newClient(): IClient
    {
        return new class implements IClient {
            public function get(string $uri, array $options = []): IResponse
            {
                return self::send('GET', $uri, $options);
            }

            public function post(string $uri, array $options = []): IResponse
            {
                return self::send('POST', $uri, $options);
            }

            private static function send(string $method, string $uri, array $options): IResponse
            {
                $answer = (new \GuzzleHttp\Client())->request($method, $uri, ['http_errors' => false] + $options);
                return new class ($answer) implements IResponse {
                    public function __construct(private \Psr\Http\Message\ResponseInterface $answer)
                    {
                    }

                    public function getBody()
                    {
                        return (string) $this->answer->getBody();
                    }

                    public function getStatusCode(): int
                    {
                        return $this->answer->getStatusCode();
                    }
                };
            }
        };
    }
}

final class Request implements IRequest
{
    public function getHeader(string $name): string
    {
        return $_SERVER['HTTP_' . strtoupper(strtr($name, '-', '_'))] ?? '';
    }

    public function getMethod(): string
    {
        return $_SERVER['REQUEST_METHOD'];
    }

    public function getRequestUri(): string
    {
        return $_SERVER['REQUEST_URI'];
    }
}

final class Log extends \Psr\Log\AbstractLogger
{
    /** @var list<string> */
    public array $lines = [];

    public function log($level, $message, array $context = []): void
    {
        $this->lines[] = "$level: $message";
    }
}
