//! The 32 bytes of an HMAC-SHA-256, and the texts they travel as.

use core::fmt;
use core::ops::Deref;

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq as _;

/// Length of a digest in bytes.
pub const DIGEST_LENGTH: usize = 32;
const BASE64_LENGTH: usize = 44;
/// Without its padding.
const BARE_BASE64_LENGTH: usize = 43;
const HEX_LENGTH: usize = 64;

/// How a digest is written in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// 44 characters, the standard alphabet, one `=` (RFC 4648, section 4).
    Base64,
    /// The alphabet that is safe in URLs (RFC 4648, section 5): 43 characters when written; read with or without the `=`
    /// that fills up to 44.
    Base64Url,
    /// 64 characters, lower case when written, either case when read.
    Hex,
}

impl Encoding {
    /// All of them, in the order PHP lists them.
    pub const ALL: [Self; 3] = [Self::Base64, Self::Base64Url, Self::Hex];

    /// The name used in PHP and in documentation.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Base64Url => "base64-url",
            Self::Hex => "hex",
        }
    }
}

/// A MAC. Equality takes constant time, so that a comparison tells nothing about the expected one.
#[derive(Clone, Copy)]
pub struct Digest([u8; DIGEST_LENGTH]);

impl Digest {
    /// Takes the raw bytes.
    #[must_use]
    pub const fn new(bytes: [u8; DIGEST_LENGTH]) -> Self {
        Self(bytes)
    }

    /// The raw bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; DIGEST_LENGTH] {
        &self.0
    }

    /// Reads the one canonical spelling: padded base64 whose spare bits are zero, or hex. In `Base64Url`, the padding may
    /// be left out.
    ///
    /// # Errors
    ///
    /// [`DigestError`] says whether the length is wrong or which character is.
    #[inline]
    pub fn decode(text: &[u8], encoding: Encoding) -> Result<Self, DigestError> {
        match encoding {
            Encoding::Base64 => {
                require_length(text, BASE64_LENGTH)?;
                Self::from_base64(text, &STANDARD)
            }
            Encoding::Base64Url if text.len() == BASE64_LENGTH => Self::from_base64(text, &URL_SAFE),
            Encoding::Base64Url => {
                require_length(text, BARE_BASE64_LENGTH)?;
                Self::from_base64(text, &URL_SAFE_NO_PAD)
            }
            Encoding::Hex => Self::from_hex(text),
        }
    }

    fn from_base64(text: &[u8], engine: &GeneralPurpose) -> Result<Self, DigestError> {
        // One byte more than a digest: the decoder asks for room for whole groups.
        let mut bytes = [0; DIGEST_LENGTH + 1];
        let written = engine.decode_slice(text, &mut bytes).map_err(|error| match error {
            base64::DecodeSliceError::DecodeError(
                base64::DecodeError::InvalidByte(offset, _)
                | base64::DecodeError::InvalidLastSymbol { offset, .. },
            ) => DigestError::Character { offset },
            _ => DigestError::Padding,
        })?;
        match bytes.first_chunk() {
            Some(digest) if written == DIGEST_LENGTH => Ok(Self(*digest)),
            _ => Err(DigestError::Padding),
        }
    }

    /// In two loops without a branch, each of which becomes a few instructions on vectors: digit by digit, every signature of
    /// a header would take longer than a SHA-256 compression.
    fn from_hex(text: &[u8]) -> Result<Self, DigestError> {
        require_length(text, HEX_LENGTH)?;
        let mut halves = [0; HEX_LENGTH];
        let mut is_hex = true;
        for (half, digit) in halves.iter_mut().zip(text) {
            let (number, letter) = (digit.wrapping_sub(b'0'), (digit | 0x20).wrapping_sub(b'a'));
            *half = if number < 10 { number } else { letter.wrapping_add(10) };
            is_hex &= (number < 10) | (letter < 6);
        }
        if !is_hex {
            let offset = text.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(0);
            return Err(DigestError::Character { offset });
        }
        let mut bytes = [0; DIGEST_LENGTH];
        for (byte, [high, low]) in bytes.iter_mut().zip(halves.as_chunks().0) {
            *byte = high << 4 | low;
        }
        Ok(Self(bytes))
    }

    /// Writes the digest as text, without allocating.
    #[must_use]
    #[inline]
    pub fn encode(&self, encoding: Encoding) -> DigestText {
        let mut buffer = [0; HEX_LENGTH];
        // Neither call can fail: the buffer holds the longer of the two texts.
        let length = match encoding {
            Encoding::Base64 => STANDARD.encode_slice(self.0, &mut buffer).unwrap_or(0),
            Encoding::Base64Url => URL_SAFE_NO_PAD.encode_slice(self.0, &mut buffer).unwrap_or(0),
            Encoding::Hex => base16ct::lower::encode(&self.0, &mut buffer).map_or(0, <[u8]>::len),
        };
        DigestText { buffer, length }
    }
}

/// Why a digest could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestError {
    /// A character that the encoding does not have at this place, spare bits that are not zero included.
    Character {
        /// Where, in bytes from the start of the digest.
        offset: usize,
    },
    /// The wrong number of characters.
    Length {
        /// 44 for base64, 64 for hex.
        expected: usize,
        /// What was found.
        found: usize,
    },
    /// The `=` is missing, or there is one too many.
    Padding,
}

impl DigestError {
    /// Bytes from the start of the digest to the one that is wrong; 0 where none is.
    #[must_use]
    pub const fn offset(&self) -> usize {
        match self {
            Self::Character { offset } => *offset,
            Self::Length { .. } | Self::Padding => 0,
        }
    }
}

impl fmt::Display for DigestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character { .. } => f.write_str("has a character that does not belong there"),
            Self::Length { expected, found } => {
                write!(f, "must be {expected} characters long, {found} found")
            }
            Self::Padding => f.write_str("must end in exactly one \"=\""),
        }
    }
}

fn require_length(text: &[u8], expected: usize) -> Result<(), DigestError> {
    if text.len() == expected { Ok(()) } else { Err(DigestError::Length { expected, found: text.len() }) }
}

impl PartialEq for Digest {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        // Folded into one word first, since subtle takes a slice byte by byte.
        let (words, others) = (self.0.as_chunks::<8>().0, other.0.as_chunks::<8>().0);
        let word = |bytes: &[u8; 8]| u64::from_ne_bytes(*bytes);
        let difference = words.iter().zip(others).fold(0, |sum, (a, b)| sum | (word(a) ^ word(b)));
        difference.ct_eq(&0).into()
    }
}

impl Eq for Digest {}

/// A digest that was computed here is as good as a forged request, so it is never printed.
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(..)")
    }
}

/// The text of a digest: ASCII, 43, 44 or 64 bytes.
#[derive(Clone, Copy, Debug)]
pub struct DigestText {
    buffer: [u8; HEX_LENGTH],
    length: usize,
}

impl Deref for DigestText {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.buffer.get(..self.length).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &[u8] = b"44c39c4ecc7268547ca51db72c6f27125251e6ea8ce3c659d918a9542522b612";
    const BASE64: &[u8] = b"RMOcTsxyaFR8pR23LG8nElJR5uqM48ZZ2RipVCUithI=";

    #[test]
    fn the_same_bytes_in_both_encodings() {
        let from_hex = Digest::decode(HEX, Encoding::Hex).unwrap();
        let from_base64 = Digest::decode(BASE64, Encoding::Base64).unwrap();
        assert_eq!(from_hex, from_base64);
        assert_eq!(&*from_hex.encode(Encoding::Base64), BASE64);
        assert_eq!(&*from_base64.encode(Encoding::Hex), HEX);
    }

    #[test]
    fn upper_case_hex_is_read_and_lower_case_is_written() {
        let digest = Digest::decode(&HEX.to_ascii_uppercase(), Encoding::Hex).unwrap();
        assert_eq!(&*digest.encode(Encoding::Hex), HEX);
    }

    #[test]
    fn only_the_canonical_base64_spelling_is_read() {
        // `J` differs from `I` in the two spare bits alone.
        let spare_bits = b"RMOcTsxyaFR8pR23LG8nElJR5uqM48ZZ2RipVCUithJ=";
        assert_eq!(Digest::decode(spare_bits, Encoding::Base64), Err(DigestError::Character { offset: 42 }));
        assert_eq!(
            Digest::decode(&BASE64[..43], Encoding::Base64),
            Err(DigestError::Length { expected: 44, found: 43 })
        );
        assert_eq!(
            Digest::decode(b"RMOcTsxyaFR8pR23LG8nElJR5uqM48ZZ2RipVCUitg==", Encoding::Base64),
            Err(DigestError::Padding)
        );
        assert_eq!(
            Digest::decode(b"RMOcTsxyaFR8pR23LG8nElJR5uqM48ZZ2RipVCUit-I=", Encoding::Base64),
            Err(DigestError::Character { offset: 41 })
        );
    }

    #[test]
    fn in_the_alphabet_for_urls_the_padding_may_be_there_and_the_bits_may_not() {
        let digest = Digest::decode(HEX, Encoding::Hex).unwrap();
        let bare = b"RMOcTsxyaFR8pR23LG8nElJR5uqM48ZZ2RipVCUithI";
        assert_eq!(&*digest.encode(Encoding::Base64Url), bare);
        for text in [&bare[..], BASE64] {
            assert_eq!(Digest::decode(text, Encoding::Base64Url), Ok(digest));
        }
        let other = Digest::new([0xfb; 32]).encode(Encoding::Base64Url);
        assert_eq!(&*other, b"-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s");
        let decode = |text: &[u8]| Digest::decode(text, Encoding::Base64Url);
        assert_eq!(decode(&other), Ok(Digest::new([0xfb; 32])));
        let character = |offset| Err(DigestError::Character { offset });
        assert_eq!(decode(b"RMOcTsxyaFR8pR23LG8nElJR5uqM48ZZ2RipVCUithJ"), character(42));
        assert_eq!(decode(b"RMOcTsxyaFR8pR23LG8nElJR5uqM48ZZ2RipVCUithJ="), character(42));
        assert_eq!(decode(&Digest::new([0xfb; 32]).encode(Encoding::Base64)), character(0));
        assert_eq!(decode(&bare[1..]), Err(DigestError::Length { expected: 43, found: 42 }));
        assert_eq!(decode(b"RMOcTsxyaFR8pR23LG8nElJR5uqM48ZZ2RipVCUithIA"), Err(DigestError::Padding));
    }

    #[test]
    fn every_byte_is_a_hex_digit_or_none_at_every_place() {
        for (place, byte) in (0..HEX_LENGTH).flat_map(|place| (0..=u8::MAX).map(move |byte| (place, byte))) {
            let mut text = HEX.to_vec();
            text[place] = byte;
            let decoded = Digest::decode(&text, Encoding::Hex);
            match char::from(byte).to_digit(16) {
                Some(_) => assert_eq!(
                    decoded.unwrap().encode(Encoding::Hex).to_vec(),
                    text.to_ascii_lowercase(),
                    "{byte} at {place}"
                ),
                None => assert_eq!(decoded, Err(DigestError::Character { offset: place })),
            }
        }
    }

    #[test]
    fn a_bad_hex_character_is_located() {
        let mut text = HEX.to_vec();
        text[17] = b'g';
        assert_eq!(Digest::decode(&text, Encoding::Hex), Err(DigestError::Character { offset: 17 }));
    }

    #[test]
    fn debug_shows_no_byte() {
        let digest = Digest::decode(HEX, Encoding::Hex).unwrap();
        assert_eq!(format!("{digest:?}"), "Digest(..)");
    }
}
