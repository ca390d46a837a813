<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Http\IncomingRequest;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\SignatureRejectedException;
use HwSignature\Signer;
use HwSignature\Testing\SignedRequest;
use HwSignature\Tests\Support\Library;
use HwSignature\Tests\Support\Server;
use HwSignature\Tests\Support\Wire;
use HwSignature\Verifier;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** What a request is to `Verifier`, from PHP's globals behind a real server, from PSR-7 and from Symfony. */
final class IncomingRequestTest extends TestCase
{
    private const KEY = 'test-shared-secret';
    private const TARGET = '/hook?b=2&a=1';
    private const FORM = 'application/x-www-form-urlencoded';
    private const MULTIPART = "--b\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n1000\r\n--b--\r\n";

    /**
     * Requests that are signed, and of which the application would see more than the signature covers.
     *
     * @return iterable<string, array{?Reason, string, array<string, string>, string, string, string}> the reason, what
     *     was signed, headers, body, request line, and what it shows
     */
    public static function requests(): iterable
    {
        $multipart = ['Content-Type' => 'Multipart/Form-Data; boundary=b'];
        $line = 'POST ' . self::TARGET;
        yield 'JSON' => [null, '{"a":1}', [], '{"a":1}', $line];
        yield 'nothing' => [null, '', [], '', $line];
        yield 'every byte' => [null, implode('', array_map('chr', range(0, 255))), [], implode('', array_map('chr', range(0, 255))), $line];
        yield 'a form that is signed' => [null, 'a=1&b=2', ['Content-Type' => self::FORM], 'a=1&b=2', $line];
        yield 'the method it has' => [null, 'x', ['X-HTTP-Method-Override' => 'post'], 'x', $line];
        yield 'tampered' => [Reason::SignatureMismatch, 'x', [], 'y', $line];
        yield 'nothing signed, a form in parts sent' => [Reason::UnsignedPayload, '', $multipart, self::MULTIPART, $line];
        yield 'nothing signed, another multipart type' => [Reason::UnsignedPayload, '', ['Content-Type' => 'multipart/mixed; boundary=b'], '', $line];
        foreach (['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'x-http-method-override'] as $name) {
            yield "$name" => [Reason::MalformedRequest, 'x', [$name => 'DELETE'], 'x', $line];
        }
        yield '_method in a form' => [Reason::MalformedRequest, '_method=put', ['Content-Type' => self::FORM], '_method=put', $line];
        yield '_METHOD in a form' => [Reason::MalformedRequest, '_METHOD=PUT', ['Content-Type' => self::FORM], '_METHOD=PUT', $line];
        yield '_method in the query' => [Reason::MalformedRequest, 'x', [], 'x', 'POST /hook?_method=DELETE'];
    }

    /**
     * @dataProvider requests
     *
     * @param array<string, string> $headers
     */
    #[DataProvider('requests')]
    public function testFromGlobals(?Reason $reason, string $signed, array $headers, string $body, string $line): void
    {
        $target = explode(' ', $line)[1];
        $server = new Server(__DIR__ . '/support/incoming.php', ['PROFILE' => 'nextcloud']);
        try {
            [$status, $answer] = Wire::send($server->url(), $line, $headers + self::sign($signed, $target), $body);
            $errors = $server->errors();
        } finally {
            $server->stop();
        }
        [$seen, $payload, $method, $path] = json_decode($answer, true, flags: JSON_THROW_ON_ERROR);

        self::assertSame([$reason === null ? 200 : 401, $reason?->value], [$status, $seen]);
        self::assertSame(['POST', $target], [$method, $path]);
        self::assertSame(str_starts_with($headers['Content-Type'] ?? '', 'Multipart') ? '' : $body, base64_decode($payload));
        self::assertSame('', $errors);
    }

    public function testTheWholeUrlOfAnotherServerIsRefused(): void
    {
        $server = new Server(__DIR__ . '/support/incoming.php', ['PROFILE' => 'nextcloud']);
        try {
            $headers = self::sign('x', '/hook');
            self::assertSame(200, Wire::send($server->url(), 'POST /hook', $headers, 'x')[0]);
            [$status, $answer] = Wire::send($server->url(), 'POST http://evil.example/hook', $headers, 'x');
        } finally {
            $server->stop();
        }

        self::assertSame([401, Reason::MalformedRequest->value], [$status, json_decode($answer)[0]]);
    }

    public function testTheOriginStandsBeforeTheTarget(): void
    {
        $server = new Server(__DIR__ . '/support/incoming.php', ['PROFILE' => 'nextcloud', 'ORIGIN' => 'HTTPS://Hooks.Example:443/']);
        try {
            $headers = self::sign('x', 'https://hooks.example' . self::TARGET) + ['Host' => 'evil.example'];
            [$status, $answer] = Wire::send($server->url(), 'POST ' . self::TARGET, $headers, 'x');
            $forged = Wire::send($server->url(), 'POST http://evil.example' . self::TARGET, $headers, 'x');
        } finally {
            $server->stop();
        }

        self::assertSame([200, 'https://hooks.example' . self::TARGET], [$status, json_decode($answer)[3]]);
        self::assertSame(401, $forged[0]);
    }

    public function testTheTargetMayBeWhatTheSenderSawInFrontOfAProxy(): void
    {
        Library::needs('Nyholm\\Psr7');
        $factory = new \Nyholm\Psr7\Factory\Psr17Factory();
        $key = Key::fromBytes('key', 'id');
        $verifier = new Verifier(Profile::named('nextcloud'), [$key], clock: static fn (): int => SignedRequest::NOW);
        $sent = SignedRequest::of('nextcloud', $key, target: '/cloud/notes?a=1')->psr7($factory);
        $received = $sent->withUri($factory->createUri('https://nextcloud.example/notes?a=1'));

        $request = IncomingRequest::fromPsr7($received);
        self::assertFalse($request->isValid($verifier));
        self::assertTrue($request->withTarget('/cloud/notes?a=1')->isValid($verifier));
        self::assertTrue($request->withTarget('https://nextcloud.example/cloud/notes?a=1')->isValid($verifier));
        self::assertFalse($request->withTarget('/cloud/notes?a=2')->isValid($verifier));
        $replaced = IncomingRequest::fromPsr7($received->withHeader('X-HTTP-Method-Override', 'DELETE'));
        self::assertFalse($replaced->withTarget('/cloud/notes?a=1')->isValid($verifier));
    }

    public function testAnotherPayloadDoesNotMakeAFormAcceptable(): void
    {
        $server = new Server(__DIR__ . '/support/incoming.php', ['PROFILE' => 'huawei-receipt', 'PAYLOAD' => 'the user']);
        try {
            $headers = hw_sign('the user', self::KEY, 'huawei-receipt');
            $genuine = Wire::send($server->url(), 'POST /receipt', $headers, '{"statuses":[]}');
            $forged = Wire::send($server->url(), 'POST /receipt', $headers + ['Content-Type' => 'multipart/form-data; boundary=b'], self::MULTIPART);
        } finally {
            $server->stop();
        }

        self::assertSame([200, 401], [$genuine[0], $forged[0]]);
    }

    /**
     * @dataProvider requests
     *
     * @param array<string, string> $headers
     */
    #[DataProvider('requests')]
    public function testFromPsr7(?Reason $reason, string $signed, array $headers, string $body, string $line): void
    {
        Library::needs('Nyholm\\Psr7');
        [$method, $target] = explode(' ', $line);
        $factory = new \Nyholm\Psr7\Factory\Psr17Factory();
        $type = $headers['Content-Type'] ?? '';
        $isMultipart = $type === 'Multipart/Form-Data; boundary=b';
        $request = $factory->createServerRequest($method, "https://hooks.example$target")
            ->withBody($factory->createStream($isMultipart ? '' : $body));
        parse_str($request->getUri()->getQuery(), $query);
        parse_str($type === self::FORM ? $body : ($isMultipart ? 'amount=1000' : ''), $form);
        $request = $request->withQueryParams($query)->withParsedBody($form);
        foreach ($headers + self::sign($signed, $target) as $name => $value) {
            $request = $request->withHeader($name, $value);
        }

        self::assertRejected($reason, IncomingRequest::fromPsr7($request));
        $absolute = IncomingRequest::fromPsr7($request, 'https://hooks.example');
        self::assertRejected($reason, $absolute);
        self::assertSame("https://hooks.example$target", $absolute->target);
    }

    /**
     * @dataProvider requests
     *
     * @param array<string, string> $headers
     */
    #[DataProvider('requests')]
    public function testFromSymfony(?Reason $reason, string $signed, array $headers, string $body, string $line): void
    {
        Library::needs('Symfony\\Component\\HttpFoundation');
        [$method, $target] = explode(' ', $line);
        $type = $headers['Content-Type'] ?? '';
        $isMultipart = $type === 'Multipart/Form-Data; boundary=b';
        $server = ['REQUEST_METHOD' => $method, 'REQUEST_URI' => $target, 'CONTENT_LENGTH' => (string) strlen($body), 'CONTENT_TYPE' => $type];
        foreach ($headers + self::sign($signed, $target) as $name => $value) {
            $server['HTTP_' . strtr(strtoupper($name), '-', '_')] = $value;
        }
        parse_str((string) parse_url($target, PHP_URL_QUERY), $query);
        parse_str($type === self::FORM ? $body : ($isMultipart ? 'amount=1000' : ''), $form);
        // The router believes one of the headers and one of the fields; the others change nothing.
        if (isset($headers['X-HTTP-Method']) || isset($headers['X-Method-Override']) || isset($form['_METHOD'])) {
            $reason = null;
        }
        \Symfony\Component\HttpFoundation\Request::enableHttpMethodParameterOverride();
        $request = new \Symfony\Component\HttpFoundation\Request($query, $form, [], [], [], $server, $isMultipart ? '' : $body);

        self::assertRejected($reason, IncomingRequest::fromSymfony($request));
        $absolute = IncomingRequest::fromSymfony($request, 'https://hooks.example');
        self::assertRejected($reason, $absolute);
        self::assertSame("https://hooks.example$target", $absolute->target);
    }

    public function testAnOverrideThatIsNoMethodThrowsNothing(): void
    {
        Library::needs('Symfony\\Component\\HttpFoundation');
        $server = ['REQUEST_METHOD' => 'POST', 'REQUEST_URI' => '/hook', 'HTTP_X_HTTP_METHOD_OVERRIDE' => 'D-'];
        $request = new \Symfony\Component\HttpFoundation\Request(server: $server, content: 'x');

        self::assertRejected(Reason::MalformedRequest, IncomingRequest::fromSymfony($request));
    }

    /** @return array<string, array{string}> */
    public static function noOrigins(): array
    {
        $texts = ['', 'hooks.example', 'ftp://hooks.example', 'https://', 'https://hooks.example/path', 'https://user@hooks.example', "https://hooks.example\n", 'https://hooks.example?'];
        $names = array_map(static fn (string $text): string => "\"$text\"", $texts);
        return array_combine($names, array_map(static fn (string $text): array => [$text], $texts));
    }

    /** @dataProvider noOrigins */
    #[DataProvider('noOrigins')]
    public function testWhatIsNoOriginIsAMistakeOfTheProgrammer(string $text): void
    {
        Library::needs('Nyholm\\Psr7');
        $request = (new \Nyholm\Psr7\Factory\Psr17Factory())->createServerRequest('POST', '/');

        $this->expectException(\ValueError::class);
        $this->expectExceptionMessage('The origin must be a scheme and a host, and perhaps a port');
        IncomingRequest::fromPsr7($request, $text);
    }

    private static function assertRejected(?Reason $reason, IncomingRequest $request): void
    {
        $verifier = new Verifier(Profile::named('nextcloud'), [Key::fromBytes(self::KEY, 'app')]);
        try {
            $request->verify($verifier);
            $seen = null;
        } catch (SignatureRejectedException $rejected) {
            $seen = $rejected->getReason();
        }

        self::assertSame($reason, $seen);
        self::assertSame($reason === null, $request->isValid($verifier));
    }

    /** @return array<string, string> */
    private static function sign(string $payload, string $target): array
    {
        return (new Signer(Profile::named('nextcloud'), Key::fromBytes(self::KEY, 'app')))->sign($payload, 'POST', $target);
    }
}
