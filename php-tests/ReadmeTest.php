<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Profile;
use HwSignature\Tests\Support\Server;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** What the README shows is run. */
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

    /** @return array<string, array{string}> */
    public static function blocks(): array
    {
        $blocks = [];
        foreach (self::phpBlocks() as $line => $code) {
            if (!str_contains($code, 'extends TestCase')) {
                $blocks["line $line"] = [$code];
            }
        }

        return $blocks;
    }

    /** @dataProvider blocks */
    #[DataProvider('blocks')]
    public function testTheBlockHolds(string $code): void
    {
        self::assertStringContainsString('assert(', $code);
        if (str_contains($code, 'apcu_') && !extension_loaded('apcu')) {
            self::markTestSkipped('APCu is not loaded.');
        }
        $strict = ['-d', 'zend.assertions=1', '-d', 'assert.exception=1', '-d', 'error_reporting=-1', '-d', 'display_errors=stderr'];
        $script = $this->script('block', $code);

        [$status, $output] = self::execute([PHP_BINARY, ...Server::extension(), ...$strict, '-d', 'apc.enable_cli=1', $script]);

        self::assertSame('', $output);
        self::assertSame(0, $status);
    }

    public function testTheSuiteRunsWithTheExtensionAndSkipsWithoutIt(): void
    {
        $suites = array_filter(self::phpBlocks(), static fn(string $code): bool => str_contains($code, 'extends TestCase'));
        self::assertCount(1, $suites);
        $phpunit = [$_SERVER['argv'][0], '--no-configuration', $this->script('WebhookTest', implode($suites))];

        [, $with] = self::execute([PHP_BINARY, ...Server::extension(), ...$phpunit]);
        [$status, $without] = self::execute([PHP_BINARY, ...$phpunit]);

        self::assertStringContainsString('OK (1 test, 2 assertions)', $with);
        self::assertStringContainsString('Skipped: 1', $without);
        self::assertSame(0, $status);
    }

    public function testTheTableIsWhatTheProfilesSay(): void
    {
        $table = implode("\n", array_map(self::row(...), Profile::names()));

        preg_match_all('/^\| `[a-z0-9-]+` \| .*$/m', self::readme(), $rows);

        self::assertSame($table, implode("\n", $rows[0]));
    }

    public function testEveryLinkLeadsToAFile(): void
    {
        foreach (['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'] as $file) {
            preg_match_all('/\]\(([^)#]+)\)/', (string) file_get_contents(self::ROOT . "/$file"), $links);
            foreach (preg_grep('/^https?:/', $links[1], PREG_GREP_INVERT) ?: [] as $link) {
                self::assertFileExists(self::ROOT . "/$link", $file);
            }
        }
    }

    private static function row(string $name): string
    {
        $profile = Profile::named($name)->describe();
        $code = static fn(string $text): string => '`' . str_replace("\n", '\n', $text) . '`';
        $headers = array_map(
            static fn(string $header, string $template): string => $code("$header: $template"),
            array_keys($profile['headers']),
            $profile['headers'],
        );
        $timestamp = $profile['timestampUnit'] === null
            ? 'none'
            : "{$profile['timestampUnit']->value}, ±{$profile['tolerance']} s";
        $notes = array_filter([
            $profile['ambiguous'] ? 'ambiguous' : '',
            $profile['methodsWithoutPayload'] === [] ? '' : 'no payload with ' . implode(', ', $profile['methodsWithoutPayload']),
        ]);
        $cells = [
            $code($name),
            $code($profile['stringToSign']),
            implode('<br>', $headers),
            $profile['encoding']->value,
            $timestamp,
            $profile['nonce'] === null ? 'none' : $code($profile['nonce']),
            implode('; ', $notes),
        ];

        return '| ' . implode(' | ', $cells) . ' |';
    }

    private static function readme(): string
    {
        return (string) file_get_contents(self::ROOT . '/README.md');
    }

    /** @return array<int, string> by the line that they start on */
    private static function phpBlocks(): array
    {
        $readme = self::readme();
        preg_match_all('/^```php\n(.*?)^```$/ms', $readme, $matches, PREG_OFFSET_CAPTURE);
        $blocks = [];
        foreach ($matches[1] as [$code, $offset]) {
            $blocks[substr_count($readme, "\n", 0, $offset) + 1] = $code;
        }

        return $blocks;
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
