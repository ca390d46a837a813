<?php

/** Calls one function so many times under one profile, for scripts/instructions to count: php instructions.php FUNCTION PROFILE TIMES */

declare(strict_types=1);

use HwSignature\{Key, Profile, Signer, Verifier};

const SECRET = '0123456789abcdef0123456789abcdef';
const NOW = 1563105451;

[, $function, $name, $times] = $argv;
$timestamp = match ($name) {
    'huawei-push', 'huawei-receipt' => NOW * 1000,
    'nextcloud', 'django' => NOW,
    default => null,
};
$id = $name === 'nextcloud' ? 'my-app' : null;
$payload = str_repeat('a', 256);
$key = Key::fromBytes(SECRET, $id);
$signer = new Signer(Profile::named($name), $key);
$verifier = new Verifier(Profile::named($name), [$key]);
$headers = $signer->sign($payload, 'POST', '/', null, $timestamp);
if (!$verifier->isValid($headers, $payload, 'POST', '/', NOW)) {
    throw new LogicException('What is counted is not valid.');
}
$n = (int) $times;
match ($function) {
    'hw_sign' => (static function () use ($n, $payload, $name, $id, $timestamp): void {
        while ($n-- > 0) {
            hw_sign($payload, SECRET, $name, 'POST', '/', $id, null, $timestamp);
        }
    })(),
    'hw_verify' => (static function () use ($n, $headers, $payload, $name): void {
        while ($n-- > 0) {
            hw_verify($headers, $payload, SECRET, $name, 'POST', '/', null, NOW);
        }
    })(),
    'Signer::sign' => (static function () use ($n, $signer, $payload, $timestamp): void {
        while ($n-- > 0) {
            $signer->sign($payload, 'POST', '/', null, $timestamp);
        }
    })(),
    'Verifier::isValid' => (static function () use ($n, $verifier, $headers, $payload): void {
        while ($n-- > 0) {
            $verifier->isValid($headers, $payload, 'POST', '/', NOW);
        }
    })(),
};
