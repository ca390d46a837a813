<?php

declare(strict_types=1);

namespace HwSignature\Inspector;

use HwSignature\Diagnosis;
use HwSignature\Profile;
use HwSignature\Tool\RequestDump;

// The whole page, and the form in it.

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
        . '<title>' . e($title) . '</title><style>' . style() . '</style></head><body>'
        . '<a class="skip" href="#form">Skip to the form</a>'
        . '<header><h1>Signature inspector</h1><p>Why does the signature of this request not match?</p></header>'
        . "<main>$result" . form($form, $heading) . '</main>'
        . '<footer><p>Answers on this machine only. Nothing that you type is stored, and the key is never sent back to the page.</p></footer>'
        . '<script>' . script() . '</script></body></html>';
}

function style(): string
{
    return (string) file_get_contents(__DIR__ . '/style.css');
}

function script(): string
{
    return (string) file_get_contents(__DIR__ . '/script.js');
}

function problems(Form $form): string
{
    $items = '';
    foreach ($form->problems as $field => $problem) {
        $items .= "<p><a href=\"#$field\">" . e($problem) . '</a></p>';
    }
    return '<section class="verdict problem" role="alert"><h2 tabindex="-1" autofocus><span aria-hidden="true">!</span>Not understood</h2>' . $items . '</section>';
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
