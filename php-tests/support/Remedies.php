<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Verifier;

/**
 * What a receiver does about each cause, as the fix says, and the causes about which it can do nothing.
 *
 * @phpstan-type Remedy array{Sent, string, callable(): bool} the request, words of the fix that it follows, whether the request
 *     verifies then
 */
final class Remedies
{
    /** Why a program cannot follow what a report says to the receiver: nothing is said to it, or a person has to look. */
    public const NONE_FOR_RECEIVER = [
        'header-malformed' => 'the sender has to write it',
        'digest-encoded-twice' => 'the sender has to write it once',
        'digest-is-base64url' => 'the sender has to write it',
        'digest-is-base64-of-hex' => 'the sender has to write it',
        'digest-case-folded' => 'the letters are lost',
        'digest-truncated' => 'the rest is lost',
        'key-is-key-id' => 'the signature is none: never to be accepted',
        'key-is-derived' => 'a profile and a key of that scope are to be made',
        'key-is-placeholder' => 'nobody but a person knows the secret',
        'key-was-expanded' => 'the sender has another secret',
        'key-truncated' => 'the sender has another secret',
        'payload-lines-joined' => 'the line breaks are lost',
        'payload-is-object-text' => 'the sender has to sign the bytes',
        'payload-hash-differs' => 'the sender has to sign otherwise',
        'nonce-omitted' => 'the sender has to sign it',
        'nonce-differs' => 'the sender has to sign it',
        'timestamp-omitted' => 'the sender has to sign it',
        'timestamp-differs' => 'the sender has to sign it',
        'path-decoded' => 'the sender has to sign otherwise',
        'path-not-canonical' => 'the sender has to sign otherwise',
        'query-not-canonical' => 'the sender has to sign otherwise',
        'header-differs' => 'a proxy is to be configured',
        'headers-not-canonical' => 'the sender has to sign otherwise',
        'canonical-request-differs' => 'the sender has to sign otherwise',
        'numeric-addition' => 'the sender has to sign otherwise',
        'separator-differs' => 'the sender has to sign otherwise',
        'order-differs' => 'the sender has to sign otherwise',
        'algorithm-plain-hash' => 'the sender has to sign otherwise',
        'algorithm-arguments-swapped' => 'the sender has to sign otherwise',
        'algorithm-sha1' => 'the sender has to sign otherwise',
        'algorithm-sha384' => 'the sender has to sign otherwise',
        'algorithm-sha512' => 'the sender has to sign otherwise',
        'algorithm-md5' => 'the sender has to sign otherwise',
        'algorithm-sha224' => 'the sender has to sign otherwise',
        'algorithm-hashed-twice' => 'the sender has to sign otherwise',
        'algorithm-has-no-key' => 'the signature is none: never to be accepted',
        'timestamp-seconds-not-milliseconds' => 'the sender has to write it',
        'timestamp-milliseconds-not-seconds' => 'the sender has to write it',
    ];

    /** @return array<string, Remedy> by cause */
    public static function ofReceiver(): array
    {
        return [...self::ofHeaders(), ...self::ofKeys(), ...self::ofPayloads(), ...self::ofRequests()];
    }

    /** @return array<string, Remedy> */
    private static function ofHeaders(): array
    {
        $right = Sent::to('django', Sent::sign('django', Sent::text('django')));
        $variables = static fn (array $headers): array => array_combine(
            array_map(static fn (string $name): string => 'HTTP_' . strtr(strtoupper($name), '-', '_'), array_keys($headers)),
            $headers,
        );
        $signature = $right->headers['X-HMAC-Signature'];
        $twice = ['X-HMAC-Signature' => [$signature, $signature]] + $right->headers;
        $nextcloud = Sent::to('nextcloud', Sent::sign('nextcloud', Sent::text('nextcloud')));
        $plus = self::withPlus();
        $padded = $plus->headers['X-NC-SIGNATURE'];
        $with = static fn (string $signature): Sent => $plus->withHeaders(['X-NC-SIGNATURE' => $signature] + $plus->headers);
        $raw = hash_hmac('sha256', Sent::text('django'), Sent::KEY, true);
        $otherEncoding = static fn (Sent $sent, Encoding $encoding): bool => self::accepts(Profile::named($sent->profile)->withEncoding($encoding), $sent);
        $prefixed = $right->withHeaders(['X-HMAC-Signature' => "sha256=$signature"] + $right->headers);
        $row = ['headers' => ['X-HMAC-Timestamp' => '{timestamp}', 'X-HMAC-Signature' => 'sha256={signature}']] + Profile::named('django')->describe();
        unset($row['timestampDigits']);
        $hex = Sent::to('nextcloud', bin2hex(base64_decode($padded)), payload: $plus->payload);
        $base64 = Sent::to('django', base64_encode($raw));
        return [
            'header-missing' => [$right->withHeaders([]), 'pass getallheaders() or $_SERVER whole', static fn (): bool => $right->withHeaders($variables($right->headers))->verifies()],
            'header-repeated' => [$right->withHeaders($twice), 'On the receiver', static fn (): bool => $right->withHeaders(array_map(static fn (mixed $value): mixed => is_array($value) ? $value[0] : $value, $twice))->verifies()],
            'key-id-unknown' => [$nextcloud->heldAs('another'), 'Key::fromBytes($secret, $id)', static fn (): bool => $nextcloud->heldAs('farm')->verifies()],
            'digest-is-hex' => [$hex, 'Encoding::Hex', static fn (): bool => $otherEncoding($hex, Encoding::Hex)],
            'digest-is-base64' => [$base64, 'Encoding::Base64', static fn (): bool => $otherEncoding($base64, Encoding::Base64)],
            'digest-has-prefix' => [$prefixed, "'sha256={signature}'", static fn (): bool => self::accepts(new Profile(...['name' => 'own'] + $row), $prefixed)],
            'digest-padding-missing' => [$with(explode('=', $padded)[0]), "split with explode('=', \$part, 2)", static fn (): bool => $with(explode('=', "value=$padded", 2)[1])->verifies()],
            'digest-plus-became-space' => [$with(urldecode($padded)), 'as it arrived', static fn (): bool => $with($padded)->verifies()],
        ];
    }

    /** A request whose signature has a plus sign in it. */
    private static function withPlus(): Sent
    {
        for ($number = 0; ; ++$number) {
            $payload = "{\"n\":$number}";
            $signature = Sent::sign('nextcloud', Sent::text('nextcloud', $payload));
            if (str_contains(trim($signature, '+'), '+')) {
                return Sent::to('nextcloud', $signature, $payload);
            }
        }
    }

    private static function accepts(Profile $profile, Sent $sent): bool
    {
        $key = Key::fromBytes($sent->key);
        return (new Verifier($profile, [$key]))->isValid($sent->headers, $sent->payload, $sent->method, $sent->target, $sent->now);
    }

    /** @return array<string, Remedy> */
    private static function ofKeys(): array
    {
        $secret = 'text & more, 24 letters';
        $binary = hash('sha256', 'a key', true);
        $umlaut = 'Schlüssel-größer';
        $key = static fn (string $senders, string $held): Sent => Sent::to('django', Sent::sign('django', Sent::text('django'), $senders), key: $held, sendersKey: $senders);
        $remedy = static fn (string $senders, string $held, string $words, callable $mend): array => [
            $key($senders, $held),
            $words,
            static function () use ($key, $senders, $held, $mend): bool {
                $sent = $key($senders, $held);
                $key = $mend($held);
                return hw_verify($sent->headers, $sent->payload, $key, 'django', now: $sent->now);
            },
        ];
        $file = "\u{feff}$secret";
        return [
            'key-has-whitespace' => $remedy($secret, "$secret\n", 'trim(', trim(...)),
            'key-has-bom' => $remedy($secret, $file, 'as UTF-8 without BOM', static fn (string $held): string => substr($held, 3)),
            'key-has-invisible' => $remedy($secret, "$secret\u{200b}", 'copy the secret again', static fn (): string => $secret),
            'key-has-prefix' => $remedy($binary, 'whsec_' . base64_encode($binary), 'Key::fromBase64($secret)', Key::fromBase64(...)),
            'key-has-quotes' => $remedy($secret, "'$secret';", "trim(\$secret, \" \\t\\r\\n'\\\"`,;\")", static fn (string $held): string => trim($held, " \t\r\n'\"`,;")),
            'key-case-differs' => $remedy($secret, strtoupper($secret), 'exactly as it was issued', static fn (): string => $secret),
            'key-is-base64-text' => $remedy($binary, base64_encode($binary), 'Key::fromBase64($secret)', Key::fromBase64(...)),
            'key-is-hex-text' => $remedy($binary, bin2hex($binary), 'Key::fromHex($secret)', Key::fromHex(...)),
            'key-was-decoded' => $remedy(base64_encode($binary), $binary, 'as it is printed, with Key::fromBytes($secret)', static fn (): Key => Key::fromBytes(base64_encode($binary))),
            'key-is-escaped' => $remedy($secret, htmlspecialchars($secret), 'take them back once', static fn (string $held): string => htmlspecialchars_decode($held)),
            'key-charset-differs' => $remedy($umlaut, mb_convert_encoding($umlaut, 'ISO-8859-1', 'UTF-8'), 'save a text as UTF-8', static fn (string $held): string => mb_convert_encoding($held, 'UTF-8', 'ISO-8859-1')),
            'key-was-hashed' => $remedy(hash('sha256', $secret), $secret, "use hash('sha256', \$secret) as the key", static fn (string $held): string => hash('sha256', $held)),
        ];
    }

    /** @return array<string, Remedy> the fix that is followed, with what php://input has */
    private static function ofPayloads(): array
    {
        $json = '{"url":"https://a.example/","name":"Zoë","n":1.5}';
        $sent = static fn (string $signed, string $passed): Sent => Sent::to('django', Sent::sign('django', Sent::text('django', $signed)), $passed);
        $remedy = static fn (string $signed, string $passed, string $words, callable $mend): array => [
            $sent($signed, $passed),
            $words,
            static fn (): bool => $sent($signed, $mend($passed))->verifies(),
        ];
        $input = static fn (string $raw): callable => static fn (): string => $raw;
        $talk = Sent::to('nextcloud-talk', Sent::sign('nextcloud-talk', Sent::text('nextcloud-talk', 'weather')));
        return [
            'payload-trailing-newline' => $remedy($json, "$json\n", "file_get_contents('php://input') as it is", $input($json)),
            'payload-trimmed' => $remedy('a ', 'a', "file_get_contents('php://input') as it is", $input('a ')),
            'payload-bom' => $remedy("\u{feff}a", 'a', "file_get_contents('php://input') as it is", $input("\u{feff}a")),
            'payload-crlf' => $remedy("a\r\nb", "a\nb", 'On both sides, look for something that converts line ends', $input("a\r\nb")),
            'payload-empty' => $remedy('', '{}', 'verify the raw body', $input('')),
            'payload-field-only' => $remedy('hello', '{"message":"hello"}', 'pass exactly that as $payload', static fn (string $passed): string => json_decode($passed)->message),
            'payload-slashes-escaped' => $remedy('{"a":"b\/c"}', '{"a":"b/c"}', 'do not encode the body again', $input('{"a":"b\/c"}')),
            'payload-unicode-escaped' => $remedy('{"a":"\u00eb"}', '{"a":"ë"}', 'do not encode the body again', $input('{"a":"\u00eb"}')),
            'payload-charset-differs' => $remedy('{"a":"ë"}', mb_convert_encoding('{"a":"ë"}', 'ISO-8859-1', 'UTF-8'), 'On the receiver', $input('{"a":"ë"}')),
            'payload-reserialized' => $remedy($json, json_encode(json_decode($json)), "file_get_contents('php://input') before any json_decode()", $input($json)),
            'payload-escaped' => $remedy('{"a":"b"}', addslashes('{"a":"b"}'), 'as it is, before a framework escapes', stripslashes(...)),
            'payload-encoded' => $remedy($json, gzencode($json), 'gzdecode()', gzdecode(...)),
            'payload-is-elsewhere' => [$talk, 'pass exactly that as $payload', static fn (): bool => hw_verify($talk->headers, basename($talk->target), $talk->key, $talk->profile, now: $talk->now)],
        ];
    }

    /** @return array<string, Remedy> */
    private static function ofRequests(): array
    {
        $sent = static fn (string $method, string $path, string $target, int $now = Sent::NOW): Sent => Sent::to(
            'nextcloud',
            Sent::sign('nextcloud', Sent::text('nextcloud', method: $method, path: $path)),
            method: $method === 'PUT' ? 'POST' : $method,
            target: $target,
            now: $now,
        );
        $passed = static fn (Sent $sent, string $method, string $target): bool => hw_verify($sent->headers, $sent->payload, $sent->key, $sent->profile, $method, $target, now: $sent->now);
        $path = Sent::TARGET;
        $fragment = $sent('POST', $path, "$path#top");
        $method = $sent('PUT', $path, $path);
        $target = $sent('POST', '/another/route/', $path);
        $server = ['REQUEST_URI' => '/another/route/'];
        foreach ($target->headers as $name => $value) {
            $server['HTTP_' . strtr(strtoupper($name), '-', '_')] = $value;
        }
        $target = $target->withHeaders($server);
        $slash = $sent('POST', '/a/b/', '/a/b');
        $merged = $sent('POST', '/a//b', '/a/b');
        $prefix = $sent('POST', '/api/v1/a', '/v1/a');
        $stale = $sent('POST', $path, $path, Sent::NOW + 1000);
        $ahead = $sent('POST', $path, $path, Sent::NOW - 1000);
        $other = Sent::to('django', Sent::sign('django', Sent::text('django')))->takenFor('nextcloud');
        return [
            'request-malformed' => [$fragment, "\$_SERVER['REQUEST_URI']", static fn (): bool => $passed($fragment, 'POST', $path)],
            'method-differs' => [$method, "pass \$_SERVER['REQUEST_METHOD']", static fn (): bool => $passed($method, 'PUT', $path)],
            'target-differs' => [$target, "pass \$_SERVER['REQUEST_URI']", static fn (): bool => $passed($target, 'POST', $server['REQUEST_URI'])],
            'path-trailing-slash' => [$slash, 'a router that adds or takes it off', static fn (): bool => $passed($slash, 'POST', '/a/b/')],
            'path-slashes-merged' => [$merged, 'keep a proxy from merging them', static fn (): bool => $passed($merged, 'POST', '/a//b')],
            'path-prefix' => [$prefix, "'/api' . \$_SERVER['REQUEST_URI']", static fn (): bool => $passed($prefix, 'POST', '/api/v1/a')],
            'timestamp-stale' => [$stale, 'check the clock (NTP)', static fn (): bool => hw_verify($stale->headers, $stale->payload, $stale->key, 'nextcloud', 'POST', $path, now: Sent::NOW)],
            'timestamp-from-future' => [$ahead, 'check the clock (NTP)', static fn (): bool => hw_verify($ahead->headers, $ahead->payload, $ahead->key, 'nextcloud', 'POST', $path, now: Sent::NOW)],
            'other-profile' => [$other, "'django' as \$profile", static fn (): bool => $other->takenFor('django')->verifies()],
        ];
    }
}
