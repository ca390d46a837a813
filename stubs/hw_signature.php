<?php

/**
 * Declarations of the extension hw_signature, for IDEs and static analysis. The bodies are in the extension.
 *
 * Every block of code in this file is an example that runs: `assert()` states the result.
 */

namespace HwSignature {
    /**
     * Version of the extension.
     *
     * @var string
     */
    const VERSION = '0.2.0';

    /**
     * A `$tolerance` that accepts a timestamp of any age, from the past and from the future.
     *
     * Without a window nothing but a replay guard stops a request from being sent again, and that for a day: claims do
     * not last longer. 0 is no synonym: it means "this very second".
     *
     * @var int
     */
    const ANY_AGE = -1;

    /**
     * How a digest of 32 bytes is written in a header.
     */
    enum Encoding: string
    {
        /**
         * 44 characters of the standard alphabet, padded, read in their canonical form only (RFC 4648, section 4).
         */
        case Base64 = 'base64';

        /**
         * The alphabet that is safe in URLs (RFC 4648, section 5): 43 characters when written, read with or without the
         * `=` at the end, in their canonical form only.
         */
        case Base64Url = 'base64-url';

        /**
         * 64 hexadecimal digits, written in lower case and read in either (RFC 4648, section 8).
         */
        case Hex = 'hex';
    }

    /**
     * How a timestamp is written. It is signed as it is written.
     */
    enum TimestampFormat: string
    {
        /**
         * Unix time in seconds, 10 digits today.
         */
        case Seconds = 'seconds';

        /**
         * Unix time in milliseconds, 13 digits today.
         */
        case Milliseconds = 'milliseconds';

        /**
         * A date and a time of RFC 3339, such as `2026-01-31T23:59:59Z`. Written in UTC and whole seconds; read strictly:
         * real dates from 1970 to 9999, `T` and `Z` in upper case or an offset such as `+01:00`, 1 to 9 digits of a
         * fraction or none, no leap second.
         */
        case Rfc3339 = 'rfc3339';

        /**
         * The basic format of ISO 8601 in UTC, such as `20260131T235959Z`, from 1970 to 9999.
         */
        case Iso8601Basic = 'iso8601-basic';
    }

    /**
     * The coarse reason for which a request was rejected or a header was not read: what a program may branch on.
     *
     * For logs. The sender should learn nothing but 401.
     */
    enum Reason: string
    {
        /**
         * A header that the profile needs is not there.
         */
        case MissingHeader = 'missing-header';

        /**
         * A header stands twice, or has two values. It is never picked from.
         */
        case RepeatedHeader = 'repeated-header';

        /**
         * A header does not follow its grammar, is not a string, or contradicts another header of the request.
         */
        case MalformedHeader = 'malformed-header';

        /**
         * A timestamp does not follow the profile's format, or is more than PHP_INT_MAX.
         */
        case MalformedTimestamp = 'malformed-timestamp';

        /**
         * A nonce does not follow the grammar of the profile.
         */
        case MalformedNonce = 'malformed-nonce';

        /**
         * A signature is not the canonical text of 32 bytes.
         */
        case MalformedSignature = 'malformed-signature';

        /**
         * The method is no HTTP token (RFC 9110, section 5.6.2), or the target is no request target.
         */
        case MalformedRequest = 'malformed-request';

        /**
         * The request has a payload with a method for which the profile signs none.
         */
        case UnsignedPayload = 'unsigned-payload';

        /**
         * The timestamp is behind the clock by more than the tolerance.
         */
        case Stale = 'stale';

        /**
         * The timestamp is ahead of the clock by more than the tolerance.
         */
        case FromFuture = 'from-future';

        /**
         * No key has the id that the request names.
         */
        case UnknownKey = 'unknown-key';

        /**
         * The signature is not that of any key.
         */
        case SignatureMismatch = 'signature-mismatch';

        /**
         * The request is authentic and the replay guard did not accept it as new.
         */
        case Replayed = 'replayed';
    }

    /**
     * What came out of a diagnosis.
     */
    enum Verdict: string
    {
        /**
         * The request verifies: nothing is wrong.
         */
        case Valid = 'valid';

        /**
         * The findings account for the rejection, all of them together.
         */
        case Explained = 'explained';

        /**
         * No explanation reproduces the signature that was received. Findings, if there are any, are wrong besides.
         */
        case Unexplained = 'unexplained';
    }

    /**
     * What made a signature differ, in order of usefulness: where two explanations reproduce the same signature, the
     * earlier one is told. The sentence of each case is the message of its finding, with … for what the search found.
     */
    enum Cause: string
    {
        /**
         * Not among the headers that were passed: ….
         */
        case HeaderMissing = 'header-missing';

        /**
         * The header … came with more than one value, and verification never picks one.
         */
        case HeaderRepeated = 'header-repeated';

        /**
         * A header is not written as the profile says: ….
         */
        case HeaderMalformed = 'header-malformed';

        /**
         * The request names a key id that is not the id of the key.
         */
        case KeyIdUnknown = 'key-id-unknown';

        /**
         * The method or the target cannot be signed as it was passed: ….
         */
        case RequestMalformed = 'request-malformed';

        /**
         * The signature is hexadecimal, and the profile writes base64: the sender called hash_hmac('sha256', …)
         * without true as its fourth argument.
         */
        case DigestIsHex = 'digest-is-hex';

        /**
         * The signature is base64, and the profile writes hexadecimal: the sender encoded the raw digest with
         * base64_encode().
         */
        case DigestIsBase64 = 'digest-is-base64';

        /**
         * The signature is base64 of the hexadecimal digest (88 characters): the sender called
         * base64_encode(hash_hmac('sha256', …)) without true, and encoded the text in place of the bytes.
         */
        case DigestIsBase64OfHex = 'digest-is-base64-of-hex';

        /**
         * The signature is encoded twice: ….
         */
        case DigestEncodedTwice = 'digest-encoded-twice';

        /**
         * The signature is written in the URL-safe base64 alphabet, with - and _ in place of + and /.
         */
        case DigestIsBase64url = 'digest-is-base64url';

        /**
         * The signature has … the digest, besides what the profile has there.
         */
        case DigestHasPrefix = 'digest-has-prefix';

        /**
         * The signature has lost the = at its end: somebody called rtrim($digest, '='), or split the header at
         * every = instead of the first.
         */
        case DigestPaddingMissing = 'digest-padding-missing';

        /**
         * Each + of the signature became a space: the header went through parse_str(), urldecode() or $_GET.
         */
        case DigestPlusBecameSpace = 'digest-plus-became-space';

        /**
         * The letters of the signature were all turned into … case, and base64 tells the cases apart.
         */
        case DigestCaseFolded = 'digest-case-folded';

        /**
         * The signature is only a part of the digest: ….
         */
        case DigestTruncated = 'digest-truncated';

        /**
         * White space makes the difference between the keys: the signature matches when ….
         */
        case KeyHasWhitespace = 'key-has-whitespace';

        /**
         * The key begins with a byte order mark ….
         */
        case KeyHasBom = 'key-has-bom';

        /**
         * Characters that nobody sees are in the key, and make the difference: the signature matches when ….
         */
        case KeyHasInvisible = 'key-has-invisible';

        /**
         * The keys differ by a prefix: ….
         */
        case KeyHasPrefix = 'key-has-prefix';

        /**
         * What stands around a secret in a file or in code makes the difference: the signature matches when ….
         */
        case KeyHasQuotes = 'key-has-quotes';

        /**
         * The letters of the key are in another case: the signature matches when they are all ….
         */
        case KeyCaseDiffers = 'key-case-differs';

        /**
         * The key that was passed is … text, and the sender signs with the bytes that it decodes to.
         */
        case KeyIsBase64Text = 'key-is-base64-text';

        /**
         * The key that was passed is hexadecimal text, and the sender signs with the bytes that it decodes to.
         */
        case KeyIsHexText = 'key-is-hex-text';

        /**
         * The key was decoded or written anew here, and the sender uses the secret's text: the signature matches with … as
         * key.
         */
        case KeyWasDecoded = 'key-was-decoded';

        /**
         * The key was escaped or encoded for another place, and makes the difference: the signature matches when ….
         */
        case KeyIsEscaped = 'key-is-escaped';

        /**
         * Something took a part of the secret for its own language on the sender's side: the signature matches when
         * ….
         */
        case KeyWasExpanded = 'key-was-expanded';

        /**
         * The sender uses only a part of this key: the signature matches with ….
         */
        case KeyTruncated = 'key-truncated';

        /**
         * The same letters are other bytes in the key: the signature matches when ….
         */
        case KeyCharsetDiffers = 'key-charset-differs';

        /**
         * The sender uses a hash of the secret as the key: ….
         */
        case KeyWasHashed = 'key-was-hashed';

        /**
         * The sender signed with the key id in place of the secret, and the key id is no secret: ….
         */
        case KeyIsKeyId = 'key-is-key-id';

        /**
         * The sender signs with a key that it derives from the secret: ….
         */
        case KeyIsDerived = 'key-is-derived';

        /**
         * In the place of the secret stands what is none, here or at the sender: nothing, a word out of an example, or the name of a
         * variable that was not resolved. Anybody could have made such a signature.
         */
        case KeyIsPlaceholder = 'key-is-placeholder';

        /**
         * A line break at the end of the payload makes the difference: the signature matches when ….
         */
        case PayloadTrailingNewline = 'payload-trailing-newline';

        /**
         * The sender signed the payload ….
         */
        case PayloadTrimmed = 'payload-trimmed';

        /**
         * A byte order mark (EF BB BF) makes the difference: the signature matches when ….
         */
        case PayloadBom = 'payload-bom';

        /**
         * Line ends make the difference: the signature matches when ….
         */
        case PayloadCrlf = 'payload-crlf';

        /**
         * The payload was empty where it was signed or where it was verified, or came with a method that has none.
         */
        case PayloadEmpty = 'payload-empty';

        /**
         * The sender signed ….
         */
        case PayloadFieldOnly = 'payload-field-only';

        /**
         * Slashes make the difference: the signature matches when ….
         */
        case PayloadSlashesEscaped = 'payload-slashes-escaped';

        /**
         * Letters beyond ASCII make the difference: the signature matches when ….
         */
        case PayloadUnicodeEscaped = 'payload-unicode-escaped';

        /**
         * Letters beyond ASCII are in another encoding: the signature matches when the payload is converted ….
         */
        case PayloadCharsetDiffers = 'payload-charset-differs';

        /**
         * The data was decoded and encoded again between signing and verifying: the signature is that of the
         * payload as … writes it.
         */
        case PayloadReserialized = 'payload-reserialized';

        /**
         * Line breaks within the payload make the difference: the signature is that ….
         */
        case PayloadLinesJoined = 'payload-lines-joined';

        /**
         * The payload was escaped as a whole on one side: the signature matches when ….
         */
        case PayloadEscaped = 'payload-escaped';

        /**
         * The payload is encoded on one side and not on the other: the sender signed ….
         */
        case PayloadEncoded = 'payload-encoded';

        /**
         * The sender signed a text that its language makes of the data, not the bytes that are sent: ….
         */
        case PayloadIsObjectText = 'payload-is-object-text';

        /**
         * The payload stands in the string to sign in another form: the sender signed ….
         */
        case PayloadHashDiffers = 'payload-hash-differs';

        /**
         * The sender signed something else as the payload than what was passed: ….
         */
        case PayloadIsElsewhere = 'payload-is-elsewhere';

        /**
         * The sender left the nonce out of the string to sign.
         */
        case NonceOmitted = 'nonce-omitted';

        /**
         * The sender signed the nonce otherwise than it stands in the header: ….
         */
        case NonceDiffers = 'nonce-differs';

        /**
         * The sender left the timestamp out of the string to sign.
         */
        case TimestampOmitted = 'timestamp-omitted';

        /**
         * The sender signed another timestamp than the one in the header: ….
         */
        case TimestampDiffers = 'timestamp-differs';

        /**
         * The sender signed another method than the one that was passed: ….
         */
        case MethodDiffers = 'method-differs';

        /**
         * The sender signed another target than the one that was passed: ….
         */
        case TargetDiffers = 'target-differs';

        /**
         * The slash at the end of the path makes the difference: the sender signed ….
         */
        case PathTrailingSlash = 'path-trailing-slash';

        /**
         * Two slashes in the path became one, or one became two: the sender signed ….
         */
        case PathSlashesMerged = 'path-slashes-merged';

        /**
         * The sender signed the path percent-encoded, or otherwise than the profile does, which signs it decoded:
         * ….
         */
        case PathDecoded = 'path-decoded';

        /**
         * The sender signed the path in another spelling than a canonical request has it: ….
         */
        case PathNotCanonical = 'path-not-canonical';

        /**
         * A prefix of the path makes the difference: the sender signed ….
         */
        case PathPrefix = 'path-prefix';

        /**
         * The sender signed the query ….
         */
        case QueryNotCanonical = 'query-not-canonical';

        /**
         * A header that is signed arrived with another value than the sender signed: ….
         */
        case HeaderDiffers = 'header-differs';

        /**
         * The sender wrote the signed headers otherwise than a canonical request has them: ….
         */
        case HeadersNotCanonical = 'headers-not-canonical';

        /**
         * The sender put the canonical request into the string to sign otherwise than the profile does: ….
         */
        case CanonicalRequestDiffers = 'canonical-request-differs';

        /**
         * The parts were added up as numbers: the sender wrote + between them, which is arithmetic in PHP.
         */
        case NumericAddition = 'numeric-addition';

        /**
         * The sender put … of the string to sign.
         */
        case SeparatorDiffers = 'separator-differs';

        /**
         * The sender put the parts of the string to sign into another order: ….
         */
        case OrderDiffers = 'order-differs';

        /**
         * The signature is no HMAC: it is ….
         */
        case AlgorithmPlainHash = 'algorithm-plain-hash';

        /**
         * The arguments of the HMAC are swapped: the data was taken as the key, and the key as the data.
         */
        case AlgorithmArgumentsSwapped = 'algorithm-arguments-swapped';

        /**
         * The sender used HMAC-SHA-1 in place of HMAC-SHA-256.
         */
        case AlgorithmSha1 = 'algorithm-sha1';

        /**
         * The sender used HMAC-SHA-384 in place of HMAC-SHA-256.
         */
        case AlgorithmSha384 = 'algorithm-sha384';

        /**
         * The sender used HMAC-SHA-512 in place of HMAC-SHA-256.
         */
        case AlgorithmSha512 = 'algorithm-sha512';

        /**
         * The sender used HMAC-MD5 in place of HMAC-SHA-256.
         */
        case AlgorithmMd5 = 'algorithm-md5';

        /**
         * The sender used HMAC-SHA-224 in place of HMAC-SHA-256.
         */
        case AlgorithmSha224 = 'algorithm-sha224';

        /**
         * The sender hashed once too often: ….
         */
        case AlgorithmHashedTwice = 'algorithm-hashed-twice';

        /**
         * There is no key in the signature, which anybody could have made: it is ….
         */
        case AlgorithmHasNoKey = 'algorithm-has-no-key';

        /**
         * The request follows another contract: its headers, or its string to sign, are those of another profile.
         */
        case OtherProfile = 'other-profile';

        /**
         * The timestamp counts seconds, and the profile counts milliseconds.
         */
        case TimestampSecondsNotMilliseconds = 'timestamp-seconds-not-milliseconds';

        /**
         * The timestamp counts milliseconds, and the profile counts seconds.
         */
        case TimestampMillisecondsNotSeconds = 'timestamp-milliseconds-not-seconds';

        /**
         * The timestamp is behind this clock by ….
         */
        case TimestampStale = 'timestamp-stale';

        /**
         * The timestamp is ahead of this clock by ….
         */
        case TimestampFromFuture = 'timestamp-from-future';
    }

    /**
     * The base of all exceptions of this extension, thrown itself when a finished stream is used again or when the
     * operating system has no randomness.
     *
     * Mistakes in arguments are PHP's own `ValueError` and `TypeError`, and no part of this family.
     *
     * ```php
     * use HwSignature\{HwSignatureException, Key, Profile, Signer};
     *
     * $stream = (new Signer(Profile::named('django'), Key::fromBytes('secret')))->stream();
     * $stream->finish();
     * try {
     *     $stream->finish();
     * } catch (HwSignatureException $exception) {
     * }
     * assert(str_contains($exception->getMessage(), 'the stream is finished'));
     * ```
     */
    class HwSignatureException extends \Exception
    {
    }

    /**
     * A header could not be read. The message says why and where, and never quotes the header.
     *
     * ```php
     * try {
     *     hw_parse_header('timestamp=1563105451261; nonce=:');
     * } catch (HwSignature\MalformedHeaderException $exception) {
     * }
     * assert($exception->getMessage() === '"value" is missing (byte 32)');
     * ```
     */
    class MalformedHeaderException extends HwSignatureException
    {
        /**
         * What kind of part is malformed.
         */
        protected Reason $reason;

        /**
         * Bytes from the start of the header to the one that is wrong.
         */
        protected int $offset;

        /**
         * Makes an exception of one's own, for tests and for subclasses.
         *
         * @param string $message what is wrong
         * @param int $code a number of one's own
         * @param \Throwable|null $previous what caused it
         * @param Reason $reason what kind of part is malformed
         * @param int $offset bytes from the start of the header
         *
         * @throws \TypeError when an argument has another type
         */
        public function __construct(
            string $message = '',
            int $code = 0,
            ?\Throwable $previous = null,
            Reason $reason = Reason::MalformedHeader,
            int $offset = 0,
        ) {
        }

        /**
         * Says what kind of part is malformed.
         *
         * @return Reason `MalformedHeader` for the form of the list, or `MalformedTimestamp` or `MalformedSignature`
         *     for one of its values
         */
        public function getReason(): Reason
        {
        }

        /**
         * Says where the header is wrong.
         *
         * @return int bytes from the start of the header, counted from 0; its length when something is missing
         */
        public function getOffset(): int
        {
        }
    }

    /**
     * A request was rejected. The message is for logs and not for the sender; it holds nothing that was secret.
     *
     * ```php
     * use HwSignature\{Key, Profile, Reason, SignatureRejectedException, Verifier};
     *
     * $verifier = new Verifier(Profile::named('huawei-push'), [Key::fromBytes('secret')]);
     * try {
     *     $verifier->verify([], '{"from":"+49"}');
     * } catch (SignatureRejectedException $exception) {
     * }
     * assert($exception->getReason() === Reason::MissingHeader);
     * ```
     */
    class SignatureRejectedException extends HwSignatureException
    {
        /**
         * Why the request was rejected.
         */
        protected Reason $reason;

        /**
         * Makes an exception of one's own, for tests and for subclasses.
         *
         * @param string $message what is wrong
         * @param int $code a number of one's own
         * @param \Throwable|null $previous what caused it
         * @param Reason $reason why the request was rejected
         *
         * @throws \TypeError when an argument has another type
         */
        public function __construct(
            string $message = '',
            int $code = 0,
            ?\Throwable $previous = null,
            Reason $reason = Reason::SignatureMismatch,
        ) {
        }

        /**
         * Says why the request was rejected.
         *
         * @return Reason the first check that failed, in the order: parse, freshness, signature, replay
         */
        public function getReason(): Reason
        {
        }
    }

    /**
     * The replay guard threw, so that the request was not accepted. What it threw is `getPrevious()`.
     *
     * It says that the guard's store is down, and nothing about the sender.
     */
    class ReplayGuardException extends HwSignatureException
    {
        /**
         * What the guard was to claim for the request, in that order: see `Verified::$replayIds`.
         *
         * Whether the store has the one at which the guard failed is not known, and if it has, the claim may be that of an
         * earlier request: release it only where the store can tell whose it is.
         *
         * @var list<string>
         */
        public readonly array $replayIds;

        /**
         * Makes an exception of one's own, for tests and for subclasses.
         *
         * @param string $message what is wrong
         * @param int $code a number of one's own
         * @param \Throwable|null $previous what caused it
         * @param list<string> $replayIds what the guard was to claim
         *
         * @throws \TypeError when an argument has another type
         */
        public function __construct(
            string $message = '',
            int $code = 0,
            ?\Throwable $previous = null,
            array $replayIds = [],
        ) {
        }
    }

    /**
     * The three parts of `timestamp=…; nonce=…; value=…`, as they were sent.
     *
     * Immutable: the properties can be read and shown, not written. It can be cloned, and neither serialized nor
     * created with `new`.
     *
     * Source: Huawei HMS Core references V5, `X-HW-SIGNATURE`.
     */
    final class SignatureHeader implements \Stringable
    {
        /**
         * 1 to 19 digits, kept as text because the text is what was signed.
         */
        public readonly string $timestamp;

        /**
         * The nonce, whatever its grammar: `:` on a message of Huawei Push Kit, a UUID on a receipt.
         */
        public readonly string $nonce;

        /**
         * The digest in canonical base64, 44 characters.
         */
        public readonly string $value;

        /**
         * Not for use: `hw_parse_header()` makes these objects.
         */
        private function __construct()
        {
        }

        /**
         * Decodes the value.
         *
         * ```php
         * $digest = hash('sha256', 'any 32 bytes', true);
         * $header = hw_parse_header('timestamp=1;nonce=:;value=' . base64_encode($digest));
         * assert($header->digest() === $digest);
         * ```
         *
         * @return string 32 raw bytes
         *
         * @throws \Error when reflection made the object without its data
         */
        public function digest(): string
        {
        }

        /**
         * Writes the header in the spelling of Huawei's current documents; it reads back as itself.
         *
         * ```php
         * $text = 'timestamp=1563105451261; nonce=:; value=E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=';
         * assert((string) hw_parse_header(str_replace('; ', ';', $text)) === $text);
         * ```
         *
         * @return string `timestamp=…; nonce=…; value=…`
         *
         * @throws \Error when reflection made the object without its data
         */
        public function __toString(): string
        {
        }
    }

    /**
     * What is known of an authentic, fresh request.
     *
     * Immutable: the properties can be read and shown, not written. It can be cloned, and neither serialized nor
     * created with `new`.
     */
    final class Verified
    {
        /**
         * The id of the key that matched; null when it was made without one.
         */
        public readonly ?string $keyId;

        /**
         * The place of that key among the verifier's keys, counted from 0: while keys are rotated, this tells who
         * still uses the old one.
         */
        public readonly int $keyIndex;

        /**
         * When the request was signed: Unix time in the unit of the profile, in whole seconds where the profile has a
         * date; null when the profile has no timestamp.
         */
        public readonly ?int $timestamp;

        /**
         * The nonce; null when the profile has none.
         */
        public readonly ?string $nonce;

        /**
         * What a replay guard is asked to claim for this request, in that order: 64 hexadecimal digits each. A receiver
         * that fails after it has verified a request releases all of them, so that the sender's next try is not taken for
         * a replay.
         *
         * @var list<string>
         */
        public readonly array $replayIds;

        /**
         * For how many seconds a replay guard is asked to claim them.
         */
        public readonly int $claimSeconds;

        /**
         * How old the request is in seconds, negative when its timestamp is ahead of the clock; null when the profile has
         * no timestamp.
         */
        public readonly ?int $age;

        /**
         * Not for use: `Verifier` makes these objects.
         */
        private function __construct()
        {
        }
    }

    /**
     * One thing that is wrong, and what to change.
     *
     * Immutable: the properties can be read and shown, not written.
     */
    final class Finding
    {
        /**
         * What a program may branch on.
         */
        public readonly Cause $cause;

        /**
         * What is wrong, in one sentence.
         */
        public readonly string $message;

        /**
         * What to change, and on which side.
         */
        public readonly string $fix;

        /**
         * Not for use: `hw_diagnose()` makes these objects.
         */
        private function __construct()
        {
        }
    }

    /**
     * Why a request does not verify: the answer of `hw_diagnose()`, for developers and logs, never for the response.
     *
     * Neither the key nor the right signature is in it, nor a byte of the payload. Immutable; `json_encode()` gives the
     * properties as data, and `(string)` a report to paste into a ticket.
     */
    final class Diagnosis implements \Stringable
    {
        /**
         * What came out.
         */
        public readonly Verdict $verdict;

        /**
         * What is wrong, the most useful first.
         *
         * @var list<Finding>
         */
        public readonly array $findings;

        /**
         * What would explain it as simply, and is met less often: for each such explanation its causes.
         *
         * @var list<list<Cause>>
         */
        public readonly array $others;

        /**
         * What to check besides, in sentences: where no explanation was found, in this order; and beside a request that
         * is valid or explained, what the contract takes for the payload.
         *
         * @var list<string>
         */
        public readonly array $checks;

        /**
         * The name of the profile.
         */
        public readonly string $profile;

        /**
         * What the headers say, as far as they could be read: `key id`, `timestamp`, `nonce`, `signature`. Of the
         * signature only the beginning is shown, and of a nonce or key id that is longer than a UUID only the ends.
         * What does not follow the grammar of its field is cut.
         *
         * @var array<string, string>
         */
        public readonly array $header;

        /**
         * The string to sign in printable ASCII, with `{payload}` where the payload stands: `\n`, `\t`, `\\`, and `\xNN`
         * for what cannot be seen; the middle of a long one is left out, and that of a long nonce is starred. Null when
         * the request does not get so far, and when a header that goes into it is missing or malformed.
         */
        public readonly ?string $stringToSign;

        /**
         * Length of the string to sign in bytes.
         */
        public readonly ?int $stringToSignLength;

        /**
         * SHA-256 of the string to sign: 64 hexadecimal digits, to compare with the sender's.
         */
        public readonly ?string $stringToSignSha256;

        /**
         * The canonical request whose hash is in the string to sign, where the profile has one, with the payload's hash: to compare
         * with the sender's line by line. Of other headers than those that must be signed, the host and the type and length of the
         * content, only the length is shown.
         */
        public readonly ?string $canonicalRequest;

        /**
         * Length of the payload in bytes.
         */
        public readonly int $payloadLength;

        /**
         * SHA-256 of the payload: 64 hexadecimal digits, to compare with the sender's.
         */
        public readonly string $payloadSha256;

        /**
         * Which key it is that the request is valid under, or that the findings are about: its place in the list of the
         * verifier, from 0. Null where no signature says so.
         */
        public readonly ?int $keyIndex;

        /**
         * The id of that key, or of the first where `$keyIndex` is null.
         */
        public readonly ?string $keyId;

        /**
         * Length of that key in bytes.
         */
        public readonly int $keyLength;

        /**
         * See `Key::$fingerprint`: 32 hexadecimal digits, to compare with the sender's.
         */
        public readonly string $keyFingerprint;

        /**
         * Which of the signatures that the headers have, in their order and without repetition, counted from 0: the one that a key makes,
         * or that the findings are about. Null where no digest says so.
         */
        public readonly ?int $signatureIndex;

        /**
         * How many digests the search computed: 10,000 at most.
         */
        public readonly int $digestsComputed;

        /**
         * How many bytes the search hashed: 512 MiB at most, or one payload if that is longer.
         */
        public readonly int $bytesHashed;

        /**
         * Whether the search left something untried because its budget was spent.
         */
        public readonly bool $exhausted;

        /**
         * Not for use: `hw_diagnose()` makes these objects.
         */
        private function __construct()
        {
        }

        /**
         * The report: verdict, findings, what was received and what was signed, aligned for a terminal of 100 columns.
         *
         * ```php
         * $headers = ['X-HMAC-Timestamp' => '1800000000', 'X-HMAC-Signature' => str_repeat('0', 64)];
         * $report = (string) hw_diagnose($headers, 'Hello', 'secret', 'django', now: 1800000000);
         * assert(str_starts_with($report, 'hw_signature: the signature does not match'));
         * ```
         *
         * @return string several lines, each ending in a line feed
         *
         * @throws \Error when reflection made the object without its data
         */
        public function __toString(): string
        {
        }
    }

    /**
     * A secret that cannot be read back.
     *
     * It never appears in dumps, traces, JSON or casts, which show its id and its fingerprint, and can be neither
     * serialized nor cloned. It holds the HMAC state that the secret keys, so that every signature takes two SHA-256
     * compressions less, and the bytes, for a diagnosis; both are wiped when the object is gone. PHP's own copy of the
     * string that it was made from is not erased.
     *
     * ```php
     * use HwSignature\Key;
     *
     * $key = Key::fromBytes('secret', 'client-7');
     * assert(json_encode($key) === '{"id":"client-7","fingerprint":"078fdd06b5eff157a4175916f9c33765"}');
     * ```
     */
    final class Key
    {
        /**
         * Under which name the key goes; null when it was made without one.
         */
        public readonly ?string $id;

        /**
         * Something to compare and to log, 32 lower-case hexadecimal digits: equal on two machines exactly when the bytes
         * of the key are equal.
         *
         * It is the first half of the HMAC-SHA-256, under the key, of a fixed label and the length of the key in
         * bytes. It does not give the key away, unless that can be guessed.
         *
         * ```php
         * use HwSignature\Key;
         *
         * $hmac = hash_hmac('sha256', "hw_signature key fingerprint\n6", 'secret');
         * assert(Key::fromBytes('secret')->fingerprint === substr($hmac, 0, 32));
         * ```
         */
        public readonly string $fingerprint;

        /**
         * Not for use: `fromBytes()`, `fromBase64()` and `fromHex()` make keys.
         */
        private function __construct()
        {
        }

        /**
         * Takes the bytes of the key as they are.
         *
         * ```php
         * use HwSignature\Key;
         *
         * $key = Key::fromBytes('secret', 'client-7');
         * assert($key->id === 'client-7');
         * ```
         *
         * @param string $bytes the key, at least one byte
         * @param string|null $id a name for the key, 1 to 128 visible ASCII characters without `,` and `;`; it is
         *     sent by profiles that have a `{key_id}`
         *
         * @return Key the key
         *
         * @throws \ValueError when the key is empty, or the id is not valid
         * @throws \TypeError when an argument is no string; there is no conversion, with or without `strict_types`
         */
        public static function fromBytes(#[\SensitiveParameter] string $bytes, ?string $id = null): Key
        {
        }

        /**
         * Decodes a key that is kept as base64.
         *
         * Strict, because a lenient decoder makes a shorter key out of a typing error: canonical, padded, no white
         * space (RFC 4648, section 4). A leading `whsec_` is taken off (Standard Webhooks, Svix).
         *
         * ```php
         * use HwSignature\Key;
         *
         * $key = Key::fromBase64('whsec_c2VjcmV0');
         * assert($key->fingerprint === Key::fromBytes('secret')->fingerprint);
         * ```
         *
         * @param string $text the key in base64
         * @param string|null $id a name for the key, 1 to 128 visible ASCII characters without `,` and `;`
         *
         * @return Key the key
         *
         * @throws \ValueError when the text is not canonical base64 or holds no byte, or the id is not valid
         * @throws \TypeError when an argument is no string; there is no conversion, with or without `strict_types`
         */
        public static function fromBase64(#[\SensitiveParameter] string $text, ?string $id = null): Key
        {
        }

        /**
         * Decodes a key that is kept as hexadecimal digits, in either letter case (RFC 4648, section 8).
         *
         * ```php
         * use HwSignature\Key;
         *
         * $key = Key::fromHex('736563726574');
         * assert($key->fingerprint === Key::fromBytes('secret')->fingerprint);
         * ```
         *
         * @param string $text an even number of hexadecimal digits
         * @param string|null $id a name for the key, 1 to 128 visible ASCII characters without `,` and `;`
         *
         * @return Key the key
         *
         * @throws \ValueError when the text is anything else or holds no byte, or the id is not valid
         * @throws \TypeError when an argument is no string; there is no conversion, with or without `strict_types`
         */
        public static function fromHex(#[\SensitiveParameter] string $text, ?string $id = null): Key
        {
        }
    }

    /**
     * Everything that two servers must agree on, as data: what is signed, and which headers carry it.
     *
     * Immutable. It can be neither serialized nor cloned; `describe()` gives what is needed to build it again, and is what
     * a dump shows.
     *
     * | name | string to sign | digest | timestamp | source |
     * |---|---|---|---|---|
     * | `huawei-push` | `{timestamp}{nonce}{payload}` | base64 | ms, ±300 s | Huawei HMS Core references V5 |
     * | `huawei-receipt` | `{timestamp}{nonce}{payload}` | base64 | ms, ±300 s | Huawei Push Kit, message receipts |
     * | `nextcloud` | `{method}\n{path}\n{query}\n{timestamp}\n{nonce}\n{payload_sha256}` | base64 | s, ±300 s | rahim8050/weather-apis |
     * | `nextcloud-talk` | `{nonce}{payload}` | hex | none | nextcloud/spreed |
     * | `nextcloud-talk-bot` | `{nonce}{payload}` | hex | none | nextcloud/spreed |
     * | `nextcloud-signaling` | `{nonce}{payload}`, ambiguous | hex | none | nextcloud/spreed |
     * | `nextcloud-recording` | `{nonce}{payload}`, ambiguous | hex | none | nextcloud/spreed |
     * | `nextcloud-sip` | `{nonce}{payload}`, ambiguous | hex | none | nextcloud/spreed |
     * | `django` | `{timestamp}.{payload}` | hex | s, ±60 s | Django REST Framework mixin |
     * | `huawei-apig` | `SDK-HMAC-SHA256\n{timestamp}\n{canonical_request_sha256}` | hex | ISO 8601, ±900 s | Huawei Cloud, API signing algorithm |
     * | `standard-webhooks` | `{nonce}.{timestamp}.{payload}` | base64 | s, ±300 s | Standard Webhooks |
     * | `svix` | `{nonce}.{timestamp}.{payload}` | base64 | s, ±300 s | Svix |
     * | `stripe` | `{timestamp}.{payload}` | hex | s, ±300 s | Stripe |
     * | `github` | `{payload}` | hex | none | GitHub |
     * | `slack` | `v0:{timestamp}:{payload}` | hex | s, ±300 s | Slack |
     * | `shopify` | `{payload}` | base64 | none | Shopify |
     * | `paddle` | `{timestamp}:{payload}` | hex | s, ±5 s | Paddle Billing |
     * | `line` | `{payload}` | base64 | none | LINE |
     * | `square` | `{url}{payload}`, ambiguous | base64 | none | Square |
     * | `razorpay` | `{payload}` | hex | none | Razorpay |
     *
     * The five of nextcloud/spreed sign the same bytes: under one secret, a request of one also verifies under another.
     * Give each its own secret. To a replay guard that they share, it is one request.
     *
     * The key is the secret's text, `Key::fromBytes()`, also where it begins with `whsec_` (`stripe`) or `pdl_ntfset_`
     * (`paddle`). With `standard-webhooks` and `svix` it is base64 behind `whsec_`, which `Key::fromBase64()` takes off.
     */
    final class Profile
    {
        /**
         * Describes a contract of one's own, in the language of the built-in rows.
         *
         * A template is literal text and fields. A string to sign has `{method}` (upper case), `{path}`
         * (percent-decoded, as Django's `request.path`; bytes that are not UTF-8 stay escaped, so that `/a%FF` and
         * `/a%25FF` sign alike), `{query}` (canonical: `+` is a space, encoded again as
         * RFC 3986, section 2.3, has it, sorted), `{target}` (path and query as they are sent), `{url}` (the whole
         * `$target`, which must be absolute then), `{header:Name}` (another header), `{timestamp}`, `{nonce}`, `{key_id}`,
         * and exactly one of `{payload}`, `{payload_sha256}` (lower-case hex) and `{canonical_request_sha256}`; each field
         * once, in at most 1024 bytes. A header has `{timestamp}`, `{nonce}`, `{key_id}`, `{signature}`,
         * `{signed_headers}`, in the first of these forms that fits. A header without a field is sent and not looked at.
         *
         * 1. A list of names: `t={timestamp},v1={signature}`, with `,` or `;` and optional spaces, perhaps behind a scheme
         *    (`HMAC-SHA256 Credential={key_id}, Signature={signature}`). It is read in any order and letter case; other
         *    names are skipped. A value is a field between two literals, or always the same (`v=1`): then it may be
         *    missing. At most 32 parts.
         * 2. A list of places: `{timestamp},{signature},...` or `v1,{signature} ...`, with `,`, `;` or one space. The last
         *    part is a literal and `{signature}`; parts with another literal there are skipped.
         * 3. A sequence, read exactly as it is written: `sha256={signature}`, `HMAC-SHA256 {key_id}:{signature}`. What
         *    could not be told apart again is refused.
         *
         * A separator and `...` at the end of a list say that the part with `{signature}` may come several times, 16 at
         * most: `t={timestamp},v1={signature},...`. Names of one's own may repeat there too. Quotation marks stand as they
         * are written, and a key id between them has no `"` and no `\`.
         *
         * What a canonical request has besides: `{canonical_path}` (percent-decoded, encoded again but for `/`, which stands
         * at its end), `{canonical_query}` (as `{query}`, but sorted before it is encoded), `{canonical_headers}` (a line
         * `name:value` with a line feed for each header that is signed, without spaces and tabs around the value), and
         * `{signed_headers}` (their names in lower case, with `;` in between). Where a header carries `{signed_headers}`, the
         * list that was sent decides, and must have those of `$signedHeaders`; otherwise `$signedHeaders` does.
         *
         * ```php
         * use HwSignature\{Encoding, Key, Profile, Signer};
         *
         * $github = new Profile('github', '{payload}', ['X-Hub-Signature-256' => 'sha256={signature}'], Encoding::Hex);
         * $headers = (new Signer($github, Key::fromBytes('secret')))->sign('Hello, World!');
         * assert($headers['X-Hub-Signature-256'] === 'sha256=' . hash_hmac('sha256', 'Hello, World!', 'secret'));
         * ```
         *
         * @param string $name 1 to 64 characters of `a-z`, `0-9` and `-`
         * @param string $stringToSign a template with every timestamp and nonce that a header carries
         * @param array<string, string> $headers name => template, at most 8. Where several carry `{signature}`, all but one
         *     of these may be missing. The name of one with a field is one that `$_SERVER` has with `HTTP_` in front,
         *     which `Content-Type` is not
         * @param Encoding $encoding how the digest is written
         * @param TimestampFormat|null $timestampFormat how the timestamp is written; null exactly when there is none
         * @param int|null $tolerance seconds that a request may be old or ahead, at most 604800 (seven days); null for
         *     300, or without a timestamp
         * @param string|null $nonce `uuid` (RFC 9562), a set with its length such as `[A-Za-z0-9]{8,128}` or
         *     `[0-9a-f]{32}`, or the one text that is always sent; null exactly when there is no nonce. It is no regular
         *     expression, and what looks like one is refused
         * @param list<string> $methodsWithoutPayload methods with which no payload may come, in any letter case
         * @param bool $ambiguous true to accept that neighbours in the string to sign can trade bytes
         * @param string|null $canonicalRequest a template of at most 1024 bytes with `{payload_sha256}`, whose SHA-256 the
         *     string to sign has as `{canonical_request_sha256}`; null exactly when it does not
         * @param list<string> $signedHeaders the headers that must be signed, in lower case; empty exactly when the profile
         *     has neither `{canonical_headers}` nor `{signed_headers}`
         * @param int|null $timestampDigits 10 for a timestamp in seconds, or 13 for one in milliseconds, of exactly so
         *     many digits; null for 1 to 19. Where these would be ambiguous, as in `{timestamp}{payload}`, and a fixed
         *     number is not, it is fixed without being asked for
         *
         * @throws \ValueError when the contract could not be kept: the message says why, and what to change
         * @throws \TypeError when an argument, or a key or value of an array, has another type
         */
        public function __construct(
            string $name,
            string $stringToSign,
            array $headers,
            Encoding $encoding,
            ?TimestampFormat $timestampFormat = null,
            ?int $tolerance = null,
            ?string $nonce = null,
            array $methodsWithoutPayload = [],
            bool $ambiguous = false,
            ?string $canonicalRequest = null,
            array $signedHeaders = [],
            ?int $timestampDigits = null,
        ) {
        }

        /**
         * Finds a built-in profile.
         *
         * ```php
         * use HwSignature\Profile;
         *
         * $profile = Profile::named('django');
         * assert($profile->describe()['tolerance'] === 60);
         * ```
         *
         * @param string $name one of `names()`
         *
         * @return Profile the profile
         *
         * @throws \ValueError when there is none of that name
         * @throws \TypeError when the name is no string; there is no conversion, with or without `strict_types`
         */
        public static function named(string $name): Profile
        {
        }

        /**
         * Lists the names of the built-in profiles.
         *
         * ```php
         * use HwSignature\Profile;
         *
         * assert(Profile::names()[0] === 'huawei-push');
         * ```
         *
         * @return list<string> the names, in the order of the table
         */
        public static function names(): array
        {
        }

        /**
         * Makes the same contract with the digest written otherwise: some senders of a provider differ in nothing
         * else.
         *
         * ```php
         * use HwSignature\{Encoding, Profile};
         *
         * $hex = Profile::named('nextcloud')->withEncoding(Encoding::Hex);
         * assert($hex->describe()['encoding'] === Encoding::Hex);
         * ```
         *
         * @param Encoding $encoding how the digest is written
         *
         * @return Profile a new profile of the same name
         *
         * @throws \TypeError when the argument is no `Encoding`
         */
        public function withEncoding(Encoding $encoding): Profile
        {
        }

        /**
         * Gives the contract as data, with the names of the constructor's parameters as keys.
         *
         * ```php
         * use HwSignature\Profile;
         *
         * $row = Profile::named('nextcloud')->describe();
         * assert((new Profile(...$row))->describe() === $row);
         * ```
         *
         * @return array{name: string, stringToSign: string, headers: array<string, string>, encoding: Encoding,
         *     timestampFormat: ?TimestampFormat, tolerance: ?int, nonce: ?string, methodsWithoutPayload: list<string>,
         *     ambiguous: bool, canonicalRequest: ?string, signedHeaders: list<string>, timestampDigits: ?int} `tolerance` is in seconds, and null exactly when there is no
         *     timestamp
         */
        public function describe(): array
        {
        }

        /**
         * Reads a contract file: JSON, as `toContract()` and `hw-signature export` write it.
         *
         * Fields: `contract_version` (1), `name`, `string_to_sign`, `headers` and `encoding` must be there; `title`,
         * `source`, `payload` (what it is, where it is not the body), `timestamp_format`, `timestamp_digits`, `tolerance`,
         * `nonce`, `methods_without_payload`, `ambiguous`, `canonical_request` and `signed_headers` may be missing or
         * null. `$schema`, `rules` and `vectors` are for the other side; here only their types are checked.
         *
         * ```php
         * use HwSignature\Profile;
         *
         * $json = '{"contract_version": 1, "name": "ours", "string_to_sign": "{payload}", "headers": {"X-Sign": "{signature}"}, "encoding": "hex"}';
         * assert(Profile::fromContract($json)->describe()['name'] === 'ours');
         * ```
         *
         * @param string $json the text of the file, in UTF-8
         *
         * @return Profile the contract
         *
         * @throws \ValueError when it is no contract: an unknown field or version, or a row that could not be kept; the
         *     message names the place
         * @throws \TypeError when the argument is no string; there is no conversion, with or without `strict_types`
         */
        public static function fromContract(string $json): Profile
        {
        }

        /**
         * Writes the contract as a file for the other side, without rules and vectors; `hw-signature export` adds them.
         *
         * ```php
         * use HwSignature\Profile;
         *
         * $ours = Profile::named('django');
         * assert(Profile::fromContract($ours->toContract())->describe() === $ours->describe());
         * ```
         *
         * @return string JSON in UTF-8, the same for the same contract
         */
        public function toContract(): string
        {
        }
    }

    /**
     * Signs requests with one key, or with several, under one profile.
     *
     * Immutable, and made to be kept: the keys are set up once. It can be neither serialized nor cloned.
     */
    final class Signer
    {
        /**
         * The clock, or null.
         */
        private readonly mixed $clock;

        /**
         * Takes a profile, a key or several, and a clock.
         *
         * Each key gives a signature, in order, and equal keys give one. Where the profile repeats the part with the
         * signature (`v1={signature},...`), they stand there; where several headers have one, each takes one, and those
         * for which none is left are not sent. Pass the new secret and the old one while the receivers change over.
         *
         * ```php
         * use HwSignature\{Encoding, Key, Profile, Signer};
         *
         * $signer = new Signer(Profile::named('nextcloud'), Key::fromBytes('secret', 'client-7'));
         * assert($signer->sign('', 'GET', '/api/farms/')['X-NC-CLIENT-ID'] === 'client-7');
         *
         * $twice = new Profile('twice', '{payload}', ['X-Signature' => 'v1={signature},...'], Encoding::Hex);
         * $both = [Key::fromBytes('new'), Key::fromBytes('old')];
         * [$new, $old] = array_map(static fn (string $key): string => hash_hmac('sha256', 'Hello', $key), ['new', 'old']);
         * assert((new Signer($twice, $both))->sign('Hello') === ['X-Signature' => "v1=$new,v1=$old"]);
         * ```
         *
         * @param Profile $profile the contract
         * @param Key|array<Key> $keys the key, or at least one and at most as many as the headers take signatures; with an
         *     id, the same for all, when the profile sends one
         * @param (callable(): int)|null $clock returns Unix time in seconds, also where the profile counts milliseconds;
         *     null for the system clock. What it throws passes through
         *
         * @throws \ValueError when there is no key, when there are more than signatures can be sent, and when the profile
         *     sends a key id and a key has none, another one, or one that cannot stand there
         * @throws \TypeError when an argument, or an element of `$keys`, has another type
         */
        public function __construct(Profile $profile, #[\SensitiveParameter] Key|array $keys, ?callable $clock = null)
        {
        }

        /**
         * Signs a payload and returns the headers to send with it.
         *
         * ```php
         * use HwSignature\{Key, Profile, Signer};
         *
         * $signer = new Signer(Profile::named('django'), Key::fromBytes('secret'));
         * $headers = $signer->sign('{"a":1}', timestamp: 1800000000);
         * assert($headers['X-HMAC-Timestamp'] === '1800000000');
         * assert($headers['X-HMAC-Signature'] === hash_hmac('sha256', '1800000000.{"a":1}', 'secret'));
         * ```
         *
         * @param string $payload the exact bytes that are signed: see `hw_sign()`
         * @param string|null $method an HTTP method, in any letter case; required where the profile signs it
         * @param string|null $target `/path?query`, or `https://host/path?query`, of which path and query are used;
     *     required where the profile signs one of them
         * @param string|null $nonce a nonce in the grammar of the profile; null to make one, or when it has none
         * @param int|null $timestamp Unix time in the unit of the profile, in seconds where the profile has a date; null
         *     for what the clock says, or when it has none. The time in the other unit, between 2001 and 5138, is refused
         * @param array<string, string|list<string>> $headers the other headers of the request, where the profile signs some: those
         *     that it names, and all of them where it sends a list of what is signed. `Host` is taken from an absolute target
         *     where it is not given
         *
         * @return array<string, string> header name => value, in the order of the profile
         *
         * @throws \ValueError when the method or the target is not valid, or is missing and the profile signs it, when a
         *     nonce or a timestamp does not fit the profile, when there is a payload with a method for which the profile
         *     signs none, and when the clock returns a negative number or milliseconds
         * @throws \TypeError when an argument has another type, or the clock returns no int
         * @throws HwSignatureException when the operating system has no randomness for a nonce
         */
        public function sign(
            string $payload,
            ?string $method = null,
            ?string $target = null,
            ?string $nonce = null,
            ?int $timestamp = null,
            array $headers = [],
        ): array {
        }

        /**
         * Starts a signature over a payload that comes in pieces, so that memory stays flat.
         *
         * Nonce and timestamp are set now, not at the end.
         *
         * ```php
         * use HwSignature\{Key, Profile, Signer};
         *
         * $signer = new Signer(Profile::named('django'), Key::fromBytes('secret'));
         * $stream = $signer->stream(timestamp: 1800000000);
         * $stream->update('{"a"');
         * $stream->update(':1}');
         * assert($stream->finish() === $signer->sign('{"a":1}', timestamp: 1800000000));
         * ```
         *
         * @param string|null $method an HTTP method, in any letter case; required where the profile signs it
         * @param string|null $target `/path?query`, or `https://host/path?query`, of which path and query are used;
     *     required where the profile signs one of them
         * @param string|null $nonce a nonce in the grammar of the profile; null to make one, or when it has none
         * @param int|null $timestamp Unix time in the unit of the profile, in seconds where the profile has a date; null
         *     for what the clock says, or when it has none. The time in the other unit, between 2001 and 5138, is refused
         * @param array<string, string|list<string>> $headers the other headers of the request, where the profile signs some: those
         *     that it names, and all of them where it sends a list of what is signed. `Host` is taken from an absolute target
         *     where it is not given
         *
         * @return SigningStream to be fed with `update()` and ended with `finish()`
         *
         * @throws \ValueError when the method or the target is not valid, or is missing and the profile signs it, when a
         *     nonce or a timestamp does not fit the profile, and when the clock returns a negative number or milliseconds
         * @throws \TypeError when an argument has another type, or the clock returns no int
         * @throws HwSignatureException when the operating system has no randomness for a nonce
         */
        public function stream(
            ?string $method = null,
            ?string $target = null,
            ?string $nonce = null,
            ?int $timestamp = null,
            array $headers = [],
        ): SigningStream {
        }
    }

    /**
     * A signature in progress. It gives one result, and can be neither serialized nor cloned.
     */
    final class SigningStream
    {
        /**
         * Not for use: `Signer::stream()` makes these objects.
         */
        private function __construct()
        {
        }

        /**
         * Adds the next bytes of the payload; how it is cut makes no difference.
         *
         * ```php
         * use HwSignature\{Key, Profile, Signer};
         *
         * $stream = (new Signer(Profile::named('django'), Key::fromBytes('secret')))->stream(timestamp: 1800000000);
         * $file = fopen('data:text/plain,Hello', 'r');
         * while (($bytes = fread($file, 65536)) !== '') {
         *     $stream->update($bytes);
         * }
         * assert($stream->finish()['X-HMAC-Signature'] === hash_hmac('sha256', '1800000000.Hello', 'secret'));
         * ```
         *
         * @param string $bytes the next bytes, possibly none
         *
         * @return void
         *
         * @throws \ValueError when the profile signs no payload for the method and there are bytes
         * @throws \TypeError when the argument is no string; there is no conversion, with or without `strict_types`
         * @throws HwSignatureException when the stream is finished
         */
        public function update(string $bytes): void
        {
        }

        /**
         * Ends the payload and returns the headers to send with it.
         *
         * ```php
         * use HwSignature\{Key, Profile, Signer};
         *
         * $stream = (new Signer(Profile::named('django'), Key::fromBytes('secret')))->stream(timestamp: 1800000000);
         * assert($stream->finish()['X-HMAC-Signature'] === hash_hmac('sha256', '1800000000.', 'secret'));
         * ```
         *
         * @return array<string, string> header name => value, in the order of the profile
         *
         * @throws HwSignatureException when the stream is finished already
         */
        public function finish(): array
        {
        }
    }

    /**
     * Verifies requests with one or several keys under one profile.
     *
     * Immutable, and made to be kept. It can be neither serialized nor cloned. The checks run in the order: parse,
     * freshness, signature, replay.
     */
    final class Verifier
    {
        /**
         * The replay guard, or null.
         */
        private readonly mixed $claim;

        /**
         * The clock, or null.
         */
        private readonly mixed $clock;

        /**
         * Takes a profile, the keys, the allowed age, a replay guard, and a clock.
         *
         * All keys are tried, whichever matches, so that time tells nothing; put the new one first while you rotate.
         * Where the profile sends a key id, a key that has one counts only for requests that name it. Where a request has
         * several signatures, any of them may match any key; one that does not decode is skipped while another does.
         *
         * The guard claims an id for a number of seconds, atomically, and returns true when nobody had claimed it
         * before: `apcu_add($id, 1, $ttl)`, Redis `SET NX EX`, Nextcloud's `IMemcache::add()`. It is asked last, only
         * for an authentic and fresh request, so that nobody without the key can fill its store. The id is 64
         * hexadecimal digits: SHA-256 of `hw_signature replay`, a line feed, and the 32 bytes of the digest that a key
         * has confirmed. The seconds last until the timestamp is older than allowed, and as long again as the tolerance,
         * at least a minute, so that receivers whose clocks differ by less agree; without a timestamp and with `ANY_AGE`
         * they are 86400. Anything but true means rejected. Verifiers that share a store have the same keys and the same
         * tolerance.
         *
         * ```php
         * use HwSignature\{Key, Profile, Signer, Verifier};
         *
         * $seen = [];
         * $claim = function (string $id, int $ttl) use (&$seen): bool {
         *     $new = !isset($seen[$id]);
         *     $seen[$id] = $ttl;
         *     return $new;
         * };
         * $profile = Profile::named('django');
         * $keys = [Key::fromBytes('new secret'), Key::fromBytes('old secret')];
         * $verifier = new Verifier($profile, $keys, tolerance: 30, claim: $claim);
         * $headers = (new Signer($profile, $keys[1]))->sign('Hello');
         * assert($verifier->isValid($headers, 'Hello') === true);
         * assert($verifier->isValid($headers, 'Hello') === false);
         * ```
         *
         * @param Profile $profile the contract
         * @param array<Key> $keys at least one key
         * @param int|null $tolerance seconds that a request may be old or ahead, at most 604800 (seven days); null for
         *     the profile's own, and where it has no timestamp; `ANY_AGE` for no check
         * @param (callable(string, int): bool)|null $claim the replay guard: claims an id for a number of seconds
         * @param (callable(): int)|null $clock returns Unix time in seconds, also where the profile counts milliseconds;
         *     null for the system clock. What it throws passes through
         *
         * @throws \ValueError when there is no key, or the tolerance is none of what it may be
         * @throws \TypeError when an argument, or an element of `$keys`, has another type
         */
        public function __construct(
            Profile $profile,
            #[\SensitiveParameter]
            array $keys,
            ?int $tolerance = null,
            ?callable $claim = null,
            ?callable $clock = null,
        ) {
        }

        /**
         * Checks a request and says what is known of it, or why it was rejected.
         *
         * ```php
         * use HwSignature\{Key, Profile, Signer, Verifier};
         *
         * $profile = Profile::named('huawei-push');
         * $key = Key::fromBytes('secret', 'callback-1');
         * $headers = (new Signer($profile, $key))->sign('{"from":"+49"}', timestamp: 1800000000123);
         * $verified = (new Verifier($profile, [$key]))->verify($headers, '{"from":"+49"}', now: 1800000000);
         * assert($verified->keyId === 'callback-1');
         * assert($verified->timestamp === 1800000000123);
         * ```
         *
         * @param array<array-key, mixed> $headers the headers of the request: see `hw_verify()`
         * @param string $payload the exact bytes that were signed: see `hw_sign()`
         * @param string|null $method the method of the request, in any letter case; required where the profile signs it
         * @param string|null $target the target of the request, such as `$_SERVER['REQUEST_URI']`; required where the
     *     profile signs its path or its query
         * @param int|null $now Unix time in seconds; null for the clock of the verifier
         *
         * @return Verified what is known of the request
         *
         * @throws SignatureRejectedException when the request is not authentic, not fresh, or not new
         * @throws ReplayGuardException when the replay guard threw
         * @throws \ValueError when a method or a target is missing that the profile signs, and when `$now`, or what the
         *     clock returns, is negative or in milliseconds
         * @throws \TypeError when an argument has another type, or the clock returns no int
         */
        public function verify(
            array $headers,
            string $payload,
            ?string $method = null,
            ?string $target = null,
            ?int $now = null,
        ): Verified {
        }

        /**
         * Tells whether a request is authentic, fresh and new. Nothing that a caller can send makes it throw.
         *
         * ```php
         * use HwSignature\{Key, Profile, Verifier};
         *
         * $verifier = new Verifier(Profile::named('huawei-push'), [Key::fromBytes('secret')]);
         * assert($verifier->isValid(['X-HW-SIGNATURE' => 'forged'], '{"from":"+49"}') === false);
         * ```
         *
         * @param array<array-key, mixed> $headers the headers of the request: see `hw_verify()`
         * @param string $payload the exact bytes that were signed: see `hw_sign()`
         * @param string|null $method the method of the request, in any letter case; required where the profile signs it
         * @param string|null $target the target of the request, such as `$_SERVER['REQUEST_URI']`; required where the
     *     profile signs its path or its query
         * @param int|null $now Unix time in seconds; null for the clock of the verifier
         *
         * @return bool true only for an authentic, fresh and new request
         *
         * @throws ReplayGuardException when the replay guard threw
         * @throws \ValueError when a method or a target is missing that the profile signs, and when `$now`, or what the
         *     clock returns, is negative or in milliseconds
         * @throws \TypeError when an argument has another type, or the clock returns no int
         */
        public function isValid(
            array $headers,
            string $payload,
            ?string $method = null,
            ?string $target = null,
            ?int $now = null,
        ): bool {
        }

        /**
         * Finds out why a request does not verify, under whichever of the keys: `hw_diagnose()` with all that the verifier
         * knows. For developers and logs, never for the response.
         *
         * The keys share one budget: no fault and single faults are tried with every key, and then two at once. The
         * replay guard is not asked.
         *
         * ```php
         * use HwSignature\{Cause, Key, Profile, Verifier};
         *
         * $headers = hw_sign('{}', "the old secret\n", 'django', timestamp: 1800000000);
         * $verifier = new Verifier(Profile::named('django'), [Key::fromBytes('the new secret'), Key::fromBytes('the old secret', 'old')]);
         * $diagnosis = $verifier->diagnose($headers, '{}', now: 1800000000);
         * assert($diagnosis->findings[0]->cause === Cause::KeyHasWhitespace);
         * assert($diagnosis->keyIndex === 1 && $diagnosis->keyId === 'old');
         * ```
         *
         * @param array<array-key, mixed> $headers the headers of the request: see `hw_verify()`. With `$_SERVER` a method
         *     or a target that was forgotten is found in it
         * @param string $payload the exact bytes that were signed: see `hw_sign()`
         * @param string|null $method the method of the request, in any letter case; required where the profile signs it
         * @param string|null $target the target of the request, such as `$_SERVER['REQUEST_URI']`; required where the
         *     profile signs its path or its query
         * @param int|null $now Unix time in seconds; null for the clock of the verifier
         *
         * @return Diagnosis the verdict, the findings, and what to compare with the sender
         *
         * @throws \ValueError when a method or a target is missing that the profile signs, and when `$now`, or what the
         *     clock returns, is negative or in milliseconds
         * @throws \TypeError when an argument has another type, or the clock returns no int
         */
        public function diagnose(
            array $headers,
            string $payload,
            ?string $method = null,
            ?string $target = null,
            ?int $now = null,
        ): Diagnosis {
        }

        /**
         * Starts to check a request whose payload comes in pieces, so that memory stays flat.
         *
         * Headers and time are checked now; signature and replay when the payload has ended, and the time again, as the
         * sender decides how long that takes. Do not use the payload before `finish()` has returned.
         *
         * ```php
         * use HwSignature\{Key, Profile, Signer, Verifier};
         *
         * $profile = Profile::named('django');
         * $key = Key::fromBytes('secret');
         * $headers = (new Signer($profile, $key))->sign('Hello, World!', timestamp: 1800000000);
         * $stream = (new Verifier($profile, [$key]))->stream($headers, now: 1800000060);
         * $stream->update('Hello, ');
         * $stream->update('World!');
         * assert($stream->finish()->timestamp === 1800000000);
         * ```
         *
         * @param array<array-key, mixed> $headers the headers of the request: see `hw_verify()`
         * @param string|null $method the method of the request, in any letter case; required where the profile signs it
         * @param string|null $target the target of the request, such as `$_SERVER['REQUEST_URI']`; required where the
     *     profile signs its path or its query
         * @param int|null $now Unix time in seconds, for the end of the payload too; null for the clock of the verifier
         *
         * @return VerifyingStream to be fed with `update()` and ended with `finish()`
         *
         * @throws SignatureRejectedException when the headers, the method, the target or the time are rejected
         * @throws \ValueError when a method or a target is missing that the profile signs, and when `$now`, or what the
         *     clock returns, is negative or in milliseconds
         * @throws \TypeError when an argument has another type, or the clock returns no int
         */
        public function stream(
            array $headers,
            ?string $method = null,
            ?string $target = null,
            ?int $now = null,
        ): VerifyingStream {
        }
    }

    /**
     * A verification in progress. It gives one result, and can be neither serialized nor cloned.
     */
    final class VerifyingStream
    {
        /**
         * The replay guard of the verifier, or null.
         */
        private readonly mixed $claim;

        /**
         * The clock of the verifier, or null.
         */
        private readonly mixed $clock;

        /**
         * Not for use: `Verifier::stream()` makes these objects.
         */
        private function __construct()
        {
        }

        /**
         * Adds the next bytes of the payload; how it is cut makes no difference.
         *
         * ```php
         * use HwSignature\{Key, Profile, Signer, Verifier};
         *
         * $profile = Profile::named('nextcloud-talk');
         * $key = Key::fromBytes('secret');
         * $stream = (new Verifier($profile, [$key]))->stream((new Signer($profile, $key))->sign('Hello'));
         * foreach (str_split('Hello') as $bytes) {
         *     $stream->update($bytes);
         * }
         * assert($stream->finish()->keyIndex === 0);
         * ```
         *
         * @param string $bytes the next bytes, possibly none
         *
         * @return void
         *
         * @throws \TypeError when the argument is no string; there is no conversion, with or without `strict_types`
         * @throws HwSignatureException when the stream is finished
         */
        public function update(string $bytes): void
        {
        }

        /**
         * Ends the payload, and says what is known of the request, or why it was rejected. The time is that of this call,
         * unless `stream()` was given one.
         *
         * ```php
         * use HwSignature\{Key, Profile, Reason, SignatureRejectedException, Signer, Verifier};
         *
         * $profile = Profile::named('nextcloud-talk');
         * $headers = (new Signer($profile, Key::fromBytes('theirs')))->sign('');
         * $stream = (new Verifier($profile, [Key::fromBytes('ours')]))->stream($headers);
         * try {
         *     $stream->finish();
         * } catch (SignatureRejectedException $exception) {
         * }
         * assert($exception->getReason() === Reason::SignatureMismatch);
         * ```
         *
         * @return Verified what is known of the request
         *
         * @throws SignatureRejectedException when the request is not authentic, no longer fresh, or not new, and when it
         *     has a payload with a method for which the profile signs none
         * @throws ReplayGuardException when the replay guard threw
         * @throws \ValueError when the clock returns a negative number or milliseconds
         * @throws \TypeError when the clock returns no int
         * @throws HwSignatureException when the stream is finished already
         */
        public function finish(): Verified
        {
        }
    }
}

namespace {
    /**
     * Signs a payload and returns the headers to send with it, ready for Guzzle, Symfony's HttpClient and Nextcloud's
     * IClient.
     *
     * ```php
     * $headers = hw_sign('Hello', 'secret', timestamp: 1563105451261);
     * $signature = base64_encode(hash_hmac('sha256', '1563105451261:Hello', 'secret', true));
     * assert($headers['X-HW-SIGNATURE'] === "timestamp=1563105451261; nonce=:; value=$signature");
     * assert($headers['X-HW-TIMESTAMP'] === '1563105451261');
     * ```
     *
     * @param string $payload the exact bytes that are signed, binary safe: the raw body for most profiles, the message
     *     text for `nextcloud-talk-bot` (nextcloud/spreed), the callback user name for `huawei-receipt` (Huawei Push
     *     Kit, message receipts), whose body nothing protects
     * @param string|HwSignature\Key $key the raw bytes of the key, or a `Key`, which decodes base64 and hex
     * @param string|HwSignature\Profile $profile the name of a built-in profile, which `HwSignature\Profile::names()`
     *     lists, or a profile of one's own
     * @param string|null $method an HTTP method, in any letter case; required where the profile signs it
     * @param string|null $target `/path?query`, or `https://host/path?query`, of which path and query are used;
     *     required where the profile signs one of them
     * @param string|null $key_id the name of the key, 1 to 128 visible ASCII characters without `,` and `;`: needed where
     *     the profile sends one (`nextcloud`) and the key has none, null for all others
     * @param string|null $nonce a nonce in the grammar of the profile; null to make one from the randomness of the
     *     operating system, or when the profile has none
     * @param int|null $timestamp Unix time in the unit of the profile (milliseconds for Huawei, seconds for the
     *     others); null for the system clock, or when the profile has none. The time in the other unit, between 2001
     *     and 5138, is refused
     * @param array<string, string|list<string>> $headers the other headers of the request, where the profile signs some: those
     *     that it names, and all of them where it sends a list of what is signed. `Host` is taken from an absolute target
     *     where it is not given
     *
     * @return array<string, string> header name => value, in the order of the profile
     *
     * @throws ValueError when the key is empty, the profile is unknown, the method or the target is not valid or is
     *     missing and the profile signs it, a key id is not that of the key, a key id, a nonce or a timestamp does not
     *     fit the profile, or there is a payload with a method for which the profile signs none
     * @throws TypeError when an argument has another type; strings are never converted to, with or without
     *     `strict_types`
     * @throws HwSignature\HwSignatureException when the operating system has no randomness for a nonce
     */
    function hw_sign(
        string $payload,
        #[\SensitiveParameter]
        string|HwSignature\Key $key,
        string|HwSignature\Profile $profile = 'huawei-push',
        ?string $method = null,
        ?string $target = null,
        ?string $key_id = null,
        ?string $nonce = null,
        ?int $timestamp = null,
        array $headers = [],
    ): array {
    }

    /**
     * Tells whether a request is authentic and fresh. Nothing that a caller can send makes it throw.
     *
     * It does not stop a request from being sent twice within the tolerance: `HwSignature\Verifier` takes a replay
     * guard. Raw bytes, and a `Key` without an id, stand for whatever key id the request names.
     *
     * ```php
     * $headers = hw_sign('Hello', 'secret', 'django', timestamp: 1800000000);
     * assert(hw_verify($headers, 'Hello', 'secret', 'django', now: 1800000060) === true);
     * assert(hw_verify($headers, 'Hello', 'secret', 'django', now: 1800000061) === false);
     * assert(hw_verify($headers, 'HELLO', 'secret', 'django', now: 1800000060) === false);
     * ```
     *
     * @param array<array-key, mixed> $headers the headers of the request in any letter case, a string or a list of one
     *     each, with anything else beside them: `getallheaders()`, `$_SERVER` (`HTTP_X_HW_SIGNATURE`, in upper case:
     *     RFC 3875, section 4.1.18), PSR-7's `getHeaders()`, Symfony's `all()`. In all other names `_` and `-` are the
     *     same. A header that is there twice is rejected
     * @param string $payload the exact bytes that were signed: see `hw_sign()`
     * @param string|HwSignature\Key $key the raw bytes of the key, or a `Key`
     * @param string|HwSignature\Profile $profile the name of a built-in profile, or a profile of one's own
     * @param string|null $method the method of the request, in any letter case; required where the profile signs it
     * @param string|null $target the target of the request, such as `$_SERVER['REQUEST_URI']`; required where the
     *     profile signs its path or its query
     * @param int|null $tolerance seconds that a request may be old or ahead, at most 604800 (seven days); null for the
     *     profile's own, and where it has no timestamp; `HwSignature\ANY_AGE` for no check
     * @param int|null $now Unix time in seconds; null for the system clock
     *
     * @return bool true only for an authentic, fresh request
     *
     * @throws ValueError when the key is empty, the profile is unknown, a method or a target is missing that the profile
     *     signs, `$now` is negative or in milliseconds, or `$tolerance` is none of what it may be
     * @throws TypeError when an argument has another type; strings are never converted to, with or without
     *     `strict_types`
     */
    function hw_verify(
        array $headers,
        string $payload,
        #[\SensitiveParameter]
        string|HwSignature\Key $key,
        string|HwSignature\Profile $profile = 'huawei-push',
        ?string $method = null,
        ?string $target = null,
        ?int $tolerance = null,
        ?int $now = null,
    ): bool {
    }

    /**
     * Takes `timestamp=…; nonce=…; value=…` apart: the value of `X-HW-SIGNATURE` and of `X-HUAWEI-CALLBACK-ID`. It
     * verifies nothing.
     *
     * The three stand in any order and letter case, each once, with or without white space around the `;` and nowhere
     * else; up to 29 other well-formed names are skipped. At most 4096 bytes, all of them visible ASCII. The value is
     * the canonical base64 of 32 bytes (RFC 4648, section 4), and its `+` stays a `+`.
     *
     * Source: Huawei HMS Core references V5, with spaces, and the older HMS references, without.
     *
     * ```php
     * $text = 'timestamp=1563105451261;nonce=:;value=E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=';
     * $header = hw_parse_header($text);
     * assert($header->timestamp === '1563105451261');
     * assert($header->nonce === ':');
     * ```
     *
     * @param string $header the value of the header, without its name
     *
     * @return HwSignature\SignatureHeader the three parts
     *
     * @throws HwSignature\MalformedHeaderException when the header does not follow its grammar: says what and at which
     *     byte
     * @throws TypeError when the argument is no string; there is no conversion, with or without `strict_types`
     */
    function hw_parse_header(string $header): HwSignature\SignatureHeader
    {
    }

    /**
     * Says why a request does not verify. For developers and logs, never for the response: what it tells would help a
     * forger.
     *
     * It takes what `hw_verify()` takes, and searches for mistakes that people make, alone and two at a time, within a
     * budget of 10,000 digests and 512 MiB. Where it names a cause, that cause reproduces the very signature that was
     * received.
     *
     * ```php
     * $stringToSign = '1563105451261:Hello';
     * $value = hash_hmac('sha256', $stringToSign, 'secret');
     * $headers = ['X-HW-SIGNATURE' => "timestamp=1563105451261; nonce=:; value=$value"];
     * $diagnosis = hw_diagnose($headers, 'Hello', 'secret', now: 1563105451);
     * assert($diagnosis->verdict === HwSignature\Verdict::Explained);
     * assert($diagnosis->findings[0]->cause === HwSignature\Cause::DigestIsHex);
     * ```
     *
     * @param array<array-key, mixed> $headers the headers of the request: see `hw_verify()`; `$_SERVER` knows the
     *     method and the target too, and so which of them was forgotten
     * @param string $payload the bytes that should have been signed: see `hw_sign()`
     * @param string|HwSignature\Key $key the raw bytes of the key, or a `Key`
     * @param string|HwSignature\Profile $profile the name of a built-in profile, or a profile of one's own
     * @param string|null $method the method of the request, in any letter case; required where the profile signs it
     * @param string|null $target the target of the request, such as `$_SERVER['REQUEST_URI']`; required where the
     *     profile signs its path or its query
     * @param int|null $tolerance seconds that a request may be old or ahead, at most 604800 (seven days); null for the
     *     profile's own, and where it has no timestamp; `HwSignature\ANY_AGE` for no check
     * @param int|null $now Unix time in seconds; null for the system clock
     *
     * @return HwSignature\Diagnosis the verdict, the findings, and what to compare with the sender
     *
     * @throws ValueError when the key is empty, the profile is unknown, a method or a target is missing that the profile
     *     signs, `$now` is negative or in milliseconds, or `$tolerance` is none of what it may be
     * @throws TypeError when an argument has another type; strings are never converted to, with or without
     *     `strict_types`
     */
    function hw_diagnose(
        array $headers,
        string $payload,
        #[\SensitiveParameter]
        string|HwSignature\Key $key,
        string|HwSignature\Profile $profile = 'huawei-push',
        ?string $method = null,
        ?string $target = null,
        ?int $tolerance = null,
        ?int $now = null,
    ): HwSignature\Diagnosis {
    }
}
