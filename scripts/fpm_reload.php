<?php

// Sends requests to php-fpm while it is told to reload (SIGUSR2), again and again. Each request signs and verifies, and
// none may be lost.

declare(strict_types=1);

use HwSignature\Tests\Support\Module;

require __DIR__ . '/../php-tests/bootstrap.php';

const RELOADS = 10;
const BATCHES_BETWEEN = 20;
const IN_FLIGHT = 8;
const PATIENCE_SECONDS = 30;

const FCGI_BEGIN_REQUEST = 1;
const FCGI_END_REQUEST = 3;
const FCGI_PARAMS = 4;
const FCGI_STDIN = 5;
const FCGI_STDOUT = 6;

/** A FastCGI record for request 1. */
function record(int $type, string $content): string
{
    return pack('CCnnCx', 1, $type, 1, strlen($content), 0) . $content;
}

/** @return resource a connection on which php-fpm was asked to run a script */
function ask(string $socket, string $script)
{
    $connection = stream_socket_client("unix://$socket", $code, $message, PATIENCE_SECONDS);
    if ($connection === false) {
        throw new RuntimeException("php-fpm is gone: $message");
    }
    stream_set_timeout($connection, PATIENCE_SECONDS);
    $parameters = '';
    foreach (['REQUEST_METHOD' => 'GET', 'SCRIPT_FILENAME' => $script, 'SCRIPT_NAME' => '/'] as $name => $value) {
        $parameters .= pack('CC', strlen($name), strlen($value)) . $name . $value;
    }
    fwrite($connection, record(FCGI_BEGIN_REQUEST, pack('nCx5', 1, 0)) . record(FCGI_PARAMS, $parameters)
        . record(FCGI_PARAMS, '') . record(FCGI_STDIN, ''));

    return $connection;
}

/** @param resource $connection */
function answer($connection): string
{
    $answer = '';
    while (strlen($head = (string) stream_get_contents($connection, 8)) === 8) {
        ['type' => $type, 'length' => $length, 'padding' => $padding] = unpack('Cversion/Ctype/nid/nlength/Cpadding', $head);
        $content = (string) stream_get_contents($connection, $length + $padding);
        if ($type === FCGI_END_REQUEST) {
            // php-fpm waits for that before it takes the next request.
            fclose($connection);

            return trim(strstr($answer, "\r\n\r\n") ?: 'nothing');
        }
        $answer .= $type === FCGI_STDOUT ? substr($content, 0, $length) : '';
    }

    return 'the connection was closed';
}

$version = PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION;
$binaries = array_filter(["/usr/sbin/php-fpm$version", '/usr/sbin/php-fpm'], is_executable(...));
if ($binaries === []) {
    fwrite(STDERR, "php-fpm is missing: apt-get install php$version-fpm\n");
    exit(1);
}
$folder = sys_get_temp_dir() . '/hw_signature-fpm-' . bin2hex(random_bytes(6));
mkdir($folder, 0700);
$user = posix_geteuid() === 0 ? "user = root\n" : '';
file_put_contents("$folder/fpm.conf", "[global]
error_log = $folder/log
process_control_timeout = 20s
[www]
{$user}listen = $folder/socket
pm = static
pm.max_children = 2
");
file_put_contents("$folder/request.php", '<?php
usleep(2000); // long enough to be caught by the reload
$headers = hw_sign("body", "secret");
$valid = hw_verify($headers, "body", "secret") && !hw_verify($headers, "forged", "secret");
echo $valid && HwSignature\Profile::named("django")->describe()["encoding"] === HwSignature\Encoding::Hex ? "ok" : "wrong";
');
$root = posix_geteuid() === 0 ? ['-R'] : [];
$fpm = proc_open(
    [reset($binaries), '-F', ...$root, '-y', "$folder/fpm.conf", ...Module::arguments()],
    [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', "$folder/stderr", 'w']],
    $pipes,
);
$pid = proc_get_status($fpm)['pid'];
$log = static fn (): string => (string) @file_get_contents("$folder/log");
$until = static function (callable $condition) use ($log): void {
    for ($deadline = time() + PATIENCE_SECONDS; !$condition(); usleep(10_000)) {
        if (time() > $deadline) {
            throw new RuntimeException("php-fpm does not get there:\n" . $log());
        }
    }
};
$answers = [];
try {
    $until(static fn (): bool => file_exists("$folder/socket"));
    for ($reload = 0; $reload < RELOADS; $reload++) {
        for ($batch = 0; $batch < BATCHES_BETWEEN; $batch++) {
            $connections = [];
            while (count($connections) < IN_FLIGHT) {
                $connections[] = ask("$folder/socket", "$folder/request.php");
            }
            if ($batch === intdiv(BATCHES_BETWEEN, 2)) {
                posix_kill($pid, SIGUSR2);
            }
            foreach (array_map(answer(...), $connections) as $answer) {
                $answers[$answer] = ($answers[$answer] ?? 0) + 1;
            }
        }
        $until(static fn (): bool => substr_count($log(), 'ready to handle connections') === $reload + 2);
    }
    $running = proc_get_status($fpm);
} finally {
    proc_terminate($fpm);
    proc_close($fpm);
    $crashes = preg_match_all('/exited on signal (SIGSEGV|SIGABRT|SIGBUS)|\b(ALERT|ERROR)\b.*/', $log());
    array_map(unlink(...), glob("$folder/*") ?: []);
    rmdir($folder);
}

printf("%d reloads of process %d, answers: %s, crashes: %d\n", RELOADS, $pid, json_encode($answers), $crashes);
exit($answers === ['ok' => RELOADS * BATCHES_BETWEEN * IN_FLIGHT] && $running['running'] && $crashes === 0 ? 0 : 1);
