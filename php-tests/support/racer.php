<?php

/**
 * One of several processes that verify at the same time: `racer.php GUARD REQUESTS`.
 *
 * GUARD is a name of examples/replay.php; REQUESTS is a file with a serialized list of [headers, payload]. Waits until its
 * input ends, verifies them all and prints how many were accepted.
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
stream_get_contents(STDIN);

$accepted = 0;
foreach ($requests as [$headers, $payload]) {
    $accepted += (int) $verifier->isValid($headers, $payload);
}
echo $accepted;
