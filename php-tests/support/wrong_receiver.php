<?php

/** One of `WrongReceivers` behind HTTP: the first segment of the path names the contract, the second one the receiver. */

declare(strict_types=1);

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Testing\SignedRequest;
use HwSignature\Tests\Support\WrongReceivers;

require __DIR__ . '/../../library/autoload.php';
require __DIR__ . '/WrongReceivers.php';

$target = $_SERVER['REQUEST_URI'];
[, $contract, $receiver] = explode('/', explode('?', $target)[0]);
$profile = Profile::named($contract);
$request = SignedRequest::of($profile, Key::fromBytes('none', 'none'), '', 'POST', $target, headers: []);
foreach (array_keys($request->headers) as $name) {
    $request = $request->withoutHeader($name);
}
foreach (getallheaders() as $name => $value) {
    $request = $request->withHeader($name, $value);
}
$request = $request->withMethod($_SERVER['REQUEST_METHOD'])->withPayload((string) file_get_contents('php://input'));

$receivers = new WrongReceivers(time());
$memory = (string) getenv('WRONG_RECEIVER_MEMORY');
$receivers->seen = json_decode((string) @file_get_contents($memory), true) ?? [];
http_response_code($receivers->$receiver($request) ? 200 : 401);
file_put_contents($memory, json_encode($receivers->seen));
