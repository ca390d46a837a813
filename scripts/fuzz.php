<?php

declare(strict_types=1);

// Calls the extension with random arguments: `make fuzz-php`. SEED=… and CASES=… run the same again, CASE=… one.

use HwSignature\Tests\Support\Fuzzer;

require __DIR__ . '/../php-tests/bootstrap.php';

$seed = (int) (getenv('SEED') ?: random_int(1, 1 << 30));
$cases = (int) (getenv('CASES') ?: 1_000_000);
$only = getenv('CASE');
echo "SEED=$seed\n";
$fuzzer = new Fuzzer($seed);
foreach ($only === false ? range(0, $cases - 1) : [(int) $only] as $case) {
    if ($case % 100_000 === 0) {
        echo "case $case\n";
    }
    $fuzzer->run($case);
}
echo $only === false ? $cases : 1, " cases, nothing unexpected\n";
