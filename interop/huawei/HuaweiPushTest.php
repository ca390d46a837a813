<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Interop\Cases;
use HwSignature\Interop\Keys;
use HwSignature\Interop\Peer;
use PHPUnit\Framework\TestCase;

/** Huawei Push Kit's callbacks, in both spellings, over HTTP/1.1 and over HTTP/2, where header names arrive in lower case. */
final class HuaweiPushTest extends TestCase
{
    private const PEER = 'Huawei sender in Python';
    private const CALLBACK_USER = 'callback-user';

    /** @return array<string, string> */
    private static function bodies(): array
    {
        $message = ['from' => '4', 'category' => 'a/b', 'message_id' => '7', 'data' => base64_encode('{"k":"é"}')];
        return [
            'uplink message' => (string) json_encode($message),
            'indented' => (string) json_encode($message, JSON_PRETTY_PRINT),
            'UTF-8' => 'Füße, 日本語, 🎉',
            'binary' => implode('', array_map('chr', range(0, 255))),
            'empty' => '',
        ];
    }

    /** @return array<string, array{string, string}> */
    public static function transports(): array
    {
        $transports = [];
        foreach (['HTTP/1.1', 'HTTP/2.0'] as $http) {
            foreach (['with spaces', 'without spaces'] as $spelling) {
                $transports["$http, $spelling"] = [$http, $spelling];
            }
        }
        return $transports;
    }

    /** @dataProvider transports */
    #[\PHPUnit\Framework\Attributes\DataProvider('transports')]
    public function testUplinkMessages(string $http, string $spelling): void
    {
        $this->deliver('huawei-push', $http, $spelling, []);
    }

    /** @dataProvider transports */
    #[\PHPUnit\Framework\Attributes\DataProvider('transports')]
    public function testReceipts(string $http, string $spelling): void
    {
        $this->deliver('huawei-receipt', $http, $spelling, ['user' => self::CALLBACK_USER]);
    }

    /** @param array<string, string> $signed */
    private function deliver(string $profile, string $http, string $spelling, array $signed): void
    {
        $sender = Peer::python(__DIR__ . '/sender.py');
        foreach (self::bodies() as $case => $body) {
            $post = static function (array $fault = []) use ($sender, $profile, $http, $spelling, $signed, $body): array {
                $request = ['profile' => $profile, 'http' => $http, 'spelling' => $spelling, 'body' => base64_encode($body)];
                return $sender->call('post', $fault + $signed + $request);
            };
            $answer = $post();
            $name = strtolower($profile === 'huawei-push' ? 'X-HW-SIGNATURE' : 'X-HUAWEI-CALLBACK-ID');
            $arrived = in_array($name, array_map('strtolower', $answer['json']['headers']), true);
            $spoken = [$answer['http'], $answer['json']['protocol']] === [$http === 'HTTP/2.0' ? 'HTTP/2' : $http, $http];
            Cases::check(self::PEER, "$profile, $http", "$case, $spelling", $answer['status'] === 200 && $arrived && $spoken);

            // Of a header that comes twice, nginx before 1.23 and php-fpm show PHP only the last: here, the forged one.
            $faults = ['stale' => ['age' => 301], 'from the future' => ['age' => -330], 'twice' => ['twice' => true]];
            // A receipt does not sign its body, only who is called back.
            $faults += $signed === [] ? ['tampered' => ['tamper' => true]] : ['of another' => ['user' => 'someone-else']];
            foreach ($faults as $fault => $arguments) {
                Cases::check(self::PEER, "$profile, $http, refused", "$case, $spelling, $fault", $post($arguments)['status'] === 401);
            }
        }
    }

    public function testPythonAcceptsWhatPhpSigns(): void
    {
        $peer = Peer::python(__DIR__ . '/sender.py');
        foreach (['huawei-push' => 'X-HW-SIGNATURE', 'huawei-receipt' => 'X-HUAWEI-CALLBACK-ID'] as $profile => $name) {
            foreach (self::bodies() as $case => $payload) {
                $header = hw_sign($payload, Keys::bytes($profile), $profile)[$name];
                $verify = static fn (string $payload): bool => $peer->call('verify', [
                    'profile' => $profile, 'header' => $header, 'payload' => base64_encode($payload),
                ]);
                Cases::check(self::PEER, 'PHP to Python', "$profile, $case", $verify($payload) && !$verify("$payload!"));
            }
        }
    }
}
