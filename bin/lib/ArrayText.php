<?php

declare(strict_types=1);

namespace HwSignature\Tool;

/**
 * An array as `var_export()` writes it, as it stands in PHP source, or as Symfony's `dump()` shows it; a dictionary of Python;
 * an object of JavaScript. Nothing is evaluated.
 */
final class ArrayText
{
    private const MOST_NESTED = 32;
    private const QUOTES = '\'"`';
    private const WORD = '-0123456789_$ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    private const ESCAPES = ['n' => "\n", 'r' => "\r", 't' => "\t", 'v' => "\v", 'f' => "\f", 'e' => "\x1b", '\\' => '\\', '$' => '$', '"' => '"'];

    private int $at = 0;
    /** Whether a backslash means something between single quotes. */
    private readonly bool $isPhp;

    private function __construct(private readonly string $text)
    {
        $this->isPhp = !str_starts_with($text, '{');
    }

    /** @return array<mixed>|null null when it is no array */
    public static function read(string $text): ?array
    {
        $value = (new self($text))->value(0);
        return is_array($value) ? $value : null;
    }

    /** A string, an array, or null for anything else. */
    private function value(int $depth): mixed
    {
        $this->skipBlank();
        $character = $this->text[$this->at] ?? '';
        if ($character !== '' && str_contains(self::QUOTES, $character)) {
            return $this->strings();
        }
        $close = $depth < self::MOST_NESTED ? $this->open() : null;
        if ($close !== null) {
            return $this->items($close, $depth);
        }
        $this->at += strcspn($this->text, ",\n)]}", $this->at);
        return null;
    }

    private function skipBlank(): void
    {
        $this->at += strspn($this->text, " \t\r\n", $this->at);
    }

    /** What closes the array that begins here. */
    private function open(): ?string
    {
        $start = strcspn($this->text, '([{', $this->at, 24);
        $word = rtrim(strtolower(substr($this->text, $this->at, $start)));
        if ($word !== '' && $word !== 'array' && !(str_starts_with($word, 'array:') && strspn($word, '0123456789', 6) === strlen($word) - 6)) {
            return null;
        }
        $close = ['(' => ')', '[' => ']', '{' => '}'][$this->text[$this->at + $start] ?? ''] ?? null;
        $this->at += $close === null ? 0 : $start + 1;
        return $close;
    }

    /** @return array<mixed> */
    private function items(string $close, int $depth): array
    {
        $items = [];
        while (true) {
            $this->at += strspn($this->text, " \t\r\n,▶▼", $this->at);
            if (($this->text[$this->at] ?? $close) === $close) {
                ++$this->at;
                return $items;
            }
            $start = $this->at;
            $key = $this->key();
            $value = $this->value($depth + 1);
            if ($key === null) {
                $items[] = $value;
            } else {
                $items[$key] = $value;
            }
            if ($this->at === $start) {
                return $items;
            }
        }
    }

    /** What stands before `=>` or a colon. */
    private function key(): ?string
    {
        $start = $this->at;
        $quoted = strspn($this->text, self::QUOTES, $this->at, 1) === 1;
        $key = $quoted ? $this->strings() : substr($this->text, $this->at, strspn($this->text, self::WORD, $this->at));
        $this->at += $quoted ? 0 : strlen($key);
        $this->skipBlank();
        $arrow = $this->isPhp ? '=>' : ':';
        if ($key !== '' && substr_compare($this->text, $arrow, min($this->at, strlen($this->text)), strlen($arrow)) === 0) {
            $this->at += strlen($arrow);
            return $key;
        }
        $this->at = $start;
        return null;
    }

    /** One string, or several that are joined: var_export() writes a NUL byte as '' . "\0" . ''. */
    private function strings(): string
    {
        $text = $this->string($this->text[$this->at++]);
        while (true) {
            $blank = strspn($this->text, " \t\r\n", $this->at);
            $next = substr($this->text, $this->at + $blank, 1);
            $quote = $this->at + $blank + 1;
            $quote += strspn($this->text, " \t\r\n", $quote);
            if ($next !== ($this->isPhp ? '.' : '+') || strspn($this->text, self::QUOTES, $quote, 1) === 0) {
                return $text;
            }
            $this->at = $quote + 1;
            $text .= $this->string($this->text[$quote]);
        }
    }

    private function string(string $quote): string
    {
        $string = '';
        while (($character = $this->text[$this->at++] ?? $quote) !== $quote) {
            $string .= $character === '\\' ? $this->escape($quote) : $character;
        }
        return $string;
    }

    private function escape(string $quote): string
    {
        $letter = $this->text[$this->at++] ?? '';
        if ($quote === "'" && $this->isPhp) {
            return $letter === "'" || $letter === '\\' ? $letter : "\\$letter";
        }
        $octal = strspn($this->text, '01234567', $this->at - 1, 3);
        if ($octal > 0) {
            $digits = substr($this->text, $this->at - 1, $octal);
            $this->at += $octal - 1;
            return chr((int) octdec($digits) & 0xff);
        }
        $hexadecimal = $letter === 'x' ? strspn($this->text, '0123456789abcdefABCDEF', $this->at, 2) : 0;
        if ($hexadecimal > 0) {
            $this->at += $hexadecimal;
            return chr((int) hexdec(substr($this->text, $this->at - $hexadecimal, $hexadecimal)));
        }
        return self::ESCAPES[$letter] ?? (!$this->isPhp && str_contains(self::QUOTES, $letter) ? $letter : "\\$letter");
    }
}
