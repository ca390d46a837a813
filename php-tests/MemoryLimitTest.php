<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\EntryPoints;
use HwSignature\Tests\Support\Server;
use PHPUnit\Framework\TestCase;

/**
 * The memory limit ends a request in the middle of the extension, past all Rust code. The process serves the next one.
 */
final class MemoryLimitTest extends TestCase
{
    private const STEPS = 8;
    private const STEP_BYTES = 1_777;

    private ?Server $server = null;

    protected function tearDown(): void
    {
        $this->server?->stop();
    }

    public function testTheProcessSurvivesItInsideEveryEntryPoint(): void
    {
        if (PHP_VERSION_ID >= 80600 && PHP_EXTRA_VERSION !== '') {
            // 8.6.0RC3: a loop over `new Heir`, whose constructor does nothing and whose parent is DateTime, is enough.
            self::markTestSkipped('PHP aborts after the limit ("double free"), also without this extension.');
        }
        $this->server = new Server(__DIR__ . '/support/memory_limit.php');
        [$status, $pid, $types] = $this->get([]);
        self::assertSame(200, $status);

        $ended = 0;
        foreach (unserialize($types) as $name => $type) {
            $keeps = !in_array($type, ['null', 'bool', 'int', 'HwSignature\Reason'], true);
            $expected = $keeps ? 500 : 200;
            for ($step = 0; $step < ($keeps ? self::STEPS : 1); $step++) {
                $filling = (string) ($step * self::STEP_BYTES);
                self::assertSame($expected, $this->get(['entry' => $name, 'filling' => $filling])[0], $name);
            }
            $ended += $keeps ? self::STEPS : 0;
        }

        $exhausted = '/^\[[^]]*\] PHP Fatal error:  Allowed memory size of \d+ bytes exhausted .*\n/m';
        self::assertGreaterThan(100, $ended);
        self::assertSame($ended, preg_match_all($exhausted, $this->server->errors()));
        self::assertSame([200, $pid, $types], $this->get([]), 'the same process, the same answer');
    }

    public function testEveryEntryPointIsAmongThem(): void
    {
        $extension = new \ReflectionExtension('hw_signature');
        $expected = array_keys($extension->getFunctions());
        foreach ($extension->getClasses() as $class) {
            foreach ($class->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                if ($method->getDeclaringClass()->getName() === $class->getName() && !$class->isEnum()) {
                    $expected[] = "{$class->getShortName()}::$method->name";
                }
            }
        }
        $called = array_unique(array_map(
            static fn (string $name): string => explode(' ', $name)[0],
            array_keys(EntryPoints::all()),
        ));

        self::assertSame([], array_values(array_diff($expected, $called)), 'never called');
        self::assertSame([], array_values(array_diff($called, $expected)), 'not there');
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
