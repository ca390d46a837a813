//! What the text of a signature may stand for, if it was written in another way than the profile writes it.

mod bytes;
mod decorated;
mod encoded;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::diagnosis::alternative::Alternative;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;
use crate::digest::Encoding;
use crate::profile::Profile;
use crate::template::Field;

/// Fewest bytes of a digest that count as its beginning: 64 bits do not agree by chance.
const MIN_TRUNCATED: usize = 8;
/// Longest text that is taken for one with a digest in it.
const MAX_TEXT: usize = 8192;

/// A way to compare a digest with what was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::diagnosis) enum Reading {
    /// The received bytes.
    Bytes(Vec<u8>),
    /// The first bytes of a longer digest.
    Beginning(Vec<u8>),
    /// The last bytes of a longer digest.
    End(Vec<u8>),
    /// The first characters of the digest's base64 text.
    Base64Beginning(Vec<u8>),
    /// Base64 text in one case only.
    Folded(Vec<u8>),
    /// Each byte written so, one behind the other.
    ByteByByte(Vec<u8>, ByteText),
    /// The bytes taken for UTF-8, with what is none replaced.
    Lossy(Vec<u8>),
}

/// How a byte is written where not always with two digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diagnosis) enum ByteText {
    /// `%x`
    Unpadded,
    /// Java's `Integer.toHexString()` of a signed byte.
    SignExtended,
    /// `%d`
    Decimal,
}

impl ByteText {
    fn write(self, digest: &[u8]) -> String {
        let text = |byte: &u8| match self {
            Self::Unpadded => format!("{byte:x}"),
            Self::SignExtended => format!("{:x}", i32::from(byte.cast_signed())),
            Self::Decimal => byte.to_string(),
        };
        digest.iter().map(text).collect()
    }
}

impl Reading {
    /// Whether a digest reads so.
    pub(in crate::diagnosis) fn matches(&self, digest: &[u8]) -> bool {
        match self {
            Self::Bytes(bytes) => bytes == digest,
            Self::Beginning(bytes) => bytes.len() < digest.len() && digest.starts_with(bytes),
            Self::End(bytes) => bytes.len() < digest.len() && digest.ends_with(bytes),
            Self::Base64Beginning(text) => STANDARD.encode(digest).as_bytes().starts_with(text),
            Self::Folded(text) => STANDARD.encode(digest).as_bytes().eq_ignore_ascii_case(text),
            Self::ByteByByte(text, byte) => byte.write(digest).as_bytes().eq_ignore_ascii_case(text),
            Self::Lossy(text) => String::from_utf8_lossy(digest).as_bytes() == text,
        }
    }

    /// Whether a digest of that many bytes could read so.
    pub(in crate::diagnosis) fn fits(&self, length: usize) -> bool {
        match self {
            Self::Bytes(bytes) => bytes.len() == length,
            Self::Beginning(bytes) | Self::End(bytes) => bytes.len() < length,
            Self::Base64Beginning(text) => text.len() < length.div_ceil(3) * 4,
            Self::Folded(text) => text.len() == length.div_ceil(3) * 4,
            Self::ByteByByte(text, _) => (length..=8 * length).contains(&text.len()),
            Self::Lossy(text) => (length / 4..=3 * length).contains(&text.len()),
        }
    }
}

/// Every reading of the text, with the faults that it takes.
pub(in crate::diagnosis) fn readings(text: &[u8], profile: &Profile) -> Vec<Alternative<Reading>> {
    let mut readings = Readings { encoding: profile.encoding(), header: header(profile), list: Vec::new() };
    let trimmed = text.trim_ascii_start();
    readings.read(trimmed, &[]);
    if text.contains(&b' ') {
        let mended: Vec<u8> = text.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect();
        readings.read(&mended, &[Fault::new(Cause::DigestPlusBecameSpace)]);
    }
    let missing = trimmed.len().next_multiple_of(4) - trimmed.len();
    if (1..=2).contains(&missing) && trimmed.ends_with(b"=") {
        // What became a space at the beginning of a header is no part of its value.
        let mended: Vec<u8> = trimmed.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect();
        let whole = [&*b"+".repeat(missing), &*mended].concat();
        readings.read(&whole, &[Fault::new(Cause::DigestPlusBecameSpace)]);
    }
    if trimmed.len() <= MAX_TEXT {
        readings.decorated(trimmed);
        readings.encoded_twice(trimmed);
        readings.escaped(trimmed);
        readings.bytes(text);
    }
    readings.list
}

/// What a language writes where it makes a text of something that is none, and whose that is.
const NO_DIGESTS: [(&str, &str); 8] = [
    ("undefined", "JavaScript makes of a variable that is not set"),
    ("null", "a program makes of a variable that is not set"),
    ("None", "Python makes of a variable that is not set"),
    ("[object Object]", "JavaScript makes of an object: the call that gives the digest as text is missing"),
    ("[object Promise]", "JavaScript makes of a promise: await is missing"),
    ("[object ArrayBuffer]", "JavaScript makes of the bytes: they are to be written as text first"),
    (
        "System.Byte[]",
        ".NET makes of an array of bytes: Convert.ToHexString() or Convert.ToBase64String() is missing",
    ),
    ("Array", "PHP makes of an array"),
];

/// What the text is, where no digest can be in it.
pub(in crate::diagnosis) fn no_digest(text: &[u8]) -> Option<&'static str> {
    let text = text.trim_ascii();
    let is_java = text.strip_prefix(b"[B@").is_some_and(|rest| rest.iter().all(u8::is_ascii_hexdigit));
    let known = NO_DIGESTS.iter().find(|(known, _)| known.as_bytes() == text).map(|(_, what)| *what);
    let is_token = text.starts_with(b"eyJ") && text.iter().filter(|byte| **byte == b'.').count() == 2;
    let token = "a library for JSON Web Tokens makes (JWT): it signs itself, and not the request";
    known
        .or(is_token.then_some(token))
        .or(is_java.then_some("Java makes of an array of bytes: HexFormat or Base64 is missing"))
}

/// The digests that texts may stand for as a whole.
pub(in crate::diagnosis) fn digests<'r>(
    readings: impl Iterator<Item = &'r Alternative<Reading>>,
) -> impl Iterator<Item = &'r [u8]> {
    readings.filter_map(|reading| match &reading.value {
        Reading::Bytes(bytes) => Some(bytes.as_slice()),
        _ => None,
    })
}

/// The name of the header that carries the signature.
fn header(profile: &Profile) -> String {
    let header =
        profile.headers().iter().find(|header| header.fields().any(|field| field == Field::Signature));
    header.map_or("", |header| header.name()).to_owned()
}

/// The list while it is made.
struct Readings {
    encoding: Encoding,
    header: String,
    list: Vec<Alternative<Reading>>,
}

impl Readings {
    fn push(&mut self, reading: Reading, faults: &[&[Fault]]) {
        let alternative = Alternative { faults: faults.concat(), ..Alternative::given(reading) };
        match self.list.iter_mut().find(|other| other.value == alternative.value) {
            Some(other) if alternative.faults.len() < other.faults.len() => *other = alternative,
            Some(_) => {}
            None => self.list.push(alternative),
        }
    }

    fn whole_or_cut(&mut self, bytes: Vec<u8>, letters: usize, faults: &[&[Fault]]) {
        if bytes.len() >= MIN_TRUNCATED {
            let cut: &[Fault] =
                &[Fault::with(Cause::DigestTruncated, format!("{letters} characters of it are left"))];
            self.push(Reading::Beginning(bytes.clone()), &[faults, &[cut]].concat());
        }
        self.push(Reading::Bytes(bytes), faults);
    }

    /// substr($signature, 7) where there is no `sha256=`.
    fn without_beginning(&mut self, text: &[u8], faults: &[&[Fault]]) {
        let even = text.get(text.len() % 2..).unwrap_or_default();
        if text.iter().all(u8::is_ascii_hexdigit)
            && let Ok(bytes) = base16ct::mixed::decode_vec(even)
            && bytes.len() >= MIN_TRUNCATED
        {
            let detail = format!("the last {} characters of it are left", text.len());
            let fix = "On the receiver, take \"sha256=\" off only where it stands, and not seven letters: substr($signature, 7) cut the digest. \
                       On the sender, send all of it.";
            let cut = [Fault::with(Cause::DigestTruncated, detail).fixed_by(fix)];
            self.push(Reading::End(bytes), &[faults, &[&cut]].concat());
        }
    }

    /// The text as the profile's encoding, or as the other one.
    fn read(&mut self, text: &[u8], before: &[Fault]) {
        let (hex_fault, base64_fault) =
            ([Fault::new(Cause::DigestIsHex)], [Fault::new(Cause::DigestIsBase64)]);
        let (as_hex, as_base64): (&[Fault], &[Fault]) = match self.encoding {
            Encoding::Base64 | Encoding::Base64Url => (&hex_fault, &[]),
            Encoding::Hex => (&[], &base64_fault),
        };
        let of_hex: &[Fault] = &[Fault::new(Cause::DigestIsBase64OfHex)];
        if let Ok(bytes) = base16ct::mixed::decode_vec(text) {
            self.whole_or_cut(bytes, text.len(), &[before, as_hex]);
        }
        self.without_beginning(text, &[before, as_hex]);
        // Half a byte is left of an odd number of digits.
        if let Some((digit, whole)) = text.split_last().filter(|_| text.len() % 2 == 1)
            && digit.is_ascii_hexdigit()
            && let Ok(bytes) = base16ct::mixed::decode_vec(whole)
            && bytes.len() >= MIN_TRUNCATED
        {
            let cut: &[Fault] =
                &[Fault::with(Cause::DigestTruncated, format!("{} characters of it are left", text.len()))];
            self.push(Reading::Beginning(bytes), &[before, as_hex, cut]);
        }
        if let Some((bytes, spelling)) = encoded::decode_base64(text, self.encoding) {
            if let Ok(inner) = base16ct::mixed::decode_vec(bytes.trim_ascii()) {
                self.whole_or_cut(inner, text.len(), &[before, of_hex, &spelling]);
            } else if let Some(hex) = decorated::hex_in(&bytes)
                && let Ok(inner) = base16ct::mixed::decode_vec(hex)
            {
                // What openssl dgst prints, encoded as a whole.
                self.push(Reading::Bytes(inner), &[before, of_hex, &spelling]);
            }
            self.whole_or_cut(bytes, text.len(), &[before, as_base64, &spelling]);
        }
        if text.len() * 3 / 4 >= MIN_TRUNCATED {
            let cut: &[Fault] =
                &[Fault::with(Cause::DigestTruncated, format!("{} characters of it are left", text.len()))];
            self.push(Reading::Base64Beginning(text.to_vec()), &[before, as_base64, cut]);
        }
        for (other, case) in
            [(u8::is_ascii_uppercase as fn(&u8) -> bool, "lower"), (u8::is_ascii_lowercase, "upper")]
        {
            if !text.iter().any(other) && text.iter().any(u8::is_ascii_alphabetic) {
                let folded: &[Fault] = &[Fault::with(Cause::DigestCaseFolded, case)];
                self.push(Reading::Folded(text.to_vec()), &[before, as_base64, folded]);
            }
        }
    }
}
