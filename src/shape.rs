//! Which bytes a part of the string to sign may have, and whether neighbours can be told apart again.

/// A set of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteSet([u64; 4]);

impl ByteSet {
    /// No byte.
    pub const EMPTY: Self = Self([0; 4]);
    /// Every byte.
    pub const ALL: Self = Self([u64::MAX; 4]);
    /// `0-9`.
    pub const DIGITS: Self = Self::EMPTY.with_range(b'0', b'9');
    /// `0-9a-f`.
    pub const LOWER_HEX: Self = Self::DIGITS.with_range(b'a', b'f');
    /// `0-9A-Fa-f`.
    pub const HEX: Self = Self::LOWER_HEX.with_range(b'A', b'F');
    /// Letters, digits, and the marks that RFC 3986 leaves unreserved.
    pub const UNRESERVED: Self = Self::DIGITS.with_range(b'A', b'Z').with_range(b'a', b'z').with(b"-._~");
    /// What an HTTP token is made of (RFC 9110, section 5.6.2).
    pub const TOKEN: Self =
        Self::DIGITS.with_range(b'A', b'Z').with_range(b'a', b'z').with(b"!#$%&'*+-.^_`|~");
    /// Visible ASCII without `,` and `;`: what may stand in any header, parameter lists included.
    pub const PLAIN: Self = Self::EMPTY.with_range(b'!', b'+').with_range(b'-', b':').with_range(b'<', b'~');
    /// Everything but control bytes.
    pub const TEXT: Self = Self::EMPTY.with_range(b' ', b'~').with_range(0x80, 0xff);

    /// The set with some bytes more.
    #[must_use]
    pub const fn with(mut self, bytes: &[u8]) -> Self {
        let mut rest = bytes;
        while let [first, tail @ ..] = rest {
            self = self.with_range(*first, *first);
            rest = tail;
        }
        self
    }

    /// The set with a range of bytes more, both ends included.
    #[must_use]
    pub const fn with_range(mut self, first: u8, last: u8) -> Self {
        let mut byte = first;
        while byte <= last {
            let [a, b, c, d] = &mut self.0;
            let word = match byte >> 6 {
                0 => a,
                1 => b,
                2 => c,
                _ => d,
            };
            *word |= 1 << (byte & 63);
            if byte == u8::MAX {
                break;
            }
            byte += 1;
        }
        self
    }

    /// Whether the byte is in it.
    #[must_use]
    #[inline]
    pub fn contains(&self, byte: u8) -> bool {
        let word = self.0.get(usize::from(byte >> 6));
        word.is_some_and(|word| word >> (byte & 63) & 1 == 1)
    }

    /// Whether no byte is in both.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(a, b)| a & b == 0)
    }

    /// The bytes in it, in order.
    pub fn iter(&self) -> impl Iterator<Item = u8> + '_ {
        (0..=u8::MAX).filter(|byte| self.contains(*byte))
    }
}

/// All texts that a part of the string to sign can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A fixed number of bytes, each from its own set.
    Fixed(Vec<ByteSet>),
    /// Any number of bytes from one set, at least `min`.
    Run {
        /// The alphabet.
        set: ByteSet,
        /// The least number of bytes.
        min: usize,
    },
}

impl Shape {
    /// The shape of one given text.
    #[must_use]
    pub fn literal(text: &[u8]) -> Self {
        Self::Fixed(text.iter().map(|byte| ByteSet::EMPTY.with(&[*byte])).collect())
    }
}

/// Finds two neighbours that can trade bytes: the indices of the parts, or `None` when every text can be
/// taken apart in one way only.
///
/// A part can be cut off the front when its length is fixed, or when what follows it shows where it ends. The
/// same goes for the back. What cannot be cut off from either side is ambiguous, unless it is one part alone.
#[must_use]
pub fn ambiguity(parts: &[Shape]) -> Option<(usize, usize)> {
    let mut front = 0;
    let mut rest = parts;
    while let [first, tail @ ..] = rest
        && ends_visibly(first, tail.first(), false)
    {
        rest = tail;
        front += 1;
    }
    while let [head @ .., last] = rest
        && ends_visibly(last, head.last(), true)
    {
        rest = head;
    }
    let mut runs = rest
        .iter()
        .enumerate()
        .filter(|(_, part)| matches!(part, Shape::Run { .. }))
        .map(|(index, _)| front + index);
    Some((runs.next()?, runs.next()?))
}

/// Whether the end of `part` can be found, given the neighbour on that side.
fn ends_visibly(part: &Shape, neighbour: Option<&Shape>, backwards: bool) -> bool {
    let Shape::Run { set, .. } = part else {
        return true;
    };
    match neighbour {
        None => true,
        Some(Shape::Run { set: other, min }) => *min > 0 && set.is_disjoint(other),
        Some(Shape::Fixed(sets)) => {
            if backwards {
                has_landmark(set, sets.iter().rev())
            } else {
                has_landmark(set, sets.iter())
            }
        }
    }
}

/// Whether some place of a fixed text shows itself: its bytes occur neither in the run nor nearer to it.
fn has_landmark<'a>(run: &ByteSet, sets: impl Iterator<Item = &'a ByteSet>) -> bool {
    let mut nearer: Vec<&ByteSet> = Vec::new();
    for set in sets {
        if set.is_disjoint(run) && nearer.iter().all(|other| set.is_disjoint(other)) {
            return true;
        }
        nearer.push(set);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS: Shape = Shape::Run { set: ByteSet::DIGITS, min: 1 };
    const ANYTHING: Shape = Shape::Run { set: ByteSet::ALL, min: 0 };

    #[test]
    fn a_separator_that_cannot_occur_in_the_left_part_is_enough() {
        assert_eq!(ambiguity(&[DIGITS, Shape::literal(b"."), ANYTHING]), None);
        assert_eq!(ambiguity(&[ANYTHING, Shape::literal(b"."), DIGITS]), None);
    }

    #[test]
    fn a_separator_that_can_occur_on_both_sides_is_not() {
        let plain = Shape::Run { set: ByteSet::PLAIN, min: 1 };
        let parts = [plain, Shape::literal(b"."), ANYTHING];
        assert_eq!(ambiguity(&parts), Some((0, 2)));
    }

    #[test]
    fn neighbours_trade_bytes_unless_their_alphabets_differ() {
        let letters = Shape::Run { set: ByteSet::EMPTY.with_range(b'a', b'z'), min: 1 };
        let maybe_letters = Shape::Run { set: ByteSet::EMPTY.with_range(b'a', b'z'), min: 0 };
        assert_eq!(ambiguity(&[DIGITS, ANYTHING]), Some((0, 1)));
        assert_eq!(ambiguity(&[DIGITS, DIGITS]), Some((0, 1)));
        assert_eq!(ambiguity(&[DIGITS, letters.clone(), DIGITS, ANYTHING]), Some((2, 3)));
        assert_eq!(ambiguity(&[DIGITS, letters]), None);
        assert_eq!(ambiguity(&[DIGITS, maybe_letters, DIGITS]), Some((0, 1)));
    }

    #[test]
    fn a_dash_at_a_fixed_place_shows_where_the_digits_before_it_end() {
        let mut uuid = vec![ByteSet::HEX; 36];
        for dash in [8, 13, 18, 23] {
            uuid[dash] = ByteSet::EMPTY.with(b"-");
        }
        let fixed_hex = Shape::Fixed(vec![ByteSet::HEX; 36]);
        assert_eq!(ambiguity(&[DIGITS, Shape::Fixed(uuid), ANYTHING]), None);
        assert_eq!(ambiguity(&[DIGITS, fixed_hex, ANYTHING]), Some((0, 2)));
    }

    #[test]
    fn a_byte_that_can_come_earlier_is_no_landmark() {
        let dash = ByteSet::EMPTY.with(b"-");
        let digit_or_dash = ByteSet::DIGITS.with(b"-");
        assert_eq!(ambiguity(&[DIGITS, Shape::Fixed(vec![digit_or_dash, dash]), ANYTHING]), Some((0, 2)));
        assert_eq!(ambiguity(&[DIGITS, Shape::Fixed(vec![ByteSet::DIGITS, dash]), ANYTHING]), None);
    }

    #[test]
    fn one_part_alone_is_never_ambiguous() {
        assert_eq!(ambiguity(&[]), None);
        assert_eq!(ambiguity(&[ANYTHING]), None);
        assert_eq!(ambiguity(&[Shape::literal(b"v0:"), ANYTHING, Shape::literal(b"!")]), None);
    }

    #[test]
    fn the_sets_hold_what_their_names_say() {
        let text = |set: &ByteSet| String::from_utf8_lossy(&set.iter().collect::<Vec<_>>()).into_owned();
        assert_eq!(text(&ByteSet::DIGITS), "0123456789");
        assert_eq!(text(&ByteSet::HEX), "0123456789ABCDEFabcdef");
        assert_eq!(ByteSet::ALL.iter().count(), 256);
        assert_eq!(ByteSet::TEXT.iter().count(), 256 - 33);
        assert_eq!(ByteSet::PLAIN.iter().count(), 94 - 2);
        assert!(!ByteSet::PLAIN.contains(b';') && !ByteSet::PLAIN.contains(b','));
    }
}
