<?php

/**
 * Replay guards: `$claim` of HwSignature\Verifier, for four stores. For Nextcloud, whose cache forgets when
 * any app is updated, see nextcloud_app/lib/Service/ReplayGuard.php.
 *
 * A guard claims $id for $ttl seconds and returns true when nobody had claimed it. It must do so in one atomic step: two
 * workers may ask at the same moment, and "look, then write" would let both of them through.
 *
 * A receiver that fails after it has verified a request gives its claim back, or the sender's next try would be a replay.
 * It gives back what it has claimed itself, and nothing else: a copy that was refused must not free what the first one
 * holds. So each guard writes a token of its own into the store. Make a guard for each request.
 *
 *     scripts/php -d apc.enable_cli=1 examples/replay.php
 *
 * Once the extension is installed, php instead of scripts/php.
 *
 * REDIS_PORT and MEMCACHED_PORT say where the servers listen on the loopback address, if not at their usual ports.
 */

declare(strict_types=1);

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Verifier;

abstract class ReplayGuard
{
    /** What tells the claims of this guard from all others. */
    protected readonly string $token;

    public function __construct()
    {
        $this->token = bin2hex(random_bytes(16));
    }

    /** Claims an id for $ttl seconds: true when nobody had claimed it. */
    abstract public function __invoke(string $id, int $ttl): bool;

    /** Gives a claim of this guard back; a claim of another one stays. */
    abstract protected function delete(string $id): void;

    /** Gives back what Verified::$replayIds or ReplayGuardException::$replayIds lists. */
    public function release(string ...$ids): void
    {
        array_walk($ids, $this->delete(...));
    }
}

/**
 * One machine. APCu is shared by the workers of one FPM or Apache, and by no other process. When apc.shm_size is full, it
 * forgets everything.
 */
final class ApcuGuard extends ReplayGuard
{
    public function __invoke(string $id, int $ttl): bool
    {
        return apcu_add("replay:$id", $this->token, $ttl);
    }

    protected function delete(string $id): void
    {
        // Between the two, nobody else can have claimed it: it is claimed.
        if (apcu_fetch("replay:$id") === $this->token) {
            apcu_delete("replay:$id");
        }
    }
}

/** Any number of machines. A server that may evict would forget claims, "volatile-…" them first: give it "noeviction". */
final class RedisGuard extends ReplayGuard
{
    private const DELETE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

    public function __construct(private readonly Redis $redis)
    {
        parent::__construct();
    }

    public function __invoke(string $id, int $ttl): bool
    {
        return $this->redis->set("replay:$id", $this->token, ['nx', 'ex' => $ttl]);
    }

    protected function delete(string $id): void
    {
        $this->redis->eval(self::DELETE, ["replay:$id", $this->token], 1);
    }
}

/** A number above 30 days would be taken for a point in time, so it always is one. */
final class MemcachedGuard extends ReplayGuard
{
    public function __construct(private readonly Memcached $memcached)
    {
        parent::__construct();
    }

    public function __invoke(string $id, int $ttl): bool
    {
        return $this->memcached->add("replay:$id", $this->token, time() + $ttl);
    }

    protected function delete(string $id): void
    {
        if ($this->memcached->get("replay:$id") === $this->token) {
            $this->memcached->delete("replay:$id");
        }
    }
}

/**
 * Any database: the primary key decides who was first. Expired claims go first, so that the table stays small.
 *
 * Inside a transaction of the application, on the same connection, a claim lives and dies with it: see
 * docs/replay-protection.md.
 */
final class PdoGuard extends ReplayGuard
{
    public function __construct(private readonly PDO $database)
    {
        parent::__construct();
        $database->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
        $database->exec(
            'CREATE TABLE IF NOT EXISTS replay (id CHAR(64) PRIMARY KEY, expires BIGINT NOT NULL, token CHAR(32) NOT NULL)',
        );
    }

    public function __invoke(string $id, int $ttl): bool
    {
        $this->database->prepare('DELETE FROM replay WHERE expires < ?')->execute([time()]);
        try {
            return $this->database
                ->prepare('INSERT INTO replay (id, expires, token) VALUES (?, ?, ?)')
                ->execute([$id, time() + $ttl, $this->token]);
        } catch (PDOException $exception) {
            // SQLSTATE 23…: the key is there already. Anything else is a failure, and the verifier must hear of it.
            return str_starts_with((string) $exception->getCode(), '23') ? false : throw $exception;
        }
    }

    protected function delete(string $id): void
    {
        $this->database->prepare('DELETE FROM replay WHERE id = ? AND token = ?')->execute([$id, $this->token]);
    }
}

/** The guards that can be had here, and for the others the reason why not. */
function available_guards(): array
{
    $port = static fn (string $server, int $usual): int => (int) (getenv($server) ?: $usual);
    return [
        'APCu' => static fn () => match (true) {
            !extension_loaded('apcu') => 'the extension apcu is not loaded',
            !apcu_enabled() => 'APCu is off; on the command line it needs -d apc.enable_cli=1',
            default => new ApcuGuard(),
        },
        'Redis' => static function () use ($port) {
            if (!extension_loaded('redis')) {
                return 'the extension redis is not loaded';
            }
            $redis = new Redis();
            try {
                $redis->connect('127.0.0.1', $port('REDIS_PORT', 6379));
            } catch (RedisException) {
                return 'no server answers';
            }
            return new RedisGuard($redis);
        },
        'Memcached' => static function () use ($port) {
            if (!extension_loaded('memcached')) {
                return 'the extension memcached is not loaded';
            }
            $memcached = new Memcached();
            $memcached->addServer('127.0.0.1', $port('MEMCACHED_PORT', 11211));
            return $memcached->getVersion() === false ? 'no server answers' : new MemcachedGuard($memcached);
        },
        'PDO (SQLite)' => static fn () => extension_loaded('pdo_sqlite')
            ? new PdoGuard(new PDO('sqlite:' . (getenv('REPLAY_SQLITE') ?: ':memory:')))
            : 'the extension pdo_sqlite is not loaded',
    ];
}

if (realpath($_SERVER['SCRIPT_FILENAME'] ?? '') !== __FILE__) {
    return;
}

$profile = Profile::named('nextcloud');
$key = Key::fromBytes('an example key', 'example-app');
foreach (available_guards() as $name => $make) {
    $guard = $make();
    if (is_string($guard)) {
        echo "$name: not available, $guard\n";
        continue;
    }
    $verifier = new Verifier($profile, [$key], claim: $guard);
    $headers = (new Signer($profile, $key))->sign('{"amount":1}', 'POST', '/pay');
    $request = [$headers, '{"amount":1}', 'POST', '/pay'];
    $verified = $verifier->verify(...$request);
    $answers = ['accepted'];
    $answers[] = $verifier->isValid(...$request) ? 'accepted' : 'rejected';
    $guard->release(...$verified->replayIds);
    $answers[] = $verifier->isValid(...$request) ? 'accepted' : 'rejected';
    echo "$name: the first time $answers[0], the second time $answers[1], and once it was given back $answers[2]\n";
}
