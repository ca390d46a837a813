<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/** Child processes of PHP with the extension loaded. */
final class Php
{
    /** Seconds after which a child that does not end is ended. */
    private const PATIENCE_SECONDS = '60';

    /**
     * The command line of a child that has the same extension as this process.
     *
     * @param list<string> $arguments
     *
     * @return list<string>
     */
    public static function command(array $arguments): array
    {
        return [PHP_BINARY, ...Module::arguments(), ...$arguments];
    }

    /**
     * Runs a command to its end.
     *
     * @param list<string> $command
     * @param array<string, string> $environment added to that of the tests
     *
     * @return array{int, string, string} exit code, output, error output
     */
    public static function run(array $command, string $input = '', array $environment = []): array
    {
        [$in, $out, $err] = [tmpfile(), tmpfile(), tmpfile()];
        fwrite($in, $input);
        rewind($in);
        $process = proc_open(['timeout', self::PATIENCE_SECONDS, ...$command], [$in, $out, $err], $pipes, null, $environment + getenv());
        $exitCode = proc_close($process);
        rewind($out);
        rewind($err);
        return [$exitCode, stream_get_contents($out), stream_get_contents($err)];
    }
}
