<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/** Eight processes that verify at the same time, behind one replay guard. Each has a list of requests of its own. */
final class Race
{
    private const PROCESSES = 8;

    /** @return list<list<array{array<string, string>, string}>> the same request for all, many times */
    public static function oneRequest(int $each = 25): array
    {
        return array_fill(0, self::PROCESSES, array_fill(0, $each, self::request()));
    }

    /** @return list<list<array{array<string, string>, string}>> no request twice */
    public static function manyRequests(int $each = 25): array
    {
        return array_map(static fn (): array => self::requests($each), range(1, self::PROCESSES));
    }

    /** @return list<list<array{array<string, string>, string}>> many requests, each for all of them at the same moment */
    public static function sameForAll(int $each): array
    {
        return array_fill(0, self::PROCESSES, self::requests($each));
    }

    /**
     * @param string $guard a name of examples/replay.php
     * @param list<list<array{array<string, string>, string}>> $shares a list of requests for each process
     * @return int how many were accepted
     */
    public static function run(string $guard, array $shares): int
    {
        $children = [];
        $files = [];
        foreach ($shares as $share) {
            $files[] = $file = tempnam(sys_get_temp_dir(), 'hw_signature_race_');
            file_put_contents($file, serialize($share));
            $children[] = Child::script(__DIR__ . '/racer.php', $guard, $file);
        }
        foreach ($children as $child) {
            if ($child->readLine() !== 'ready') {
                throw new \RuntimeException('a process failed: ' . implode(' ', $child->finish()));
            }
        }
        $start = hrtime(true) + 20_000_000;
        array_walk($children, static fn (Child $child) => $child->write("$start\n"));
        $results = array_map(static fn (Child $child): array => $child->finish(), $children);
        array_map('unlink', $files);
        foreach ($results as [$exitCode, $output, $errors]) {
            if ($exitCode !== 0 || $errors !== '' || !ctype_digit($output)) {
                throw new \RuntimeException("a process failed with $exitCode: $output$errors");
            }
        }
        return array_sum(array_column($results, 1));
    }

    /** @return list<array{array<string, string>, string}> */
    private static function requests(int $count): array
    {
        return array_map(static fn (): array => self::request(), range(1, $count));
    }

    /** @return array{array<string, string>, string} headers and payload */
    private static function request(): array
    {
        return [hw_sign('alice', Sample::KEY, 'huawei-receipt'), 'alice'];
    }
}
