<?php

// Written by `make library-tables`: change the extension.

declare(strict_types=1);

namespace HwSignature;

enum Cause: string
{
    case HeaderMissing = 'header-missing';
    case HeaderRepeated = 'header-repeated';
    case HeaderMalformed = 'header-malformed';
    case KeyIdUnknown = 'key-id-unknown';
    case RequestMalformed = 'request-malformed';
    case DigestIsHex = 'digest-is-hex';
    case DigestIsBase64 = 'digest-is-base64';
    case DigestIsBase64OfHex = 'digest-is-base64-of-hex';
    case DigestEncodedTwice = 'digest-encoded-twice';
    case DigestIsBase64url = 'digest-is-base64url';
    case DigestHasPrefix = 'digest-has-prefix';
    case DigestPaddingMissing = 'digest-padding-missing';
    case DigestPlusBecameSpace = 'digest-plus-became-space';
    case DigestCaseFolded = 'digest-case-folded';
    case DigestTruncated = 'digest-truncated';
    case KeyHasWhitespace = 'key-has-whitespace';
    case KeyHasBom = 'key-has-bom';
    case KeyHasInvisible = 'key-has-invisible';
    case KeyHasPrefix = 'key-has-prefix';
    case KeyHasQuotes = 'key-has-quotes';
    case KeyCaseDiffers = 'key-case-differs';
    case KeyIsBase64Text = 'key-is-base64-text';
    case KeyIsHexText = 'key-is-hex-text';
    case KeyWasDecoded = 'key-was-decoded';
    case KeyIsEscaped = 'key-is-escaped';
    case KeyWasExpanded = 'key-was-expanded';
    case KeyTruncated = 'key-truncated';
    case KeyCharsetDiffers = 'key-charset-differs';
    case KeyWasHashed = 'key-was-hashed';
    case KeyIsKeyId = 'key-is-key-id';
    case KeyIsDerived = 'key-is-derived';
    case KeyIsPlaceholder = 'key-is-placeholder';
    case PayloadTrailingNewline = 'payload-trailing-newline';
    case PayloadTrimmed = 'payload-trimmed';
    case PayloadBom = 'payload-bom';
    case PayloadCrlf = 'payload-crlf';
    case PayloadEmpty = 'payload-empty';
    case PayloadFieldOnly = 'payload-field-only';
    case PayloadSlashesEscaped = 'payload-slashes-escaped';
    case PayloadUnicodeEscaped = 'payload-unicode-escaped';
    case PayloadCharsetDiffers = 'payload-charset-differs';
    case PayloadReserialized = 'payload-reserialized';
    case PayloadLinesJoined = 'payload-lines-joined';
    case PayloadEscaped = 'payload-escaped';
    case PayloadEncoded = 'payload-encoded';
    case PayloadIsObjectText = 'payload-is-object-text';
    case PayloadHashDiffers = 'payload-hash-differs';
    case PayloadIsElsewhere = 'payload-is-elsewhere';
    case NonceOmitted = 'nonce-omitted';
    case NonceDiffers = 'nonce-differs';
    case TimestampOmitted = 'timestamp-omitted';
    case TimestampDiffers = 'timestamp-differs';
    case MethodDiffers = 'method-differs';
    case TargetDiffers = 'target-differs';
    case PathTrailingSlash = 'path-trailing-slash';
    case PathSlashesMerged = 'path-slashes-merged';
    case PathDecoded = 'path-decoded';
    case PathNotCanonical = 'path-not-canonical';
    case PathPrefix = 'path-prefix';
    case QueryNotCanonical = 'query-not-canonical';
    case HeaderDiffers = 'header-differs';
    case HeadersNotCanonical = 'headers-not-canonical';
    case CanonicalRequestDiffers = 'canonical-request-differs';
    case NumericAddition = 'numeric-addition';
    case SeparatorDiffers = 'separator-differs';
    case OrderDiffers = 'order-differs';
    case AlgorithmPlainHash = 'algorithm-plain-hash';
    case AlgorithmArgumentsSwapped = 'algorithm-arguments-swapped';
    case AlgorithmSha1 = 'algorithm-sha1';
    case AlgorithmSha384 = 'algorithm-sha384';
    case AlgorithmSha512 = 'algorithm-sha512';
    case AlgorithmMd5 = 'algorithm-md5';
    case AlgorithmSha224 = 'algorithm-sha224';
    case AlgorithmHashedTwice = 'algorithm-hashed-twice';
    case AlgorithmHasNoKey = 'algorithm-has-no-key';
    case OtherProfile = 'other-profile';
    case TimestampSecondsNotMilliseconds = 'timestamp-seconds-not-milliseconds';
    case TimestampMillisecondsNotSeconds = 'timestamp-milliseconds-not-seconds';
    case TimestampStale = 'timestamp-stale';
    case TimestampFromFuture = 'timestamp-from-future';
}
