<?php

// Written by `make library-tables`: change the extension.

declare(strict_types=1);

namespace HwSignature;

enum Reason: string
{
    case MissingHeader = 'missing-header';
    case RepeatedHeader = 'repeated-header';
    case MalformedHeader = 'malformed-header';
    case MalformedTimestamp = 'malformed-timestamp';
    case MalformedNonce = 'malformed-nonce';
    case MalformedSignature = 'malformed-signature';
    case MalformedRequest = 'malformed-request';
    case UnsignedPayload = 'unsigned-payload';
    case Stale = 'stale';
    case FromFuture = 'from-future';
    case UnknownKey = 'unknown-key';
    case SignatureMismatch = 'signature-mismatch';
    case Replayed = 'replayed';
}
