<?php

declare(strict_types=1);

namespace OCA\SignedBackend\Tests;

use HwSignature\Interop\Cases;
use HwSignature\Interop\Http;
use HwSignature\Interop\Keys;
use HwSignature\Interop\Peer;
use HwSignature\SignatureRejectedException;
use OCA\SignedBackend\AppInfo\Application;
use OCA\SignedBackend\BackgroundJob\RemoveExpiredClaims;
use OCA\SignedBackend\Controller\SettingsController;
use OCA\SignedBackend\Controller\WebhookController;
use OCA\SignedBackend\Service\Backend;
use OCA\SignedBackend\Service\Contract;
use OCA\SignedBackend\Service\NotReady;
use OCA\SignedBackend\Service\ReplayGuard;
use OCA\SignedBackend\Service\RequestVerifier;
use OCA\SignedBackend\Settings\Admin;
use OCA\SignedBackend\Settings\Section;
use OCA\SignedBackend\SetupChecks\ContractCheck;
use OCP\AppFramework\Bootstrap\IRegistrationContext;
use OCP\AppFramework\Utility\ITimeFactory;
use OCP\IAppConfig;
use OCP\IDBConnection;
use OCP\Security\Bruteforce\IThrottler;
use OCP\Server;
use PHPUnit\Framework\TestCase;
use Psr\Log\LoggerInterface;

require_once __DIR__ . '/Nextcloud.php';

/** The app against Django, and behind a web server: inside Nextcloud where NEXTCLOUD_ROOT names one, and with stand-ins otherwise. */
final class SignedBackendTest extends TestCase
{
    private const PEER = 'Nextcloud app';
    private const WEBHOOK = '/index.php/apps/signed_backend/webhook';
    private const CALLER = '127.0.0.1';

    private Contract $contract;

    protected function setUp(): void
    {
        foreach (['backend', 'key_id', 'key', 'public_url'] as $name) {
            Server::get(IAppConfig::class)->deleteKey('signed_backend', $name);
        }
        Server::get(IDBConnection::class)->executeStatement('DELETE FROM *PREFIX*signed_backend_claims');
        Server::get(IThrottler::class)->resetDelayForIP(self::CALLER);
        Nextcloud::log();
        $this->contract = Server::get(Contract::class);
    }

    private function configure(string $publicUrl = '', ?string $key = null): void
    {
        $this->contract->configure(getenv('INTEROP_DJANGO') . '/', 'nextcloud-app', $key ?? Keys::text('nextcloud'), $publicUrl);
    }

    /** @return array<string, string> */
    private static function sign(string $body, string $target = self::WEBHOOK, string $keyId = 'nextcloud-app', ?int $timestamp = null): array
    {
        return hw_sign($body, Keys::bytes('nextcloud'), 'nextcloud', 'POST', $target, $keyId, timestamp: $timestamp);
    }

    /** @return array{int, array<mixed>} */
    private static function post(array $headers, string $body, string $target = self::WEBHOOK): array
    {
        return Http::send(Nextcloud::origin() . $target, 'POST', $headers, $body);
    }

    private static function check(string $direction, string $case, mixed $expected, mixed $actual): void
    {
        Cases::check(self::PEER, $direction, "$case: " . json_encode($actual), $expected === $actual);
    }

    public function testSignsWhatItSends(): void
    {
        $this->configure();
        $backend = Server::get(Backend::class);
        $answers = [
            'ping' => $backend->get('/api/v1/ping/?q=a+b&%C3%A9=1&a'),
            'token' => $backend->post('/api/v1/token/', '{"scope":"ä/b"}'),
            'empty' => $backend->post('/api/v1/token/', ''),
            'binary' => $backend->post('/api/v1/file/', "\0\xff", 'application/octet-stream'),
        ];
        foreach ($answers as $case => $answer) {
            self::check('app to Django', $case, 200, $answer->getStatusCode());
        }
        self::check('app to Django', 'a redirect', 302, $backend->get('/redirect/')->getStatusCode());
        $this->configure(key: base64_encode('another key'));
        self::check('app to Django', 'another key', 401, $backend->get('/api/v1/ping/')->getStatusCode());
        self::assertSame([], Nextcloud::log());
    }

    public function testSendsToNoOtherHost(): void
    {
        $this->configure();
        foreach (['', '@127.0.0.2/', '.example/', 'x', ':1/'] as $target) {
            try {
                Server::get(Backend::class)->get($target);
                self::fail($target);
            } catch (\InvalidArgumentException $refused) {
                self::assertSame('The path must begin with a slash.', $refused->getMessage());
            }
        }
    }

    public function testVerifiesWhatItReceives(): void
    {
        $this->configure();
        $bodies = ['JSON' => '{"a":1}', 'empty' => '', 'binary' => "\0\xff", 'large' => str_repeat('x', 1 << 20)];
        $python = Peer::python(__DIR__ . '/../../../interop/django/client.py');
        foreach ($bodies as $case => $body) {
            $answer = $python->call('nextcloud', ['origin' => Nextcloud::origin(), 'method' => 'POST', 'path' => self::WEBHOOK,
                'query' => 'b=2&a=1&c=%C3%A9+x&c', 'body' => base64_encode($body)]);
            self::check('Python to app', $case, [200, ['from' => 'nextcloud-app']], [$answer['status'], $answer['json']]);

            $headers = self::sign($body);
            self::check('PHP to app', $case, [200, ['from' => 'nextcloud-app']], self::post($headers, $body));
            self::assertSame([], Nextcloud::log());
            $rejections = [
                'replayed' => fn (): array => self::post($headers, $body),
                'missing-header' => fn (): array => self::post([], $body),
                'signature-mismatch' => fn (): array => self::post(self::sign($body), "$body!"),
                'stale' => fn (): array => self::post(self::sign($body, timestamp: time() - 301), $body),
                'unknown-key' => fn (): array => self::post(self::sign($body, keyId: 'another-app'), $body),
            ];
            foreach ($rejections as $reason => $send) {
                $expected = [[401, []], ["warning: A request was refused: $reason"]];
                self::check('PHP to app, refused', "$case, $reason", $expected, [$send(), Nextcloud::log()]);
            }
        }
    }

    public function testRefusesWhatPhpTookApart(): void
    {
        $this->configure();
        foreach (['multipart/form-data; boundary=x', 'Multipart/Form-Data;boundary=x'] as $type) {
            $body = "--x\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n1000000\r\n--x--\r\n";
            foreach (['its own signature' => $body, 'the signature of an empty body' => ''] as $case => $signed) {
                $answer = self::post(self::sign($signed) + ['Content-Type' => $type], $body);
                $expected = [[415, []], ['warning: A request was refused: multipart/form-data cannot be verified']];
                self::check('PHP to app, refused', "$type, $case", $expected, [$answer, Nextcloud::log()]);
            }
        }

        // A header Content_Type gets as far as this on some servers, and PHP does not look at it.
        $server = ['CONTENT_TYPE' => 'multipart/form-data; boundary=x', 'HTTP_CONTENT_TYPE' => 'application/json'];
        $answer = self::webhook($server + self::server(self::sign(''), ''), Server::get(ReplayGuard::class))->receive();
        self::assertSame(415, $answer->getStatus());
    }

    /** @param array<string, string> $server as $_SERVER; the body is empty */
    private static function webhook(array $server, ReplayGuard $guard): WebhookController
    {
        $verifier = new RequestVerifier(Server::get(Contract::class), $guard);
        $throttler = Server::get(IThrottler::class);
        return new WebhookController('signed_backend', Nextcloud::request($server), $verifier, $throttler, Server::get(LoggerInterface::class));
    }

    public function testAcceptsOneOfManyCopies(): void
    {
        $this->configure();
        for ($round = 0; $round < 3; $round++) {
            $statuses = Http::sendCopies(16, Nextcloud::origin() . self::WEBHOOK, self::sign('{}'), '{}');
            self::check('PHP to app, 16 copies', "round $round", [200 => 1, 401 => 15], $statuses);
        }
    }

    public function testOnlyGuessesAreThrottled(): void
    {
        $this->configure();
        $headers = self::sign('{}');
        self::assertSame(200, self::post($headers, '{}')[0]);
        for ($time = 0; $time < 11; $time++) {
            self::assertSame(401, self::post($headers, '{}')[0], 'replayed');
        }
        self::assertSame(401, self::post(self::sign('{}', timestamp: time() - 301), '{}')[0]);
        self::assertSame(401, self::post([], '{}')[0]);
        self::assertSame(0, self::attempts());

        self::assertSame(401, self::post(self::sign('{}'), '{"a":1}')[0]);
        self::assertSame(401, self::post(self::sign('{}', keyId: 'another-app'), '{}')[0]);
        self::assertSame(2, self::attempts());

        self::assertSame(200, self::post(self::sign('{}'), '{}')[0]);
        self::assertSame(0, self::attempts());
    }

    private static function attempts(): int
    {
        return Server::get(IThrottler::class)->getAttempts(self::CALLER, 'signed_backend');
    }

    /** Behind a proxy that takes a prefix away, the backend signs a path that never arrives here. */
    public function testThePathIsThatOfThePublicUrl(): void
    {
        $this->configure('https://cloud.example/nextcloud/hook');
        $send = static fn (string $signed): int => self::post(self::sign('{}', $signed), '{}', self::WEBHOOK . '?b=2&a=%20')[0];
        self::assertSame(200, $send('/nextcloud/hook?b=2&a=%20'));
        self::assertSame(401, $send(self::WEBHOOK . '?b=2&a=%20'));
        self::assertSame(401, $send('/nextcloud/hook'));
        self::assertSame(401, $send('/nextcloud/hook?b=2&a=%21'));
    }

    public function testTheGuardRemembersUntilTheClaimIsOver(): void
    {
        $guard = Server::get(ReplayGuard::class);
        [$old, $new] = [str_repeat('0', 64), str_repeat('1', 64)];
        self::assertTrue($guard->claim($old, -1));
        self::assertTrue($guard->claim($new, 60));
        self::assertFalse($guard->claim($old, 60));
        self::assertFalse($guard->claim($new, 60));

        (new \ReflectionMethod(RemoveExpiredClaims::class, 'run'))->invoke(Server::get(RemoveExpiredClaims::class), null);
        self::assertFalse($guard->claim($new, 60));
        self::assertTrue($guard->claim($old, 60));

        $guard->release([$new, str_repeat('2', 64)]);
        self::assertTrue($guard->claim($new, 60));
    }

    public function testTheRequestMayComeAgainWhenTheWorkFailed(): void
    {
        $this->configure();
        $server = self::server(self::sign('{}', self::WEBHOOK . '?a=1'), 'a=1');
        $run = static fn (callable $work): mixed => Server::get(RequestVerifier::class)->run(Nextcloud::request($server), '{}', $work);
        try {
            $run(static fn (): never => throw new \DomainException('the disk is full'));
            self::fail();
        } catch (\DomainException) {
        }
        self::assertSame('done', $run(static fn (): string => 'done'));
        $this->expectException(SignatureRejectedException::class);
        $run(static fn (): string => 'again');
    }

    /**
     * @param array<string, string> $headers
     * @return array<string, string> $_SERVER
     */
    private static function server(array $headers, string $query): array
    {
        $server = ['REQUEST_METHOD' => 'POST', 'QUERY_STRING' => $query, 'REMOTE_ADDR' => self::CALLER];
        foreach ($headers as $name => $value) {
            $server['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
        }
        return $server;
    }

    public function testADatabaseThatFailsRefuses(): void
    {
        $this->configure();
        $down = $this->createMock(IDBConnection::class);
        $down->method('getQueryBuilder')->willThrowException(new \OCP\DB\Exception('the database is down'));
        $guard = new ReplayGuard($down, Server::get(ITimeFactory::class));
        $answer = self::webhook(self::server(self::sign(''), ''), $guard)->receive();
        self::assertSame([503, [], false], [$answer->getStatus(), $answer->getData(), $answer->isThrottled()]);
        self::assertSame(['error: A request could not be verified'], Nextcloud::log());
    }

    public function testTheSettings(): void
    {
        $settings = Server::get(SettingsController::class);
        $key = Keys::text('nextcloud');
        $refused = [
            'no key' => ['https://backend.example', 'app', ''],
            'not base64' => ['https://backend.example', 'app', 'not base64!'],
            'no client ID' => ['https://backend.example', '', $key],
            'no scheme' => ['backend.example', 'app', $key],
            'another scheme' => ['ftp://backend.example', 'app', $key],
            'a query' => ['https://backend.example/?a', 'app', $key],
            'a user' => ['https://user@backend.example', 'app', $key],
            'a wrong public URL' => ['https://backend.example', 'app', $key, '/webhook'],
        ];
        foreach ($refused as $case => $arguments) {
            $answer = $settings->update(...$arguments);
            self::assertSame(400, $answer->getStatus(), $case);
            self::assertStringNotContainsString($key, $answer->getData()['message']);
            self::assertFalse($this->contract->hasKey(), $case);
        }

        // As it is pasted.
        self::assertSame(200, $settings->update(' https://backend.example/ ', 'app', "$key\n")->getStatus());
        self::assertSame('https://backend.example', $this->contract->backend());
        self::assertSame(Keys::key('nextcloud', 'app')->fingerprint, $this->contract->key()->fingerprint);
        $config = Server::get(IAppConfig::class);
        self::assertTrue($config->isSensitive('signed_backend', 'key', null));
        self::assertFalse($config->isSensitive('signed_backend', 'key_id', null));

        // An empty field keeps the key.
        self::assertSame(200, $settings->update('https://other.example', 'other', '')->getStatus());
        self::assertSame(Keys::key('nextcloud', 'other')->fingerprint, $this->contract->key()->fingerprint);
        self::assertSame('other', $this->contract->keyId());
    }

    public function testThePage(): void
    {
        $page = static fn (): string => Server::get(Admin::class)->getForm()->render();
        self::assertStringContainsString('not configured', $page());
        $this->configure();
        self::assertStringNotContainsString('not configured', $page());
        self::assertStringContainsString(self::WEBHOOK, $page());
        self::assertStringNotContainsString(Keys::text('nextcloud'), $page());
        $this->contract->configure('https://"><script>', 'nextcloud-app', '');
        self::assertStringNotContainsString('"><script>', $page());
        self::assertSame(Server::get(Section::class)->getID(), Server::get(Admin::class)->getSection());
        self::assertStringEndsWith('app-dark.svg', Server::get(Section::class)->getIcon());
    }

    public function testTheTestButton(): void
    {
        $settings = Server::get(SettingsController::class);
        $said = static function (string $target) use ($settings): array {
            $answer = $settings->test($target);
            return [$answer->getStatus(), $answer->getData()['message']];
        };
        self::assertSame(400, $said('/api/v1/ping/')[0]);
        $this->configure();
        self::assertSame([200, 'The backend answered 200: the signature was accepted, if this path asks for one.'], $said('/api/v1/ping/?a=1'));
        self::assertStringStartsWith('The backend answered 404: that says nothing', $said('/nothing/')[1]);
        self::assertSame([400, 'The path must begin with a slash.'], $said('ping'));
        $this->configure(key: base64_encode('another key'));
        self::assertStringStartsWith('The backend answered 401: the signature was refused', $said('/api/v1/ping/')[1]);
        $this->contract->configure('http://127.0.0.1:1', 'nextcloud-app', '');
        self::assertSame(502, $said('/')[0]);
    }

    public function testSaysWhatIsMissing(): void
    {
        $check = static fn (): string => Server::get(ContractCheck::class)->run()->getSeverity();
        self::assertStringContainsString('not configured', (string) $this->contract->problem());
        self::assertSame('error', $check());
        try {
            Server::get(Backend::class)->get('/');
            self::fail();
        } catch (NotReady $problem) {
            self::assertSame($this->contract->problem(), $problem->getMessage());
        }
        self::assertSame([503, []], self::post(self::sign('{}'), '{}'));
        self::assertSame(['error: A request could not be verified'], Nextcloud::log());

        $this->configure();
        self::assertNull($this->contract->problem());
        self::assertSame('success', $check());

        // A key that Nextcloud cannot decrypt, and one that is no key.
        $config = Server::get(IAppConfig::class);
        $update = 'UPDATE *PREFIX*appconfig SET configvalue = ? WHERE appid = ? AND configkey = ?';
        Server::get(IDBConnection::class)->executeStatement($update, ['$AppConfigEncryption$broken', 'signed_backend', 'key']);
        $config->clearCache();
        self::assertStringContainsString('cannot be read', (string) $this->contract->problem());
        self::assertSame('error', $check());
        self::assertStringContainsString('cannot be read', Server::get(Admin::class)->getForm()->render());
        $answer = Server::get(SettingsController::class)->update('https://backend.example', 'nextcloud-app', '');
        self::assertSame([400, $this->contract->problem()], [$answer->getStatus(), $answer->getData()['message']]);
        $this->configure();
        self::assertNull($this->contract->problem());
        $config->setValueString('signed_backend', 'key', 'not base64!', lazy: true, sensitive: true);
        self::assertStringContainsString('cannot be read', (string) $this->contract->problem());
    }

    public function testWithoutTheExtension(): void
    {
        $said = self::runWithoutTheExtension(__DIR__ . '/without_extension.php', []);
        self::assertStringContainsString('hw_signature is not loaded', $said['message']);
        self::assertSame(['error: A request could not be verified'], Nextcloud::log());
        unset($said['message']);
        self::assertSame(['loaded' => false, 'sent' => false, 'check' => 'error', 'page' => true, 'webhook' => 503, 'settings' => 503], $said);
    }

    public function testTheLibraryStepsIn(): void
    {
        $this->configure();
        $folder = __DIR__;
        if (!Nextcloud::isReal()) {
            $shipped = getenv('INTEROP_WORK') . '/signed_backend';
            exec(escapeshellarg(__DIR__ . '/../../../scripts/pack-app') . ' ' . escapeshellarg($shipped), result_code: $status);
            self::assertSame(0, $status);
            $folder = "$shipped/tests";
            mkdir($folder);
            foreach (glob(__DIR__ . '/*.php') as $file) {
                copy($file, "$folder/" . basename($file));
            }
        }
        $said = self::runWithoutTheExtension("$folder/with_library.php", self::server(self::sign('{}'), ''));
        self::assertSame([200, ['from' => 'nextcloud-app']], self::post($said['signed'], '{}'));
        unset($said['signed']);
        self::assertSame(['loaded' => false, 'check' => 'success', 'from' => 'nextcloud-app'], $said);
    }

    /** @return array<string, mixed> */
    private static function runWithoutTheExtension(string $script, array $input): array
    {
        // -n: whatever php.ini loads is not loaded.
        $options = Nextcloud::isReal() ? [] : ['-n', '-d', 'extension=pdo', '-d', 'extension=pdo_sqlite'];
        $process = proc_open([PHP_BINARY, ...$options, $script], [['pipe', 'r'], ['pipe', 'w'], STDERR], $pipes);
        fwrite($pipes[0], json_encode($input));
        fclose($pipes[0]);
        $output = stream_get_contents($pipes[1]);
        self::assertSame(0, proc_close($process), $output);
        $said = json_decode($output, true);
        self::assertIsArray($said, $output);
        return $said;
    }

    public function testTheAppIsRegistered(): void
    {
        $context = $this->createMock(IRegistrationContext::class);
        $context->expects(self::once())->method('registerSetupCheck')->with(ContractCheck::class);
        (new Application())->register($context);

        $info = simplexml_load_string((string) file_get_contents(__DIR__ . '/../appinfo/info.xml'));
        self::assertSame(Application::APP_ID, (string) $info->id);
        self::assertSame('OCA\\' . $info->namespace . '\\AppInfo\\Application', Application::class);
        self::assertSame(RemoveExpiredClaims::class, (string) $info->{'background-jobs'}->job);
        self::assertSame(Admin::class, (string) $info->settings->admin);
        self::assertSame(Section::class, (string) $info->settings->{'admin-section'});
        self::assertCount(0, $info->dependencies->lib, 'an update without the extension would leave the server in maintenance mode');
    }
}
