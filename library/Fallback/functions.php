<?php

declare(strict_types=1);

namespace HwSignature {
    const VERSION = '0.2.0';
    const ANY_AGE = -1;
}

namespace {
    use HwSignature\Fallback\Call;
    use HwSignature\Fallback\Contract;
    use HwSignature\Profile;

    function hw_sign(
        mixed $payload,
        #[\SensitiveParameter] mixed $key,
        mixed $profile = 'huawei-push',
        mixed $method = null,
        mixed $target = null,
        mixed $key_id = null,
        mixed $nonce = null,
        ?int $timestamp = null,
        array $headers = [],
    ): array {
        return Call::sign($payload, $key, $profile, $method, $target, $key_id, $nonce, $timestamp, $headers);
    }

    function hw_verify(
        array $headers,
        mixed $payload,
        #[\SensitiveParameter] mixed $key,
        mixed $profile = 'huawei-push',
        mixed $method = null,
        mixed $target = null,
        ?int $tolerance = null,
        ?int $now = null,
    ): bool {
        // Most calls are that plain. With one more call in between they would be slower than what a provider's library does.
        if ($method === null && $target === null && $tolerance === null && $now === null
            && is_string($payload) && is_string($key) && $key !== '' && $profile instanceof Profile) {
            $isValid = Contract::ofProfile($profile)->express?->accepts($key, $headers, $payload, time(), null);
            if ($isValid !== null) {
                return $isValid;
            }
        }
        return Call::verify($headers, $payload, $key, $profile, $method, $target, $tolerance, $now);
    }

    function hw_parse_header(mixed $header): HwSignature\SignatureHeader
    {
        return Call::parseHeader($header);
    }

    function hw_diagnose(
        array $headers,
        mixed $payload,
        #[\SensitiveParameter] mixed $key,
        mixed $profile = 'huawei-push',
        mixed $method = null,
        mixed $target = null,
        ?int $tolerance = null,
        ?int $now = null,
    ): HwSignature\Diagnosis {
        throw Call::noDiagnosis();
    }
}
