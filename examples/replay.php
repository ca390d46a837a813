<?php

/**
 * Replay guards: `$claim` of HwSignature\Verifier, for four stores. For Nextcloud, whose cache forgets when
 * any app is updated, see nextcloud_app/lib/Service/ReplayGuard.php.
 *
 * A guard claims $id for $ttl seconds and returns true when nobody had claimed it. It must do so in one atomic step: two
 * workers may ask at the same moment, and "look, then write" would let both of them through.
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

/**
 * One machine. APCu is shared by the workers of one FPM or Apache, and by no other process. When apc.shm_size is full, it
 * forgets everything.
 */
function apcu_guard(): Closure
{
    return static fn (string $id, int $ttl): bool => apcu_add("replay:$id", true, $ttl);
}

/** Any number of machines. A server that may evict would forget claims, "volatile-…" them first: give it "noeviction". */
function redis_guard(Redis $redis): Closure
{
    return static fn (string $id, int $ttl): bool => $redis->set("replay:$id", '1', ['nx', 'ex' => $ttl]);
}

/** A number above 30 days would be taken for a point in time, so it always is one. */
function memcached_guard(Memcached $memcached): Closure
{
    return static fn (string $id, int $ttl): bool => $memcached->add("replay:$id", 1, time() + $ttl);
}

/** Any database: the primary key decides who was first. Expired claims go first, so that the table stays small. */
function pdo_guard(PDO $database): Closure
{
    $database->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
    $database->exec('CREATE TABLE IF NOT EXISTS replay (id CHAR(64) PRIMARY KEY, expires BIGINT NOT NULL)');
    return static function (string $id, int $ttl) use ($database): bool {
        $database->prepare('DELETE FROM replay WHERE expires < ?')->execute([time()]);
        try {
            return $database->prepare('INSERT INTO replay (id, expires) VALUES (?, ?)')->execute([$id, time() + $ttl]);
        } catch (PDOException $exception) {
            // SQLSTATE 23…: the key is there already. Anything else is a failure, and the verifier must hear of it.
            return str_starts_with((string) $exception->getCode(), '23') ? false : throw $exception;
        }
    };
}

/** The guards that can be had here, and for the others the reason why not. */
function available_guards(): array
{
    $port = static fn (string $server, int $usual): int => (int) (getenv($server) ?: $usual);
    return [
        'APCu' => static fn () => match (true) {
            !extension_loaded('apcu') => 'the extension apcu is not loaded',
            !apcu_enabled() => 'APCu is off; on the command line it needs -d apc.enable_cli=1',
            default => apcu_guard(),
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
            return redis_guard($redis);
        },
        'Memcached' => static function () use ($port) {
            if (!extension_loaded('memcached')) {
                return 'the extension memcached is not loaded';
            }
            $memcached = new Memcached();
            $memcached->addServer('127.0.0.1', $port('MEMCACHED_PORT', 11211));
            return $memcached->getVersion() === false ? 'no server answers' : memcached_guard($memcached);
        },
        'PDO (SQLite)' => static fn () => extension_loaded('pdo_sqlite')
            ? pdo_guard(new PDO('sqlite:' . (getenv('REPLAY_SQLITE') ?: ':memory:')))
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
    $answers = [];
    for ($time = 1; $time <= 2; $time++) {
        $answers[] = $verifier->isValid($headers, '{"amount":1}', 'POST', '/pay') ? 'accepted' : 'rejected';
    }
    echo "$name: the first time $answers[0], the second time $answers[1]\n";
}
