<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\ContractVectors;
use HwSignature\Tests\Support\Php;
use PHPUnit\Framework\Attributes\Group;
use PHPUnit\Framework\TestCase;

/** docs/contracts-as-files.md, step by step in an empty directory. Its step with Django is run by interop/. */
final class ContractsPageTest extends TestCase
{
    private const ROOT = __DIR__ . '/..';

    private string $directory;

    protected function setUp(): void
    {
        $this->directory = sys_get_temp_dir() . '/hw_signature-page-' . bin2hex(random_bytes(6));
        mkdir($this->directory);
    }

    protected function tearDown(): void
    {
        exec('rm -r ' . escapeshellarg($this->directory));
    }

    /** @group bulk */
    #[Group('bulk')]
    public function testEveryStep(): void
    {
        if (shell_exec('command -v python3') === null) {
            self::markTestSkipped('There is no python3: make deps installs it.');
        }
        $tool = implode(' ', array_map(escapeshellarg(...), Php::command([(string) realpath(self::ROOT . '/bin/hw-signature')])));
        $this->write('hw-signature', "#!/bin/sh\nexec $tool \"\$@\"\n");
        chmod("$this->directory/hw-signature", 0755);
        // What the page tells to copy. The generator finds its reader where it lies in the source tree.
        copy(self::ROOT . '/contracts/python/contract.py', "$this->directory/contract.py");
        copy(self::ROOT . '/contracts/generate.py', "$this->directory/generate.py");

        $steps = 0;
        preg_match_all('/^```(?:sh|\w+ file=(\S+))\n(.*?)^```$/ms', (string) file_get_contents(self::ROOT . '/docs/contracts-as-files.md'), $blocks, PREG_SET_ORDER);
        foreach ($blocks as [, $file, $text]) {
            if ($file !== '') {
                $this->write($file, $text);
                continue;
            }
            $steps++;
            [$code, , $errors] = Php::run(['bash', '-euc', "cd $this->directory\n$text"], '', [
                'PATH' => "$this->directory:" . getenv('PATH'), 'PYTHONDONTWRITEBYTECODE' => '1',
            ]);
            self::assertSame(0, $code, "$text\n$errors");
            $last = $errors;
        }
        self::assertSame(3, $steps);
        self::assertStringEndsWith("OK\n", $last);
        self::assertFileEquals(self::ROOT . '/contracts/nextcloud.json', "$this->directory/nextcloud.json");
        $orders = ContractVectors::read("$this->directory/orders.json");
        self::assertSame('The shop to the warehouse', $orders['title']);
        $profile = \HwSignature\Profile::fromContract(file_get_contents("$this->directory/orders.json"));
        foreach ($orders['vectors'] as $vector) {
            self::assertSame($vector['result'], ContractVectors::result($profile, $vector), $vector['id']);
        }

        // A vector that is wrong is told.
        $contract = file_get_contents("$this->directory/nextcloud.json");
        $this->write('nextcloud.json', preg_replace('/"result": "stale"/', '"result": "valid"', $contract, 1));
        [$code, , $errors] = Php::run(['bash', '-c', "cd $this->directory; python3 -B -m unittest test_contract"]);
        self::assertSame(1, $code);
        self::assertStringContainsString("'valid' != 'stale'", $errors);
    }

    private function write(string $file, string $text): void
    {
        file_put_contents("$this->directory/$file", $text);
    }
}
