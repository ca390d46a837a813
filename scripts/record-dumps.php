<?php

// Records php-tests/dumps: one signed request, in the spellings in which people have theirs. Needs curl and
// php-guzzlehttp-guzzle; `scripts/php scripts/record-dumps.php`. The two that come from a browser are made by hand: see
// php-tests/dumps/README.md.

declare(strict_types=1);

use GuzzleHttp\Client;
use GuzzleHttp\Handler\StreamHandler;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\MessageFormatter;
use GuzzleHttp\Middleware;
use GuzzleHttp\Psr7\Message;
use Psr\Http\Message\RequestInterface;

require '/usr/share/php/GuzzleHttp/autoload.php';

const DUMPS = __DIR__ . '/../php-tests/dumps';
const KEY = 'correct horse battery staple';
const BODY = '{"text":"It\'s 5 < 6, über \"alles\"!"}';
const TARGET = '/a%20b/?z=1&a=%C3%BC&empty=';
const HEADERS = ['Content-Type' => 'application/json', 'X-Note' => 'it\'s a "quoted" \\ value'];
const SITE = '/srv/app/public';
const ADDRESS = '127.0.0.1:8080';

// A receiver that writes down its variables as PHP programs do. Its folder is one of nobody's machine.
const RECEIVER = <<<'PHP'
    <?php
    ini_set('serialize_precision', '17');
    ob_start();
    var_dump($_SERVER);
    $dumps = [
        'server-var_export.txt' => var_export($_SERVER, true),
        'server-print_r.txt' => print_r($_SERVER, true),
        'server-var_dump.txt' => ob_get_clean(),
        'server.json' => json_encode($_SERVER, JSON_PRETTY_PRINT),
        'getallheaders-var_export.txt' => var_export(getallheaders(), true),
        'getallheaders.json' => json_encode(getallheaders()),
    ];
    foreach (getenv('RECORD') ? $dumps : [] as $name => $dump) {
        file_put_contents(getenv('RECORD') . "/$name", "$dump\n");
    }
    http_response_code(401);
    header('Content-Type: application/json');
    echo '{"detail":"Invalid signature"}';
    PHP;

$signed = hw_sign(BODY, KEY, 'nextcloud', 'POST', TARGET, 'client-1', '6f9619ff-8b86-4d01-b42d-00cf4fc964ff', 1_800_000_000) + HEADERS;
$url = 'http://' . ADDRESS . TARGET;
$lines = array_map(static fn(string $name): string => "$name: $signed[$name]", array_keys($signed));

$arguments = ['--noproxy', '*', ...array_merge(...array_map(static fn(string $line): array => ['-H', $line], $lines)), '--data-binary', '@/tmp/record-body.json', $url];
file_put_contents('/tmp/record-body.json', BODY);

withReceiver(null, static function () use ($arguments, $url, $lines, $signed): void {
    save('curl-v.txt', curl('-v', ...$arguments));
    save('curl-trace.txt', curl('--trace', '-', '-s', ...$arguments));
    save('curl-trace-ascii.txt', curl('--trace-ascii', '-', '-s', ...$arguments));
    save('curl-trace-chunked.txt', curl('--trace', '-', '-s', '-H', 'Transfer-Encoding: chunked', ...$arguments));

    $log = fopen(DUMPS . '/php-curlopt_verbose.txt', 'w');
    $request = curl_init($url);
    curl_setopt_array($request, [CURLOPT_VERBOSE => true, CURLOPT_STDERR => $log, CURLOPT_NOPROXY => '*', CURLOPT_RETURNTRANSFER => true]
        + [CURLOPT_POSTFIELDS => BODY, CURLOPT_HTTPHEADER => $lines]);
    curl_exec($request);

    $send = static function (?callable $handler, mixed $debug) use ($url, $signed): void {
        $client = new Client(['http_errors' => false, 'proxy' => ''] + ($handler === null ? [] : ['handler' => $handler]));
        $client->post($url, ['headers' => $signed, 'body' => BODY, 'debug' => $debug]);
    };
    $send(null, fopen(DUMPS . '/guzzle-debug.txt', 'w'));
    $send(new StreamHandler(), fopen(DUMPS . '/guzzle-debug-stream.txt', 'w'));
    $stack = HandlerStack::create();
    $stack->push(Middleware::mapRequest(static function (RequestInterface $request): RequestInterface {
        save('guzzle-message.txt', Message::toString($request));
        return $request;
    }));
    $log = static fn(callable $next): callable => static fn(RequestInterface $request, array $options) => $next($request, $options)->then(
        static function ($response) use ($request) {
            $request->getBody()->rewind();
            save('guzzle-formatter.txt', (new MessageFormatter(MessageFormatter::DEBUG))->format($request, $response));
            return $response;
        },
    );
    $stack->push($log);
    $send($stack, false);
});
withReceiver(DUMPS, static fn(): string => curl('-s', ...$arguments));
save('raw.http', received($arguments));
save('chunked.http', received(['-H', 'Transfer-Encoding: chunked', ...$arguments]));
unlink('/tmp/record-body.json');

function save(string $name, string $dump): void
{
    file_put_contents(DUMPS . "/$name", $dump);
}

function curl(string ...$arguments): string
{
    return run(['curl', ...($arguments[0] === '-v' ? ['-s'] : []), ...$arguments]);
}

/** @param list<string> $command */
function run(array $command): string
{
    $process = proc_open(['timeout', '20', ...$command], [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
    $output = stream_get_contents($pipes[1]);
    proc_close($process);
    return $output;
}

/** Runs PHP's own server while something is sent to it. */
function withReceiver(?string $record, callable $send): void
{
    mkdir(SITE, 0755, true);
    file_put_contents(SITE . '/index.php', RECEIVER);
    $command = ['timeout', '60', PHP_BINARY, '-S', ADDRESS, '-t', SITE, SITE . '/index.php'];
    $nowhere = ['file', '/dev/null', 'w'];
    $server = proc_open($command, [1 => $nowhere, 2 => $nowhere], $pipes, '/', array_filter(['RECORD' => $record === null ? null : realpath($record)]) + getenv());
    for ($attempt = 0; $attempt < 100 && !is_resource(@fsockopen('tcp://' . ADDRESS)); ++$attempt) {
        usleep(20_000);
    }
    $send();
    proc_terminate($server);
    proc_close($server);
    run(['rm', '-r', dirname(SITE)]);
}

/**
 * The bytes that curl sends.
 *
 * @param list<string> $arguments
 */
function received(array $arguments): string
{
    $socket = stream_socket_server('tcp://' . ADDRESS);
    $nowhere = ['file', '/dev/null', 'w'];
    $client = proc_open(['timeout', '20', 'curl', '-s', ...$arguments], [1 => $nowhere, 2 => $nowhere], $pipes);
    $connection = stream_socket_accept($socket, 10);
    stream_set_timeout($connection, 1);
    $bytes = '';
    while (($piece = fread($connection, 65_536)) !== '' && $piece !== false) {
        $bytes .= $piece;
    }
    fwrite($connection, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    fclose($connection);
    proc_close($client);
    return $bytes;
}
