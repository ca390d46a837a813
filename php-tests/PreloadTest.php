<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Tests\Support\Module;
use PHPUnit\Framework\TestCase;

/** opcache.preload: classes that use the extension are made once, before any request, and kept. */
final class PreloadTest extends TestCase
{
    public function testClassesThatUseTheExtensionCanBePreloaded(): void
    {
        $opcache = ['-d', 'opcache.enable_cli=1', '-d', 'display_errors=stderr'];
        exec(escapeshellarg(PHP_BINARY) . " -r 'exit((int) extension_loaded(\"Zend OPcache\"));'", $output, $loaded);
        if ($loaded === 0 || !function_exists('posix_geteuid')) {
            self::markTestSkipped('opcache or posix is not loaded.');
        }
        if (posix_geteuid() === 0) {
            array_push($opcache, '-d', 'opcache.preload_user=root');
        }
        array_push($opcache, '-d', 'opcache.preload=' . __DIR__ . '/support/preload.php');

        $command = [PHP_BINARY, ...Module::arguments(), ...$opcache, __DIR__ . '/support/preloaded.php'];
        exec(implode(' ', array_map(escapeshellarg(...), $command)) . ' 2>&1', $failures, $status);

        self::assertSame([[], 0], [$failures, $status]);
    }
}
