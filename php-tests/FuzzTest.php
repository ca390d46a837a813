<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\Fuzzer;
use PHPUnit\Framework\TestCase;

/** `make fuzz-php` runs a million cases, and with another seed each time. */
final class FuzzTest extends TestCase
{
    private const SEED = 1;
    private const CASES = 20_000;

    public function testNothingComesOutButResultsAndDocumentedExceptions(): void
    {
        $fuzzer = new Fuzzer(self::SEED);
        for ($case = 0; $case < self::CASES; ++$case) {
            $fuzzer->run($case);
        }
        $this->addToAssertionCount(self::CASES);
    }
}
