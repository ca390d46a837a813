<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;

/** A request with everything that signing it takes. */
final class Sample
{
    public const NOW = 1_800_000_000;
    public const KEY = 'test-shared-secret';
    /** One of each kind of contract, and not every row: those that sign what their own headers carry, in one signature. */
    public const PROFILES = [
        'huawei-push', 'huawei-receipt', 'nextcloud', 'nextcloud-talk', 'nextcloud-talk-bot', 'nextcloud-signaling',
        'nextcloud-recording', 'django',
    ];
    /** The other rows, but for those that sign further headers of the request. */
    public const WEBHOOKS = [
        'nextcloud-sip', 'standard-webhooks', 'svix', 'stripe', 'github', 'slack', 'shopify', 'paddle', 'line', 'square', 'razorpay',
    ];
    /** How long a second is in each of PROFILES that has a timestamp. In all others it is 1. */
    public const UNITS = ['huawei-push' => 1000, 'huawei-receipt' => 1000, 'nextcloud' => 1, 'django' => 1];
    public const TOLERANCES = ['huawei-push' => 300, 'huawei-receipt' => 300, 'nextcloud' => 300, 'django' => 60];
    public const NONCES = [
        'huawei-push' => '/\A:\z/',
        'huawei-receipt' => '/\A[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\z/',
        'nextcloud' => '/\A[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\z/',
        'nextcloud-talk' => '~\A[A-Za-z0-9+/]{64}\z~',
        'nextcloud-talk-bot' => '~\A[A-Za-z0-9+/]{64}\z~',
        'nextcloud-signaling' => '~\A[A-Za-z0-9+/=_-]{32,128}\z~',
        'nextcloud-recording' => '~\A[A-Za-z0-9+/=_-]{32,128}\z~',
    ];
    private const SIGNATURE_HEADERS = [
        'huawei-push' => 'X-HW-SIGNATURE',
        'huawei-receipt' => 'X-HUAWEI-CALLBACK-ID',
        'nextcloud' => 'X-NC-SIGNATURE',
        'nextcloud-talk' => 'X-Nextcloud-Talk-Signature',
        'nextcloud-talk-bot' => 'X-Nextcloud-Talk-Bot-Signature',
        'nextcloud-signaling' => 'Spreed-Signaling-Checksum',
        'nextcloud-recording' => 'Talk-Recording-Checksum',
        'django' => 'X-HMAC-Signature',
        'nextcloud-sip' => 'Talk-SIPBridge-Checksum',
        'standard-webhooks' => 'webhook-signature',
        'svix' => 'svix-signature',
        'stripe' => 'Stripe-Signature',
        'github' => 'X-Hub-Signature-256',
        'slack' => 'X-Slack-Signature',
        'shopify' => 'X-Shopify-Hmac-Sha256',
        'paddle' => 'Paddle-Signature',
        'line' => 'x-line-signature',
        'square' => 'x-square-hmacsha256-signature',
        'razorpay' => 'X-Razorpay-Signature',
    ];

    private function __construct(
        public string $profile,
        public string $payload = '{"message":"Hello"}',
        public string $key = self::KEY,
        public string $method = 'POST',
        public string $target = '/api/v1/fields/?b=2&a=1',
        public ?string $keyId = null,
        public ?string $nonce = null,
        public ?int $timestamp = null,
    ) {
    }

    /** An ordinary request, signed at NOW. */
    public static function of(string $profile): self
    {
        $uuid = '550e8400-e29b-41d4-a716-446655440000';
        $row = Profile::named($profile)->describe();
        return new self(
            $profile,
            target: ($profile === 'square' ? 'https://host.example' : '') . '/api/v1/fields/?b=2&a=1',
            keyId: $profile === 'nextcloud' ? 'nextcloud-app' : null,
            nonce: match (true) {
                $row['nonce'] === null => null,
                $profile === 'huawei-push' => ':',
                in_array($profile, ['huawei-receipt', 'nextcloud'], true) => $uuid,
                default => str_repeat('Az09+/zA', 8),
            },
            timestamp: $row['timestampFormat'] === null ? null : self::NOW * (self::UNITS[$profile] ?? 1),
        );
    }

    /** A request whose every part is random, but signed within the tolerance around NOW. */
    public static function random(string $profile): self
    {
        $sample = self::of($profile);
        $sample->payload = self::bytes(mt_rand(0, 3) === 0 ? mt_rand(0, 3) : mt_rand(0, 400));
        $sample->key = self::bytes(mt_rand(1, 200));
        $sample->method = self::pick(['POST', 'PUT', 'PATCH', 'delete', 'Get', 'HEAD', "X-!#$%&'*+.^_`|~"]);
        $origins = ['https://host.example:8443', 'HTTP://h'];
        $sample->target = self::pick($profile === 'square' ? $origins : ['', '', ...$origins]) . self::randomPath() . self::randomQuery();
        if ($profile === 'nextcloud') {
            $sample->keyId = self::characters('!"#$%&\'()*+-./09:<=>?@AZ[\\]^_`az{|}~', mt_rand(1, 128));
            $sample->nonce = self::characters('AZaz09._-', mt_rand(8, 128));
            if (in_array(strtoupper($sample->method), ['GET', 'HEAD'], true)) {
                $sample->payload = '';
            }
        } elseif ($profile === 'huawei-receipt') {
            $hex = self::characters('0123456789abcdefABCDEF', 32);
            $sample->nonce = vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split($hex, 4));
        } elseif (str_contains($profile, 'talk')) {
            $sample->nonce = self::characters('AZaz09+/', 64);
        } elseif (in_array($profile, ['standard-webhooks', 'svix'], true)) {
            $sample->nonce = self::characters('AZaz09_:=+/@~-', mt_rand(1, 128));
        } elseif ($sample->nonce !== null && $profile !== 'huawei-push') {
            $sample->nonce = self::characters('AZaz09+/=_-', mt_rand(32, 128));
        }
        if ($sample->timestamp !== null) {
            $window = Profile::named($profile)->describe()['tolerance'] * (self::UNITS[$profile] ?? 1);
            $sample->timestamp += mt_rand(-$window, $window);
        }
        return $sample;
    }

    /** @return array<string, array{string}> for data providers */
    public static function profiles(): array
    {
        return array_combine(self::PROFILES, array_map(static fn (string $name): array => [$name], self::PROFILES));
    }

    /** @return array<string, array{string}> for data providers: PROFILES and WEBHOOKS */
    public static function rows(): array
    {
        return self::profiles() + array_combine(self::WEBHOOKS, array_map(static fn (string $name): array => [$name], self::WEBHOOKS));
    }

    /** @param array<string, mixed> $changes by property */
    public function with(array $changes): self
    {
        $copy = clone $this;
        foreach ($changes as $property => $value) {
            $copy->$property = $value;
        }
        return $copy;
    }

    /** @return array<string, string> what hw_sign() makes of it */
    public function sign(): array
    {
        return hw_sign(
            $this->payload,
            $this->key,
            $this->profile,
            $this->method,
            $this->target,
            $this->keyId,
            $this->nonce,
            $this->timestamp,
        );
    }

    /** @return array<string, string> what the independent implementation makes of it */
    public function signInUserland(): array
    {
        $timestamp = $this->timestamp === null ? null : (string) $this->timestamp;
        return Userland::sign(
            $this->profile,
            $this->payload,
            $this->key,
            $this->method,
            $this->target,
            $this->keyId,
            $this->nonce,
            $timestamp,
        );
    }

    /** @param array<mixed> $headers */
    public function verify(array $headers, ?int $tolerance = null, ?int $now = self::NOW): bool
    {
        return hw_verify($headers, $this->payload, $this->key, $this->profile, $this->method, $this->target, $tolerance, $now);
    }

    /** @param array<string, string> $headers */
    public function verifyInUserland(array $headers): bool
    {
        return Userland::verify(
            $this->profile,
            $headers,
            $this->payload,
            $this->key,
            $this->method,
            $this->target,
            self::NOW,
        );
    }

    public function keyObject(): Key
    {
        return Key::fromBytes($this->key, $this->keyId);
    }

    public function signer(): Signer
    {
        return new Signer(Profile::named($this->profile), $this->keyObject());
    }

    public function signatureHeader(): string
    {
        return self::SIGNATURE_HEADERS[$this->profile];
    }

    public function isHex(): bool
    {
        return Profile::named($this->profile)->describe()['encoding'] === Encoding::Hex;
    }

    /**
     * The headers with another text of the digest.
     *
     * @param array<string, string> $headers
     * @param callable(string): string $change
     * @return array<string, string>
     */
    public function withDigest(array $headers, callable $change): array
    {
        $name = $this->signatureHeader();
        $headers[$name] = preg_replace_callback(
            $this->isHex() ? '/[0-9a-f]{64}\z/' : '~[A-Za-z0-9+/]{43}=\z~',
            static fn (array $found): string => $change($found[0]),
            $headers[$name],
        );
        return $headers;
    }

    /** The headers with one bit of the digest flipped. */
    public function withFlippedDigest(array $headers, int $bit = 0): array
    {
        return $this->withDigest($headers, fn (string $text): string => $this->isHex()
            ? bin2hex(self::flip(hex2bin($text), $bit))
            : base64_encode(self::flip(base64_decode($text, true), $bit)));
    }

    /** The bytes with one bit flipped. */
    public static function flip(string $bytes, int $bit): string
    {
        $bytes[$bit >> 3] = chr(ord($bytes[$bit >> 3]) ^ (1 << ($bit & 7)));
        return $bytes;
    }

    private static function bytes(int $length): string
    {
        $bytes = '';
        while (strlen($bytes) < $length) {
            $bytes .= chr(mt_rand(0, 255));
        }
        return $bytes;
    }

    private static function characters(string $alphabet, int $length): string
    {
        $text = '';
        while (strlen($text) < $length) {
            $text .= $alphabet[mt_rand(0, strlen($alphabet) - 1)];
        }
        return $text;
    }

    /** @param list<string> $choices */
    private static function pick(array $choices): string
    {
        return $choices[mt_rand(0, count($choices) - 1)];
    }

    private static function randomPath(): string
    {
        $path = '/';
        for ($count = mt_rand(0, 6); $count > 0; $count--) {
            $path .= self::pick(['a', '/', 'é', '%C3%A9', '%2F', '%20', '%25', '%2541', '%', '%zz', '+', ';', '.', "\xff", '%fe']);
        }
        return $path;
    }

    private static function randomQuery(): string
    {
        $query = self::pick(['', '?']);
        for ($count = $query === '' ? 0 : mt_rand(0, 12); $count > 0; $count--) {
            $query .= self::pick(['a', 'b', '1', '10', '9', '=', '=', '&', '&', '+', '%20', '%2B', '%00', '%0a', '%7e', 'é', '%', '?', "\xff", '%26']);
        }
        return $query;
    }
}
