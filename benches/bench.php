<?php

/**
 * How much faster than what a PHP user would write: ratios from one process, one run, one machine.
 *
 * `make bench` runs it, after the benchmark of the core: php bench.php [--portable]. It prints a table, and writes
 * benches/results/<PHP version>.json and .svg. All contenders of a payload size take turns, so that a change of the machine's
 * mood hits all of them; a figure is the median over the rounds, and the spread is the distance between the quartiles.
 * Processor time is measured, not the clock on the wall.
 *
 * The second run, `--portable`, has a module that was built without the CPU's SHA instructions, and adds to the results.
 */

declare(strict_types=1);

use HwSignature\{Key, Profile, Signer, Verifier};

const SIZES = [0, 64, 256, 1024, 16_384, 1 << 20, 64 << 20];
const PORTABLE_SIZES = [256, 1 << 20];
const ROUNDS = 25;
const KEY = '0123456789abcdef0123456789abcdef';
const STAMP = 1563105451261;
const NOW = 1563105451;

/**
 * What a user would write to sign: the same headers, from the same clock.
 *
 * @return array<string, string>
 */
function userland_sign(string $payload): array
{
    $timestamp = (string) (int) (microtime(true) * 1000);
    $value = base64_encode(hash_hmac('sha256', "$timestamp:$payload", KEY, true));
    return ['X-HW-SIGNATURE' => "timestamp=$timestamp; nonce=:; value=$value", 'X-HW-TIMESTAMP' => $timestamp];
}

/** What a user would write to verify: split the header, check the age, compare. */
function userland_verify(array $headers, string $payload): bool
{
    $fields = [];
    foreach (explode(';', $headers['X-HW-SIGNATURE'] ?? '') as $part) {
        $pair = explode('=', trim($part), 2);
        if (count($pair) !== 2) {
            return false;
        }
        $fields[$pair[0]] = $pair[1];
    }
    if (!isset($fields['timestamp'], $fields['nonce'], $fields['value'])
        || abs(NOW * 1000 - (int) $fields['timestamp']) > 300_000) {
        return false;
    }
    $expected = hash_hmac('sha256', $fields['timestamp'] . $fields['nonce'] . $payload, KEY, true);
    return hash_equals(base64_encode($expected), $fields['value']);
}

/** Processor time of this process in nanoseconds. */
function processor_time(): float
{
    $usage = getrusage();
    return ($usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec']) * 1e9
        + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) * 1e3;
}

/** @return array<string, Closure(int): void> name => runs it so many times */
function contenders(string $payload): array
{
    $key = Key::fromBytes(KEY);
    $signer = new Signer(Profile::named('huawei-push'), $key);
    $verifier = new Verifier(Profile::named('huawei-push'), [$key]);
    $headers = $signer->sign($payload, 'POST', '/', null, STAMP);
    $userland = userland_sign($payload);
    if (!$verifier->isValid($userland, $payload, 'POST', '/') || !userland_verify($headers, $payload)
        || array_keys($userland) !== array_keys($headers)) {
        throw new LogicException('The contenders do not agree.');
    }
    return [
        'userland sign' => static function (int $n) use ($payload): void {
            while ($n-- > 0) {
                userland_sign($payload);
            }
        },
        'userland verify' => static function (int $n) use ($payload, $headers): void {
            while ($n-- > 0) {
                userland_verify($headers, $payload);
            }
        },
        'hw_sign' => static function (int $n) use ($payload): void {
            while ($n-- > 0) {
                hw_sign($payload, KEY, 'huawei-push', 'POST', '/');
            }
        },
        'hw_verify' => static function (int $n) use ($payload, $headers): void {
            while ($n-- > 0) {
                hw_verify($headers, $payload, KEY, 'huawei-push', 'POST', '/', null, NOW);
            }
        },
        'Signer::sign' => static function (int $n) use ($payload, $signer): void {
            while ($n-- > 0) {
                $signer->sign($payload, 'POST', '/');
            }
        },
        'Verifier::isValid' => static function (int $n) use ($payload, $headers, $verifier): void {
            while ($n-- > 0) {
                $verifier->isValid($headers, $payload, 'POST', '/', NOW);
            }
        },
        'empty call' => static function (int $n) use ($payload, $headers): void {
            while ($n-- > 0) {
                hw_floor($headers, $payload, 'POST', '/', NOW);
            }
        },
    ];
}

/**
 * What a header with two signatures costs over one with one, while a secret is being changed.
 *
 * @return array<string, Closure(int): void>
 */
function signatures(string $payload): array
{
    $verifier = new Verifier(Profile::named('stripe'), [Key::fromBytes(KEY)]);
    $signature = hash_hmac('sha256', NOW . ".$payload", KEY);
    [$other, $old] = [hash('sha256', 'another key'), hash('sha256', 'another version')];
    $now = NOW;
    $headers = [
        'one signature' => "t=$now,v1=$signature",
        'two signatures' => "t=$now,v1=$other,v1=$signature",
        'two, in another order' => "v1=$other,v1=$signature,t=$now",
        'two, another version beside' => "t=$now,v1=$other,v1=$signature,v0=$old",
    ];
    return array_map(static function (string $header) use ($payload, $verifier): Closure {
        $headers = ['Stripe-Signature' => $header];
        if (!$verifier->isValid($headers, $payload, now: NOW)) {
            throw new LogicException('What is measured is not valid.');
        }
        return static function (int $n) use ($payload, $headers, $verifier): void {
            while ($n-- > 0) {
                $verifier->isValid($headers, $payload, 'POST', '/', NOW);
            }
        };
    }, $headers);
}

/**
 * @param array<string, Closure(int): void> $contenders
 *
 * @return array<string, array{median: float, spread: float}> nanoseconds per call
 */
function measure(int $size, array $contenders, int $rounds): array
{
    $repeat = (int) max(1, min(20_000, 2e7 / (1000 + $size * 3)));
    $times = [];
    for ($round = 0; $round < $rounds; $round++) {
        foreach ($contenders as $name => $run) {
            $start = processor_time();
            $run($repeat);
            $times[$name][] = (processor_time() - $start) / $repeat;
        }
    }
    return array_map(static function (array $times): array {
        sort($times);
        $at = static fn (float $part): float => $times[(int) floor((count($times) - 1) * $part)];
        return ['median' => $at(0.5), 'spread' => $at(0.75) - $at(0.25)];
    }, $times);
}

/** What a SHA-256 compression takes, in nanoseconds of processor time. */
function compression(): float
{
    $compressions = static function (int $n): void {
        while ($n-- > 0) {
            hw_compressions();
        }
    };
    return measure(1 << 16, ['compressions' => $compressions], ROUNDS)['compressions']['median'] / 1024;
}

/** How many SHA-256 compressions an HMAC with a kept key takes over the string to sign. */
function compressions(int $size): int
{
    return intdiv(strlen(STAMP . ':') + $size + 9 + 63, 64) + 1;
}

/** @param array<int, array<string, array{median: float, spread: float}>> $results */
function chart(array $results, string $title): string
{
    $series = ['hw_verify' => 'userland verify', 'Verifier::isValid' => 'userland verify', 'Signer::sign' => 'userland sign'];
    $sizes = array_keys($results);
    $x = static fn (int $index): float => 70 + $index * 560 / (count($sizes) - 1);
    $y = static fn (float $ratio): float => 320 - $ratio * 280 / 8;
    $svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 700 400\" font-family=\"sans-serif\" font-size=\"12\">\n"
        . "<rect width=\"700\" height=\"400\" fill=\"#fff\"/><text x=\"70\" y=\"22\" font-size=\"14\">$title</text>\n";
    for ($ratio = 0; $ratio <= 8; $ratio += 2) {
        $svg .= sprintf('<line x1="70" x2="630" y1="%1$.1f" y2="%1$.1f" stroke="#ddd"/><text x="60" y="%2$.1f" text-anchor="end">%3$d×</text>' . "\n", $y($ratio), $y($ratio) + 4, $ratio);
    }
    foreach ($sizes as $index => $size) {
        $svg .= sprintf('<text x="%.1f" y="340" text-anchor="middle">%s</text>' . "\n", $x($index), size_name($size));
    }
    $svg .= "<text x=\"350\" y=\"362\" text-anchor=\"middle\">payload in bytes</text>\n";
    foreach (array_keys($series) as $number => $name) {
        $color = ['#0072b2', '#d55e00', '#009e73'][$number];
        $points = [];
        foreach ($sizes as $index => $size) {
            $ratio = $results[$size][$series[$name]]['median'] / $results[$size][$name]['median'];
            $points[] = sprintf('%.1f,%.1f', $x($index), $y(min($ratio, 8)));
        }
        $svg .= "<polyline fill=\"none\" stroke=\"$color\" stroke-width=\"2\" points=\"" . implode(' ', $points) . "\"/>\n"
            . sprintf('<text x="%d" y="386" fill="%s">%s</text>' . "\n", 120 + $number * 170, $color, $name);
    }
    return "$svg</svg>\n";
}

function size_name(int $size): string
{
    return match (true) {
        $size >= 1 << 20 => ($size >> 20) . ' Mi',
        $size >= 1024 => ($size >> 10) . ' Ki',
        default => (string) $size,
    };
}

preg_match('/^model name\s*: (.*)$/m', (string) @file_get_contents('/proc/cpuinfo'), $cpu);
ob_start();
(new ReflectionExtension('hw_signature'))->info();
preg_match('/SHA-256 implementation => (.*)/', ob_get_clean(), $sha256);
$machine = sprintf('PHP %s, %s, %s', PHP_VERSION, trim($cpu[1] ?? php_uname('m')), $sha256[1] ?? '?');

$file = __DIR__ . '/results/' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION;
$isPortable = in_array('--portable', $argv, true);
if ($isPortable && ($sha256[1] ?? '') !== 'portable') {
    throw new LogicException('This module was built with the CPU\'s SHA instructions.');
}

$results = [];
foreach ($isPortable ? PORTABLE_SIZES : SIZES as $size) {
    $results[$size] = measure($size, contenders(str_repeat('a', $size)), $size > 1 << 20 ? 5 : ROUNDS);
}
$compression = compression();

echo "hw_signature ", HwSignature\VERSION, " on $machine\nNanoseconds of processor time per call, median; ratios against userland in the same run.\n\n";
printf("%8s  %15s %15s %15s %20s %20s %20s %20s %9s\n", 'payload', 'userland sign', 'userland verify', 'empty call', 'hw_sign', 'Signer::sign', 'hw_verify', 'Verifier::isValid', 'floor');
foreach ($results as $size => $row) {
    $against = static function (string $name, string $yardstick) use ($row): string {
        return sprintf('%.0f (%.1f×)', $row[$name]['median'], $row[$yardstick]['median'] / $row[$name]['median']);
    };
    $floor = $row['empty call']['median'] + compressions($size) * $compression;
    printf(
        "%8s  %15.0f %15.0f %15.0f %21s %21s %21s %21s %9s\n",
        size_name($size),
        $row['userland sign']['median'],
        $row['userland verify']['median'],
        $row['empty call']['median'],
        $against('hw_sign', 'userland sign'),
        $against('Signer::sign', 'userland sign'),
        $against('hw_verify', 'userland verify'),
        $against('Verifier::isValid', 'userland verify'),
        $isPortable ? '' : sprintf('%.1f×', $row['Verifier::isValid']['median'] / $floor),
    );
}
if ($isPortable) {
    $whole = json_decode((string) file_get_contents("$file.json"), true, flags: JSON_THROW_ON_ERROR);
    $whole['portable'] = $results;
} else {
    printf("\nFloor: isValid over the empty call and the compressions it needs, %.1f ns each.\n\n", $compression);
    // Many rounds: what they differ by is less than what a busy machine adds.
    $signatures = measure(256, signatures(str_repeat('a', 256)), 8 * ROUNDS);
    echo "Verifier::isValid with 256 bytes under stripe:\n";
    foreach ($signatures as $name => ['median' => $median]) {
        printf("%28s  %5.0f  (%+.1f %%)\n", $name, $median, ($median / $signatures['one signature']['median'] - 1) * 100);
    }
    echo "\n";
    $whole = ['machine' => $machine, 'version' => HwSignature\VERSION, 'compression' => $compression, 'nanoseconds' => $results, 'signatures' => $signatures];
    file_put_contents("$file.svg", chart($results, "Times faster than userland: $machine"));
}
file_put_contents("$file.json", json_encode($whole, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE) . "\n");
