<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/**
 * Signing and verification as an application without the extension would write them, with hash_hmac() alone.
 *
 * Written from the public documents of each protocol, contract by contract, so that a mistake in the extension's table of
 * profiles cannot be repeated here.
 */
final class Userland
{
    /** @return array<string, string> the headers that are sent */
    public static function sign(
        string $profile,
        string $payload,
        string $key,
        string $method = 'POST',
        string $target = '/',
        ?string $keyId = null,
        ?string $nonce = null,
        ?string $timestamp = null,
    ): array {
        $hex = static fn (string ...$parts): string => hash_hmac('sha256', implode('', $parts), $key);
        $base64 = static fn (string ...$parts): string => base64_encode(hash_hmac('sha256', implode('', $parts), $key, true));
        switch ($profile) {
            case 'huawei-push':
                $value = $base64($timestamp, $nonce, $payload);
                return [
                    'X-HW-SIGNATURE' => "timestamp=$timestamp; nonce=$nonce; value=$value",
                    'X-HW-TIMESTAMP' => $timestamp,
                ];
            case 'huawei-receipt':
                $value = $base64($timestamp, $nonce, $payload);
                return ['X-HUAWEI-CALLBACK-ID' => "timestamp=$timestamp; nonce=$nonce; value=$value"];
            case 'nextcloud':
                $lines = [
                    strtoupper($method),
                    self::path($target),
                    self::canonicalQuery($target),
                    $timestamp,
                    $nonce,
                    hash('sha256', $payload),
                ];
                return [
                    'X-NC-CLIENT-ID' => $keyId,
                    'X-NC-TIMESTAMP' => $timestamp,
                    'X-NC-NONCE' => $nonce,
                    'X-NC-SIGNATURE' => $base64(implode("\n", $lines)),
                ];
            case 'nextcloud-talk':
                return ['X-Nextcloud-Talk-Random' => $nonce, 'X-Nextcloud-Talk-Signature' => $hex($nonce, $payload)];
            case 'nextcloud-talk-bot':
                return [
                    'X-Nextcloud-Talk-Bot-Random' => $nonce,
                    'X-Nextcloud-Talk-Bot-Signature' => $hex($nonce, $payload),
                    'OCS-APIRequest' => 'true',
                ];
            case 'nextcloud-signaling':
                return ['Spreed-Signaling-Random' => $nonce, 'Spreed-Signaling-Checksum' => $hex($nonce, $payload)];
            case 'nextcloud-recording':
                return ['Talk-Recording-Random' => $nonce, 'Talk-Recording-Checksum' => $hex($nonce, $payload)];
            case 'django':
                return ['X-HMAC-Timestamp' => $timestamp, 'X-HMAC-Signature' => $hex($timestamp, '.', $payload)];
            case 'nextcloud-sip':
                return ['Talk-SIPBridge-Random' => $nonce, 'Talk-SIPBridge-Checksum' => $hex($nonce, $payload)];
            case 'standard-webhooks':
                return [
                    'webhook-id' => $nonce,
                    'webhook-timestamp' => $timestamp,
                    'webhook-signature' => 'v1,' . $base64($nonce, '.', $timestamp, '.', $payload),
                ];
            case 'svix':
                return [
                    'svix-id' => $nonce,
                    'svix-timestamp' => $timestamp,
                    'svix-signature' => 'v1,' . $base64($nonce, '.', $timestamp, '.', $payload),
                ];
            case 'stripe':
                return ['Stripe-Signature' => "t=$timestamp,v1=" . $hex($timestamp, '.', $payload)];
            case 'github':
                return ['X-Hub-Signature-256' => 'sha256=' . $hex($payload)];
            case 'slack':
                return [
                    'X-Slack-Request-Timestamp' => $timestamp,
                    'X-Slack-Signature' => 'v0=' . $hex('v0:', $timestamp, ':', $payload),
                ];
            case 'shopify':
                return ['X-Shopify-Hmac-Sha256' => $base64($payload)];
            case 'paddle':
                return ['Paddle-Signature' => "ts=$timestamp;h1=" . $hex($timestamp, ':', $payload)];
            case 'line':
                return ['x-line-signature' => $base64($payload)];
            case 'square':
                return ['x-square-hmacsha256-signature' => $base64($target, $payload)];
            case 'razorpay':
                return ['X-Razorpay-Signature' => $hex($payload)];
        }
        throw new \LogicException("no implementation of $profile");
    }

    /**
     * The usual check of a receiver: read the headers, look at the age, compute, compare.
     *
     * @param array<string, string> $headers as sign() returns them
     */
    public static function verify(
        string $profile,
        array $headers,
        string $payload,
        string $key,
        string $method,
        string $target,
        int $now,
    ): bool {
        $first = (string) reset($headers);
        [$timestamp, $nonce] = match ($profile) {
            'huawei-push', 'huawei-receipt' => preg_match('/timestamp=(\d+); ?nonce=([^;]+)/', $first, $found) === 1
                ? [$found[1], $found[2]]
                : [null, null],
            'nextcloud' => [$headers['X-NC-TIMESTAMP'], $headers['X-NC-NONCE']],
            'django', 'slack' => [$first, null],
            'standard-webhooks', 'svix' => [array_values($headers)[1], $first],
            'stripe', 'paddle' => preg_match('/^ts?=(\d+)[,;]/', $first, $found) === 1 ? [$found[1], null] : [null, null],
            'github', 'shopify', 'line', 'square', 'razorpay' => [null, null],
            default => [null, $first],
        };
        $age = match ($profile) {
            'huawei-push', 'huawei-receipt' => abs($now - intdiv((int) $timestamp, 1000)),
            'nextcloud', 'django', 'standard-webhooks', 'svix', 'stripe', 'slack', 'paddle' => abs($now - (int) $timestamp),
            default => 0,
        };
        $expected = self::sign($profile, $payload, $key, $method, $target, $headers['X-NC-CLIENT-ID'] ?? null, $nonce, $timestamp);
        $equal = $age <= (['django' => 60, 'paddle' => 5][$profile] ?? 300);
        foreach ($expected as $name => $value) {
            $equal = hash_equals($value, $headers[$name]) && $equal;
        }
        return $equal;
    }

    /** What Django calls request.path. */
    public static function path(string $target): string
    {
        $path = rawurldecode(self::split($target)[0]);
        // Django's repercent_broken_unicode(): what is no UTF-8 (RFC 3629, section 4) is escaped again.
        $character = '[\xC2-\xDF][\x80-\xBF]|\xE0[\xA0-\xBF][\x80-\xBF]|[\xE1-\xEC\xEE\xEF][\x80-\xBF]{2}|\xED[\x80-\x9F][\x80-\xBF]'
            . '|\xF0[\x90-\xBF][\x80-\xBF]{2}|[\xF1-\xF3][\x80-\xBF]{3}|\xF4[\x80-\x8F][\x80-\xBF]{2}';
        return (string) preg_replace_callback(
            "/(?:$character)(*SKIP)(*FAIL)|[\\x80-\\xFF]/",
            static fn (array $byte): string => rawurlencode($byte[0]),
            $path,
        );
    }

    /** The query as the Nextcloud contract signs it. */
    public static function canonicalQuery(string $target): string
    {
        $pairs = [];
        foreach (array_filter(explode('&', self::split($target)[1]), 'strlen') as $part) {
            [$name, $value] = explode('=', $part, 2) + [1 => ''];
            $pairs[] = [rawurlencode(urldecode($name)), rawurlencode(urldecode($value))];
        }
        usort($pairs, static fn (array $a, array $b): int => strcmp($a[0], $b[0]) ?: strcmp($a[1], $b[1]));
        return implode('&', array_map(static fn (array $pair): string => "$pair[0]=$pair[1]", $pairs));
    }

    /** @return array{string, string} path and query */
    private static function split(string $target): array
    {
        $target = preg_replace('~^[a-z][a-z0-9+.-]*://[^/?]*~i', '', $target);
        [$path, $query] = explode('?', $target, 2) + [1 => ''];
        return [$path === '' ? '/' : $path, $query];
    }
}
