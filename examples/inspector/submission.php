<?php

declare(strict_types=1);

namespace HwSignature\Inspector;

use HwSignature\Profile;
use HwSignature\Tool\ContractFile;
use HwSignature\Tool\KeyText;
use HwSignature\Tool\RequestDump;
use InvalidArgumentException;

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
    $profile = $form->profile()->describe();
    if (($request->method === null || $request->target === null) && signsRequestLine($profile)) {
        $form->problems['request'] = 'There is no request line, and this contract signs it: write it before the headers, such as POST /path HTTP/1.1.';
    } elseif (str_contains($profile['stringToSign'], '{url}') && str_starts_with((string) $request->target, '/')) {
        $form->problems['request'] = 'This contract signs the whole URL: write it in the request line, such as POST https://example.com/path HTTP/1.1.';
    }
    if ($request->body === null) {
        $form->problems['body'] = "The request had a body, and $request->bodyIsElsewhere: give it here.";
    }
    return $form->problems === [] ? $request : null;
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

/** @param array<string, mixed> $profile */
function signsRequestLine(array $profile): bool
{
    $signed = $profile['stringToSign'] . $profile['canonicalRequest'];
    $fields = ['{method}', '{path}', '{query}', '{target}', '{url}', '{canonical_path}', '{canonical_query}'];
    return str_replace($fields, '', $signed) !== $signed;
}
