<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\Module;
use HwSignature\Tests\Support\Php;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

use const HwSignature\VERSION;

/** scripts/dist, with the module that the tests run with, and scripts/try-archive. */
final class ArchiveTest extends TestCase
{
    private const ROOT = __DIR__ . '/..';

    private string $directory;

    protected function setUp(): void
    {
        $this->directory = sys_get_temp_dir() . '/hw_signature-archive-' . bin2hex(random_bytes(6));
        mkdir("$this->directory/modules", recursive: true);
        mkdir("$this->directory/scripts");
        mkdir("$this->directory/php-tests/support", recursive: true);
        $scripts = ['scripts/dist', 'scripts/try-archive', 'scripts/first-example.php', 'php-tests/support/EntryPoints.php'];
        foreach (['Cargo.toml', 'LICENSE', 'README.md', ...$scripts] as $file) {
            copy(self::ROOT . "/$file", "$this->directory/$file");
        }
        // The archive has the day of the last change.
        touch("$this->directory/Cargo.toml", 1_700_000_000);
    }

    protected function tearDown(): void
    {
        Php::run(['rm', '-r', $this->directory]);
    }

    /** @return array{int, string, string} */
    private function script(string $name, string ...$arguments): array
    {
        return Php::run(['bash', "$this->directory/scripts/$name", ...$arguments], environment: ['PHP' => PHP_BINARY]);
    }

    /** @return string the libraries that a module asks the loader for */
    private static function needed(string $module): string
    {
        [$status, $entries, $errors] = Php::run(['readelf', '--dynamic', '--wide', $module]);
        self::assertSame([0, ''], [$status, $errors]);
        return implode("\n", preg_grep('/\(NEEDED\)/', explode("\n", $entries)));
    }

    public function testAModuleIsPackedByTheNamesThatPieLooksFor(): void
    {
        $module = Module::path() ?? self::markTestSkipped('The module is part of PHP.');
        copy($module, "$this->directory/modules/hw_signature.so");
        $needed = self::needed($module);
        if ($needed === '') {
            self::markTestSkipped('The tests run with the module of an archive for any C library.');
        }
        $arch = ['aarch64' => 'arm64'][php_uname('m')] ?? php_uname('m');
        $prefix = 'php_hw_signature-' . VERSION . '_php' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION . "-$arch-linux-";
        $suffix = (PHP_DEBUG ? '-debug' : '') . (PHP_ZTS ? '-zts' : '');
        $libraries = str_contains($needed, '[libc.so.6]') ? ['glibc'] : ['musl', 'anylibc'];

        $made = '';
        foreach ($libraries as $libc) {
            $name = "dist/$prefix$libc$suffix";
            $made .= "$name.tgz\n$name.tgz.sha256\n$name.json\n";
        }
        self::assertSame([0, $made, ''], $this->script('dist'));
        $files = explode("\n", trim($made));
        $sums = array_map(fn(string $file): string => hash_file('sha256', "$this->directory/$file"), $files);
        foreach ($libraries as $libc) {
            $archive = "$this->directory/dist/$prefix$libc$suffix.tgz";
            [$status, $listed] = Php::run(['tar', '-tzf', $archive]);
            self::assertSame([0, "hw_signature.so\nhw_signature.ini\nLICENSE\n"], [$status, $listed]);
            $manifest = json_decode((string) file_get_contents(substr($archive, 0, -4) . '.json'), true, flags: JSON_THROW_ON_ERROR);
            $sum = hash_file('sha256', $archive);
            self::assertSame([basename($archive), $sum, $libc], [$manifest['archive'], $manifest['sha256'], $manifest['libc']]);
            self::assertStringEqualsFile("$archive.sha256", "$sum  " . basename($archive) . "\n");
            self::assertSame(0, Php::run(['tar', '-xzf', $archive, '-C', $this->directory, 'hw_signature.so'])[0]);
            self::assertSame($libc === 'anylibc' ? '' : $needed, self::needed("$this->directory/hw_signature.so"));
            self::assertSame(0, $this->script('try-archive', $libc)[0]);
        }
        self::assertSame(count($libraries) === 1, $this->script('try-archive')[0] === 0, 'which of several?');
        file_put_contents("$this->directory/php-tests/support/EntryPoints.php", '<?php throw new Exception;');
        self::assertSame(255, $this->script('try-archive', $libraries[0])[0], 'a call that fails');
        self::assertSame(1, $this->script('try-archive', 'bsdlibc')[0]);

        Php::run(['rm', '-r', "$this->directory/dist"]);
        $this->script('dist');
        self::assertSame($sums, array_map(fn(string $file): string => hash_file('sha256', "$this->directory/$file"), $files), 'the same every time');
    }

    /** @return array<string, array{string}> */
    public static function unfit(): array
    {
        return ['an unwinder that may not be there' => ['libgcc_s.so.1'], 'a function that only musl has' => ['sigsetjmp']];
    }

    /** @dataProvider unfit */
    #[DataProvider('unfit')]
    public function testAModuleForMuslThatWouldNotLoadElsewhereIsNotPacked(string $asked): void
    {
        file_put_contents("$this->directory/modules/hw_signature.so", "\0libc.so\0$asked\0");

        [$status, $output, $errors] = $this->script('dist');

        self::assertSame([1, ''], [$status, $output]);
        self::assertMatchesRegularExpression("~^modules/hw_signature\.so \w+ $asked\b~", $errors);
        self::assertDirectoryDoesNotExist("$this->directory/dist");
    }
}
