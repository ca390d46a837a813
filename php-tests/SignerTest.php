<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Tests\Support\Sample;
use PHPUnit\Framework\TestCase;

final class SignerTest extends TestCase
{
    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testAgreesWithTheFunction(string $profile): void
    {
        for ($seed = 1; $seed <= 100; $seed++) {
            mt_srand($seed);
            $sample = Sample::random($profile);
            $headers = $sample->signer()->sign($sample->payload, $sample->method, $sample->target, $sample->nonce, $sample->timestamp);
            self::assertSame($sample->sign(), $headers);
        }
    }

    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testOneSignerSignsAnyNumberOfRequests(string $profile): void
    {
        $sample = Sample::of($profile);
        $signer = $sample->signer();
        foreach (['first', 'second', 'first'] as $payload) {
            $request = [$payload, $sample->method, $sample->target, $sample->nonce, $sample->timestamp];
            self::assertSame($sample->with(['payload' => $payload])->sign(), $signer->sign(...$request));
        }
        $made = $signer->sign('payload', 'POST', '/');
        self::assertTrue($sample->with(['payload' => 'payload', 'target' => '/'])->verify($made, now: null));
        if (!in_array($profile, ['huawei-push', 'django'], true)) {
            self::assertNotSame($made, $signer->sign('payload', 'POST', '/'));
        }
    }

    public function testItKeepsTheKeyAndTheProfile(): void
    {
        $signer = (static fn (): Signer => new Signer(Profile::named('django'), Key::fromBytes('k')))();
        gc_collect_cycles();
        self::assertSame(hash_hmac('sha256', '1.x', 'k'), $signer->sign('x', timestamp: 1)['X-HMAC-Signature']);
    }

    public function testAProfileThatSendsAKeyIdNeedsAKeyWithOne(): void
    {
        $this->expectException(\ValueError::class);
        $this->expectExceptionMessage('HwSignature\Signer::__construct(): Argument #2 ($keys) must have an id, because the profile sends one');
        new Signer(Profile::named('nextcloud'), Key::fromBytes('k'));
    }

    public function testAKeyIdIsNotSentWhereTheProfileHasNone(): void
    {
        $headers = (new Signer(Profile::named('django'), Key::fromBytes('k', 'app')))->sign('x');
        self::assertSame(['X-HMAC-Timestamp', 'X-HMAC-Signature'], array_keys($headers));
    }

    public function testItIsMadeOnce(): void
    {
        $signer = Sample::of('django')->signer();
        $this->expectException(\Error::class);
        $this->expectExceptionMessage('Cannot construct an object of class HwSignature\Signer twice');
        $signer->__construct(Profile::named('django'), Key::fromBytes('other'));
    }

    /**
     * @dataProvider misuse
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('misuse')]
    public function testMisuseNamesTheArgument(string $profile, array $arguments, string $message, ?string $inStream): void
    {
        $signer = Sample::of($profile)->signer();
        try {
            $arguments += ['method' => 'POST', 'target' => '/'];
            $signer->sign(...$arguments + ['payload' => 'x']);
            self::fail('signed');
        } catch (\ValueError $error) {
            self::assertSame("HwSignature\\Signer::sign(): Argument $message", $error->getMessage());
        }
        try {
            $stream = $signer->stream(...$arguments);
            $stream->update('x');
            self::fail('signed');
        } catch (\ValueError $error) {
            self::assertSame($inStream, $error->getMessage());
        }
    }

    /** @return iterable<string, array{string, array<string, mixed>, string, string}> */
    public static function misuse(): iterable
    {
        $rows = [
            'method' => ['nextcloud', ['method' => 'PO ST'], 2, 'method', 'must be an HTTP method'],
            'target' => ['nextcloud', ['target' => '/#'], 3, 'target', 'must not contain a fragment (byte 1)'],
            'path' => ['nextcloud', ['target' => '/%0a'], 3, 'target', 'must not contain white space or control characters (byte 1)'],
            'nonce' => ['nextcloud', ['nonce' => 'a b'], 4, 'nonce', 'does not fit the nonce grammar of the profile'],
            'nonce unused' => ['django', ['nonce' => 'a'], 4, 'nonce', 'must be null, because the profile has no nonce'],
            'timestamp' => ['django', ['timestamp' => -1], 5, 'timestamp', 'must be greater than or equal to 0'],
            'timestamp unused' => ['nextcloud-talk', ['timestamp' => 1], 5, 'timestamp', 'must be null, because the profile has no timestamp'],
        ];
        foreach ($rows as $what => [$profile, $arguments, $number, $parameter, $message]) {
            $before = $number - 1;
            yield $what => [
                $profile,
                $arguments,
                "#$number (\$$parameter) $message",
                "HwSignature\\Signer::stream(): Argument #$before (\$$parameter) $message",
            ];
        }
        $message = 'must be empty, because the profile signs no payload for this method';
        yield 'payload' => [
            'nextcloud',
            ['method' => 'GET'],
            "#1 (\$payload) $message",
            "HwSignature\\SigningStream::update(): Argument #1 (\$bytes) $message",
        ];
    }

    /** @return array<string, array{string}> */
    public static function profiles(): array
    {
        return Sample::profiles();
    }
}
