<?php

declare(strict_types=1);

namespace HwSignature\Interop;

use PHPUnit\Framework\Assert;

/** One line per case, for the table that interop/run prints. */
final class Cases
{
    public static function check(string $peer, string $direction, string $case, bool $correct): void
    {
        $line = implode("\t", [$correct ? 'passed' : 'FAILED', $peer, $direction, addcslashes($case, "\0..\37")]) . "\n";
        file_put_contents((string) getenv('INTEROP_REPORT'), $line, FILE_APPEND);
        Assert::assertTrue($correct, "$peer, $direction: $case");
    }
}
