<?php

/**
 * Writes docs/reference.md from the stub: php scripts/reference.php. With --check, says whether it is what it would write.
 *
 * To be run without the extension, whose classes the stub would declare again.
 */

declare(strict_types=1);

require __DIR__ . '/../php-tests/support/ReferencePage.php';

use HwSignature\Tests\Support\ReferencePage;

$page = ReferencePage::of(__DIR__ . '/../stubs/hw_signature.php');
$file = __DIR__ . '/../docs/reference.md';
if (in_array('--check', $argv, true)) {
    if ($page !== file_get_contents($file)) {
        fwrite(STDERR, "docs/reference.md is stale: php scripts/reference.php\n");
        exit(1);
    }
    exit;
}
file_put_contents($file, $page);
