//! What a developer should read and do about each cause.

use crate::diagnosis::cause::Cause;

impl Cause {
    /// All of them, in order.
    pub const ALL: [Self; ROWS.len()] = {
        let mut all = [Self::HeaderMissing; ROWS.len()];
        let mut rest: &[Row] = &ROWS;
        let mut filled: &mut [Self] = &mut all;
        while let ([row, tail @ ..], [slot, next @ ..]) = (rest, filled) {
            *slot = row.0;
            rest = tail;
            filled = next;
        }
        all
    };

    /// The value of the PHP enum's case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().1
    }

    /// What is wrong, with `{}` where `detail` goes.
    pub(super) fn message(self, detail: &str) -> String {
        self.row().2.replacen("{}", detail, 1)
    }

    /// What to change.
    pub(super) const fn fix(self) -> &'static str {
        self.row().3
    }

    const fn row(self) -> &'static Row {
        let mut rest: &[Row] = &ROWS;
        while let [row, tail @ ..] = rest {
            if row.0 as u8 == self as u8 {
                return row;
            }
            rest = tail;
        }
        // A test holds that every cause has a row.
        &Row(Self::HeaderMalformed, "", "", "")
    }
}

/// A cause, its value in PHP, what is wrong, and what to change. `{}` is filled with what the search found.
#[derive(Clone, Copy, Debug)]
struct Row(Cause, &'static str, &'static str, &'static str);

const ROWS: [Row; 80] = {
    use Cause as C;
    [
        Row(
            C::HeaderMissing,
            "header-missing",
            "Not among the headers that were passed: {}.",
            "On the receiver, pass getallheaders() or $_SERVER whole. If it is missing there too: on the sender, \
             send it; look for proxies that drop it, and whether the sender follows this profile at all.",
        ),
        Row(
            C::HeaderRepeated,
            "header-repeated",
            "The header {} came with more than one value, and verification never picks one.",
            "On the sender, send the header once. On the receiver, look for a proxy or a middleware that adds it \
             again.",
        ),
        Row(
            C::HeaderMalformed,
            "header-malformed",
            "A header is not written as the profile says: {}.",
            "On the sender, write the header as the profile has it.",
        ),
        Row(
            C::KeyIdUnknown,
            "key-id-unknown",
            "The request names a key id that is not the id of the key.",
            "On the receiver, give the key the id under which the sender has it: Key::fromBytes($secret, $id). On \
             the sender, \
             send the id that the secret was issued with.",
        ),
        Row(
            C::RequestMalformed,
            "request-malformed",
            "The method or the target cannot be signed as it was passed: {}.",
            "On the receiver, pass $_SERVER['REQUEST_METHOD'] and $_SERVER['REQUEST_URI'] as they are, still \
             percent-encoded.",
        ),
        Row(
            C::DigestIsHex,
            "digest-is-hex",
            "The signature is hexadecimal, and the profile writes base64: the sender called hash_hmac('sha256', …) \
             without true as its fourth argument.",
            "On the sender, write base64_encode(hash_hmac('sha256', $stringToSign, $key, true)); if the sender cannot \
             change, verify with new Verifier($profile->withEncoding(Encoding::Hex), [$key]).",
        ),
        Row(
            C::DigestIsBase64,
            "digest-is-base64",
            "The signature is base64, and the profile writes hexadecimal: the sender encoded the raw digest with \
             base64_encode().",
            "On the sender, write hash_hmac('sha256', $stringToSign, $key), which is lower-case hexadecimal; if the \
             sender cannot change, verify with new Verifier($profile->withEncoding(Encoding::Base64), [$key]).",
        ),
        Row(
            C::DigestIsBase64OfHex,
            "digest-is-base64-of-hex",
            "The signature is base64 of the hexadecimal digest (88 characters): the sender called \
             base64_encode(hash_hmac('sha256', …)) without true, and encoded the text in place of the bytes.",
            "On the sender, write base64_encode(hash_hmac('sha256', $stringToSign, $key, true)), or leave \
             base64_encode() out \
             where the profile writes hexadecimal.",
        ),
        Row(
            C::DigestEncodedTwice,
            "digest-encoded-twice",
            "The signature is encoded twice: {}.",
            "On the sender, encode the raw digest once: base64_encode(hash_hmac('sha256', $stringToSign, $key, \
             true)), or hash_hmac('sha256', $stringToSign, $key) where the profile writes hexadecimal.",
        ),
        Row(
            C::DigestIsBase64url,
            "digest-is-base64url",
            "The signature is written in the URL-safe base64 alphabet, with - and _ in place of + and /.",
            "On the sender, use base64_encode() as it is, without strtr($digest, '+/', '-_') and without rtrim().",
        ),
        Row(
            C::DigestHasPrefix,
            "digest-has-prefix",
            "The signature has {} the digest, besides what the profile has there.",
            "On the sender, write around the digest what the profile's header has there, once, and nothing else; if the \
             sender cannot change, make a Profile whose header has the same in front, such as 'sha256={signature}'.",
        ),
        Row(
            C::DigestPaddingMissing,
            "digest-padding-missing",
            "The signature has lost the = at its end: somebody called rtrim($digest, '='), or split the header at \
             every = instead of the first.",
            "On the sender, keep the = that base64_encode() writes. On the receiver, split with explode('=', $part, \
             2).",
        ),
        Row(
            C::DigestPlusBecameSpace,
            "digest-plus-became-space",
            "Each + of the signature became a space: the header went through parse_str(), urldecode() or $_GET.",
            "On the receiver, do not parse the header as a query string: pass it to hw_verify() or hw_parse_header() \
             as it arrived. On the sender, do not send it through urldecode().",
        ),
        Row(
            C::DigestCaseFolded,
            "digest-case-folded",
            "The letters of the signature were all turned into {} case, and base64 tells the cases apart.",
            "On both sides, look for strtolower() or strtoupper() on the signature or on the whole header: only \
             hexadecimal survives it.",
        ),
        Row(
            C::DigestTruncated,
            "digest-truncated",
            "The signature is only a part of the digest: {}.",
            "On the sender, send all of it: look for substr(), and for a database column that is too short. On the \
             receiver, look for a limit on the size of headers.",
        ),
        Row(
            C::KeyHasWhitespace,
            "key-has-whitespace",
            "White space makes the difference between the keys: the signature matches when {}.",
            "On both sides, use trim(file_get_contents('secret.txt')); the tool has --trim-key.",
        ),
        Row(
            C::KeyHasBom,
            "key-has-bom",
            "The key begins with a byte order mark {}.",
            "On both sides, save the secret's file as UTF-8 without BOM.",
        ),
        Row(
            C::KeyHasInvisible,
            "key-has-invisible",
            "Characters that nobody sees are in the key, and make the difference: the signature matches when {}.",
            "On both sides, copy the secret again, as plain text and without what stands around it; compare \
             Key::fromBytes($secret)->fingerprint.",
        ),
        Row(
            C::KeyHasPrefix,
            "key-has-prefix",
            "The keys differ by a prefix: {}.",
            "On both sides, take the prefix off before the key is used, or on none; Key::fromBase64() takes whsec_ \
             off and decodes the rest.",
        ),
        Row(
            C::KeyHasQuotes,
            "key-has-quotes",
            "What stands around a secret in a file or in code makes the difference: the signature matches when {}.",
            "On both sides, use the secret alone, without what it has around it in a line of .env, in JSON or in code: quotation \
             marks, commas and semicolons, as trim($secret, \" \\t\\r\\n'\\\"`,;\") takes them off.",
        ),
        Row(
            C::KeyCaseDiffers,
            "key-case-differs",
            "The letters of the key are in another case: the signature matches when they are all {}.",
            "On both sides, use the secret exactly as it was issued; only the bytes that Key::fromHex() decodes know \
             no letter case.",
        ),
        Row(
            C::KeyIsBase64Text,
            "key-is-base64-text",
            "The key that was passed is {} text, and the sender signs with the bytes that it decodes to.",
            "On the receiver, use Key::fromBase64($secret), or base64_decode($secret, true), as the key. Or on the \
             sender, use the secret's text undecoded, where the contract says so.",
        ),
        Row(
            C::KeyIsHexText,
            "key-is-hex-text",
            "The key that was passed is hexadecimal text, and the sender signs with the bytes that it decodes to.",
            "On the receiver, use Key::fromHex($secret), or hex2bin($secret), as the key. Or on the sender, use the \
             secret's text undecoded, where the contract says so.",
        ),
        Row(
            C::KeyWasDecoded,
            "key-was-decoded",
            "The key was decoded or written anew here, and the sender uses the secret's text: the signature matches with {} as \
             key.",
            "On the receiver, use the secret as it is printed, with Key::fromBytes($secret), and without \
             base64_decode() or hex2bin(). Or on the sender, decode it first, where the contract says so.",
        ),
        Row(
            C::KeyIsEscaped,
            "key-is-escaped",
            "The key was escaped or encoded for another place, and makes the difference: the signature matches when \
             {}.",
            "On both sides, use the secret as it was issued: store it and pass it on without htmlspecialchars(), \
             urlencode(), json_encode() or addslashes(), or take them back once.",
        ),
        Row(
            C::KeyWasExpanded,
            "key-was-expanded",
            "Something took a part of the secret for its own language on the sender's side: the signature matches \
             when {}.",
            "On the sender, put the secret between single quotation marks where it is set, in .env as in a shell, \
             and double each $ in a file for Compose. On both sides, compare Key::fromBytes($secret)->fingerprint.",
        ),
        Row(
            C::KeyTruncated,
            "key-truncated",
            "The sender uses only a part of this key: the signature matches with {}.",
            "On the sender, set the secret whole: between quotation marks in .env or YAML, in one line, and in a \
             column that is long enough. On both sides, compare the lengths.",
        ),
        Row(
            C::KeyCharsetDiffers,
            "key-charset-differs",
            "The same letters are other bytes in the key: the signature matches when {}.",
            "On both sides, use the same bytes: keep a binary key as bytes (hash_hmac() takes them), save a text as \
             UTF-8, and convert neither.",
        ),
        Row(
            C::KeyWasHashed,
            "key-was-hashed",
            "The sender uses a hash of the secret as the key: {}.",
            "On the sender, use the secret itself as the key. Or on the receiver, use the same hash, where the \
             contract says so.",
        ),
        Row(
            C::KeyIsKeyId,
            "key-is-key-id",
            "The sender signed with the key id in place of the secret, and the key id is no secret: {}.",
            "On the sender, pass the secret as the key and the id beside it: Key::fromBytes($secret, $id); the two are easily \
             swapped. On the receiver, never accept such a signature.",
        ),
        Row(
            C::KeyIsDerived,
            "key-is-derived",
            "The sender signs with a key that it derives from the secret: {}.",
            "On the sender, sign with the secret itself, as the profile does. Or on the receiver, where the contract \
             derives keys, make the Profile and the Key of that scope in a function of your own.",
        ),
        Row(
            C::KeyIsPlaceholder,
            "key-is-placeholder",
            "{}.",
            "On both sides, set the secret itself, and stop where it is missing.",
        ),
        Row(
            C::PayloadTrailingNewline,
            "payload-trailing-newline",
            "A line break at the end of the payload makes the difference: the signature matches when {}.",
            "On the sender, sign and send the very same bytes: look for an editor, a template or echo … PHP_EOL that \
             adds a line break. On the receiver, verify file_get_contents('php://input') as it is.",
        ),
        Row(
            C::PayloadTrimmed,
            "payload-trimmed",
            "The sender signed the payload {}.",
            "On the sender, sign the bytes that are sent, without trim(). On the receiver, verify \
             file_get_contents('php://input') as it is.",
        ),
        Row(
            C::PayloadBom,
            "payload-bom",
            "A byte order mark (EF BB BF) makes the difference: the signature matches when {}.",
            "On the sender, send UTF-8 without BOM, or sign the BOM with the rest. On the receiver, verify \
             file_get_contents('php://input') as it is.",
        ),
        Row(
            C::PayloadCrlf,
            "payload-crlf",
            "Line ends make the difference: the signature matches when {}.",
            "On the sender, sign and send the very same bytes. On both sides, look for something that converts line \
             ends in between.",
        ),
        Row(
            C::PayloadEmpty,
            "payload-empty",
            "{}.",
            "On the receiver, verify the raw body: a stream that was read before is empty, and so is php://input for \
             multipart/form-data. On the sender, sign what is sent; GET and HEAD have no body.",
        ),
        Row(
            C::PayloadFieldOnly,
            "payload-field-only",
            "The sender signed {}.",
            "On the receiver, pass exactly that as $payload, where the contract signs that. Otherwise on the sender, sign the raw \
             body.",
        ),
        Row(
            C::PayloadSlashesEscaped,
            "payload-slashes-escaped",
            "Slashes make the difference: the signature matches when {}.",
            "On the sender, sign the very string that is sent: json_encode() writes \\/ unless \
             JSON_UNESCAPED_SLASHES is set, and most HTTP clients encode once more. On the receiver, do not encode \
             the body again.",
        ),
        Row(
            C::PayloadUnicodeEscaped,
            "payload-unicode-escaped",
            "Letters beyond ASCII make the difference: the signature matches when {}.",
            "On the sender, sign the very string that is sent: json_encode() writes \\u00e9 unless \
             JSON_UNESCAPED_UNICODE is set. On the receiver, do not encode the body again.",
        ),
        Row(
            C::PayloadCharsetDiffers,
            "payload-charset-differs",
            "Letters beyond ASCII are in another encoding: the signature matches when the payload is \
             converted {}.",
            "On the sender, sign the very bytes that are sent: convert the text before it is signed, or not at all. \
             On the receiver, verify file_get_contents('php://input') before any conversion.",
        ),
        Row(
            C::PayloadReserialized,
            "payload-reserialized",
            "The data was decoded and encoded again between signing and verifying: the signature is that of the \
             payload \
             as {} writes it.",
            "On the receiver, verify file_get_contents('php://input') before any json_decode(). On the sender, \
             encode once, keep the string, sign it and send it.",
        ),
        Row(
            C::PayloadLinesJoined,
            "payload-lines-joined",
            "Line breaks within the payload make the difference: the signature is that {}.",
            "On the sender, send the file with curl --data-binary @file, which leaves its line breaks alone, or sign \
             the bytes that are sent.",
        ),
        Row(
            C::PayloadEscaped,
            "payload-escaped",
            "The payload was escaped as a whole on one side: the signature matches when {}.",
            "On the receiver, verify file_get_contents('php://input') as it is, before a framework escapes or \
             decodes it (WordPress adds slashes to $_POST: wp_unslash()). On the sender, sign the very bytes that \
             are sent.",
        ),
        Row(
            C::PayloadEncoded,
            "payload-encoded",
            "The payload is encoded on one side and not on the other: the sender signed {}.",
            "On the sender, sign the very bytes that are sent. Or on the receiver, decode the body before it is \
             verified (gzdecode(), base64_decode()), where the contract signs what is inside.",
        ),
        Row(
            C::PayloadIsObjectText,
            "payload-is-object-text",
            "The sender signed a text that its language makes of the data, not the bytes that are sent: {}.",
            "On the sender, encode the data once into a string (json_encode(), JSON.stringify(), json.dumps()), sign \
             that string, and send the same one.",
        ),
        Row(
            C::PayloadHashDiffers,
            "payload-hash-differs",
            "The payload stands in the string to sign in another form: the sender signed {}.",
            "On the sender, write it as the profile does: {payload} is the payload itself, and {payload_sha256} is \
             hash('sha256', $payload), in lower-case hexadecimal.",
        ),
        Row(
            C::PayloadIsElsewhere,
            "payload-is-elsewhere",
            "The sender signed something else as the payload than what was passed: {}.",
            "On the receiver, pass exactly that as $payload, where the contract signs it in place of the body. \
             Otherwise on the sender, sign the body.",
        ),
        Row(
            C::NonceOmitted,
            "nonce-omitted",
            "The sender left the nonce out of the string to sign.",
            "On the sender, put the nonce where the profile's string to sign has it; for Huawei Push it is the : \
             between timestamp and payload.",
        ),
        Row(
            C::NonceDiffers,
            "nonce-differs",
            "The sender signed the nonce otherwise than it stands in the header: {}.",
            "On the sender, write the same text into the string to sign and into the header: the nonce is text, and what it \
             may stand for does not matter.",
        ),
        Row(
            C::TimestampOmitted,
            "timestamp-omitted",
            "The sender left the timestamp out of the string to sign.",
            "On the sender, put the timestamp where the profile's string to sign has it, digit for digit as in the \
             header.",
        ),
        Row(
            C::TimestampDiffers,
            "timestamp-differs",
            "The sender signed another timestamp than the one in the header: {}.",
            "On the sender, take the time once, and write the same text into the string to sign and into \
             the header.",
        ),
        Row(
            C::MethodDiffers,
            "method-differs",
            "The sender signed another method than the one that was passed: {}.",
            "On the receiver, pass $_SERVER['REQUEST_METHOD']. On the sender, sign the method that is sent, in upper \
             case; look for a redirect or a method override in between.",
        ),
        Row(
            C::TargetDiffers,
            "target-differs",
            "The sender signed another target than the one that was passed: {}.",
            "On the receiver, pass $_SERVER['REQUEST_URI'] as $target, with its query, still percent-encoded. On the \
             sender, sign the target that is requested.",
        ),
        Row(
            C::PathTrailingSlash,
            "path-trailing-slash",
            "The slash at the end of the path makes the difference: the sender signed {}.",
            "On the sender, sign the path that is requested, to the last slash; Django's routes end in one. On the \
             receiver, look for a redirect or a router that adds or takes it off.",
        ),
        Row(
            C::PathSlashesMerged,
            "path-slashes-merged",
            "Two slashes in the path became one, or one became two: the sender signed {}.",
            "On the sender, join the parts of the URL with one slash, and sign the path that is requested; on the \
             receiver, keep a proxy from merging them (nginx: merge_slashes off).",
        ),
        Row(
            C::PathDecoded,
            "path-decoded",
            "The sender signed the path percent-encoded, or otherwise than the profile does, which signs it decoded: \
             {}.",
            "On the sender, sign rawurldecode($path); hw_sign() does so by itself when it gets the target as it is \
             sent. On the receiver, pass $_SERVER['REQUEST_URI'] as it is.",
        ),
        Row(
            C::PathNotCanonical,
            "path-not-canonical",
            "The sender signed the path in another spelling than a canonical request has it: {}.",
            "On the sender, decode the path once, encode each segment once by RFC 3986, and end with a slash; hw_sign() \
             does so by itself when it gets the target as it is sent. On the receiver, pass $_SERVER['REQUEST_URI'] as it is.",
        ),
        Row(
            C::PathPrefix,
            "path-prefix",
            "A prefix of the path makes the difference: the sender signed {}.",
            "On the sender, sign the path that the receiver sees. On the receiver, look for a proxy, a front \
             controller or a sub-folder that changes it.",
        ),
        Row(
            C::QueryNotCanonical,
            "query-not-canonical",
            "The sender signed the query {}.",
            "On the sender, bring the query into its canonical form before signing: decode, encode again by RFC \
             3986, sort by name and value, keep duplicates; hw_sign() does so by itself.",
        ),
        Row(
            C::HeaderDiffers,
            "header-differs",
            "A header that is signed arrived with another value than the sender signed: {}.",
            "On the receiver, let each proxy pass the header on as it came. On the sender, sign the value that is sent, \
             and only headers that nothing on the way changes.",
        ),
        Row(
            C::HeadersNotCanonical,
            "headers-not-canonical",
            "The sender wrote the signed headers otherwise than a canonical request has them: {}.",
            "On the sender, write a line for each name of the list, in its order: the name in lower case, a colon, the \
             value without white space around it, and a line feed. hw_sign() does so by itself.",
        ),
        Row(
            C::CanonicalRequestDiffers,
            "canonical-request-differs",
            "The sender put the canonical request into the string to sign otherwise than the profile does: {}.",
            "On the sender, build the canonical request line by line, and put its SHA-256 in lower-case hexadecimal into \
             the string to sign; hw_sign() does so by itself.",
        ),
        Row(
            C::NumericAddition,
            "numeric-addition",
            "The parts were added up as numbers: the sender wrote + between them, which is arithmetic in PHP.",
            "On the sender, join strings with a dot: $timestamp . $nonce . $payload.",
        ),
        Row(
            C::SeparatorDiffers,
            "separator-differs",
            "The sender put {} of the string to sign.",
            "On the sender, join the parts exactly as the profile's string to sign does.",
        ),
        Row(
            C::OrderDiffers,
            "order-differs",
            "The sender put the parts of the string to sign into another order: {}.",
            "On the sender, join the parts in the order of the profile's string to sign.",
        ),
        Row(
            C::AlgorithmPlainHash,
            "algorithm-plain-hash",
            "The signature is no HMAC: it is {}.",
            "On the sender, use hash_hmac('sha256', $stringToSign, $key); a plain hash can be extended by an attacker.",
        ),
        Row(
            C::AlgorithmArgumentsSwapped,
            "algorithm-arguments-swapped",
            "The arguments of the HMAC are swapped: the data was taken as the key, and the key as the data.",
            "On the sender, write hash_hmac('sha256', $stringToSign, $key): the data comes first, and \
             then the key. On the receiver, look at the order of the arguments too: the headers, the payload, the key.",
        ),
        Row(
            C::AlgorithmSha1,
            "algorithm-sha1",
            "The sender used HMAC-SHA-1 in place of HMAC-SHA-256.",
            "On the sender, pass 'sha256' as the first argument of hash_hmac(). Where the sender cannot change, this extension cannot \
             verify it: compare hash_hmac('sha1', …) with hash_equals() yourself.",
        ),
        Row(
            C::AlgorithmSha384,
            "algorithm-sha384",
            "The sender used HMAC-SHA-384 in place of HMAC-SHA-256.",
            "On the sender, pass 'sha256' as the first argument of hash_hmac(). Where the sender cannot change, this extension cannot \
             verify it: compare hash_hmac('sha384', …) with hash_equals() yourself.",
        ),
        Row(
            C::AlgorithmSha512,
            "algorithm-sha512",
            "The sender used HMAC-SHA-512 in place of HMAC-SHA-256.",
            "On the sender, pass 'sha256' as the first argument of hash_hmac(). Where the sender cannot change, this extension cannot \
             verify it: compare hash_hmac('sha512', …) with hash_equals() yourself.",
        ),
        Row(
            C::AlgorithmMd5,
            "algorithm-md5",
            "The sender used HMAC-MD5 in place of HMAC-SHA-256.",
            "On the sender, pass 'sha256' as the first argument of hash_hmac().",
        ),
        Row(
            C::AlgorithmSha224,
            "algorithm-sha224",
            "The sender used HMAC-SHA-224 in place of HMAC-SHA-256.",
            "On the sender, pass 'sha256' as the first argument of hash_hmac().",
        ),
        Row(
            C::AlgorithmHashedTwice,
            "algorithm-hashed-twice",
            "The sender hashed once too often: {}.",
            "On the sender, write hash_hmac('sha256', $stringToSign, $key): the string to sign goes in as it is, and \
             what comes out is the digest.",
        ),
        Row(
            C::AlgorithmHasNoKey,
            "algorithm-has-no-key",
            "There is no key in the signature, which anybody could have made: it is {}.",
            "On the sender, use hash_hmac('sha256', $stringToSign, $key); never accept a signature without a secret \
             in it.",
        ),
        Row(
            C::OtherProfile,
            "other-profile",
            "{}.",
            "On the sender, sign as this profile does. Which profile the receiver takes is decided by who is to call \
             it, and never by what has arrived: change it there only if it was the wrong one for this endpoint.",
        ),
        Row(
            C::TimestampSecondsNotMilliseconds,
            "timestamp-seconds-not-milliseconds",
            "The timestamp counts seconds, and the profile counts milliseconds.",
            "On the sender, write (string) (int) (microtime(true) * 1000), and sign that same text. Or on the receiver, where the \
             sender's documents have seconds, make the Profile with TimestampFormat::Seconds.",
        ),
        Row(
            C::TimestampMillisecondsNotSeconds,
            "timestamp-milliseconds-not-seconds",
            "The timestamp counts milliseconds, and the profile counts seconds.",
            "On the sender, write (string) time(), and sign that same text. Or on the receiver, where the sender's documents have \
             milliseconds, make the Profile with TimestampFormat::Milliseconds.",
        ),
        Row(
            C::TimestampStale,
            "timestamp-stale",
            "The timestamp is behind this clock by {}.",
            "On both sides, check the clock (NTP). On the sender, sign when the request is sent and not when it is \
             queued; a retry needs a new signature.",
        ),
        Row(
            C::TimestampFromFuture,
            "timestamp-from-future",
            "The timestamp is ahead of this clock by {}.",
            "On both sides, check the clock (NTP). On the sender, take Unix time, which knows no time zone.",
        ),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stub_says_the_same() {
        let stub = include_str!("../../../stubs/hw_signature.php");
        let words =
            |text: &str| text.split_whitespace().filter(|word| *word != "*").collect::<Vec<_>>().join(" ");
        let stub = words(stub);
        // Where the search says all of it, the stub sums it up.
        for row in ROWS.iter().filter(|row| row.2 != "{}.") {
            let case = format!("/** {} */ case {:?} = '{}';", words(&row.2.replace("{}", "…")), row.0, row.1);
            assert!(stub.contains(&case), "{case}");
        }
    }

    #[test]
    fn the_rows_stand_in_the_order_of_the_causes_and_each_has_all_its_texts() {
        for (row, place) in ROWS.iter().zip(0_u8..) {
            assert_eq!(row.0 as u8, place, "{}", row.1);
            assert!(row.2.ends_with('.') && row.3.ends_with('.'), "{}", row.1);
            assert!(
                ["On the sender, ", "On the receiver, ", "On both sides, "]
                    .iter()
                    .any(|side| row.3.starts_with(side))
            );
            assert!(!row.0.name().is_empty());
        }
        assert_eq!(Cause::ALL.len(), Cause::TimestampFromFuture as usize + 1);
    }
}
