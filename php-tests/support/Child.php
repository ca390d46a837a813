<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/**
 * A process that runs beside this one: a server, or a PHP script with PHP's usual configuration, whose stores it needs.
 */
final class Child
{
    /** Seconds after which a forgotten process ends by itself. */
    public const LIFETIME = '120';

    /** @var resource */
    private $process;
    /** @var array<int, resource> */
    private array $pipes = [];

    /**
     * @param list<string> $command that ends by itself, at the latest when its time is up
     * @param array<string, string> $environment added to that of the tests
     */
    public function __construct(array $command, array $environment = [])
    {
        $command = ['timeout', self::LIFETIME, ...$command];
        $pipes = [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']];
        $this->process = proc_open($command, $pipes, $this->pipes, null, $environment + getenv());
    }

    /** A PHP script with arguments. */
    public static function script(string $file, string ...$arguments): self
    {
        return new self([...self::php(), $file, ...$arguments]);
    }

    public function readLine(): string
    {
        return rtrim((string) fgets($this->pipes[1]), "\n");
    }

    public function write(string $text): void
    {
        fwrite($this->pipes[0], $text);
    }

    /** @return array{int, string, string} exit code, output, error output */
    public function finish(): array
    {
        $output = stream_get_contents($this->pipes[1]);
        $errors = stream_get_contents($this->pipes[2]);
        return [proc_close($this->process), $output, $errors];
    }

    /** Ends a server. */
    public function stop(): void
    {
        proc_terminate($this->process);
        $this->finish();
    }

    /** @return list<string> */
    private static function php(): array
    {
        return [PHP_BINARY, '-d', 'memory_limit=-1', '-d', 'display_errors=stderr', '-d', 'apc.enable_cli=1', ...Module::arguments()];
    }

    /** The path of a program, or null. */
    public static function find(string $program): ?string
    {
        foreach (explode(':', getenv('PATH') . ':/usr/sbin') as $directory) {
            if (is_executable("$directory/$program")) {
                return "$directory/$program";
            }
        }
        return null;
    }

    /** A loopback port that nobody uses. */
    public static function freePort(): int
    {
        $server = stream_socket_server('tcp://127.0.0.1:0');
        return (int) substr(strrchr(stream_socket_get_name($server, false), ':'), 1);
    }
}
