<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\ReplayGuardException;
use HwSignature\SignatureRejectedException;
use HwSignature\Signer;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

/** Several signatures in a header, and several headers with one: what providers send while a secret is being changed. */
final class SeveralSignaturesTest extends TestCase
{
    private const NOW = 1800000000;
    private const BODY = '{"id":1}';

    private static function stripe(): Profile
    {
        $headers = ['Stripe-Signature' => 't={timestamp},v1={signature},...'];
        return new Profile('stripe', '{timestamp}.{payload}', $headers, Encoding::Hex, TimestampFormat::Seconds);
    }

    private static function paddle(): Profile
    {
        $headers = ['Paddle-Signature' => 'ts={timestamp};h1={signature};...'];
        return new Profile('paddle', '{timestamp}:{payload}', $headers, Encoding::Hex, TimestampFormat::Seconds);
    }

    private static function standardWebhooks(): Profile
    {
        return new Profile(
            'standard-webhooks',
            '{nonce}.{timestamp}.{payload}',
            ['webhook-id' => '{nonce}', 'webhook-timestamp' => '{timestamp}', 'webhook-signature' => 'v1,{signature} ...'],
            Encoding::Base64,
            TimestampFormat::Seconds,
            nonce: '[A-Za-z0-9_-]{1,128}',
        );
    }

    /** Two keys on the provider's side, and a header for each. */
    private static function box(): Profile
    {
        return new Profile(
            'box',
            '{payload}.{timestamp}',
            [
                'Box-Delivery-Timestamp' => '{timestamp}',
                'Box-Signature-Primary' => '{signature}',
                'Box-Signature-Secondary' => '{signature}',
            ],
            Encoding::Base64,
            TimestampFormat::Seconds,
        );
    }

    private static function key(string $name): Key
    {
        return Key::fromBytes("secret $name");
    }

    private static function hex(string $name, string $stringToSign = self::NOW . '.' . self::BODY): string
    {
        return hash_hmac('sha256', $stringToSign, "secret $name");
    }

    /** @param array<string, string> $headers */
    private static function reason(Verifier $verifier, array $headers): ?Reason
    {
        try {
            $verifier->verify($headers, self::BODY, now: self::NOW);
            return null;
        } catch (SignatureRejectedException $rejected) {
            return $rejected->getReason();
        }
    }

    public function testAnySignatureMayMatchAnyKey(): void
    {
        $names = ['a', 'b', 'c'];
        foreach ($names as $i => $first) {
            foreach ($names as $j => $second) {
                $header = ['Stripe-Signature' => 't=' . self::NOW . ',v1=' . self::hex($first) . ',v1=' . self::hex($second)];
                foreach ([['a', 'b'], ['b', 'c'], ['c', 'a'], ['c']] as $keys) {
                    $verifier = new Verifier(self::stripe(), array_map(self::key(...), $keys));
                    $matching = array_keys(array_intersect($keys, [$first, $second]));
                    if ($matching === []) {
                        self::assertSame(Reason::SignatureMismatch, self::reason($verifier, $header));
                    } else {
                        $verified = $verifier->verify($header, self::BODY, now: self::NOW);
                        // The first matching key in the order of the verifier, whatever the order of the header.
                        self::assertSame($matching[0], $verified->keyIndex, "$i $j");
                        self::assertCount(count($matching), $verified->replayIds);
                    }
                }
            }
        }
    }

    /**
     * @dataProvider contracts
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('contracts')]
    public function testASignerWritesOneSignatureForEachKeyInOrder(Profile $profile, array $expected): void
    {
        $stamp = ['timestamp' => self::NOW] + ($profile->describe()['nonce'] === null ? [] : ['nonce' => 'msg_1']);
        $signer = new Signer($profile, [self::key('new'), self::key('old'), self::key('new')]);
        $headers = $signer->sign(self::BODY, ...$stamp);
        self::assertSame($expected, $headers);

        $stream = $signer->stream(...$stamp);
        array_map($stream->update(...), str_split(self::BODY, 3));
        self::assertSame($expected, $stream->finish());

        foreach (['new', 'old'] as $name) {
            $verifier = new Verifier($profile, [self::key('other'), self::key($name)]);
            self::assertSame(1, $verifier->verify($headers, self::BODY, now: self::NOW)->keyIndex);
            $stream = $verifier->stream($headers, now: self::NOW);
            array_map($stream->update(...), str_split(self::BODY, 3));
            self::assertSame(1, $stream->finish()->keyIndex);
            self::assertFalse($verifier->isValid($headers, self::BODY . ' ', now: self::NOW));
        }
        self::assertFalse((new Verifier($profile, [self::key('other')]))->isValid($headers, self::BODY, now: self::NOW));
    }

    /** @return array<string, array{Profile, array<string, string>}> */
    public static function contracts(): array
    {
        $base64 = static fn (string $text, string $name): string => base64_encode(hash_hmac('sha256', $text, "secret $name", true));
        [$now, $body] = [self::NOW, self::BODY];
        $standard = static fn (string $name): string => 'v1,' . $base64("msg_1.$now.$body", $name);
        return [
            'stripe' => [self::stripe(), ['Stripe-Signature' => "t=$now,v1=" . self::hex('new') . ',v1=' . self::hex('old')]],
            'paddle' => [
                self::paddle(),
                ['Paddle-Signature' => "ts=$now;h1=" . self::hex('new', "$now:$body") . ';h1=' . self::hex('old', "$now:$body")],
            ],
            'standard webhooks' => [self::standardWebhooks(), [
                'webhook-id' => 'msg_1',
                'webhook-timestamp' => "$now",
                'webhook-signature' => $standard('new') . ' ' . $standard('old'),
            ]],
            'box' => [self::box(), [
                'Box-Delivery-Timestamp' => "$now",
                'Box-Signature-Primary' => $base64("$body.$now", 'new'),
                'Box-Signature-Secondary' => $base64("$body.$now", 'old'),
            ]],
        ];
    }

    public function testASignatureThatDoesNotDecodeIsSkippedWhileAnotherDecodes(): void
    {
        $verifier = new Verifier(self::stripe(), [self::key('a')]);
        $header = static fn (string ...$signatures): array
            => ['Stripe-Signature' => 't=' . self::NOW . ',v1=' . implode(',v1=', $signatures)];
        $good = self::hex('a');
        foreach (['dummy', "$good$good", substr($good, 1), strtr($good, '0123456789', 'ghijklmnop')] as $bad) {
            self::assertNull(self::reason($verifier, $header($bad, $good)), $bad);
            self::assertNull(self::reason($verifier, $header($good, $bad)), $bad);
            self::assertSame(Reason::MalformedSignature, self::reason($verifier, $header($bad, $bad)), $bad);
            self::assertSame(Reason::SignatureMismatch, self::reason($verifier, $header($bad, self::hex('b'))), $bad);
        }
        try {
            $verifier->verify($header('first', 'second!'), self::BODY, now: self::NOW);
            self::fail('accepted');
        } catch (SignatureRejectedException $rejected) {
            self::assertSame(
                'Stripe-Signature: the signature must be 64 characters long, 5 found (byte 16)',
                $rejected->getMessage()
            );
        }
        // Skipped is what does not decode, and not what breaks the grammar.
        foreach (['', 'a b', "\xff", '"' . $good . ';'] as $bad) {
            $expected = $bad === '"' . $good . ';' ? null : Reason::MalformedHeader;
            self::assertSame($expected, self::reason($verifier, $header($good, $bad)), $bad);
        }
    }

    public function testTheSecretsOfPaddlesOwnTest(): void
    {
        $key = Key::fromBytes('pdl_ntf_01hbpjmytsa32fhr36nqgc3kgb_WvRO0eL4Bj9rgYYIBZY6wZhG4EHy9jzh');
        $header = 'ts=1696195954;h1=dummy;h1=d96299976a6eb066f484d7fde011ac56fc32b38fc9940bc419d6e537fdc6ef02';
        $verifier = new Verifier(self::paddle(), [$key]);
        self::assertTrue($verifier->isValid(['Paddle-Signature' => $header], 'hello-world', now: 1696195954));
        self::assertFalse($verifier->isValid(['Paddle-Signature' => $header], 'hello-World', now: 1696195954));
    }

    public function testTheListOfTheStandardWebhooksLibraries(): void
    {
        $key = Key::fromBase64('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
        $verifier = new Verifier(self::standardWebhooks(), [$key]);
        $headers = ['webhook-id' => 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp' => '1614265330'];
        $good = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
        $asymmetric = 'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==';
        $others = 'v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= ' . $asymmetric;
        $valid = static fn (string $list): bool
            => $verifier->isValid($headers + ['webhook-signature' => $list], '{"test": 2432232314}', now: 1614265330);
        foreach ([$good, "$others $good", "$good $others", "$asymmetric $good v2,x"] as $list) {
            self::assertTrue($valid($list), $list);
        }
        foreach ([$others, $asymmetric, "$good ", " $good", "$asymmetric  $good", "$good,$good", "$good\t$good", substr($good, 3)] as $list) {
            self::assertFalse($valid($list), $list);
        }
    }

    public function testAllButOneOfTheHeadersWithASignatureMayBeMissing(): void
    {
        $headers = (new Signer(self::box(), [self::key('a'), self::key('b')]))->sign(self::BODY, timestamp: self::NOW);
        [$time, $primary, $secondary] = array_chunk($headers, 1, true);
        [$a, $b] = [new Verifier(self::box(), [self::key('a')]), new Verifier(self::box(), [self::key('b')])];
        self::assertNull(self::reason($a, $time + $primary));
        self::assertNull(self::reason($b, $time + $secondary));
        self::assertSame(Reason::SignatureMismatch, self::reason($a, $time + $secondary));
        self::assertSame(Reason::MissingHeader, self::reason($a, $time));
        self::assertSame(Reason::MissingHeader, self::reason($a, $primary + $secondary));
        $bad = ['Box-Signature-Primary' => 'dummy'];
        self::assertNull(self::reason($b, $time + $bad + $secondary));
        self::assertSame(Reason::MalformedSignature, self::reason($b, $time + $bad));
        self::assertSame(Reason::RepeatedHeader, self::reason($a, $time + $primary + ['BOX-SIGNATURE-PRIMARY' => 'x']));
        // With one key, one header is sent.
        $one = (new Signer(self::box(), self::key('a')))->sign(self::BODY, timestamp: self::NOW);
        self::assertSame($time + $primary, $one);
        self::assertSame($one, (new Signer(self::box(), [self::key('a')]))->sign(self::BODY, timestamp: self::NOW));
    }

    public function testARequestIsAcceptedOnceHoweverItsSignaturesAreStripped(): void
    {
        $claimed = [];
        $claim = static function (string $id) use (&$claimed): bool {
            $new = !isset($claimed[$id]);
            $claimed[$id] = true;
            return $new;
        };
        $verifier = new Verifier(self::stripe(), [self::key('a'), self::key('b')], claim: $claim);
        $header = static fn (string ...$names): array
            => ['Stripe-Signature' => 't=' . self::NOW . ',v1=' . implode(',v1=', array_map(self::hex(...), $names))];
        self::assertNull(self::reason($verifier, $header('a', 'b')));
        self::assertCount(2, $claimed);
        foreach ([['a', 'b'], ['b', 'a'], ['a'], ['b'], ['a', 'a']] as $names) {
            self::assertSame(Reason::Replayed, self::reason($verifier, $header(...$names)));
        }
    }

    public function testTheLimits(): void
    {
        $verifier = new Verifier(self::stripe(), [self::key('a')]);
        $header = static fn (int $count, string $name): array
            => ['Stripe-Signature' => 't=' . self::NOW . str_repeat(",$name=" . self::hex('b'), $count) . ',v1=' . self::hex('a')];
        self::assertNull(self::reason($verifier, $header(15, 'v1')));
        self::assertSame(Reason::MalformedHeader, self::reason($verifier, $header(16, 'v1')));
        self::assertNull(self::reason($verifier, $header(30, 'v0')));
        self::assertSame(Reason::MalformedHeader, self::reason($verifier, $header(31, 'v0')));
        // The most that a signer writes reads back.
        $keys = array_map(static fn (int $n): Key => self::key("$n"), range(1, 16));
        $headers = (new Signer(self::stripe(), $keys))->sign(self::BODY, timestamp: self::NOW);
        foreach ([0, 15] as $index) {
            self::assertNull(self::reason(new Verifier(self::stripe(), [$keys[$index]]), $headers));
        }
    }

    /**
     * @dataProvider refusedKeys
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('refusedKeys')]
    public function testKeysThatASignerCannotUse(Profile $profile, mixed $keys, string $class, string $message): void
    {
        $this->expectException($class);
        $this->expectExceptionMessage("HwSignature\\Signer::__construct(): Argument #2 (\$keys) $message");
        new Signer($profile, $keys);
    }

    /** @return array<string, array{Profile, mixed, class-string, string}> */
    public static function refusedKeys(): array
    {
        [$a, $b] = [Key::fromBytes('a', 'x'), Key::fromBytes('b', 'y')];
        $quoted = new Profile('quoted', '{payload}', ['Signature' => 'keyId="{key_id}",signature="{signature}"'], Encoding::Hex);
        $one = 'must be one key, because the profile sends one signature';
        $many = array_map(static fn (int $n): Key => Key::fromBytes("$n"), range(1, 17));
        return [
            'none' => [self::stripe(), [], \ValueError::class, 'must not be empty'],
            'more than one' => [Profile::named('django'), [$a, $b], \ValueError::class, $one],
            'more than headers' => [
                self::box(),
                array_slice($many, 0, 3),
                \ValueError::class,
                'must be at most 2 keys, because the profile sends at most 2 signatures',
            ],
            'more than sixteen' => [
                self::stripe(),
                $many,
                \ValueError::class,
                'must be at most 16 keys, because the profile sends at most 16 signatures',
            ],
            'other ids' => [
                new Profile('ids', '{payload}', ['X-S' => 'id={key_id},s={signature},...'], Encoding::Hex),
                [$a, $b],
                \ValueError::class,
                'must all have the same id, because the profile sends one',
            ],
            'no id' => [
                Profile::named('nextcloud'),
                [Key::fromBytes('a')],
                \ValueError::class,
                'must have an id, because the profile sends one',
            ],
            'an id that cannot be quoted' => [
                $quoted,
                Key::fromBytes('a', 'x"y'),
                \ValueError::class,
                'must have an id without " and \\, because the profile puts it between quotation marks',
            ],
            'a name' => [self::stripe(), ['a'], \TypeError::class, 'must be a list of HwSignature\Key objects'],
            'a string' => [self::stripe(), 'a', \TypeError::class, 'must be of type HwSignature\Key|array, string given'],
            'null' => [self::stripe(), null, \TypeError::class, 'must be of type HwSignature\Key|array, null given'],
        ];
    }

    public function testEqualKeysGiveOneSignature(): void
    {
        $same = [Key::fromBytes('a', 'x'), Key::fromHex('61', 'y'), Key::fromBytes('a')];
        $once = (new Signer(Profile::named('django'), $same))->sign('x', timestamp: 1);
        self::assertSame((new Signer(Profile::named('django'), $same[0]))->sign('x', timestamp: 1), $once);
    }
}
