<?php

declare(strict_types=1);

namespace HwSignature\Interop;

/** A program in another language that answers one line of JSON with one line of JSON, until its input ends. */
final class Peer
{
    /** @var resource */
    private $process;
    /** @var array<int, resource> */
    private array $pipes = [];

    public static function python(string $script): self
    {
        return new self([(string) getenv('INTEROP_PYTHON'), $script]);
    }

    public static function node(string $script): self
    {
        return new self(['node', $script]);
    }

    public static function program(string ...$command): self
    {
        return new self(array_values($command));
    }

    /** @param list<string> $command */
    private function __construct(array $command)
    {
        $environment = ['PYTHONPATH' => __DIR__, 'PYTHONDONTWRITEBYTECODE' => '1'] + getenv();
        $process = proc_open($command, [['pipe', 'r'], ['pipe', 'w'], STDERR], $this->pipes, null, $environment);
        if ($process === false) {
            throw new \RuntimeException('cannot start ' . implode(' ', $command));
        }
        $this->process = $process;
    }

    public function __destruct()
    {
        foreach ($this->pipes as $pipe) {
            fclose($pipe);
        }
        proc_close($this->process);
    }

    /** @param array<string, mixed> $arguments */
    public function call(string $operation, array $arguments): mixed
    {
        fwrite($this->pipes[0], json_encode(['operation' => $operation] + $arguments, JSON_THROW_ON_ERROR) . "\n");
        $answer = json_decode((string) fgets($this->pipes[1]), true);
        if (!is_array($answer) || !array_key_exists('result', $answer)) {
            throw new \RuntimeException("$operation: " . ($answer['error'] ?? 'the peer has gone'));
        }
        return $answer['result'];
    }
}
