<?php

declare(strict_types=1);

namespace HwSignature\Tool;

/** What Guzzle's `MessageFormatter::DEBUG` writes: the request between two rows of arrows, then the response. */
final class GuzzleLog implements DumpReader
{
    private const BEGIN = '>>>>>>>>';
    private const END = '<<<<<<<<';

    public static function read(string $text): ?RequestDump
    {
        // A logger may have put the time before it.
        $text = ltrim($text, "\r\n");
        $lineEnd = strpos($text, "\n");
        $firstLine = substr($text, 0, (int) $lineEnd);
        if (!str_ends_with(rtrim($firstLine, "\r"), self::BEGIN)) {
            return null;
        }
        $newline = str_ends_with($firstLine, "\r") ? "\r\n" : "\n";
        return HttpMessage::read(explode($newline . self::END, substr($text, $lineEnd + 1), 2)[0]);
    }
}
