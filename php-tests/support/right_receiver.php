<?php

/** A receiver without a mistake: the first segment of the path names the contract. */

declare(strict_types=1);

use HwSignature\Http\IncomingRequest;
use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\SignatureRejectedException;
use HwSignature\Verifier;

require __DIR__ . '/../../library/autoload.php';

$memory = (string) getenv('RIGHT_RECEIVER_MEMORY');
$claim = static function (string $id) use ($memory): bool {
    $isNew = !is_file("$memory/$id");
    touch("$memory/$id");
    return $isNew;
};
$profile = Profile::named(explode('/', $_SERVER['REQUEST_URI'])[1]);
try {
    IncomingRequest::fromGlobals("http://{$_SERVER['SERVER_NAME']}:{$_SERVER['SERVER_PORT']}")
        ->verify(new Verifier($profile, [Key::fromBytes('test-shared-secret', 'client-7')], claim: $claim));
} catch (SignatureRejectedException $rejection) {
    http_response_code(401);
    echo $rejection->getReason()->value;
}
