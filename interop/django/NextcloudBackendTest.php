<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Encoding;
use HwSignature\Finding;
use HwSignature\Interop\Cases;
use HwSignature\Interop\Http;
use HwSignature\Interop\Keys;
use HwSignature\Interop\Peer;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\TimestampFormat;
use PHPUnit\Framework\TestCase;

/** A Nextcloud app and its Django backend: the article's system. */
final class NextcloudBackendTest extends TestCase
{
    private const PEER = 'Django REST Framework (nextcloud)';
    private const CLIENT = 'nextcloud-app';

    /** @return array<string, array{string, string, string}> method, target, payload */
    public static function requests(): array
    {
        $binary = implode('', array_map('chr', range(0, 255)));
        return [
            'ping' => ['GET', '/api/v1/ping/', ''],
            'ping, plus in the query' => ['GET', '/api/v1/ping/?q=a+b', ''],
            'ping, unsorted query' => ['GET', '/api/v1/ping/?z=1&%C3%A9=2', ''],
            'ping, duplicates and blanks' => ['GET', '/api/v1/ping/?b&k=z&k=%c3%a9&a=&&b=%7E', ''],
            'ping, percent sign alone in the query' => ['GET', '/api/v1/ping/?discount=50%&x=%zz', ''],
            'ping, semicolon and slashes in the query' => ['GET', '/api/v1/ping/?a=1;b=2&to=https://host/p?q', ''],
            'token' => ['POST', '/api/v1/token/', '{"scope":"read"}'],
            'token, empty' => ['POST', '/api/v1/token/', ''],
            'UTF-8 body' => ['POST', '/api/v1/notes/', '{"text":"Füße, 日本語, 🎉"}'],
            'binary body' => ['PUT', '/api/v1/files/', $binary],
            'body of 1 MiB' => ['POST', '/api/v1/files/', str_repeat($binary, 4096)],
            'percent-encoded letter in the path' => ['POST', '/api/v1/stations/Nair%C3%B6bi/', 'x'],
            'percent-encoded slash and space in the path' => ['POST', '/api/v1/a%2Fb%20c/', 'x'],
            'bytes in the path that are no UTF-8' => ['POST', '/api/v1/stations/N%ffa%E2%82/', 'x'],
            'dots and tilde in the path' => ['POST', '/api/v1/a.b~c/', 'x'],
            'DELETE' => ['DELETE', '/api/v1/notes/7/?force=1', ''],
        ];
    }

    /** @dataProvider requests */
    #[\PHPUnit\Framework\Attributes\DataProvider('requests')]
    public function testDjangoAcceptsWhatPhpSigns(string $method, string $target, string $payload): void
    {
        $headers = hw_sign($payload, Keys::bytes('nextcloud'), 'nextcloud', $method, $target, self::CLIENT);
        [$status, $answer] = $this->toDjango($headers, $payload, $method, $target);
        $case = "$method $target, " . strlen($payload) . ' bytes';
        $seen = $answer['sha256'] ?? null;
        Cases::check(self::PEER, 'PHP to Django', $case, $status === 200 && $seen === hash('sha256', $payload));

        [$status, $answer] = $this->toDjango($headers, $payload, $method, $target);
        Cases::check(self::PEER, 'PHP to Django, replayed', $case, [$status, $answer['detail'] ?? ''] === [401, 'replay']);
    }

    public function testPhpAcceptsWhatPythonSigns(): void
    {
        $client = Peer::python(__DIR__ . '/client.py');
        foreach (self::requests() as $case => [$method, $target, $payload]) {
            // The receiver finds the profile in the first segment of the path.
            [$path, $query] = explode('?', '/nextcloud' . $target, 2) + [1 => ''];
            $request = ['origin' => getenv('INTEROP_HTTP'), 'method' => $method, 'path' => $path, 'query' => $query,
                'body' => base64_encode($payload)];
            $answer = $client->call('nextcloud', $request);
            Cases::check(self::PEER, 'Python to PHP', $case, $answer['status'] === 200);
            $answer = $client->call('nextcloud', ['age' => 301] + $request);
            Cases::check(self::PEER, 'Python to PHP, stale', $case, $answer['status'] === 401);
        }
    }

    /**
     * The failures of the article, and their relatives.
     *
     * @return list<array{name: string, headers: array<string, string>, payload: string, method: string, target: string,
     *     now: int, cause: ?string, detail: string}> `cause` is what a diagnosis must name; null where the signature is valid
     */
    private static function failures(int $now): array
    {
        $key = Keys::bytes('nextcloud');
        $request = ['payload' => '{"a":"b","c":1}', 'method' => 'POST', 'target' => '/api/v1/token/?b=2&a=1'];
        $sign = static fn (array $different = [], ?int $timestamp = null, ?string $key = null): array => hw_sign(
            ...($different + $request),
            key: $key ?? Keys::bytes('nextcloud'),
            profile: 'nextcloud',
            key_id: self::CLIENT,
            timestamp: $timestamp ?? $now,
        );
        // Of a signature, another spelling.
        $spell = static function (callable $spelling, string $needs = '') use ($sign): array {
            do {
                $headers = $sign();
            } while ($needs !== '' && strpbrk($headers['X-NC-SIGNATURE'], $needs) === false);
            return ['X-NC-SIGNATURE' => $spelling($headers['X-NC-SIGNATURE'])] + $headers;
        };
        $signer = new Signer(Profile::named('nextcloud')->withEncoding(Encoding::Hex), Keys::key('nextcloud', self::CLIENT));
        $hex = $signer->sign(...$request);
        // The contract itself refuses to sign such a timestamp.
        $other = new Profile(...['timestampFormat' => TimestampFormat::Milliseconds] + Profile::named('nextcloud')->describe());
        $milliseconds = (new Signer($other, Keys::key('nextcloud', self::CLIENT)))->sign(...$request, timestamp: $now * 1000);
        $valid = $sign();

        $rows = [
            ['hex client', $hex, 'digest-is-hex', 'signature'],
            ['base64 lower-cased', $spell('strtolower'), 'digest-case-folded', 'signature'],
            ['base64 of hex', $spell(static fn (string $text): string => base64_encode(bin2hex((string) base64_decode($text)))),
                'digest-is-base64-of-hex', 'signature'],
            ['base64url', $spell(static fn (string $text): string => strtr($text, '+/', '-_'), '+/'),
                'digest-is-base64url', 'signature'],
            ['padding lost', $spell(static fn (string $text): string => rtrim($text, '=')), 'digest-padding-missing', 'signature'],
            ['plus turned into a space', $spell(static fn (string $text): string => strtr($text, '+', ' '), '+'),
                'digest-plus-became-space', 'signature'],
            ['replay', $valid, null, 'replay'],
            ['301 s behind', $sign([], $now - 301), 'timestamp-stale', 'timestamp'],
            ['330 s ahead', $sign([], $now + 330), 'timestamp-from-future', 'timestamp'],
            ['milliseconds', $milliseconds, 'timestamp-milliseconds-not-seconds', 'timestamp'],
            ['signed without the trailing slash', $sign(['target' => '/api/v1/token?b=2&a=1']), 'path-trailing-slash', 'signature'],
            ['signed for another method', $sign(['method' => 'PUT']), 'method-differs', 'signature'],
            ['signed with another newline at the end', $sign(['payload' => $request['payload'] . "\n"]),
                'payload-trailing-newline', 'signature'],
            ['no signature', array_diff_key($valid, ['X-NC-SIGNATURE' => 0]), 'header-missing', 'signature'],
        ];
        return array_map(static fn (array $row): array => $request + [
            'name' => $row[0],
            'headers' => $row[1],
            'cause' => $row[2],
            'detail' => $row[3],
            'now' => $now,
        ], $rows);
    }

    public function testFailuresAreRejectedAndNamed(): void
    {
        foreach (self::failures(time()) as $failure) {
            ['name' => $name, 'cause' => $cause, 'now' => $now] = $failure;
            $request = array_intersect_key($failure, array_flip(['headers', 'payload', 'method', 'target']));
            if ($cause === null) {
                $this->toDjango(...$request);
            }
            [$status, $answer] = $this->toDjango(...$request);
            Cases::check(self::PEER, 'PHP to Django, refused', $name, [$status, $answer['detail'] ?? ''] === [401, $failure['detail']]);

            $contract = ['key' => Keys::bytes('nextcloud'), 'profile' => 'nextcloud', 'now' => $now];
            // hw_verify has no memory: to it, a replay is a valid request.
            Cases::check(self::PEER, 'refused by PHP too', $name, hw_verify(...$request, ...$contract) === ($cause === null));

            $findings = hw_diagnose(...$request, ...$contract)->findings;
            $causes = array_map(static fn (Finding $finding): string => $finding->cause->value, $findings);
            Cases::check(self::PEER, 'named by hw_diagnose', $name, $causes === ($cause === null ? [] : [$cause]));
        }
    }

    /**
     * @param array<string, string> $headers
     * @return array{int, array<mixed>}
     */
    private function toDjango(array $headers, string $payload, string $method, string $target): array
    {
        return Http::send(getenv('INTEROP_DJANGO') . $target, $method, $headers, $payload);
    }
}
