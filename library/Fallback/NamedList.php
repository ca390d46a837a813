<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * `name=value` parts with `,` or `;` in between, in any order, perhaps behind a scheme and a space. A value is a field
 * between two literals, or always the same; one that is always the same may be missing.
 *
 * @internal
 */
final class NamedList implements HeaderForm
{
    /**
     * @param string $scheme with its space; empty where there is none
     * @param list<string> $names as they are written
     * @param list<string> $lowerNames
     * @param list<Part> $values
     * @param int|null $repeated which one may come several times
     */
    private function __construct(
        private readonly string $scheme,
        private readonly string $separator,
        private readonly array $names,
        private readonly array $lowerNames,
        private readonly array $values,
        private readonly ?int $repeated,
    ) {
    }

    /** Null for what is no such list. */
    public static function of(string $template, string $separator, bool $repeats, Grammars $grammars): ?self
    {
        $space = strpos($template, ' ');
        $hasScheme = $space !== false && strspn($template, Bytes::TOKEN) >= $space;
        $scheme = $hasScheme ? substr($template, 0, $space + 1) : '';
        $names = $values = [];
        $repeated = null;
        foreach (explode($separator, substr($template, strlen($scheme))) as $index => $text) {
            $text = $index === 0 ? rtrim($text, ' ') : trim($text, ' ');
            $equals = strpos($text, '=');
            if ($equals === false) {
                return null;
            }
            $name = substr($text, 0, $equals);
            $value = Part::of(substr($text, $equals + 1), $separator, $grammars);
            if ($value === null || !Bytes::isOf($name, Bytes::TOKEN)) {
                return null;
            }
            $names[] = $name;
            $values[] = $value;
            if ($value->field === Field::Signature) {
                $repeated ??= $index;
            }
        }
        $lowerNames = array_map(strtolower(...), $names);
        $isList = $repeats ? $repeated !== null : count($names) > 1;
        if (!$isList || count($names) > self::MAX_PARTS || array_unique($lowerNames) !== $lowerNames) {
            return null;
        }
        return new self($scheme, $separator, $names, $lowerNames, $values, $repeats ? $repeated : null);
    }

    public function between(string $joint): string
    {
        $value = $this->values[$this->repeated];
        return "$value->suffix$joint{$this->names[$this->repeated]}=$value->prefix";
    }

    public function read(string $header): \Generator
    {
        $start = strlen($this->scheme);
        if (strncasecmp($header, $this->scheme, $start) !== 0) {
            throw HeaderError::frame(0);
        }
        $signatures = 0;
        $seen = [];
        $list = PartReader::parameters($header, $start, $this->separator, $this->lowerNames, $this->repeated);
        foreach ($list as [$index, $value, $start]) {
            if ($index === $this->repeated && ++$signatures > self::MAX_SIGNATURES) {
                throw HeaderError::tooManySignatures($start);
            }
            $seen[$index] = true;
            $found = $this->values[$index]->read($value, $start);
            if ($found !== null) {
                yield $found;
            }
        }
        foreach ($this->values as $index => $part) {
            if ($part->field !== null && !isset($seen[$index])) {
                throw HeaderError::missing($this->names[$index], strlen($header));
            }
        }
    }
}
