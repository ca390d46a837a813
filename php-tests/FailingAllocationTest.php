<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\Child;
use HwSignature\Tests\Support\Server;
use PHPUnit\Framework\TestCase;

/** Every allocation that a call makes in PHP's memory fails once, as under the memory limit. Nothing stays borrowed. */
final class FailingAllocationTest extends TestCase
{
    private const MORE_THAN_ANY_CALL_MAKES = 1_000;

    private ?string $folder = null;
    private ?Server $server = null;

    protected function tearDown(): void
    {
        $this->server?->stop();
        if ($this->folder !== null) {
            array_map('unlink', glob("$this->folder/*"));
            rmdir($this->folder);
        }
    }

    public function testTheObjectsCanBeUsedAfterAnyAllocationHasFailed(): void
    {
        $module = $this->failingAllocator();
        $this->server = new Server(__DIR__ . '/support/failing_allocation.php', options: ['-d', "extension=$module"]);
        [$status, $pid, $names] = $this->get([]);
        self::assertSame(200, $status, $names);

        $failed = 0;
        foreach (unserialize($names) as $name) {
            for ($allocation = 1; $allocation <= self::MORE_THAN_ANY_CALL_MAKES; $allocation++) {
                $answer = $this->get(['entry' => $name, 'allocation' => (string) $allocation]);
                if ($answer[0] === 204) {
                    continue 2;
                }
                self::assertSame([500, $pid, '4 headers'], $answer, "$name, allocation $allocation");
                $failed++;
            }
            self::fail("$name makes more allocations than were tried.");
        }
        self::assertGreaterThan(500, $failed);
        self::assertSame($failed, substr_count($this->server->errors(), 'Allowed memory size exhausted (on purpose)'));
    }

    /** Compiles support/failing_allocator.c for this PHP. */
    private function failingAllocator(): string
    {
        $config = escapeshellarg(getenv('PHP_CONFIG') ?: 'php-config');
        exec("$config --php-binary 2>&1", $binary);
        if (realpath($binary[0] ?? '') !== realpath(PHP_BINARY) || Child::find('cc') === null) {
            self::markTestSkipped('needs a C compiler, and php-config of this PHP');
        }
        $this->folder = sys_get_temp_dir() . '/hw_signature-' . bin2hex(random_bytes(8));
        mkdir($this->folder);
        $module = "$this->folder/failing_allocator.so";
        $source = escapeshellarg(__DIR__ . '/support/failing_allocator.c');
        exec("cc -shared -fPIC -O1 $($config --includes) $source -o $module 2>&1", $output, $exitCode);
        self::assertSame(0, $exitCode, implode("\n", $output));

        return $module;
    }

    /**
     * @param array<string, string> $query
     *
     * @return array{int, string, string} status, process, body
     */
    private function get(array $query): array
    {
        $context = stream_context_create(['http' => ['ignore_errors' => true, 'timeout' => 60]]);
        $stream = fopen($this->server->url() . '?' . http_build_query($query), 'r', false, $context);
        self::assertIsResource($stream);
        $head = implode("\n", stream_get_meta_data($stream)['wrapper_data']);
        self::assertSame(1, preg_match('~^HTTP/\S+ (\d+)~', $head, $status));
        self::assertSame(1, preg_match('~^X-Pid: (\d+)$~m', $head, $pid), $head);

        return [(int) $status[1], $pid[1], (string) stream_get_contents($stream)];
    }
}
