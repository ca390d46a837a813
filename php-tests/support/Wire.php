<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/** Sends a request exactly as it is given, line for line. */
final class Wire
{
    /**
     * @param string $url of the server
     * @param string $requestLine without the version
     * @param array<string, string|list<string>> $headers
     *
     * @return array{int, string} status and body of the answer
     */
    public static function send(string $url, string $requestLine, array $headers, string $body): array
    {
        $host = (string) parse_url($url, PHP_URL_HOST) . ':' . parse_url($url, PHP_URL_PORT);
        $request = "$requestLine HTTP/1.0\r\n";
        foreach ($headers + ['Host' => $host, 'Content-Length' => (string) strlen($body)] as $name => $values) {
            foreach ((array) $values as $value) {
                $request .= "$name: $value\r\n";
            }
        }
        $connection = stream_socket_client("tcp://$host");
        stream_set_timeout($connection, 30);
        fwrite($connection, "$request\r\n$body");
        [$head, $answer] = explode("\r\n\r\n", (string) stream_get_contents($connection), 2);

        return [(int) explode(' ', $head)[1], $answer];
    }
}
