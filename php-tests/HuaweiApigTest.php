<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\SignatureRejectedException;
use HwSignature\Signer;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

/** Huawei Cloud's canonical requests. */
final class HuaweiApigTest extends TestCase
{
    private const NOW = 1573789015;
    private const KEY = 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc';
    private const PATH = '/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0';
    private const DATE = '20191115T033655Z';

    private static function key(): Key
    {
        return Key::fromBytes(self::KEY, 'QTWAOYTTINDUT2QVKYUC');
    }

    private static function signer(): Signer
    {
        return new Signer(Profile::named('huawei-apig'), self::key());
    }

    private static function verifier(mixed ...$more): Verifier
    {
        return new Verifier(Profile::named('huawei-apig'), [self::key()], ...$more);
    }

    /** The same by the document, for a request whose path and query are canonical already. */
    private static function authorization(string $method, string $target, array $headers, string $payload, string $hash = ''): string
    {
        [$path, $query] = explode('?', "$target?");
        ksort($headers);
        $lines = '';
        foreach ($headers as $name => $value) {
            $lines .= "$name:$value\n";
        }
        $list = implode(';', array_keys($headers));
        $hash = $hash === '' ? hash('sha256', $payload) : $hash;
        $canonical = implode("\n", [$method, rtrim($path, '/') . '/', $query, $lines, $list, $hash]);
        $signature = hash_hmac('sha256', "SDK-HMAC-SHA256\n" . self::DATE . "\n" . hash('sha256', $canonical), self::KEY);
        return "SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=$list, Signature=$signature";
    }

    /** @return array<string, string> a good request as it arrives, in the spelling of PSR-7 */
    private static function request(string $payload = '{"a":1}', array $more = ['content-type' => 'application/json']): array
    {
        $signed = ['host' => 'api.example', 'x-sdk-date' => self::DATE] + $more;
        $headers = ['Host' => 'api.example', 'X-Sdk-Date' => self::DATE];
        foreach ($more as $name => $value) {
            $headers[ucwords($name, '-')] = $value;
        }
        return $headers + ['Authorization' => self::authorization('POST', '/v1/x?a=1', $signed, $payload)];
    }

    private static function reason(array $headers, string $payload = '{"a":1}', string $target = '/v1/x?a=1', int $now = self::NOW): ?Reason
    {
        try {
            self::verifier()->verify($headers, $payload, 'POST', $target, $now);
            return null;
        } catch (SignatureRejectedException $exception) {
            return $exception->getReason();
        }
    }

    /** @dataProvider published */
    #[\PHPUnit\Framework\Attributes\DataProvider('published')]
    public function testTheExampleOfTheDocument(string $target, array $headers): void
    {
        $signed = self::signer()->sign('', 'GET', $target, timestamp: self::NOW, headers: $headers);
        self::assertSame([
            'X-Sdk-Date' => self::DATE,
            'Authorization' => 'SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, '
                . 'Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe',
        ], $signed);
        $arrived = $signed + ['Host' => 'service.region.example.com', 'Content-Type' => 'application/json'];
        $verified = self::verifier()->verify($arrived, '', 'GET', self::PATH, self::NOW);
        self::assertSame(['QTWAOYTTINDUT2QVKYUC', self::NOW], [$verified->keyId, $verified->timestamp]);
        self::assertSame($signed, hw_sign('', self::key(), 'huawei-apig', 'GET', $target, timestamp: self::NOW, headers: $headers));
        self::assertTrue(hw_verify($arrived, '', self::key(), 'huawei-apig', 'GET', self::PATH, now: self::NOW));
    }

    /** @return array<string, array{string, array<string, string|list<string>>}> */
    public static function published(): array
    {
        $type = ['Content-Type' => 'application/json'];
        return [
            'a URL' => ['https://service.region.example.com' . self::PATH, $type],
            'a URL in other letters, with the usual port' => ['HTTPS://Service.Region.Example.com:443' . self::PATH, $type],
            'a host beside a path' => [self::PATH, $type + ['Host' => 'service.region.example.com']],
            'lists, as PSR-7 has them' => [self::PATH, ['content-type' => [' application/json '], 'host' => ['service.region.example.com']]],
        ];
    }

    /** What the Go SDK's tests have, which sign the date alone: another row, and nothing else. */
    public function testTheTestsOfTheGoSdk(): void
    {
        $row = ['name' => 'apig-go', 'signedHeaders' => ['x-sdk-date']] + Profile::named('huawei-apig')->describe();
        $signer = new Signer(new Profile(...$row), Key::fromBytes('SecretKey', 'AccessKey'));
        foreach ([
            ['GET', '/path?limit=1', '', '5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624'],
            ['POST', '/path?key=value', "{\"Name\":\"test\",\"Id\":1}\n", 'cecc2af119b18ab70b4d094c0750f3b42c02f254903179a0fc2cc72fc9db4f59'],
        ] as [$method, $target, $payload, $signature]) {
            $headers = $signer->sign($payload, $method, $target, timestamp: strtotime('2006-01-02T15:04:05Z'));
            self::assertSame(['20060102T150405Z', "SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=x-sdk-date, Signature=$signature"], array_values($headers));
        }
    }

    public function testABodyInPieces(): void
    {
        $request = ['POST', 'https://api.example/v1/x?a=1'];
        $headers = ['Content-Type' => 'application/json'];
        $stream = self::signer()->stream(...$request, timestamp: self::NOW, headers: $headers);
        foreach (str_split('{"a":1}', 2) as $piece) {
            $stream->update($piece);
        }
        $signed = $stream->finish();
        self::assertSame(self::signer()->sign('{"a":1}', ...$request, timestamp: self::NOW, headers: $headers), $signed);
        self::assertSame(self::request()['Authorization'], $signed['Authorization']);
        foreach (['{"a":1}' => true, '{"a":2}' => false] as $body => $valid) {
            $stream = self::verifier()->stream(self::request(), 'POST', '/v1/x?a=1', self::NOW);
            array_map($stream->update(...), str_split($body, 3));
            try {
                $stream->finish();
                self::assertTrue($valid);
            } catch (SignatureRejectedException $exception) {
                self::assertSame([Reason::SignatureMismatch, false], [$exception->getReason(), $valid]);
            }
        }
    }

    /** @dataProvider shapes */
    #[\PHPUnit\Framework\Attributes\DataProvider('shapes')]
    public function testTheHeadersInEveryShape(array $headers): void
    {
        self::assertNull(self::reason($headers));
    }

    /** @return array<string, array{array<string, mixed>}> */
    public static function shapes(): array
    {
        $headers = self::request();
        $server = ['REQUEST_METHOD' => 'POST', 'CONTENT_LENGTH' => '7', 'SERVER_NAME' => 'other.example', 'argc' => 0];
        foreach ($headers as $name => $value) {
            $server['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
        }
        $bare = ['CONTENT_TYPE' => 'application/json'] + array_diff_key($server, ['HTTP_CONTENT_TYPE' => 1]);
        return [
            'getallheaders()' => [$headers],
            'lower case' => [array_change_key_case($headers)],
            'PSR-7' => [array_map(static fn (string $value): array => [$value], $headers)],
            'nginx and php-fpm, where both stand' => [['CONTENT_TYPE' => 'application/json'] + $server],
            'Apache, where the bare one stands' => [$bare],
            'a header more, which nobody signed' => [$headers + ['X-Forwarded-For' => '192.0.2.1', 'X-Sdk-Content-Sha256' => 'UNSIGNED-PAYLOAD']],
        ];
    }

    public function testContentTypeAndItsTwinAreOneHeader(): void
    {
        $server = [];
        foreach (self::request() as $name => $value) {
            $server['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
        }
        self::assertSame(Reason::RepeatedHeader, self::reason(['CONTENT_TYPE' => 'text/plain'] + $server));
        unset($server['HTTP_CONTENT_TYPE']);
        self::assertSame(Reason::MissingHeader, self::reason($server));
        // What php-fpm has where there is no such header.
        self::assertSame(Reason::MissingHeader, self::reason(['CONTENT_TYPE' => ''] + $server));
        self::assertSame(Reason::SignatureMismatch, self::reason(['CONTENT_TYPE' => 'text/plain'] + $server));
    }

    /** @dataProvider rejections */
    #[\PHPUnit\Framework\Attributes\DataProvider('rejections')]
    public function testWhatIsRejected(Reason $reason, array $headers): void
    {
        self::assertSame($reason, self::reason($headers));
    }

    /** @return iterable<string, array{Reason, array<string, mixed>}> */
    public static function rejections(): iterable
    {
        $good = self::request();
        $list = static fn (string $list): array => ['Authorization' => preg_replace('/SignedHeaders=[^,]+/', "SignedHeaders=$list", $good['Authorization'])] + $good;
        yield 'another host' => [Reason::SignatureMismatch, ['Host' => 'evil.example'] + $good];
        yield 'another type' => [Reason::SignatureMismatch, ['Content-Type' => 'text/plain'] + $good];
        yield 'another date' => [Reason::SignatureMismatch, ['X-Sdk-Date' => '20191115T033656Z'] + $good];
        yield 'no host' => [Reason::MissingHeader, array_diff_key($good, ['Host' => 1])];
        yield 'no type' => [Reason::MissingHeader, array_diff_key($good, ['Content-Type' => 1])];
        yield 'two hosts' => [Reason::RepeatedHeader, $good + ['HOST' => 'api.example']];
        yield 'a host of two values' => [Reason::RepeatedHeader, ['Host' => ['api.example', 'evil.example']] + $good];
        yield 'a host that is no text' => [Reason::MalformedHeader, ['Host' => 1] + $good];
        yield 'a host with a line break' => [Reason::MalformedHeader, ['Host' => "api.example\nx"] + $good];
        yield 'a list without the host' => [Reason::MalformedHeader, $list('content-type;x-sdk-date')];
        yield 'a list without the date' => [Reason::MalformedHeader, $list('content-type;host')];
        yield 'a list in upper case' => [Reason::MalformedHeader, $list('Content-Type;host;x-sdk-date')];
        yield 'a name twice' => [Reason::MalformedHeader, $list('host;host;x-sdk-date')];
        yield 'an underscore' => [Reason::MalformedHeader, $list('content_type;host;x-sdk-date')];
        yield 'the signature itself' => [Reason::MalformedHeader, $list('authorization;host;x-sdk-date')];
        yield 'an empty name' => [Reason::MalformedHeader, $list('host;;x-sdk-date')];
        yield 'a header that is not there' => [Reason::MissingHeader, $list('host;x-more;x-sdk-date')];
        yield 'the list in another order' => [Reason::SignatureMismatch, $list('host;content-type;x-sdk-date')];
        yield 'a header less' => [Reason::SignatureMismatch, $list('host;x-sdk-date')];
        yield 'V11' => [Reason::MalformedHeader, ['Authorization' => str_replace('SDK-', 'V11-', $good['Authorization'])] + $good];
        yield 'a date with dashes' => [Reason::MalformedTimestamp, ['X-Sdk-Date' => '2019-11-15T03:36:55Z'] + $good];
        yield 'another access key' => [Reason::UnknownKey, ['Authorization' => str_replace('Access=Q', 'Access=P', $good['Authorization'])] + $good];
    }

    /** The order of the list is the sender's. */
    public function testAListInAnyOrderThatWasSigned(): void
    {
        $lines = "x-sdk-date:" . self::DATE . "\nhost:api.example\n";
        $canonical = "POST\n/v1/x/\na=1\n$lines\nx-sdk-date;host\n" . hash('sha256', '{"a":1}');
        $signature = hash_hmac('sha256', "SDK-HMAC-SHA256\n" . self::DATE . "\n" . hash('sha256', $canonical), self::KEY);
        $authorization = "SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=x-sdk-date;host, Signature=$signature";
        self::assertNull(self::reason(['Authorization' => $authorization] + self::request()));
    }

    /** Believed, this header would let any body pass: the signature covers what it says, and nobody signs it. */
    public function testTheHashOfTheBodyIsComputedWhateverAHeaderSays(): void
    {
        $hash = hash('sha256', '{"a":1}');
        $more = ['X-Sdk-Content-Sha256' => $hash];
        self::assertNull(self::reason(self::request() + $more));
        self::assertSame(Reason::SignatureMismatch, self::reason(self::request() + $more, '{"a":2}'));
        // What Huawei's senders do for bodies that are no JSON.
        $signed = ['host' => 'api.example', 'x-sdk-date' => self::DATE, 'x-sdk-content-sha256' => 'UNSIGNED-PAYLOAD'];
        $unsigned = [
            'Authorization' => self::authorization('POST', '/v1/x?a=1', $signed, '', 'UNSIGNED-PAYLOAD'),
            'X-Sdk-Content-Sha256' => 'UNSIGNED-PAYLOAD',
        ] + self::request();
        self::assertSame(Reason::SignatureMismatch, self::reason($unsigned));
    }

    public function testTheWindowIsAQuarterOfAnHour(): void
    {
        self::assertNull(self::reason(self::request(), now: self::NOW + 900));
        self::assertNull(self::reason(self::request(), now: self::NOW - 900));
        self::assertSame(Reason::Stale, self::reason(self::request(), now: self::NOW + 901));
        self::assertSame(Reason::FromFuture, self::reason(self::request(), now: self::NOW - 901));
    }

    public function testPathAndQueryInOtherSpellingsAreTheSame(): void
    {
        $headers = self::signer()->sign('', 'POST', '/caf%C3%A9/a%2Fb?b=%20&a=~', timestamp: self::NOW, headers: ['Host' => 'h']) + ['Host' => 'h'];
        foreach (['/caf%c3%a9/a/b/?a=%7e&b=+', '/café/a%2fb?b= &a=~', '/caf%C3%A9/a%2Fb/?a=~&b=%20'] as $target) {
            $target = str_replace('= ', '=+', $target);
            self::assertTrue(self::verifier()->isValid($headers, '', 'POST', $target, self::NOW), $target);
        }
        foreach (['/caf%C3%A9/a%252Fb?b=%20&a=~', '/cafe/a/b?b=%20&a=~', '/caf%C3%A9/a/b?b=%20', '/caf%C3%A9/a/b?b=%2B&a=~'] as $target) {
            self::assertFalse(self::verifier()->isValid($headers, '', 'POST', $target, self::NOW), $target);
        }
    }

    public function testTheAccessKeyChoosesTheKeyAndAClaimStopsASecondUse(): void
    {
        $claimed = [];
        $claim = static function (string $id, int $seconds) use (&$claimed): bool {
            return !isset($claimed[$id]) && $claimed[$id] = true;
        };
        $keys = [Key::fromBytes('other', 'OTHER'), self::key()];
        $verifier = new Verifier(Profile::named('huawei-apig'), $keys, claim: $claim);
        $request = [self::request(), '{"a":1}', 'POST', '/v1/x?a=1', self::NOW];
        self::assertSame(1, $verifier->verify(...$request)->keyIndex);
        self::assertFalse($verifier->isValid(...$request));
    }

    /** @dataProvider unsignable */
    #[\PHPUnit\Framework\Attributes\DataProvider('unsignable')]
    public function testWhatCannotBeSigned(string $message, string $target, array $headers): void
    {
        $this->expectException(\ValueError::class);
        $this->expectExceptionMessage("HwSignature\\Signer::sign(): Argument $message");
        self::signer()->sign('', 'GET', $target, headers: $headers);
    }

    /** @return array<string, array{string, string, array<string, mixed>}> */
    public static function unsignable(): array
    {
        return [
            'no host' => ['#6 ($headers) must have the header "host", because the profile signs it, and it is missing', '/', []],
            'a user name' => ['#3 ($target) must not have a user name, because the profile signs the host', 'https://u:p@h/', []],
            'its own header' => ['#6 ($headers) must not have "X-SDK-DATE", which is written by signing', 'https://h/', ['X-SDK-DATE' => '1']],
            'the authorization' => ['#6 ($headers) must not have "authorization", which is written by signing', 'https://h/', ['authorization' => '1']],
            'a header twice' => ['#6 ($headers) must have at most 64 names', 'https://h/', ['A' => '1', 'a' => '2']],
            'two values' => ['#6 ($headers) must have at most 64 names', 'https://h/', ['A' => ['1', '2']]],
            'an underscore' => ['#6 ($headers) must have at most 64 names, each an HTTP field name without _ and once', 'https://h/', ['a_b' => '1']],
            'a space' => ['#6 ($headers) must have at most 64 names', 'https://h/', ['a b' => '1']],
            'a line break' => ['#6 ($headers) must have every header that is listed as signed, and one has a control character', 'https://h/', ['A' => "1\n2"]],
            'a number' => ['#6 ($headers) must have every header that is listed as signed, and one is not a string', 'https://h/', ['A' => 1]],
        ];
    }

    public function testHeadersHaveNames(): void
    {
        $this->expectException(\TypeError::class);
        $this->expectExceptionMessage('#6 ($headers) must be an array of strings, keyed by header name');
        self::signer()->sign('', 'GET', 'https://h/', headers: ['Content-Type: text/plain']);
    }

    /** Derived keys are no row, because the key depends on the date: this makes the profile and the key of one request. */
    public function testTheRecipeForDerivedKeys(): void
    {
        $derived = static function (string $access, #[\SensitiveParameter] string $secret, string $region, string $service, int $time): array {
            $scope = gmdate('Ymd', $time) . "/$region/$service";
            $profile = new Profile(...[
                'name' => 'huawei-v11',
                'stringToSign' => "V11-HMAC-SHA256\n{timestamp}\n$scope\n{canonical_request_sha256}",
                'headers' => [
                    'X-Sdk-Date' => '{timestamp}',
                    'Authorization' => "V11-HMAC-SHA256 Credential={key_id}/$scope, SignedHeaders={signed_headers}, Signature={signature}",
                ],
            ] + Profile::named('huawei-apig')->describe());
            return [$profile, Key::fromBytes(bin2hex(hash_hkdf('sha256', $secret, 32, $scope, $access)), $access)];
        };
        $time = strtotime('2006-01-02T15:04:05Z');
        [$profile, $key] = $derived('AccessKey', 'SecretKey', 'test-region-1', 'demo', $time);
        // huaweicloud-sdk-go-v3, derived_signer_test.go, whose tests sign no host.
        $bare = new Profile(...['signedHeaders' => ['x-sdk-date']] + $profile->describe());
        $signed = (new Signer($bare, $key))->sign('', 'GET', '/path?limit=1', timestamp: $time);
        self::assertSame(
            'V11-HMAC-SHA256 Credential=AccessKey/20060102/test-region-1/demo, SignedHeaders=x-sdk-date, '
                . 'Signature=8fd3610508884bb19718317797c7378716a94bc740d97502e569322e366341cc',
            $signed['Authorization'],
        );
        $signed = (new Signer($profile, $key))->sign('body', 'POST', 'https://h.example/a', timestamp: $time) + ['Host' => 'h.example'];
        self::assertTrue((new Verifier($profile, [$key]))->isValid($signed, 'body', 'POST', '/a', $time));
        [$next, $nextKey] = $derived('AccessKey', 'SecretKey', 'test-region-1', 'demo', $time + 86400);
        self::assertFalse((new Verifier($next, [$nextKey]))->isValid($signed, 'body', 'POST', '/a', $time));
    }

    public function testADiagnosisIsNotMistaken(): void
    {
        $diagnose = static fn (array $headers, string $payload): \HwSignature\Diagnosis
            => hw_diagnose($headers, $payload, self::key(), 'huawei-apig', 'POST', '/v1/x?a=1', now: self::NOW);
        self::assertSame(\HwSignature\Verdict::Valid, $diagnose(self::request(), '{"a":1}')->verdict);
        $other = $diagnose(self::request(), '{"b":1}');
        self::assertSame([\HwSignature\Verdict::Unexplained, []], [$other->verdict, $other->findings]);
        $missing = $diagnose(array_diff_key(self::request(), ['Host' => 1]), '{"a":1}');
        self::assertStringContainsString('"host"', (string) $missing);
    }

    /** The string to sign has only its hash, which nobody can compare with what a sender printed. */
    public function testADiagnosisShowsTheCanonicalRequest(): void
    {
        $more = ['content-type' => 'application/json', 'x-token' => 'what nobody shall read'];
        $diagnose = static fn (string $payload): \HwSignature\Diagnosis
            => hw_diagnose(self::request(more: $more), $payload, self::key(), 'huawei-apig', 'POST', '/v1/x?a=1', now: self::NOW);
        foreach (['{"a":1}', '{"b":"hidden"}'] as $payload) {
            $diagnosis = $diagnose($payload);
            $lines = ['POST', '/v1/x/', 'a=1', 'content-type:application/json', 'host:api.example', 'x-sdk-date:' . self::DATE];
            $hidden = '[22 bytes, SHA-256 ' . substr(hash('sha256', 'what nobody shall read'), 0, 8) . '...]';
            $shown = implode('\n', [...$lines, "x-token:$hidden", '', 'content-type;host;x-sdk-date;x-token', hash('sha256', $payload)]);
            self::assertSame($shown, $diagnosis->canonicalRequest);
            $hash = hash('sha256', str_replace([$hidden, '\n'], ['what nobody shall read', "\n"], $shown));
            self::assertSame("SDK-HMAC-SHA256\\n" . self::DATE . "\\n$hash", $diagnosis->stringToSign);
            self::assertStringContainsString("SHA-256 $hash", (string) $diagnosis);
            self::assertStringNotContainsString('nobody', (string) $diagnosis);
            self::assertStringNotContainsString('hidden', (string) $diagnosis);
        }
        self::assertNull(hw_diagnose(hw_sign('a', 'key', 'github'), 'a', 'key', 'github')->canonicalRequest);
    }
}
