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
    private const PATIENCE_SECONDS = 10;

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
        file_put_contents("$this->directory/hw_signature.ini", "extension=$module\n");
    }

    protected function tearDown(): void
    {
        if (isset($this->directory)) {
            Php::run(['rm', '-r', $this->directory]);
        }
    }

    /** @return iterable<string, array{bool}> */
    public static function states(): iterable
    {
        yield 'not installed' => [false];
        yield 'installed' => [true];
    }

    /** @return array<string, string> */
    private function environment(bool $installed): array
    {
        $scan = $installed ? ":$this->directory" : (string) getenv('PHP_INI_SCAN_DIR');
        return ['PHP' => PHP_BINARY, 'TMPDIR' => "$this->directory/tmp", 'PHP_INI_SCAN_DIR' => $scan];
    }

    /** @dataProvider states */
    #[DataProvider('states')]
    public function testItIsPhpWithTheModule(bool $installed): void
    {
        $code = 'echo extension_loaded("hw_signature"), stream_get_contents(STDIN), $argv[1]; exit(7);';
        $result = Php::run([self::WRAPPER, '-r', $code, 'a "b" c'], 'input ', $this->environment($installed));

        self::assertSame([7, '1input a "b" c', ''], $result);
        self::assertSame([], glob("$this->directory/tmp/*"));
    }

    /** @return iterable<string, array{bool, int}> */
    public static function endings(): iterable
    {
        foreach (self::states() as $name => [$installed]) {
            yield "$name, terminated" => [$installed, 15];
            yield "$name, interrupted" => [$installed, 2];
        }
    }

    /** @dataProvider endings */
    #[DataProvider('endings')]
    public function testItTakesTheServerWithIt(bool $installed, int $signal): void
    {
        $port = Child::freePort();
        $nowhere = ['file', '/dev/null', 'w'];
        file_put_contents("$this->directory/pid.php", '<?php echo getmypid();');
        $command = [self::WRAPPER, '-S', "127.0.0.1:$port", "$this->directory/pid.php"];
        $environment = $this->environment($installed) + getenv();
        $process = proc_open($command, [1 => $nowhere, 2 => $nowhere], $pipes, null, $environment);
        self::assertTrue(self::comesTrue(static fn(): bool => self::answers($port)));
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
