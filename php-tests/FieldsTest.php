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

/** The whole target, the whole URL, and other headers in a string to sign. */
final class FieldsTest extends TestCase
{
    private static function profile(string $stringToSign, mixed ...$rest): Profile
    {
        return new Profile('mine', $stringToSign, ['X-Signature' => '{signature}'], Encoding::Hex, ...$rest);
    }

    private static function digest(string $text): string
    {
        return hash_hmac('sha256', $text, 'secret');
    }

    private static function sign(Profile $profile, string $target, array $headers = []): string
    {
        return (new Signer($profile, Key::fromBytes('secret')))->sign('body', 'POST', $target, headers: $headers)['X-Signature'];
    }

    private static function reason(Profile $profile, string $signed, string $target, array $headers = []): ?Reason
    {
        try {
            (new Verifier($profile, [Key::fromBytes('secret')]))->verify($headers + ['X-Signature' => self::digest($signed)], 'body', 'POST', $target);
            return null;
        } catch (SignatureRejectedException $exception) {
            return $exception->getReason();
        }
    }

    public function testTheTargetIsSignedAsItIsSent(): void
    {
        $profile = self::profile("{method} {target}\n{payload}");
        foreach ([
            '/a%2fb/?x=+&y' => '/a%2fb/?x=+&y',
            '/a?' => '/a?',
            'https://host.example/a/?b=1' => '/a/?b=1',
            'https://host.example?b=1' => '/?b=1',
            'https://host.example' => '/',
        ] as $given => $sent) {
            self::assertSame(self::digest("POST $sent\nbody"), self::sign($profile, $given), $given);
            self::assertNull(self::reason($profile, "POST $sent\nbody", $sent));
        }
        self::assertSame(Reason::SignatureMismatch, self::reason($profile, "POST /a%2fb\nbody", '/a%2Fb'));
    }

    public function testTheWholeUrlIsSignedByteForByte(): void
    {
        $profile = self::profile("{url}\n{payload}");
        foreach (['https://Host.example:443/a?b=1', 'https://host.example', 'https://host.example?x'] as $url) {
            self::assertSame(self::digest("$url\nbody"), self::sign($profile, $url));
            self::assertNull(self::reason($profile, "$url\nbody", $url));
        }
        // Verifying, the address comes from a caller; signing, from the program.
        foreach (['/a', 'https://user@host.example/'] as $target) {
            self::assertSame(Reason::MalformedRequest, self::reason($profile, "$target\nbody", $target), $target);
        }
        foreach ([
            '/a' => 'must be an absolute URL such as "https://host/path?query", because the profile signs it',
            'https://user:pass@host.example/' => 'must not have a user name, because the profile signs the host',
        ] as $target => $message) {
            try {
                self::sign($profile, $target);
                self::fail($target);
            } catch (\ValueError $error) {
                self::assertSame("HwSignature\\Signer::sign(): Argument #3 (\$target) $message", $error->getMessage());
            }
        }
    }

    public function testTheUrlIsRequired(): void
    {
        $this->expectException(\ValueError::class);
        $this->expectExceptionMessage('($target) must be given, because the profile signs it');
        (new Signer(self::profile("{url}\n{payload}"), Key::fromBytes('secret')))->sign('body');
    }

    /** Square's contract: published with its SDK. Its fields trade bytes, and the row says so. */
    public function testAUrlDirectlyBeforeThePayload(): void
    {
        $profile = new Profile('square', '{url}{payload}', ['x-square-hmacsha256-signature' => '{signature}'], Encoding::Base64, ambiguous: true);
        $headers = ['x-square-hmacsha256-signature' => '2kRE5qRU2tR+tBGlDwMEw2avJ7QM4ikPYD/PJ3bd9Og='];
        $verifier = new Verifier($profile, [Key::fromBytes('asdf1234')]);
        self::assertTrue($verifier->isValid($headers, '{"hello":"world"}', 'POST', 'https://example.com/webhook'));
        self::assertTrue($verifier->isValid($headers, 'hook{"hello":"world"}', 'POST', 'https://example.com/web'));
        self::assertFalse($verifier->isValid($headers, '{"hello":"world"}', 'POST', 'https://evil.example/webhook'));
        $this->expectException(\ValueError::class);
        $this->expectExceptionMessage('is ambiguous: {url} and {payload} can trade bytes');
        self::profile('{url}{payload}');
    }

    public function testAnotherHeader(): void
    {
        $profile = self::profile("{header:Content-Type}\n{header:X-Tenant}\n{payload}");
        $headers = ['content-type' => " text/plain\t", 'X-Tenant' => ['a b'], 'X-Other' => 'not signed'];
        self::assertSame(self::digest("text/plain\na b\nbody"), self::sign($profile, '/', $headers));
        self::assertNull(self::reason($profile, "text/plain\na b\nbody", '/', $headers));
        $server = ['CONTENT_TYPE' => 'text/plain', 'HTTP_CONTENT_TYPE' => 'text/plain', 'HTTP_X_TENANT' => 'a b'];
        self::assertNull(self::reason($profile, "text/plain\na b\nbody", '/', $server));
        self::assertSame(Reason::MissingHeader, self::reason($profile, "text/plain\na b\nbody", '/', ['X-Tenant' => 'a b']));
        self::assertSame(Reason::RepeatedHeader, self::reason($profile, "text/plain\na b\nbody", '/', $headers + ['x-tenant' => 'a b']));
        self::assertSame(Reason::MalformedHeader, self::reason($profile, "text/plain\na b\nbody", '/', ['X-Tenant' => "a\nb"] + $headers));
        self::assertSame(Reason::SignatureMismatch, self::reason($profile, "text/plain\na b\nbody", '/', ['X-Tenant' => 'a c'] + $headers));
        try {
            self::sign($profile, '/', ['X-Tenant' => 'a']);
            self::fail();
        } catch (\ValueError $error) {
            self::assertSame(
                'HwSignature\Signer::sign(): Argument #6 ($headers) must have the header "content-type", because the profile signs it, and it is missing',
                $error->getMessage(),
            );
        }
    }

    public function testAProfileThatSignsNoOtherHeadersTakesNoNoticeOfThem(): void
    {
        $profile = self::profile('{payload}');
        self::assertSame(self::digest('body'), self::sign($profile, '/', ['X-Signature' => '1', 'A' => ['b', 'c']]));
    }

    /** @dataProvider refused */
    #[\PHPUnit\Framework\Attributes\DataProvider('refused')]
    public function testATemplateThatIsRefusedSaysWhatToDo(string $message, string $stringToSign, mixed ...$rest): void
    {
        $this->expectException(\ValueError::class);
        $this->expectExceptionMessage("HwSignature\\Profile::__construct(): Argument $message");
        self::profile($stringToSign, ...$rest);
    }

    /** @return iterable<string, array<mixed>> */
    public static function refused(): iterable
    {
        $weak = 'SHA-1 and MD5 are left out, because other payloads with the same hash can be made: sign {payload} or {payload_sha256}';
        foreach ([
            'body_sha1' => $weak,
            'payload_md5' => $weak,
            'PAYLOAD_SHA1' => $weak,
            'payload_sha512' => 'the only hash is SHA-256: sign {payload} or {payload_sha256}',
            'unsigned_payload' => 'a payload that is not signed is left out, because anybody could change it',
            'credential_scope' => 'keys that are derived for a day or a region are left out: write a function that makes the Profile and the Key of a day',
            'form_token' => 'fields of a form or of the query are left out: take the value out yourself, and pass it as a header',
            'body' => 'what is signed of the body is {payload} or {payload_sha256}',
            'payload_base64' => 'what is signed of the body is {payload} or {payload_sha256}',
            'timestamp_ms' => 'the time is {timestamp}, and the timestamp format says what it counts and how it is written',
            'timestmap' => 'the time is {timestamp}, and the timestamp format says what it counts',
            'message_timestamp' => 'the time is {timestamp}, and the timestamp format says what it counts',
            'nonces' => 'what makes a request unique is {nonce}, what names the key is {key_id}',
            'Nonce' => 'it is written {nonce}',
            'PAYLOAD' => 'it is written {payload}',
            'signature' => 'there are {method}, {path}, {query}, {target}, {url}, {header:Name}, {timestamp}',
            'request_uri' => 'the target is {path}, {query}, {target} or {url}, another header is {header:Name}',
            'webhook_id' => 'what makes a request unique is {nonce}, what names the key is {key_id}',
            'whatever' => 'there are {method}, {path}, {query}, {target}, {url}, {header:Name}, {timestamp}',
        ] as $name => $instead) {
            yield $name => ["#2 (\$stringToSign) has an unknown field \"{{$name}}\"; $instead", "{{$name}}.{payload}"];
        }
        yield 'twice' => ['#2 ($stringToSign) has {path} twice', "{path}\n{path}\n{payload}"];
        yield 'header twice' => ['#2 ($stringToSign) has {header:Name} twice', "{header:A}\n{header:a}\n{payload}"];
        yield 'no header name' => ['#2 ($stringToSign) has "{header:a_b}", which is no HTTP field name without _', '{header:a_b}.{payload}'];
        yield 'too long' => ['#2 ($stringToSign) has more than 1024 bytes', '{payload}' . str_repeat('.', 1016)];
        yield 'its own header' => ['#2 ($stringToSign) must not have {header:x-signature}', "{header:X-Signature}\n{payload}"];
        yield 'method not signed' => ['#8 ($methodsWithoutPayload) must be empty, because the string to sign has no {method}', '{payload}', null, null, null, ['GET']];
        yield 'no canonical request' => ['#10 ($canonicalRequest) must not be null, because', '{canonical_request_sha256}'];
        yield 'canonical request unused' => ['#10 ($canonicalRequest) must be null, because', '{payload}', null, null, null, [], false, '{payload_sha256}'];
        yield 'payload in none' => ['#10 ($canonicalRequest) must have {payload_sha256} once', '{canonical_request_sha256}', null, null, null, [], false, '{method}'];
        yield 'payload itself' => ['#10 ($canonicalRequest) has an unknown field "{payload}"; there are {method}', '{canonical_request_sha256}', null, null, null, [], false, '{payload}'];
        yield 'ambiguous canonical request' => [
            '#10 ($canonicalRequest) is ambiguous: {method} and {canonical_path} can trade bytes',
            '{canonical_request_sha256}', null, null, null, [], false, '{method}{canonical_path}.{payload_sha256}',
        ];
        yield 'no signed headers' => ['#11 ($signedHeaders) must not be empty', '{canonical_request_sha256}', null, null, null, [], false, '{canonical_headers}{payload_sha256}'];
        yield 'signed headers unused' => ['#11 ($signedHeaders) must be empty', '{payload}', null, null, null, [], false, null, ['host']];
        yield 'signed headers in upper case' => [
            '#11 ($signedHeaders) must be a list of header names in lower case',
            '{canonical_request_sha256}', null, null, null, [], false, '{canonical_headers}{payload_sha256}', ['Host'],
        ];
    }

    /** Without a list in a header, what is signed is what the row says. */
    public function testACanonicalRequestWithAFixedList(): void
    {
        $profile = self::profile('v1.{canonical_request_sha256}', canonicalRequest: "{method} {canonical_path}?{canonical_query}\n{canonical_headers}\n{payload_sha256}", signedHeaders: ['x-b', 'host']);
        self::assertSame($profile->describe(), (new Profile(...$profile->describe()))->describe());
        $hash = hash('sha256', 'body');
        $signed = 'v1.' . hash('sha256', "POST /a/?b=1&c=\nhost:h\nx-b:2\n\n$hash");
        $headers = ['X-B' => '2', 'X-C' => 'not signed'];
        self::assertSame(self::digest($signed), self::sign($profile, 'https://h/a?c&b=1', $headers));
        self::assertNull(self::reason($profile, $signed, '/a?c&b=1', $headers + ['Host' => 'h']));
        self::assertSame(Reason::MissingHeader, self::reason($profile, $signed, 'https://h/a?c&b=1', $headers));
    }
}
