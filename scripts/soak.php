<?php

// Calls every entry point over and over, those that throw too, and looks at the resident set of the process before and
// after: scripts/php scripts/soak.php [CALLS]

declare(strict_types=1);

use HwSignature\Tests\Support\EntryPoints;

require __DIR__ . '/../php-tests/support/EntryPoints.php';

const WARM_UP_ROUNDS = 200;
// What takes a hundred times as long as the others is called in every so manieth round.
const RARE = ['hw_diagnose forged' => 500];
// A page that the allocator touches late is no leak; a byte per call would be ten megabytes.
const TOLERATED_KIB = 512;

function resident(): int
{
    gc_collect_cycles();
    preg_match('/^VmRSS:\s+(\d+) kB$/m', file_get_contents('/proc/self/status'), $match);

    return (int) $match[1];
}

$calls = EntryPoints::all();
$made = 0;
$round = static function (int $number) use ($calls, &$made): void {
    foreach ($calls as $name => $call) {
        if ($number % (RARE[$name] ?? 1) === 0) {
            $call();
            $made++;
        }
    }
};

for ($i = 0; $i < WARM_UP_ROUNDS; $i++) {
    $round($i);
}
$made = 0;
$before = resident();
for ($i = 0, $wanted = (int) ($argv[1] ?? 10_000_000); $made < $wanted; $i++) {
    $round($i);
}
$after = resident();

printf("%s calls of %d entry points: VmRSS %d KiB before, %d KiB after\n", number_format($made), count($calls), $before, $after);
exit($after - $before > TOLERATED_KIB ? 1 : 0);
