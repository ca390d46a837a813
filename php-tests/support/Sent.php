<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\Diagnosis;
use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\TimestampFormat;

/**
 * A request as it reached a receiver, whoever signed it and however: the headers are put together by hand.
 */
final class Sent
{
    public const NOW = 1_800_000_000;
    public const KEY = 'correct horse battery staple: 38 bytes';
    public const BODY = '{"from":"+4915","category":"uplink","message_id":"m-1","data":"SGVsbG8gZnJvbSBhIHBob25l"}';
    public const UUID = '7d0e7a52-1a5c-4d5f-8c69-2f6f5f1f0d3a';
    public const RANDOM = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eFaB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0+/';
    public const TARGET = '/apps/weather/';

    /**
     * @param array<string, mixed> $headers
     * @param list<string> $secrets what must not come to light: the key of the receiver, and that of the sender
     */
    private function __construct(
        public readonly string|Profile $profile,
        public readonly array $headers,
        public readonly string $payload,
        public readonly string $key,
        public readonly string $method,
        public readonly string $target,
        public readonly int $now,
        public readonly array $secrets,
        private readonly string $timestamp,
        private readonly string $nonce,
        private readonly ?string $keyId = null,
    ) {
    }

    public static function timestamp(string $profile): string
    {
        return str_starts_with($profile, 'huawei-') ? self::NOW . '000' : (string) self::NOW;
    }

    public static function nonce(string $profile): string
    {
        return match ($profile) {
            'huawei-push' => ':',
            'huawei-receipt', 'nextcloud' => self::UUID,
            'django' => '',
            default => self::RANDOM,
        };
    }

    /** The string to sign as the documents of each provider have it, or with the parts that a sender got wrong. */
    public static function text(
        string $profile,
        string $payload = self::BODY,
        ?string $timestamp = null,
        string $method = 'POST',
        string $path = self::TARGET,
        string $query = '',
    ): string {
        $timestamp ??= self::timestamp($profile);
        $nonce = self::nonce($profile);
        return match ($profile) {
            'huawei-push', 'huawei-receipt' => $timestamp . $nonce . $payload,
            'nextcloud' => implode("\n", [$method, $path, $query, $timestamp, $nonce, hash('sha256', $payload)]),
            'django' => $timestamp . '.' . $payload,
            default => $nonce . $payload,
        };
    }

    /** The signature of a text, in the profile's encoding. */
    public static function sign(string $profile, string $text, string $key = self::KEY, string $algorithm = 'sha256'): string
    {
        $digest = hash_hmac($algorithm, $text, $key, true);
        return self::isBase64($profile) ? base64_encode($digest) : bin2hex($digest);
    }

    public static function isBase64(string $profile): bool
    {
        return in_array($profile, ['huawei-push', 'huawei-receipt', 'nextcloud'], true);
    }

    public static function to(
        string $profile,
        string $signature,
        string $payload = self::BODY,
        string $key = self::KEY,
        ?string $timestamp = null,
        string $method = 'POST',
        string $target = self::TARGET,
        int $now = self::NOW,
        string $sendersKey = self::KEY,
    ): self {
        $timestamp ??= self::timestamp($profile);
        $nonce = self::nonce($profile);
        $value = "timestamp=$timestamp; nonce=$nonce; value=$signature";
        $headers = match ($profile) {
            'huawei-push' => ['X-HW-SIGNATURE' => $value, 'X-HW-TIMESTAMP' => $timestamp],
            'huawei-receipt' => ['X-HUAWEI-CALLBACK-ID' => $value],
            'nextcloud' => [
                'X-NC-CLIENT-ID' => 'farm',
                'X-NC-TIMESTAMP' => $timestamp,
                'X-NC-NONCE' => $nonce,
                'X-NC-SIGNATURE' => $signature,
            ],
            'nextcloud-talk' => [
                'X-Nextcloud-Talk-Random' => $nonce,
                'X-Nextcloud-Talk-Signature' => $signature,
            ],
            'nextcloud-talk-bot' => [
                'X-Nextcloud-Talk-Bot-Random' => $nonce,
                'X-Nextcloud-Talk-Bot-Signature' => $signature,
                'OCS-APIRequest' => 'true',
            ],
            'nextcloud-signaling' => ['Spreed-Signaling-Random' => $nonce, 'Spreed-Signaling-Checksum' => $signature],
            'nextcloud-recording' => ['Talk-Recording-Random' => $nonce, 'Talk-Recording-Checksum' => $signature],
            'django' => ['X-HMAC-Timestamp' => $timestamp, 'X-HMAC-Signature' => $signature],
        };
        $secrets = array_values(array_unique([$key, $sendersKey]));
        return new self($profile, $headers, $payload, $key, $method, $target, $now, $secrets, $timestamp, $nonce);
    }

    /**
     * A request with a canonical request, whose headers are put together elsewhere.
     *
     * @param array<string, string> $headers
     */
    public static function canonical(
        array $headers,
        string $payload,
        string $key,
        string $method,
        string $target,
        ?string $keyId,
        string $sendersKey,
    ): self {
        // The key id is in every report: where it served as the key, it is no secret.
        $secrets = array_values(array_diff(array_unique([$key, $sendersKey]), [CanonicalMistakes::ACCESS]));
        return new self('huawei-apig', $headers, $payload, $key, $method, $target, self::NOW, $secrets, (string) self::NOW, '', $keyId);
    }

    /**
     * A request under a contract of its own: the profile's headers with the signature of a text, and others.
     *
     * @param array<string, string> $headers with {signature} where the signature goes
     */
    public static function under(Profile $profile, array $headers, string $text, string $target, string $payload = self::BODY): self
    {
        $signature = hash_hmac('sha256', $text, self::KEY);
        $headers = array_map(static fn (string $value): string => strtr($value, ['{signature}' => $signature]), $headers);
        return new self($profile, $headers, $payload, self::KEY, 'POST', $target, self::NOW, [self::KEY], (string) self::NOW, '');
    }

    /** @param array<string, mixed> $headers */
    public function withHeaders(array $headers): self
    {
        $copy = get_object_vars($this);
        $copy['headers'] = $headers;
        return new self(...$copy);
    }

    /** The same request, taken for one under another profile. */
    public function takenFor(string $profile): self
    {
        $copy = get_object_vars($this);
        $copy['profile'] = $profile;
        return new self(...$copy);
    }

    /** The same request to a receiver whose key has an id. */
    public function heldAs(string $id): self
    {
        $copy = get_object_vars($this);
        $copy['keyId'] = $id;
        return new self(...$copy);
    }

    public function diagnose(): Diagnosis
    {
        return hw_diagnose(...$this->arguments());
    }

    public function verifies(): bool
    {
        return hw_verify(...$this->arguments());
    }

    /** @return list<mixed> what both functions take */
    private function arguments(): array
    {
        $key = $this->keyId === null ? $this->key : Key::fromBytes($this->key, $this->keyId);
        return [$this->headers, $this->payload, $key, $this->profile, $this->method, $this->target, null, $this->now];
    }

    /** What arrived, signed by a sender that keeps to the contract, with the secret that the receiver has. */
    public function signedAnew(): self
    {
        $profile = is_string($this->profile) ? Profile::named($this->profile) : $this->profile;
        $row = $profile->describe();
        $signer = new Signer($profile, Key::fromBytes($this->key, $this->keyId ?? 'farm'));
        $others = $row['signedHeaders'] === [] && !str_contains($row['stringToSign'], '{header:') ? [] : array_diff_key($this->headers, $row['headers']);
        $timestamp = match ($row['timestampFormat']) {
            null => null,
            TimestampFormat::Milliseconds => $this->now * 1000,
            default => $this->now,
        };
        $copy = get_object_vars($this);
        $copy['payload'] = in_array($this->method, $row['methodsWithoutPayload'], true) ? '' : $this->payload;
        $copy['headers'] = $signer->sign($copy['payload'], $this->method, $this->target, null, $timestamp, $others) + $others;
        return new self(...$copy);
    }

    /** The digest that would be right for what arrived, where there is one: 32 raw bytes. */
    public function rightDigest(): ?string
    {
        $profile = (is_string($this->profile) ? Profile::named($this->profile) : $this->profile)->withEncoding(Encoding::Hex);
        try {
            $headers = (new Signer($profile, Key::fromBytes($this->key, $this->keyId ?? 'farm')))->sign(
                $this->payload,
                $this->method,
                $this->target,
                $this->nonce === '' ? null : $this->nonce,
                $profile->describe()['timestampFormat'] === null ? null : (int) $this->timestamp,
                $profile->describe()['signedHeaders'] === [] ? [] : array_diff_key($this->headers, $profile->describe()['headers']),
            );
        } catch (\ValueError) {
            return null;
        }
        preg_match('/(?:value=|Signature=|^)([0-9a-f]{64})$/m', implode("\n", $headers), $found);
        return hex2bin($found[1]);
    }
}
