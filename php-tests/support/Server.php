<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use PHPUnit\Framework\Assert;
use RuntimeException;

/** PHP's built-in server on a free loopback port, with the extension loaded. */
final class Server
{
    private const PATIENCE_SECONDS = 10;

    private static ?bool $keepsRepeated = null;

    /** @var resource */
    private $process;
    private string $log;
    private string $address;
    private string $script;

    /**
     * @param array<string, string> $environment added to that of the tests
     * @param list<string> $options for PHP
     */
    public function __construct(string $script, array $environment = [], array $options = [])
    {
        $this->log = (string) tempnam(sys_get_temp_dir(), 'hw_signature-server-');
        $this->address = self::freeAddress();
        $this->script = Implementation::served($script);
        $everyErrorIntoTheLog = ['-d', 'error_log=', '-d', 'log_errors=1', '-d', 'display_errors=0', '-d', 'error_reporting=-1'];
        $process = proc_open(
            [PHP_BINARY, ...Module::arguments(), ...$options, ...$everyErrorIntoTheLog, '-S', $this->address, $this->script],
            [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', $this->log, 'a']],
            $pipes,
            null,
            $environment + getenv(),
        );
        if ($process === false) {
            throw new RuntimeException('The server could not be started.');
        }
        $this->process = $process;
        $this->waitUntilItListens();
    }

    public function url(): string
    {
        return "http://$this->address/";
    }

    /** What stands in the error log beside the lines that the server writes for every connection. */
    public function errors(): string
    {
        $ordinary = '/^\[[^]]*\] (PHP \S+ Development Server .* started|\S+:\d+ (Accepted|Closing))\n/m';

        return (string) preg_replace($ordinary, '', (string) file_get_contents($this->log));
    }

    public function stop(): void
    {
        proc_terminate($this->process);
        proc_close($this->process);
        unlink($this->log);
    }

    /** Skips a test where this PHP's server keeps the first of two headers of one name alone, as some of 8.3 do. */
    public static function needsRepeatedHeaders(): void
    {
        if (!(self::$keepsRepeated ??= self::keepsRepeated())) {
            Assert::markTestSkipped("PHP's built-in server drops the second of two headers of one name.");
        }
    }

    private static function keepsRepeated(): bool
    {
        $script = (string) tempnam(sys_get_temp_dir(), 'hw_signature-repeated-');
        file_put_contents($script, '<?php echo $_SERVER["HTTP_X_REPEATED"];');
        $server = new self($script);
        try {
            $headers = stream_context_create(['http' => ['header' => ['X-Repeated: one', 'X-Repeated: two']]]);
            return file_get_contents($server->url(), false, $headers) === 'one, two';
        } finally {
            $server->stop();
            unlink($script);
        }
    }

    private static function freeAddress(): string
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0') ?: throw new RuntimeException('There is no free port.');

        return (string) stream_socket_get_name($socket, false);
    }

    /** The server says so itself: a connection made only to find out would leave its own lines in the log. */
    private function waitUntilItListens(): void
    {
        for ($deadline = time() + self::PATIENCE_SECONDS; time() < $deadline; usleep(20_000)) {
            if (str_contains((string) file_get_contents($this->log), ") started\n")) {
                return;
            }
            if (!proc_get_status($this->process)['running']) {
                break;
            }
        }
        $log = (string) file_get_contents($this->log);
        $this->stop();
        throw new RuntimeException("The server did not start:\n$log");
    }
}
