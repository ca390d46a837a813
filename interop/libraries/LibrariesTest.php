<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\Interop\Cases;
use HwSignature\Interop\Peer;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

/** Other people's libraries as referees of the profiles: the same random payloads both ways, forged ones, two secrets at once. */
final class LibrariesTest extends TestCase
{
    private const PAYLOADS = 200;
    private const URL = 'https://receiver.example/hooks?b=2&a=1&email=ada@example.com&name=Ada%20L(1)';

    /** @var array<string, Peer> one process for each language */
    private static array $referees = [];

    public static function tearDownAfterClass(): void
    {
        self::$referees = [];
    }

    /** @return array<string, array{string, string, string, bool, bool}> peer, library, profile, whether it signs, whether it takes any bytes */
    public static function libraries(): array
    {
        return [
            'standardwebhooks' => ['standardwebhooks (PyPI)', 'standardwebhooks', 'standard-webhooks', true, false],
            'svix' => ['svix (PyPI)', 'svix', 'svix', true, false],
            'stripe, Python' => ['stripe (PyPI)', 'stripe', 'stripe', true, false],
            'stripe, Node' => ['stripe (npm)', 'stripe', 'stripe', true, false],
            'octokit' => ['@octokit/webhooks-methods (npm)', '@octokit/webhooks-methods', 'github', true, false],
            'slack_sdk' => ['slack_sdk (PyPI)', 'slack_sdk', 'slack', true, false],
            'shopify' => ['@shopify/shopify-api (npm)', '@shopify/shopify-api', 'shopify', false, false],
            'paddle, Python' => ['paddle-python-sdk (PyPI)', 'paddle-python-sdk', 'paddle', true, false],
            'paddle, Node' => ['@paddle/paddle-node-sdk (npm)', '@paddle/paddle-node-sdk', 'paddle', false, false],
            'line' => ['line-bot-sdk (PyPI)', 'line-bot-sdk', 'line', false, false],
            'square' => ['squareup (PyPI)', 'squareup', 'square', false, false],
            'razorpay' => ['razorpay (PyPI)', 'razorpay', 'razorpay', false, false],
            'hubspot' => ['hubspot-api-client (PyPI)', 'hubspot-api-client', 'hubspot', true, false],
            'itsdangerous' => ['itsdangerous (PyPI)', 'itsdangerous', 'bare', true, true],
        ];
    }

    /** @dataProvider libraries */
    #[\PHPUnit\Framework\Attributes\DataProvider('libraries')]
    public function testEachVerifiesWhatTheOtherSigns(string $peer, string $library, string $profile, bool $signs, bool $bytes): void
    {
        [$key, $other] = [self::key($profile, 1), self::key($profile, 2)];
        $signer = new Signer(self::profile($profile), Key::fromBytes($key));
        $verifier = new Verifier(self::profile($profile), [Key::fromBytes($key)]);
        $rotating = new Verifier(self::profile($profile), array_map(Key::fromBytes(...), [$other, $key]));

        mt_srand(20260101);
        for ($number = 1; $number <= self::PAYLOADS; $number++) {
            $payload = $bytes ? self::randomBytes() : self::randomText();
            $changed = substr_replace($payload, $payload[0] === 'x' ? 'y' : 'x', 0, strlen(mb_substr($payload, 0, 1)));
            $case = "payload $number, " . strlen($payload) . ' bytes';

            if ($signs) {
                $headers = self::sign($peer, $library, [$key], $payload);
                $correct = $verifier->isValid($headers, $payload, 'POST', self::URL)
                    && !$verifier->isValid($headers, $changed, 'POST', self::URL)
                    && !$verifier->isValid(self::sign($peer, $library, [$other], $payload), $payload, 'POST', self::URL);
                Cases::check($peer, 'library to PHP', $case, $correct && $rotating->verify($headers, $payload, 'POST', self::URL)->keyIndex === 1);
            }
            $headers = $signer->sign($payload, 'POST', self::URL);
            $correct = self::verifies($peer, $library, $key, $payload, $headers)
                && !self::verifies($peer, $library, $key, $changed, $headers)
                && !self::verifies($peer, $library, $other, $payload, $headers);
            Cases::check($peer, 'PHP to library', $case, $correct);
        }
    }

    /** @return array<string, array{string, string, string, bool, list<bool>}> …, whether it signs, which of two signatures it looks at */
    public static function rotations(): array
    {
        return [
            'standardwebhooks' => ['standardwebhooks (PyPI)', 'standardwebhooks', 'standard-webhooks', true, [true, true]],
            'svix' => ['svix (PyPI)', 'svix', 'svix', true, [true, true]],
            'stripe, Python' => ['stripe (PyPI)', 'stripe', 'stripe', true, [true, true]],
            'stripe, Node' => ['stripe (npm)', 'stripe', 'stripe', true, [true, true]],
            'paddle, Python' => ['paddle-python-sdk (PyPI)', 'paddle-python-sdk', 'paddle', true, [true, true]],
            // It keeps the last h1 that it reads.
            'paddle, Node' => ['@paddle/paddle-node-sdk (npm)', '@paddle/paddle-node-sdk', 'paddle', false, [false, true]],
        ];
    }

    /**
     * @dataProvider rotations
     * @param list<bool> $sees
     */
    #[\PHPUnit\Framework\Attributes\DataProvider('rotations')]
    public function testTwoSignaturesWhileASecretIsBeingChanged(string $peer, string $library, string $profile, bool $signs, array $sees): void
    {
        $keys = [self::key($profile, 1), self::key($profile, 2)];
        $stranger = self::key($profile, 3);
        $signer = new Signer(self::profile($profile), array_map(Key::fromBytes(...), $keys));
        $verifies = static fn (string $key, array $headers, string $payload): bool
            => (new Verifier(self::profile($profile), [Key::fromBytes($key)]))->isValid($headers, $payload);

        mt_srand(20260102);
        for ($number = 1; $number <= self::PAYLOADS; $number++) {
            $payload = self::randomText();
            $case = "payload $number, two secrets";
            if ($signs) {
                $headers = self::sign($peer, $library, $keys, $payload);
                $correct = $verifies($keys[0], $headers, $payload) && $verifies($keys[1], $headers, $payload)
                    && !$verifies($stranger, $headers, $payload) && !$verifies($keys[0], $headers, "$payload.");
                Cases::check($peer, 'library to PHP, rotated', $case, $correct);
            }
            $headers = $signer->sign($payload);
            $found = array_map(static fn (string $key): bool => self::verifies($peer, $library, $key, $payload, $headers), $keys);
            $correct = $found === $sees && !self::verifies($peer, $library, $stranger, $payload, $headers)
                && !self::verifies($peer, $library, $keys[1], "$payload.", $headers);
            Cases::check($peer, 'PHP to library, rotated', $case, $correct);
        }
    }

    /** What a library takes and we refuse, and the other way round: docs/contracts.md has it from that file. */
    public function testWhereALibraryAndWeDiffer(): void
    {
        $differences = [];
        foreach (self::libraries() as [$peer, $library, $profile, , $bytes]) {
            if ($bytes) {
                continue;
            }
            $row = ['peer' => $peer, 'profile' => $profile, 'laxer' => [], 'stricter' => []];
            $key = self::key($profile, 1);
            $verifier = new Verifier(self::profile($profile), [Key::fromBytes($key)]);
            foreach (self::spellings(self::profile($profile), $key) as $what => [$headers, $payload]) {
                $ours = $verifier->isValid($headers, $payload, 'POST', self::URL);
                try {
                    $theirs = self::verifies($peer, $library, $key, $payload, $headers);
                } catch (\RuntimeException) {
                    $theirs = false;
                }
                if ($theirs && !$ours) {
                    $row['laxer'][] = $what;
                } elseif ($ours && !$theirs) {
                    $row['stricter'][] = $what;
                }
            }
            $differences[] = $row;
        }
        self::assertSame(json_decode((string) file_get_contents(__DIR__ . '/differences.json'), true, flags: JSON_THROW_ON_ERROR), $differences);
    }

    /** @return iterable<string, array{array<string, string>, string}> headers and payload of a good request, spelled otherwise */
    private static function spellings(Profile $profile, string $key): iterable
    {
        $row = $profile->describe();
        $signer = new Signer($profile, Key::fromBytes($key));
        // A digest whose base64 has a + and a /, and an even last letter.
        for ($number = 0; ; $number++) {
            $payload = "payload $number";
            $headers = $signer->sign($payload, 'POST', self::URL);
            $name = array_key_last($headers);
            preg_match($row['encoding'] === Encoding::Hex ? '/[0-9a-f]{64}/' : '~[A-Za-z0-9+/]{43}=~', $headers[$name], $found);
            $digest = $found[0];
            if ($row['encoding'] === Encoding::Hex || (str_contains($digest, '+') && str_contains($digest, '/'))) {
                break;
            }
        }
        $with = static fn (string $text): array => [[$name => strtr($headers[$name], [$digest => $text])] + $headers, $payload];
        if ($row['encoding'] === Encoding::Hex) {
            yield 'hex in upper case' => $with(strtoupper($digest));
        } else {
            yield 'base64 without padding' => $with(rtrim($digest, '='));
            yield 'base64url' => $with(strtr($digest, '+/', '-_'));
            yield 'a line break in the base64' => $with(substr($digest, 0, 20) . "\n" . substr($digest, 20));
            $alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
            yield 'base64 with spare bits' => $with(substr($digest, 0, 42) . $alphabet[strpos($alphabet, $digest[42]) + 1] . '=');
            yield 'text behind the padding' => $with("$digest!");
        }
        yield 'a space behind the signature' => $with("$digest ");
        yield 'a line break behind the signature' => $with("$digest\n");
        if ($row['timestampFormat'] === null) {
            return;
        }
        $unit = $row['timestampFormat'] === TimestampFormat::Milliseconds ? 1000 : 1;
        $now = time();
        foreach (['a time a day ago' => -86_400, 'a time from tomorrow' => 86_400] as $what => $offset) {
            $old = $signer->sign($payload, 'POST', self::URL, timestamp: ($now + $offset) * $unit);
            yield $what => [$old, $payload];
        }
        if (str_ends_with($row['headers'][$name], '...')) {
            $keys = [Key::fromBytes($key), Key::fromBytes('another secret')];
            yield 'the right signature in front of another' => [(new Signer($profile, $keys))->sign($payload), $payload];
            yield 'the right signature behind another' => [(new Signer($profile, array_reverse($keys)))->sign($payload), $payload];
        }
        preg_match('/^(.*?)(t|ts)=(\d+)([,;])(.*)$/', $headers[$name], $parts);
        if ($parts !== []) {
            [, , $field, $timestamp, $separator, $rest] = $parts;
            yield 'a space behind the separator' => [[$name => "$field=$timestamp$separator $rest"], $payload];
            yield 'the other order' => [[$name => "$rest$separator$field=$timestamp"], $payload];
            yield 'a second timestamp behind' => [[$name => "{$headers[$name]}$separator$field=1"], $payload];
            yield 'a second timestamp in front' => [[$name => "$field=1$separator{$headers[$name]}"], $payload];
            yield 'an unknown field' => [[$name => "{$headers[$name]}{$separator}x=1"], $payload];
        }
    }

    private static function profile(string $name): Profile
    {
        return match ($name) {
            'bare' => new Profile('bare', '{payload}', ['X-Signature' => '{signature}'], Encoding::Base64),
            'hubspot' => new Profile(
                'hubspot',
                '{method}{url}{payload}{timestamp}',
                ['X-HubSpot-Request-Timestamp' => '{timestamp}', 'X-HubSpot-Signature-v3' => '{signature}'],
                Encoding::Base64,
                TimestampFormat::Milliseconds,
                300,
                ambiguous: true,
            ),
            default => Profile::named($name),
        };
    }

    private static function key(string $profile, int $number): string
    {
        return match ($profile) {
            'standard-webhooks', 'svix', 'bare' => hash('sha512', "key $number", true),
            'stripe' => "whsec_used_as_it_is_$number",
            default => "a shared secret, ünïcode, $number",
        };
    }

    /**
     * @param list<string> $keys
     * @return array<string, string>
     */
    private static function sign(string $peer, string $library, array $keys, string $payload): array
    {
        $keys = array_map(base64_encode(...), $keys);
        return self::call($peer, 'sign', ['library' => $library, 'keys' => $keys, 'payload' => base64_encode($payload)]);
    }

    /** @param array<string, string> $headers */
    private static function verifies(string $peer, string $library, string $key, string $payload, array $headers): bool
    {
        return self::call($peer, 'verify', [
            'library' => $library, 'key' => base64_encode($key), 'payload' => base64_encode($payload), 'headers' => $headers,
        ]);
    }

    private static function call(string $peer, string $operation, array $arguments): mixed
    {
        $node = str_contains($peer, '(npm)');
        $referee = self::$referees[$node ? 'node' : 'python'] ??= $node
            ? Peer::node(__DIR__ . '/referee.mjs')
            : Peer::python(__DIR__ . '/referee.py');
        return $referee->call($operation, $arguments + ['url' => self::URL]);
    }

    private static function randomBytes(): string
    {
        return implode('', array_map(static fn (): string => chr(mt_rand(0, 255)), range(1, mt_rand(1, 300))));
    }

    /** Any character of Unicode, NUL and other control characters included. */
    private static function randomText(): string
    {
        $largest = [0x7f, 0x7ff, 0xd7ff, 0x10ffff];
        $character = static function () use ($largest): string {
            $code = mt_rand(0, $largest[mt_rand(0, 3)]);
            return mb_chr($code >= 0xd800 && $code <= 0xdfff ? 0x20 : $code, 'UTF-8');
        };
        return implode('', array_map($character, range(1, mt_rand(1, 150))));
    }
}
