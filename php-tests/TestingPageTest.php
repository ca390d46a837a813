<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Key;
use HwSignature\Testing\Forgeries;
use HwSignature\Testing\SignedRequest;
use HwSignature\Tests\Support\Module;
use HwSignature\Tests\Support\Php;
use PHPUnit\Framework\TestCase;

/** What docs/testing.md shows, run as suites of their own. */
final class TestingPageTest extends TestCase
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
        Php::run(['rm', '-r', $this->directory]);
    }

    public function testTheSuitesPrintWhatThePageShows(): void
    {
        $page = (string) file_get_contents(self::ROOT . '/docs/testing.md');
        preg_match_all('/^```php\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?/ms', $page, $blocks, PREG_SET_ORDER);
        self::assertCount(2, $blocks);
        foreach ($blocks as $block) {
            [$code, $shown] = [$block[1], $block[2] ?? ''];
            preg_match('/^final class (\w+) /m', $code, $class);
            [$status, $output] = $this->runSuite($class[1], $code, Module::arguments());

            self::assertSame($shown === '' ? 0 : 1, $status, $output);
            self::assertStringContainsString($shown === '' ? 'OK (1 test' : $shown, $output);
        }
    }

    public function testThePageHasAllForgeriesOfItsContract(): void
    {
        $names = [];
        foreach (Forgeries::of(SignedRequest::of('django', Key::fromBytes('secret'))) as $name => [$forgery]) {
            $names[$forgery->meaning][] = $name;
        }
        $rows = array_map(static fn (string $meaning, array $names): string
            => '| ' . implode(', ', $names) . " | $meaning |\n", array_keys($names), $names);
        $table = "| forgery | what is wrong with a receiver that lets it in |\n|---|---|\n" . implode('', $rows);

        self::assertStringContainsString($table, (string) file_get_contents(self::ROOT . '/docs/testing.md'), "It has to be\n$table");
    }

    public function testIsolatedTestsHaveTheExtensionAsThePageSays(): void
    {
        if (Module::path() === null || Module::arguments() === []) {
            self::markTestSkipped('This PHP loads the extension by itself, or does without.');
        }
        $code = <<<'PHP'
            final class IsolatedTest extends PHPUnit\Framework\TestCase
            {
                /** @runInSeparateProcess */
                #[PHPUnit\Framework\Attributes\RunInSeparateProcess]
                public function testTheExtensionIsThere(): void
                {
                    self::assertTrue(extension_loaded('hw_signature'));
                }
            }
            PHP;
        preg_match('/^```sh\n(.*?)^```$/ms', (string) file_get_contents(self::ROOT . '/docs/testing.md'), $shell);
        $commands = str_replace('/path/to/modules/hw_signature.so', (string) Module::path(), $shell[1]);
        $commands = preg_replace('/vendor\/bin\/phpunit$/m', 'env | grep ^PHP_INI_SCAN_DIR=', $commands, -1, $replaced);
        self::assertSame(1, $replaced);
        [, $line] = Php::run(['bash', '-euc', "cd $this->directory\n$commands"]);
        $scan = substr(rtrim($line), strlen('PHP_INI_SCAN_DIR='));

        [$status, $output] = $this->runSuite('IsolatedTest', $code, [], ['PHP_INI_SCAN_DIR' => $scan]);
        [$without] = $this->runSuite('IsolatedTest', $code, Module::arguments());

        self::assertSame(0, $status, $output);
        self::assertStringContainsString('OK (1 test', $output);
        self::assertNotSame(0, $without);
    }

    /**
     * @param list<string> $arguments for PHP
     * @param array<string, string> $environment
     *
     * @return array{int, string} status, and what was printed
     */
    private function runSuite(string $name, string $code, array $arguments, array $environment = []): array
    {
        file_put_contents("$this->directory/$name.php", "<?php\n\ndeclare(strict_types=1);\n\n$code");
        $library = ['--bootstrap', self::ROOT . '/library/autoload.php'];
        $phpunit = [$_SERVER['argv'][0], '--no-configuration', ...$library, "$this->directory/$name.php"];
        [$status, $output, $errors] = Php::run([PHP_BINARY, ...$arguments, ...$phpunit], '', $environment);

        return [$status, $output . $errors];
    }
}
