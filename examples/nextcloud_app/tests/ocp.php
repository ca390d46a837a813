<?php

/**
 * The part of Nextcloud's public interface that the app uses, for its tests: the names and signatures are Nextcloud's,
 * and nothing else is. Attributes are left out, since PHP does not look for their classes.
 */

declare(strict_types=1);

namespace OCP {
    interface IAppConfig
    {
        public function hasKey(string $app, string $key, ?bool $lazy = false): bool;

        public function isSensitive(string $app, string $key, ?bool $lazy = false): bool;

        public function getValueString(string $app, string $key, string $default = '', bool $lazy = false): string;

        public function setValueString(string $app, string $key, string $value, bool $lazy = false, bool $sensitive = false): bool;

        public function deleteKey(string $app, string $key): void;

        public function clearCache(bool $reload = false): void;
    }

    interface IDBConnection
    {
        public function getQueryBuilder();

        public function executeStatement($sql, array $params = [], array $types = []): int;
    }

    /** @property-read string[] $server */
    interface IRequest
    {
        public function getHeader(string $name): string;

        public function getMethod(): string;

        public function getRemoteAddress(): string;
    }

    interface IURLGenerator
    {
        public function linkToRoute(string $routeName, array $arguments = []): string;

        public function linkToRouteAbsolute(string $routeName, array $arguments = []): string;

        public function imagePath(string $appName, string $file): string;
    }
}

namespace OCP\AppFramework {
    class App
    {
        public function __construct(string $appName, array $urlParams = [])
        {
        }
    }

    abstract class Controller
    {
        public function __construct(protected $appName, protected \OCP\IRequest $request)
        {
        }
    }

    class Http
    {
        public const STATUS_BAD_REQUEST = 400;
        public const STATUS_UNAUTHORIZED = 401;
        public const STATUS_UNSUPPORTED_MEDIA_TYPE = 415;
        public const STATUS_BAD_GATEWAY = 502;
        public const STATUS_SERVICE_UNAVAILABLE = 503;
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
        private ?array $throttleMetadata = null;

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
            $this->throttleMetadata = $metadata;
        }

        public function isThrottled()
        {
            return $this->throttleMetadata !== null;
        }

        public function getThrottleMetadata()
        {
            return (array) $this->throttleMetadata;
        }
    }
}

namespace OCP\AppFramework\Utility {
    interface ITimeFactory
    {
        public function getTime(): int;
    }
}

namespace OCP\BackgroundJob {
    abstract class TimedJob
    {
        protected int $interval = 0;

        public function __construct(protected \OCP\AppFramework\Utility\ITimeFactory $time)
        {
        }

        public function setInterval(int $seconds): void
        {
            $this->interval = $seconds;
        }

        abstract protected function run($argument);
    }
}

namespace OCP\DB {
    class Exception extends \Exception
    {
        public const REASON_UNIQUE_CONSTRAINT_VIOLATION = 14;

        public function getReason(): ?int
        {
            return null;
        }
    }

    interface ISchemaWrapper
    {
        public function hasTable($tableName);

        public function createTable($tableName);
    }

    final class Types
    {
        public const STRING = 'string';
        public const BIGINT = 'bigint';
    }
}

namespace OCP\DB\QueryBuilder {
    interface IExpressionBuilder
    {
        public function eq($x, $y, $type = null): string;

        public function lt($x, $y, $type = null): string;
    }

    interface IQueryBuilder
    {
        public const PARAM_INT = 1;

        public function createNamedParameter($value, $type = 2, $placeHolder = null);

        public function expr();

        public function insert($insert = null);

        public function values(array $values);

        public function delete($delete = null, $alias = null);

        public function where(...$predicates);

        public function executeStatement(): int;
    }
}

namespace OCP\Http\Client {
    class LocalServerException extends \RuntimeException
    {
    }

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

namespace OCP\Migration {
    interface IOutput
    {
    }

    abstract class SimpleMigrationStep
    {
        abstract public function changeSchema(IOutput $output, \Closure $schemaClosure, array $options);
    }
}

namespace OCP\Security\Bruteforce {
    interface IThrottler
    {
        public function registerAttempt(string $action, string $ip, array $metadata = []): void;

        public function getAttempts(string $ip, string $action = '', float $maxAgeHours = 12): int;

        public function resetDelay(string $ip, string $action, array $metadata): void;

        public function resetDelayForIP(string $ip): void;
    }
}

namespace OCP\Settings {
    interface IIconSection
    {
        public function getID();

        public function getName();

        public function getPriority();

        public function getIcon();
    }

    interface ISettings
    {
        public function getForm();

        public function getSection();

        public function getPriority();
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
