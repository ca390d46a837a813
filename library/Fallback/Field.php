<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

/**
 * What a template can name. The value is the name between the braces.
 *
 * @internal
 */
enum Field: string
{
    case Method = 'method';
    case Path = 'path';
    case Query = 'query';
    case Target = 'target';
    case Url = 'url';
    /** Stands in lists of what there is; what stands in a template is an `OtherHeader`. */
    case Header = 'header:Name';
    case Timestamp = 'timestamp';
    case Nonce = 'nonce';
    case Payload = 'payload';
    case PayloadSha256 = 'payload_sha256';
    case KeyId = 'key_id';
    case CanonicalPath = 'canonical_path';
    case CanonicalQuery = 'canonical_query';
    case CanonicalHeaders = 'canonical_headers';
    case SignedHeaders = 'signed_headers';
    case CanonicalRequestSha256 = 'canonical_request_sha256';
    case Signature = 'signature';

    /** What a string to sign can name. */
    public const SIGNED = [
        self::Method, self::Path, self::Query, self::Target, self::Url, self::Header, self::Timestamp, self::Nonce,
        self::Payload, self::PayloadSha256, self::KeyId, self::CanonicalPath, self::CanonicalQuery, self::CanonicalHeaders,
        self::SignedHeaders, self::CanonicalRequestSha256,
    ];
    /** What a canonical request can name. */
    public const CANONICAL = [
        self::Method, self::Path, self::Query, self::Target, self::Url, self::Header, self::Timestamp, self::Nonce,
        self::PayloadSha256, self::KeyId, self::CanonicalPath, self::CanonicalQuery, self::CanonicalHeaders,
        self::SignedHeaders,
    ];
    /** What a header can name. */
    public const SENT = [self::Timestamp, self::Nonce, self::Signature, self::KeyId, self::SignedHeaders];

    /** As in a template, braces included. */
    public function inBraces(): string
    {
        return '{' . $this->value . '}';
    }

    public function shape(Grammars $grammars): Shape
    {
        return match ($this) {
            self::Method => Shape::run(Bytes::TOKEN, 1),
            self::Path => Shape::run(Bytes::text(), 1),
            self::Query, self::CanonicalQuery => Shape::run(Bytes::UNRESERVED . '%&=', 0),
            self::Target, self::Url => Shape::run(str_replace([' ', '#'], '', Bytes::text()), 1),
            self::Header => Shape::run(Bytes::text(), 0),
            self::CanonicalPath => Shape::run(Bytes::UNRESERVED . '%/', 1),
            self::CanonicalHeaders => Shape::run(Bytes::text() . "\n", 0),
            self::SignedHeaders => Shape::run(RequestHeaders::NAME . ';', 1),
            self::Timestamp => $grammars->timestamp?->shape() ?? Shape::run(Bytes::DIGITS, 1),
            self::Nonce => $grammars->nonce?->shape() ?? Shape::run(Bytes::all(), 0),
            self::Payload => Shape::run(Bytes::all(), 0),
            self::PayloadSha256, self::CanonicalRequestSha256 => Shape::fixed(array_fill(0, 64, Bytes::LOWER_HEX)),
            self::KeyId => Shape::run(Bytes::PLAIN, 1),
            // Whatever the encoding, so that another one changes nothing here.
            self::Signature => Shape::run(Bytes::ENCODED, 1),
        };
    }

    /** A regular expression for what may stand in a header, or for the most of it. */
    public function pattern(Contract $contract): string
    {
        return match ($this) {
            self::Timestamp => $contract->timestamp->pattern(),
            self::Nonce => $contract->nonce->pattern(),
            self::KeyId => '[!-+\--:<-~]{1,128}',
            self::Signature => Digest::pattern($contract->encoding),
            // A contract that sends another field is none for the short way.
            default => '(?!)',
        };
    }
}
