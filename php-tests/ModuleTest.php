<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Profile;
use HwSignature\Tests\Support\ChildPhp;
use PHPUnit\Framework\TestCase;

use const HwSignature\VERSION;

final class ModuleTest extends TestCase
{
    public function testTheVersionIsTheSameEverywhere(): void
    {
        $manifest = file_get_contents(__DIR__ . '/../Cargo.toml');
        self::assertSame(1, preg_match('/^version = "(\d+\.\d+\.\d+)"$/m', $manifest, $match));

        self::assertSame($match[1], VERSION);
        self::assertSame($match[1], phpversion('hw_signature'));
        self::assertSame($match[1], (new \ReflectionExtension('hw_signature'))->getVersion());
    }

    public function testTheLibraryRefusesAnExtensionThatIsOlderThanItNeeds(): void
    {
        $library = file_get_contents(__DIR__ . '/../library/Fallback/load.php');
        self::assertSame(1, preg_match("/version_compare\(.HwSignature.VERSION, '([0-9.]+)', '<'\)/", $library, $needed));
        self::assertTrue(version_compare(VERSION, $needed[1], '>='));

        $run = ChildPhp::run(str_replace($needed[1], '1000.0.0', $library));

        self::assertSame(255, $run->exitCode);
        self::assertStringContainsString('needs the extension hw_signature 1000.0.0 or newer, or none, and ' . VERSION . ' is loaded', $run->output . $run->errors);
    }

    public function testTheExtensionDependsOnNothingAndHasNoSettings(): void
    {
        $extension = new \ReflectionExtension('hw_signature');

        self::assertSame('hw_signature', $extension->getName());
        self::assertSame([], $extension->getDependencies());
        self::assertSame([], $extension->getINIEntries());
        self::assertTrue($extension->isPersistent());
    }

    public function testRiShowsVersionProfilesAndWhatTheCpuDoes(): void
    {
        $run = ChildPhp::command('--ri', 'hw_signature');

        self::assertSame([0, ''], [$run->exitCode, $run->errors]);
        self::assertSame(self::page(), self::rows($run->output));
    }

    public function testPhpinfoShowsTheSame(): void
    {
        $run = ChildPhp::run('<?php phpinfo(INFO_MODULES);');
        $section = strstr($run->output, "\nhw_signature\n");
        self::assertIsString($section);

        self::assertSame(self::page(), self::rows(implode("\n", array_slice(explode("\n", $section), 0, 8))));
    }

    /** @return array<string, string> */
    private static function page(): array
    {
        $cpu = file_get_contents('/proc/cpuinfo');
        $implementation = match (1) {
            preg_match('/\bsha_ni\b/', $cpu) => 'x86 SHA extensions',
            preg_match('/\bsha2\b/', $cpu) => 'ARMv8 SHA-2 instructions',
            default => 'portable',
        };
        return [
            'hw_signature support' => 'enabled',
            'Version' => VERSION,
            'SHA-256 implementation' => $implementation,
            'Profiles' => implode(', ', Profile::names()),
        ];
    }

    /** @return array<string, string> */
    private static function rows(string $page): array
    {
        preg_match_all('/^(.+?) => (.+)$/m', $page, $rows);
        return array_combine($rows[1], $rows[2]);
    }
}
