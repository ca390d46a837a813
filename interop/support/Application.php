<?php

declare(strict_types=1);

namespace HwSignature\Interop;

use HwSignature\Tests\Support\Php;
use HwSignature\Tests\Support\StoreServer;
use HwSignature\Tests\Support\Server;

/** What a page in docs/ shows, as an application that a framework runs, with a Redis server beside it. */
final class Application
{
    private readonly string $directory;
    private readonly StoreServer $redis;
    private readonly Server $server;

    /** @var array<string, string> */
    private readonly array $environment;

    /**
     * @param string $page the page, whose blocks of code, with those of docs/testing.md, become the files
     * @param string $front the script that starts the framework
     * @param array<string, string> $files pattern => file: the block of code that the pattern fits, and where it belongs
     * @param array<string, string> $environment
     * @param string $backend the server that is https://backend.example to the page
     */
    public function __construct(string $page, string $front, array $files, array $environment, string $backend)
    {
        $this->directory = sys_get_temp_dir() . '/hw_signature-' . bin2hex(random_bytes(8));
        $pages = (string) file_get_contents($page) . file_get_contents(dirname($page) . '/testing.md');
        preg_match_all('/^```(\w+)[^\n]*\n(.*?)^```$/ms', $pages, $blocks);
        foreach ($files as $pattern => $file) {
            $found = preg_grep($pattern, $blocks[2]);
            if (count($found) !== 1) {
                throw new \RuntimeException(count($found) . " blocks of $page fit $pattern");
            }
            $start = str_ends_with($file, '.php') ? "<?php\n\n" : '';
            @mkdir(dirname("$this->directory/$file"), recursive: true);
            $code = str_replace('https://backend.example', rtrim($backend, '/'), current($found));
            file_put_contents("$this->directory/$file", $start . $code);
        }
        $this->redis = StoreServer::redis("$this->directory/redis");
        $this->environment = ['APPLICATION' => $this->directory, 'REDIS_HOST' => "$this->directory/redis"] + $environment;
        $this->server = new Server($front, $this->environment);
    }

    public function url(string $path): string
    {
        return rtrim($this->server->url(), '/') . $path;
    }

    public function errors(): string
    {
        return $this->server->errors();
    }

    /**
     * Runs a test case of the framework in a process of its own.
     *
     * @return array{int, string} status and output
     */
    public function test(string $file): array
    {
        $command = Php::command([$_SERVER['argv'][0], '--no-configuration', '--do-not-cache-result', $file]);
        [$status, $output, $errors] = Php::run($command, '', $this->environment);

        return [$status, $output . $errors];
    }

    public function stop(): void
    {
        $this->server->stop();
        $this->redis->stop();
        exec('rm -r ' . escapeshellarg($this->directory));
    }
}
