<?php

/**
 * One of several processes that verify at the same time: `racer.php GUARD REQUESTS`.
 *
 * GUARD is a name of examples/replay.php; REQUESTS is a file with a serialized list of [headers, payload]. Reads from its
 * input when to start, verifies one request every millisecond and prints how many were accepted.
 */

declare(strict_types=1);

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Verifier;

require dirname(__DIR__, 2) . '/examples/replay.php';

[, $name, $file] = $argv;
$guard = available_guards()[$name]();
$verifier = new Verifier(Profile::named('huawei-receipt'), [Key::fromBytes('test-shared-secret')], claim: $guard);
$requests = unserialize(file_get_contents($file));

echo "ready\n";
$start = (int) fgets(STDIN);

$accepted = 0;
foreach ($requests as $index => [$headers, $payload]) {
    // All processes leave this line at the same moment, as far as there are processors for them.
    while (hrtime(true) < $start + $index * 1_000_000) {
    }
    $accepted += (int) $verifier->isValid($headers, $payload);
}
echo $accepted;
