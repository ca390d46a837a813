<?php

// Written by `make library-tables`: change the extension.

declare(strict_types=1);

use HwSignature\Encoding;
use HwSignature\TimestampUnit;

return [
    'huawei-push' => [
        'name' => 'huawei-push',
        'stringToSign' => '{timestamp}{nonce}{payload}',
        'headers' => ['X-HW-SIGNATURE' => 'timestamp={timestamp}; nonce={nonce}; value={signature}', 'X-HW-TIMESTAMP' => '{timestamp}'],
        'encoding' => Encoding::Base64,
        'timestampUnit' => TimestampUnit::Milliseconds,
        'tolerance' => 300,
        'nonce' => ':',
        'methodsWithoutPayload' => [],
        'ambiguous' => false,
    ],
    'huawei-receipt' => [
        'name' => 'huawei-receipt',
        'stringToSign' => '{timestamp}{nonce}{payload}',
        'headers' => ['X-HUAWEI-CALLBACK-ID' => 'timestamp={timestamp}; nonce={nonce}; value={signature}'],
        'encoding' => Encoding::Base64,
        'timestampUnit' => TimestampUnit::Milliseconds,
        'tolerance' => 300,
        'nonce' => 'uuid',
        'methodsWithoutPayload' => [],
        'ambiguous' => false,
    ],
    'nextcloud' => [
        'name' => 'nextcloud',
        'stringToSign' => "{method}\n{path}\n{query}\n{timestamp}\n{nonce}\n{payload_sha256}",
        'headers' => ['X-NC-CLIENT-ID' => '{key_id}', 'X-NC-TIMESTAMP' => '{timestamp}', 'X-NC-NONCE' => '{nonce}', 'X-NC-SIGNATURE' => '{signature}'],
        'encoding' => Encoding::Base64,
        'timestampUnit' => TimestampUnit::Seconds,
        'tolerance' => 300,
        'nonce' => '[A-Za-z0-9._-]{8,128}',
        'methodsWithoutPayload' => ['GET', 'HEAD'],
        'ambiguous' => false,
    ],
    'nextcloud-talk' => [
        'name' => 'nextcloud-talk',
        'stringToSign' => '{nonce}{payload}',
        'headers' => ['X-Nextcloud-Talk-Random' => '{nonce}', 'X-Nextcloud-Talk-Signature' => '{signature}'],
        'encoding' => Encoding::Hex,
        'timestampUnit' => null,
        'tolerance' => null,
        'nonce' => '[A-Za-z0-9+/]{64}',
        'methodsWithoutPayload' => [],
        'ambiguous' => false,
    ],
    'nextcloud-talk-bot' => [
        'name' => 'nextcloud-talk-bot',
        'stringToSign' => '{nonce}{payload}',
        'headers' => ['X-Nextcloud-Talk-Bot-Random' => '{nonce}', 'X-Nextcloud-Talk-Bot-Signature' => '{signature}', 'OCS-APIRequest' => 'true'],
        'encoding' => Encoding::Hex,
        'timestampUnit' => null,
        'tolerance' => null,
        'nonce' => '[A-Za-z0-9+/]{64}',
        'methodsWithoutPayload' => [],
        'ambiguous' => false,
    ],
    'nextcloud-signaling' => [
        'name' => 'nextcloud-signaling',
        'stringToSign' => '{nonce}{payload}',
        'headers' => ['Spreed-Signaling-Random' => '{nonce}', 'Spreed-Signaling-Checksum' => '{signature}'],
        'encoding' => Encoding::Hex,
        'timestampUnit' => null,
        'tolerance' => null,
        'nonce' => '[A-Za-z0-9+/=_-]{32,128}',
        'methodsWithoutPayload' => [],
        'ambiguous' => true,
    ],
    'nextcloud-recording' => [
        'name' => 'nextcloud-recording',
        'stringToSign' => '{nonce}{payload}',
        'headers' => ['Talk-Recording-Random' => '{nonce}', 'Talk-Recording-Checksum' => '{signature}'],
        'encoding' => Encoding::Hex,
        'timestampUnit' => null,
        'tolerance' => null,
        'nonce' => '[A-Za-z0-9+/=_-]{32,128}',
        'methodsWithoutPayload' => [],
        'ambiguous' => true,
    ],
    'django' => [
        'name' => 'django',
        'stringToSign' => '{timestamp}.{payload}',
        'headers' => ['X-HMAC-Timestamp' => '{timestamp}', 'X-HMAC-Signature' => '{signature}'],
        'encoding' => Encoding::Hex,
        'timestampUnit' => TimestampUnit::Seconds,
        'tolerance' => 60,
        'nonce' => null,
        'methodsWithoutPayload' => [],
        'ambiguous' => false,
    ],
];
