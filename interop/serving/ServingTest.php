<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Interop\Cases;
use HwSignature\Interop\Keys;
use PHPUnit\Framework\TestCase;

/** Four workers of php-fpm under load: every answer right, nobody restarted, memory flat, nothing in the logs. */
final class ServingTest extends TestCase
{
    private const PEER = 'php-fpm behind nginx, under wrk';
    private const WORKERS = 4;
    private const WARM_UP_SECONDS = 4;
    private const SECONDS = 10;
    private const LEAST_REQUESTS = 5000;
    /** Even at the least number of requests, a leak of 250 bytes in each would be more. */
    private const GROWTH_KIB = 256;

    public function testUnderLoad(): void
    {
        $file = dirname((string) getenv('INTEROP_REPORT')) . '/requests';
        file_put_contents($file, implode('', array_map(static fn (string $text): string => strlen($text) . "\n$text", self::requests())));

        self::wrk($file, self::WARM_UP_SECONDS);
        $before = self::workers();
        $count = self::wrk($file, self::SECONDS);
        $after = self::workers();

        $answers = $count['accepted'] + $count['refused'];
        $enough = $answers >= self::LEAST_REQUESTS && min($count['accepted'], $count['refused']) >= self::LEAST_REQUESTS / 3;
        Cases::check(self::PEER, 'load', "{$count['accepted']} accepted, {$count['refused']} refused", $enough);
        Cases::check(self::PEER, 'load', "{$count['wrong']} wrong answers", $count['wrong'] === 0);
        Cases::check(self::PEER, 'load', "{$count['errors']} errors of connections", $count['errors'] === 0);

        $same = array_keys($before) === array_keys($after) && count($after) === self::WORKERS;
        Cases::check(self::PEER, 'workers', 'none restarted', $same);
        foreach ($after as $pid => $size) {
            $growth = $size - $before[$pid];
            Cases::check(self::PEER, 'workers', "worker $pid: $size KiB, grown by $growth KiB", $growth <= self::GROWTH_KIB);
        }
        foreach (['fpm.log', 'php.log', 'nginx.log'] as $name) {
            $path = getenv('INTEROP_LOGS') . "/$name";
            $log = is_file($path) ? (string) file_get_contents($path) : '';
            Cases::check(self::PEER, 'logs', "$name: " . (substr($log, 0, 500) ?: 'empty'), $log === '');
        }
    }

    /** @return list<string> HTTP requests, as they go over the wire */
    private static function requests(): array
    {
        $key = Keys::bytes('huawei-push');
        $bodies = ['{"message_id":"1"}', '', random_bytes(1000), random_bytes(65536)];
        $signed = [];
        foreach ($bodies as $body) {
            $signed[] = [200, '/huawei-push/load', $body, hw_sign($body, $key)];
            $signed[] = [200, '/django/load', $body, hw_sign($body, Keys::bytes('django'), 'django')];
            $signed[] = [200, '/nextcloud/load?b=2&a=%C3%A9', $body, hw_sign(
                $body,
                Keys::bytes('nextcloud'),
                'nextcloud',
                'POST',
                '/nextcloud/load?b=2&a=%C3%A9',
                'nextcloud-app',
            )];
            $signed[] = [200, '/nextcloud-talk/load', $body, hw_sign($body, Keys::bytes('nextcloud-talk'), 'nextcloud-talk')];

            $good = hw_sign($body, $key);
            $forged = static fn (array $headers): array => [401, '/huawei-push/load', $body, $headers];
            $signed[] = [401, '/huawei-push/load', "$body!", $good];
            $signed[] = $forged([]);
            $signed[] = $forged(hw_sign($body, 'another key'));
            $signed[] = $forged(hw_sign($body, $key, timestamp: (time() - 3600) * 1000));
            $signed[] = $forged(['X-HW-SIGNATURE' => 'timestamp=1; nonce=:; value=AAAA']);
            $signed[] = $forged(['X-HW-SIGNATURE' => str_repeat('a=b;', 1500)]);
            $signed[] = $forged(['X-HW-SIGNATURE' => "\x80\xff" . $good['X-HW-SIGNATURE']]);
        }
        return array_map(static function (array $request): string {
            [$status, $target, $body, $headers] = $request;
            $headers += ['Host' => '127.0.0.1', 'X-Expected' => $status, 'Content-Length' => strlen($body)];
            $lines = array_map(static fn (string $name, mixed $value): string => "$name: $value\r\n", array_keys($headers), $headers);
            return "POST $target HTTP/1.1\r\n" . implode('', $lines) . "\r\n$body";
        }, $signed);
    }

    /** @return array{accepted: int, refused: int, wrong: int, errors: int} */
    private static function wrk(string $file, int $seconds): array
    {
        $command = ['wrk', '-t1', '-c8', "-d{$seconds}s", '-s', __DIR__ . '/load.lua', getenv('INTEROP_HTTP') . '/', '--', $file];
        exec(implode(' ', array_map('escapeshellarg', $command)) . ' 2>&1', $output, $status);
        self::assertSame(0, $status, implode("\n", $output));
        return json_decode((string) end($output), true, 2, JSON_THROW_ON_ERROR);
    }

    /** @return array<int, int> resident memory in KiB, keyed by process id */
    private static function workers(): array
    {
        $fpm = (int) getenv('INTEROP_FPM_PID');
        $pids = array_map('intval', explode(' ', trim((string) file_get_contents("/proc/$fpm/task/$fpm/children"))));
        sort($pids);
        $sizes = [];
        foreach ($pids as $pid) {
            preg_match('/^VmRSS:\s+(\d+) kB$/m', (string) file_get_contents("/proc/$pid/status"), $match);
            $sizes[$pid] = (int) $match[1];
        }
        return $sizes;
    }
}
