<?php

declare(strict_types=1);

namespace HwSignature\Tests;

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Tests\Support\Child;
use PHPUnit\Framework\TestCase;

/** Over a real socket: who sends a request decides how long its body takes. */
final class SlowBodyTest extends TestCase
{
    private const BODY = '{"amount":1}';
    private const KEY = 'the key';
    private const TOLERANCE = 2;

    public function testARecordedRequestWhoseEndIsHeldBackIsStale(): void
    {
        $server = Child::script(__DIR__ . '/support/streaming_receiver.php', self::KEY, (string) self::TOLERANCE);
        try {
            $address = $server->readLine();
            $timestamp = time() - self::TOLERANCE + 1;
            $request = self::request($timestamp);
            $held = [];
            for ($copy = 0; $copy < 3; $copy++) {
                $held[] = self::open($address, substr($request, 0, -1));
            }
            // The receiver has read the head of each, and found it fresh, when it answers a request that came later.
            self::assertSame([200, 'accepted'], self::answer(self::open($address, self::request(time()))));

            while (time() <= $timestamp + self::TOLERANCE) {
                usleep(50_000);
            }
            foreach ($held as $copy => $connection) {
                if ($copy > 0) {
                    sleep(self::TOLERANCE); // as long as a claim of a request in its last second lasted, and more
                }
                fwrite($connection, substr($request, -1));
                self::assertSame([401, 'stale'], self::answer($connection), "copy $copy");
            }
        } finally {
            $server->stop();
        }
    }

    private static function request(int $timestamp): string
    {
        $headers = (new Signer(Profile::named('django'), Key::fromBytes(self::KEY)))->sign(self::BODY, timestamp: $timestamp);
        $lines = ['POST / HTTP/1.1', 'Host: localhost', 'Content-Length: ' . strlen(self::BODY)];
        foreach ($headers as $name => $value) {
            $lines[] = "$name: $value";
        }
        return implode("\r\n", $lines) . "\r\n\r\n" . self::BODY;
    }

    /** @return resource */
    private static function open(string $address, string $bytes)
    {
        $connection = stream_socket_client("tcp://$address", timeout: 10);
        self::assertIsResource($connection);
        stream_set_timeout($connection, 10);
        fwrite($connection, $bytes);
        return $connection;
    }

    /**
     * @param resource $connection
     *
     * @return array{int, string} status and body
     */
    private static function answer($connection): array
    {
        $answer = (string) stream_get_contents($connection);
        self::assertSame(1, preg_match('~\AHTTP/1\.1 (\d+) .*\r\n\r\n(.*)\z~s', $answer, $match), $answer);
        return [(int) $match[1], $match[2]];
    }
}
