<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/**
 * A PHP process of its own: for settings that cannot be changed at run time, and for scripts that end badly.
 */
final class ChildPhp
{
    public int $exitCode;
    public string $output;
    public string $errors;

    /**
     * Runs code and waits for its end. No ini file is read, so that the result is the same on every machine.
     *
     * @param string $code begins with `<?php`
     * @param list<string> $ini settings such as `zend.assertions=1`
     */
    public static function run(string $code, array $ini = [], bool $withExtension = true): self
    {
        $file = tempnam(sys_get_temp_dir(), 'hw_signature');
        file_put_contents($file, $code);
        try {
            return self::php([...self::options($ini, $withExtension), '-f', $file]);
        } finally {
            unlink($file);
        }
    }

    /** Runs php with command-line options such as `--ri hw_signature`. */
    public static function command(string ...$arguments): self
    {
        return self::php([...self::options([], true), ...$arguments]);
    }

    /**
     * @param list<string> $ini
     *
     * @return list<string>
     */
    private static function options(array $ini, bool $withExtension): array
    {
        $options = ['-n', ...($withExtension ? Implementation::arguments(Module::path()) : [])];
        foreach (['display_errors=1', 'error_reporting=-1', 'html_errors=0', ...$ini] as $setting) {
            array_push($options, '-d', $setting);
        }
        return $options;
    }

    /** @param list<string> $arguments */
    private static function php(array $arguments): self
    {
        $errors = tmpfile();
        $process = proc_open([PHP_BINARY, ...$arguments], [1 => ['pipe', 'w'], 2 => $errors], $pipes);
        $self = new self();
        $self->output = stream_get_contents($pipes[1]);
        $self->exitCode = proc_close($process);
        rewind($errors);
        $self->errors = stream_get_contents($errors);
        return $self;
    }
}
