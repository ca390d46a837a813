<?php

declare(strict_types=1);

namespace HwSignature\Inspector;

use HwSignature\Cause;
use HwSignature\Diagnosis;
use HwSignature\Tool\RequestDump;
use HwSignature\Verdict;

// What the diagnosis says.

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
