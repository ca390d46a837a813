<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/** PHP-FPM of our own on a free loopback port, and a FastCGI client for it. */
final class Fpm
{
    private const WORKERS = 6;
    private const BEGIN_REQUEST = 1;
    private const END_REQUEST = 3;
    private const PARAMS = 4;
    private const STDIN = 5;
    private const STDOUT = 6;

    private function __construct(private Child $process, private string $directory, private int $port)
    {
    }

    public static function binary(): ?string
    {
        return Child::find('php-fpm' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION);
    }

    /**
     * @param string $pool more lines for the pool
     * @param array<string, string> $environment added to that of the tests
     */
    public static function start(string $pool = '', array $environment = []): self
    {
        $port = Child::freePort();
        $directory = sys_get_temp_dir() . '/hw_signature_fpm_' . bin2hex(random_bytes(8));
        mkdir($directory, 0700);
        $user = posix_geteuid() === 0 ? "user = root\ngroup = root\n" : '';
        file_put_contents("$directory/fpm.conf", "[global]\nerror_log = $directory/log\ndaemonize = no\n"
            . "[www]\nlisten = 127.0.0.1:$port\n{$user}pm = static\npm.max_children = " . self::WORKERS . "\n$pool");
        $binary = self::binary();
        $command = [$binary, '--nodaemonize', '--allow-to-run-as-root', '--fpm-config', "$directory/fpm.conf", ...Module::arguments($binary)];
        $started = new self(new Child($command, $environment), $directory, $port);
        for ($attempt = 0; $attempt < 500; $attempt++) {
            if (@stream_socket_client("tcp://127.0.0.1:$port") !== false) {
                return $started;
            }
            usleep(10_000);
        }
        $log = $started->log();
        $started->stop();
        throw new \RuntimeException("php-fpm does not answer: $log");
    }

    public function stop(): void
    {
        $this->process->stop();
        array_map('unlink', glob("$this->directory/*"));
        rmdir($this->directory);
    }

    public function port(): int
    {
        return $this->port;
    }

    public function log(): string
    {
        return (string) @file_get_contents("$this->directory/log");
    }

    /**
     * Sends requests to a script, all at once: each waits on its own connection before the first answer is read.
     *
     * @param list<array{array<string, string>, string}> $requests headers and body
     * @return list<string> what the script printed after its headers
     */
    public function post(string $script, array $requests): array
    {
        $connections = [];
        foreach ($requests as [$headers, $body]) {
            $parameters = ['SCRIPT_FILENAME' => $script, 'REQUEST_METHOD' => 'POST', 'REQUEST_URI' => '/', 'CONTENT_LENGTH' => (string) strlen($body)];
            foreach ($headers as $name => $value) {
                $parameters['HTTP_' . strtr(strtoupper($name), '-', '_')] = $value;
            }
            $text = '';
            foreach ($parameters as $name => $value) {
                $text .= pack('NN', strlen($name) | 1 << 31, strlen($value) | 1 << 31) . $name . $value;
            }
            $connection = stream_socket_client("tcp://127.0.0.1:$this->port");
            stream_set_timeout($connection, 30);
            fwrite($connection, self::record(self::BEGIN_REQUEST, pack('nCx5', 1, 0))
                . self::record(self::PARAMS, $text) . self::record(self::PARAMS, '') . self::record(self::STDIN, $body));
            $connections[] = $connection;
        }
        // A request runs once its input has ended.
        foreach ($connections as $connection) {
            fwrite($connection, self::record(self::STDIN, ''));
        }
        return array_map([self::class, 'read'], $connections);
    }

    private static function record(int $type, string $content): string
    {
        return pack('CCnnCx', 1, $type, 1, strlen($content), 0) . $content;
    }

    /** @param resource $connection */
    private static function read($connection): string
    {
        $output = '';
        while (($header = stream_get_contents($connection, 8)) !== '') {
            ['type' => $type, 'length' => $length, 'padding' => $padding] = unpack('x/Ctype/x2/nlength/Cpadding', $header);
            $content = $length > 0 ? stream_get_contents($connection, $length) : '';
            $padding > 0 && stream_get_contents($connection, $padding);
            $output .= $type === self::STDOUT ? $content : '';
            if ($type === self::END_REQUEST) {
                break;
            }
        }
        // A worker takes the next request when the client has closed this one.
        fclose($connection);
        return explode("\r\n\r\n", $output, 2)[1] ?? '';
    }
}
