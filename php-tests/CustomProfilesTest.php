<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Cause;
use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\SignatureRejectedException;
use HwSignature\Signer;
use HwSignature\Tests\Support\Implementation;
use HwSignature\Tests\Support\Sample;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

/** Contracts of other providers, written by a user of the extension. */
final class CustomProfilesTest extends TestCase
{
    private const SLACK_BODY = 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V'
        . '&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text='
        . '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN'
        . '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';

    private static function stripe(): Profile
    {
        return new Profile(
            'stripe',
            '{timestamp}.{payload}',
            ['Stripe-Signature' => 't={timestamp},v1={signature}'],
            Encoding::Hex,
            TimestampFormat::Seconds,
        );
    }

    private static function github(): Profile
    {
        return new Profile('github', '{payload}', ['X-Hub-Signature-256' => 'sha256={signature}'], Encoding::Hex);
    }

    private static function slack(): Profile
    {
        return new Profile(
            'slack',
            'v0:{timestamp}:{payload}',
            ['X-Slack-Request-Timestamp' => '{timestamp}', 'X-Slack-Signature' => 'v0={signature}'],
            Encoding::Hex,
            TimestampFormat::Seconds,
        );
    }

    private static function standardWebhooks(): Profile
    {
        return new Profile(
            'standard-webhooks',
            '{nonce}.{timestamp}.{payload}',
            ['webhook-id' => '{nonce}', 'webhook-timestamp' => '{timestamp}', 'webhook-signature' => 'v1,{signature}'],
            Encoding::Base64,
            TimestampFormat::Seconds,
            nonce: '[A-Za-z0-9_-]{1,128}',
        );
    }

    /**
     * @dataProvider published
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('published')]
    public function testAPublishedVector(Profile $profile, Key $key, string $payload, array $stamp, array $headers): void
    {
        $now = $stamp['timestamp'] ?? null;
        self::assertSame($headers, (new Signer($profile, $key))->sign($payload, ...$stamp));
        $verifier = new Verifier($profile, [$key]);
        self::assertTrue($verifier->isValid($headers, $payload, now: $now));
        self::assertTrue($verifier->isValid(array_change_key_case($headers), $payload, now: $now));
        self::assertFalse($verifier->isValid($headers, "$payload ", now: $now));
        foreach ($headers as $name => $value) {
            $flipped = Sample::flip($value, 8 * strlen($value) - 8);
            self::assertFalse($verifier->isValid([$name => $flipped] + $headers, $payload, now: $now), $name);
        }
    }

    /** @return array<string, array{Profile, Key, string, array<string, mixed>, array<string, string>}> */
    public static function published(): array
    {
        return [
            'GitHub, Validating webhook deliveries' => [
                self::github(),
                Key::fromBytes("It's a Secret to Everybody"),
                'Hello, World!',
                [],
                ['X-Hub-Signature-256' => 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'],
            ],
            'Slack, Verifying requests from Slack' => [
                self::slack(),
                Key::fromBytes('8f742231b10e8888abcd99yyyzzz85a5'),
                self::SLACK_BODY,
                ['timestamp' => 1531420618],
                [
                    'X-Slack-Request-Timestamp' => '1531420618',
                    'X-Slack-Signature' => 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
                ],
            ],
            'Standard Webhooks, libraries/go/webhook_test.go' => [
                self::standardWebhooks(),
                Key::fromBase64('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'),
                '{"test": 2432232314}',
                ['nonce' => 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'timestamp' => 1614265330],
                [
                    'webhook-id' => 'msg_p5jXN8AQM9LWM0D4loKWxJek',
                    'webhook-timestamp' => '1614265330',
                    'webhook-signature' => 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
                ],
            ],
        ];
    }

    /** Stripe publishes the rule and no value, so the value is computed here. */
    public function testStripe(): void
    {
        [$key, $body, $now] = [Key::fromBytes('whsec_test_secret'), '{"object":"event"}', 1492774577];
        $signature = hash_hmac('sha256', "$now.$body", 'whsec_test_secret');
        $headers = (new Signer(self::stripe(), $key))->sign($body, timestamp: $now);
        self::assertSame(['Stripe-Signature' => "t=$now,v1=$signature"], $headers);

        $verifier = new Verifier(self::stripe(), [$key]);
        $valid = static fn (string $header, int $now): bool => $verifier->isValid(['HTTP_STRIPE_SIGNATURE' => $header], $body, now: $now);
        self::assertTrue($valid("t=$now,v1=$signature", $now + 300));
        self::assertTrue($valid("t=$now,v1=$signature,v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39", $now));
        self::assertTrue($valid("v1=$signature,t=$now", $now));
        self::assertFalse($valid("t=$now,v1=$signature", $now + 301));
        self::assertFalse($valid("t=$now,v0=$signature", $now));
        self::assertFalse($valid("t=$now,v1=$signature,v1=$signature", $now));
        self::assertFalse($valid("t=$now;v1=$signature", $now));
    }

    /** The token endpoint of the Django side used the same string to sign under other names. */
    public function testTheOlderNamesOfTheNextcloudHeaders(): void
    {
        $row = Profile::named('nextcloud')->describe();
        $older = ['X-NC-CLIENT-ID' => 'X-Client-Id', 'X-NC-TIMESTAMP' => 'X-Timestamp', 'X-NC-NONCE' => 'X-Nonce', 'X-NC-SIGNATURE' => 'X-Signature'];
        $profile = new Profile(...[
            'name' => 'nextcloud-token',
            'headers' => ['X-Client-Id' => '{key_id}', 'X-Timestamp' => '{timestamp}', 'X-Nonce' => '{nonce}', 'X-Signature' => '{signature}'],
        ] + $row);
        $sample = Sample::of('nextcloud');
        $headers = [];
        foreach ($sample->sign() as $name => $value) {
            $headers[$older[$name]] = $value;
        }
        $request = [$sample->payload, $sample->method, $sample->target];
        self::assertSame($headers, (new Signer($profile, $sample->keyObject()))->sign(...$request, nonce: $sample->nonce, timestamp: $sample->timestamp));
        self::assertTrue((new Verifier($profile, [$sample->keyObject()]))->isValid($headers, ...$request, now: Sample::NOW));
    }

    public function testTheNextcloudRowBuiltByHand(): void
    {
        $profile = new Profile(
            name: 'by-hand',
            stringToSign: "{method}\n{path}\n{query}\n{timestamp}\n{nonce}\n{payload_sha256}",
            headers: ['X-NC-CLIENT-ID' => '{key_id}', 'X-NC-TIMESTAMP' => '{timestamp}', 'X-NC-NONCE' => '{nonce}', 'X-NC-SIGNATURE' => '{signature}'],
            encoding: Encoding::Base64,
            timestampFormat: TimestampFormat::Seconds,
            nonce: '[A-Za-z0-9._-]{8,128}',
            methodsWithoutPayload: ['get', 'HEAD'],
        );
        for ($seed = 1; $seed <= 100; $seed++) {
            mt_srand($seed);
            $sample = Sample::random('nextcloud');
            $request = [$sample->payload, $sample->method, $sample->target];
            $headers = (new Signer($profile, $sample->keyObject()))->sign(...$request, nonce: $sample->nonce, timestamp: $sample->timestamp);
            self::assertSame($sample->signInUserland(), $headers, "seed $seed");
            $verifier = new Verifier($profile, [$sample->keyObject()]);
            self::assertTrue($verifier->isValid($headers, ...$request, now: Sample::NOW));
            self::assertFalse($verifier->isValid($headers, "x$sample->payload", $sample->method, $sample->target, Sample::NOW));
        }
        self::assertSame(['GET', 'HEAD'], $profile->describe()['methodsWithoutPayload']);
    }

    public function testAPayloadBeforeTheOtherFields(): void
    {
        $profile = new Profile(
            'trailer',
            "{payload}\n{key_id}\n{timestamp}",
            ['Authorization' => 'MAC id={key_id}', 'X-Mac' => 'time={timestamp}, mac={signature}'],
            Encoding::Hex,
            TimestampFormat::Milliseconds,
            5,
        );
        $key = Key::fromBytes('k', 'app');
        $headers = (new Signer($profile, $key))->sign('body', timestamp: 1_800_000_000_000);
        $mac = hash_hmac('sha256', "body\napp\n1800000000000", 'k');
        self::assertSame(['Authorization' => 'MAC id=app', 'X-Mac' => "time=1800000000000, mac=$mac"], $headers);
        $verifier = new Verifier($profile, [$key]);
        self::assertTrue($verifier->isValid($headers, 'body', now: 1_800_000_005));
        self::assertFalse($verifier->isValid($headers, 'body', now: 1_800_000_006));
    }

    public function testAKeyIdCanBeSigned(): void
    {
        $profile = new Profile('signed-id', "{key_id}\n{payload}", ['X-Id' => '{key_id}', 'X-Sig' => '{signature}'], Encoding::Hex);
        $headers = (new Signer($profile, Key::fromBytes('k', 'app-1')))->sign('body');
        self::assertSame(['X-Id' => 'app-1', 'X-Sig' => hash_hmac('sha256', "app-1\nbody", 'k')], $headers);
        $verifier = new Verifier($profile, [Key::fromBytes('k')]);
        self::assertTrue($verifier->isValid($headers, 'body'));
        self::assertFalse($verifier->isValid(['X-Id' => 'app-2'] + $headers, 'body'));
    }

    public function testAFrameAroundAFieldMustStandAsItIs(): void
    {
        $verifier = new Verifier(self::github(), [Key::fromBytes('k')]);
        $digest = hash_hmac('sha256', 'body', 'k');
        self::assertTrue($verifier->isValid(['X-Hub-Signature-256' => "sha256=$digest"], 'body'));
        foreach ([$digest, "SHA256=$digest", "sha256= $digest", "sha1=$digest", "sha256=sha256=$digest", "sha256=$digest,"] as $text) {
            try {
                $verifier->verify(['X-Hub-Signature-256' => $text], 'body');
                self::fail($text);
            } catch (SignatureRejectedException $exception) {
                self::assertContains($exception->getReason(), [Reason::MalformedHeader, Reason::MalformedSignature]);
            }
        }
    }

    /** A canonical request may be of nothing but a time and the payload. */
    public function testACanonicalRequestNeedsNothingOfTheRequest(): void
    {
        $profile = new Profile(
            'custom',
            "V1\n{canonical_request_sha256}",
            ['X-Time' => '{timestamp}', 'X-Sig' => '{signature}'],
            Encoding::Hex,
            TimestampFormat::Seconds,
            canonicalRequest: "{timestamp}\n{payload_sha256}",
        );
        $digest = hash_hmac('sha256', "V1\n" . hash('sha256', "1800000000\n" . hash('sha256', 'body')), 'secret');
        $headers = ['X-Time' => '1800000000', 'X-Sig' => $digest];
        self::assertSame($headers, hw_sign('body', 'secret', $profile, timestamp: 1_800_000_000));
        self::assertTrue(hw_verify($headers, 'body', 'secret', $profile, now: 1_800_000_000));
        self::assertFalse(hw_verify($headers, 'Body', 'secret', $profile, now: 1_800_000_000));
        $verifier = new Verifier($profile, [Key::fromBytes('secret')]);
        self::assertTrue($verifier->isValid($headers, 'body', now: 1_800_000_000));
        self::assertFalse($verifier->isValid(['X-Time' => '1800000001'] + $headers, 'body', now: 1_800_000_000));
    }

    /**
     * @dataProvider refused
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('refused')]
    public function testAContractThatCannotBeKeptIsRefused(array $changes, string $message): void
    {
        $this->expectException(\ValueError::class);
        $this->expectExceptionMessage("HwSignature\\Profile::__construct(): Argument $message");
        new Profile(...$changes + self::slack()->describe());
    }

    /** @return iterable<string, array{array<string, mixed>, string}> */
    public static function refused(): iterable
    {
        $time = ['X-Slack-Request-Timestamp' => '{timestamp}'];
        $signature = ['X-Sig' => '{signature}'];
        $nonce = static fn (string $nonce): array => ['nonce' => $nonce, 'stringToSign' => '{timestamp}.{nonce}.{payload}'];
        $header = static fn (string $template): array => ['headers' => $time + ['X-Sig' => $template]];
        $signed = static fn (string $template): array => ['stringToSign' => $template];

        $name = '#1 ($name) must be 1 to 64 characters of a-z, 0-9 and -';
        yield 'empty name' => [['name' => ''], $name];
        yield 'name in capitals' => [['name' => 'Slack'], $name];
        yield 'long name' => [['name' => str_repeat('a', 65)], $name];
        yield 'name with NUL' => [['name' => "a\0"], $name];
        yield 'binary name' => [['name' => "\xff"], '#1 ($name) must be valid UTF-8'];

        yield 'unknown field' => [
            $signed('{timestamp}.{body}'),
            '#2 ($stringToSign) has an unknown field "{body}"; what is signed of the body is {payload} or {payload_sha256}',
        ];
        yield 'signature in the string to sign' => [$signed('{timestamp}.{payload}{signature}'), '#2 ($stringToSign) has an unknown field "{signature}"'];
        yield 'brace' => [$signed('{timestamp}.{payload'), '#2 ($stringToSign) has an unpaired brace at byte 12'];
        yield 'closing brace' => [$signed('{timestamp}}.{payload}'), '#2 ($stringToSign) has an unpaired brace at byte 11'];
        yield 'binary string to sign' => [$signed("{timestamp}\xff{payload}"), '#2 ($stringToSign) must be valid UTF-8'];
        $payload = '#2 ($stringToSign) must have {payload}, {payload_sha256} or {canonical_request_sha256}, one of them and once, or the payload would not be protected';
        yield 'no payload' => [$signed('{timestamp}'), $payload];
        yield 'payload twice' => [$signed('{timestamp}.{payload}.{payload}'), $payload];
        yield 'payload and its hash' => [$signed('{timestamp}.{payload}.{payload_sha256}'), $payload];
        yield 'timestamp not signed' => [$signed('{payload}'), '#2 ($stringToSign) must have {timestamp}, because a header carries it and it would not be protected'];
        yield 'nonce not signed' => [
            ['nonce' => 'uuid', 'headers' => $time + $signature + ['X-Nonce' => '{nonce}']],
            '#2 ($stringToSign) must have {nonce}, because a header carries it and it would not be protected',
        ];
        $ambiguous = static fn (string $first, string $second): string => "#2 (\$stringToSign) is ambiguous: $first and $second can trade bytes"
            . ' and give the same string to sign; put a separator between them that cannot occur in one of them, or pass ambiguous: true';
        yield 'timestamp beside two that are free' => [$signed('{path}{timestamp}{payload}'), $ambiguous('{path}', '{timestamp}')];
        yield 'path beside payload' => [$signed("{timestamp}\n{path}{payload}"), $ambiguous('{path}', '{payload}')];
        yield 'path and query' => [$signed("{path}{query}\n{timestamp}\n{payload}"), $ambiguous('{path}', '{query}')];
        yield 'separator that the payload may hold' => [$signed("{payload}.{path}\n{timestamp}"), $ambiguous('{payload}', '{path}')];

        yield 'no header with the signature' => [['headers' => $time], '#3 ($headers) must have {signature}'];
        yield 'no header' => [['headers' => []], '#3 ($headers) must have {signature}'];
        $shape = static fn (string $first, string $second): string => "#3 (\$headers) has in \"X-Sig\" $first and $second, which could not be "
            . 'told apart again; put a separator between them that cannot occur in one of them, or write them as "name={…}; name={…}"';
        yield 'fields side by side' => [$header('{timestamp}{signature}'), $shape('{timestamp}', '{signature}')];
        yield 'separator that both may hold' => [$header('{key_id}/{signature}'), $shape('{key_id}', '{signature}')];
        yield 'payload in a header' => [$header('{payload}{signature}'), '#3 ($headers) has in "X-Sig" an unknown field "{payload}"; there are {timestamp}, {nonce}, {signature}, {key_id}'];
        yield 'brace in a header' => [$header('{signature'), '#3 ($headers) has in "X-Sig" an unpaired brace at byte 0'];
        yield 'line feed in a header' => [$header("{signature}\n"), '#3 ($headers) has in "X-Sig" a byte at 11 that cannot stand in a header'];
        yield 'accent in a header' => [$header('é{signature}'), '#3 ($headers) has in "X-Sig" a byte at 0 that cannot stand in a header'];
        $key = static fn (string $name): string => "#3 (\$headers) must have HTTP field names as keys, each once, and for fields those that \$_SERVER has with HTTP_ in front; \"$name\" is not";
        yield 'empty header name' => [['headers' => $time + ['' => '{signature}']], $key('')];
        yield 'header name with a space' => [['headers' => $time + ['X Sig' => '{signature}']], $key('X Sig')];
        yield 'header name with a colon' => [['headers' => $time + ['X-Sig:' => '{signature}']], $key('X-Sig:')];
        yield 'header name twice' => [['headers' => $time + $signature + ['x-sig' => '{timestamp}']], $key('x-sig')];
        yield 'header name twice to CGI' => [['headers' => $time + $signature + ['X_Sig' => '{timestamp}']], $key('X_Sig')];
        yield 'header name of CGI' => [['headers' => $time + ['HTTP_X_SIG' => '{signature}']], $key('HTTP_X_SIG')];
        yield 'header that CGI has bare' => [['headers' => $time + ['Content-Type' => '{signature}']], $key('Content-Type')];
        yield 'nine headers' => [['headers' => array_fill_keys(str_split('abcdefgh'), '1') + $signature], '#3 ($headers) must have at most 8 headers'];
        yield 'timestamp not sent' => [['headers' => $signature], '#3 ($headers) must carry {timestamp}, because the string to sign has it and a receiver could not know it'];
        yield 'nonce not sent' => [$nonce('uuid'), '#3 ($headers) must carry {nonce}, because the string to sign has it and a receiver could not know it'];
        yield 'key id not sent' => [$signed('{timestamp}.{key_id}.{payload}'), '#3 ($headers) must carry {key_id}, because the string to sign has it and a receiver could not know it'];

        yield 'no unit' => [['timestampFormat' => null], '#5 ($timestampFormat) must not be null, because the profile has a {timestamp}'];
        $bare = ['stringToSign' => '{payload}', 'headers' => $signature];
        yield 'unit unused' => [$bare, '#5 ($timestampFormat) must be null, because the profile has no {timestamp}'];
        yield 'negative tolerance' => [['tolerance' => -1], '#6 ($tolerance) must be between 0 and 604800'];
        yield 'tolerance of eight days' => [['tolerance' => 604_801], '#6 ($tolerance) must be between 0 and 604800'];
        yield 'tolerance unused' => [$bare + ['timestampFormat' => null, 'tolerance' => 1], '#6 ($tolerance) must be null, because the profile has no {timestamp}'];

        $grammar = '#7 ($nonce) must be "uuid", a set with a length such as "[A-Za-z0-9]{8,128}", or the one text that is sent';
        $grammars = ['', '[]', '[a]', '[a]{}', '[a]{0}', '[a]{2,1}', '[a]{1,257}', '[z-a]{1}', '[ ]{1}', '[;]{1}', '[,]{1}', '[é]{1}', 'a b', 'a;b',
            "a\n", '{8}', '[a]{1', '[a]{1,2,3}', '[a]{-1}', str_repeat('a', 257)];
        foreach ($grammars as $text) {
            yield "nonce grammar $text" => [$nonce($text), $grammar];
        }
        yield 'nonce unused' => [['nonce' => 'uuid'], '#7 ($nonce) must be null, because the profile has no {nonce}'];
        yield 'no nonce grammar' => [
            ['stringToSign' => '{nonce}.{timestamp}.{payload}', 'headers' => $time + $signature + ['X-Nonce' => '{nonce}']],
            '#7 ($nonce) must not be null, because the profile has a {nonce}',
        ];

        foreach (['', 'GE T', "GET\n", 'é'] as $method) {
            yield "method $method" => [['methodsWithoutPayload' => ['GET', $method]], '#8 ($methodsWithoutPayload) must be a list of HTTP methods'];
        }
    }

    /**
     * @dataProvider wrongTypes
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('wrongTypes')]
    public function testWhatIsInsideAnArrayHasATypeToo(array $changes, string $message): void
    {
        $this->expectException(\TypeError::class);
        $this->expectExceptionMessage("HwSignature\\Profile::__construct(): Argument $message");
        new Profile(...$changes + self::slack()->describe());
    }

    /** @return array<string, array{array<string, mixed>, string}> */
    public static function wrongTypes(): array
    {
        $headers = '#3 ($headers) must be an array of strings, keyed by header name';
        $methods = '#8 ($methodsWithoutPayload) must be a list of strings';
        return [
            'list of headers' => [['headers' => ['{signature}']], $headers],
            'template that is a number' => [['headers' => ['X-Sig' => 1]], $headers],
            'template that is null' => [['headers' => ['X-Sig' => null]], $headers],
            'binary template' => [['headers' => ['X-Sig' => "\xff"]], $headers],
            'binary header name' => [['headers' => ["\xff" => '{signature}']], $headers],
            'method that is a number' => [['methodsWithoutPayload' => [1]], $methods],
            'method that is null' => [['methodsWithoutPayload' => [null]], $methods],
        ];
    }

    public function testItsAuthorCanTakeTheAmbiguityOn(): void
    {
        $row = ['stringToSign' => '{timestamp}{payload}', 'ambiguous' => true] + self::slack()->describe();
        self::assertTrue((new Profile(...$row))->describe()['ambiguous']);
    }

    public function testTheFunctionsTakeAProfileOfOnesOwn(): void
    {
        $mine = new Profile(
            'mine',
            "{method}\n{path}\n{timestamp}\n{payload}",
            ['X-Mine' => 't={timestamp},v1={signature}'],
            Encoding::Hex,
            TimestampFormat::Seconds,
        );
        $request = ['PUT', '/a'];
        $headers = hw_sign('body', 'secret', $mine, ...[...$request, null, null, Sample::NOW]);
        $signature = hash_hmac('sha256', "PUT\n/a\n" . Sample::NOW . "\nbody", 'secret');
        self::assertSame(['X-Mine' => 't=' . Sample::NOW . ",v1=$signature"], $headers);

        $now = [null, Sample::NOW + 300];
        self::assertTrue(hw_verify($headers, 'body', 'secret', $mine, ...[...$request, ...$now]));
        self::assertFalse(hw_verify($headers, 'body', 'secret', $mine, ...[...$request, null, Sample::NOW + 301]));
        self::assertFalse(hw_verify($headers, 'Body', 'secret', $mine, ...[...$request, ...$now]));
        if (!Implementation::isLibrary()) {
            self::assertSame('mine', hw_diagnose($headers, 'body', 'secret', $mine, ...[...$request, ...$now])->profile);
            $diagnosis = hw_diagnose($headers, "body\n", Key::fromBytes('secret'), $mine, ...[...$request, ...$now]);
            self::assertSame([Cause::PayloadTrailingNewline], array_column($diagnosis->findings, 'cause'));
        }
        self::assertSame(
            hw_sign('body', 'secret', 'django', timestamp: 1),
            hw_sign('body', 'secret', Profile::named('django'), timestamp: 1),
        );
    }
}
