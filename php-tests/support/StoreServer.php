<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/** A store of replays of our own, on a free loopback port, without a disk. */
final class StoreServer
{
    private function __construct(private Child $process, public readonly int $port)
    {
    }

    /** @param string $socket where it listens too */
    public static function redis(string $socket = ''): self
    {
        $options = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--unixsocket', $socket, '--port'];
        return self::start('redis-server', ...$options);
    }

    public static function memcached(): self
    {
        // The user is who it becomes when root has started it.
        return self::start('memcached', '-l', '127.0.0.1', '-U', '0', '-u', 'nobody', '-p');
    }

    /** @param string $options of which the last is followed by a port */
    private static function start(string $program, string ...$options): self
    {
        $port = Child::freePort();
        $started = new self(new Child([Child::find($program), ...$options, (string) $port]), $port);
        for ($attempt = 0; $attempt < 500; $attempt++) {
            if (@stream_socket_client("tcp://127.0.0.1:$port") !== false) {
                return $started;
            }
            usleep(10_000);
        }
        $started->stop();
        throw new \RuntimeException("$program does not answer");
    }

    public function stop(): void
    {
        $this->process->stop();
    }
}
