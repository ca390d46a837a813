<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Cause;
use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\TimestampFormat;
use HwSignature\Tests\Support\Mistakes;
use HwSignature\Tests\Support\Sent;
use HwSignature\Verdict;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

/**
 * A diagnosis with all that a verifier knows: its contract, whoever wrote it, and all of its keys.
 */
final class VerifierDiagnosisTest extends TestCase
{
    private const KEYS = ['the new secret, of this year', 'the old secret, of last year', 'the secret of the test system'];

    private static function verifier(Profile $profile, string ...$secrets): Verifier
    {
        $keys = array_map(static fn (string $secret, int $n): Key => Key::fromBytes($secret, "k$n"), $secrets, array_keys($secrets));
        return new Verifier($profile, $keys, clock: static fn (): int => Sent::NOW);
    }

    public function testEachKeyIsTriedAndTheOneThatMatchedIsTold(): void
    {
        $verifier = self::verifier(Profile::named('django'), ...self::KEYS);
        foreach (self::KEYS as $index => $secret) {
            $valid = Sent::to('django', Sent::sign('django', Sent::text('django'), $secret));
            $diagnosis = $verifier->diagnose($valid->headers, $valid->payload);
            self::assertSame([Verdict::Valid, $index, "k$index"], [$diagnosis->verdict, $diagnosis->keyIndex, $diagnosis->keyId]);
            self::assertSame($verifier->verify($valid->headers, $valid->payload)->keyIndex, $diagnosis->keyIndex);

            $sent = Sent::to('django', Sent::sign('django', Sent::text('django', Sent::BODY . "\n"), "$secret\n"));
            $diagnosis = $verifier->diagnose($sent->headers, $sent->payload);
            self::assertSame(Verdict::Explained, $diagnosis->verdict, (string) $diagnosis);
            self::assertSame([Cause::KeyHasWhitespace, Cause::PayloadTrailingNewline], array_column($diagnosis->findings, 'cause'));
            self::assertSame([$index, "k$index"], [$diagnosis->keyIndex, $diagnosis->keyId]);
            self::assertSame(Key::fromBytes($secret)->fingerprint, $diagnosis->keyFingerprint);
            self::assertSame(strlen($secret), $diagnosis->keyLength);
            self::assertSame(1, substr_count((string) $diagnosis, '  <- this one'));
            self::assertMatchesRegularExpression("/^  key $index +\\d+ bytes, fingerprint $diagnosis->keyFingerprint  <- this one\n +id k$index$/m", (string) $diagnosis);
        }
        $none = $verifier->diagnose(Sent::to('django', str_repeat('ab', 32))->headers, 'x');
        self::assertSame([Verdict::Unexplained, null, 'k0'], [$none->verdict, $none->keyIndex, $none->keyId]);
        self::assertSame(3, preg_match_all('/^  key [012]  /m', (string) $none));
        self::assertStringNotContainsString('this one', (string) $none);
    }

    public function testAnotherBeginningOfTheStringToSignIsNoOtherContract(): void
    {
        $verifier = self::verifier(Profile::named('slack'), self::KEYS[0]);
        $now = Sent::NOW;
        foreach (['v1:' => '"v1:" in place of "v0:"', '' => 'nothing in place of "v0:"'] as $beginning => $words) {
            $signature = hash_hmac('sha256', "$beginning$now:{}", self::KEYS[0]);
            $headers = ['X-Slack-Request-Timestamp' => (string) $now, 'X-Slack-Signature' => "v0=$signature"];
            $diagnosis = $verifier->diagnose($headers, '{}');
            self::assertSame([Cause::SeparatorDiffers], array_column($diagnosis->findings, 'cause'), (string) $diagnosis);
            self::assertStringContainsString("$words at the beginning", $diagnosis->findings[0]->message);
        }
    }

    public function testAContractOfOnesOwnIsDiagnosedAsABuiltInOne(): void
    {
        $profile = new Profile(
            'ours',
            "{method}\n{path}\n{timestamp}\n{payload}",
            ['X-Time' => '{timestamp}', 'X-Sign' => 'v1={signature}'],
            Encoding::Hex,
            TimestampFormat::Seconds,
        );
        $signer = new Signer($profile, Key::fromBytes(self::KEYS[1] . "\n"));
        $headers = $signer->sign('{"a":1}', 'PUT', '/a', timestamp: Sent::NOW);
        $verifier = self::verifier($profile, ...self::KEYS);
        foreach ([$verifier->diagnose($headers, '{"a":1}', 'PUT', '/a'), hw_diagnose($headers, '{"a":1}', self::KEYS[1], $profile, 'PUT', '/a', null, Sent::NOW)] as $diagnosis) {
            self::assertSame([Cause::KeyHasWhitespace], array_column($diagnosis->findings, 'cause'));
            self::assertSame('PUT\n/a\n' . Sent::NOW . '\n{payload}', $diagnosis->stringToSign);
            self::assertSame(hash('sha256', "PUT\n/a\n" . Sent::NOW . "\n{\"a\":1}"), $diagnosis->stringToSignSha256);
        }
    }

    public function testTheVerifiersToleranceAndClockCount(): void
    {
        $headers = hw_sign('x', 'secret', 'django', timestamp: Sent::NOW - 100);
        $keys = [Key::fromBytes('secret')];
        $clock = static fn (): int => Sent::NOW;
        $verdict = static fn (?int $tolerance, ?int $now = null): Verdict
            => (new Verifier(Profile::named('django'), $keys, $tolerance, clock: $clock))->diagnose($headers, 'x', now: $now)->verdict;
        self::assertSame(Verdict::Explained, $verdict(null));
        self::assertSame(Verdict::Valid, $verdict(100));
        self::assertSame(Verdict::Valid, $verdict(null, Sent::NOW - 100));
    }

    public function testTheReplayGuardIsNotAsked(): void
    {
        $headers = hw_sign('x', 'secret', 'django', timestamp: Sent::NOW);
        $guard = static fn (): never => self::fail('asked');
        $verifier = new Verifier(Profile::named('django'), [Key::fromBytes('secret')], claim: $guard);
        self::assertSame(Verdict::Valid, $verifier->diagnose($headers, 'x', now: Sent::NOW)->verdict);
    }

    public function testAKeyIdThatNoKeyHasIsNamedWhateverElseIsWrong(): void
    {
        $verifier = self::verifier(Profile::named('nextcloud'), ...self::KEYS);
        $sent = Sent::to('nextcloud', Sent::sign('nextcloud', Sent::text('nextcloud'), self::KEYS[2]));
        $diagnosis = $verifier->diagnose($sent->headers, $sent->payload, 'POST', Sent::TARGET);
        self::assertSame([Cause::KeyIdUnknown], array_column($diagnosis->findings, 'cause'), (string) $diagnosis);
        self::assertSame([Verdict::Explained, 2, 'k2'], [$diagnosis->verdict, $diagnosis->keyIndex, $diagnosis->keyId]);
        // The id of another key than the one that signed.
        $named = [...$sent->headers, 'X-NC-CLIENT-ID' => 'k0'];
        $diagnosis = $verifier->diagnose($named, $sent->payload, 'POST', Sent::TARGET);
        self::assertSame([[Cause::KeyIdUnknown], 2], [array_column($diagnosis->findings, 'cause'), $diagnosis->keyIndex]);
        $diagnosis = $verifier->diagnose(['X-NC-CLIENT-ID' => 'k2'] + $sent->headers, $sent->payload, 'POST', Sent::TARGET);
        self::assertSame(Verdict::Valid, $diagnosis->verdict);
    }

    public function testSixKeysShareOneBudget(): void
    {
        $secrets = array_map(static fn (int $n): string => 'whsec_' . base64_encode(hash('sha256', "key $n", true)), range(1, 6));
        $verifier = self::verifier(Profile::named('nextcloud'), ...$secrets);
        $one = self::verifier(Profile::named('nextcloud'), $secrets[5]);
        $target = '/a/b/?c=d+e&a';
        $none = Sent::to('nextcloud', base64_encode(str_repeat('x', 32)), target: $target);
        $diagnosis = $verifier->diagnose($none->headers, $none->payload, 'POST', $target);
        self::assertLessThanOrEqual(10_000, $diagnosis->digestsComputed);
        self::assertGreaterThan($one->diagnose($none->headers, $none->payload, 'POST', $target)->digestsComputed, $diagnosis->digestsComputed);
        // A single fault is found with the last of them as with the only one.
        $faults = [
            'key' => Sent::to('nextcloud', Sent::sign('nextcloud', Sent::text('nextcloud'), base64_decode(substr($secrets[5], 6)))),
            'payload' => Sent::to('nextcloud', Sent::sign('nextcloud', Sent::text('nextcloud', Sent::BODY . "\n"), $secrets[5])),
            'path' => Sent::to('nextcloud', Sent::sign('nextcloud', Sent::text('nextcloud', path: '/index.php' . Sent::TARGET), $secrets[5])),
        ];
        foreach ($faults as $what => $sent) {
            $headers = [...$sent->headers, 'X-NC-CLIENT-ID' => 'k5'];
            $diagnosis = $verifier->diagnose($headers, $sent->payload, 'POST', Sent::TARGET);
            self::assertSame([Verdict::Explained, 5], [$diagnosis->verdict, $diagnosis->keyIndex], "$what\n$diagnosis");
            self::assertCount(1, $diagnosis->findings);
        }
    }

    public function testNoKeyOfTheVerifierIsShown(): void
    {
        $verifier = self::verifier(Profile::named('nextcloud'), ...self::KEYS);
        foreach (self::KEYS as $secret) {
            $target = '/x?a=' . rawurlencode($secret) . '&b=' . base64_encode($secret);
            $diagnosis = $verifier->diagnose(Sent::to('nextcloud', base64_encode(str_repeat('x', 32)))->headers, '{}', 'POST', $target);
            $shown = $diagnosis . json_encode($diagnosis) . print_r($diagnosis, true) . print_r($verifier, true);
            foreach ([$secret, substr(base64_encode($secret), 0, 30), substr(rawurlencode($secret), 0, 14)] as $text) {
                self::assertStringNotContainsString($text, $shown);
            }
        }
    }

    public function testAReflectedMessageIsNoReasonToTakeTheOtherProfile(): void
    {
        $talk = array_filter(Profile::names(), static fn (string $name): bool => Profile::named($name)->describe()['stringToSign'] === '{nonce}{payload}');
        self::assertContains('nextcloud-talk', $talk);
        foreach ($talk as $sent) {
            foreach (array_diff($talk, [$sent]) as $own) {
                $headers = hw_sign('hello', 'a secret for both directions', $sent);
                $diagnosis = hw_diagnose($headers, 'hello', 'a secret for both directions', $own);
                self::assertSame([Cause::OtherProfile], array_column($diagnosis->findings, 'cause'));
                [$finding] = $diagnosis->findings;
                self::assertStringContainsString('both sign the same bytes', $finding->message);
                self::assertStringStartsWith('On the receiver, keep the profile', $finding->fix);
                self::assertStringNotContainsString('--profile', (string) $diagnosis);
                self::assertDoesNotMatchRegularExpression('/\bpass\b/i', $finding->fix);
            }
        }
    }

    /** Svix has the headers of Standard Webhooks under names of its own: there is no other direction. */
    public function testThatTwoContractsSignTheSameIsNoReflectionWhereTheyAreOfTwoProjects(): void
    {
        foreach ([['svix', 'standard-webhooks'], ['standard-webhooks', 'svix']] as [$sent, $own]) {
            $headers = hw_sign('hello', 'a secret of one endpoint', $sent, nonce: 'msg_1');
            $diagnosis = hw_diagnose($headers, 'hello', 'a secret of one endpoint', $own);
            self::assertSame([Cause::OtherProfile], array_column($diagnosis->findings, 'cause'));
            [$finding] = $diagnosis->findings;
            self::assertStringContainsString('both sign the same bytes', $finding->message);
            self::assertStringContainsString("'$sent' as \$profile", $finding->fix);
            self::assertStringNotContainsString('direction', $finding->fix);
        }
    }

    /** A bot that signs and passes its JSON body verifies here, and Talk refuses it. */
    public function testBesideValidStandsWhatTheContractTakesForThePayload(): void
    {
        foreach (['nextcloud-talk-bot' => 'the text of the message', 'huawei-receipt' => 'the callback user name'] as $profile => $words) {
            foreach (['{"message":"hello"}' => true, ' [1] ' => true, 'hello' => false, '{hello' => false] as $payload => $isBody) {
                $headers = hw_sign($payload, 'secret', $profile);
                $diagnosis = hw_diagnose($headers, $payload, 'secret', $profile);
                self::assertSame(Verdict::Valid, $diagnosis->verdict);
                self::assertCount($profile === 'huawei-receipt' ? 1 : 2, $diagnosis->checks);
                self::assertStringContainsString("The payload of \"$profile\" is $words", $diagnosis->checks[0]);
                self::assertSame($isBody, str_contains($diagnosis->checks[0], 'looks like a whole body'), $payload);
                self::assertStringContainsString($diagnosis->checks[0], preg_replace('/\s+/', ' ', (string) $diagnosis));
            }
        }
        $headers = hw_sign('{"a":1}', 'secret', 'django');
        self::assertSame([], hw_diagnose($headers, '{"a":1}', 'secret', 'django')->checks);
    }

    /**
     * Two signatures, the second by a key that is held: in a list, and in two headers.
     *
     * @dataProvider rows
     * @param array<string, string> $headers
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('rows')]
    public function testEachSignatureIsComparedAndTheOneThatMatchedIsTold(array $headers, Encoding $encoding): void
    {
        $profile = new Profile('several', '{timestamp}.{payload}', ['X-Time' => '{timestamp}'] + $headers, $encoding, TimestampFormat::Seconds, 60);
        $strangers = array_map(Key::fromBytes(...), ['a secret that nobody holds here', 'and another']);
        $verifier = self::verifier($profile, ...self::KEYS);
        foreach (self::KEYS as $index => $secret) {
            foreach ([0, 1] as $place) {
                // What is signed, by which key, and what the receiver has.
                foreach ([
                    'valid' => ['{"a": 1}', $secret, '{"a": 1}', []],
                    'payload' => ['{"a":1}', $secret, '{"a": 1}', [Cause::PayloadReserialized]],
                    'key' => ['{"a": 1}', "$secret\n", '{"a": 1}', [Cause::KeyHasWhitespace]],
                    'both' => ["{\"a\": 1}\n", "$secret\n", '{"a": 1}', [Cause::KeyHasWhitespace, Cause::PayloadTrailingNewline]],
                ] as $signed => [$payload, $key, $arrived, $causes]) {
                    $keys = [$strangers[0]];
                    array_splice($keys, $place, 0, [Key::fromBytes($key)]);
                    $sent = (new Signer($profile, $keys))->sign($payload, timestamp: Sent::NOW);
                    $diagnosis = $verifier->diagnose($sent, $arrived);
                    $report = (string) $diagnosis;
                    self::assertSame($causes, array_column($diagnosis->findings, 'cause'), "$signed: $report");
                    self::assertSame([$index, $place], [$diagnosis->keyIndex, $diagnosis->signatureIndex], $report);
                    self::assertSame([$place], self::marked('signature', $report), $report);
                    self::assertSame([$index], self::marked('key', $report), $report);
                    $texts = self::signatures($profile, $sent);
                    self::assertStringStartsWith(substr($texts[$place], 0, 8), $diagnosis->header['signature']);
                    foreach ($texts as $text) {
                        self::assertStringContainsString(substr($text, 0, 8) . "\u{2026}", $report);
                        self::assertStringNotContainsString(substr($text, 0, 12), $report);
                    }
                }
            }
        }
        $none = $verifier->diagnose((new Signer($profile, $strangers))->sign('x', timestamp: Sent::NOW), 'x');
        self::assertSame([Verdict::Unexplained, null, []], [$none->verdict, $none->signatureIndex, self::marked('signature', (string) $none)]);
    }

    public static function rows(): array
    {
        return [
            'commas' => [['X-Sign' => 'v1={signature},...'], Encoding::Hex],
            'semicolons' => [['X-Sign' => 'h1={signature};...'], Encoding::Hex],
            'spaces' => [['X-Sign' => 'v1,{signature} ...'], Encoding::Base64],
            'two headers' => [['X-Sign' => '{signature}', 'X-Sign-2' => 'sha256={signature}'], Encoding::Hex],
        ];
    }

    /** What a secret looked like before it was hexadecimal is found in each of several too. */
    public function testEachSignatureIsReadInEveryEncoding(): void
    {
        $signature = base64_encode(hash_hmac('sha256', Sent::NOW . '.{}', 'the secret', true));
        foreach (['v1=' . str_repeat('ab', 32) . ",v1=$signature", "v0=none,v1=$signature,v1=" . str_repeat('cd', 32)] as $place => $list) {
            $diagnosis = hw_diagnose(['Stripe-Signature' => 't=' . Sent::NOW . ",$list"], '{}', 'the secret', 'stripe', now: Sent::NOW);
            self::assertSame([Cause::DigestIsBase64], array_column($diagnosis->findings, 'cause'), (string) $diagnosis);
            self::assertSame(1 - $place, $diagnosis->signatureIndex);
            self::assertStringNotContainsString(substr($signature, 0, 12), (string) $diagnosis);
        }
    }

    /** @return list<string> the signatures in the headers, in their order */
    private static function signatures(Profile $profile, array $headers): array
    {
        preg_match_all('~(?:v1=|h1=|v1,|sha256=|^)([0-9a-zA-Z+/=]{43,})~m', implode("\n", $headers), $found);
        return $found[1];
    }

    /** @return list<int> the numbers of the lines of that name that are marked */
    private static function marked(string $name, string $report): array
    {
        preg_match_all("/^  $name (\\d+) .*  <- this one$/m", $report, $found);
        return array_map(intval(...), $found[1]);
    }

    /** Only where nothing in the request changes with the time. */
    public function testBesideValidStandsWhatARetryOfTheSenderIs(): void
    {
        foreach (array_map(Profile::named(...), Profile::names()) as $profile) {
            $row = $profile->describe();
            $repeats = $row['nonce'] !== null && $row['timestampFormat'] === null;
            $headers = (new Signer($profile, Key::fromBytes('secret', 'id')))->sign('x', 'POST', 'https://a.example/', headers: $row['signedHeaders'] === [] ? [] : ['Host' => 'a.example']);
            $diagnosis = hw_diagnose($headers + ['Host' => 'a.example'], 'x', 'secret', $profile, 'POST', 'https://a.example/');
            self::assertSame(Verdict::Valid, $diagnosis->verdict, (string) $diagnosis);
            $retries = array_filter($diagnosis->checks, static fn (string $check): bool => str_contains($check, 'when its sender tries again, the nonce and the payload are the same'));
            self::assertCount((int) $repeats, $retries, $row['name']);
            foreach ($retries as $check) {
                self::assertStringContainsString('docs/replay-protection.md', $check);
            }
        }
        self::assertFileExists(__DIR__ . '/../docs/replay-protection.md');
    }

    /** What the remedy for a nonce of another shape says is code, which takes the request. @dataProvider otherNonces */
    #[\PHPUnit\Framework\Attributes\DataProvider('otherNonces')]
    public function testAProfileForOtherNoncesIsInTheRemedy(string $profile, string $nonce, string $words, ?string $grammar): void
    {
        $headers = array_keys(Profile::named($profile)->describe()['headers']);
        $sent = array_combine(array_slice($headers, 0, 2), [$nonce, hash_hmac('sha256', $nonce . 'hello', 'secret')]);
        $sent += ['OCS-APIRequest' => 'true'];
        $diagnosis = hw_diagnose($sent, 'hello', 'secret', $profile);
        self::assertSame([Cause::HeaderMalformed], array_column($diagnosis->findings, 'cause'), (string) $diagnosis);
        [$finding] = $diagnosis->findings;
        self::assertStringContainsString($words, $finding->message);
        self::assertSame($grammar !== null, preg_match('/verify with (new Profile\(.*\))\.\z/', $finding->fix, $code) === 1, $finding->fix);
        if ($grammar !== null) {
            $own = eval("use HwSignature\Profile; return $code[1];");
            self::assertSame($grammar, $own->describe()['nonce']);
            self::assertTrue((new Verifier($own, [Key::fromBytes('secret')]))->isValid($sent, 'hello'));
        }
    }

    public static function otherNonces(): array
    {
        $random = bin2hex('sixteen bytes, so');
        return [
            '32 characters to a bot' => ['nextcloud-talk', substr($random, 0, 32), 'it has 32 characters, and the profile takes [A-Za-z0-9+/]{64}', '[A-Za-z0-9]{32}'],
            '32 characters of a bot' => ['nextcloud-talk-bot', substr($random, 0, 32), 'it has 32 characters', '[A-Za-z0-9]{32}'],
            'the recorder of Talk' => ['nextcloud-talk', str_repeat('aB-_3', 17) . 'x', '86 characters, 34 of them outside the alphabet', '[A-Za-z0-9_-]{86}'],
            'a UUID' => ['nextcloud-talk-bot', Sent::UUID, '36 characters, 4 of them outside the alphabet', 'uuid'],
            'too short' => ['nextcloud-talk', 'short', 'it has 5 characters', null],
            'too short for any length' => ['nextcloud-signaling', str_repeat('a', 31), 'it has 31 characters, and the profile takes [A-Za-z0-9+/=_-]{32,128}', null],
            'letters that nobody takes' => ['nextcloud-talk', str_repeat('a~', 16), '16 of them outside the alphabet', null],
        ];
    }

    public function testNoRemedyWeakensTheReceiver(): void
    {
        foreach (Mistakes::single() as $name => [, $make]) {
            foreach ($make()->diagnose()->findings as $finding) {
                self::assertMatchesRegularExpression('/^(On the sender|On the receiver|On both sides), /', $finding->fix, $name);
                self::assertDoesNotMatchRegularExpression('/(greater|wider|larger|longer) tolerance|new Verifier\([^)]*ANY_AGE/i', $finding->fix, $name);
            }
        }
    }
}
