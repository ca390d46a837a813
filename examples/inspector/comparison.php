<?php

declare(strict_types=1);

namespace HwSignature\Inspector;

use HwSignature\Diagnosis;
use HwSignature\Finding;
use HwSignature\TimestampFormat;
use HwSignature\Tool\RequestDump;
use HwSignature\Verdict;

// What was received beside what was expected or computed.

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

function bytes(int $count): string
{
    return $count === 1 ? '1 byte' : "$count bytes";
}
