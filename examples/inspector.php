<?php

// A page that says why the signature of a request does not match.
//
//     scripts/php -S 127.0.0.1:8080 examples/inspector.php
//
// Once the extension is installed, php instead of scripts/php.
// For the developer's own machine: it answers on the loopback interface alone, and stores nothing.

declare(strict_types=1);

namespace HwSignature\Inspector;

use HwSignature\Cause;
use HwSignature\Diagnosis;
use HwSignature\Finding;
use HwSignature\Profile;
use HwSignature\Tool\ContractFile;
use HwSignature\TimestampFormat;
use HwSignature\Tool\KeyText;
use HwSignature\Tool\RequestDump;
use HwSignature\Verdict;
use InvalidArgumentException;

use const HwSignature\ANY_AGE;

require_once __DIR__ . '/../bin/lib/load.php';

const LONGEST_VALUE = 400;

const KEY_ENCODINGS = ['raw' => 'Text, used as it is', 'base64' => 'Base64, decoded first', 'hex' => 'Hexadecimal, decoded first'];

/** The part of the comparison that a cause is about; the string to sign for all others. */
const PARTS = [
    'timestamp-omitted' => 'string',
    'digest-' => 'signature',
    'key-' => 'key',
    'payload-' => 'payload',
    'timestamp-' => 'timestamp',
    'header-' => 'headers',
    'request-' => 'request',
];

const STYLE = <<<'CSS'
    :root {
      color-scheme: light dark;
      --paper: #fdfdfb; --raised: #f5f5f1; --ink: #1b1d20; --muted: #595e66; --line: #d6d7d1; --edge: #80858d;
      --accent: #0a539c; --on-accent: #ffffff; --bad: #a11c18; --good: #14683a; --open: #7d4c00;
      --mono: ui-monospace, "SF Mono", "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #15171a; --raised: #1d2024; --ink: #e7e5e0; --muted: #a5aab2; --line: #34383e; --edge: #7d838c;
        --accent: #8dbbf2; --on-accent: #10151b; --bad: #ff9d95; --good: #80d4a1; --open: #efbd6b;
      }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: break-word; }
    header, main, footer { max-width: 59rem; margin: 0 auto; padding: 0 1.25rem; }
    header { padding-top: 2.5rem; }
    footer { padding-block: 2.5rem 3rem; color: var(--muted); font-size: .875rem; }
    h1 { font-size: 1.125rem; font-weight: 600; margin: 0; }
    h2 { font-size: 1.125rem; font-weight: 600; margin: 3rem 0 .75rem; }
    p { margin: 0 0 .75rem; max-width: 40rem; }
    header p, .hint { color: var(--muted); }
    .hint { font-size: .875rem; margin: .375rem 0 0; max-width: 48rem; }
    code, pre, textarea, td, .value { font-family: var(--mono); font-size: .84375rem; line-height: 1.5; }
    a { color: var(--accent); text-underline-offset: .15em; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    h2:focus { outline: none; }
    .skip { position: absolute; left: -100vw; background: var(--paper); padding: .75rem 1rem; }
    .skip:focus { left: 1rem; top: .5rem; }

    .verdict { border-left: .375rem solid var(--tone); padding: .125rem 0 .125rem 1rem; margin-top: 2rem; }
    .verdict h2 { font-size: 1.625rem; line-height: 1.25; letter-spacing: -.01em; margin: 0; }
    .verdict h2 span { color: var(--tone); margin-right: .35em; }
    .verdict p { margin: .375rem 0 0; }
    .valid { --tone: var(--good); } .explained, .problem { --tone: var(--bad); } .unexplained { --tone: var(--open); }

    .findings { list-style: none; margin: 1.75rem 0 0; padding: 0; }
    .findings li { display: grid; grid-template-columns: 2rem minmax(0, 1fr); padding: 1rem 0; border-top: 1px solid var(--line); scroll-margin-top: 1rem; }
    .findings li:last-child { border-bottom: 1px solid var(--line); }
    .findings li:target { background: var(--raised); }
    .number { font-weight: 600; color: var(--bad); }
    .findings h3 { font-size: 1rem; font-weight: 600; margin: 0; max-width: 42rem; }
    .findings p { margin: .5rem 0 .25rem; }
    .findings strong { font-weight: 600; }
    .findings code { color: var(--muted); font-size: .8125rem; }

    table { width: 100%; border-collapse: collapse; table-layout: fixed; }
    th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
    thead th { border: 0; color: var(--muted); font-size: .875rem; font-weight: 400; }
    thead th:first-child { width: 11.5rem; }
    thead th:nth-child(2) { width: 40%; }
    tbody th { font-weight: 500; font-size: .9375rem; }
    tr.differs td { background: var(--raised); }
    tr.differs td:nth-child(2) { padding-left: .75rem; box-shadow: inset .1875rem 0 var(--bad); }
    .mark { display: block; font-size: .875rem; font-weight: 600; color: var(--bad); }
    .same .mark { color: var(--good); }
    td small { display: block; color: var(--muted); font-size: inherit; }
    pre { margin: 0; padding: .875rem 1rem; background: var(--raised); border: 1px solid var(--line); border-radius: .25rem; overflow: auto; }
    pre.wrap { white-space: pre-wrap; overflow-wrap: anywhere; }
    pre b { font-weight: 400; color: var(--accent); }
    .title { display: flex; justify-content: space-between; align-items: end; margin: 3rem 0 .75rem; }
    .title h2 { margin: 0; }

    form { margin-top: 1rem; }
    .field { margin-top: 1.5rem; }
    label, legend { font-weight: 500; }
    .field > label { display: block; margin-bottom: .25rem; }
    textarea, select, input[type=password], input[type=text] {
      width: 100%; padding: .5rem .625rem; color: inherit; background: var(--paper); border: 1px solid var(--edge); border-radius: .25rem;
    }
    textarea { min-height: 14rem; resize: vertical; tab-size: 4; }
    textarea.short { min-height: 6rem; }
    summary { font-weight: 500; cursor: pointer; padding-block: .625rem; }
    details > .field { margin-top: .75rem; }
    select, input[type=password], input[type=text], button { font: inherit; min-height: 2.75rem; }
    input[type=file] { font: inherit; max-width: 100%; color: var(--muted); }
    input[type=checkbox] { width: 1.125rem; height: 1.125rem; margin: 0; flex: none; align-self: center; accent-color: var(--accent); }
    [aria-invalid] { border: 2px solid var(--bad) !important; }
    .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.25rem; }
    .key { display: flex; gap: .5rem; }
    .check { display: flex; gap: .625rem; align-items: baseline; }
    button, ::file-selector-button { padding: .375rem 1rem; border: 1px solid var(--edge); border-radius: .25rem; background: transparent; color: inherit; cursor: pointer; white-space: nowrap; }
    ::file-selector-button { font: inherit; min-height: 2.75rem; margin-right: .75rem; color: var(--ink); }
    button:hover, ::file-selector-button:hover { border-color: var(--ink); }
    button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
    button.small { min-height: 2rem; padding: .125rem .75rem; font-size: .875rem; }
    .actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 2rem; }

    @media (max-width: 40rem) {
      header { padding-top: 1.5rem; }
      .pair { grid-template-columns: 1fr; }
      thead { position: absolute; left: -100vw; }
      tr, th, td { display: block; }
      tr { border-top: 1px solid var(--line); padding: .625rem 0; }
      th, td { border: 0; padding: 0; }
      td { margin-top: .375rem; }
      td[data-label]::before { content: attr(data-label); display: block; color: var(--muted); font: .8125rem/1.4 system-ui, sans-serif; }
      tr.differs td { padding-left: .75rem; background: none; box-shadow: inset .1875rem 0 var(--bad); }
    }
    CSS;

const SCRIPT = <<<'JS'
    for (const button of document.querySelectorAll('button[data-action]')) {
      const target = document.getElementById(button.dataset.for);
      const label = button.textContent;
      button.hidden = false;
      button.addEventListener('click', async () => {
        if (button.dataset.action === 'show') {
          const shown = target.type === 'text';
          target.type = shown ? 'password' : 'text';
          button.setAttribute('aria-pressed', String(!shown));
        } else {
          await navigator.clipboard.writeText(target.textContent);
          button.textContent = 'Copied';
          setTimeout(() => { button.textContent = label; }, 2000);
        }
      });
    }
    document.querySelector('form').addEventListener('submit', () => { document.getElementById('key').type = 'password'; });
    JS;

/** What the form holds. The key is not here: it is never sent back. */
final class Form
{
    public string $request = '';
    public string $body = '';
    public string $profile = 'huawei-push';
    public string $contract = '';
    public ?Profile $ofContract = null;
    public string $encoding = 'raw';
    public bool $anyAge = false;
    /** @var array<string, string> field => what is wrong with it */
    public array $problems = [];
    /** @var list<string> */
    public array $notes = [];

    /** The contract that was pasted, or else the one that was chosen. */
    public function profile(): Profile
    {
        return $this->ofContract ?? Profile::named($this->profile);
    }
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

/** Nothing from elsewhere, and only the style and the script that stand in this file. */
function policy(): string
{
    $hash = static fn(string $text): string => "'sha256-" . base64_encode(hash('sha256', $text, true)) . "'";
    return "default-src 'none'; style-src " . $hash(STYLE) . '; script-src ' . $hash(SCRIPT)
        . "; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
}

/**
 * The request and the key that were sent with the form; what is wrong with them goes into the form.
 *
 * @return array{?RequestDump, string}
 */
function submitted(Form $form): array
{
    $field = static fn(string $name): string => is_string($_POST[$name] ?? null) ? $_POST[$name] : '';
    $form->request = $field('request');
    $form->body = $field('body');
    $form->anyAge = isset($_POST['any_age']);
    if (in_array($field('profile'), Profile::names(), true)) {
        $form->profile = $field('profile');
    }
    if (isset(KEY_ENCODINGS[$field('encoding')])) {
        $form->encoding = $field('encoding');
    }
    $form->contract = $field('contract');
    if (trim($form->contract) !== '') {
        try {
            $form->ofContract = ContractFile::profile($form->contract);
        } catch (InvalidArgumentException $error) {
            $form->problems['contract'] = ucfirst($error->getMessage()) . '.';
        }
    }
    $key = '';
    try {
        $key = KeyText::decode($field('key'), $form->encoding);
    } catch (InvalidArgumentException $error) {
        $form->problems['key'] = ucfirst($error->getMessage()) . '.';
    }
    return [requestOf($form), $key];
}

function requestOf(Form $form): ?RequestDump
{
    try {
        $request = withBody(uploadedRequest($form) ?? pastedRequest($form), $form);
    } catch (InvalidArgumentException $error) {
        $form->problems['request'] = ucfirst($error->getMessage()) . '.';
        return null;
    }
    array_push($form->notes, ...$request->notes);
    if (($request->method === null || $request->target === null) && signsRequestLine($form->profile()->describe())) {
        $form->problems['request'] = 'There is no request line, and this contract signs it: write it before the headers, such as POST /path HTTP/1.1.';
    }
    if ($request->body === null) {
        $form->problems['body'] = "The request had a body, and $request->bodyIsElsewhere: give it here.";
    }
    return $form->problems === [] ? $request : null;
}

/** The bytes of a file that came with the form; null when there is none. */
function uploaded(string $field): ?string
{
    $upload = $_FILES[$field] ?? null;
    if (!is_int($upload['error'] ?? null) || $upload['error'] === UPLOAD_ERR_NO_FILE) {
        return null;
    }
    if ($upload['error'] !== UPLOAD_ERR_OK) {
        throw new InvalidArgumentException('the file did not arrive, most likely because it is larger than upload_max_filesize');
    }
    return (string) file_get_contents($upload['tmp_name']);
}

function uploadedRequest(Form $form): ?RequestDump
{
    $text = uploaded('dump');
    if ($text === null) {
        return null;
    }
    $form->notes[] = 'The request was read from the file, byte for byte.';
    return RequestDump::parse($text);
}

/** A browser sends every line break of a text field as CRLF: what the body had is told by its length, or taken to be LF. */
function pastedRequest(Form $form): RequestDump
{
    if (trim($form->request) === '') {
        throw new InvalidArgumentException('the request cannot be read: there is none, or the form was larger than post_max_size');
    }
    $request = RequestDump::parse($form->request);
    if ($request->body === null || $request->declaredLength() === strlen($request->body) || !str_contains($request->body, "\n")) {
        return $request;
    }
    $form->notes[] = 'The line breaks in the body were read as LF. Upload the request as a file to have its exact bytes.';
    return RequestDump::parse(str_replace("\r\n", "\n", $form->request));
}

/** What was given as the payload goes before the body of the request. */
function withBody(RequestDump $request, Form $form): RequestDump
{
    $declared = $request->declaredLength();
    $body = uploaded('body_file');
    if ($body !== null) {
        $form->notes[] = 'The payload was read from the file, byte for byte.';
    } elseif ($form->body !== '') {
        $body = $declared === strlen($form->body) ? $form->body : str_replace("\r\n", "\n", $form->body);
    }
    if ($body !== null && (string) $request->body !== '') {
        $form->notes[] = 'The payload was given by itself; the body of the request is not looked at.';
    } elseif ($declared !== null && ($body ?? $request->body) !== null && $declared !== strlen($body ?? $request->body)) {
        $form->notes[] = "Content-Length says $declared bytes and the body has " . strlen($body ?? $request->body)
            . ': it is not the body that was sent. Upload it as a file to have its exact bytes.';
    }
    return $body === null ? $request : new RequestDump($request->method, $request->target, $request->headers, $body, notes: $request->notes);
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

/** HTML. */
function e(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE | ENT_DISALLOWED | ENT_HTML5, 'UTF-8');
}

/** Bytes from outside, where what cannot be seen is escaped and what is too long is cut. */
function visible(string $bytes): string
{
    $visible = static fn(string $byte): string => ord($byte) < 0x20 || ord($byte) > 0x7e || $byte === '\\' ? '\x' . bin2hex($byte) : $byte;
    $shown = implode('', array_map($visible, str_split(substr($bytes, 0, LONGEST_VALUE))));
    return $shown . (strlen($bytes) > LONGEST_VALUE ? ' … ' . (strlen($bytes) - LONGEST_VALUE) . ' bytes more' : '');
}

function page(Form $form, ?RequestDump $request, ?Diagnosis $diagnosis): string
{
    $result = $form->problems !== [] ? problems($form) : ($diagnosis === null ? '' : result($form, $request, $diagnosis));
    $title = match (true) {
        $form->problems !== [] => 'Not understood',
        $diagnosis === null => '',
        default => headline($diagnosis)[1],
    };
    $title = ($title === '' ? '' : "$title · ") . 'Signature inspector';
    $heading = match (true) {
        $form->problems !== [] => 'Correct it and try again',
        $diagnosis === null => 'A request and its key',
        default => 'Inspect another',
    };
    return '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        . '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        . '<title>' . e($title) . '</title><style>' . STYLE . '</style></head><body>'
        . '<a class="skip" href="#form">Skip to the form</a>'
        . '<header><h1>Signature inspector</h1><p>Why does the signature of this request not match?</p></header>'
        . "<main>$result" . form($form, $heading) . '</main>'
        . '<footer><p>Answers on this machine only. Nothing that you type is stored, and the key is never sent back to the page.</p></footer>'
        . '<script>' . SCRIPT . '</script></body></html>';
}

function problems(Form $form): string
{
    $items = '';
    foreach ($form->problems as $field => $problem) {
        $items .= "<p><a href=\"#$field\">" . e($problem) . '</a></p>';
    }
    return '<section class="verdict problem" role="alert"><h2 tabindex="-1" autofocus><span aria-hidden="true">!</span>Not understood</h2>' . $items . '</section>';
}

/** @return array{string, string, string} sign, words, explanation */
function headline(Diagnosis $diagnosis): array
{
    $count = count($diagnosis->findings);
    return match ($diagnosis->verdict) {
        Verdict::Valid => ['✓', 'Valid', 'The signature matches.'],
        Verdict::Explained => ['✗', $count === 1 ? 'Rejected, for one reason' : "Rejected, for $count reasons at once", ''],
        Verdict::Unexplained => ['?', 'The signature does not match', ($count === 0 ? 'Nothing' : 'What is found below is wrong besides, but nothing')
            . ' that is tried here gives the signature that was received. Compare with the other machine, in this order: the key’s fingerprint, the payload’s SHA-256, '
            . 'and the string to sign, character by character.'],
    };
}

function result(Form $form, RequestDump $request, Diagnosis $diagnosis): string
{
    [$sign, $words, $explanation] = headline($diagnosis);
    foreach ($diagnosis->findings as $finding) {
        if ($finding->cause === Cause::TimestampStale) {
            $form->notes[] = 'If the request was captured earlier, tick “do not check its age” below to judge the rest of it.';
        }
    }
    if ($form->anyAge) {
        $form->notes[] = 'Its age was not checked.';
    }
    $notes = implode('', array_map(static fn(string $note): string => '<p class="hint">' . e($note) . '</p>', $form->notes));
    return "<section class=\"verdict {$diagnosis->verdict->value}\"><h2 tabindex=\"-1\" autofocus><span aria-hidden=\"true\">$sign</span>" . e($words) . '</h2>'
        . ($explanation === '' ? '' : '<p>' . e($explanation) . '</p>') . "$notes</section>"
        . findings($diagnosis) . comparison($form, $request, $diagnosis) . stringToSign($diagnosis)
        . '<div class="title"><h2 id="report-title">Report for a ticket</h2><button type="button" class="small" data-action="copy" data-for="report" hidden>Copy</button></div>'
        . '<pre id="report" tabindex="0" role="region" aria-labelledby="report-title">' . e((string) $diagnosis) . '</pre>';
}

function findings(Diagnosis $diagnosis): string
{
    $items = '';
    foreach ($diagnosis->findings as $index => $finding) {
        $number = $index + 1;
        $items .= "<li id=\"finding-$number\"><span class=\"number\">$number</span><div><h3>" . e($finding->message) . '</h3>'
            . '<p><strong>Fix:</strong> ' . e($finding->fix) . "</p><code>{$finding->cause->value}</code></div></li>";
    }
    return $items === '' ? '' : "<ol class=\"findings\">$items</ol>";
}

/** What was received beside what was expected or computed. */
function comparison(Form $form, RequestDump $request, Diagnosis $diagnosis): string
{
    $profile = $form->profile()->describe();
    $line = $request->method === null ? '' : "$request->method $request->target";
    $rows = row('request', 'Request', visible($line), signsRequestLine($profile) ? 'signed' : 'not signed by this contract', $diagnosis);
    $fields = ['{timestamp}' => 'timestamp', '{nonce}' => 'nonce', '{key_id}' => 'key id', '{signature}' => 'signature'];
    foreach ($profile['headers'] as $name => $template) {
        $values = $request->header($name) ?: ['(not there)'];
        $fieldHasItsOwnRow = count($values) === 1 && isset($diagnosis->header[$fields[$template] ?? '']);
        if ($fieldHasItsOwnRow && findingsAbout('headers', $name, $diagnosis) === []) {
            continue;
        }
        $rows .= row('headers', $name, implode("\n", array_map(visible(...), $values)), $template, $diagnosis);
    }
    $digests = ['base64' => '44 characters of base64', 'hex' => '64 hexadecimal digits'];
    $expected = ['nonce' => $profile['nonce'], 'signature' => $digests[$profile['encoding']->value]];
    foreach ($diagnosis->header as $name => $text) {
        $rows .= $name === 'timestamp'
            ? row($name, 'Timestamp', $text . "\n" . moment($text, $profile), window($profile, $form), $diagnosis)
            : row($name, ucfirst($name), $text, $expected[$name] ?? '', $diagnosis);
    }
    $declared = $request->declaredLength();
    $rows .= row('payload', 'Payload', $declared === null ? '(no Content-Length)' : "Content-Length: $declared", bytes($diagnosis->payloadLength) . "\nSHA-256 $diagnosis->payloadSha256", $diagnosis);
    $template = str_replace("\n", '\n', $profile['stringToSign']) . "\n";
    $rows .= row('string', 'String to sign', '', $template . ($diagnosis->stringToSign === null
        ? '(the request does not get so far)'
        : bytes($diagnosis->stringToSignLength) . "\nSHA-256 $diagnosis->stringToSignSha256"), $diagnosis);
    $rows .= row('key', 'Key', '', KEY_ENCODINGS[$form->encoding] . "\n" . bytes($diagnosis->keyLength)
        . "\nfingerprint $diagnosis->keyFingerprint", $diagnosis);
    return '<h2>Received, and computed here</h2><table><thead><tr><th scope="col">Part</th><th scope="col">Received</th>'
        . "<th scope=\"col\">Expected or computed here</th></tr></thead><tbody>$rows</tbody></table>";
}

function row(string $part, string $label, string $received, string $computed, Diagnosis $diagnosis): string
{
    $link = static fn(int $number): string => "<a href=\"#finding-$number\">finding $number</a>";
    $links = array_map($link, findingsAbout($part, $label, $diagnosis));
    [$class, $mark] = match (true) {
        $links !== [] => ['differs', '≠ ' . implode(', ', $links)],
        $part === 'signature' && $diagnosis->verdict === Verdict::Valid => ['same', '= matches'],
        $part === 'signature' && $diagnosis->verdict === Verdict::Unexplained => ['differs', '≠ does not match'],
        default => ['', ''],
    };
    // A narrow screen shows a cell's label above it, and nothing where there is nothing.
    $cell = static function (string $label, string $text): string {
        [$first, $more] = explode("\n", $text, 2) + [1 => null];
        $small = $more === null ? '' : '<small>' . str_replace("\n", '</small><small>', e($more)) . '</small>';
        return ($text === '' ? '<td>' : "<td data-label=\"$label\">") . e($first) . "$small</td>";
    };
    return "<tr class=\"$class\"><th scope=\"row\">" . e($label) . ($mark === '' ? '' : "<span class=\"mark\">$mark</span>") . '</th>'
        . $cell('Received', $received) . $cell('Expected or computed here', $computed) . '</tr>';
}

/** @return list<int> their numbers */
function findingsAbout(string $part, string $label, Diagnosis $diagnosis): array
{
    $numbers = [];
    foreach ($diagnosis->findings as $index => $finding) {
        if (part($finding) === $part && ($part !== 'headers' || str_contains($finding->message, $label))) {
            $numbers[] = $index + 1;
        }
    }
    return $numbers;
}

function part(Finding $finding): string
{
    foreach (PARTS as $beginning => $part) {
        if (str_starts_with($finding->cause->value, $beginning)) {
            return $part;
        }
    }
    return 'string';
}

/** @param array<string, mixed> $profile */
function signsRequestLine(array $profile): bool
{
    return strtr($profile['stringToSign'], ['{method}' => '', '{path}' => '', '{query}' => '']) !== $profile['stringToSign'];
}

function bytes(int $count): string
{
    return $count === 1 ? '1 byte' : "$count bytes";
}

/** @param array<string, mixed> $profile */
function window(array $profile, Form $form): string
{
    $age = $form->anyAge ? 'any age' : "$profile[tolerance] s either way";
    return "{$profile['timestampFormat']->value}, $age\n" . gmdate('Y-m-d H:i:s') . ' UTC now';
}

/** @param array<string, mixed> $profile */
function moment(string $timestamp, array $profile): string
{
    if (in_array($profile['timestampFormat'], [TimestampFormat::Rfc3339, TimestampFormat::Iso8601Basic], true)) {
        return $timestamp;
    }
    $seconds = $profile['timestampFormat'] === TimestampFormat::Milliseconds ? substr($timestamp, 0, -3) : $timestamp;
    // Four digits for the year: what is longer is no time that anybody meant.
    return $seconds !== '' && strlen($seconds) <= 11 && strspn($seconds, '0123456789') === strlen($seconds) ? gmdate('Y-m-d H:i:s', (int) $seconds) . ' UTC' : '(not a time in ' . $profile['timestampFormat']->value . ')';
}

function stringToSign(Diagnosis $diagnosis): string
{
    if ($diagnosis->stringToSign === null) {
        return '';
    }
    $text = e($diagnosis->stringToSign);
    // Without the colour, where PCRE's limits are too low for it.
    $escapes = preg_replace('/\\\\(?:[nrt\\\\]|x[0-9a-f]{2})/', '<b>$0</b>', $text) ?? $text;
    return "<h2>The string to sign, as computed here</h2><pre class=\"wrap\">$escapes</pre>"
        . '<p class="hint">Line breaks and bytes that cannot be seen are written as escapes, such as \n. The middle of a long text is left out.</p>';
}

function form(Form $form, string $heading): string
{
    $options = static function (array $labels, string $selected): string {
        $html = '';
        foreach ($labels as $value => $label) {
            $html .= '<option value="' . e($value) . '"' . ($value === $selected ? ' selected' : '') . '>' . e($label) . '</option>';
        }
        return $html;
    };
    $profiles = $options(array_combine(Profile::names(), Profile::names()), $form->profile);
    $encodings = $options(KEY_ENCODINGS, $form->encoding);
    $invalid = static fn(string $field): string => isset($form->problems[$field]) ? ' aria-invalid="true"' : '';
    $request = e($form->request);
    $body = e($form->body);
    $contract = e($form->contract);
    $contractOpen = $form->contract === '' ? '' : ' open';
    $open = $form->body === '' && !isset($form->problems['body']) ? '' : ' open';
    $anyAge = $form->anyAge ? ' checked' : '';
    // The line break after <textarea> is not part of the text: without it, a first line break of the text would be lost.
    return <<<HTML
        <h2 id="form" tabindex="-1">$heading</h2>
        <form method="post" action="/" enctype="multipart/form-data" accept-charset="utf-8">
        <div class="field"><label for="request">Request, as it was received</label>
        <textarea id="request" name="request" spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" aria-describedby="request-hint"{$invalid('request')}>
        $request</textarea>
        <p class="hint" id="request-hint">HTTP as it came: request line, headers, an empty line, body. Or what you have: curl -v, Guzzle’s debug, a curl command, a HAR entry, \$_SERVER as var_export(), print_r() or JSON.</p></div>
        <div class="field"><label for="dump">Or from a file</label><input type="file" id="dump" name="dump" aria-describedby="dump-hint">
        <p class="hint" id="dump-hint">A file keeps every byte; a text field cannot tell LF from CRLF. The file wins when both are given.</p></div>
        <details class="field"$open><summary>The payload by itself</summary>
        <p class="hint" id="body-hint">Where the request above does not have it, as with curl -v or \$_SERVER, and where what is signed is not the body. It goes before a body above.</p>
        <div class="field"><label for="body">Payload</label>
        <textarea id="body" name="body" class="short" spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" aria-describedby="body-hint"{$invalid('body')}>
        $body</textarea></div>
        <div class="field"><label for="body_file">Or from a file</label><input type="file" id="body_file" name="body_file"></div></details>
        <div class="field"><label for="profile">Contract (profile)</label><select id="profile" name="profile">$profiles</select></div>
        <details class="field"$contractOpen><summary>A contract of your own</summary>
        <div class="field"><label for="contract">Contract, as JSON</label>
        <textarea id="contract" name="contract" class="short" spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" aria-describedby="contract-hint"{$invalid('contract')}>
        $contract</textarea>
        <p class="hint" id="contract-hint">A contract file: contract_version, name, string_to_sign, headers, encoding, and what else it has. It goes before the contract above.</p></div></details>
        <div class="pair">
        <div class="field"><label for="key">Key</label><div class="key"><input type="password" id="key" name="key" autocomplete="off" spellcheck="false" aria-describedby="key-hint"{$invalid('key')}>
        <button type="button" data-action="show" data-for="key" aria-pressed="false" aria-label="Show the key" hidden>Show</button></div>
        <p class="hint" id="key-hint">Every character counts, spaces too.</p></div>
        <div class="field"><label for="encoding">The key is written as</label><select id="encoding" name="encoding">$encodings</select></div>
        </div>
        <div class="field check"><input type="checkbox" id="any_age" name="any_age" value="1"$anyAge><label for="any_age">Captured earlier: do not check its age</label></div>
        <div class="actions"><button class="primary">Diagnose</button><button name="example" value="1" formnovalidate>Load an example</button></div>
        </form>
        HTML;
}
