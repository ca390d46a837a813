<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * All texts that a part can be: a fixed number of bytes, each from its own set; a run of at least so many bytes from one
 * set; or texts that are closed.
 *
 * @internal
 */
final class Shape
{
    /**
     * @param list<string>|null $places the set of each byte of a fixed text; null for one of another kind
     * @param list<string>|null $start the sets of the bytes that each closed text starts with
     * @param \Closure(string, bool): ?int|null $length how long the closed text is that stands at an end of what is left
     */
    private function __construct(
        public readonly ?array $places,
        public readonly string $set = '',
        public readonly int $min = 0,
        public readonly ?array $start = null,
        public readonly ?\Closure $length = null,
    ) {
    }

    /** @param list<string> $places */
    public static function fixed(array $places): self
    {
        return new self($places);
    }

    public static function run(string $set, int $min): self
    {
        return new self(null, $set, $min);
    }

    /**
     * Texts of different lengths that show where they end once it is known where they start, and the reverse.
     *
     * @param list<string> $start
     * @param string $set all bytes that they have
     * @param \Closure(string, bool): ?int $length
     */
    public static function closed(array $start, string $set, \Closure $length): self
    {
        return new self(null, $set, 0, $start, $length);
    }

    public function isRun(): bool
    {
        return $this->places === null && $this->start === null;
    }

    /** The shape of one given text. */
    public static function literal(string $text): self
    {
        return new self(str_split($text));
    }

    /** Whether one of the bytes can occur. */
    public function hasAny(string $bytes): bool
    {
        return !Bytes::areDisjoint($this->places === null ? $this->set : implode('', $this->places), $bytes);
    }
}
