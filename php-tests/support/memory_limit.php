<?php

declare(strict_types=1);

// A server script: calls one entry point until the memory limit is reached, and keeps all results. Every allocation
// behind the limit is the extension's, so the request ends inside it.

use HwSignature\Tests\Support\EntryPoints;

require_once __DIR__ . '/EntryPoints.php';

const CALLS = 50_000;

header('Content-Type: text/plain');
header('X-Pid: ' . getmypid());

$calls = EntryPoints::all();
$call = $calls[$_GET['entry'] ?? ''] ?? null;
if ($call === null) {
    $types = [];
    foreach ($calls as $name => $call) {
        $types[$name] = get_debug_type($call());
    }
    echo serialize($types);

    return;
}

$kept = new SplFixedArray(CALLS);
$call();
// What is left of the memory differs from step to step, and so does the allocation that fails.
$filling = str_repeat('.', (int) $_GET['filling']);
// The smallest limit there is: PHP asks the system for memory in chunks of that size.
// Twice, because the first time it may only give back chunks that were kept from an earlier request.
ini_set('memory_limit', '2M');
ini_set('memory_limit', '2M') !== false || throw new Exception('More than that is in use.');
for ($i = 0; $i < CALLS; $i++) {
    $kept[$i] = $call();
}
echo 'unlimited';
