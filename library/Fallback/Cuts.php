<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * How a text is taken apart again: one part after the other, from either end.
 *
 * @internal
 */
final class Cuts
{
    /**
     * @param list<array{int, bool, \Closure(string): ?int}> $cuts the part, whether it stands at the back of what is left,
     *     and how long it is there
     */
    private function __construct(private readonly array $cuts)
    {
    }

    /**
     * Finds out how.
     *
     * A part can be cut off the front when its length is fixed, when it is closed, or when what follows it shows where it
     * ends. The same goes for the back. What cannot be cut off from either side is ambiguous, unless it is one part alone.
     *
     * @param list<Shape> $parts
     *
     * @return self|array{int, int} the cuts, or the indices of two parts that can trade bytes
     */
    public static function of(array $parts): self|array
    {
        $cuts = [];
        $front = 0;
        $back = count($parts) - 1;
        while ($front <= $back) {
            [$first, $last] = [$parts[$front], $parts[$back]];
            if ($front === $back) {
                // Not by its length: what is too long or too short is better called so.
                $cut = [$front, false, strlen(...)];
            } elseif (!$first->isRun()) {
                $cut = [$front, false, self::ofOwnLength($first, false)];
            } elseif (!$last->isRun()) {
                $cut = [$back, true, self::ofOwnLength($last, true)];
            } elseif (($length = self::end($first, $parts[$front + 1], false)) !== null) {
                $cut = [$front, false, $length];
            } elseif (($length = self::end($last, $parts[$back - 1], true)) !== null) {
                $cut = [$back, true, $length];
            } else {
                return self::twoRuns($parts, $front);
            }
            $cuts[] = $cut;
            $cut[1] ? --$back : ++$front;
        }
        return new self($cuts);
    }

    /**
     * Takes a text apart. Whether a part is one of the texts of its shape, the caller has to see. If all are, no other
     * parts make this text.
     *
     * @return array<int, array{string, int}> each part by its index, and where it starts
     *
     * @throws HeaderError where what is left starts when a part is missing, or bytes are left over
     */
    public function split(string $text): array
    {
        $found = [];
        $start = 0;
        $end = strlen($text);
        foreach ($this->cuts as [$part, $atBack, $lengthOf]) {
            $left = substr($text, $start, $end - $start);
            $length = $lengthOf($left);
            if ($length === null || $length < 0 || $length > strlen($left)) {
                throw HeaderError::frame($start);
            }
            if ($atBack) {
                $end -= $length;
                $found[$part] = [substr($text, $end, $length), $end];
            } else {
                $found[$part] = [substr($left, 0, $length), $start];
                $start += $length;
            }
        }
        if ($start < $end) {
            throw HeaderError::frame($start);
        }
        return $found;
    }

    /** @return \Closure(string): ?int */
    private static function ofOwnLength(Shape $part, bool $atBack): \Closure
    {
        $length = $part->length ?? static fn (): int => count($part->places);
        return static fn (string $left): ?int => $length($left, $atBack);
    }

    /**
     * How long a run is, if its neighbour shows that.
     *
     * @return (\Closure(string): ?int)|null
     */
    private static function end(Shape $run, Shape $neighbour, bool $atBack): ?\Closure
    {
        $fromEnd = static fn (string $left): string => $atBack ? strrev($left) : $left;
        if ($neighbour->isRun()) {
            $isVisible = $neighbour->min > 0 && Bytes::areDisjoint($run->set, $neighbour->set);
            return $isVisible ? static fn (string $left): int => strspn($fromEnd($left), $run->set) : null;
        }
        // From the back, the bytes of a closed text do not stand at fixed places.
        $places = $neighbour->places ?? ($atBack ? [] : $neighbour->start);
        // A place that shows itself: its bytes occur neither in the run nor nearer to it.
        $nearer = $run->set;
        foreach ($atBack ? array_reverse($places) : $places as $distance => $set) {
            if (Bytes::areDisjoint($set, $nearer)) {
                return static function (string $left) use ($fromEnd, $set, $distance): ?int {
                    $landmark = strcspn($fromEnd($left), $set);
                    return $landmark === strlen($left) ? null : $landmark - $distance;
                };
            }
            $nearer .= $set;
        }
        return null;
    }

    /**
     * The first two parts that have no fixed length. What is left has a run at both ends.
     *
     * @param list<Shape> $parts
     *
     * @return array{int, int}
     */
    private static function twoRuns(array $parts, int $front): array
    {
        $second = $front + 1;
        while (!$parts[$second]->isRun()) {
            ++$second;
        }
        return [$front, $second];
    }
}
