<?php

declare(strict_types=1);

// The same random calls to the extension and to the PHP library, and whether the same comes out: `make fuzz-library`.
// SEED=… and CASES=… run the same again, CASE=… one. Runs with the extension; starts a PHP without it.

use HwSignature\Tests\Support\Comparison;

require __DIR__ . '/../php-tests/bootstrap.php';

$worker = ($argv[1] ?? '') === '--worker';
$seed = (int) (getenv('SEED') ?: random_int(1, 1 << 30));
$cases = (int) (getenv('CASES') ?: 1_000_000);
$first = (int) getenv('CASE');
$end = getenv('CASE') === false ? $cases : $first + 1;
$comparison = new Comparison($seed);

if ($worker) {
    for ($case = $first; $case < $end; ++$case) {
        echo $comparison->outcome($case), "\n";
    }
    exit;
}

// Where a type is declared, PHP looks at it before the body begins: of several wrong arguments, it tells another one.
$isDeclaredType = static fn (string $outcome): bool => preg_match(
    '/(?:^|= )TypeError\("[^"]* must be of type (?:\?int|int|array|\?Throwable|\?{0,1}HwSignature(?:\\\\\\\\\w+)+), [^"]* given", 0\)$/',
    $outcome,
) === 1;

echo "SEED=$seed\n";
$library = proc_open(
    [PHP_BINARY, '-d', 'memory_limit=1G', __FILE__, '--worker'],
    [1 => ['pipe', 'w']],
    $pipes,
    null,
    ['HW_SIGNATURE_TESTS' => 'library', 'SEED' => (string) $seed] + getenv(),
);
$differences = $leftOut = 0;
for ($case = $first; $case < $end; ++$case) {
    if ($case % 100_000 === 0) {
        echo "case $case\n";
    }
    $ours = $comparison->outcome($case);
    $theirs = rtrim((string) fgets($pipes[1]), "\n");
    if ($ours === $theirs) {
        continue;
    }
    // PHP lets null pass for an integer of its own functions, without strict_types, and says that it will not for ever.
    $isNull = str_contains($ours, 'Passing null to parameter #') && str_contains($theirs, 'must be of type int, null given');
    $isConverted = str_starts_with($theirs, 'ErrorException("Implicit conversion from float');
    if ($isNull || ($isConverted || $isDeclaredType($theirs)) && preg_match('/(?:^|= )(?:TypeError|ValueError)\(/', $ours) === 1) {
        ++$leftOut;
        continue;
    }
    echo "case $case\n  extension: $ours\n  library:   $theirs\n";
    if (++$differences === (int) (getenv('MOST') ?: 10)) {
        exit(1);
    }
}
proc_close($library);
$count = $end - $first;
echo "$count calls, $differences differences; $leftOut left out\n";
exit($differences === 0 ? 0 : 1);
