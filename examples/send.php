<?php

// Signs an uplink message as Huawei Push Kit does, posts it, and shows both sides of the exchange.
//
//     HUAWEI_PUSH_KEY=… scripts/php examples/send.php http://127.0.0.1:8000/ [body]
//
// Once the extension is installed, php instead of scripts/php.
//
// --timestamp=MS   sign with this time instead of now
// --tamper=KIND    spoil the signed request, as somebody without the key could:
//                  body, no-header, twice; or spell it differently: nospace, lower-case

declare(strict_types=1);

const KINDS = ['body', 'no-header', 'twice', 'nospace', 'lower-case'];

$options = getopt('', ['tamper:', 'timestamp:'], $rest);
$key = (string) getenv('HUAWEI_PUSH_KEY');
$kind = $options['tamper'] ?? null;
if ($key === '' || !isset($argv[$rest]) || ($kind !== null && !in_array($kind, KINDS, true))) {
    fwrite(STDERR, "usage: HUAWEI_PUSH_KEY=… send.php [--timestamp=MS] [--tamper=KIND] URL [BODY]\n"
        . 'KIND is one of ' . implode(', ', KINDS) . ".\n");
    exit(2);
}
$url = $argv[$rest];
$body = $argv[$rest + 1] ?? '{"from":"token","category":"reply","message_id":"1","data":"eWVz"}';

$timestamp = isset($options['timestamp']) ? (int) $options['timestamp'] : null;
$lines = [];
foreach (hw_sign($body, $key, timestamp: $timestamp) as $name => $value) {
    $lines[] = "$name: $value";
}
match ($kind) {
    null => null,
    'body' => $body = str_replace('eWVz', 'bm8K', $body),
    'no-header' => $lines = [],
    'twice' => $lines[] = $lines[0],
    'nospace' => $lines = str_replace('; ', ';', $lines),
    'lower-case' => $lines = preg_replace_callback('/^[^:]+/', static fn($name) => strtolower($name[0]), $lines),
};

$context = stream_context_create(['http' => [
    'method' => 'POST',
    'header' => [...$lines, 'Content-Type: application/json'],
    'content' => $body,
    'ignore_errors' => true, // an answer of 401 is an answer
    'follow_location' => 0,
    'timeout' => 10,
]]);
$response = fopen($url, 'r', false, $context) ?: exit(1);
$status = explode(' ', stream_get_meta_data($response)['wrapper_data'][0])[1];

foreach (["POST $url", ...$lines, '', ...explode("\n", $body)] as $line) {
    echo "> $line\n";
}
foreach ([$status, ...explode("\n", rtrim(stream_get_contents($response)))] as $line) {
    echo "< $line\n";
}
exit($status === '200' ? 0 : 1);
