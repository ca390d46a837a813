<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Interop\Cases;
use HwSignature\Interop\Http;
use HwSignature\Interop\Keys;
use HwSignature\Interop\Peer;
use PHPUnit\Framework\TestCase;

/** Django's mixin and PHP, each as sender and as receiver. */
final class DjangoMixinTest extends TestCase
{
    private const PEER = 'Django REST Framework (mixin)';

    /** @return array<string, string> */
    private static function bodies(): array
    {
        return [
            'empty' => '',
            'JSON' => '{"a":1}',
            'slashes and letters, as PHP writes them' => (string) json_encode(['url' => 'https://host/é']),
            'UTF-8' => 'Füße, 日本語, 🎉',
            'binary' => implode('', array_map('chr', range(0, 255))),
            'looks like a timestamp' => '1700000000.x',
        ];
    }

    public function testDjangoAcceptsWhatPhpSigns(): void
    {
        foreach (self::bodies() as $case => $body) {
            $headers = hw_sign($body, Keys::bytes('django'), 'django');
            [$status, $answer] = $this->post($headers, $body);
            $seen = $answer['sha256'] ?? null;
            Cases::check(self::PEER, 'PHP to Django', $case, $status === 200 && $seen === hash('sha256', $body));
            Cases::check(self::PEER, 'PHP to Django, refused', "$case, tampered", $this->post($headers, "$body!")[0] === 401);
            $stale = hw_sign($body, Keys::bytes('django'), 'django', timestamp: time() - 61);
            Cases::check(self::PEER, 'PHP to Django, refused', "$case, 61 s", $this->post($stale, $body)[0] === 401);
        }
    }

    public function testPhpAcceptsWhatDjangoSigns(): void
    {
        $client = Peer::python(__DIR__ . '/client.py');
        $url = getenv('INTEROP_HTTP') . '/django/hook';
        $requests = array_map(static fn (string $body): array => ['body' => base64_encode($body)], self::bodies());
        $requests['serialized by Python'] = ['data' => ['z' => 'https://host/é', 'a' => [1.0, null, (object) []]]];
        foreach ($requests as $case => $request) {
            $status = static fn (array $fault = []): int => $client->call('django', ['url' => $url] + $fault + $request)['status'];
            Cases::check(self::PEER, 'Django to PHP', $case, $status() === 200);
            Cases::check(self::PEER, 'Django to PHP, refused', "$case, tampered", $status(['tamper' => true]) === 401);
            Cases::check(self::PEER, 'Django to PHP, refused', "$case, 61 s", $status(['age' => 61]) === 401);
        }
    }

    /**
     * @param array<string, string> $headers
     * @return array{int, array<mixed>}
     */
    private function post(array $headers, string $body): array
    {
        return Http::send(getenv('INTEROP_DJANGO') . '/mixin/hook', 'POST', $headers, $body);
    }
}
