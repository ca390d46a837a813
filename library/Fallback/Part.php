<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * A part of a list: a field between two literals, or a literal alone.
 *
 * @internal
 */
final class Part
{
    private function __construct(
        public readonly string $prefix,
        public readonly ?Field $field,
        public readonly string $suffix,
    ) {
    }

    /** Null for what is no such part. */
    public static function of(string $text, string $separator, Grammars $grammars): ?self
    {
        try {
            $pieces = Template::parse($text, Field::SENT);
        } catch (\DomainException) {
            return null;
        }
        $fields = array_filter($pieces, static fn (string|Field $piece): bool => !is_string($piece));
        if ($pieces === [] || count($fields) > 1) {
            return null;
        }
        $at = array_key_first($fields) ?? count($pieces);
        [$prefix, $field, $suffix] = [
            implode('', array_slice($pieces, 0, $at)),
            $pieces[$at] ?? null,
            implode('', array_slice($pieces, $at + 1)),
        ];
        // A space could not be told from those around a separator.
        $isVisible = strspn($prefix . $suffix, Bytes::VISIBLE) === strlen($prefix . $suffix);
        $isApart = $field === null || !$field->shape($grammars)->hasAny($separator);
        return $isVisible && $isApart ? new self($prefix, $field, $suffix) : null;
    }

    /**
     * @return array{Field, string, int}|null the field, its text, and where that starts; null where there is none
     *
     * @throws HeaderError
     */
    public function read(string $text, int $start): ?array
    {
        $length = strlen($text) - strlen($this->prefix) - strlen($this->suffix);
        $isFramed = $length >= 0 && str_starts_with($text, $this->prefix) && str_ends_with($text, $this->suffix);
        if ($this->field === null) {
            return $isFramed && $length === 0 ? null : throw HeaderError::constant($start);
        }
        if (!$isFramed) {
            throw HeaderError::frame($start);
        }
        return [$this->field, substr($text, strlen($this->prefix), $length), $start + strlen($this->prefix)];
    }

    /** As in the template. */
    public function text(): string
    {
        return $this->prefix . $this->field?->inBraces() . $this->suffix;
    }
}
