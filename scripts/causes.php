<?php

/**
 * Writes the table of causes into docs/diagnosis.md, from what a diagnosis says of the first mistake of each cause:
 * scripts/php scripts/causes.php
 */

declare(strict_types=1);

require __DIR__ . '/../php-tests/bootstrap.php';

\HwSignature\Tests\Support\CausePage::write();
