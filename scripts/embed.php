<?php

// What each thread of embed.c does in each of its requests.

declare(strict_types=1);

use HwSignature\{Encoding, Key, Profile, Reason, SignatureRejectedException, Signer, Verifier};
use HwSignature\Tests\Support\EntryPoints;

require_once __DIR__ . '/../php-tests/support/EntryPoints.php';

foreach (EntryPoints::all() as $call) {
    $call();
}

// No two requests have the same key, so that what one thread would see of another shows.
$profile = Profile::named('nextcloud');
for ($i = 0; $i < 2_000; $i++) {
    $secret = random_bytes(32);
    $payload = random_bytes(1 + $i);
    $key = Key::fromBytes($secret, 'id');
    $headers = (new Signer($profile, $key))->sign($payload, 'POST', '/');
    $verifier = new Verifier($profile, [$key]);
    $stringToSign = "POST\n/\n\n{$headers['X-NC-TIMESTAMP']}\n{$headers['X-NC-NONCE']}\n" . hash('sha256', $payload);
    if ($headers['X-NC-SIGNATURE'] !== base64_encode(hash_hmac('sha256', $stringToSign, $secret, true))) {
        return false;
    }
    if ($verifier->verify($headers, $payload, 'POST', '/')->nonce !== $headers['X-NC-NONCE'] || $verifier->isValid($headers, "$payload.", 'POST', '/')) {
        return false;
    }
    try {
        $verifier->verify($headers, "$payload.", 'POST', '/');
        return false;
    } catch (SignatureRejectedException $rejection) {
        if ($rejection->getReason() !== Reason::SignatureMismatch) {
            return false;
        }
    }
}

return $profile->describe()['encoding'] === Encoding::Base64;
