<?php

/**
 * The Nextcloud that the tests run in: an installed one where NEXTCLOUD_ROOT names it, and stand-ins otherwise.
 *
 * Both are asked the same way, through OCP\Server::get() and OCP's interfaces. What differs is here.
 */

declare(strict_types=1);

namespace OCA\SignedBackend\Tests;

use OCA\SignedBackend\AppInfo\Application;
use OCP\IConfig;
use OCP\IRequest;
use OCP\IRequestId;
use OCP\Server;

if (Nextcloud::isReal()) {
    require_once getenv('NEXTCLOUD_ROOT') . '/lib/base.php';
    Server::get(\OCP\App\IAppManager::class)->loadApp('signed_backend');
} else {
    require_once 'Psr/Log/autoload.php';
    require_once __DIR__ . '/ocp.php';
    require_once __DIR__ . '/standins.php';
    spl_autoload_register(static function (string $class): void {
        $prefix = 'OCA\\SignedBackend\\';
        if (str_starts_with($class, $prefix)) {
            require __DIR__ . '/../lib/' . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
        }
    });
    // The first that Nextcloud loads of an app.
    class_exists(Application::class);
}

final class Nextcloud
{
    private static int $logged = 0;

    public static function isReal(): bool
    {
        return getenv('NEXTCLOUD_ROOT') !== false;
    }

    /** Where its web server listens. */
    public static function origin(): string
    {
        return (string) getenv(self::isReal() ? 'INTEROP_NEXTCLOUD' : 'INTEROP_HTTP');
    }

    /** @param array<string, string> $server as $_SERVER */
    public static function request(array $server): IRequest
    {
        if (!self::isReal()) {
            return new Request($server);
        }
        $variables = ['server' => $server, 'method' => $server['REQUEST_METHOD']];
        return new \OC\AppFramework\Http\Request($variables, Server::get(IRequestId::class), Server::get(IConfig::class));
    }

    /**
     * What the app has written into the log since this was last called.
     *
     * @return list<string>
     */
    public static function log(): array
    {
        $file = self::isReal() ? self::logFile() : Log::file();
        $lines = is_file($file) ? (array) file($file) : [];
        $new = array_slice($lines, self::$logged);
        self::$logged = count($lines);
        $levels = [2 => 'warning', 3 => 'error', 4 => 'critical'];
        $entries = array_map(static fn (string $line): array => (array) json_decode($line, true), $new);
        $entries = array_filter($entries, static fn (array $entry): bool => ($entry['app'] ?? '') === 'signed_backend');
        return array_values(array_map(static fn (array $entry): string => "{$levels[$entry['level']]}: {$entry['message']}", $entries));
    }

    private static function logFile(): string
    {
        $config = Server::get(IConfig::class);
        return $config->getSystemValueString('logfile', $config->getSystemValueString('datadirectory') . '/nextcloud.log');
    }
}
