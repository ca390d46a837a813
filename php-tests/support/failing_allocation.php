<?php

declare(strict_types=1);

// A server script: makes one allocation of a call fail, which ends the script in the middle of the extension, past all
// Rust code; and then uses the objects that were in use, as a shutdown function may.

use HwSignature\HwSignatureException;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;
use HwSignature\Tests\Support\EntryPoints;
use HwSignature\Verifier;

require_once __DIR__ . '/EntryPoints.php';

header('Content-Type: text/plain');
header('X-Pid: ' . getmypid());

$key = Key::fromBytes('secret', 'client');
$signer = new Signer(Profile::named('nextcloud'), $key);
$django = Profile::named('django');
$signing = $signer->stream('GET', '/');
$verifying = (new Verifier($django, [$key]))->stream((new Signer($django, $key))->sign(''));
$finished = (new Verifier($django, [$key]))->stream((new Signer($django, $key))->sign(''));
$finished->finish();

$calls = EntryPoints::all() + [
    'a payload that is refused' => static fn () => refused(static fn () => $signing->update('payload')),
    'a stream that is finished' => static fn () => refused(static fn () => $finished->update('payload')),
    'a stream that is not authentic' => static function () use ($verifying): void {
        $verifying->update('forged');
        refused($verifying->finish(...));
    },
];
if (!isset($_GET['entry'])) {
    echo serialize(array_keys($calls));

    return;
}

register_shutdown_function(static function () use ($signing, $verifying, $finished): void {
    fail_allocation(0);
    $signing->update('');
    $headers = $signing->finish();
    try {
        $verifying->update('');
    } catch (HwSignatureException) {
        // Finished, and not authentic.
    }
    refused(static fn () => $finished->update(''));
    echo count($headers), ' headers';
});

$call = $calls[$_GET['entry']];
// Once before, so that what is made on first use exists.
str_starts_with($_GET['entry'], 'a ') || $call();
fail_allocation((int) $_GET['allocation']);
$call();
fail_allocation(0);
http_response_code(204);

function refused(Closure $call): void
{
    try {
        $call();
    } catch (ValueError | HwSignatureException) {
        return;
    }
    throw new Exception('not refused');
}
