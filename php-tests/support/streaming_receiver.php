<?php

declare(strict_types=1);

// A server that verifies each body while it comes in, for as many connections at once as there are. It says its address
// in the first line that it writes, and answers 200 or 401, with the reason in the body.

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\SignatureRejectedException;
use HwSignature\Verifier;

[, $key, $tolerance] = $argv;

$expires = [];
$claim = static function (string $id, int $ttl) use (&$expires): bool {
    $isNew = ($expires[$id] ?? 0) <= microtime(true);
    $expires[$id] = microtime(true) + $ttl;
    return $isNew;
};
$verifier = new Verifier(Profile::named('django'), [Key::fromBytes($key)], (int) $tolerance, $claim);

$server = stream_socket_server('tcp://127.0.0.1:0');
echo stream_socket_get_name($server, false), "\n";

$requests = [];
$streams = [$server];
while (true) {
    $ready = $streams;
    $none = null;
    if (stream_select($ready, $none, $none, 30) === 0) {
        exit(1);
    }
    foreach ($ready as $stream) {
        if ($stream === $server) {
            $connection = stream_socket_accept($server);
            stream_set_blocking($connection, false);
            $streams[(int) $connection] = $connection;
            $requests[(int) $connection] = ['head' => ''];
            continue;
        }
        $request = &$requests[(int) $stream];
        $bytes = (string) fread($stream, 65536);
        try {
            if (!isset($request['verification'])) {
                [$head, $bytes] = explode("\r\n\r\n", $request['head'] . $bytes, 2) + [1 => null];
                if ($bytes === null && !feof($stream)) {
                    $request['head'] = $head;
                    continue;
                }
                $headers = [];
                foreach (array_slice(explode("\r\n", $head), 1) as $line) {
                    [$name, $value] = explode(': ', $line, 2);
                    $headers[$name] = $value;
                }
                $request['left'] = (int) $headers['Content-Length'];
                $request['verification'] = $verifier->stream($headers);
            }
            $request['verification']->update((string) $bytes);
            $request['left'] -= strlen((string) $bytes);
            if ($request['left'] > 0 && !feof($stream)) {
                continue;
            }
            $request['verification']->finish();
            $answer = ['200 OK', 'accepted'];
        } catch (SignatureRejectedException $rejected) {
            $answer = ['401 Unauthorized', $rejected->getReason()->value];
        }
        fwrite($stream, "HTTP/1.1 $answer[0]\r\nConnection: close\r\n\r\n$answer[1]");
        fclose($stream);
        unset($streams[(int) $stream], $requests[(int) $stream], $request);
    }
}
