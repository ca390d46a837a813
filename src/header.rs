//! The header grammar: `timestamp=…; nonce=…; value=…`, and lists like it.
//!
//! The rules are those of Huawei's documents (HMS Core references V5, which write a space after each `;`, and the
//! older ones, which do not), read strictly: names in any order and any letter case, each exactly once; white space
//! around the separator and nowhere else; split at the first `=`; no percent-decoding, and `+` stays `+`. Parameters
//! with names of their own are skipped, so that a sender may add one, but they must be well formed.

use core::fmt;

use crate::digest::{Digest, DigestError, Encoding};
use crate::shape::ByteSet;
use crate::timestamp::{Timestamp, TimestampFormat, check_timestamp};

/// Longest header value in bytes.
pub const MAX_HEADER_LENGTH: usize = 4096;
/// What the timestamp of a [`SignatureHeader`] may be, whatever it counts.
const DIGITS: Timestamp = Timestamp::new(TimestampFormat::Milliseconds);

/// Most parts in one header.
pub const MAX_PARTS: usize = 32;
/// Most signatures in one header.
pub const MAX_SIGNATURES: usize = 16;

/// `timestamp=…; nonce=…; value=…`, taken apart. Used by `X-HW-SIGNATURE` and `X-HUAWEI-CALLBACK-ID`.
#[derive(Clone, Copy, Debug)]
pub struct SignatureHeader<'a> {
    /// 1 to 19 digits, as they were sent.
    pub timestamp: &'a str,
    /// Whatever was sent: the profile knows its grammar.
    pub nonce: &'a str,
    /// The digest as base64.
    pub value: &'a str,
    /// The digest.
    pub digest: Digest,
}

impl<'a> SignatureHeader<'a> {
    const NAMES: [&'static str; 3] = ["timestamp=", "nonce=", "value="];

    /// Reads a header value.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] says what is wrong and at which byte.
    pub fn parse(header: &'a [u8]) -> Result<Self, HeaderError> {
        check_length(header)?;
        let mut texts = [None; Self::NAMES.len()];
        read_parameters(Parts::new(header, 0, b';'), &Self::NAMES, None, |index, value, offset| {
            if let Some(text) = texts.get_mut(index) {
                *text = Some((value, offset));
            }
            Ok(())
        })?;
        let [timestamp, nonce, value] = texts;
        let required = |text: Option<(&'a [u8], usize)>, name: &str| {
            text.ok_or_else(|| HeaderError {
                offset: header.len(),
                kind: HeaderErrorKind::Missing(name.into()),
            })
        };
        let timestamp = required(timestamp, "timestamp")?;
        let nonce = required(nonce, "nonce")?;
        let value = required(value, "value")?;
        check_timestamp(timestamp.0).map_err(|error| HeaderError {
            offset: timestamp.1 + error.offset,
            kind: HeaderErrorKind::Timestamp(DIGITS),
        })?;
        let digest = Digest::decode(value.0, Encoding::Base64).map_err(|error| HeaderError {
            offset: value.1 + error.offset(),
            kind: HeaderErrorKind::Digest(error),
        })?;
        // The parser lets nothing but visible ASCII through.
        let text = |(text, _)| core::str::from_utf8(text).unwrap_or_default();
        Ok(Self { timestamp: text(timestamp), nonce: text(nonce), value: text(value), digest })
    }
}

/// Writes the spelling of Huawei's current documents. What is written reads back as itself.
impl fmt::Display for SignatureHeader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { timestamp, nonce, value, .. } = self;
        write!(f, "timestamp={timestamp}; nonce={nonce}; value={value}")
    }
}

/// Why a header could not be read, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderError {
    /// Bytes from the start of the header's value.
    pub offset: usize,
    /// What is wrong there.
    pub kind: HeaderErrorKind,
}

/// What is wrong with a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderErrorKind {
    /// A parameter that always has the same value has another.
    Constant,
    /// The digest does not decode.
    Digest(DigestError),
    /// A part of a list without a byte in it.
    Empty,
    /// The value does not begin or end as the profile's template does.
    Frame,
    /// A byte that may not stand here: a control byte, white space inside a part, or anything beyond ASCII.
    ForbiddenByte(u8),
    /// A key id that is not 1 to 128 visible ASCII characters without `,` and `;`.
    KeyId,
    /// A part that must be there is not.
    Missing(Box<str>),
    /// A nonce outside the profile's grammar.
    Nonce,
    /// A parameter that is not of the form `name=value`.
    Parameter,
    /// A parameter that stands twice.
    Repeated,
    /// A list of signed headers that is no list of names in lower case, or lacks one that must be signed.
    SignedHeaders,
    /// A timestamp outside the profile's grammar.
    Timestamp(Timestamp),
    /// More than 4096 bytes.
    TooLong,
    /// More than 32 parts.
    TooMany,
    /// More than 16 signatures.
    TooManySignatures,
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            HeaderErrorKind::Constant => f.write_str("the profile has another value here")?,
            HeaderErrorKind::Digest(error) => write!(f, "the signature {error}")?,
            HeaderErrorKind::Frame => f.write_str("the value is not framed as the profile frames it")?,
            HeaderErrorKind::Empty => f.write_str("a part is empty")?,
            HeaderErrorKind::ForbiddenByte(byte) => match byte {
                b' ' => f.write_str("a space is not allowed")?,
                b'\t' => f.write_str("a tab is not allowed")?,
                b'\r' | b'\n' => f.write_str("a line break is not allowed")?,
                byte => write!(f, "byte 0x{byte:02X} is not allowed")?,
            },
            HeaderErrorKind::KeyId => {
                f.write_str("the key id must be 1 to 128 visible ASCII characters without \",\" and \";\"")?;
            }
            HeaderErrorKind::Missing(name) => write!(f, "\"{name}\" is missing")?,
            HeaderErrorKind::Nonce => f.write_str("the nonce does not fit the profile's grammar")?,
            HeaderErrorKind::Parameter => f.write_str("expected \"name=value\"")?,
            HeaderErrorKind::Repeated => f.write_str("a parameter stands twice")?,
            HeaderErrorKind::SignedHeaders => f.write_str(
                "the list of signed headers must have names in lower case with \";\" in between, each once, without _, and \
                 those that the profile wants signed",
            )?,
            HeaderErrorKind::Timestamp(grammar) => write!(f, "the timestamp must be {grammar}")?,
            HeaderErrorKind::TooLong => f.write_str("the header is longer than 4096 bytes")?,
            HeaderErrorKind::TooMany => f.write_str("the header has more than 32 parts")?,
            HeaderErrorKind::TooManySignatures => f.write_str("the header has more than 16 signatures")?,
        }
        write!(f, " (byte {})", self.offset)
    }
}

/// The parts of a list, one after the other, without the white space around the separator.
#[derive(Clone, Debug)]
pub(crate) struct Parts<'a> {
    length: usize,
    rest: Option<&'a [u8]>,
    separator: u8,
    count: usize,
}

impl<'a> Parts<'a> {
    /// `start` is where the list starts in the header. A separator that is a space has no other white space around it.
    pub(crate) fn new(header: &'a [u8], start: usize, separator: u8) -> Self {
        Self { length: header.len(), rest: header.get(start..), separator, count: 0 }
    }

    /// The next part; `None` after the last. The name that it is likely to start with need not be looked through again.
    #[inline(always)]
    pub(crate) fn next(&mut self, likely: &[u8]) -> Result<Option<ListPart<'a>>, HeaderError> {
        let Some(mut rest) = self.rest else { return Ok(None) };
        if self.count > 0 && self.separator != b' ' {
            // The first part has white space after it only, the last one before it only.
            rest = skip_white_space(rest);
        }
        let start = self.length - rest.len();
        if self.count == MAX_PARTS {
            return Err(HeaderError { offset: start, kind: HeaderErrorKind::TooMany });
        }
        self.count += 1;
        let value = rest.strip_prefix(likely).unwrap_or(rest);
        let name_length = rest.len() - value.len();
        let (text, behind) = rest.split_at(name_length + visible_length(value, self.separator));
        self.rest = match behind {
            [] => None,
            [next, tail @ ..] if *next == self.separator => Some(tail),
            [byte, ..] => match skip_white_space(behind) {
                [next, tail @ ..] if *next == self.separator => Some(tail),
                _ => {
                    let kind = HeaderErrorKind::ForbiddenByte(*byte);
                    return Err(HeaderError { offset: self.length - behind.len(), kind });
                }
            },
        };
        Ok(Some(ListPart { text, start, name_length }))
    }
}

/// A part of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListPart<'a> {
    /// All of it visible ASCII.
    pub(crate) text: &'a [u8],
    /// Where it starts in the header.
    pub(crate) start: usize,
    /// How long the likely name at its start is; 0 where it has another one.
    name_length: usize,
}

/// Reads a list of parameters: calls `found` with the index of each that is named, its value, and where that starts.
///
/// `names` have their `=`, and stand in the order that is the likeliest. Each may come once, but for the one that is
/// `repeated`, which also allows other names to repeat. The result has a bit for each that came.
#[inline]
pub(crate) fn read_parameters<'a>(
    mut parts: Parts<'a>,
    names: &[impl AsRef<str>],
    repeated: Option<usize>,
    mut found: impl FnMut(usize, &'a [u8], usize) -> Result<(), HeaderError>,
) -> Result<u32, HeaderError> {
    let mut seen = 0_u32;
    let mut expected = 0;
    let mut others: Vec<&[u8]> = Vec::new();
    while let Some(ListPart { text, start, name_length }) =
        parts.next(names.get(expected).map_or(&[][..], |name| name.as_ref().as_bytes()))?
    {
        let (index, value) = match text.get(name_length..) {
            Some(value) if name_length > 0 && !value.is_empty() => (expected, value),
            _ => {
                let (name, value) = parse_parameter(text, start)?;
                let is_named = |known: &str| {
                    known.strip_suffix('=').is_some_and(|known| name.eq_ignore_ascii_case(known.as_bytes()))
                };
                match names.iter().position(|known| is_named(known.as_ref())) {
                    Some(index) => (index, value),
                    None if repeated.is_some() => continue,
                    None if others.iter().any(|other| other.eq_ignore_ascii_case(name)) => {
                        return Err(HeaderError { offset: start, kind: HeaderErrorKind::Repeated });
                    }
                    None => {
                        others.push(name);
                        continue;
                    }
                }
            }
        };
        let bit = 1 << (index % 32);
        if seen & bit != 0 && repeated != Some(index) {
            return Err(HeaderError { offset: start, kind: HeaderErrorKind::Repeated });
        }
        seen |= bit;
        found(index, value, start + text.len() - value.len())?;
        expected = if repeated == Some(index) { index } else { index + 1 };
    }
    Ok(seen)
}

fn parse_parameter(part: &[u8], start: usize) -> Result<(&[u8], &[u8]), HeaderError> {
    let error = |index| HeaderError { offset: start + index, kind: HeaderErrorKind::Parameter };
    // A name has no "=", so that this is where it ends, or what is wrong with it.
    let end = part.iter().position(|byte| !ByteSet::TOKEN.contains(*byte)).unwrap_or(part.len());
    match part.split_at(end) {
        (name, [b'=', value @ ..]) if !name.is_empty() && !value.is_empty() => Ok((name, value)),
        (name, [b'=']) if !name.is_empty() => Err(error(part.len())),
        (_, behind) if behind.contains(&b'=') => Err(error(end)),
        _ => Err(error(part.len())),
    }
}

fn skip_white_space(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = text {
        text = rest;
    }
    text
}

/// Checks that a header is at most 4096 bytes long.
///
/// # Errors
///
/// [`HeaderErrorKind::TooLong`].
pub fn check_length(header: &[u8]) -> Result<(), HeaderError> {
    if header.len() > MAX_HEADER_LENGTH {
        return Err(HeaderError { offset: MAX_HEADER_LENGTH, kind: HeaderErrorKind::TooLong });
    }
    Ok(())
}

/// How many bytes at the start are visible ASCII other than a separator, which is visible ASCII itself.
///
/// This is the one loop over all of a header. Where a signature may be, a block at a time, which becomes a few instructions
/// on vectors; where it ends, eight bytes.
#[inline(always)]
pub(crate) fn visible_length(text: &[u8], separator: u8) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH_BITS: u64 = ONES << 7;
    let mut behind = text;
    while let Some((block, next)) = behind.split_first_chunk::<32>()
        && block.iter().fold(true, |all, byte| all & byte.is_ascii_graphic() & (*byte != separator))
    {
        behind = next;
    }
    let start = text.len() - behind.len();
    let (words, rest) = behind.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // Each of the three has the high bit of the first byte that it looks for, and of none before it.
        let below = word.wrapping_sub(ONES * u64::from(b'!')) & !word;
        let above = word.wrapping_add(ONES) | word;
        let other = word ^ (ONES * u64::from(separator));
        let equal = other.wrapping_sub(ONES) & !other;
        let stop = (below | above | equal) & HIGH_BITS;
        if stop != 0 {
            return start + index * 8 + stop.trailing_zeros() as usize / 8;
        }
    }
    let stop = rest.iter().position(|byte| !byte.is_ascii_graphic() || *byte == separator);
    text.len() - rest.len() + stop.unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_stops_the_visible_text_or_does_not() {
        for separator in [b';', b','] {
            for byte in 0..=u8::MAX {
                for filler in [b'!', b'a', b'~'] {
                    // Two blocks, a word, and three bytes.
                    for place in 0..75 {
                        let mut text = [filler; 75];
                        text[place] = byte;
                        let stops = !byte.is_ascii_graphic() || byte == separator;
                        let expected = if stops { place } else { text.len() };
                        assert_eq!(visible_length(&text, separator), expected, "{byte:#x} at {place}");
                    }
                }
            }
        }
    }

    const SAMPLE: &str =
        "timestamp=1563105451261; nonce=:; value=E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=";

    #[track_caller]
    fn parsed(header: &str) -> SignatureHeader<'_> {
        SignatureHeader::parse(header.as_bytes()).unwrap_or_else(|error| panic!("{header}: {error}"))
    }

    #[track_caller]
    fn refused(header: &str, offset: usize, kind: HeaderErrorKind) {
        let error = SignatureHeader::parse(header.as_bytes()).expect_err(header);
        assert_eq!(error, HeaderError { offset, kind }, "{header}");
    }

    #[test]
    fn both_of_huaweis_spellings() {
        for header in [SAMPLE.to_owned(), SAMPLE.replace("; ", ";")] {
            let parsed = parsed(&header);
            assert_eq!(parsed.timestamp, "1563105451261");
            assert_eq!(parsed.nonce, ":");
            assert_eq!(parsed.value, "E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=");
        }
    }

    #[test]
    fn printing_is_the_inverse_of_parsing() {
        assert_eq!(parsed(SAMPLE).to_string(), SAMPLE);
    }

    #[test]
    fn any_order_any_letter_case_any_white_space_around_the_separator() {
        let value = "E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=";
        let header = format!("Value={value} \t;NONCE=: ;\t TimeStamp=1");
        let parsed = parsed(&header);
        assert_eq!((parsed.timestamp, parsed.nonce, parsed.value), ("1", ":", value));
    }

    #[test]
    fn a_name_of_the_senders_own_is_skipped_when_it_is_well_formed_and_stands_once() {
        assert_eq!(parsed(&format!("v=2; {SAMPLE}")).nonce, ":");
        assert_eq!(parsed(&format!("{SAMPLE}; x-y=a=b=c")).nonce, ":");
        refused(&format!("{SAMPLE}; x"), 87, HeaderErrorKind::Parameter);
        refused(&format!("{SAMPLE}; x="), 88, HeaderErrorKind::Parameter);
        refused(&format!("{SAMPLE}; x=1; X=2"), 91, HeaderErrorKind::Repeated);
    }

    #[test]
    fn every_repetition_is_refused() {
        refused(&format!("timestamp=1; {SAMPLE}"), 13, HeaderErrorKind::Repeated);
        refused(&format!("{SAMPLE}; nonce=:"), 86, HeaderErrorKind::Repeated);
        refused(&format!("{SAMPLE}, {SAMPLE}"), 85, HeaderErrorKind::ForbiddenByte(b' '));
    }

    #[test]
    fn every_missing_part_is_named() {
        let missing = |name: &str| HeaderErrorKind::Missing(name.into());
        refused("nonce=:; value=x", 16, missing("timestamp"));
        refused("timestamp=1; value=x", 20, missing("nonce"));
        refused("timestamp=1; nonce=:", 20, missing("value"));
    }

    #[test]
    fn white_space_anywhere_else_is_refused() {
        let space = || HeaderErrorKind::ForbiddenByte(b' ');
        refused(&format!(" {SAMPLE}"), 0, space());
        refused(&format!("{SAMPLE} "), 84, space());
        refused(&SAMPLE.replace("nonce=:", "nonce =:"), 30, space());
        refused(&SAMPLE.replace("nonce=:", "nonce= :"), 31, space());
    }

    #[test]
    fn control_bytes_and_everything_beyond_ascii_are_refused() {
        for byte in [0, b'\n', b'\r', 0x1b, 0x7f, 0x80, 0xff] {
            let mut header = SAMPLE.as_bytes().to_vec();
            header[31] = byte;
            let error = SignatureHeader::parse(&header).unwrap_err();
            assert_eq!(error.offset, 31);
            assert_eq!(error.kind, HeaderErrorKind::ForbiddenByte(byte));
        }
    }

    #[test]
    fn empty_parts_are_refused() {
        refused("", 0, HeaderErrorKind::Parameter);
        refused(";", 0, HeaderErrorKind::Parameter);
        refused(&format!("{SAMPLE};"), 85, HeaderErrorKind::Parameter);
        refused("=1", 0, HeaderErrorKind::Parameter);
        refused("timestamp=; nonce=:; value=x", 10, HeaderErrorKind::Parameter);
        refused("time stamp=1", 4, HeaderErrorKind::ForbiddenByte(b' '));
        refused("t(=1", 1, HeaderErrorKind::Parameter);
    }

    #[test]
    fn a_timestamp_is_digits() {
        for (text, at) in [("-1", 0), ("1.5", 1), ("1e3", 1), ("12345678901234567890", 19)] {
            let header = SAMPLE.replace("1563105451261", text);
            refused(&header, 10 + at, HeaderErrorKind::Timestamp(DIGITS));
        }
    }

    #[test]
    fn a_value_is_the_canonical_base64_of_32_bytes() {
        let digest = HeaderErrorKind::Digest;
        let length = |found| digest(DigestError::Length { expected: 44, found });
        refused(&SAMPLE[..83], 40, length(43));
        refused(&format!("{SAMPLE}="), 40, length(45));
        refused(&SAMPLE.replace("F+c=", "F+d="), 82, digest(DigestError::Character { offset: 42 }));
        refused(&SAMPLE.replace("E+H", "E-H"), 66, digest(DigestError::Character { offset: 26 }));
    }

    #[test]
    fn the_limits() {
        let long = format!("{SAMPLE}; x={}", "y".repeat(MAX_HEADER_LENGTH - SAMPLE.len() - 4));
        assert_eq!(long.len(), MAX_HEADER_LENGTH);
        assert_eq!(parsed(&long).nonce, ":");
        refused(&format!("{long}y"), 4096, HeaderErrorKind::TooLong);

        let list = |count: usize| {
            let more: String = (3..count).map(|n| format!(";p{n}=1")).collect();
            format!("{SAMPLE}{more}")
        };
        assert_eq!(parsed(&list(32)).nonce, ":");
        let one_more = list(33);
        let last = one_more.rfind(';').unwrap() + 1;
        refused(&one_more, last, HeaderErrorKind::TooMany);
        refused(&one_more.replace(";p32", "; p32"), last + 1, HeaderErrorKind::TooMany);
    }
}
