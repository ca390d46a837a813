<?php

declare(strict_types=1);

namespace HwSignature\Tool;

/** The standard output and the standard error output. */
final class Console
{
    public static function show(string $text, int $exitCode = 0): int
    {
        echo rtrim($text, "\n"), "\n";
        return $exitCode;
    }

    public static function json(mixed $value): string
    {
        return json_encode($value, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR);
    }

    /** Green for good, red for bad, bold for a heading. */
    public static function paint(string $text, ?bool $good): string
    {
        $colourful = stream_isatty(STDOUT) && (string) getenv('NO_COLOR') === '' && getenv('TERM') !== 'dumb';
        $code = match ($good) { true => '1;32', false => '1;31', null => '1' };
        return $colourful ? "\e[{$code}m$text\e[0m" : $text;
    }

    public static function note(string $message): void
    {
        fwrite(STDERR, "hw-signature: note: $message\n");
    }

    public static function warn(string $message): void
    {
        fwrite(STDERR, "hw-signature: warning: $message\n");
    }

    public static function complain(string $message): void
    {
        fwrite(STDERR, "hw-signature: $message\n");
    }
}
