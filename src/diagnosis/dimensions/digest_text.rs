//! What the text of a signature may stand for, if it was written in another way than the profile writes it.

use base64::Engine as _;
use base64::alphabet::STANDARD as STANDARD_ALPHABET;
use base64::engine::general_purpose::{
    GeneralPurpose, GeneralPurposeConfig, STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD,
};

use crate::diagnosis::alternative::Alternative;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;
use crate::digest::Encoding;
use crate::profile::Profile;

/// What people put in front of a digest.
const PREFIXES: [&str; 6] = ["sha256=", "hmac-sha256 ", "hmac-sha256=", "v1=", "v1,", "v0="];

/// Fewest bytes of a digest that count as its beginning: 64 bits do not agree by chance.
const MIN_TRUNCATED: usize = 8;

/// Standard base64 whose last character may be spelled in several ways, as PHP's decoder takes it.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD_ALPHABET,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// A way to compare a digest with what was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::diagnosis) enum Reading {
    /// The received bytes.
    Bytes(Vec<u8>),
    /// The first bytes of a longer digest.
    Beginning(Vec<u8>),
    /// The first characters of the digest's base64 text.
    Base64Beginning(Vec<u8>),
    /// Base64 text in one case only.
    Folded(Vec<u8>),
}

impl Reading {
    /// Whether a digest reads so.
    pub(in crate::diagnosis) fn matches(&self, digest: &[u8]) -> bool {
        match self {
            Self::Bytes(bytes) => bytes == digest,
            Self::Beginning(bytes) => bytes.len() < digest.len() && digest.starts_with(bytes),
            Self::Base64Beginning(text) => STANDARD.encode(digest).as_bytes().starts_with(text),
            Self::Folded(text) => STANDARD.encode(digest).as_bytes().eq_ignore_ascii_case(text),
        }
    }

    /// Whether a digest of that many bytes could read so.
    pub(in crate::diagnosis) fn fits(&self, length: usize) -> bool {
        match self {
            Self::Bytes(bytes) => bytes.len() == length,
            Self::Beginning(bytes) => bytes.len() < length,
            Self::Base64Beginning(text) => text.len() < length.div_ceil(3) * 4,
            Self::Folded(text) => text.len() == length.div_ceil(3) * 4,
        }
    }
}

/// Every reading of the text, with the faults that it takes.
pub(in crate::diagnosis) fn readings(text: &[u8], profile: &Profile) -> Vec<Alternative<Reading>> {
    let mut list = Vec::new();
    let trimmed = text.trim_ascii_start();
    read(trimmed, profile, &[], &mut list);
    for prefix in PREFIXES {
        if let Some((head, rest)) = trimmed.split_at_checked(prefix.len())
            && head.eq_ignore_ascii_case(prefix.as_bytes())
        {
            read(rest, profile, &[Fault::with(Cause::DigestHasPrefix, prefix)], &mut list);
        }
    }
    if text.contains(&b' ') {
        let mended: Vec<u8> = text.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect();
        read(&mended, profile, &[Fault::new(Cause::DigestPlusBecameSpace)], &mut list);
    }
    list
}

/// The digests that the text may stand for as a whole.
pub(in crate::diagnosis) fn digests(readings: &[Alternative<Reading>]) -> impl Iterator<Item = &[u8]> {
    readings.iter().filter_map(|reading| match &reading.value {
        Reading::Bytes(bytes) => Some(bytes.as_slice()),
        _ => None,
    })
}

fn read(text: &[u8], profile: &Profile, before: &[Fault], list: &mut Vec<Alternative<Reading>>) {
    let as_hex: &[Fault] = match profile.encoding() {
        Encoding::Base64 | Encoding::Base64Url => &[Fault::new(Cause::DigestIsHex)],
        Encoding::Hex => &[],
    };
    let as_base64: &[Fault] = match profile.encoding() {
        Encoding::Base64 | Encoding::Base64Url => &[],
        Encoding::Hex => &[Fault::new(Cause::DigestIsBase64)],
    };
    let as_base64_of_hex: &[Fault] = &[Fault::new(Cause::DigestIsBase64OfHex)];
    let cut: &[Fault] =
        &[Fault::with(Cause::DigestTruncated, format!("{} characters of it are left", text.len()))];
    let mut push = |reading, faults: &[&[Fault]]| {
        list.push(Alternative { value: reading, faults: [before, &faults.concat()].concat() });
    };
    let mut whole_or_cut = |bytes: Vec<u8>, faults: &[&[Fault]]| {
        if bytes.len() >= MIN_TRUNCATED {
            push(Reading::Beginning(bytes.clone()), &[faults, &[cut]].concat());
        }
        push(Reading::Bytes(bytes), faults);
    };
    if let Ok(bytes) = hex::decode(text) {
        whole_or_cut(bytes, &[as_hex]);
    }
    if let Some((bytes, spelling)) = decode_base64(text, profile) {
        if let Ok(inner) = hex::decode(&bytes) {
            whole_or_cut(inner, &[as_base64_of_hex, &spelling]);
        }
        whole_or_cut(bytes, &[as_base64, &spelling]);
    }
    if text.len() * 3 / 4 >= MIN_TRUNCATED {
        push(Reading::Base64Beginning(text.to_vec()), &[as_base64, cut]);
    }
    for (other, case) in
        [(u8::is_ascii_uppercase as fn(&u8) -> bool, "lower"), (u8::is_ascii_lowercase, "upper")]
    {
        if !text.iter().any(other) && text.iter().any(u8::is_ascii_alphabetic) {
            push(Reading::Folded(text.to_vec()), &[as_base64, &[Fault::with(Cause::DigestCaseFolded, case)]]);
        }
    }
}

/// The bytes behind any spelling of base64, and what is wrong with the spelling.
fn decode_base64(text: &[u8], profile: &Profile) -> Option<(Vec<u8>, Vec<Fault>)> {
    let spare_bits = Fault::with(
        Cause::HeaderMalformed,
        "the last character of the signature has spare bits that are not zero, which only lenient decoders accept",
    )
    .fixed_by("On the sender, write the signature as base64_encode() writes it, and send it unchanged.");
    let spellings = if profile.encoding() == Encoding::Base64Url {
        let standard = || vec![Fault::new(Cause::DigestIsBase64)];
        [
            (&URL_SAFE, vec![]),
            (&URL_SAFE_NO_PAD, vec![]),
            (&STANDARD, standard()),
            (&STANDARD_NO_PAD, standard()),
            (&LENIENT, vec![spare_bits]),
        ]
    } else {
        [
            (&STANDARD, vec![]),
            (&STANDARD_NO_PAD, vec![Fault::new(Cause::DigestPaddingMissing)]),
            (&LENIENT, vec![spare_bits]),
            (&URL_SAFE, vec![Fault::new(Cause::DigestIsBase64url)]),
            (&URL_SAFE_NO_PAD, vec![Fault::new(Cause::DigestIsBase64url)]),
        ]
    };
    spellings.into_iter().find_map(|(engine, faults)| Some((engine.decode(text).ok()?, faults)))
}
