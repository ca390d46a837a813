<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\SignatureRejectedException;
use HwSignature\Signer;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

/** The forms that a header can have, as contracts that sign and verify. */
final class HeaderFormsTest extends TestCase
{
    private const NOW = 1800000000;

    private static function profile(string $header): Profile
    {
        $timestamp = str_contains($header, '{timestamp}');
        return new Profile(
            'custom',
            $timestamp ? '{timestamp}.{payload}' : '{payload}',
            ['Authorization' => $header],
            Encoding::Base64,
            $timestamp ? TimestampFormat::Seconds : null,
        );
    }

    /**
     * @dataProvider forms
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('forms')]
    public function testWhatIsSignedVerifies(string $template, string $expected): void
    {
        [$profile, $key] = [self::profile($template), Key::fromBytes('secret', 'app:1')];
        $timestamp = str_contains($template, '{timestamp}') ? self::NOW : null;
        $text = ($timestamp === null ? '' : self::NOW . '.') . 'x';
        $signature = base64_encode(hash_hmac('sha256', $text, 'secret', true));
        $headers = (new Signer($profile, $key))->sign('x', timestamp: $timestamp);
        self::assertSame(['Authorization' => strtr($expected, ['SIG' => $signature])], $headers);
        $verified = (new Verifier($profile, [$key]))->verify($headers, 'x', now: self::NOW);
        self::assertSame([$timestamp, 'app:1'], [$verified->timestamp, $verified->keyId]);

        // The other encodings change nothing but the signature.
        $hex = $profile->withEncoding(Encoding::Hex);
        $headers = (new Signer($hex, $key))->sign('x', timestamp: $timestamp);
        self::assertSame(['Authorization' => strtr($expected, ['SIG' => hash_hmac('sha256', $text, 'secret')])], $headers);
        self::assertTrue((new Verifier($hex, [$key]))->isValid($headers, 'x', now: self::NOW));
    }

    /** @return array<string, array{string, string}> */
    public static function forms(): array
    {
        $forms = [
            '{signature}' => 'SIG',
            'sha256={signature}' => 'sha256=SIG',
            '{key_id}:{signature}' => 'app:1:SIG',
            'HMAC-SHA256 {key_id}:{signature}' => 'HMAC-SHA256 app:1:SIG',
            '{timestamp},{signature}' => '1800000000,SIG',
            '{timestamp}:{signature}' => '1800000000:SIG',
            '"{key_id}" "{signature}"' => '"app:1" "SIG"',
            't={timestamp}, v1={signature}' => 't=1800000000, v1=SIG',
            'HMAC-SHA256 Credential={key_id}, SignedHeaders=host;date, Signature={signature}'
                => 'HMAC-SHA256 Credential=app:1, SignedHeaders=host;date, Signature=SIG',
            'keyId="{key_id}",algorithm="hmac-sha256",signature="{signature}"'
                => 'keyId="app:1",algorithm="hmac-sha256",signature="SIG"',
            't={timestamp},v1={signature},...' => 't=1800000000,v1=SIG',
            '{timestamp} v1,{signature} ...' => '1800000000 v1,SIG',
        ];
        return array_combine(
            array_keys($forms),
            array_map(static fn (string $template, string $expected): array => [$template, $expected], array_keys($forms), $forms),
        );
    }

    /**
     * @dataProvider readings
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('readings')]
    public function testWhatElseIsReadAndWhatIsNot(string $template, string $header, ?Reason $reason, ?string $message = null): void
    {
        $text = (str_contains($template, '{timestamp}') ? self::NOW . '.' : '') . 'x';
        $signature = base64_encode(hash_hmac('sha256', $text, 'secret', true));
        $verifier = new Verifier(self::profile($template), [Key::fromBytes('secret', 'app')]);
        try {
            $verifier->verify(['Authorization' => strtr($header, ['SIG' => $signature])], 'x', now: self::NOW);
            self::assertNull($reason);
        } catch (SignatureRejectedException $rejected) {
            self::assertSame($reason, $rejected->getReason(), $rejected->getMessage());
            self::assertStringEndsWith($message, $rejected->getMessage());
        }
    }

    /** @return iterable<string, array{0: string, 1: string, 2: ?Reason, 3?: string}> */
    public static function readings(): iterable
    {
        $list = 'HMAC Credential={key_id}, SignedHeaders=host;date, Signature={signature}';
        $malformed = Reason::MalformedHeader;
        yield 'another order' => [$list, 'HMAC Signature=SIG,Credential=app,SignedHeaders=host;date', null];
        yield 'letter case of names and scheme' => [$list, 'hmac signature=SIG , CREDENTIAL=app', null];
        yield 'a name of their own' => [$list, 'HMAC v=2, Credential=app, Signature=SIG', null];
        yield 'that name twice' => [$list, 'HMAC v=2, Credential=app, v=2, Signature=SIG', $malformed, 'a parameter stands twice (byte 26)'];
        yield 'another constant' => [
            $list,
            'HMAC Credential=app, SignedHeaders=host, Signature=SIG',
            $malformed,
            'the profile has another value here (byte 35)',
        ];
        $framed = 'the value is not framed as the profile frames it';
        yield 'another scheme' => [$list, 'Bearer Credential=app, Signature=SIG', $malformed, "$framed (byte 0)"];
        yield 'no scheme' => [$list, 'Credential=app, Signature=SIG', $malformed, "$framed (byte 0)"];
        yield 'nothing' => [$list, '', $malformed, "$framed (byte 0)"];
        yield 'no signature' => [$list, 'HMAC Credential=app', $malformed, '"Signature" is missing (byte 19)'];
        yield 'no quotation marks' => ['a="{key_id}",b="{signature}"', 'a=app,b="SIG"', $malformed, "$framed (byte 2)"];
        yield 'an escape' => ['a="{key_id}",b="{signature}"', 'a="a\"p",b="SIG"', $malformed, 'byte 0x5C is not allowed (byte 4)'];
        yield 'two points' => ['{key_id}:{signature}', 'app::SIG', Reason::UnknownKey, 'no key has the id that the request names'];
        yield 'no point' => ['{key_id}:{signature}', 'appSIG', $malformed, "$framed (byte 0)"];
        yield 'nothing between' => [
            '{timestamp},{signature}',
            ',SIG',
            Reason::MalformedTimestamp,
            'the timestamp must be 1 to 19 digits, and at most 9223372036854775807 (byte 0)',
        ];
        yield 'too much' => [
            '{timestamp},{signature}',
            self::NOW . ',SIG,x',
            Reason::MalformedSignature,
            'the signature must be 44 characters long, 46 found (byte 11)',
        ];
    }

    /**
     * @dataProvider refusals
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('refusals')]
    public function testWhatCouldNotBeReadBackIsRefused(string $template, string $message): void
    {
        $this->expectException(\ValueError::class);
        $this->expectExceptionMessage('Argument #3 ($headers) has in "Authorization" ' . $message);
        self::profile($template);
    }

    /** @return array<string, array{string, string}> */
    public static function refusals(): array
    {
        $apart = 'which could not be told apart again; put a separator between them that cannot occur in one of them, or write '
            . 'them as "name={…}; name={…}"';
        $repeat = '"...", which repeats the part with {signature}: it stands behind a list whose parts have one field each, such as '
            . '"t={timestamp},v1={signature},..." and "v1,{signature} ..."';
        return [
            'side by side' => ['{timestamp}{signature}', "{timestamp} and {signature}, $apart"],
            'a separator that both have' => ['{key_id}/{signature}', "{key_id} and {signature}, $apart"],
            'a field twice' => ['t={timestamp}, u={timestamp}, s={signature}', '{timestamp} twice'],
            'a space at an end' => ['{signature} ', 'a space at an end, which HTTP takes off'],
            'no separator' => ['{signature}...', $repeat],
            'two spaces' => ['v1,{signature}  ...', $repeat],
            'another field in the part' => ['{timestamp}.{signature},...', $repeat],
            'another part behind it' => ['{signature},{timestamp},...', $repeat],
            'no signature' => ['t={timestamp},...', $repeat],
            'far apart' => [str_repeat('a', 64) . '={signature},...', 'more than 64 bytes between two signatures'],
        ];
    }

    public function testAFieldOfAHeaderIsNotSplitByTheGrammarOfTheNonce(): void
    {
        $make = static fn (string $nonce, string $header): Profile
            => new Profile('custom', "{nonce}\n{payload}", ['X-S' => $header], Encoding::Hex, nonce: $nonce);
        $make('[a-z]{8}', '{nonce}{signature}');
        $make('[a-z.]{1,8}', '{nonce}.{signature}');
        $make('[a-z"]{8}', 'n={nonce}, s={signature}');
        foreach ([['[a-z]{1,8}', '{nonce}{signature}'], ['[a-z"]{8}', 'n="{nonce}", s={signature}']] as [$nonce, $header]) {
            try {
                $make($nonce, $header);
                self::fail($header);
            } catch (\ValueError $error) {
                self::assertStringContainsString('#3 ($headers) has in "X-S" {nonce} ', $error->getMessage());
            }
        }
    }
}
