<?php

// A request after preload.php: prints what does not hold.

declare(strict_types=1);

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\Reason;
use HwSignature\Tests\Preloaded;
use HwSignature\Tests\Support\EntryPoints;

$preloaded = opcache_get_status()['preload_statistics']['classes'] ?? [];
$thrown = new Preloaded(key: Key::fromBytes('secret'));
$checks = [
    'both classes are preloaded' => array_diff([Preloaded::class, EntryPoints::class], $preloaded) === [],
    'static properties start anew' => Preloaded::$calls === 0,
    'cases are the same objects' => $thrown->encoding === Encoding::Hex && $thrown->getReason() === Reason::Stale,
];
foreach (EntryPoints::all() as $call) {
    $call();
}
echo implode("\n", array_keys($checks, false, true));
