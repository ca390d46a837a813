<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Cause;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Tests\Support\Sent;
use HwSignature\Verdict;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * What a fix says, done as it says.
 */
final class DiagnosisFixesTest extends TestCase
{
    public static function secrets(): array
    {
        // Its base64 has a +, a / and two =.
        $binary = "\xfb\xff\xbe and 28 bytes, say 1";
        $base64 = base64_encode($binary);
        $url = strtr($base64, '+/', '-_');
        return [
            'base64' => [$base64, $binary],
            'base64 without padding' => [rtrim($base64, '='), $binary],
            'base64url' => [$url, $binary],
            'base64url without padding' => [rtrim($url, '='), $binary],
            'hex' => [bin2hex($binary), $binary],
            'whsec_' => ["whsec_$base64", $binary],
            'whsec_ without padding' => ['whsec_' . rtrim($base64, '='), $binary],
            'whsec_ and text' => ['whsec_text, and nothing else', 'text, and nothing else'],
            'base64:' => ["base64:$base64", $binary],
            'base64: and base64url' => ["base64:$url", $binary],
            'hex:' => ['hex:' . bin2hex($binary), $binary],
            '0x' => ['0x' . bin2hex($binary), $binary],
            'base64 twice' => [base64_encode($base64), $binary],
            'base64 in place of hex' => [bin2hex($binary), $base64],
            'hex in place of base64' => [$base64, bin2hex($binary)],
            'the credentials of Basic' => [base64_encode('shop:the-secret:of-both'), 'the-secret:of-both'],
            'a line of .env' => ['MY_SECRET=the secret', 'the secret'],
            'quotation marks' => ['"the secret"', 'the secret'],
        ];
    }

    /**
     * @dataProvider secrets
     */
    #[DataProvider('secrets')]
    public function testTheKeyThatTheFixMakesIsTheSenders(string $secret, string $senders): void
    {
        $diagnosis = Sent::to('django', Sent::sign('django', Sent::text('django'), $senders), key: $secret)->diagnose();
        $this->assertSame(Verdict::Explained, $diagnosis->verdict, (string) $diagnosis);
        $this->assertCount(1, $diagnosis->findings);
        $fix = $diagnosis->findings[0]->fix;
        preg_match_all('/(?:Key::from\w+|base64_\w+|hex2bin|bin2hex|explode|substr|trim)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)(?:\[1\])?/', $fix, $calls);
        $calls = array_filter($calls[0], static fn (string $call): bool => str_contains($call, '$secret'));
        $this->assertNotEmpty($calls, $fix);
        foreach ($calls as $call) {
            $made = eval('use HwSignature\Key; return ' . $call . ';');
            $made = $made instanceof Key ? $made : Key::fromBytes($made);
            $this->assertSame(Key::fromBytes($senders)->fingerprint, $made->fingerprint, $call);
        }
    }

    public static function lists(): array
    {
        return [
            'commas' => ['a-new-secret, an-old-secret'],
            'line breaks' => ["an-old-secret\r\na-new-secret\r\n"],
            'semicolons' => ['an-old-secret;a-new-secret'],
            'bars' => ['a-new-secret | an-old-secret'],
        ];
    }

    /**
     * @dataProvider lists
     */
    #[DataProvider('lists')]
    public function testTheVerifierThatTheFixMakesHoldsEachSecretOfAList(string $secret): void
    {
        $sent = Sent::to('django', Sent::sign('django', Sent::text('django'), 'a-new-secret'), key: $secret);
        $finding = $sent->diagnose()->findings[0];
        $this->assertSame(Cause::KeyTruncated, $finding->cause);
        $this->assertSame(1, preg_match('/: (new Verifier\(.*?\))\. Or on/', $finding->fix, $code), $finding->fix);
        $profile = Profile::named('django');
        $verifier = eval('use HwSignature\{Key, Verifier}; return ' . $code[1] . ';');
        $this->assertTrue($verifier->isValid($sent->headers, $sent->payload, 'POST', Sent::TARGET, Sent::NOW));
    }

    public static function encodings(): array
    {
        return ['huawei-push' => ['huawei-push'], 'nextcloud' => ['nextcloud'], 'django' => ['django'], 'nextcloud-talk' => ['nextcloud-talk']];
    }

    /**
     * @dataProvider encodings
     */
    #[DataProvider('encodings')]
    public function testTheVerifierThatTheFixMakesTakesTheOtherEncoding(string $profile): void
    {
        $digest = hash_hmac('sha256', Sent::text($profile), Sent::KEY, true);
        $sent = Sent::to($profile, Sent::isBase64($profile) ? bin2hex($digest) : base64_encode($digest));
        $fix = $sent->diagnose()->findings[0]->fix;
        $this->assertSame(1, preg_match('/verify with (new Verifier\(.*\))\.\z/', $fix, $code), $fix);
        $key = Key::fromBytes(Sent::KEY);
        $verifier = eval('use HwSignature\{Encoding, Profile, Verifier}; return ' . $code[1] . ';');
        $this->assertTrue($verifier->isValid($sent->headers, $sent->payload, 'POST', Sent::TARGET, Sent::NOW));
    }

    public function testTheReceiverCanPutThePrefixBack(): void
    {
        $sent = Sent::to('nextcloud', Sent::sign('nextcloud', Sent::text('nextcloud', path: '/api/v1/a')), target: '/v1/a');
        $fix = $sent->diagnose()->findings[0]->fix;
        $this->assertSame(1, preg_match("/'\/api' \. \\\$_SERVER\['REQUEST_URI'\]/", $fix, $code), $fix);
        $_SERVER['REQUEST_URI'] = '/v1/a';
        $target = eval("return $code[0];");
        unset($_SERVER['REQUEST_URI']);
        $this->assertTrue(hw_verify($sent->headers, $sent->payload, $sent->key, 'nextcloud', 'POST', $target, null, Sent::NOW));
    }

    /** What the message says of a header that is not as it should be. @dataProvider others */
    #[DataProvider('others')]
    public function testAHeaderIsCalledWhatItIs(string $profile, array $headers, Cause $cause, string $message, string $fix): void
    {
        $signature = hash_hmac('sha256', 'a', 'the secret');
        $headers = array_map(static fn (string $value): string => strtr($value, ['{signature}' => $signature]), $headers);
        $diagnosis = hw_diagnose($headers, 'a', 'the secret', $profile, 'POST', '/', now: Sent::NOW);
        $this->assertSame([$cause], array_column($diagnosis->findings, 'cause'), (string) $diagnosis);
        $this->assertStringContainsString($message, $diagnosis->findings[0]->message);
        $this->assertStringContainsString($fix, $diagnosis->findings[0]->fix);
        $this->assertLessThanOrEqual(300, mb_strlen($diagnosis->findings[0]->fix));
        $this->assertStringNotContainsString($signature, (string) $diagnosis);
    }

    public static function others(): array
    {
        $missing = Cause::HeaderMissing;
        $malformed = Cause::HeaderMalformed;
        return [
            'another name, and it is valid' => ['github', ['X-Gitea-Signature' => '{signature}'], $missing, 'X-Hub-Signature-256; but there is "X-Gitea-Signature", with which the request is valid', 'sha256={signature}'],
            'another name in $_SERVER' => ['github', ['HTTP_X_WEBHOOK' => 'sha256={signature}'], $missing, '"HTTP_X_WEBHOOK", with which the request is valid', 'a Profile that has it'],
            'another name, and it is not' => ['github', ['X-Gitea-Signature' => str_repeat('ab', 32)], $missing, '"X-Gitea-Signature", which looks like a signature', 'X-Hub-Signature-256'],
            'a hash that is no signature' => ['github', ['X-Request-Id' => str_repeat('ab', 32)], $missing, 'passed: X-Hub-Signature-256.', 'getallheaders()'],
            'no prefix' => ['github', ['X-Hub-Signature-256' => '{signature}'], $malformed, 'The signature matches; only the form is wrong.', 'sha256={signature}'],
            'no prefix, named' => ['github', ['X-Hub-Signature-256' => '{signature}'], $malformed, 'it does not begin with "sha256="', 'On the sender'],
            'a piece of the header' => ['stripe', ['Stripe-Signature' => '{signature}'], $malformed, 'it is a signature, and nothing else', 'On the receiver, pass the whole value'],
            'Authorization' => ['huawei-apig', ['X-Sdk-Date' => '20270115T080000Z', 'Host' => 'a'], $missing, 'Authorization', 'CGIPassAuth On'],
        ];
    }

    public static function forms(): array
    {
        $huawei = 'X-HW-SIGNATURE: timestamp={timestamp}; nonce={nonce}; value={signature}';
        $sent = static fn (string $profile, string $signature = 'x', ?string $timestamp = null): Sent
            => Sent::to($profile, $signature, timestamp: $timestamp);
        return [
            'no list' => [$sent('huawei-push')->withHeaders(['X-HW-SIGNATURE' => 'abc']), $huawei],
            'commas' => [$sent('huawei-push')->withHeaders(['X-HW-SIGNATURE' => 'timestamp=1, nonce=:, value=x']), $huawei],
            'milliseconds' => [$sent('huawei-push', timestamp: 'now'), '(string) (int) (microtime(true) * 1000)'],
            'seconds' => [$sent('django', timestamp: 'now'), 'digits only, such as (string) time()'],
            'nonce' => [$sent('nextcloud')->withHeaders([...$sent('nextcloud')->headers, 'X-NC-NONCE' => 'short']), '[A-Za-z0-9._-]{8,128}'],
            'base64' => [$sent('nextcloud'), 'base64_encode() of the raw digest, 44 characters'],
            'hex' => [$sent('django'), 'hash_hmac() returns it, 64 hexadecimal digits'],
            'an array in an array' => [$sent('django')->withHeaders([...$sent('django')->headers, 'X-HMAC-Signature' => [[]]]), 'Pass X-HMAC-Signature as a string'],
        ];
    }

    /**
     * @dataProvider forms
     */
    #[DataProvider('forms')]
    public function testAMalformedHeaderIsShownAsItShouldBe(Sent $sent, string $form): void
    {
        $findings = $sent->diagnose()->findings;
        $this->assertSame(Cause::HeaderMalformed, $findings[0]->cause);
        $this->assertStringContainsString($form, $findings[0]->fix);
        $this->assertLessThanOrEqual(300, strlen($findings[0]->fix));
    }

    public function testAQueryThatWasLeftOutIsToBeSigned(): void
    {
        $diagnosis = Sent::to('nextcloud', Sent::sign('nextcloud', Sent::text('nextcloud', path: '/a')), target: '/a?b=c')->diagnose();
        $this->assertStringStartsWith('On the sender, sign the query too', $diagnosis->findings[0]->fix);
    }

    public function testARequestUnderAnotherProfileThatDoesNotVerifyThereIsToBeDiagnosedAgain(): void
    {
        $fix = static fn (string $text): string => Sent::to('nextcloud', Sent::sign('nextcloud', $text))
            ->takenFor('huawei-push')->diagnose()->findings[0]->fix;
        $this->assertSame(
            "On the receiver, pass the profile that this endpoint is for: 'nextcloud' as \$profile (--profile nextcloud), if that is "
            . 'who is to call it. Otherwise let the sender sign as "huawei-push".',
            $fix(Sent::text('nextcloud')),
        );
        $this->assertStringContainsString('diagnose again', $fix('another text'));
    }

    public function testHeadersOfBothProfilesAreNoSignOfAnother(): void
    {
        $own = Sent::to('nextcloud', 'x')->headers;
        unset($own['X-NC-SIGNATURE']);
        $sent = Sent::to('huawei-push', 'x');
        $diagnosis = $sent->withHeaders([...$sent->headers, ...$own])->takenFor('nextcloud')->diagnose();
        $this->assertSame([Cause::HeaderMissing], array_column($diagnosis->findings, 'cause'));
    }

    public function testWhatToCheckStandsInTheOrderOfUse(): void
    {
        $text = static fn (Sent $sent): string => preg_replace('/\s+/', ' ', (string) $sent->diagnose());
        $none = base64_encode(str_repeat('x', 32));
        $receipt = $text(Sent::to('huawei-receipt', $none));
        $this->assertStringContainsString('character by character', $receipt);
        $this->assertStringContainsString('is the callback user name, and not the body.', $receipt);
        $this->assertStringNotContainsString('No payload', $receipt);
        $bot = $text(Sent::to('nextcloud-talk-bot', bin2hex(str_repeat('x', 32))));
        $this->assertStringContainsString('is the text of the message', $bot);
        $empty = $text(Sent::to('huawei-push', $none, ''));
        $this->assertMatchesRegularExpression('/No payload was passed\..*read the stream before\. Nothing that/', $empty);
        $this->assertStringNotContainsString('REQUEST_METHOD', $empty);
        $get = $text(Sent::to('nextcloud', $none, '', method: 'GET', target: '/a?b'));
        $this->assertStringNotContainsString('No payload', $get);
        $this->assertStringContainsString('It was computed for the method GET and the target /a?b;', $get);
    }

    public function testWithoutAFieldThatIsSignedThereIsNoStringToSign(): void
    {
        $complete = Sent::to('nextcloud', 'x');
        $this->assertNotNull($complete->diagnose()->stringToSign);
        foreach (['X-NC-TIMESTAMP' => 'now', 'X-NC-NONCE' => 'short'] as $name => $malformed) {
            $without = array_diff_key($complete->headers, [$name => 0]);
            foreach ([$without, [...$without, $name => $malformed]] as $headers) {
                $diagnosis = $complete->withHeaders($headers)->diagnose();
                $this->assertNull($diagnosis->stringToSign);
                $this->assertNull($diagnosis->stringToSignLength);
                $this->assertNull($diagnosis->stringToSignSha256);
                $this->assertStringNotContainsString('string to sign', (string) $diagnosis);
            }
        }
        // The key id is sent and not signed.
        $headers = array_diff_key($complete->headers, ['X-NC-CLIENT-ID' => 0]);
        $this->assertNotNull($complete->withHeaders($headers)->diagnose()->stringToSign);
    }

    public function testOneByteIsOne(): void
    {
        $report = (string) Sent::to('django', 'x', 'a', 'k')->diagnose();
        $this->assertStringContainsString("payload         1 byte\n", $report);
        $this->assertStringContainsString('key             1 byte, fingerprint', $report);
    }
}
