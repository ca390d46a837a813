<?php

/**
 * Stand-ins for Nextcloud, which behave as it does in what the app depends on: a database (SQLite) that all processes share
 * and whose primary key is one, a client that refuses local addresses and throws on 4xx, values that are encrypted, and
 * brute-force protection that counts.
 */

declare(strict_types=1);

namespace OCP {
    /** Finds what it was asked for as Nextcloud does: by the types of a constructor's parameters. */
    final class Server
    {
        /** @var array<string, object> */
        private static array $made = [];

        public static function get(string $name): object
        {
            return self::$made[$name] ??= self::make($name);
        }

        private static function make(string $name): object
        {
            $class = [
                AppFramework\Utility\ITimeFactory::class => \OCA\SignedBackend\Tests\Time::class,
                Http\Client\IClientService::class => \OCA\SignedBackend\Tests\Clients::class,
                IAppConfig::class => \OCA\SignedBackend\Tests\Config::class,
                IDBConnection::class => \OCA\SignedBackend\Tests\Database::class,
                IRequest::class => \OCA\SignedBackend\Tests\Request::class,
                IURLGenerator::class => \OCA\SignedBackend\Tests\Urls::class,
                Security\Bruteforce\IThrottler::class => \OCA\SignedBackend\Tests\Throttler::class,
                \Psr\Log\LoggerInterface::class => \OCA\SignedBackend\Tests\Log::class,
            ][$name] ?? $name;
            $parameters = (new \ReflectionClass($class))->getConstructor()?->getParameters() ?? [];
            return new $class(...array_map(static fn (\ReflectionParameter $parameter): mixed => match (true) {
                $parameter->isDefaultValueAvailable() => $parameter->getDefaultValue(),
                $parameter->getName() === 'appName' => 'signed_backend',
                default => self::get((string) $parameter->getType()),
            }, $parameters));
        }
    }

    final class Util
    {
        public static function addScript(string $application, ?string $file = null): void
        {
            if (!is_file(__DIR__ . "/../js/$file.js")) {
                throw new \RuntimeException("no script $application/$file");
            }
        }

        public static function addStyle(string $application, ?string $file = null): void
        {
            if (!is_file(__DIR__ . "/../css/$file.css")) {
                throw new \RuntimeException("no style $application/$file");
            }
        }
    }
}

namespace OCP\AppFramework\Http {
    final class TemplateResponse
    {
        public const RENDER_AS_BLANK = '';

        public function __construct(string $appName, private string $templateName, private array $params = [], string $renderAs = 'user')
        {
        }

        public function render(): string
        {
            ob_start();
            (static function (array $_, string $template): void {
                require __DIR__ . "/../templates/$template.php";
            })($this->params, $this->templateName);
            return (string) ob_get_clean();
        }
    }
}

namespace {
    function p($string): void
    {
        print(htmlspecialchars((string) $string, ENT_QUOTES));
    }
}

namespace OCA\SignedBackend\Tests {
    use OCA\SignedBackend\Migration\Version000200Date20261126000000;
    use OCP\AppFramework\Utility\ITimeFactory;
    use OCP\DB\Exception;
    use OCP\DB\ISchemaWrapper;
    use OCP\DB\QueryBuilder\IExpressionBuilder;
    use OCP\DB\QueryBuilder\IQueryBuilder;
    use OCP\Http\Client\IClient;
    use OCP\Http\Client\IClientService;
    use OCP\Http\Client\IResponse;
    use OCP\Http\Client\LocalServerException;
    use OCP\IAppConfig;
    use OCP\IDBConnection;
    use OCP\IRequest;
    use OCP\IURLGenerator;
    use OCP\Migration\IOutput;
    use OCP\Security\Bruteforce\IThrottler;

    final class Time implements ITimeFactory
    {
        public function getTime(): int
        {
            return time();
        }
    }

    /** Tables of Nextcloud's own, and those that the app's migration makes. */
    final class Database implements IDBConnection
    {
        private \PDO $pdo;

        public function __construct()
        {
            $this->pdo = new \PDO('sqlite:' . (getenv('INTEROP_WORK') ?: throw new \RuntimeException('run interop/run')) . '/nextcloud.sqlite');
            $this->pdo->exec('CREATE TABLE IF NOT EXISTS oc_appconfig (appid, configkey, configvalue, PRIMARY KEY (appid, configkey))');
            $this->pdo->exec('CREATE TABLE IF NOT EXISTS oc_bruteforce_attempts (action, ip, metadata)');
            $schema = new Schema($this->pdo);
            $output = new class implements IOutput {
            };
            (new Version000200Date20261126000000())->changeSchema($output, static fn (): ISchemaWrapper => $schema, []);
            $schema->create();
        }

        public function getQueryBuilder(): IQueryBuilder
        {
            return new QueryBuilder($this);
        }

        public function executeStatement($sql, array $params = [], array $types = []): int
        {
            try {
                $statement = $this->pdo->prepare(str_replace('*PREFIX*', 'oc_', $sql));
                $statement->execute($params);
                return $statement->rowCount();
            } catch (\PDOException $exception) {
                $unique = str_contains($exception->getMessage(), 'UNIQUE constraint failed');
                throw $unique ? new UniqueConstraintViolation($exception->getMessage()) : new Exception($exception->getMessage());
            }
        }

        /** @param list<mixed> $params */
        public function value(string $sql, array $params): mixed
        {
            $statement = $this->pdo->prepare($sql);
            $statement->execute($params);
            return $statement->fetchColumn();
        }
    }

    final class UniqueConstraintViolation extends Exception
    {
        public function getReason(): ?int
        {
            return self::REASON_UNIQUE_CONSTRAINT_VIOLATION;
        }
    }

    final class Schema implements ISchemaWrapper
    {
        /** @var array<string, Table> */
        private array $tables = [];

        public function __construct(private \PDO $pdo)
        {
        }

        public function hasTable($tableName)
        {
            return $this->pdo->query("SELECT 1 FROM sqlite_master WHERE name = 'oc_$tableName'")->fetchColumn() !== false;
        }

        public function createTable($tableName)
        {
            return $this->tables[$tableName] = new Table();
        }

        public function create(): void
        {
            foreach ($this->tables as $name => $table) {
                // Two processes may come here together.
                $this->pdo->exec("CREATE TABLE IF NOT EXISTS oc_$name (" . implode(', ', $table->parts) . ')');
            }
        }
    }

    /** As much of Doctrine's as the migration needs. */
    final class Table
    {
        /** @var list<string> */
        public array $parts = [];

        public function addColumn(string $name, string $type, array $options): void
        {
            $this->parts[] = $name . ($type === 'string' ? " VARCHAR({$options['length']})" : ' BIGINT') . ($options['notnull'] ? ' NOT NULL' : '');
        }

        public function setPrimaryKey(array $columns): void
        {
            $this->parts[] = 'PRIMARY KEY (' . implode(', ', $columns) . ')';
        }

        public function addIndex(array $columns, string $name): void
        {
        }
    }

    final class QueryBuilder implements IQueryBuilder, IExpressionBuilder
    {
        private string $sql = '';
        /** @var array<string, mixed> */
        private array $parameters = [];

        public function __construct(private Database $database)
        {
        }

        public function createNamedParameter($value, $type = 2, $placeHolder = null): string
        {
            $this->parameters[$name = ':p' . count($this->parameters)] = $value;
            return $name;
        }

        public function insert($insert = null): self
        {
            $this->sql = "INSERT INTO *PREFIX*$insert";
            return $this;
        }

        public function values(array $values): self
        {
            $this->sql .= ' (' . implode(', ', array_keys($values)) . ') VALUES (' . implode(', ', $values) . ')';
            return $this;
        }

        public function delete($delete = null, $alias = null): self
        {
            $this->sql = "DELETE FROM *PREFIX*$delete";
            return $this;
        }

        public function where(...$predicates): self
        {
            $this->sql .= ' WHERE ' . implode(' AND ', $predicates);
            return $this;
        }

        public function expr(): self
        {
            return $this;
        }

        public function eq($x, $y, $type = null): string
        {
            return "$x = $y";
        }

        public function lt($x, $y, $type = null): string
        {
            return "$x < CAST($y AS INTEGER)";
        }

        public function executeStatement(): int
        {
            return $this->database->executeStatement($this->sql, $this->parameters);
        }
    }

    /** A sensitive value is not stored as it is, and one that cannot be decrypted is an exception, in reading and in writing. */
    final class Config implements IAppConfig
    {
        private const ENCRYPTED = '$AppConfigEncryption$';

        public function __construct(private Database $database)
        {
        }

        public function hasKey(string $app, string $key, ?bool $lazy = false): bool
        {
            return $this->stored($app, $key) !== null;
        }

        public function isSensitive(string $app, string $key, ?bool $lazy = false): bool
        {
            return str_starts_with((string) $this->stored($app, $key), self::ENCRYPTED);
        }

        public function getValueString(string $app, string $key, string $default = '', bool $lazy = false): string
        {
            $value = $this->stored($app, $key) ?? $default;
            if (!str_starts_with($value, self::ENCRYPTED)) {
                return $value;
            }
            $decrypted = hex2bin(substr($value, strlen(self::ENCRYPTED)));
            return $decrypted === false ? throw new \Exception('HMAC does not match.') : $decrypted;
        }

        public function setValueString(string $app, string $key, string $value, bool $lazy = false, bool $sensitive = false): bool
        {
            $this->getValueString($app, $key); // It is compared with what was there, and that may not be decryptable.
            $stored = $sensitive ? self::ENCRYPTED . bin2hex($value) : $value;
            return $this->database->executeStatement('REPLACE INTO *PREFIX*appconfig VALUES (?, ?, ?)', [$app, $key, $stored]) === 1;
        }

        public function deleteKey(string $app, string $key): void
        {
            $this->database->executeStatement('DELETE FROM *PREFIX*appconfig WHERE appid = ? AND configkey = ?', [$app, $key]);
        }

        public function clearCache(bool $reload = false): void
        {
        }

        private function stored(string $app, string $key): ?string
        {
            $value = $this->database->value('SELECT configvalue FROM oc_appconfig WHERE appid = ? AND configkey = ?', [$app, $key]);
            return $value === false ? null : $value;
        }
    }

    /** A server without pretty URLs, on the command line as well as on the web. */
    final class Urls implements IURLGenerator
    {
        public function linkToRoute(string $routeName, array $arguments = []): string
        {
            [$app, $controller, $method] = explode('.', $routeName);
            $class = 'OCA\\SignedBackend\\Controller\\' . ucfirst($controller) . 'Controller';
            $attributes = (new \ReflectionMethod($class, $method))->getAttributes(\OCP\AppFramework\Http\Attribute\FrontpageRoute::class);
            return "/index.php/apps/$app" . $attributes[0]->getArguments()['url'];
        }

        public function linkToRouteAbsolute(string $routeName, array $arguments = []): string
        {
            return 'http://' . ($_SERVER['HTTP_HOST'] ?? 'localhost') . $this->linkToRoute($routeName, $arguments);
        }

        public function imagePath(string $appName, string $file): string
        {
            return is_file(__DIR__ . "/../img/$file") ? "/apps/$appName/img/$file" : throw new \RuntimeException("image not found: $file");
        }
    }

    /** Guzzle, as in Nextcloud's own client. */
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
                    $host = (string) parse_url($uri, PHP_URL_HOST);
                    $public = FILTER_FLAG_NO_PRIV_RANGE | FILTER_FLAG_NO_RES_RANGE;
                    if (!($options['nextcloud']['allow_local_address'] ?? false) && filter_var(gethostbyname($host), FILTER_VALIDATE_IP, $public) === false) {
                        throw new LocalServerException("Host \"$host\" violates local access rules");
                    }
                    $answer = (new \GuzzleHttp\Client())->request($method, $uri, $options);
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
        /** @var array<string, string> */
        public readonly array $server;

        public function __construct(?array $server = null)
        {
            $this->server = $server ?? $_SERVER;
        }

        public function getHeader(string $name): string
        {
            return $this->server['HTTP_' . strtoupper(strtr($name, '-', '_'))] ?? '';
        }

        public function getMethod(): string
        {
            return $this->server['REQUEST_METHOD'];
        }

        public function getRemoteAddress(): string
        {
            return $this->server['REMOTE_ADDR'];
        }
    }

    /** Counts without the delays. */
    final class Throttler implements IThrottler
    {
        public function __construct(private Database $database)
        {
        }

        public function registerAttempt(string $action, string $ip, array $metadata = []): void
        {
            $this->database->executeStatement('INSERT INTO *PREFIX*bruteforce_attempts VALUES (?, ?, ?)', [$action, $ip, json_encode($metadata)]);
        }

        public function getAttempts(string $ip, string $action = '', float $maxAgeHours = 12): int
        {
            return (int) $this->database->value('SELECT COUNT(*) FROM oc_bruteforce_attempts WHERE ip = ? AND action = ?', [$ip, $action]);
        }

        public function resetDelay(string $ip, string $action, array $metadata): void
        {
            $this->database->executeStatement(
                'DELETE FROM *PREFIX*bruteforce_attempts WHERE ip = ? AND action = ? AND metadata = ?',
                [$ip, $action, json_encode($metadata)],
            );
        }

        public function resetDelayForIP(string $ip): void
        {
            $this->database->executeStatement('DELETE FROM *PREFIX*bruteforce_attempts WHERE ip = ?', [$ip]);
        }
    }

    /** A line of JSON for each entry, as Nextcloud's log file has. */
    final class Log extends \Psr\Log\AbstractLogger
    {
        public static function file(): string
        {
            return getenv('INTEROP_WORK') . '/logs/nextcloud.json';
        }

        public function log($level, $message, array $context = []): void
        {
            $number = ['warning' => 2, 'error' => 3, 'critical' => 4][$level];
            $entry = ['level' => $number, 'app' => $context['app'] ?? 'no app in context', 'message' => $message];
            file_put_contents(self::file(), json_encode($entry) . "\n", FILE_APPEND);
        }
    }
}
