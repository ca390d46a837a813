<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Interop\Application;
use HwSignature\Interop\Cases;
use HwSignature\Interop\Http;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Testing\AssertsForgeries;
use HwSignature\Testing\Forgeries;
use HwSignature\Testing\SignedRequest;
use HwSignature\Tests\Support\Server;
use HwSignature\Verifier;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** The pages for Symfony and Laravel, as applications of the real frameworks, over HTTP. */
final class FrameworkTest extends TestCase
{
    use AssertsForgeries;

    private const DOCS = __DIR__ . '/../../docs';
    private const ORIGIN = __DIR__ . '/../../php-tests/support/origin.php';
    private const KEY = 'the key of the backend, 32 bytes';

    /** @return array<string, array{\Closure(): Application, string, string, Key}> */
    public static function frameworks(): array
    {
        return [
            'Symfony' => [self::symfony(...), '/webhook', 'nextcloud', Key::fromBytes(self::KEY, 'backend')],
            'Laravel' => [self::laravel(...), '/api/push', 'huawei-push', Key::fromBytes(self::KEY)],
        ];
    }

    /**
     * @dataProvider frameworks
     *
     * @param \Closure(): Application $start
     */
    #[DataProvider('frameworks')]
    public function testOnlyWhatTheSignatureCoversGetsIn(\Closure $start, string $path, string $profile, Key $key): void
    {
        $signer = new Signer(Profile::named($profile), $key);
        $name = $this->dataName();
        $application = $start();
        $send = static function (string $body, array $headers = [], ?string $sent = null, string $query = '') use ($application, $path, $signer): array {
            $signed = $signer->sign($body, 'POST', "$path$query");

            return Http::send($application->url("$path$query"), 'POST', $headers + $signed, $sent ?? $body);
        };
        $multipart = "--b\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n1000\r\n--b--\r\n";
        $form = ['Content-Type' => 'multipart/form-data; boundary=b'];
        try {
            [$status, $answer] = $send('{"a":1}');
            Cases::check($name, 'genuine', 'a signed request', [$status, $answer['method'] ?? ''] === [200, 'POST']);
            Cases::check($name, 'genuine', 'an empty body', $send('')[0] === 200);
            foreach ([
                'no header' => Http::send($application->url($path), 'POST', [], '{"a":1}'),
                'another body' => $send('{"a":1}', sent: '{"a":2}'),
                'X-HTTP-Method-Override' => $send('{"a":1}', ['X-HTTP-Method-Override' => 'DELETE']),
                '_method in the body' => $send('_method=DELETE', ['Content-Type' => 'application/x-www-form-urlencoded']),
                '_method in the query' => $send('{"a":1}', query: '?_method=DELETE'),
                'an empty body signed, a form sent' => $send('', $form, $multipart),
            ] as $case => [$status, $answer]) {
                Cases::check($name, 'forged', "$case: $status " . json_encode($answer), [$status, $answer] === [401, []]);
            }
            $good = SignedRequest::of($profile, $key, target: "$path?b=2&a=1", now: time());
            $accepts = static function (SignedRequest $request) use ($application, $multipart): bool {
                $headers = array_map(static fn (mixed $value): string => implode(', ', (array) $value), $request->headers);
                $body = $request->fields === [] ? $request->payload : $multipart;

                return Http::send($application->url($request->target), $request->method, $headers, $body)[0] === 200;
            };
            self::assertRefusesForgeries($accepts, $good);
            Cases::check($name, 'forged', count(Forgeries::of($good)) . ' forgeries, a replay among them', true);
            $headers = $signer->sign('fail', 'POST', $path);
            $fail = static fn (): int => Http::send($application->url($path), 'POST', $headers, 'fail')[0];
            Cases::check($name, 'genuine', 'a second attempt after a failure', [$fail(), $fail()] === [500, 500]);
        } finally {
            $application->stop();
        }
    }

    /** @return array<string, array{\Closure(string): Application}> */
    public static function applications(): array
    {
        return ['Symfony' => [self::symfony(...)], 'Laravel' => [self::laravel(...)]];
    }

    /** @dataProvider applications */
    #[DataProvider('applications')]
    public function testThePagesServiceSignsForNobodyElse(\Closure $start): void
    {
        [$own, $strangers] = [tempnam(sys_get_temp_dir(), 'hw_signature-'), tempnam(sys_get_temp_dir(), 'hw_signature-')];
        $stranger = new Server(self::ORIGIN, ['RECORD' => $strangers]);
        $backend = new Server(self::ORIGIN, ['RECORD' => $own, 'REDIRECT' => $stranger->url()]);
        $application = $start($backend->url());
        try {
            Http::send($application->url('/send'), 'GET', [], '');
        } finally {
            $application->stop();
            $backend->stop();
            $stranger->stop();
        }
        [$received, $leaked] = [file($own), file($strangers)];
        array_map(unlink(...), [$own, $strangers]);

        self::assertSame([], $leaked);
        self::assertCount(1, $received);
        $request = json_decode($received[0], true, flags: JSON_THROW_ON_ERROR);
        $verifier = new Verifier(Profile::named('nextcloud'), [Key::fromBytes(self::KEY)]);
        $isValid = $verifier->isValid($request['server'], (string) base64_decode($request['body']), $request['method'], $request['target']);
        Cases::check($this->dataName(), 'client', 'the service of the page', $isValid);
    }

    /** @dataProvider applications */
    #[DataProvider('applications')]
    public function testThePageAboutTesting(\Closure $start): void
    {
        $application = $start();
        try {
            [$status, $output] = $application->test(__DIR__ . "/{$this->dataName()}Page.php");
        } finally {
            $application->stop();
        }

        self::assertSame(0, $status, $output);
        self::assertMatchesRegularExpression('/^OK[ ,]/m', $output); // Laravel 10 leaves handlers behind, says PHPUnit 11
        Cases::check($this->dataName(), 'forged', 'the test of the page about testing', true);
    }

    private static function symfony(string $backend = 'https://backend.example'): Application
    {
        return new Application(self::DOCS . '/symfony.md', __DIR__ . '/symfony.php', [
            '/^services:/' => 'config/services.yaml',
            '/^security:/' => 'config/packages/security.yaml',
            '/^final class ReplayGuard\b/m' => 'src/Security/ReplayGuard.php',
            '/^final class Backend\b/m' => 'src/Service/Backend.php',
            '/\$client->getResponse\(\)/' => 'tests/page.php',
        ], ['BACKEND_KEY' => base64_encode(self::KEY)], $backend);
    }

    private static function laravel(string $backend = 'https://backend.example'): Application
    {
        return new Application(self::DOCS . '/laravel.md', __DIR__ . '/laravel.php', [
            '/^class AppServiceProvider\b/m' => 'app/Providers/AppServiceProvider.php',
            '/config\/services\.php/' => 'config/services.php',
            '/routes\/api\.php: /' => 'routes/api.php',
            '/^final class Backend\b/m' => 'app/Services/Backend.php',
            '/\$this->call\(/' => 'tests/page.php',
        ], ['HUAWEI_PUSH_KEY' => self::KEY, 'BACKEND_KEY' => base64_encode(self::KEY)], $backend);
    }
}
