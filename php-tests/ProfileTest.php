<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Tests\Support\Sample;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

final class ProfileTest extends TestCase
{
    private const HUAWEI = 'timestamp={timestamp}; nonce={nonce}; value={signature}';
    private const TALK_NONCE = '[A-Za-z0-9+/]{64}';
    private const SPREED_NONCE = '[A-Za-z0-9+/=_-]{32,128}';

    /** The contracts as the public documents have them: string to sign, headers, encoding, and what differs from nothing. */
    private const TABLE = [
        'huawei-push' => [
            '{timestamp}{nonce}{payload}',
            ['X-HW-SIGNATURE' => self::HUAWEI, 'X-HW-TIMESTAMP' => '{timestamp}'],
            Encoding::Base64,
            ['timestampFormat' => TimestampFormat::Milliseconds, 'tolerance' => 300, 'nonce' => ':'],
        ],
        'huawei-receipt' => [
            '{timestamp}{nonce}{payload}',
            ['X-HUAWEI-CALLBACK-ID' => self::HUAWEI],
            Encoding::Base64,
            ['timestampFormat' => TimestampFormat::Milliseconds, 'tolerance' => 300, 'nonce' => 'uuid'],
        ],
        'nextcloud' => [
            "{method}\n{path}\n{query}\n{timestamp}\n{nonce}\n{payload_sha256}",
            [
                'X-NC-CLIENT-ID' => '{key_id}',
                'X-NC-TIMESTAMP' => '{timestamp}',
                'X-NC-NONCE' => '{nonce}',
                'X-NC-SIGNATURE' => '{signature}',
            ],
            Encoding::Base64,
            [
                'timestampFormat' => TimestampFormat::Seconds,
                'tolerance' => 300,
                'nonce' => '[A-Za-z0-9._-]{8,128}',
                'methodsWithoutPayload' => ['GET', 'HEAD'],
            ],
        ],
        'nextcloud-talk' => [
            '{nonce}{payload}',
            ['X-Nextcloud-Talk-Random' => '{nonce}', 'X-Nextcloud-Talk-Signature' => '{signature}'],
            Encoding::Hex,
            ['nonce' => self::TALK_NONCE],
        ],
        'nextcloud-talk-bot' => [
            '{nonce}{payload}',
            [
                'X-Nextcloud-Talk-Bot-Random' => '{nonce}',
                'X-Nextcloud-Talk-Bot-Signature' => '{signature}',
                'OCS-APIRequest' => 'true',
            ],
            Encoding::Hex,
            ['nonce' => self::TALK_NONCE],
        ],
        'nextcloud-signaling' => [
            '{nonce}{payload}',
            ['Spreed-Signaling-Random' => '{nonce}', 'Spreed-Signaling-Checksum' => '{signature}'],
            Encoding::Hex,
            ['nonce' => self::SPREED_NONCE, 'ambiguous' => true],
        ],
        'nextcloud-recording' => [
            '{nonce}{payload}',
            ['Talk-Recording-Random' => '{nonce}', 'Talk-Recording-Checksum' => '{signature}'],
            Encoding::Hex,
            ['nonce' => self::SPREED_NONCE, 'ambiguous' => true],
        ],
        'django' => [
            '{timestamp}.{payload}',
            ['X-HMAC-Timestamp' => '{timestamp}', 'X-HMAC-Signature' => '{signature}'],
            Encoding::Hex,
            ['timestampFormat' => TimestampFormat::Seconds, 'tolerance' => 60],
        ],
    ];
    private const NOTHING = [
        'timestampFormat' => null, 'tolerance' => null, 'nonce' => null, 'methodsWithoutPayload' => [], 'ambiguous' => false,
        'canonicalRequest' => null, 'signedHeaders' => [], 'timestampDigits' => null,
    ];

    public function testTheNamesInTheOrderOfTheTable(): void
    {
        self::assertSame(array_keys(require __DIR__ . '/../library/Fallback/profiles.php'), Profile::names());
        self::assertSame(Sample::PROFILES, array_keys(self::TABLE));
        self::assertSame(Sample::PROFILES, array_values(array_intersect(Profile::names(), Sample::PROFILES)));
    }

    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testEveryRowIsThatOfThePublicDocuments(string $name): void
    {
        [$stringToSign, $headers, $encoding, $rest] = self::TABLE[$name];
        $expected = ['name' => $name, 'stringToSign' => $stringToSign, 'headers' => $headers, 'encoding' => $encoding];
        self::assertSame($expected + array_replace(self::NOTHING, $rest), Profile::named($name)->describe());
    }

    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testADescribedProfileCanBeBuiltAgain(string $name): void
    {
        $row = Profile::named($name)->describe();
        $built = new Profile(...$row);
        self::assertSame($row, $built->describe());

        $sample = Sample::of($name);
        $signed = (new Signer($built, $sample->keyObject()))
            ->sign($sample->payload, $sample->method, $sample->target, $sample->nonce, $sample->timestamp);
        self::assertSame($sample->sign(), $signed);
        $verifier = new Verifier($built, [$sample->keyObject()]);
        self::assertTrue($verifier->isValid($signed, $sample->payload, $sample->method, $sample->target, Sample::NOW));
    }

    public function testTheDescriptionHasTheParametersOfTheConstructor(): void
    {
        $parameters = (new \ReflectionMethod(Profile::class, '__construct'))->getParameters();
        $names = array_map(static fn (\ReflectionParameter $parameter): string => $parameter->getName(), $parameters);
        self::assertSame($names, array_keys(Profile::named('django')->describe()));
    }

    /**
     * @dataProvider profiles
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('profiles')]
    public function testAnotherEncodingIsAnotherProfile(string $name): void
    {
        $sample = Sample::of($name);
        $profile = Profile::named($name);
        $row = $profile->describe();
        $other = $row['encoding'] === Encoding::Hex ? Encoding::Base64 : Encoding::Hex;

        $changed = $profile->withEncoding($other);
        self::assertEquals(['encoding' => $other] + $row, $changed->describe());
        self::assertSame($row, $profile->describe());
        self::assertSame($row, Profile::named($name)->describe());
        self::assertSame($row, $changed->withEncoding($row['encoding'])->describe());

        $request = [$sample->payload, $sample->method, $sample->target, $sample->nonce, $sample->timestamp];
        $headers = (new Signer($changed, $sample->keyObject()))->sign(...$request);
        $expected = $sample->withDigest($sample->sign(), static fn (string $text): string => $other === Encoding::Hex
            ? bin2hex(base64_decode($text, true))
            : base64_encode(hex2bin($text)));
        self::assertSame($expected, $headers);
        self::assertFalse($sample->verify($headers));
    }

    public function testAnUnknownNameIsRefused(): void
    {
        foreach (['', 'Django', 'django ', "django\0", "\xff"] as $name) {
            try {
                Profile::named($name);
                self::fail($name);
            } catch (\ValueError $error) {
                $names = implode(', ', array_map(static fn (string $name): string => "\"$name\"", Profile::names()));
                self::assertSame("HwSignature\\Profile::named(): Argument #1 (\$name) must be one of $names", $error->getMessage());
            }
        }
    }

    public function testTheRowOfAnAmbiguousProfileSaysSo(): void
    {
        foreach (Profile::names() as $name) {
            $row = Profile::named($name)->describe();
            if ($row['ambiguous']) {
                try {
                    new Profile(...['ambiguous' => false] + $row);
                    self::fail($name);
                } catch (\ValueError $error) {
                    $first = str_starts_with($row['stringToSign'], '{url}') ? '{url}' : '{nonce}';
                    self::assertStringContainsString("is ambiguous: $first and {payload} can trade bytes", $error->getMessage());
                }
            }
        }
        // Why it matters: the same digest stands for another nonce and payload.
        $key = Key::fromBytes(Sample::KEY);
        $nonce = str_repeat('n', 64);
        $signer = new Signer(Profile::named('nextcloud-signaling'), $key);
        $digest = $signer->sign('payload', nonce: $nonce)['Spreed-Signaling-Checksum'];
        self::assertSame($digest, $signer->sign('load', nonce: "{$nonce}pay")['Spreed-Signaling-Checksum']);
    }

    /** @return array<string, array{string}> */
    public static function profiles(): array
    {
        return Sample::profiles();
    }
}
