//! The grammar of a nonce: written as text in a profile, checked on every request, and the source of new ones.

use alloc::borrow::Cow;
use core::fmt::Write as _;

use crate::shape::{ByteSet, Shape};

/// Longest nonce in bytes.
pub const MAX_NONCE_LENGTH: usize = 256;

/// Characters in a new random nonce, where the grammar leaves a choice.
const RANDOM_LENGTH: usize = 64;

/// What no nonce that is always the same has: who writes it means a set, or a regular expression.
const PATTERN: &[char] = &['[', ']', '{', '}', '\\', '*', '+', '?', '(', ')', '|', '^', '$'];

/// Where the dashes of a UUID stand.
const UUID_DASHES: [usize; 4] = [8, 13, 18, 23];
const UUID_LENGTH: usize = 36;

/// What a nonce may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nonce {
    /// One given text, such as Huawei's `:`. Not unique, so of no use against replay.
    Exactly(Box<str>),
    /// Characters from a set, at least `min` and at most `max` of them.
    Random {
        /// The alphabet.
        set: ByteSet,
        /// Fewest characters.
        min: usize,
        /// Most characters.
        max: usize,
    },
    /// A UUID in its usual form, in either case.
    Uuid,
}

impl Nonce {
    /// Reads a grammar: `uuid`, a set with its length such as `[A-Za-z0-9._-]{8,128}`, or the one text that is sent.
    ///
    /// In a set, `a-z` is a range and a `-` at the end is itself. All characters are visible ASCII without `,` and
    /// `;`, and a length is at most 256. What a regular expression means otherwise is refused: a `\`, a `^` at the start
    /// of a set, and any of `*+?()|^$` in a text.
    #[must_use]
    pub fn parse(grammar: &str) -> Option<Self> {
        if grammar == "uuid" {
            return Some(Self::Uuid);
        }
        let Some(set) = grammar.strip_prefix('[') else {
            let plain = grammar.bytes().all(|byte| ByteSet::PLAIN.contains(byte));
            let fits = (1..=MAX_NONCE_LENGTH).contains(&grammar.len());
            let bare = !grammar.contains(PATTERN) && !grammar.eq_ignore_ascii_case("uuid");
            return (plain && fits && bare).then(|| Self::Exactly(grammar.into()));
        };
        let (set, length) = set.strip_suffix('}')?.rsplit_once("]{")?;
        let (min, max) = match length.split_once(',') {
            Some((min, max)) => (parse_length(min)?, parse_length(max)?),
            None => (parse_length(length)?, parse_length(length)?),
        };
        (min <= max).then_some(())?;
        Some(Self::Random { set: parse_set(set.as_bytes())?, min, max })
    }

    /// Whether the text is such a nonce.
    #[must_use]
    #[inline]
    pub fn accepts(&self, nonce: &[u8]) -> bool {
        match self {
            Self::Exactly(text) => nonce == text.as_bytes(),
            Self::Random { set, min, max } => {
                (*min..=*max).contains(&nonce.len()) && nonce.iter().all(|byte| set.contains(*byte))
            }
            Self::Uuid => {
                nonce.len() == UUID_LENGTH
                    && nonce.iter().enumerate().all(|(index, byte)| uuid_set(index).contains(*byte))
            }
        }
    }

    /// Whether no two requests should have the same.
    #[must_use]
    pub fn is_unique(&self) -> bool {
        match self {
            Self::Exactly(_) => false,
            Self::Random { set, .. } => set.iter().count() > 1,
            Self::Uuid => true,
        }
    }

    /// Makes a new nonce. `random` fills a buffer with random bytes.
    ///
    /// A UUID (version 4) wherever the grammar takes one, since every peer can store and log it; otherwise 64 random
    /// characters, or as many as the grammar allows.
    ///
    /// # Errors
    ///
    /// Whatever `random` fails with.
    pub fn generate<E>(&self, mut random: impl FnMut(&mut [u8]) -> Result<(), E>) -> Result<Cow<'_, str>, E> {
        match self {
            Self::Exactly(text) => Ok(Cow::Borrowed(text)),
            Self::Random { set, min, max } => {
                let uuid = new_uuid(&mut random)?;
                if self.accepts(uuid.as_bytes()) {
                    return Ok(Cow::Owned(uuid));
                }
                random_text(set, RANDOM_LENGTH.clamp(*min, *max), &mut random).map(Cow::Owned)
            }
            Self::Uuid => new_uuid(&mut random).map(Cow::Owned),
        }
    }

    pub(crate) fn shape(&self) -> Shape {
        match self {
            Self::Exactly(text) => Shape::literal(text.as_bytes()),
            Self::Random { set, min, max } if min == max => Shape::Fixed(vec![*set; *min]),
            Self::Random { set, min, .. } => Shape::Run { set: *set, min: *min },
            Self::Uuid => Shape::Fixed((0..UUID_LENGTH).map(uuid_set).collect()),
        }
    }
}

fn parse_length(text: &str) -> Option<usize> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    let length = plain.then(|| text.parse().ok())??;
    (1..=MAX_NONCE_LENGTH).contains(&length).then_some(length)
}

fn parse_set(text: &[u8]) -> Option<ByteSet> {
    if text.starts_with(b"^") || text.contains(&b'\\') {
        return None;
    }
    let mut set = ByteSet::EMPTY;
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let (last, tail) = match tail {
            [b'-', last, tail @ ..] => (last, tail),
            _ => (first, tail),
        };
        if first > last {
            return None;
        }
        set = set.with_range(*first, *last);
        rest = tail;
    }
    let plain = set.iter().all(|byte| ByteSet::PLAIN.contains(byte));
    (plain && set != ByteSet::EMPTY).then_some(set)
}

fn uuid_set(index: usize) -> ByteSet {
    if UUID_DASHES.contains(&index) { ByteSet::EMPTY.with(b"-") } else { ByteSet::HEX }
}

fn new_uuid<E>(random: &mut impl FnMut(&mut [u8]) -> Result<(), E>) -> Result<String, E> {
    let mut bytes = [0_u8; 16];
    random(&mut bytes)?;
    // The version and the variant of RFC 9562, section 5.4.
    let number = u128::from_be_bytes(bytes) & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let mut text = String::with_capacity(UUID_LENGTH);
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        number >> 96,
        number >> 80 & 0xffff,
        number >> 64 & 0xffff,
        number >> 48 & 0xffff,
        number & 0xffff_ffff_ffff
    );
    Ok(text)
}

fn random_text<E>(
    set: &ByteSet,
    length: usize,
    random: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
) -> Result<String, E> {
    let alphabet: Vec<u8> = set.iter().collect();
    // Bytes at or above the largest multiple of the alphabet's size are thrown away, or some characters would
    // come up more often than others.
    let fair = 256 - 256 % alphabet.len().max(1);
    let mut text = String::with_capacity(length);
    let mut bytes = [0_u8; RANDOM_LENGTH];
    while text.len() < length {
        random(&mut bytes)?;
        let fair_bytes = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair);
        let missing = length - text.len();
        text.extend(
            fair_bytes
                .filter_map(|byte| alphabet.get(byte % alphabet.len()))
                .take(missing)
                .map(|byte| char::from(*byte)),
        );
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use core::convert::Infallible;

    use super::*;

    /// A poor but repeatable source: what matters here is the form of what comes out.
    fn counter() -> impl FnMut(&mut [u8]) -> Result<(), Infallible> {
        let mut state = 1_u32;
        move |buffer| {
            for byte in buffer {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *byte = (state >> 24) as u8;
            }
            Ok(())
        }
    }

    #[test]
    fn what_is_generated_is_accepted() {
        for grammar in [
            ":",
            "uuid",
            "[A-Za-z0-9._-]{8,128}",
            "[A-Za-z0-9+/]{64}",
            "[0-9]{3}",
            "[a]{5,256}",
            "[!-+]{32,128}",
        ] {
            let nonce = Nonce::parse(grammar).unwrap();
            let mut random = counter();
            for _ in 0..50 {
                let made = nonce.generate(&mut random).unwrap();
                assert!(nonce.accepts(made.as_bytes()), "{grammar}: {made}");
            }
        }
    }

    #[test]
    fn a_uuid_is_made_wherever_it_fits() {
        let length = |grammar| {
            let nonce = Nonce::parse(grammar).unwrap();
            nonce.generate(counter()).unwrap().len()
        };
        assert_eq!(length("uuid"), 36);
        assert_eq!(length("[A-Za-z0-9._-]{8,128}"), 36);
        assert_eq!(length("[A-Za-z0-9]{8,128}"), 64);
        assert_eq!(length("[A-Za-z0-9]{8,20}"), 20);
    }

    #[test]
    fn a_new_uuid_has_its_version_and_variant() {
        let mut random = counter();
        for _ in 0..50 {
            let uuid = new_uuid(&mut random).unwrap();
            assert_eq!(uuid.as_bytes()[14], b'4', "{uuid}");
            assert!(b"89ab".contains(&uuid.as_bytes()[19]), "{uuid}");
        }
        let all_ones = new_uuid(&mut |buffer: &mut [u8]| {
            buffer.fill(0xff);
            Ok::<_, Infallible>(())
        });
        assert_eq!(all_ones.unwrap(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn every_character_of_the_alphabet_comes_up_equally_often() {
        // 256 is no multiple of 94: taken modulo, the first 68 characters would come up three times for every two of
        // the others.
        let set = ByteSet::EMPTY.with_range(b'!', b'~');
        let mut random = counter();
        let mut seen = [0_usize; 256];
        for _ in 0..1000 {
            for byte in random_text(&set, 94, &mut random).unwrap().bytes() {
                seen[usize::from(byte)] += 1;
            }
        }
        for count in &seen[usize::from(b'!')..=usize::from(b'~')] {
            assert!((850..1150).contains(count), "{seen:?}");
        }
    }

    #[test]
    fn a_nonce_with_one_possible_text_is_not_unique() {
        let unique = |grammar| Nonce::parse(grammar).unwrap().is_unique();
        assert!(unique("uuid") && unique("[ab]{1}"));
        assert!(!unique(":") && !unique("[a]{5}"));
    }

    #[test]
    fn grammars_that_are_none() {
        for grammar in [
            "",
            "[",
            "[]",
            "[a]",
            "[]{3}",
            "[a]{}",
            "[a]{0}",
            "[a]{257}",
            "[a]{3,2}",
            "[a]{-1}",
            "[z-a]{3}",
            "[a;]{3}",
            "[a ]{3}",
            "a b",
            "a;b",
            "{nonce}",
            "a]",
            "\u{e9}",
            "UUID",
            "\\d+",
            "[\\w]{16}",
            "[^:]{8}",
            "[a]{+3}",
            "[a]{03}",
            "a*",
            "a|b",
            "(a)",
            "a+",
            "^a",
            "a$",
            "a?",
        ] {
            assert_eq!(Nonce::parse(grammar), None, "{grammar}");
        }
    }

    #[test]
    fn a_dash_at_the_end_is_a_dash() {
        let nonce = Nonce::parse("[._-]{3}").unwrap();
        assert!(nonce.accepts(b"._-"));
        assert!(!nonce.accepts(b"abc"));
    }

    #[test]
    fn a_uuid_is_a_uuid() {
        let uuid = Nonce::Uuid;
        assert!(uuid.accepts(b"550e8400-e29b-41d4-a716-446655440000"));
        assert!(uuid.accepts(b"550E8400-E29B-41D4-A716-446655440000"));
        assert!(!uuid.accepts(b"550e8400e29b41d4a716446655440000"));
        assert!(!uuid.accepts(b"550e8400-e29b-41d4-a716-44665544000g"));
        assert!(!uuid.accepts(b"550e8400-e29b-41d4-a716-446655440000 "));
    }
}
