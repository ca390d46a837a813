<?php

/**
 * The part of Nextcloud's public interface that the app uses, for its tests: the names and signatures are Nextcloud's,
 * and nothing else is. Attributes are left out, since PHP does not look for their classes.
 */

declare(strict_types=1);

namespace OCP {
    interface IAppConfig
    {
        public function getValueString(string $app, string $key, string $default = '', bool $lazy = false): string;

        public function setValueString(string $app, string $key, string $value, bool $lazy = false, bool $sensitive = false): bool;
    }

    interface ICache
    {
    }

    interface IMemcache extends ICache
    {
        public function add($key, $value, $ttl = 0);
    }

    interface ICacheFactory
    {
        public function isAvailable(): bool;

        public function createDistributed(string $prefix = ''): ICache;
    }

    interface IRequest
    {
        public function getHeader(string $name): string;

        public function getMethod(): string;

        public function getRequestUri(): string;
    }
}

namespace OCP\Http\Client {
    interface IResponse
    {
        public function getBody();

        public function getStatusCode(): int;
    }

    interface IClient
    {
        public function get(string $uri, array $options = []): IResponse;

        public function post(string $uri, array $options = []): IResponse;
    }

    interface IClientService
    {
        public function newClient(): IClient;
    }
}

namespace OCP\AppFramework {
    class Http
    {
        public const STATUS_BAD_REQUEST = 400;
        public const STATUS_UNAUTHORIZED = 401;
        public const STATUS_SERVICE_UNAVAILABLE = 503;
    }

    abstract class Controller
    {
        public function __construct(protected $appName, protected \OCP\IRequest $request)
        {
        }
    }

    class App
    {
        public function __construct(string $appName, array $urlParams = [])
        {
        }
    }
}

namespace OCP\AppFramework\Bootstrap {
    interface IBootContext
    {
    }

    interface IRegistrationContext
    {
        public function registerSetupCheck(string $setupCheckClass): void;
    }

    interface IBootstrap
    {
        public function register(IRegistrationContext $context): void;

        public function boot(IBootContext $context): void;
    }
}

namespace OCP\AppFramework\Http {
    class JSONResponse
    {
        public array $throttled = [];

        public function __construct(private mixed $data = [], private int $statusCode = 200)
        {
        }

        public function getData()
        {
            return $this->data;
        }

        public function getStatus()
        {
            return $this->statusCode;
        }

        public function throttle(array $metadata = [])
        {
            $this->throttled = $metadata;
        }
    }
}

namespace OCP\SetupCheck {
    interface ISetupCheck
    {
        public function getCategory(): string;

        public function getName(): string;

        public function run(): SetupResult;
    }

    class SetupResult
    {
        private function __construct(private string $severity, private ?string $description)
        {
        }

        public static function success(?string $description = null): self
        {
            return new self('success', $description);
        }

        public static function error(?string $description = null): self
        {
            return new self('error', $description);
        }

        public function getSeverity(): string
        {
            return $this->severity;
        }

        public function getDescription(): ?string
        {
            return $this->description;
        }
    }
}
