<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\Child;
use HwSignature\Tests\Support\Module;
use HwSignature\Tests\Support\Php;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** scripts/php, where the extension is installed and where it is not. */
final class WrapperTest extends TestCase
{
    private const WRAPPER = __DIR__ . '/../scripts/php';
    private const PATIENCE_SECONDS = 60;

    private string $directory;

    protected function setUp(): void
    {
        $module = realpath(__DIR__ . '/../modules/hw_signature.so');
        if ($module === false || realpath((string) Module::path()) !== $module) {
            self::markTestSkipped('The tests run with another module than that of this tree.');
        }
        $this->directory = sys_get_temp_dir() . '/hw_signature-wrapper-' . bin2hex(random_bytes(6));
        mkdir($this->directory);
        mkdir("$this->directory/tmp");
    }

    protected function tearDown(): void
    {
        if (isset($this->directory)) {
            Php::run(['rm', '-r', $this->directory]);
        }
    }

    /** @return iterable<string, array{?string}> the ini file that loads the extension */
    public static function states(): iterable
    {
        yield 'not installed' => [null];
        yield 'installed' => ['hw_signature.ini'];
        yield 'installed by a file of another name' => ['99-local.ini'];
        yield 'installed by php.ini' => ['php.ini'];
    }

    /** @return array<string, string> */
    private function environment(?string $ini): array
    {
        $environment = ['PHP' => PHP_BINARY, 'TMPDIR' => "$this->directory/tmp"];
        $line = ' Extension = "' . realpath(__DIR__ . '/../modules/hw_signature.so') . "\"\n";
        if ($ini === 'php.ini') {
            file_put_contents("$this->directory/php.ini", file_get_contents(php_ini_loaded_file() ?: '/dev/null') . "\n{$line}precision=9\n");
            $environment['PHPRC'] = "$this->directory/php.ini";
        } elseif ($ini !== null) {
            mkdir("$this->directory/scan");
            file_put_contents("$this->directory/scan/$ini", "$line\nprecision=9\n");
            $environment['PHP_INI_SCAN_DIR'] = ":$this->directory/scan";
        }
        return $environment;
    }

    /** @dataProvider states */
    #[DataProvider('states')]
    public function testItIsPhpWithTheModule(?string $ini): void
    {
        $code = 'echo extension_loaded("hw_signature"), stream_get_contents(STDIN), $argv[1], " ", ini_get("precision"), "\n";'
            . 'passthru(escapeshellarg(PHP_BINARY) . " -r \"echo 2;\""); exit(7);';
        $result = Php::run([self::WRAPPER, '-r', $code, 'a "b" c'], 'input ', $this->environment($ini));

        $precision = $ini === null ? ini_get('precision') : '9';
        self::assertSame([7, "1input a \"b\" c $precision\n2", ''], $result);
        self::assertSame([], glob("$this->directory/tmp/*"));
    }

    /** @return iterable<string, array{?string, int}> */
    public static function endings(): iterable
    {
        foreach (self::states() as $name => [$ini]) {
            yield "$name, terminated" => [$ini, 15];
            yield "$name, interrupted" => [$ini, 2];
        }
    }

    /** @dataProvider endings */
    #[DataProvider('endings')]
    public function testItTakesTheServerWithIt(?string $ini, int $signal): void
    {
        $port = Child::freePort();
        $nowhere = ['file', '/dev/null', 'w'];
        file_put_contents("$this->directory/pid.php", '<?php echo getmypid();');
        $command = [self::WRAPPER, '-S', "127.0.0.1:$port", "$this->directory/pid.php"];
        $environment = $this->environment($ini) + getenv();
        $process = proc_open($command, [1 => $nowhere, 2 => $nowhere], $pipes, null, $environment);
        $started = self::comesTrue(static fn(): bool => self::answers($port));
        if (!$started) {
            proc_terminate($process);
        }
        self::assertTrue($started);
        $server = file_get_contents("http://127.0.0.1:$port/");

        proc_terminate($process, $signal);
        $ended = self::comesTrue(static fn(): bool => !proc_get_status($process)['running'] && !self::answers($port));
        if (!$ended) {
            Php::run(['kill', '-KILL', $server]);
        }
        proc_close($process);

        self::assertTrue($ended);
        self::assertSame([], glob("$this->directory/tmp/*"));
    }

    private static function comesTrue(callable $condition): bool
    {
        for ($deadline = time() + self::PATIENCE_SECONDS; time() < $deadline; usleep(20_000)) {
            if ($condition()) {
                return true;
            }
        }
        return false;
    }

    private static function answers(int $port): bool
    {
        return @fsockopen('127.0.0.1', $port) !== false;
    }
}
