//! Spellings of base64, and a digest that was encoded twice.

use base64::Engine as _;
use base64::alphabet::STANDARD as STANDARD_ALPHABET;
use base64::engine::general_purpose::{
    GeneralPurpose, GeneralPurposeConfig, STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD,
};

use super::Readings;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;
use crate::diagnosis::transit::as_latin1;
use crate::digest::Encoding;

/// Standard base64 whose last character may be spelled in several ways, as PHP's decoder takes it.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD_ALPHABET,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

impl Readings {
    /// Base64 of base64, and the like; base64 of the hexadecimal text is read with the rest.
    pub(super) fn encoded_twice(&mut self, text: &[u8]) {
        let outer = [
            (base16ct::mixed::decode_vec(text).ok(), "hexadecimal"),
            (decode_base64(text, self.encoding).map(|(bytes, _)| bytes), "base64"),
        ];
        let encoding = self.encoding;
        for (inner, first) in outer {
            let Some(inner) = inner else { continue };
            let mut push = |bytes: Option<Vec<u8>>, second: &str| {
                if let Some(bytes) = bytes.filter(|bytes| bytes.len() >= 16) {
                    let detail = format!("it is {first} of {second}");
                    self.whole_or_cut(
                        bytes,
                        text.len(),
                        &[&[Fault::with(Cause::DigestEncodedTwice, detail)]],
                    );
                }
            };
            if first == "hexadecimal" {
                push(base16ct::mixed::decode_vec(&inner).ok(), "the hexadecimal digest");
            }
            push(decode_base64(&inner, encoding).map(|(bytes, _)| bytes), "the base64 text of the digest");
            push(as_latin1(&inner), "the digest's bytes as UTF-8 text, each byte a letter of Latin-1");
        }
    }
}

/// The bytes behind any spelling of base64, and what is wrong with the spelling.
pub(super) fn decode_base64(text: &[u8], encoding: Encoding) -> Option<(Vec<u8>, Vec<Fault>)> {
    let spare_bits = Fault::with(
        Cause::HeaderMalformed,
        "the last character of the signature has spare bits that are not zero, which only lenient decoders accept",
    )
    .fixed_by("On the sender, write the signature as base64_encode() writes it, and send it unchanged.");
    let spellings = if encoding == Encoding::Base64Url {
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
