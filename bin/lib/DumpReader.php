<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use InvalidArgumentException;

/** One spelling in which people have their requests. */
interface DumpReader
{
    /**
     * The request; null when the text is written in another way.
     *
     * @throws InvalidArgumentException when it is written in this way and cannot be read: a sentence without its end
     */
    public static function read(string $text): ?RequestDump;
}
