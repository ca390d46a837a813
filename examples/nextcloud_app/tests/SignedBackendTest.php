<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Tests;

use HwSignature\Interop\Cases;
use HwSignature\Interop\Http;
use HwSignature\Interop\Keys;
use HwSignature\Interop\Peer;
use OCA\SignedBackend\AppInfo\Application;
use OCA\SignedBackend\Controller\SettingsController;
use OCA\SignedBackend\Service\Backend;
use OCA\SignedBackend\Service\Contract;
use OCA\SignedBackend\Service\NotReady;
use OCA\SignedBackend\SetupChecks\ExtensionCheck;
use OCP\AppFramework\Bootstrap\IRegistrationContext;
use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/nextcloud.php';

/** The app against Django, and behind nginx and php-fpm. */
final class SignedBackendTest extends TestCase
{
    private const PEER = 'Nextcloud app';
    private const WEBHOOK = '/apps/signed_backend/webhook';

    private Config $config;
    private Log $log;
    private Contract $contract;

    protected function setUp(): void
    {
        [$this->config, $this->log] = [new Config(), new Log()];
        $this->contract = new Contract($this->config, new Caches(), $this->log);
    }

    private function configure(): void
    {
        $this->contract->configure(getenv('INTEROP_DJANGO') . '/', 'nextcloud-app', Keys::text('nextcloud'));
    }

    public function testSignsWhatItSends(): void
    {
        $this->configure();
        $backend = new Backend($this->contract, new Clients());
        $answers = [
            'ping' => $backend->get('/api/v1/ping/?q=a+b&%C3%A9=1&a'),
            'token' => $backend->post('/api/v1/token/', '{"scope":"ä/b"}'),
            'empty' => $backend->post('/api/v1/token/', ''),
            'binary' => $backend->post('/api/v1/file/', "\0\xff", 'application/octet-stream'),
        ];
        foreach ($answers as $case => $answer) {
            Cases::check(self::PEER, 'app to Django', $case, $answer->getStatusCode() === 200);
        }
        self::assertSame([], $this->log->lines);
    }

    public function testVerifiesWhatItReceives(): void
    {
        $bodies = ['JSON' => '{"a":1}', 'empty' => '', 'binary' => "\0\xff"];
        $python = Peer::python(__DIR__ . '/../../../interop/django/client.py');
        foreach ($bodies as $case => $body) {
            $answer = $python->call('nextcloud', ['origin' => getenv('INTEROP_HTTP'), 'method' => 'POST', 'path' => self::WEBHOOK,
                'query' => 'b=2&a=1', 'body' => base64_encode($body)]);
            $correct = [$answer['status'], $answer['json']['data']] === [200, ['from' => 'nextcloud-app']];
            Cases::check(self::PEER, 'Python to app', $case, $correct);

            $post = static fn (array $headers, string $body): array =>
                Http::send(getenv('INTEROP_HTTP') . self::WEBHOOK, 'POST', $headers, $body);
            $headers = hw_sign($body, Keys::bytes('nextcloud'), 'nextcloud', 'POST', self::WEBHOOK, 'nextcloud-app');
            $rejections = [
                'tampered' => [$post($headers, "$body!"), 'signature-mismatch'],
                'no headers' => [$post([], $body), 'missing-header'],
            ];
            Cases::check(self::PEER, 'PHP to app', $case, $post($headers, $body)[0] === 200);
            $rejections['replayed'] = [$post($headers, $body), 'replayed'];
            foreach ($rejections as $fault => [[$status, $answer], $reason]) {
                $expected = [401, [], true, ["warning: A request was refused: $reason"]];
                $correct = [$status, $answer['data'], $answer['throttled'], $answer['log']] === $expected;
                Cases::check(self::PEER, 'PHP to app, refused', "$case, $fault: " . json_encode($answer), $correct);
            }
        }
    }

    public function testTheKeyIsSensitive(): void
    {
        $settings = new SettingsController(Application::APP_ID, new Request(), $this->contract);
        $answer = $settings->update('https://backend.example/', 'app', 'not base64!');
        self::assertSame(400, $answer->getStatus());
        self::assertSame([], $this->config->values);

        $answer = $settings->update('https://backend.example/', 'app', Keys::text('nextcloud'));
        self::assertSame(200, $answer->getStatus());
        self::assertSame(['backend' => false, 'key_id' => false, 'key' => true], $this->config->sensitive);
        self::assertSame(Keys::bytes('nextcloud'), base64_decode($this->config->values['key']));
        self::assertSame('https://backend.example', $this->contract->backend());
    }

    public function testSaysWhatIsMissing(): void
    {
        self::assertStringContainsString('not configured', (string) $this->contract->problem());
        $this->configure();
        self::assertNull($this->contract->problem());
        self::assertSame('success', (new ExtensionCheck($this->contract))->run()->getSeverity());

        $uncached = new Contract($this->config, new Caches(false), $this->log);
        self::assertSame('error', (new ExtensionCheck($uncached))->run()->getSeverity());
        try {
            $uncached->check();
            self::fail('without a cache, replay is not noticed');
        } catch (NotReady $problem) {
            self::assertSame(['critical: ' . $problem->getMessage()], $this->log->lines);
        }
    }

    public function testWithoutTheExtension(): void
    {
        // -n: whatever php.ini loads is not loaded.
        exec(PHP_BINARY . ' -n ' . escapeshellarg(__DIR__ . '/without_extension.php') . ' 2>&1', $output, $status);
        self::assertSame(0, $status, implode("\n", $output));
        $said = json_decode(implode("\n", $output), true);
        $message = $said['message'];
        self::assertStringContainsString('hw_signature is not loaded', $message);
        self::assertSame(['critical: ' . $message, 'critical: ' . $message, 'error: A request could not be verified'], $said['log']);
        unset($said['message'], $said['log']);
        self::assertSame(['loaded' => false, 'sent' => false, 'check' => 'error', 'webhook' => 503, 'settings' => 503], $said);
    }

    public function testTheAppIsRegistered(): void
    {
        $context = new class implements IRegistrationContext {
            /** @var list<string> */
            public array $checks = [];

            public function registerSetupCheck(string $setupCheckClass): void
            {
                $this->checks[] = $setupCheckClass;
            }
        };
        (new Application())->register($context);
        self::assertSame([ExtensionCheck::class], $context->checks);

        $info = simplexml_load_file(__DIR__ . '/../appinfo/info.xml');
        self::assertSame(Application::APP_ID, (string) $info->id);
        self::assertSame('hw_signature', (string) $info->dependencies->lib);
        self::assertSame('OCA\\' . $info->namespace . '\\AppInfo\\Application', Application::class);
    }
}
