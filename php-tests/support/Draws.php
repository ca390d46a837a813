<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use Random\Engine\Xoshiro256StarStar;
use Random\Randomizer;

/** What random calls are drawn with: a seed and the number of a case give the same in every process. */
trait Draws
{
    private const CASES_PER_SEED = 1 << 31;
    private const NOW = 1_800_000_000;

    private Randomizer $random;

    private function start(int $seed, int $case): void
    {
        $this->random = new Randomizer(new Xoshiro256StarStar($seed * self::CASES_PER_SEED + $case));
    }

    private function pick(array $list): mixed
    {
        return $list[$this->below(count($list))];
    }

    private function below(int $end): int
    {
        return $this->random->getInt(0, $end - 1);
    }

    private function chance(int $percent): bool
    {
        return $this->below(100) < $percent;
    }

    /** Calls, or makes an object of a class, with `strict_types` or without, where PHP converts arguments. */
    private function callWith(\Closure|string $callee, array $arguments, bool $isStrict): mixed
    {
        static $weakCall;
        $weakCall ??= require __DIR__ . '/weak_call.php';
        return match (true) {
            !$isStrict => $weakCall($callee, $arguments),
            is_string($callee) => new $callee(...$arguments),
            default => $callee(...$arguments),
        };
    }
}
