<?php

/** Calls one function so many times, for scripts/instructions to count: php instructions.php FUNCTION TIMES */

declare(strict_types=1);

use HwSignature\{Key, Profile, Signer, Verifier};

[, $function, $times] = $argv;
$payload = str_repeat('a', 256);
$key = Key::fromBytes('0123456789abcdef0123456789abcdef');
$signer = new Signer(Profile::named('huawei-push'), $key);
$verifier = new Verifier(Profile::named('huawei-push'), [$key]);
$headers = $signer->sign($payload, 'POST', '/', null, 1563105451261);
$n = (int) $times;
match ($function) {
    'hw_sign' => (static function () use ($n, $payload): void {
        while ($n-- > 0) {
            hw_sign($payload, '0123456789abcdef0123456789abcdef', 'huawei-push', 'POST', '/', null, null, 1563105451261);
        }
    })(),
    'hw_verify' => (static function () use ($n, $headers, $payload): void {
        while ($n-- > 0) {
            hw_verify($headers, $payload, '0123456789abcdef0123456789abcdef', 'huawei-push', 'POST', '/', null, 1563105451);
        }
    })(),
    'Signer::sign' => (static function () use ($n, $signer, $payload): void {
        while ($n-- > 0) {
            $signer->sign($payload, 'POST', '/', null, 1563105451261);
        }
    })(),
    'Verifier::isValid' => (static function () use ($n, $verifier, $headers, $payload): void {
        while ($n-- > 0) {
            $verifier->isValid($headers, $payload, 'POST', '/', 1563105451);
        }
    })(),
};
