<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * How the fields stand in a header.
 *
 * @internal
 */
interface HeaderForm
{
    /** Most parts in one header. */
    public const MAX_PARTS = 32;
    /** Most signatures in one header. */
    public const MAX_SIGNATURES = 16;

    /**
     * Reads the fields back, one after the other, so that what is wrong with one is told before the next one is missed.
     *
     * @return iterable<array{Field, string, int}> each field, its text, and where that starts in the header. The signature
     *     may come several times
     *
     * @throws HeaderError when the header does not have the form
     */
    public function read(string $header): iterable;

    /** From the end of one signature to the start of the next, where several may come; `$joint` is the separator. */
    public function between(string $joint): string;
}
