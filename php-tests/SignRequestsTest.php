<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use GuzzleHttp\Client;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Psr7\HttpFactory;
use GuzzleHttp\Psr7\NoSeekStream;
use GuzzleHttp\Psr7\Request;
use GuzzleHttp\Psr7\Utils;
use HwSignature\Encoding;
use HwSignature\Http\OtherOriginException;
use HwSignature\Http\SigningClient;
use HwSignature\Http\SignRequests;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Tests\Support\Library;
use HwSignature\Tests\Support\Server;
use HwSignature\Verifier;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Psr\Http\Client\ClientExceptionInterface;

/** What Guzzle and PSR-18 clients send, to real servers, across redirects. */
final class SignRequestsTest extends TestCase
{
    private const KEY = 'test-shared-secret';

    private string $directory;
    private Server $backend;
    private Server $stranger;

    protected function setUp(): void
    {
        Library::needs('GuzzleHttp', 'GuzzleHttp\\Psr7');
        $this->directory = sys_get_temp_dir() . '/hw_signature-' . bin2hex(random_bytes(8));
        mkdir($this->directory);
        $this->backend = new Server(__DIR__ . '/support/origin.php', ['RECORD' => "$this->directory/backend"]);
        $this->stranger = new Server(__DIR__ . '/support/origin.php', ['RECORD' => "$this->directory/stranger"]);
    }

    protected function tearDown(): void
    {
        if (isset($this->directory)) {
            $this->backend->stop();
            $this->stranger->stop();
            array_map(unlink(...), glob("$this->directory/*"));
            rmdir($this->directory);
        }
    }

    public function testGuzzleSignsWhatItSends(): void
    {
        $client = $this->guzzle();
        $client->post('notes?b=2&a=1', ['json' => ['a' => 'ü']]);
        $client->put('café/%2F', ['body' => implode('', array_map('chr', range(0, 255)))]);
        $client->get('?z=1&q=a+b&%C3%A9');
        $client->post('form', ['form_params' => ['a' => 'b c']]);
        $client->post('big', ['body' => str_repeat('0123456789abcdef', 1 << 17)]);

        self::assertSame([true, true, true, true, true], $this->verified('backend'));
    }

    public function testHeadersAndTheWholeUrlAreSignedWhereTheContractDoes(): void
    {
        $url = $this->backend->url() . 'notes?b=2';
        $profiles = [
            Profile::named('huawei-apig'),
            new Profile('url', "{header:X-Event}\n{url}\n{payload_sha256}", ['X-Signature' => '{signature}'], Encoding::Hex),
        ];
        foreach ($profiles as $profile) {
            $signing = new SignRequests(new Signer($profile, Key::fromBytes(self::KEY, 'app')), $this->backend->url());
            $handlers = HandlerStack::create();
            $handlers->push($signing);
            $client = new Client(['handler' => $handlers, 'headers' => ['X-Event' => 'push', 'Connection' => 'close']]);
            $client->post($url, ['json' => ['a' => 1]]);
            $received = $this->received('backend');
            $request = end($received);
            $isValid = static fn (array $server, string $target): bool => (new Verifier($profile, [Key::fromBytes(self::KEY, 'app')]))
                ->isValid($server, (string) base64_decode($request['body'], true), $request['method'], $target);

            self::assertTrue($isValid($request['server'], $url));
            self::assertFalse($isValid(['HTTP_X_EVENT' => 'pull'] + $request['server'], $url));
            self::assertFalse($isValid($request['server'], "{$url}1"));
        }
        self::assertStringContainsString('SignedHeaders=content-type;host;', $received[0]['server']['HTTP_AUTHORIZATION']);
        self::assertStringNotContainsString('connection', $received[0]['server']['HTTP_AUTHORIZATION']);
    }

    public function testARedirectInsideTheOriginIsSignedAnew(): void
    {
        $this->guzzle()->post('notes?status=307&to=/elsewhere', ['body' => 'x']);

        self::assertSame([true, true], $this->verified('backend'));
        self::assertSame('/elsewhere', $this->received('backend')[1]['target']);
    }

    /** @return array<string, array{int}> */
    public static function redirects(): array
    {
        return ['301' => [301], '302' => [302], '303' => [303], '307' => [307], '308' => [308]];
    }

    /** @dataProvider redirects */
    #[DataProvider('redirects')]
    public function testARedirectElsewhereGetsNothing(int $status): void
    {
        $thrown = null;
        try {
            $this->guzzle()->post("notes?status=$status&to=" . $this->stranger->url() . 'notes', ['body' => 'x']);
        } catch (OtherOriginException $thrown) {
        }

        self::assertSame([], $this->received('stranger'));
        self::assertSame([true], $this->verified('backend'));
        self::assertNotNull($thrown);
        self::assertStringContainsString('does not go to ' . rtrim($this->backend->url(), '/') . ',', $thrown->getMessage());
        self::assertSame($this->stranger->url() . 'notes', (string) $thrown->getRequest()->getUri());
        self::assertFalse($thrown->getRequest()->hasHeader('X-NC-SIGNATURE'));
    }

    public function testAnotherNameOfTheSameServerIsAnotherOrigin(): void
    {
        $this->expectException(OtherOriginException::class);

        $this->guzzle()->post(str_replace('127.0.0.1', 'localhost', $this->backend->url()), ['body' => 'x']);
    }

    public function testPsr18(): void
    {
        $client = new SigningClient($this->signing(), new Client());
        $client->sendRequest(new Request('POST', $this->backend->url() . 'notes', [], '{"a":1}'));
        $redirect = $client->sendRequest(new Request('POST', $this->backend->url() . '?status=307&to=' . $this->stranger->url(), [], 'x'));
        try {
            $client->sendRequest(new Request('POST', $this->stranger->url(), [], 'x'));
            self::fail('A stranger gets nothing.');
        } catch (ClientExceptionInterface $thrown) {
            self::assertInstanceOf(OtherOriginException::class, $thrown);
        }

        self::assertSame(307, $redirect->getStatusCode());
        self::assertSame([true, true], $this->verified('backend'));
        self::assertSame([], $this->received('stranger'));
    }

    public function testABodyThatCanBeReadOnceIsCopied(): void
    {
        $once = static fn (): NoSeekStream => new NoSeekStream(Utils::streamFor('read only once'));
        $this->guzzle()->post('notes', ['body' => $once()]);

        self::assertSame([true], $this->verified('backend'));
        $this->expectException(\LogicException::class);
        $this->expectExceptionMessage('SignRequests needs a StreamFactoryInterface');
        (new SignRequests(self::signer(), $this->backend->url()))->sign(new Request('POST', $this->backend->url(), [], $once()));
    }

    public function testABodyThatCanBeReadAgainIsNotCopied(): void
    {
        $file = Utils::streamFor(fopen("$this->directory/file", 'w+'));
        for ($megabyte = 0; $megabyte < 64; $megabyte++) {
            $file->write(str_repeat('x', 1 << 20));
        }
        $request = new Request('PUT', $this->backend->url() . 'file', [], $file);
        $signing = $this->signing();
        memory_reset_peak_usage();
        $before = memory_get_peak_usage();
        $signed = $signing->sign($request);

        self::assertSame($file, $signed->getBody());
        self::assertSame(0, $file->tell());
        self::assertLessThan(1 << 20, memory_get_peak_usage() - $before);
        self::assertTrue(self::verifier()->isValid($signed->getHeaders(), (string) $file, 'PUT', '/file'));
    }

    public function testTheExampleSigns(): void
    {
        $example = [PHP_BINARY, ...Support\Module::arguments(), __DIR__ . '/../examples/guzzle_middleware.php'];
        $url = $this->backend->url() . 'notes/';
        [$status, $output, $errors] = Support\Php::run([...$example, $url, '{"a":1}'], '', ['BACKEND_KEY' => base64_encode(self::KEY)]);
        self::assertSame([0, "200\n", ''], [$status, $output, $errors]);
        self::assertSame([true], $this->verified('backend'));

        $url = $this->backend->url() . 'notes?status=307&to=' . $this->stranger->url();
        [$status] = Support\Php::run([...$example, $url, '{"a":1}'], '', ['BACKEND_KEY' => base64_encode(self::KEY)]);
        self::assertNotSame(0, $status);
        self::assertSame([], $this->received('stranger'));
    }

    private function guzzle(): Client
    {
        $handlers = HandlerStack::create();
        $handlers->push($this->signing());

        return new Client(['base_uri' => $this->backend->url(), 'handler' => $handlers]);
    }

    private function signing(): SignRequests
    {
        return new SignRequests(self::signer(), $this->backend->url(), new HttpFactory());
    }

    private static function signer(): Signer
    {
        return new Signer(Profile::named('nextcloud'), Key::fromBytes(self::KEY, 'app'));
    }

    private static function verifier(): Verifier
    {
        return new Verifier(Profile::named('nextcloud'), [Key::fromBytes(self::KEY)]);
    }

    /** @return list<array{method: string, target: string, server: array<string, mixed>, body: string}> */
    private function received(string $by): array
    {
        $lines = @file("$this->directory/$by") ?: [];

        return array_map(static fn (string $line): array => json_decode($line, true, flags: JSON_THROW_ON_ERROR), $lines);
    }

    /** @return list<bool> for each request that arrived, whether it verifies */
    private function verified(string $by): array
    {
        return array_map(static fn (array $request): bool => self::verifier()->isValid(
            $request['server'],
            (string) base64_decode($request['body'], true),
            $request['method'],
            $request['target'],
        ), $this->received($by));
    }
}
