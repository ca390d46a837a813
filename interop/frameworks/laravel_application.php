<?php

declare(strict_types=1);

/** A Laravel application whose configuration and classes are those of docs/laravel.md; APPLICATION names its directory. */

namespace HwSignature\Tests;

use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Exceptions\Handler;
use Illuminate\Foundation\Http\Kernel;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Route;

error_reporting(E_ALL & ~E_DEPRECATED);

require_once 'Illuminate/autoload.php';
require_once 'GuzzleHttp/autoload.php';
require_once 'GuzzleHttp/Psr7/autoload.php';
require_once 'Symfony/Component/HttpKernel/autoload.php';
require_once __DIR__ . '/../../library/autoload.php';
spl_autoload_register(static function (string $class): void {
    $file = getenv('APPLICATION') . '/app/' . strtr(substr($class, strlen('App\\')), '\\', '/') . '.php';
    if (str_starts_with($class, 'App\\') && is_file($file)) {
        require $file;
    }
});

function laravel_application(): Application
{
    $directory = (string) getenv('APPLICATION');
    @mkdir("$directory/bootstrap/cache", recursive: true);
    @mkdir("$directory/storage/logs", recursive: true);
    $redis = ['host' => getenv('REDIS_HOST'), 'port' => 0, 'database' => 0];
    $configuration = [
        'app' => [
            'name' => 'test', 'env' => 'production', 'debug' => false, 'timezone' => 'UTC', 'locale' => 'en', 'fallback_locale' => 'en',
            'key' => 'base64:' . base64_encode(str_repeat('k', 32)), 'cipher' => 'AES-256-CBC',
            'providers' => [
                \Illuminate\Cache\CacheServiceProvider::class, \Illuminate\Filesystem\FilesystemServiceProvider::class,
                \Illuminate\Foundation\Providers\FoundationServiceProvider::class, \Illuminate\Redis\RedisServiceProvider::class,
                \Illuminate\View\ViewServiceProvider::class, \Illuminate\Translation\TranslationServiceProvider::class,
                \App\Providers\AppServiceProvider::class,
            ],
            'aliases' => [],
        ],
        'cache' => ['default' => 'redis', 'prefix' => 'test', 'stores' => ['redis' => ['driver' => 'redis', 'connection' => 'default']]],
        'database' => ['redis' => ['client' => 'phpredis', 'default' => $redis]],
        'logging' => ['default' => 'single', 'channels' => ['single' => ['driver' => 'single', 'path' => "$directory/storage/logs/laravel.log"]]],
        'view' => ['paths' => [], 'compiled' => "$directory/storage"],
    ];
    @mkdir("$directory/config");
    foreach ($configuration as $name => $value) {
        file_put_contents("$directory/config/$name.php", '<?php return ' . var_export($value, true) . ';', LOCK_EX);
    }

    $application = new Application($directory);
    // Debian's package does not have the configuration that this would merge with.
    if (method_exists($application, 'dontMergeFrameworkConfiguration')) {
        $application->dontMergeFrameworkConfiguration();
    }
    $application->singleton(\Illuminate\Contracts\Http\Kernel::class, Kernel::class);
    $application->singleton(ExceptionHandler::class, Handler::class);
    $application->booted(static function () use ($directory): void {
        Route::prefix('api')->group("$directory/routes/api.php");
        // The page's own route takes POST alone and says little.
        $middleware = current(Route::getRoutes()->getRoutes())->middleware();
        Route::match(['POST', 'DELETE'], '/api/push', static function (Request $request): array {
            if ($request->getContent() === 'fail') {
                throw new \RuntimeException('The route fails.');
            }
            return ['method' => $request->method(), 'fields' => $request->post()];
        })->middleware($middleware);
        Route::get('/send', static fn (\App\Services\Backend $backend) => response()->json(['status' => $backend->send(['text' => 'Grüße'])]));
    });

    return $application;
}
