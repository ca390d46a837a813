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

/** Other people's libraries as referees of custom profiles: the same random payloads both ways. */
final class LibrariesTest extends TestCase
{
    private const PAYLOADS = 200;

    /** @return array<string, array{string, string, Profile, string, bool}> peer, library, profile, key, whether it takes any bytes */
    public static function libraries(): array
    {
        $standard = static fn (string $prefix): Profile => new Profile(
            'standard-webhooks',
            '{nonce}.{timestamp}.{payload}',
            ["$prefix-id" => '{nonce}', "$prefix-timestamp" => '{timestamp}', "$prefix-signature" => 'v1,{signature}'],
            Encoding::Base64,
            TimestampFormat::Seconds,
            300,
            '[A-Za-z0-9_-]{8,64}',
        );
        $slack = new Profile(
            'slack',
            'v0:{timestamp}:{payload}',
            ['X-Slack-Request-Timestamp' => '{timestamp}', 'X-Slack-Signature' => 'v0={signature}'],
            Encoding::Hex,
            TimestampFormat::Seconds,
            300,
        );
        $stripe = new Profile(
            'stripe',
            '{timestamp}.{payload}',
            ['Stripe-Signature' => 't={timestamp},v1={signature}'],
            Encoding::Hex,
            TimestampFormat::Seconds,
            300,
        );
        $github = new Profile('github', '{payload}', ['X-Hub-Signature-256' => 'sha256={signature}'], Encoding::Hex);
        $bare = new Profile('bare', '{payload}', ['X-Signature' => '{signature}'], Encoding::Base64);
        $binary = implode('', array_map('chr', range(0, 63)));

        return [
            'standardwebhooks' => ['standardwebhooks (PyPI)', 'standardwebhooks', $standard('webhook'), $binary, false],
            'svix' => ['svix (PyPI)', 'svix', $standard('svix'), $binary, false],
            'slack_sdk' => ['slack_sdk (PyPI)', 'slack_sdk', $slack, 'a slack signing secret, ünïcode', false],
            'itsdangerous' => ['itsdangerous (PyPI)', 'itsdangerous', $bare, $binary, true],
            'octokit' => ['@octokit/webhooks-methods (npm)', 'octokit', $github, 'a GitHub secret, ünïcode', false],
            'stripe' => ['stripe (npm)', 'stripe', $stripe, 'whsec_used_as_it_is', false],
        ];
    }

    /** @dataProvider libraries */
    #[\PHPUnit\Framework\Attributes\DataProvider('libraries')]
    public function testEachVerifiesWhatTheOtherSigns(string $peer, string $library, Profile $profile, string $key, bool $bytes): void
    {
        $script = in_array($library, ['octokit', 'stripe'], true) ? 'referee.mjs' : 'referee.py';
        $referee = str_ends_with($script, '.mjs') ? Peer::node(__DIR__ . "/$script") : Peer::python(__DIR__ . "/$script");
        $call = static fn (string $operation, string $payload, array $more = []): mixed => $referee->call($operation, [
            'library' => $library, 'key' => base64_encode($key), 'payload' => base64_encode($payload),
        ] + $more);
        $signer = new Signer($profile, Key::fromBytes($key));
        $verifier = new Verifier($profile, [Key::fromBytes($key)]);

        mt_srand(20260101);
        for ($number = 1; $number <= self::PAYLOADS; $number++) {
            $payload = $bytes ? self::randomBytes() : self::randomText();
            $other = substr_replace($payload, $payload[0] === 'x' ? 'y' : 'x', 0, strlen(mb_substr($payload, 0, 1)));
            $case = "payload $number, " . strlen($payload) . ' bytes';

            $headers = $call('sign', $payload);
            $correct = $verifier->isValid($headers, $payload) && !$verifier->isValid($headers, $other);
            Cases::check($peer, 'library to PHP', $case, $correct);

            $headers = ['headers' => $signer->sign($payload)];
            Cases::check($peer, 'PHP to library', $case, $call('verify', $payload, $headers) && !$call('verify', $other, $headers));
        }
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
