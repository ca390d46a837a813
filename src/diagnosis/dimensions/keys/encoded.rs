//! A secret that one side decodes and the other does not, or otherwise; and one in another charset.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use data_encoding::{BASE32, BASE32_NOPAD};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::Steps;
use crate::diagnosis::alternative::Commonness::{Common, Everyday, Rare};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::dimensions::algorithm::Mac;
use crate::diagnosis::fault::Fault;
use crate::diagnosis::transit::{
    as_ascii, as_latin1, as_windows_1252, compatible, composed, decomposed, from_latin1, from_windows_1252,
    lossy_utf8, typed, utf16,
};

/// Fewest bytes behind a text that is taken for base32: any word is that.
const MIN_BASE32: usize = 8;
/// Fewest hexadecimal digits in front of other letters.
const MIN_DIGITS: usize = 6;
/// Fewest bytes behind base64 of base64.
const MIN_TWICE: usize = 8;

impl Steps<'_> {
    pub(super) fn decoded(&mut self) {
        if let Some((decoded, spelling)) = decode_base64(self.key) {
            self.decoded_further(&decoded);
            let fault = Fault::with(Cause::KeyIsBase64Text, spelling.name());
            self.step(decoded, fault.fixed_by(spelling.fix("$secret")), Everyday);
        } else if let Some(decoded) = decode_leniently(self.key) {
            let detail = "not quite base64";
            let fix = "On both sides, agree on the bytes first: the sender decodes leniently, as base64_decode($secret) without true and \
                       Node's Buffer.from(secret, 'base64') do, and skips what is no base64. Better let both sides use the \
                       secret's text.";
            let fault = Fault::with(Cause::KeyIsBase64Text, detail);
            self.step(decoded, fault.fixed_by(fix), Rare);
        }
        if let Ok(decoded) = base16ct::mixed::decode_vec(self.key) {
            self.step(decoded, Fault::new(Cause::KeyIsHexText), Everyday);
        }
        let digits = self.key.iter().take_while(|byte| byte.is_ascii_hexdigit()).count() / 2 * 2;
        if (MIN_DIGITS..self.key.len()).contains(&digits)
            && let Ok(decoded) = base16ct::mixed::decode_vec(self.key.get(..digits).unwrap_or_default())
        {
            let fix = "On both sides, agree on the bytes first: the sender decodes as Buffer.from(secret, 'hex') does, which stops at the \
                       first letter that is no digit. Better let both sides use the secret's text.";
            self.step(decoded, Fault::new(Cause::KeyIsHexText).fixed_by(fix), Rare);
        }
        // AB:CD:…, and a UUID.
        let digits: Vec<u8> = self.key.iter().copied().filter(|byte| !b":- ".contains(byte)).collect();
        if digits.len() < self.key.len()
            && let Ok(decoded) = base16ct::mixed::decode_vec(&digits)
        {
            let fix = "On the receiver, use hex2bin(str_replace([':', '-', ' '], '', $secret)) as the key.";
            self.step(decoded, Fault::new(Cause::KeyIsHexText).fixed_by(fix), Common);
        }
        if let Some(decoded) = decode_base32(self.key) {
            let fix = "On the receiver, use the bytes that the secret stands for in base32, as secrets for one-time passwords (TOTP) are \
                       written, as the key; PHP has no function of its own for that. Or on the sender, use the secret's text undecoded, \
                       where the contract says so.";
            self.step(decoded, Fault::with(Cause::KeyIsBase64Text, "base32").fixed_by(fix), Common);
        }
    }

    /// What stands in base64 is encoded once more, or has a name in front.
    fn decoded_further(&mut self, decoded: &[u8]) {
        if let Some((twice, _)) = decode_base64(decoded).filter(|(twice, _)| twice.len() >= MIN_TWICE) {
            let fix = "On the receiver, use base64_decode(base64_decode($secret, true), true) as the key. On both sides, encode it once: what \
                       is put into a Secret of Kubernetes under data is encoded once more.";
            let fault = Fault::with(Cause::KeyIsBase64Text, "base64 of base64");
            self.step(twice, fault.fixed_by(fix), Rare);
        }
        let is_text = decoded.iter().all(u8::is_ascii_graphic);
        let colon = decoded.iter().position(|byte| *byte == b':').filter(|colon| is_text && *colon > 0);
        if let Some(secret) = colon.and_then(|colon| decoded.get(colon + 1..)) {
            let detail = "an id and a colon, in base64 with the secret, as the credentials of Basic authentication are written";
            let fix = "On the receiver, use explode(':', base64_decode($secret, true), 2)[1] as the key: what stands behind the first colon. \
                       On the sender, send no secret in a header Authorization: Basic.";
            let fault = Fault::with(Cause::KeyHasPrefix, detail).fixed_by(fix);
            self.step(secret.to_vec(), fault, Common);
        }
    }

    pub(super) fn encoded(&mut self) {
        let key = self.key;
        for (text, name) in [
            (STANDARD.encode(key), "its base64 text"),
            (base16ct::lower::encode_string(key), "its hexadecimal text"),
            (URL_SAFE_NO_PAD.encode(key), "its URL-safe base64 text"),
            (STANDARD_NO_PAD.encode(key), "its base64 text without padding"),
            (base16ct::upper::encode_string(key), "its hexadecimal text in upper case"),
            (URL_SAFE.encode(key), "its URL-safe base64 text with padding"),
        ] {
            self.push(text.into_bytes(), Cause::KeyWasDecoded, name, Everyday);
        }
        let prefixed = ["0x", &base16ct::lower::encode_string(key)].concat();
        for (text, name) in [
            (BASE32_NOPAD.encode(key), "its base32 text without padding"),
            (BASE32.encode(key), "its base32 text"),
            (BASE32_NOPAD.encode(key).to_ascii_lowercase(), "its base32 text in lower case"),
            (prefixed, "its hexadecimal text behind 0x"),
            (STANDARD.encode(STANDARD.encode(key)), "the base64 text of its base64 text"),
            (uuid(key).unwrap_or_default(), "the UUID that its 16 bytes are"),
        ] {
            self.push(text.into_bytes(), Cause::KeyWasDecoded, name, Rare);
        }
        self.in_other_text();
        for (folded, case) in [(key.to_ascii_lowercase(), "lower"), (key.to_ascii_uppercase(), "upper")] {
            self.push(folded, Cause::KeyCaseDiffers, format!("in {case} case"), Rare);
        }
        self.charsets();
    }

    /// The sender has the text of the same bytes in hexadecimal where this is base64, or the other way round.
    fn in_other_text(&mut self) {
        let of_hex = base16ct::mixed::decode_vec(self.key).ok();
        let of_base64 = decode_base64(self.key).map(|(bytes, _)| bytes).filter(|_| of_hex.is_none());
        for (text, name, code) in [
            (
                of_hex.map(|bytes| STANDARD.encode(bytes)),
                "the base64 text of the bytes that this is in hexadecimal",
                "base64_encode(hex2bin($secret))",
            ),
            (
                of_base64.map(|bytes| base16ct::lower::encode_string(&bytes)),
                "the hexadecimal text of the bytes that this is in base64",
                "bin2hex(base64_decode($secret, true))",
            ),
        ] {
            let Some(text) = text else { continue };
            let fix = format!(
                "On the receiver, use {code} as the key. On both sides, better keep one text of the secret, and use that letter for letter."
            );
            self.step(text.into_bytes(), Fault::with(Cause::KeyWasDecoded, name).fixed_by(fix), Rare);
        }
    }

    fn charsets(&mut self) {
        let key = self.key;
        let decoded =
            decode_base64(key).map(|(decoded, _)| decoded).or_else(|| base16ct::mixed::decode_vec(key).ok());
        let lossy = "it is decoded, and what is no UTF-8 becomes U+FFFD, as Buffer.from(secret, 'base64').toString() has it";
        let twice = "it is decoded, taken for Latin-1 and written in UTF-8, as toString('latin1') has it";
        for (value, detail) in [
            (from_latin1(key), "it is converted from ISO-8859-1 to UTF-8, as utf8_encode() does"),
            (as_latin1(key), "it is converted from UTF-8 to ISO-8859-1, as utf8_decode() does"),
            (from_windows_1252(key), "it is converted from Windows-1252 to UTF-8"),
            (as_windows_1252(key), "it is converted from UTF-8 to Windows-1252"),
            (
                composed(key),
                "its accents are one with their letters (NFC), as in $normalized = Normalizer::normalize($secret)",
            ),
            (
                decomposed(key),
                "its accents stand behind their letters (NFD), as macOS has them in the names of files",
            ),
            (compatible(key), "its wide letters and the like are the plain ones (NFKC)"),
            (typed(key), "its quotation marks and dashes are those of a keyboard, and not typographic ones"),
            (lossy_utf8(key), "what is no UTF-8 in it becomes U+FFFD, as a conversion to a string has it"),
            (decoded.as_deref().and_then(lossy_utf8), lossy),
            (decoded.as_deref().and_then(from_latin1), twice),
            (
                as_ascii(key, true),
                "each letter beyond ASCII becomes a question mark, as Encoding.ASCII has it",
            ),
            (utf16(key, true, false), "it is written in UTF-16LE, as Encoding.Unicode has it"),
            (utf16(key, false, false), "it is written in UTF-16BE"),
            (utf16(key, true, true), "it is written in UTF-16LE with a byte order mark"),
        ] {
            if let Some(value) = value {
                self.push(value, Cause::KeyCharsetDiffers, detail, Rare);
            }
        }
    }

    /// A hash of the secret as the key.
    pub(super) fn hashed(&mut self) {
        let key = self.key;
        let (sha256, sha512) = (Sha256::digest(key).to_vec(), Sha512::digest(key).to_vec());
        let (sha1, md5) = (Sha1::digest(key).to_vec(), Md5::digest(key).to_vec());
        for (raw, name) in [(sha256, "sha256"), (md5, "md5"), (sha1, "sha1"), (sha512, "sha512")] {
            let text = format!("hash('{name}', $secret)");
            self.hash(base16ct::lower::encode_string(&raw).into_bytes(), text.clone());
            self.hash(base16ct::upper::encode_string(&raw).into_bytes(), format!("strtoupper({text})"));
            let bytes = format!("hash('{name}', $secret, true)");
            self.hash(STANDARD.encode(&raw).into_bytes(), format!("base64_encode({bytes})"));
            self.hash(raw, bytes);
        }
        let sha384 = Sha384::digest(key).to_vec();
        self.hash(base16ct::lower::encode_string(&sha384).into_bytes(), "hash('sha384', $secret)".to_owned());
        self.hash(sha384, "hash('sha384', $secret, true)".to_owned());
        let own = Mac::new(key).digest(|sink| sink(key));
        let text = base16ct::lower::encode_string(&own).into_bytes();
        self.hash(text, "hash_hmac('sha256', $secret, $secret)".to_owned());
        self.hash(own, "hash_hmac('sha256', $secret, $secret, true)".to_owned());
        // What Telegram has for its Mini Apps.
        let derived = Mac::new(b"WebAppData").digest(|sink| sink(key));
        self.hash(derived, "hash_hmac('sha256', $secret, 'WebAppData', true)".to_owned());
    }

    fn hash(&mut self, value: Vec<u8>, expression: String) {
        let fix = format!(
            "On the receiver, use {expression} as the key here, or let the sender use the secret itself, whichever the contract says."
        );
        let fault = Fault::with(Cause::KeyWasHashed, expression).fixed_by(fix);
        self.step(value, fault, Rare);
    }
}

/// Base32 in either case, in groups or not, padded or not.
fn decode_base32(text: &[u8]) -> Option<Vec<u8>> {
    let letters = text.iter().filter(|byte| !b" -=".contains(byte)).map(u8::to_ascii_uppercase);
    let letters = Zeroizing::new(letters.collect::<Vec<u8>>());
    BASE32_NOPAD.decode(&letters).ok().filter(|bytes| bytes.len() >= MIN_BASE32)
}

/// 16 bytes as a UUID is written.
fn uuid(bytes: &[u8]) -> Option<String> {
    let digits = base16ct::lower::encode_string(bytes);
    super::mangled::hyphenated(digits.as_bytes())
}

/// How a base64 text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    Padded,
    Unpadded,
    UrlSafe,
}

impl Spelling {
    const fn name(self) -> &'static str {
        match self {
            Self::Padded => "base64",
            Self::Unpadded => "unpadded base64",
            Self::UrlSafe => "URL-safe base64",
        }
    }

    /// How PHP decodes the `secret`, which is an expression.
    pub(super) fn fix(self, secret: &str) -> String {
        let only = "as the key; Key::fromBase64() takes padded base64 of the standard alphabet only";
        match self {
            Self::Padded => {
                format!(
                    "On the receiver, use Key::fromBase64({secret}), or base64_decode({secret}, true), as the key."
                )
            }
            Self::Unpadded => format!("On the receiver, use base64_decode({secret}, true) {only}."),
            Self::UrlSafe => {
                format!("On the receiver, use base64_decode(strtr({secret}, '-_', '+/'), true) {only}.")
            }
        }
    }
}

/// Decodes whatever somebody's decoder would have taken for base64.
pub(super) fn decode_base64(text: &[u8]) -> Option<(Vec<u8>, Spelling)> {
    [
        (&STANDARD, Spelling::Padded),
        (&STANDARD_NO_PAD, Spelling::Unpadded),
        (&URL_SAFE, Spelling::UrlSafe),
        (&URL_SAFE_NO_PAD, Spelling::UrlSafe),
    ]
    .into_iter()
    .find_map(|(engine, spelling)| Some((engine.decode(text).ok()?, spelling)))
}

/// `base64_decode()` without its second argument: what is no base64 is skipped, and bits that are left over are lost.
pub(super) fn decode_leniently(text: &[u8]) -> Option<Vec<u8>> {
    // White space around strict base64 is another fault.
    if decode_base64(text.trim_ascii()).is_some() {
        return None;
    }
    let value = |byte: &u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let sextets: Vec<u8> = text.iter().filter_map(value).collect();
    let bytes = sextets.chunks(4).flat_map(|chunk| {
        let bits = chunk.iter().fold(0_u32, |bits, sextet| bits << 6 | u32::from(*sextet));
        let [_, a, b, c] = (bits << (6 * (4 - chunk.len()))).to_be_bytes();
        [a, b, c].into_iter().take(chunk.len() * 6 / 8)
    });
    Some(bytes.collect::<Vec<u8>>()).filter(|bytes| bytes.len() * 2 > text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_php_decodes_without_being_strict() {
        assert_eq!(decode_leniently(b"YW Jj-ZGVm").unwrap(), b"abcdef");
        assert_eq!(decode_leniently(b"YWJjZ").unwrap(), b"abc");
        assert_eq!(decode_leniently(b"YWJjZG").unwrap(), b"abcd");
        assert_eq!(decode_leniently(b"!!!!"), None);
    }
}
