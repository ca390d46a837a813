<?php

// What `make demo` shows: examples/send.php sends a genuine and a forged request to examples/receiver.php.

declare(strict_types=1);

use HwSignature\Tests\Support\Module;
use HwSignature\Tests\Support\Server;

require __DIR__ . '/../php-tests/bootstrap.php';

const EXAMPLES = __DIR__ . '/../examples';

/** @return array{header: string, body: string, status: string, answer: string} */
function exchange(string ...$arguments): array
{
    $command = [PHP_BINARY, ...Module::arguments(), EXAMPLES . '/send.php', ...$arguments];
    $process = proc_open($command, [1 => ['pipe', 'w']], $pipes);
    $output = stream_get_contents($pipes[1]);
    proc_close($process);
    $pattern = '/^> (?<header>X-HW-SIGNATURE.*)\n(> .*\n)*> (?<body>.*)\n< (?<status>\d+)\n< (?<answer>.*)\n/m';
    if (!preg_match($pattern, $output, $exchange)) {
        throw new RuntimeException("examples/send.php showed no exchange:\n$output");
    }

    return $exchange;
}

function paint(string $colour, string $text): string
{
    $codes = ['green' => 32, 'red' => 31, 'dim' => 2];
    $colours = stream_isatty(STDOUT) && getenv('NO_COLOR') === false;

    return $colours ? "\e[$codes[$colour]m$text\e[0m" : $text;
}

/** Marks where the second of two texts differs from the first. */
function carets(string $one, string $other): string
{
    return rtrim(strtr(preg_replace('/[^\0]/', '^', $one ^ $other), "\0", ' '));
}

putenv('HUAWEI_PUSH_KEY=' . bin2hex(random_bytes(16)));
$server = new Server(EXAMPLES . '/receiver.php');
try {
    $now = '--timestamp=' . (int) (microtime(true) * 1000);
    $genuine = exchange($now, $server->url());
    $forged = exchange($now, '--tamper=body', $server->url());
    $errors = $server->errors();
} finally {
    $server->stop();
}

$header = static fn(array $exchange): string => str_replace('; value', ";\n             value", $exchange['header']);
$mark = static fn(array $exchange): string => $exchange['status'] === '200'
    ? paint('green', '✓ accepted')
    : paint('red', '✗ rejected');
$same = $forged['header'] === $genuine['header'];

echo '
hw_signature ', HwSignature\VERSION, ' on PHP ', PHP_VERSION, ": a Huawei Push receiver and two requests

Genuine: signed by a sender that has the key.

    header   {$header($genuine)}
    body     {$genuine['body']}
    answer   {$genuine['status']} {$genuine['answer']}   {$mark($genuine)}

Forged: the same request, with \"yes\" turned into \"no\" on the way (\"data\" is base64).

    header   ", $same ? paint('dim', 'the same, to the last character') : $header($forged), "
    body     {$forged['body']}
             ", paint('red', carets($genuine['body'], $forged['body'])), "
    answer   {$forged['status']} {$forged['answer']}   {$mark($forged)}

";

if ($genuine['status'] !== '200' || $forged['status'] !== '401' || $errors !== '') {
    echo paint('red', 'This is not as it should be.'), "\n$errors";
    exit(1);
}
echo "The signature covers every byte of the body, so it fits the genuine one only.
The code: examples/receiver.php and examples/send.php
Next: README.md, and scripts/php bin/hw-signature for a request of your own
";
