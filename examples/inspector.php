<?php

// A page that says why the signature of a request does not match.
//
//     scripts/php -S 127.0.0.1:8080 examples/inspector.php
//
// Once the extension is installed, php instead of scripts/php.
// For the developer's own machine: it answers on the loopback interface alone, and stores nothing.

declare(strict_types=1);

namespace HwSignature\Inspector;

use HwSignature\Diagnosis;
use HwSignature\Tool\RequestDump;

use const HwSignature\ANY_AGE;

require_once __DIR__ . '/../bin/lib/load.php';
foreach (['Form', 'submission', 'page', 'result', 'comparison', 'html'] as $part) {
    require_once __DIR__ . "/inspector/$part.php";
}

respond();

function respond(): void
{
    $refusal = refusal($_SERVER);
    if ($refusal !== null) {
        http_response_code($refusal[0]);
        header('Content-Type: text/plain; charset=utf-8');
        echo $refusal[1], "\n";
        return;
    }
    header('Content-Type: text/html; charset=utf-8');
    header('Cache-Control: no-store');
    header('Content-Security-Policy: ' . policy());
    header('Referrer-Policy: no-referrer');
    header('X-Content-Type-Options: nosniff');
    $form = new Form();
    $case = null;
    $key = '';
    if ($_SERVER['REQUEST_METHOD'] === 'POST') {
        [$case, $key] = isset($_POST['example']) ? example($form) : submitted($form);
    }
    $diagnosis = $case === null ? null : diagnose($case, $key, $form);
    echo page($form, $case, $diagnosis);
}

/**
 * Why this request is not answered: a status code and a sentence.
 *
 * @param array<string, mixed> $server
 *
 * @return array{int, string}|null
 */
function refusal(array $server): ?array
{
    $host = $server['HTTP_HOST'] ?? '';
    $host = str_starts_with($host, '[') ? strstr($host, ']', true) . ']' : explode(':', $host)[0];
    $forwarded = isset($server['HTTP_FORWARDED']) || isset($server['HTTP_X_FORWARDED_FOR']) || isset($server['HTTP_VIA']);
    return match (true) {
        !isLoopback($server['REMOTE_ADDR'] ?? ''), !isLoopback($server['SERVER_NAME'] ?? ''), !isLoopback($host), $forwarded
            => [403, 'The inspector takes keys, so it answers on the loopback interface alone: start it with php -S 127.0.0.1:8080, and open http://127.0.0.1:8080/ on the same machine.'],
        !extension_loaded('hw_signature')
            => [500, 'PHP has not loaded the extension hw_signature: start the server with php -d extension=/path/to/hw_signature.so.'],
        ($server['QUERY_STRING'] ?? '') !== ''
            => [400, 'The inspector reads no query string: what stands in a URL ends up in logs and histories.'],
        parse_url($server['REQUEST_URI'] ?? '/', PHP_URL_PATH) !== '/'
            => [404, 'There is one page, at /.'],
        !in_array($server['REQUEST_METHOD'], ['GET', 'HEAD', 'POST'], true)
            => [405, 'The page takes GET and POST.'],
        default => null,
    };
}

function isLoopback(string $host): bool
{
    return in_array($host, ['localhost', '::1', '[::1]'], true)
        || (str_starts_with($host, '127.') && filter_var($host, FILTER_VALIDATE_IP, FILTER_FLAG_IPV4) !== false);
}

/** Nothing from elsewhere, and only the style and the script of this page. */
function policy(): string
{
    $hash = static fn(string $text): string => "'sha256-" . base64_encode(hash('sha256', $text, true)) . "'";
    return "default-src 'none'; style-src " . $hash(style()) . '; script-src ' . $hash(script())
        . "; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
}

/**
 * A request with two mistakes that are often seen together.
 *
 * @return array{RequestDump, string}
 */
function example(Form $form): array
{
    $key = 'example-secret';
    $data = 'Yes, please';
    $body = '{"from":"token","category":"reply","data":"' . base64_encode($data) . '"}';
    $timestamp = time() * 1000;
    $signature = base64_encode(hash_hmac('sha256', "$timestamp:$data", $key));
    $form->request = "POST /push/uplink HTTP/1.1\nHost: example.test\nContent-Type: application/json\nContent-Length: " . strlen($body)
        . "\nX-HW-SIGNATURE: timestamp=$timestamp; nonce=:; value=$signature\n\n$body";
    $form->notes[] = "This is an example. Its key is \"$key\": type it below to try variations.";
    return [RequestDump::parse($form->request), $key];
}

function diagnose(RequestDump $request, #[\SensitiveParameter] string $key, Form $form): Diagnosis
{
    $tolerance = $form->anyAge ? ANY_AGE : null;
    return hw_diagnose($request->headers, (string) $request->body, $key, $form->profile(), $request->method, $request->target, $tolerance);
}
