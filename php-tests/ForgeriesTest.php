<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\Http\IncomingRequest;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Testing\AssertsForgeries;
use HwSignature\Testing\Forgeries;
use HwSignature\Testing\Forgery;
use HwSignature\Testing\SignedRequest;
use HwSignature\Tests\Support\Library;
use HwSignature\Tests\Support\Sample;
use HwSignature\Tests\Support\WrongReceivers;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;
use Nyholm\Psr7\Factory\Psr17Factory;
use PHPUnit\Framework\AssertionFailedError;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** A right receiver refuses every forgery, and a wrong one accepts those that are meant for it, and no other. */
final class ForgeriesTest extends TestCase
{
    use AssertsForgeries;

    private const KEY = 'test-shared-secret';

    /** @return array<string, array{SignedRequest}> */
    public static function goodRequests(): array
    {
        $seconds = ['encoding' => Encoding::Hex, 'timestampFormat' => TimestampFormat::Seconds];
        $profiles = [
            ...array_map(Profile::named(...), Sample::PROFILES),
            new Profile('github', '{payload}', ['X-Hub-Signature-256' => 'sha256={signature}'], Encoding::Hex),
            new Profile('single', '{timestamp}.{payload}', ['X-Signature' => 't={timestamp},v1={signature}'], ...$seconds),
            new Profile('stripe', '{timestamp}.{payload}', ['Stripe-Signature' => 't={timestamp},v1={signature},...'], ...$seconds),
            new Profile('sequence', '{timestamp}.{payload}', ['Authorization' => 'HMAC {key_id}:{signature}', 'X-Time' => '{timestamp}'], ...$seconds),
            new Profile('quoted', '{timestamp}.{payload}', ['Authorization' => 'id="{key_id}", t="{timestamp}", s="{signature}"'], ...$seconds),
            new Profile(
                'standard-webhooks',
                '{nonce}.{timestamp}.{payload}',
                ['webhook-id' => '{nonce}', 'webhook-timestamp' => '{timestamp}', 'webhook-signature' => 'v1,{signature} ...'],
                ...['encoding' => Encoding::Base64, 'nonce' => '[A-Za-z0-9_-]{1,64}'] + $seconds,
            ),
            new Profile('slack', 'v0:{timestamp}:{payload}', ['X-Time' => '{timestamp}', 'X-Signature' => 'v0={signature}'], ...$seconds),
            new Profile('url-safe', '{payload}', ['X-Signature' => '{signature}'], Encoding::Base64Url),
            new Profile(
                'twitch',
                '{nonce}{timestamp}{payload}',
                ['X-Id' => '{nonce}', 'X-Time' => '{timestamp}', 'X-Signature' => 'sha256={signature}'],
                Encoding::Hex,
                TimestampFormat::Rfc3339,
                nonce: 'uuid',
            ),
            new Profile('hashed', "{method}\n{path}\n{payload_sha256}", ['X-Signature' => '{signature}'], Encoding::Base64),
        ];
        $requests = [
            'the whole URL' => [SignedRequest::of(
                new Profile('url', '{method}:{url}:{payload_sha256}', ['X-Signature' => '{signature}'], Encoding::Hex),
                self::key(),
                target: 'https://hooks.example/hook?b=2&a=1',
            )],
            'another header' => [SignedRequest::of(
                new Profile('event', "{header:X-Event}\n{payload}", ['X-Signature' => '{signature}'], Encoding::Hex),
                self::key(),
                headers: ['X-Event' => 'push'],
            )],
        ];
        foreach ($profiles as $profile) {
            $requests[$profile->describe()['name']] = [SignedRequest::of($profile, self::key(), target: '/hook?b=2&a=1')];
        }
        $nextcloud = Profile::named('nextcloud');
        $requests['nextcloud, GET'] = [SignedRequest::of($nextcloud, self::key(), '', 'GET', '/hook')];
        $requests['nextcloud, in hex'] = [SignedRequest::of($nextcloud->withEncoding(Encoding::Hex), self::key(), 'no JSON', 'PUT')];
        $requests['django, another time'] = [SignedRequest::of('django', self::key(), now: 1_900_000_000)];

        return $requests;
    }

    /** @dataProvider goodRequests */
    #[DataProvider('goodRequests')]
    public function testARightReceiverRefusesThemInEveryShape(SignedRequest $good): void
    {
        Library::needs('Nyholm\\Psr7', 'Symfony\\Component\\HttpFoundation');
        $factory = new Psr17Factory();
        $origin = str_starts_with($good->target, 'https:') ? 'https://hooks.example' : null;
        $direct = static fn (callable $headers): \Closure => static fn (SignedRequest $request): \Closure
            => static fn (Verifier $verifier): bool => $verifier->isValid($headers($request), $request->payload, $request->method, $request->target);
        $shapes = [
            'getallheaders()' => $direct(static fn (SignedRequest $request): array => $request->headers()),
            '$_SERVER' => $direct(static fn (SignedRequest $request): array => $request->server()),
            'PSR-7' => static fn (SignedRequest $request): \Closure => IncomingRequest::fromPsr7($request->psr7($factory), $origin)->isValid(...),
            'Symfony' => static fn (SignedRequest $request): \Closure => IncomingRequest::fromSymfony($request->symfony(), $origin)->isValid(...),
        ];
        foreach ($shapes as $name => $shape) {
            $verifier = self::verifier($good);
            // What IncomingRequest refuses is nobody's business here.
            $ignored = ['payload moved into a form', 'another method asked for'];
            $ignored = in_array($name, ['PSR-7', 'Symfony'], true) ? [] : array_intersect($ignored, array_keys(Forgeries::of($good)));
            $receiver = static fn (SignedRequest $request): bool => $shape($request)($verifier);

            self::assertRefusesForgeries($receiver, $good, array_values($ignored));
        }
    }

    /** @return array<string, array{Forgery}> */
    public static function forgeries(): array
    {
        return Forgeries::of(SignedRequest::of('nextcloud', self::key()));
    }

    /** @dataProvider forgeries */
    #[DataProvider('forgeries')]
    public function testAsADataProvider(Forgery $forgery): void
    {
        Library::needs('Symfony\\Component\\HttpFoundation');
        $verifier = self::verifier(SignedRequest::of('nextcloud', self::key()));

        self::assertRefusesForgery(static fn (SignedRequest $request): bool
            => IncomingRequest::fromSymfony($request->symfony())->isValid($verifier), $forgery);
    }

    /** @return array<string, array{string, string, list<string>}> profile, receiver, and all forgeries that get in */
    public static function receivers(): array
    {
        $form = 'payload moved into a form';
        $spelled = ['timestamp spelled "0…"', 'timestamp spelled "+…"', 'timestamp spelled "….0"', 'timestamp spelled "…x"'];
        $unreadable = [
            'timestamp spelled "+…"', 'timestamp spelled "….0"', 'timestamp spelled "…x"', 'X-HW-SIGNATURE missing', 'X-HW-SIGNATURE empty',
            'X-HW-SIGNATURE twice', 'X-HW-SIGNATURE twice, forged first', 'X-HW-SIGNATURE twice, forged last', 'not signed',
            'signature of half its length', 'signature without its last character', 'signature with a character more', 'signature in another encoding',
            'signature with a character that is no base64', 'signature with spare bits set', 'signature that is true and no text',
        ];
        $lenient = [
            'a parameter more', 'signature without its last character', 'signature with a character that is no base64',
            'signature with spare bits set',
        ];

        return [
            'no mistake' => ['django', 'hasNoMistake', []],
            'compares with ==' => ['django', 'comparesWithEqualSigns', ['signature that is true and no text']],
            'ignores the time' => ['django', 'ignoresTheTime', ['stale', 'from the future']],
            'reads the wrong body' => ['django', 'readsTheWrongBody', ['payload extended', 'payload written otherwise']],
            'trusts a missing header' => ['django', 'trustsAMissingHeader', ['X-HMAC-Signature missing', 'not signed']],
            'skips on exception' => ['huawei-push', 'skipsOnException', $unreadable],
            'no replay check' => ['django', 'hasNoReplayCheck', ['replayed']],
            'makes a number of the timestamp' => ['django', 'makesANumberOfTheTimestamp', $spelled],
            'uses the form' => ['django', 'verifiesAnEmptyBodyAndUsesTheForm', [$form]],
            'decodes leniently' => ['nextcloud', 'decodesLeniently', $lenient],
        ];
    }

    /**
     * @dataProvider receivers
     *
     * @param list<string> $accepted
     */
    #[DataProvider('receivers')]
    public function testAMistakeIsCaughtByTheForgeriesThatAreMeantForIt(string $profile, string $receiver, array $accepted): void
    {
        $good = SignedRequest::of($profile, self::key());
        $forgeries = Forgeries::of($good);
        $harmless = array_diff(['payload moved into a form', 'another method asked for'], $accepted);
        $harmless = array_values(array_intersect($harmless, array_keys($forgeries)));
        $caught = [];
        foreach (array_diff_key($forgeries, array_flip($harmless)) as $name => [$forgery]) {
            $failure = self::failure(static fn () => self::assertRefusesForgery([new WrongReceivers(), $receiver](...), $forgery));
            $caught = [...$caught, ...$failure === '' ? [] : [$name]];
            self::assertSame($failure !== '', str_contains($failure, "- $name: $forgery->meaning\n"));
        }
        $failure = self::failure(static fn () => self::assertRefusesForgeries([new WrongReceivers(), $receiver](...), $good, $harmless));

        self::assertSame($accepted, $caught);
        self::assertSame($accepted !== [], str_starts_with($failure, 'The receiver accepts '));
        self::assertSame($accepted !== [], str_contains($failure, ' forged requests:' . "\n- " . ($accepted[0] ?? '') . ': '));
    }

    public function testWhatAReceiverThatAcceptsEverythingHasForgotten(): void
    {
        $expected = [
            'payload changed', 'payload truncated', 'payload taken away', 'payload extended', 'payload written otherwise',
            'payload moved into a form', 'signed with another key', 'signed with an empty key', 'key id of somebody else',
            'stale', 'from the future', 'timestamp refreshed', 'timestamp spelled "0…"', 'timestamp spelled "+…"',
            'timestamp spelled "….0"', 'timestamp spelled "…x"', 'X-NC-CLIENT-ID missing', 'X-NC-CLIENT-ID empty',
            'X-NC-CLIENT-ID twice', 'X-NC-CLIENT-ID twice, forged first', 'X-NC-CLIENT-ID twice, forged last',
            'X-NC-TIMESTAMP missing', 'X-NC-TIMESTAMP empty', 'X-NC-TIMESTAMP twice', 'X-NC-TIMESTAMP twice, forged first',
            'X-NC-TIMESTAMP twice, forged last', 'X-NC-NONCE missing', 'X-NC-NONCE empty', 'X-NC-NONCE twice',
            'X-NC-NONCE twice, forged first', 'X-NC-NONCE twice, forged last', 'X-NC-SIGNATURE missing',
            'X-NC-SIGNATURE empty', 'X-NC-SIGNATURE twice', 'X-NC-SIGNATURE twice, forged first',
            'X-NC-SIGNATURE twice, forged last', 'not signed', 'nonce changed', 'another method', 'another method asked for',
            'another path', 'a parameter more', 'no query', 'signature of zeros', 'signature with its first bit flipped',
            'signature with its last bit flipped', 'signature of half its length', 'signature without its last character',
            'signature with a character more', 'signature of the payload alone', 'signature of another contract',
            'signature of an empty payload', 'hash without a key', 'signature in another encoding',
            'signature with a character that is no base64', 'signature with spare bits set',
            'signature that is true and no text', 'replayed',
        ];
        $good = SignedRequest::of('nextcloud', self::key(), target: '/hook?b=2');
        $failure = self::failure(static fn () => self::assertRefusesForgeries(static fn (): bool => true, $good));
        preg_match_all('/^- (.+?): [A-Z]/m', $failure, $found);

        self::assertStringStartsWith('The receiver accepts ' . count($expected) . ' of ' . count($expected) . " forged requests:\n", $failure);
        self::assertSame($expected, $found[1]);
        $parts = static fn (SignedRequest $request): array => [$request->payload, $request->method, $request->target, $request->headers, $request->fields];
        foreach (Forgeries::of($good) as $name => [$forgery]) {
            self::assertSame($name === 'replayed', $parts($forgery->request) === $parts($good), $name);
        }
    }

    public function testAReceiverThatRefusesEverythingIsWrongToo(): void
    {
        $failure = self::failure(static fn () => self::assertRefusesForgeries(static fn (): bool => false, SignedRequest::of('django', self::key())));

        self::assertStringStartsWith('The receiver must accept the good request.', $failure);
    }

    public function testAnExceptionForWhatIsNoForgeryIsAMistake(): void
    {
        $failure = self::failure(static fn () => self::assertRefusesForgeries(
            static fn (): bool => false,
            SignedRequest::of('django', self::key()),
            ['another path'],
        ));

        self::assertStringStartsWith('There are no such forgeries.', $failure);
    }

    private static function failure(\Closure $assertion): string
    {
        try {
            $assertion();
        } catch (AssertionFailedError $failure) {
            return $failure->getMessage();
        }

        return '';
    }

    private static function verifier(SignedRequest $good): Verifier
    {
        $claim = static function (string $id) use (&$seen): bool {
            $isNew = !isset($seen[$id]);
            $seen[$id] = true;

            return $isNew;
        };

        return new Verifier($good->profile, [self::key()], claim: $claim, clock: static fn (): int => $good->now);
    }

    private static function key(): Key
    {
        return Key::fromBytes(self::KEY, 'client-7');
    }
}
