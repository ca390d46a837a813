<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Cause;
use HwSignature\Profile;
use HwSignature\Tests\Support\Child;
use HwSignature\Tests\Support\Implementation;
use HwSignature\Tests\Support\Library;
use HwSignature\Tests\Support\Module;
use HwSignature\Tests\Support\Php;
use HwSignature\Tests\Support\StoreServer;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

use const HwSignature\VERSION;

/**
 * What the README and the pages in docs/ show is run. A block that needs a framework is marked `norun` and only parsed.
 */
final class ReadmeTest extends TestCase
{
    private const ROOT = __DIR__ . '/..';

    private string $directory;

    protected function setUp(): void
    {
        $this->directory = sys_get_temp_dir() . '/hw_signature-' . bin2hex(random_bytes(8));
        mkdir($this->directory);
    }

    protected function tearDown(): void
    {
        array_map(unlink(...), glob("$this->directory/*") ?: []);
        rmdir($this->directory);
    }

    /** @return array<string, array{string, string}> */
    public static function blocks(): array
    {
        // The library has no diagnosis.
        $left = Implementation::isLibrary() ? '/extends TestCase|diagnose/' : '/extends TestCase/';
        return self::cases('php', static fn(string $code): bool => preg_match($left, $code) === 0);
    }

    /** @dataProvider blocks */
    #[DataProvider('blocks')]
    public function testTheBlockHolds(string $code, string $printed): void
    {
        self::assertTrue($printed !== '' || str_contains($code, 'assert('), 'a block says what comes out');
        if (preg_match('/^use (GuzzleHttp|Nyholm\\\\Psr7)\b/m', $code, $library) === 1) {
            Library::needs($library[1]);
        }
        foreach (['apcu_' => 'apcu', 'new Redis' => 'redis', "'sqlite:" => 'pdo_sqlite'] as $use => $extension) {
            if (str_contains($code, $use) && !extension_loaded($extension)) {
                self::markTestSkipped("The extension $extension is not loaded.");
            }
        }
        $strict = ['-d', 'zend.assertions=1', '-d', 'assert.exception=1', '-d', 'error_reporting=-1', '-d', 'display_errors=stderr'];
        $script = $this->script('block', $code);
        $needsRedis = str_contains($code, 'new Redis');
        if ($needsRedis && Child::find('redis-server') === null) {
            self::markTestSkipped('redis-server is not installed.');
        }
        $redis = $needsRedis ? StoreServer::redis("$this->directory/redis.sock") : null;

        try {
            $library = ['-d', 'auto_prepend_file=' . __DIR__ . '/support/vendor.php'];
            putenv("REDIS_HOST=$this->directory/redis.sock");
            [$status, $output] = self::execute([PHP_BINARY, ...Module::arguments(), ...$strict, ...$library, '-d', 'apc.enable_cli=1', $script]);
        } finally {
            putenv('REDIS_HOST');
            $redis?->stop();
        }

        // How much a search takes changes with everything that it looks for.
        $uncounted = static fn(string $text): string => (string) preg_replace('/tried \d+ variants over \d+/', 'tried', $text);
        self::assertSame($uncounted($printed), $uncounted($output));
        self::assertSame(0, $status);
    }

    /** @return array<string, array{string}> */
    public static function blocksForFrameworks(): array
    {
        return array_map(static fn(array $case): array => [$case[0]], self::cases('php norun'));
    }

    /** @dataProvider blocksForFrameworks */
    #[DataProvider('blocksForFrameworks')]
    public function testTheBlockForAFrameworkIsPhp(string $code): void
    {
        [$status, $output] = self::execute([PHP_BINARY, '-n', '-l', $this->script('block', $code)]);

        self::assertSame(0, $status, $output);
    }

    public function testPythonAndPhpAcceptEachOther(): void
    {
        if (shell_exec('command -v python3') === null) {
            self::markTestSkipped('There is no python3.');
        }
        $functions = implode("\n", array_column(self::cases('python'), 0));
        $headers = json_encode(hw_sign('{"a":1}', 'secret', 'django', timestamp: 1800000000));
        $main = <<<PYTHON
            import json
            signed = json.loads('$headers')
            for body, now in (b'{"a":1}', 1800000060), (b'{"a":2}', 1800000060), (b'{"a":1}', 1800000061):
                print(is_valid(signed, body, b'secret', now))
            print(json.dumps(headers_for(b'{"a":1}', b'secret', 1800000000)) == json.dumps(signed))
            PYTHON;
        file_put_contents("$this->directory/block.py", "$functions\n$main\n");

        [, $output] = self::execute(['python3', '-B', "$this->directory/block.py"]);

        self::assertSame("True\nFalse\nFalse\nTrue\n", $output);
    }

    public function testTheSuiteRunsWithTheExtensionAndSkipsWithoutIt(): void
    {
        $suites = array_filter(
            self::cases('php', static fn(string $code): bool => str_contains($code, 'extends TestCase')),
            static fn(string $place): bool => str_starts_with($place, 'README.md'),
            ARRAY_FILTER_USE_KEY,
        );
        self::assertCount(1, $suites);
        $phpunit = [$_SERVER['argv'][0], '--no-configuration', $this->script('WebhookTest', current($suites)[0])];

        [, $with] = self::execute([PHP_BINARY, ...Module::arguments(), ...$phpunit]);
        [$status, $without] = self::execute([PHP_BINARY, ...$phpunit]);

        self::assertStringContainsString('OK (1 test, 2 assertions)', $with);
        self::assertStringContainsString('Skipped: 1', $without);
        self::assertSame(0, $status);
    }

    public function testTheExampleOfTheToolPrintsWhatItShows(): void
    {
        $readme = (string) file_get_contents(self::ROOT . '/README.md');
        $example = '/^```sh\n((?:(?!```).)*hw-signature diagnose.*?)^```$\n\n```text\n(.*?)\n…\n```$/ms';
        self::assertSame(1, preg_match($example, $readme, $match));
        $tool = implode(' ', array_map(escapeshellarg(...), Php::command([self::ROOT . '/bin/hw-signature'])));
        $script = "cd $this->directory\n" . str_replace('scripts/php bin/hw-signature', $tool, $match[1], $replaced);
        self::assertSame(1, $replaced);

        [$status, $output, $errors] = Php::run(['bash', '-euc', $script]);

        self::assertSame([1, ''], [$status, $errors]);
        self::assertStringStartsWith($match[2], $output);
    }

    public function testThePageOfContractsIsWhatTheProfilesSay(): void
    {
        [$status, , $errors] = Php::run(Php::command([self::ROOT . '/scripts/contracts-page.php', '--check']));

        self::assertSame([0, ''], [$status, $errors]);
    }

    public function testTheReadmeNamesEveryContract(): void
    {
        preg_match('/^## The contracts\n(.*?)^## /ms', (string) file_get_contents(self::ROOT . '/README.md'), $section);
        preg_match_all('/`([a-z-]+)`/', $section[1], $names);

        self::assertSame([], array_diff(Profile::names(), $names[1]));
        self::assertSame([], array_diff($names[1], Profile::names()));
        self::assertSame(array_unique($names[1]), $names[1]);
    }

    public function testTheReadmeTakesFiveMinutes(): void
    {
        self::assertLessThanOrEqual(300, count(file(self::ROOT . '/README.md')));
    }

    public function testTheMapHasEveryPage(): void
    {
        $map = (string) file_get_contents(self::ROOT . '/docs/README.md');
        foreach (array_diff(array_map(basename(...), self::documents()), ['README.md']) as $page) {
            self::assertStringContainsString("]($page)", $map);
        }
    }

    public function testTheFiguresOfSpeedAreThoseOfTheBenchmark(): void
    {
        $results = array_map(
            static fn(string $version): array => json_decode((string) file_get_contents(self::ROOT . "/benches/results/$version.json"), true, flags: JSON_THROW_ON_ERROR),
            ['8.2', '8.4'],
        );
        $times = static function (array $measured, string $name): string {
            $yardstick = $name === 'Signer::sign' ? 'userland sign' : 'userland verify';
            return sprintf('%.1f', $measured[$yardstick]['median'] / $measured[$name]['median']);
        };
        $rows = [['hw_verify', 256, '256 bytes'], ['Verifier::isValid', 256, '256 bytes'], ['Signer::sign', 256, '256 bytes'], ['Verifier::isValid', 1 << 20, '1 MiB']];
        $expected = "| times faster | PHP 8.2 | PHP 8.4 |\n|---|---|---|\n";
        foreach ($rows as [$name, $size, $payload]) {
            [$old, $new] = array_map(static fn(array $result): string => $times($result['nanoseconds'][$size], $name), $results);
            $expected .= "| `$name`, $payload | $old | $new |\n";
        }
        // PHP 8.4 has the CPU's instructions where this module was built without them.
        $portable = array_map(static fn(int $size): string => $times($results[0]['portable'][$size], 'Verifier::isValid'), [256, 1 << 20]);
        $expected .= "| without SHA instructions: `isValid`, 256 bytes, 1 MiB | $portable[0], $portable[1] | |\n";
        self::assertStringContainsString("\n$expected\n", (string) file_get_contents(self::ROOT . '/README.md'));

        $expected = "| 256 bytes, PHP 8.2 | ns | over one |\n|---|---|---|\n";
        foreach ($results[0]['signatures'] as $name => ['median' => $median]) {
            $expected .= sprintf("| %s | %.0f | %+.1f %% |\n", $name, $median, ($median / $results[0]['signatures']['one signature']['median'] - 1) * 100);
        }
        $page = (string) file_get_contents(self::ROOT . '/docs/speed.md');
        self::assertStringContainsString("\n$expected", $page);
        self::assertStringContainsString("is $portable[0] times as fast as PHP 8.2 with 256 bytes, and $portable[1]\ntimes with a mebibyte", $page);
    }

    public function testTheStubHasARowForEachProfile(): void
    {
        preg_match_all('/^ +\* \| (`[a-z-]+` \| `[^`]+`)/m', (string) file_get_contents(self::ROOT . '/stubs/hw_signature.php'), $rows);
        $expected = array_map(static fn(string $name): string
            => "`$name` | `" . str_replace("\n", '\n', Profile::named($name)->describe()['stringToSign']) . '`', Profile::names());

        self::assertSame($expected, $rows[1]);
    }

    public function testTheNewestEntryOfTheChangelogIsThisVersion(): void
    {
        preg_match_all('/^## (\d\S*)/m', (string) file_get_contents(self::ROOT . '/CHANGELOG.md'), $versions);

        self::assertSame(VERSION, $versions[1][0]);
        self::assertStringContainsString('| hw_signature | ' . VERSION . ' |', (string) file_get_contents(self::ROOT . '/docs/comparison.md'));
    }

    /** @return array<string, array{string}> */
    public static function packages(): array
    {
        return ['the extension' => ['composer.json'], 'the stubs' => ['stubs/composer.json']];
    }

    /** @dataProvider packages */
    #[DataProvider('packages')]
    public function testAPackageHasNoVersionOfItsOwn(string $file): void
    {
        $package = json_decode((string) file_get_contents(self::ROOT . "/$file"), true, flags: JSON_THROW_ON_ERROR);

        self::assertArrayNotHasKey('version', $package);
        self::assertSame('>=8.2', $package['require']['php']);
    }

    public function testTheTablesOfMistakesNameCausesThatExist(): void
    {
        $names = [];
        foreach (self::documents() as $file) {
            preg_match_all('/^\|.*\| (`[a-z0-9-]+`[^|]*) \|$/m', (string) file_get_contents($file), $rows);
            preg_match_all('/`([a-z0-9]+(?:-[a-z0-9]+)+)`/', implode("\n", $rows[1]), $names[]);
        }
        $causes = array_column(Cause::cases(), 'value');

        self::assertSame([], array_values(array_diff(array_merge(...array_column($names, 1)), $causes)));
    }

    public function testEveryLinkLeadsToAFile(): void
    {
        $files = [...self::documents(), ...array_map(fn(string $name): string => self::ROOT . "/$name.md", ['CHANGELOG', 'CONTRIBUTING', 'DESIGN', 'SECURITY'])];
        foreach ($files as $file) {
            preg_match_all('/\]\(([^)#]+)[^)]*\)/', (string) file_get_contents($file), $links);
            foreach (preg_grep('/^https?:/', $links[1], PREG_GREP_INVERT) ?: [] as $link) {
                self::assertFileExists(dirname($file) . "/$link", $file);
            }
        }
    }

    /** @return non-empty-list<string> */
    private static function documents(): array
    {
        return [self::ROOT . '/README.md', ...(glob(self::ROOT . '/docs/*.md') ?: [])];
    }

    /**
     * The blocks of code with this info string, and the block of text directly below, which is what the code prints.
     *
     * @param (callable(string): bool)|null $filter
     * @return array<string, array{string, string}> by the place that they stand at
     */
    private static function cases(string $info, ?callable $filter = null): array
    {
        $cases = [];
        foreach (self::documents() as $file) {
            $text = (string) file_get_contents($file);
            preg_match_all("/^```$info\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?/ms", $text, $matches, PREG_OFFSET_CAPTURE);
            foreach ($matches[1] as $index => [$code, $offset]) {
                $line = substr_count($text, "\n", 0, $offset) + 1;
                if ($filter === null || $filter($code)) {
                    $cases[basename($file) . " line $line"] = [$code, $matches[2][$index][0]];
                }
            }
        }

        return $cases;
    }

    private function script(string $name, string $code): string
    {
        $script = "$this->directory/$name.php";
        file_put_contents($script, "<?php\n\ndeclare(strict_types=1);\n\n$code");

        return $script;
    }

    /**
     * @param list<string> $command
     * @return array{int, string} status, and what it printed
     */
    private static function execute(array $command): array
    {
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
        self::assertIsResource($process);
        $output = (string) stream_get_contents($pipes[1]);

        return [proc_close($process), $output];
    }
}
