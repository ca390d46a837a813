<?php

declare(strict_types=1);

namespace HwSignature\Tool;

/** A body as `Transfer-Encoding: chunked` writes it (RFC 9112, section 7.1). */
final class Chunks
{
    private const HEXADECIMAL = '0123456789abcdefABCDEF';
    /** A chunk is no longer than this many digits say. */
    private const MOST_DIGITS = 8;

    /** The bytes in the chunks; null when the text is not in chunks, because the program that saved it took them apart. */
    public static function join(string $text): ?string
    {
        $body = '';
        for ($at = 0; ; ) {
            $digits = strspn($text, self::HEXADECIMAL, $at);
            $lineEnd = strpos($text, "\n", $at);
            if ($digits === 0 || $digits > self::MOST_DIGITS || $lineEnd === false || strspn($text, "; \t\r\n", $at + $digits, 1) !== 1) {
                return null;
            }
            $length = (int) hexdec(substr($text, $at, $digits));
            if ($length === 0) {
                return $body;
            }
            $chunk = substr($text, $lineEnd + 1, $length);
            $at = $lineEnd + 1 + $length;
            $at += substr($text, $at, 2) === "\r\n" ? 2 : 1;
            if (strlen($chunk) !== $length || ($text[$at - 1] ?? '') !== "\n") {
                return null;
            }
            $body .= $chunk;
        }
    }
}
