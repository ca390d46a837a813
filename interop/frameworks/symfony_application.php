<?php

declare(strict_types=1);

/** A Symfony application whose configuration and classes are those of docs/symfony.md; APPLICATION names its directory. */

namespace App;

use Symfony\Bundle\FrameworkBundle\FrameworkBundle;
use Symfony\Bundle\FrameworkBundle\Kernel\MicroKernelTrait;
use Symfony\Bundle\SecurityBundle\SecurityBundle;
use Symfony\Component\DependencyInjection\Loader\Configurator\ContainerConfigurator;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpKernel\Kernel as BaseKernel;
use Symfony\Component\Routing\Loader\Configurator\RoutingConfigurator;

error_reporting(E_ALL & ~E_DEPRECATED);

foreach (['Bundle/FrameworkBundle', 'Bundle/SecurityBundle', 'Component/BrowserKit', 'Component/HttpClient', 'Component/Yaml'] as $part) {
    require_once "Symfony/$part/autoload.php";
}
require_once 'Psr/Log/autoload.php';
require_once __DIR__ . '/composer.php';
require_once __DIR__ . '/../../library/autoload.php';
spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'App\\')) {
        require getenv('APPLICATION') . '/src/' . strtr(substr($class, strlen('App\\')), '\\', '/') . '.php';
    }
});

final class Kernel extends BaseKernel
{
    use MicroKernelTrait;

    public function registerBundles(): iterable
    {
        return [new FrameworkBundle(), new SecurityBundle()];
    }

    public function getProjectDir(): string
    {
        return (string) getenv('APPLICATION');
    }

    public function answer(Request $request): JsonResponse
    {
        if ($request->getContent() === 'fail') {
            throw new \RuntimeException('The controller fails.');
        }

        return new JsonResponse(['method' => $request->getMethod(), 'fields' => $request->request->all()]);
    }

    /** Calls the service that the page shows. */
    public function send(): JsonResponse
    {
        return new JsonResponse(['status' => $this->getContainer()->get('backend')->send(['text' => 'Grüße'])]);
    }

    private function configureContainer(ContainerConfigurator $container): void
    {
        $container->extension('framework', [
            'secret' => 'a secret',
            'http_method_override' => true,
            'http_client' => [],
            'test' => $this->environment === 'test',
            'php_errors' => ['log' => true],
        ]);
        if (self::MAJOR_VERSION < 6) {
            $container->extension('security', ['enable_authenticator_manager' => true]);
        }
        $container->import($this->getProjectDir() . '/config/packages/*.yaml');
        $container->import($this->getProjectDir() . '/config/services.yaml');
        $container->services()->alias('backend', Service\Backend::class)->public();
    }

    private function configureRoutes(RoutingConfigurator $routes): void
    {
        $routes->add('webhook', '/webhook')->controller([$this, 'answer'])->methods(['POST', 'DELETE']);
        $routes->add('send', '/send')->controller([$this, 'send']);
    }
}
