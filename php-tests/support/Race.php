<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/** Several processes that verify at the same time, behind one replay guard. */
final class Race
{
    private const PROCESSES = 8;
    /** How many requests all processes verify together. */
    public const REQUESTS = 200;

    /** @return list<array{array<string, string>, string}> as many copies of one request */
    public static function oneRequest(): array
    {
        return array_fill(0, self::REQUESTS, self::request());
    }

    /** @return list<array{array<string, string>, string}> as many requests, no two the same */
    public static function manyRequests(): array
    {
        return array_map([self::class, 'request'], range(1, self::REQUESTS));
    }

    /**
     * @param string $guard a name of examples/replay.php
     * @param list<array{array<string, string>, string}> $requests shared out among the processes
     * @return list<int> how many each process accepted
     */
    public static function run(string $guard, array $requests): array
    {
        $children = [];
        $files = [];
        foreach (array_chunk($requests, (int) ceil(count($requests) / self::PROCESSES)) as $share) {
            $files[] = $file = tempnam(sys_get_temp_dir(), 'hw_signature_race_');
            file_put_contents($file, serialize($share));
            $children[] = Child::script(__DIR__ . '/racer.php', $guard, $file);
        }
        $ready = array_map(static fn (Child $child): string => $child->readLine(), $children);
        // The signal to start: the input of all ends.
        array_walk($children, static fn (Child $child) => $child->go());
        $results = array_map(static fn (Child $child): array => $child->finish(), $children);
        array_map('unlink', $files);
        foreach ($results as [$exitCode, $output, $errors]) {
            if ($exitCode !== 0 || $errors !== '' || !ctype_digit($output)) {
                throw new \RuntimeException("a process failed with $exitCode: $output$errors");
            }
        }
        return array_map('intval', array_column($results, 1));
    }

    /** @return array{array<string, string>, string} */
    private static function request(): array
    {
        return [hw_sign('alice', Sample::KEY, 'huawei-receipt'), 'alice'];
    }
}
