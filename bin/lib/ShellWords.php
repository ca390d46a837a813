<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use InvalidArgumentException;

/** A command as it is typed into a POSIX shell, with the `$'…'` of bash, taken apart into words. Nothing is run. */
final class ShellWords
{
    private const ESCAPES = ['a' => "\x07", 'b' => "\x08", 'e' => "\x1b", 'E' => "\x1b", 'f' => "\f", 'n' => "\n", 'r' => "\r", 't' => "\t", 'v' => "\v"];
    private const IN_DOUBLE_QUOTES = '$`"\\';

    private int $at = 0;
    private ?string $word = null;

    private function __construct(private readonly string $text)
    {
    }

    /**
     * The words of the first command.
     *
     * @return list<string>
     *
     * @throws InvalidArgumentException
     */
    public static function split(string $text): array
    {
        $words = [];
        $shell = new self($text);
        while (($word = $shell->next()) !== null) {
            $words[] = $word;
        }
        return $words;
    }

    private function next(): ?string
    {
        $this->at += strspn($this->text, " \t\r", $this->at);
        $this->word = null;
        while (($character = $this->text[$this->at] ?? '') !== '') {
            if (strspn($character, " \t\r\n;|&<>()#") === 1 && ($character !== '#' || $this->word === null)) {
                break;
            }
            ++$this->at;
            match ($character) {
                "'" => $this->singleQuoted(),
                '"' => $this->doubleQuoted(),
                '\\' => $this->escaped(),
                '$' => $this->dollar(),
                '`' => throw self::unknown('`…`'),
                default => $this->word .= $character,
            };
        }
        // A redirection is not curl's.
        return $this->word !== null && strspn($character, '<>') === 1 && strspn($this->word, '0123456789') === strlen($this->word) ? null : $this->word;
    }

    private function singleQuoted(): void
    {
        $end = strpos($this->text, "'", $this->at);
        if ($end === false) {
            throw new InvalidArgumentException("the command cannot be read: a quotation mark (') is not closed");
        }
        $this->word .= substr($this->text, $this->at, $end - $this->at);
        $this->at = $end + 1;
    }

    private function doubleQuoted(): void
    {
        $this->word ??= '';
        while (($character = $this->text[$this->at++] ?? '') !== '"') {
            $next = $this->text[$this->at] ?? '';
            if ($character === '') {
                throw new InvalidArgumentException('the command cannot be read: a quotation mark (") is not closed');
            }
            if ($character === '`') {
                throw self::unknown('`…`');
            }
            if ($character === '$') {
                $this->refuseVariable();
            }
            if ($character === '\\' && ($next === "\n" || ($next !== '' && str_contains(self::IN_DOUBLE_QUOTES, $next)))) {
                $character = $next === "\n" ? '' : $next;
                ++$this->at;
            }
            $this->word .= $character;
        }
    }

    /** A backslash before a line break goes on in the next line. */
    private function escaped(): void
    {
        $next = $this->text[$this->at++] ?? '';
        if ($next === "\r" && ($this->text[$this->at] ?? '') === "\n") {
            ++$this->at;
        } elseif ($next !== "\n") {
            $this->word .= $next;
            return;
        }
        if ($this->word === null) {
            $this->at += strspn($this->text, " \t\r", $this->at);
        }
    }

    private function dollar(): void
    {
        if (($this->text[$this->at] ?? '') === "'") {
            ++$this->at;
            $this->ansiQuoted();
            return;
        }
        $this->refuseVariable();
        $this->word .= '$';
    }

    /** `$'…'`, in which a backslash has C's meaning. */
    private function ansiQuoted(): void
    {
        $this->word ??= '';
        while (($character = $this->text[$this->at++] ?? '') !== "'") {
            if ($character === '') {
                throw new InvalidArgumentException("the command cannot be read: a quotation mark ($') is not closed");
            }
            $this->word .= $character === '\\' ? $this->ansiEscape() : $character;
        }
    }

    private function ansiEscape(): string
    {
        $letter = $this->text[$this->at++] ?? '';
        $digits = fn(string $set, int $most): string => substr($this->text, $this->at, strspn($this->text, $set, $this->at, $most));
        $hexadecimal = $digits('0123456789abcdefABCDEF', ['x' => 2, 'u' => 4, 'U' => 8][$letter] ?? 0);
        if ($hexadecimal !== '') {
            $this->at += strlen($hexadecimal);
            return $letter === 'x' ? chr((int) hexdec($hexadecimal)) : self::utf8((int) hexdec($hexadecimal));
        }
        if (strspn($letter, '01234567') === 1) {
            $octal = $letter . $digits('01234567', 2);
            $this->at += strlen($octal) - 1;
            return chr((int) octdec($octal) & 0xff);
        }
        return self::ESCAPES[$letter] ?? (strspn($letter, "\\'\"?") === 1 ? $letter : "\\$letter");
    }

    /** What a code point is in UTF-8. */
    private static function utf8(int $codePoint): string
    {
        $tail = static fn(int $shift): string => chr(0x80 | $codePoint >> $shift & 0x3f);
        return match (true) {
            $codePoint < 0x80 => chr($codePoint),
            $codePoint < 0x800 => chr(0xc0 | $codePoint >> 6) . $tail(0),
            $codePoint < 0x10000 => chr(0xe0 | $codePoint >> 12) . $tail(6) . $tail(0),
            default => chr(0xf0 | $codePoint >> 18 & 0x07) . $tail(12) . $tail(6) . $tail(0),
        };
    }

    private function refuseVariable(): void
    {
        $length = strspn($this->text, '_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', $this->at);
        $next = $this->text[$this->at] ?? '';
        if ($length > 0 || $next === '{') {
            throw self::unknown('$' . ($next === '{' ? '{…}' : substr($this->text, $this->at, $length)));
        }
        if ($next === '(') {
            throw self::unknown('$(…)');
        }
    }

    private static function unknown(string $what): InvalidArgumentException
    {
        return new InvalidArgumentException("the command cannot be read: what the shell puts in place of $what is not known here; run it with curl --trace - and give what that prints");
    }
}
