<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\Module;
use HwSignature\Tests\Support\Php;
use PHPUnit\Framework\TestCase;

use const HwSignature\VERSION;

/** scripts/install, into a folder. */
final class InstallTest extends TestCase
{
    private const INSTALL = __DIR__ . '/../scripts/install';

    /** PHP's, as php-config has it. */
    private string $binary;
    private string $root;

    protected function setUp(): void
    {
        [$status, $binary] = Php::run([getenv('PHP_CONFIG') ?: 'php-config', '--php-binary']);
        $this->binary = trim($binary);
        if ($status !== 0 || realpath($this->binary) !== realpath(PHP_BINARY)) {
            self::markTestSkipped('There is no php-config of this PHP: install php-dev.');
        }
        if (realpath((string) Module::path()) !== realpath(__DIR__ . '/../modules/hw_signature.so')) {
            self::markTestSkipped('The tests run with another module than that of this tree.');
        }
        $this->root = sys_get_temp_dir() . '/hw_signature-install-' . bin2hex(random_bytes(6));
        mkdir($this->root);
    }

    protected function tearDown(): void
    {
        if (isset($this->root)) {
            Php::run(['rm', '-r', $this->root]);
        }
    }

    public function testTheToolRunsWhereItIsInstalledAndNothingIsLeftAfterwards(): void
    {
        foreach (['/usr/local' => [], '/opt/tools' => ['PREFIX' => '/opt/tools']] as $prefix => $variables) {
            $variables['DESTDIR'] = $this->root;
            self::assertSame([0, ''], $this->install($variables));

            $tool = "$this->root$prefix/bin/hw-signature";
            self::assertSame('../share/hw-signature/hw-signature', readlink($tool));
            self::assertSame([0, 'hw-signature ' . VERSION . "\n", ''], Php::run(Php::command([$tool, '--version'])));
            self::assertSame(0, Php::run([$tool, '--help'])[0]);
            $this->assertSignsAndVerifiesWithoutTheModule($tool);
            self::assertStringStartsWith("#!$this->binary\n", file_get_contents($tool), 'the PHP of the module');
            $module = $this->root . ini_get('extension_dir') . '/hw_signature.so';
            self::assertFileEquals(__DIR__ . '/../modules/hw_signature.so', $module);

            self::assertSame([0, ''], $this->install($variables, '--undo'));
            self::assertSame('', Php::run(['find', $this->root, '-mindepth', '1', '-iname', '*hw?signature*'])[1]);
        }
    }

    private function assertSignsAndVerifiesWithoutTheModule(string $tool): void
    {
        file_put_contents("$this->root/key", 'the key');
        file_put_contents("$this->root/body", 'the body');
        $run = static fn (string ...$arguments): array => Php::run([PHP_BINARY, '-n', $tool, ...$arguments]);
        [$status, $signed, $errors] = $run('sign', '--key-file', "$this->root/key", "$this->root/body");
        self::assertSame([0, ''], [$status, $errors]);
        $headers = array_merge(...array_map(static fn (string $line): array => ['-H', $line], explode("\n", trim($signed))));
        self::assertSame([0, "valid\n", ''], $run('verify', '--key-file', "$this->root/key", ...[...$headers, "$this->root/body"]));
        self::assertSame(1, $run('verify', '--key-file', "$this->root/key", ...[...$headers, "$this->root/key"])[0]);
        [$status, , $errors] = $run('diagnose', '--key-file', "$this->root/key", "$this->root/body");
        self::assertSame(2, $status);
        self::assertStringContainsString('PHP has not loaded the extension hw_signature', $errors);
    }

    /**
     * @param array<string, string> $variables
     *
     * @return array{int, string} status and error output
     */
    private function install(array $variables, string ...$arguments): array
    {
        [$status, $output, $errors] = Php::run([self::INSTALL, ...$arguments], '', $variables);
        self::assertStringNotContainsString('Restart', $output, 'below DESTDIR nothing is running');
        return [$status, $errors];
    }
}
