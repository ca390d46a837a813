<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use GuzzleHttp\Psr7\NoSeekStream;
use GuzzleHttp\Psr7\Utils;
use HwSignature\Http\VerifySignature;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\ReplayGuardException;
use HwSignature\Signer;
use HwSignature\Tests\Support\Library;
use HwSignature\Verified;
use HwSignature\Verifier;
use Nyholm\Psr7\Factory\Psr17Factory;
use Nyholm\Psr7\Response;
use PHPUnit\Framework\TestCase;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Psr\Http\Server\RequestHandlerInterface;
use Psr\Log\AbstractLogger;

/** The PSR-15 middleware, with nyholm/psr7. */
final class VerifySignatureTest extends TestCase
{
    private const KEY = 'test-shared-secret';
    private const BODY = '{"a":1}';

    /** @var list<array{mixed, string, array<mixed>}> */
    private array $logged = [];
    /** @var array<string, int> */
    private array $claimed = [];
    /** @var list<ServerRequestInterface> */
    private array $handled = [];

    protected function setUp(): void
    {
        Library::needs('Nyholm\\Psr7', 'Psr\\Log', 'GuzzleHttp\\Psr7');
        require_once __DIR__ . '/support/psr15.php';
    }

    public function testTheHandlerGetsTheRequestAndWhatIsKnownOfIt(): void
    {
        $response = $this->process($this->request());

        self::assertSame(204, $response->getStatusCode());
        $verified = $this->handled[0]->getAttribute(Verified::class);
        self::assertInstanceOf(Verified::class, $verified);
        self::assertSame('app', $verified->keyId);
        self::assertSame(self::BODY, $this->handled[0]->getBody()->getContents());
        self::assertSame([], $this->logged);
        self::assertCount(1, $this->claimed);
    }

    public function testWhatIsRejectedGetsAnEmptyAnswerAndTheLogTheReason(): void
    {
        $rejected = [
            'missing-header' => (new Psr17Factory())->createServerRequest('POST', '/hook'),
            'signature-mismatch' => $this->request()->withBody((new Psr17Factory())->createStream('{"a":2}')),
            'malformed-request' => $this->request()->withHeader('X-HTTP-Method-Override', 'DELETE'),
            'unsigned-payload' => $this->request('')->withParsedBody(['amount' => '1000']),
        ];
        foreach ($rejected as $reason => $request) {
            $response = $this->process($request);

            self::assertSame([401, '', []], [$response->getStatusCode(), (string) $response->getBody(), $response->getHeaders()]);
            [$level, $message, $context] = array_pop($this->logged);
            self::assertSame(['warning', 'A request was rejected: {message}', $reason], [$level, $message, $context['reason']]);
            self::assertSame(['message', 'reason'], array_keys($context));
        }
        self::assertSame([], $this->handled);
        self::assertSame([], $this->claimed);
    }

    public function testAReplayIsRejected(): void
    {
        $request = $this->request();

        self::assertSame([204, 401], [$this->process($request)->getStatusCode(), $this->process($request)->getStatusCode()]);
        self::assertSame('replayed', $this->logged[0][2]['reason']);
    }

    public function testAFailureGivesTheClaimBack(): void
    {
        $request = $this->request();
        $failure = new \RuntimeException('The handler fails.');
        foreach ([static fn () => throw $failure, static fn (): Response => new Response(500), static fn (): Response => new Response(503)] as $handler) {
            try {
                $this->process($request, $handler);
            } catch (\RuntimeException $thrown) {
                self::assertSame($failure, $thrown);
            }
            self::assertSame([], $this->claimed);
        }
        self::assertSame(404, $this->process($request, static fn (): Response => new Response(404))->getStatusCode());
        self::assertSame(401, $this->process($request)->getStatusCode());
    }

    public function testWithoutReleaseAFailureIsStillAFailure(): void
    {
        $middleware = new VerifySignature($this->verifier(), new Psr17Factory());
        $this->expectExceptionMessage('The handler fails.');

        $middleware->process($this->request(), $this->handler(static fn () => throw new \RuntimeException('The handler fails.')));
    }

    public function testNothingIsAcceptedUnseenWhenTheStoreIsDown(): void
    {
        $down = static fn () => throw new \RuntimeException('The store is down.');
        $middleware = new VerifySignature(new Verifier(Profile::named('nextcloud'), [self::key()], claim: $down), new Psr17Factory());
        $this->expectException(ReplayGuardException::class);

        try {
            $middleware->process($this->request(), $this->handler());
        } finally {
            self::assertSame([], $this->handled);
        }
    }

    public function testABodyThatCanBeReadOnceIsHandedOn(): void
    {
        $once = fn (): ServerRequestInterface => $this->request()->withBody(new NoSeekStream(Utils::streamFor(self::BODY)));

        self::assertSame(204, $this->process($once(), streams: new Psr17Factory())->getStatusCode());
        self::assertSame(self::BODY, $this->handled[0]->getBody()->getContents());
        $this->expectException(\LogicException::class);
        $this->process($once());
    }

    private function process(ServerRequestInterface $request, ?callable $handle = null, ?StreamFactoryInterface $streams = null): ResponseInterface
    {
        $logger = new class (function (mixed ...$entry): void {
            $this->logged[] = $entry;
        }) extends AbstractLogger {
            public function __construct(private readonly \Closure $write)
            {
            }

            public function log($level, $message, array $context = []): void
            {
                ($this->write)($level, (string) $message, $context);
            }
        };
        $release = function (string $id): void {
            unset($this->claimed[$id]);
        };
        $middleware = new VerifySignature($this->verifier(), new Psr17Factory(), $logger, $release, streams: $streams);

        return $middleware->process($request, $this->handler($handle));
    }

    private function handler(?callable $handle = null): RequestHandlerInterface
    {
        $handle ??= function (ServerRequestInterface $request): ResponseInterface {
            $this->handled[] = $request;

            return new Response(204);
        };

        return new class ($handle(...)) implements RequestHandlerInterface {
            public function __construct(private readonly \Closure $handle)
            {
            }

            public function handle(ServerRequestInterface $request): ResponseInterface
            {
                return ($this->handle)($request);
            }
        };
    }

    private function verifier(): Verifier
    {
        $claim = function (string $id, int $ttl): bool {
            $isNew = !isset($this->claimed[$id]);
            $this->claimed[$id] = $ttl;

            return $isNew;
        };

        return new Verifier(Profile::named('nextcloud'), [self::key()], claim: $claim);
    }

    private function request(string $body = self::BODY): ServerRequestInterface
    {
        $factory = new Psr17Factory();
        $request = $factory->createServerRequest('POST', 'https://hooks.example/hook?b=2&a=1')->withBody($factory->createStream($body));
        foreach ((new Signer(Profile::named('nextcloud'), self::key()))->sign($body, 'POST', '/hook?b=2&a=1') as $name => $value) {
            $request = $request->withHeader($name, $value);
        }
        // Where a middleware before this one has left it.
        $request->getBody()->getContents();

        return $request;
    }

    private static function key(): Key
    {
        return Key::fromBytes(self::KEY, 'app');
    }
}
