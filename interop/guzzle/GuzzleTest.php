<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use GuzzleHttp\Client;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Psr7\HttpFactory;
use GuzzleHttp\Psr7\NoSeekStream;
use GuzzleHttp\Psr7\Request;
use GuzzleHttp\Psr7\ServerRequest;
use GuzzleHttp\Psr7\Utils;
use HwSignature\Http\SigningClient;
use HwSignature\Http\SignRequests;
use HwSignature\Interop\Cases;
use HwSignature\Interop\Keys;
use HwSignature\Profile;
use HwSignature\Signer;
use PHPUnit\Framework\TestCase;
use Psr\Http\Message\RequestInterface;

/** Guzzle, PSR-18 and PSR-7, against php-fpm behind nginx and against Django. */
final class GuzzleTest extends TestCase
{
    private const PEER = 'Guzzle, PSR-18, PSR-7';

    /** @return array<string, array{string, RequestInterface}> */
    private static function requests(): array
    {
        // In the path, so that the receiver verifies with the headers of ServerRequest::fromGlobals() too.
        $php = static fn (string $profile, string $rest): string => getenv('INTEROP_HTTP') . "/$profile/psr7/$rest";
        $django = (string) getenv('INTEROP_DJANGO');
        $binary = implode('', array_map('chr', range(0, 255)));
        return [
            'JSON to PHP' => ['django', new Request('POST', $php('django', 'hook'), [], '{"a":1}')],
            'binary to PHP' => ['huawei-push', new Request('POST', $php('huawei-push', 'hook'), [], $binary)],
            'query to PHP' => ['nextcloud', new Request('GET', $php('nextcloud', 'ping?z=1&q=a+b&%C3%A9'))],
            'letters beyond ASCII to PHP' => ['nextcloud', new Request('PUT', $php('nextcloud', 'é ü?ö=ß'), [], 'x')],
            '1 MiB to PHP' => ['nextcloud', new Request('PUT', $php('nextcloud', 'file'), [], str_repeat($binary, 4096))],
            'JSON to Django' => ['django', new Request('POST', "$django/mixin/hook", [], '{"a":1}')],
            'query to Django' => ['nextcloud', new Request('GET', "$django/api/v1/ping/?z=1&q=a+b&%C3%A9")],
            'letters beyond ASCII to Django' => ['nextcloud', new Request('PUT', "$django/api/é ü?ö=ß", [], 'x')],
        ];
    }

    public function testMiddleware(): void
    {
        foreach (self::requests() as $case => [$profile, $request]) {
            $status = self::client($profile, $request)->send($request)->getStatusCode();
            Cases::check(self::PEER, 'Guzzle middleware', $case, $status === 200);
        }
        $once = new NoSeekStream(Utils::streamFor('read only once'));
        $request = new Request('POST', getenv('INTEROP_HTTP') . '/django/hook', [], $once);
        $answer = self::client('django', $request)->send($request);
        $seen = json_decode((string) $answer->getBody(), true)['sha256'];
        $correct = $answer->getStatusCode() === 200 && $seen === hash('sha256', 'read only once');
        Cases::check(self::PEER, 'Guzzle middleware', 'a body that can be read only once', $correct);
    }

    public function testPsr18(): void
    {
        $client = new Client();
        foreach (self::requests() as $case => [$profile, $request]) {
            $signing = self::signing($profile, $request);
            $status = (new SigningClient($signing, $client))->sendRequest($request)->getStatusCode();
            Cases::check(self::PEER, 'PSR-18', $case, $status === 200);
            $signed = $signing->sign($request);
            self::assertSame(0, $signed->getBody()->tell(), 'not every client rewinds a body before it sends it');
            $tampered = $signed->getMethod() === 'GET'
                ? $signed->withUri($signed->getUri()->withQuery('tampered'))
                : $signed->withBody(Utils::streamFor('tampered'));
            Cases::check(self::PEER, 'PSR-18, refused', "$case, tampered", $client->sendRequest($tampered)->getStatusCode() === 401);
        }
    }

    public function testHeadersOfAServerRequest(): void
    {
        foreach (self::requests() as $case => [$profile, $request]) {
            $signed = self::signing($profile, $request)->sign($request);
            $received = new ServerRequest($signed->getMethod(), $signed->getUri(), $signed->getHeaders(), $signed->getBody());
            $verify = static fn (array $headers): bool => hw_verify(
                $headers,
                (string) $received->getBody(),
                Keys::bytes($profile),
                $profile,
                $received->getMethod(),
                $received->getRequestTarget(),
            );
            Cases::check(self::PEER, 'ServerRequest to PHP', $case, $verify($received->getHeaders()));
            // A second value is refused, never picked from.
            $name = array_key_last(Profile::named($profile)->describe()['headers']);
            $twice = $received->withAddedHeader($name, $received->getHeaderLine($name))->getHeaders();
            Cases::check(self::PEER, 'ServerRequest to PHP, refused', "$case, $name twice", !$verify($twice));
        }
    }

    private static function signing(string $profile, RequestInterface $request): SignRequests
    {
        $id = $profile === 'nextcloud' ? 'nextcloud-app' : null;
        $signer = new Signer(Profile::named($profile), Keys::key($profile, $id));
        $uri = $request->getUri();
        return new SignRequests($signer, "{$uri->getScheme()}://{$uri->getAuthority()}", new HttpFactory());
    }

    private static function client(string $profile, RequestInterface $request): Client
    {
        $handlers = HandlerStack::create();
        $handlers->push(self::signing($profile, $request));
        return new Client(['handler' => $handlers, 'http_errors' => false]);
    }
}
