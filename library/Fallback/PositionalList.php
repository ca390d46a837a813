<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * Parts that each have their place, with `,`, `;` or a space in between. The last one is a literal and the signature, and
 * may come several times; parts with another literal there are skipped.
 *
 * @internal
 */
final class PositionalList implements HeaderForm
{
    /** @param list<Part> $parts what comes before the signatures */
    private function __construct(
        private readonly string $separator,
        private readonly array $parts,
        private readonly Part $repeated,
    ) {
    }

    /** Null for what is no such list. */
    public static function of(string $template, string $separator, Grammars $grammars): ?self
    {
        $parts = [];
        foreach (explode($separator, $template) as $text) {
            $part = Part::of($separator === ' ' ? $text : trim($text, ' '), $separator, $grammars);
            if ($part === null) {
                return null;
            }
            $parts[] = $part;
        }
        $repeated = array_pop($parts);
        $isLast = $repeated->field === Field::Signature && $repeated->suffix === '';
        return $isLast && count($parts) < self::MAX_PARTS ? new self($separator, $parts, $repeated) : null;
    }

    public function between(string $joint): string
    {
        return $joint . $this->repeated->prefix;
    }

    public function read(string $header): \Generator
    {
        $signatures = 0;
        $place = 0;
        foreach (PartReader::parts($header, 0, $this->separator) as [$text, $start]) {
            if ($text === '') {
                throw HeaderError::emptyPart($start);
            }
            $part = $this->parts[$place++] ?? $this->repeated;
            if ($part === $this->repeated) {
                if (!str_starts_with($text, $part->prefix)) {
                    continue;
                }
                if (++$signatures > self::MAX_SIGNATURES) {
                    throw HeaderError::tooManySignatures($start);
                }
            }
            $found = $part->read($text, $start);
            if ($found !== null) {
                yield $found;
            }
        }
        if ($signatures === 0) {
            throw HeaderError::missing(($this->parts[$place] ?? $this->repeated)->text(), strlen($header));
        }
    }
}
