<?php

declare(strict_types=1);

namespace HwSignature\Inspector;

// Text from outside, as HTML.

const LONGEST_VALUE = 400;

/** HTML. */
function e(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE | ENT_DISALLOWED | ENT_HTML5, 'UTF-8');
}

/** Bytes from outside, where what cannot be seen is escaped and what is too long is cut. */
function visible(string $bytes): string
{
    $visible = static fn(string $byte): string => ord($byte) < 0x20 || ord($byte) > 0x7e || $byte === '\\' ? '\x' . bin2hex($byte) : $byte;
    $shown = implode('', array_map($visible, str_split(substr($bytes, 0, LONGEST_VALUE))));
    return $shown . (strlen($bytes) > LONGEST_VALUE ? ' … ' . (strlen($bytes) - LONGEST_VALUE) . ' bytes more' : '');
}
