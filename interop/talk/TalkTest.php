<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Interop\Cases;
use HwSignature\Interop\Http;
use HwSignature\Interop\Keys;
use HwSignature\Interop\Peer;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Verifier;
use PHPUnit\Framework\TestCase;

/** Nextcloud Talk: a bot in PHP, somebody else's bot, and the real signaling server. */
final class TalkTest extends TestCase
{
    private const TALK = 'Nextcloud Talk rules in Python';
    private const SIGNALING = 'nextcloud-spreed-signaling (Go)';

    private const MESSAGES = ['hello', 'https://host/a?b=c', 'Füße, 日本語, 🎉', "two\nlines\n", ' ', '{"message":"not this one"}'];

    public function testTheBotHearsTheServer(): void
    {
        $talk = Peer::python(__DIR__ . '/peers.py');
        foreach (self::MESSAGES as $message) {
            $hear = static fn (array $how = []): int => $talk->call('message_to_bot', ['message' => $message] + $how);
            Cases::check(self::TALK, 'server to PHP bot', $message, $hear() === 200);
            Cases::check(self::TALK, 'server to PHP bot', "$message, hex in upper case", $hear(['upper_case' => true]) === 200);
            Cases::check(self::TALK, 'server to PHP bot, refused', "$message, tampered", $hear(['tamper' => true]) === 401);
        }
    }

    public function testTheServerHearsTheBot(): void
    {
        $talk = Peer::python(__DIR__ . '/peers.py');
        $hear = static fn (array $headers, string $body): int => $talk->call('reply_from_bot', [
            'headers' => $headers, 'body' => base64_encode($body),
        ]);
        foreach (self::MESSAGES as $message) {
            $body = (string) json_encode(['message' => $message, 'replyTo' => 7]);
            $signed = static fn (string $payload): array => hw_sign($payload, Keys::bytes('nextcloud-talk-bot'), 'nextcloud-talk-bot');
            Cases::check(self::TALK, 'PHP bot to server', $message, $hear($signed($message), $body) === 200);
            // The mistake of many bug reports: the reply signs the text of the message, not the body.
            Cases::check(self::TALK, 'PHP bot to server, refused', "$message, body signed", $hear($signed($body), $body) === 401);
        }
    }

    /** @return array<string, array{string, string, string}> profile, what its headers begin with, what it is called */
    public static function backends(): array
    {
        return [
            'SIP' => ['nextcloud-sip', 'Talk-SIPBridge', 'SIP bridge'],
            'recording' => ['nextcloud-recording', 'Talk-Recording', 'recording server'],
        ];
    }

    /** @dataProvider backends */
    #[\PHPUnit\Framework\Attributes\DataProvider('backends')]
    public function testABackendAndTalk(string $profile, string $prefix, string $backend): void
    {
        $talk = Peer::python(__DIR__ . '/peers.py');
        $profile = Profile::named($profile);
        [$old, $new, $other] = ['the secret of last year, clé', 'the secret of this year', 'another secret'];
        $signer = new Signer($profile, Key::fromBytes($new));
        $verifier = new Verifier($profile, [Key::fromBytes($new)]);
        $rotating = new Verifier($profile, [Key::fromBytes($new), Key::fromBytes($old)]);
        mt_srand(20260103);
        for ($number = 1; $number <= 200; $number++) {
            // The token of a conversation, the number that was dialled, a body.
            $data = match ($number % 3) {
                0 => base_convert((string) mt_rand(36 ** 5, mt_getrandmax()), 10, 36),
                1 => '+49' . mt_rand(100_000, 999_999_999),
                2 => (string) json_encode(['type' => 'started', 'token' => dechex(mt_rand()), 'name' => 'Füße/']),
            };

            $headers = $talk->call('backend', ['prefix' => $prefix, 'secret' => $new, 'data' => $data]);
            Cases::check(self::TALK, "$backend to PHP", $data, $verifier->isValid($headers, $data)
                && !$verifier->isValid($headers, "{$data}1")
                && !(new Verifier($profile, [Key::fromBytes($other)]))->isValid($headers, $data));
            $headers = $talk->call('backend', ['prefix' => $prefix, 'secret' => $old, 'data' => $data]);
            Cases::check(self::TALK, "$backend to PHP, rotated", $data, !$verifier->isValid($headers, $data)
                && $rotating->verify($headers, $data)->keyIndex === 1
                && !$rotating->isValid($headers, "{$data}1"));

            $hear = static fn (string $secret, string $data, array $headers): int
                => $talk->call('talk_hears_backend', ['prefix' => $prefix, 'secret' => $secret, 'data' => $data, 'headers' => $headers]);
            $headers = $signer->sign($data);
            Cases::check(self::TALK, "PHP as $backend", $data, $hear($new, $data, $headers) === 200
                && $hear($new, "{$data}1", $headers) === 401
                && $hear($old, $data, $headers) === 401);
        }
    }

    public function testPhpHearsSomebodyElsesBot(): void
    {
        $talk = Peer::python(__DIR__ . '/peers.py');
        foreach (self::MESSAGES as $message) {
            Cases::check('nc-py-api', 'bot to PHP', $message, $talk->call('nc_py_api_bot', ['message' => $message]) === 201);
        }
    }

    public function testTheSignalingServerHearsPhp(): void
    {
        foreach (self::MESSAGES as $message) {
            $body = (string) json_encode(['type' => 'message', 'message' => ['data' => ['text' => $message]]]);
            $post = static function (array $headers, string $body): int {
                $headers += ['Content-Type' => 'application/json', 'Spreed-Signaling-Backend' => getenv('INTEROP_HTTP') . '/'];
                return Http::send('http://' . getenv('INTEROP_SIGNALING') . '/api/v1/room/room', 'POST', $headers, $body)[0];
            };
            $headers = hw_sign($body, Keys::bytes('nextcloud-signaling'), 'nextcloud-signaling');
            Cases::check(self::SIGNALING, 'PHP to server', $message, $post($headers, $body) === 200);
            Cases::check(self::SIGNALING, 'PHP to server, refused', "$message, tampered", $post($headers, "$body ") === 403);
            $headers = hw_sign($body, 'another secret', 'nextcloud-signaling');
            Cases::check(self::SIGNALING, 'PHP to server, refused', "$message, other key", $post($headers, $body) === 403);
        }
    }

    public function testPhpHearsTheSignalingServer(): void
    {
        $talk = Peer::python(__DIR__ . '/peers.py');
        foreach (range(1, 5) as $client) {
            $answer = $talk->call('join_signaling', []);
            $userid = $answer['hello']['userid'] ?? null;
            Cases::check(self::SIGNALING, 'server to PHP', "client $client", $userid === 'verified-by-php');
        }
    }
}
