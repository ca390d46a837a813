<?php

/**
 * How fast the PHP library verifies, in a PHP without the extension: against what a PHP library of a provider does for
 * the same contract, at 256 bytes or as many as the argument says. In a PHP with the extension, that is what is measured.
 * Run by `make bench`.
 */

declare(strict_types=1);

use HwSignature\{Encoding, Key, Profile, Signer, TimestampFormat, Verifier};

require __DIR__ . '/../library/autoload.php';

const SECRET = 'whsec_0123456789abcdef0123456789abcdef';
const ROUNDS = 201;
const YARDSTICK = 'a provider\'s library';

/**
 * The yardstick: the rules by which stripe-php's verifyHeader() checks `t=…,v1=…`, in the same steps.
 */
final class ProviderLibrary
{
    private static ?bool $hasHashEquals = null;

    public static function verifyHeader(string $payload, string $header, string $secret, ?int $tolerance = null): bool
    {
        $timestamp = self::timestamp($header);
        $signatures = self::signatures($header, 'v1');
        if ($timestamp === -1) {
            throw new UnexpectedValueException('no timestamp');
        }
        if ($signatures === []) {
            throw new UnexpectedValueException('no signature of the scheme');
        }
        $expected = self::signature("$timestamp.$payload", $secret);
        $isFound = false;
        foreach ($signatures as $signature) {
            if (self::isEqual($expected, $signature)) {
                $isFound = true;
                break;
            }
        }
        if (!$isFound) {
            throw new UnexpectedValueException('no signature matches');
        }
        if ($tolerance > 0 && abs(time() - $timestamp) > $tolerance) {
            throw new UnexpectedValueException('outside the tolerance');
        }
        return true;
    }

    private static function timestamp(string $header): int
    {
        foreach (explode(',', $header) as $item) {
            $parts = explode('=', $item, 2);
            if ($parts[0] === 't') {
                return is_numeric($parts[1]) ? (int) $parts[1] : -1;
            }
        }
        return -1;
    }

    /** @return list<string> */
    private static function signatures(string $header, string $scheme): array
    {
        $signatures = [];
        foreach (explode(',', $header) as $item) {
            $parts = explode('=', $item, 2);
            if (trim($parts[0]) === $scheme) {
                $signatures[] = $parts[1];
            }
        }
        return $signatures;
    }

    private static function signature(string $payload, string $secret): string
    {
        return hash_hmac('sha256', $payload, $secret);
    }

    private static function isEqual(string $a, string $b): bool
    {
        self::$hasHashEquals ??= function_exists('hash_equals');
        return self::$hasHashEquals && hash_equals($a, $b);
    }
}

/** Processor time of this process in nanoseconds. */
function processor_time(): float
{
    $usage = getrusage();
    return ($usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec']) * 1e9
        + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) * 1e3;
}

$size = (int) ($argv[1] ?? 256);
$payload = str_repeat('a', $size);
$repeat = max(1, intdiv(4_000_000, 4000 + 15 * $size));
$timestamp = time();
$header = "t=$timestamp,v1=" . hash_hmac('sha256', "$timestamp.$payload", SECRET);
$headers = ['Stripe-Signature' => $header];
$server = $_SERVER + ['HTTP_STRIPE_SIGNATURE' => $header];
$profile = new Profile(
    'provider',
    '{timestamp}.{payload}',
    ['Stripe-Signature' => 't={timestamp},v1={signature}'],
    Encoding::Hex,
    TimestampFormat::Seconds,
);
$verifier = new Verifier($profile, [Key::fromBytes(SECRET)]);
$signer = new Signer($profile, Key::fromBytes(SECRET));

$contenders = [
    YARDSTICK => static function (int $n) use ($payload, $header): void {
        while ($n-- > 0) {
            ProviderLibrary::verifyHeader($payload, $header, SECRET, 300);
        }
    },
    'Verifier::isValid' => static function (int $n) use ($payload, $headers, $verifier): void {
        while ($n-- > 0) {
            $verifier->isValid($headers, $payload);
        }
    },
    'hw_verify' => static function (int $n) use ($payload, $headers, $profile): void {
        while ($n-- > 0) {
            hw_verify($headers, $payload, SECRET, $profile);
        }
    },
    'Verifier::isValid, $_SERVER' => static function (int $n) use ($payload, $server, $verifier): void {
        while ($n-- > 0) {
            $verifier->isValid($server, $payload);
        }
    },
    // With what a replay guard needs, and a reason where it rejects.
    'Verifier::verify' => static function (int $n) use ($payload, $headers, $verifier): void {
        while ($n-- > 0) {
            $verifier->verify($headers, $payload);
        }
    },
    'Signer::sign' => static function (int $n) use ($payload, $signer): void {
        while ($n-- > 0) {
            $signer->sign($payload);
        }
    },
];
if (!ProviderLibrary::verifyHeader($payload, $header, SECRET, 300)
    || !$verifier->isValid($headers, $payload) || !$verifier->isValid($server, $payload)
    || !hw_verify($headers, $payload, SECRET, $profile)) {
    throw new LogicException('The contenders do not agree.');
}

// All take turns, and a ratio is that of one turn: a change of the machine's mood hits both.
$times = $ratios = [];
for ($round = 0; $round < ROUNDS; ++$round) {
    foreach ($contenders as $name => $run) {
        $start = processor_time();
        $run($repeat);
        $times[$name][] = (processor_time() - $start) / $repeat;
        $ratios[$name][] = end($times[YARDSTICK]) / end($times[$name]);
    }
}
$at = static function (array $values, float $part): float {
    sort($values);
    return $values[(int) (count($values) * $part)];
};

$opcache = function_exists('opcache_get_status') && opcache_get_status() !== false ? 'with' : 'without';
$what = extension_loaded('hw_signature') ? 'The extension' : 'The PHP library';
echo "$what at $size bytes, PHP ", PHP_VERSION, " $opcache opcache: nanoseconds of processor time per call, median\n";
echo str_pad('', 42), "as fast as the first: median, and a quarter of the turns each beyond\n";
foreach ($times as $name => $values) {
    $ratio = array_map(static fn (float $part): float => $at($ratios[$name], $part), [0.5, 0.25, 0.75]);
    printf("%30s  %6.0f  %6.2f×  (%.2f to %.2f)\n", $name, $at($values, 0.5), ...$ratio);
}
