//! A digest whose bytes were written one by one, in whatever way, or not written as text at all.

use data_encoding::BASE32_NOPAD;

use super::{ByteText, Reading, Readings};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;
use crate::diagnosis::transit::as_latin1;
use crate::digest::Encoding;

/// Longest digest, in bytes.
const LONGEST_DIGEST: usize = 64;

impl Readings {
    pub(super) fn bytes(&mut self, text: &[u8]) {
        self.separated(text);
        self.without_zeros(text.trim_ascii());
        self.numbers(text);
        self.words(text);
        self.behind_message(text.trim_ascii());
        self.raw(text);
        self.base32(text.trim_ascii());
    }

    fn base32(&mut self, text: &[u8]) {
        let letters: Vec<u8> =
            text.iter().filter(|byte| **byte != b'=').map(u8::to_ascii_uppercase).collect();
        if let Ok(bytes) = BASE32_NOPAD.decode(&letters) {
            let fault = self.malformed("the signature is base32", "");
            self.push(Reading::Bytes(bytes), &[&fault]);
        }
    }

    fn malformed(&self, detail: &'static str, of: &str) -> [Fault; 1] {
        let right = match self.encoding {
            Encoding::Base64 => "base64_encode() of the raw digest",
            Encoding::Base64Url => "base64_encode() of the raw digest with - for +, _ for / and no =",
            Encoding::Hex => "two hexadecimal digits for each byte, as hash_hmac() and bin2hex() do",
        };
        [Fault::with(Cause::HeaderMalformed, detail).fixed_by(format!("On the sender, write {right}{of}."))]
    }

    /// `AB-CD-…`, `AB:CD:…`, `AB CD …`, `0xAB, 0xCD, …`, `<abcd abcd …>`
    fn separated(&mut self, text: &[u8]) {
        let lower = text.to_ascii_lowercase();
        let without_0x = crate::diagnosis::transit::replace(&lower, b"0x", b"");
        let digits: Vec<u8> =
            without_0x.iter().copied().filter(|byte| !b"-: ,;<>[]{}\"'\t\\x".contains(byte)).collect();
        if digits.len() < text.len()
            && let Ok(bytes) = base16ct::mixed::decode_vec(&digits)
            && bytes.len() >= 16
        {
            let detail = "the signature is hexadecimal with something between its bytes";
            let fault =
                self.malformed(detail, "; in .NET, Convert.ToHexString() and not BitConverter.ToString()");
            self.push(Reading::Bytes(bytes), &[&fault]);
        }
    }

    /// Digits that were lost since they were zero.
    fn without_zeros(&mut self, text: &[u8]) {
        if !text.iter().all(u8::is_ascii_hexdigit) {
            return;
        }
        let padded = [&*vec![b'0'; 64_usize.saturating_sub(text.len())], text].concat();
        if (56..64).contains(&text.len())
            && let Ok(bytes) = base16ct::mixed::decode_vec(&padded)
        {
            let detail = "the zeros at the beginning of the hexadecimal signature are lost, as new BigInteger(1, \
                          digest).toString(16) loses them";
            let fault = self.malformed(detail, ": in Java, String.format(\"%064x\", …) or HexFormat");
            self.push(Reading::Bytes(bytes), &[&fault]);
        }
        let one = "bytes below 16 are written with one digit in the hexadecimal signature";
        let sign = "bytes from 128 on are written with eight digits (ffffffab) in the hexadecimal signature";
        let has_signs = text.to_ascii_lowercase().windows(6).any(|six| six == b"ffffff");
        // With 64 digits, no byte lacks one, and none has eight.
        let written = match text.len() {
            32..=63 => Some((ByteText::Unpadded, one)),
            65..=256 if has_signs => Some((ByteText::SignExtended, sign)),
            _ => None,
        };
        if let Some((byte, detail)) = written {
            let fault = self.malformed(
                detail,
                ": in Java, String.format(\"%02x\", b) or HexFormat, not Integer.toHexString(b)",
            );
            self.push(Reading::ByteByByte(text.to_vec(), byte), &[&fault]);
        }
        if (32..=96).contains(&text.len()) && text.iter().all(u8::is_ascii_digit) {
            let fault = self.malformed("the bytes of the signature are written as decimal numbers", "");
            self.push(Reading::ByteByByte(text.to_vec(), ByteText::Decimal), &[&fault]);
        }
    }

    /// `[230, 242, …]`, `-26,-14,…`
    fn numbers(&mut self, text: &[u8]) {
        let Ok(text) = core::str::from_utf8(text) else { return };
        let word = |letter: char| !letter.is_ascii_digit() && letter != '-';
        let numbers: Option<Vec<u8>> = text
            .split(word)
            .filter(|number| !number.is_empty())
            .map(|number| {
                let number: i16 = number.parse().ok()?;
                u8::try_from(if number < 0 { number + 256 } else { number }).ok()
            })
            .collect();
        if let Some(bytes) = numbers.filter(|bytes| bytes.len() >= 16) {
            let fault = self.malformed("the bytes of the signature are written as a list of numbers", "");
            self.push(Reading::Bytes(bytes), &[&fault]);
        }
    }

    /// `{"words":[-2013341764, …],"sigBytes":32}`
    fn words(&mut self, text: &[u8]) {
        let object: Option<serde_json::Value> = serde_json::from_slice(text).ok();
        let Some(words) = object.as_ref().and_then(|object| object.get("words")?.as_array()) else { return };
        let word = |word: &serde_json::Value| Some(i32::try_from(word.as_i64()?).ok()?.to_be_bytes());
        let Some(words) = words.iter().map(word).collect::<Option<Vec<_>>>() else { return };
        let fault = self.malformed(
            "the signature is a WordArray of CryptoJS as an object",
            "; in JavaScript, hash.toString(CryptoJS.enc.Hex) or .toString(CryptoJS.enc.Base64)",
        );
        self.push(Reading::Bytes(words.concat()), &[&fault]);
    }

    /// Hexadecimal or base64 of a message and of 32 bytes behind it.
    fn behind_message(&mut self, text: &[u8]) {
        let bytes = base16ct::mixed::decode_vec(text).ok();
        let bytes =
            bytes.or_else(|| super::encoded::decode_base64(text, self.encoding).map(|(bytes, _)| bytes));
        let Some(bytes) = bytes.filter(|bytes| bytes.len() > LONGEST_DIGEST) else { return };
        let Some(digest) = bytes.last_chunk::<32>() else { return };
        let fix = "On the sender, write the message into the HMAC, and take the digest of that: in Go, mac.Write(message) and then \
                   mac.Sum(nil), since mac.Sum(message) puts its argument in front of the digest of what was written before.";
        let fault = Fault::with(Cause::DigestHasPrefix, "the message itself in front of").fixed_by(fix);
        self.push(Reading::Bytes(digest.to_vec()), &[&[fault]]);
    }

    /// The bytes themselves.
    fn raw(&mut self, text: &[u8]) {
        if text.is_ascii() {
            return;
        }
        let detail = "the signature is the raw digest, and no text";
        let fault = self.malformed(detail, "; hash_hmac(…, true) gives bytes");
        self.push(Reading::Bytes(text.to_vec()), &[&fault]);
        if let Some(bytes) = as_latin1(text) {
            self.push(Reading::Bytes(bytes), &[&fault]);
        }
        self.push(Reading::Lossy(text.to_vec()), &[&fault]);
    }
}
