<?php

declare(strict_types=1);

// Claims and releases with every guard of examples/replay.php that can be had here, by two receivers.

require dirname(__DIR__, 2) . '/examples/replay.php';

$file = tempnam(sys_get_temp_dir(), 'hw_signature_release_');
putenv("REPLAY_SQLITE=$file");
foreach (available_guards() as $name => $make) {
    [$first, $second] = [$make(), $make()];
    if (is_string($first)) {
        echo "$name: not available, $first\n";
        continue;
    }
    $ids = [hash('sha256', random_bytes(8)), hash('sha256', random_bytes(8))];
    $answers = [$first($ids[0], 60), $first($ids[1], 60), $second($ids[0], 60)];
    $second->release(...$ids);
    $answers[] = $second($ids[0], 60);
    $first->release(...$ids);
    $answers[] = $second($ids[0], 60);
    $answers[] = $second($ids[1], 60);
    $first->release(...$ids);
    $answers[] = $first($ids[1], 60);
    $first->release(); // nothing
    echo "$name: ", $answers === [true, true, false, false, true, true, false] ? 'as it should be' : json_encode($answers), "\n";
}
unset($make, $first, $second);
array_map('unlink', glob("$file*"));
