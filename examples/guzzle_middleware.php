<?php

// Signs what Guzzle sends, under the contract "nextcloud", and follows redirects no further than the server that the key
// is shared with.
//
//     BACKEND_KEY=… scripts/php examples/guzzle_middleware.php https://backend.example/api/v1/notes/ '{"text":"Hello"}'
//
// Once the extension is installed, php instead of scripts/php. BACKEND_KEY is base64. An application has `require
// 'vendor/autoload.php';` for the first three lines.

declare(strict_types=1);

require_once 'GuzzleHttp/autoload.php';
require_once 'GuzzleHttp/Psr7/autoload.php';
require_once __DIR__ . '/../library/autoload.php';

use GuzzleHttp\Client;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Psr7\HttpFactory;
use HwSignature\Http\SignRequests;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;

if ($argc !== 3) {
    fwrite(STDERR, "usage: BACKEND_KEY=… guzzle_middleware.php URL BODY\n");
    exit(2);
}
[, $url, $body] = $argv;
$origin = (string) preg_replace('~^(https?://[^/?#]*).*~s', '$1', $url); // your application has it in its configuration

$key = Key::fromBase64((string) getenv('BACKEND_KEY'), 'example-app');
$signing = new SignRequests(new Signer(Profile::named('nextcloud'), $key), $origin, new HttpFactory());

// Pushed last, so that it signs what is really sent.
$handlers = HandlerStack::create();
$handlers->push($signing);
$client = new Client(['handler' => $handlers, 'http_errors' => false]);

// Any other PSR-18 client: new HwSignature\Http\SigningClient($signing, $client)

echo $client->post($url, ['body' => $body, 'headers' => ['Content-Type' => 'application/json']])->getStatusCode(), "\n";
