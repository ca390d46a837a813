<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * All texts that a part of the string to sign can be: a fixed number of bytes, each from its own set, or a run of at
 * least so many bytes from one set.
 *
 * @internal
 */
final class Shape
{
    /** @param list<string>|null $places the set of each byte of a fixed text; null for a run */
    private function __construct(
        private readonly ?array $places,
        private readonly string $set = '',
        private readonly int $min = 0,
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

    /** The shape of one given text. */
    public static function literal(string $text): self
    {
        return new self(str_split($text));
    }

    /**
     * Finds two neighbours that can trade bytes, when there are any.
     *
     * A part can be cut off the front when its length is fixed, or when what follows it shows where it ends. The same
     * goes for the back. What cannot be cut off from either side is ambiguous, unless it is one part alone.
     *
     * @param list<self> $parts
     *
     * @return array{int, int}|null the indices of the parts; null when every text can be taken apart in one way only
     */
    public static function ambiguity(array $parts): ?array
    {
        $front = 0;
        $back = count($parts) - 1;
        while ($front <= $back && $parts[$front]->endsVisibly($front < $back ? $parts[$front + 1] : null, false)) {
            ++$front;
        }
        while ($front <= $back && $parts[$back]->endsVisibly($front < $back ? $parts[$back - 1] : null, true)) {
            --$back;
        }
        $runs = [];
        for ($index = $front; $index <= $back; ++$index) {
            if ($parts[$index]->places === null) {
                $runs[] = $index;
            }
        }
        return isset($runs[1]) ? [$runs[0], $runs[1]] : null;
    }

    /** Whether the end of the part can be found, given the neighbour on that side. */
    private function endsVisibly(?self $neighbour, bool $backwards): bool
    {
        if ($this->places !== null || $neighbour === null) {
            return true;
        }
        if ($neighbour->places === null) {
            return $neighbour->min > 0 && Bytes::areDisjoint($this->set, $neighbour->set);
        }
        return $this->hasLandmark($backwards ? array_reverse($neighbour->places) : $neighbour->places);
    }

    /**
     * Whether some place of a fixed text shows itself: its bytes occur neither in the run nor nearer to it.
     *
     * @param list<string> $places
     */
    private function hasLandmark(array $places): bool
    {
        $nearer = $this->set;
        foreach ($places as $set) {
            if (Bytes::areDisjoint($set, $nearer)) {
                return true;
            }
            $nearer .= $set;
        }
        return false;
    }
}
