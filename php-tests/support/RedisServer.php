<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/** A Redis server of our own on a free loopback port, without a disk. */
final class RedisServer
{
    private function __construct(private Child $process, public readonly int $port)
    {
    }

    /** @param string $socket where it listens too */
    public static function start(string $socket = ''): self
    {
        $port = Child::freePort();
        $server = [Child::find('redis-server'), '--bind', '127.0.0.1', '--port', (string) $port, '--save', '', '--appendonly', 'no', '--unixsocket', $socket];
        $started = new self(new Child($server), $port);
        for ($attempt = 0; $attempt < 500; $attempt++) {
            if (@stream_socket_client("tcp://127.0.0.1:$port") !== false) {
                return $started;
            }
            usleep(10_000);
        }
        $started->stop();
        throw new \RuntimeException('redis-server does not answer');
    }

    public function stop(): void
    {
        $this->process->stop();
    }
}
