//! Which bytes a part of a text may have, whether neighbours can be told apart again, and how.

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
    /// What the digits of any encoding are made of.
    pub const ENCODED: Self = Self::DIGITS.with_range(b'A', b'Z').with_range(b'a', b'z').with(b"+/=_-");
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

    /// The set with some bytes less.
    #[must_use]
    pub fn without(self, bytes: &[u8]) -> Self {
        let Self(other) = Self::EMPTY.with(bytes);
        let mut words = self.0;
        words.iter_mut().zip(other).for_each(|(word, other)| *word &= !other);
        Self(words)
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

/// All texts that a part can be.
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
    /// Texts of different lengths that show where they end once it is known where they start, and the reverse.
    Closed(Closed),
}

/// Texts none of which is the beginning or the end of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The bytes that each of them starts with, each from its own set.
    pub start: Vec<ByteSet>,
    /// What may stand behind that: this byte, and then bytes of the set, which it is not in.
    pub option: (u8, ByteSet),
    /// What each of them ends in, one of these. By its first byte, one differs from the others and from all of the option;
    /// by its last byte, from the others.
    pub ends: Vec<Vec<ByteSet>>,
}

impl Closed {
    /// How long the text is that stands at an end of what is left, if one does.
    fn length(&self, text: &[u8], at_back: bool) -> Option<usize> {
        let (mark, set) = self.option;
        let end = |byte: u8| {
            let place = |end: &Vec<ByteSet>| if at_back { end.last() } else { end.first() }.copied();
            self.ends.iter().find(|end| place(end).is_some_and(|set| set.contains(byte))).map(Vec::len)
        };
        if at_back {
            let end = end(*text.last()?)?;
            let (rest, _) = text.split_at_checked(text.len().checked_sub(end)?)?;
            let run = rest.iter().rev().take_while(|byte| set.contains(**byte)).count();
            let marked = rest.iter().rev().nth(run) == Some(&mark);
            return Some(end + if marked { run + 1 } else { 0 } + self.start.len());
        }
        let (_, mut rest) = text.split_at_checked(self.start.len())?;
        if let Some(option) = rest.strip_prefix(&[mark]) {
            let run = option.iter().take_while(|byte| set.contains(**byte)).count();
            rest = option.get(run..)?;
        }
        Some(text.len() - rest.len() + end(*rest.first()?)?)
    }
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
#[must_use]
pub fn ambiguity(parts: &[Shape]) -> Option<(usize, usize)> {
    Cuts::of(parts).err()
}

/// How a text is taken apart again: one part after the other, from either end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cuts(Vec<Cut>);

/// A part that stands at an end of what is left.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cut {
    part: usize,
    at_back: bool,
    length: Length,
}

/// How long it is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Length {
    /// So many bytes.
    Exactly(usize),
    /// All that is left.
    Rest,
    /// As far as the bytes are from the set.
    While(ByteSet),
    /// Up to so many bytes before the first byte from the set.
    Before(ByteSet, usize),
    /// As far as one of these texts goes.
    Closed(Closed),
}

impl Cuts {
    /// Finds out how.
    ///
    /// A part can be cut off the front when its length is fixed, when it is closed, or when what follows it shows where it
    /// ends. The same goes for the back. What cannot be cut off from either side is ambiguous, unless it is one part
    /// alone.
    ///
    /// # Errors
    ///
    /// The indices of two parts that can trade bytes.
    pub fn of(parts: &[Shape]) -> Result<Self, (usize, usize)> {
        let mut cuts = Vec::with_capacity(parts.len());
        let mut front = 0;
        let mut rest = parts;
        while let [first, ..] = rest {
            let (at_back, length) = match rest {
                // Not by its length: what is too long or too short is better called so.
                [_] => (false, Length::Rest),
                [Shape::Fixed(sets), ..] => (false, Length::Exactly(sets.len())),
                [Shape::Closed(closed), ..] => (false, Length::Closed(closed.clone())),
                [.., Shape::Fixed(sets)] => (true, Length::Exactly(sets.len())),
                [.., Shape::Closed(closed)] => (true, Length::Closed(closed.clone())),
                [.., before, last] => match (end(first, rest.get(1), false), end(last, Some(before), true)) {
                    (Some(length), _) => (false, length),
                    (None, Some(length)) => (true, length),
                    (None, None) => return Err(two_runs(rest, front)),
                },
                _ => (false, Length::Rest),
            };
            let part = if at_back { front + rest.len() - 1 } else { front };
            cuts.push(Cut { part, at_back, length });
            if at_back {
                rest = rest.split_last().map_or(&[], |(_, head)| head);
            } else {
                rest = rest.split_first().map_or(&[], |(_, tail)| tail);
                front += 1;
            }
        }
        Ok(Self(cuts))
    }

    /// Takes a text apart: calls `found` with the index of each part, its bytes, and where they start. Whether a part is
    /// one of the texts of its shape, the caller has to see. If all are, no other parts make this text.
    ///
    /// # Errors
    ///
    /// Where what is left starts when a part is missing, or bytes are left over.
    pub fn split<'t>(
        &self,
        text: &'t [u8],
        mut found: impl FnMut(usize, &'t [u8], usize),
    ) -> Result<(), usize> {
        let mut start = 0;
        let mut rest = text;
        for cut in &self.0 {
            let length = cut.length(rest).filter(|length| *length <= rest.len()).ok_or(start)?;
            if cut.at_back {
                let (head, part) = rest.split_at(rest.len() - length);
                found(cut.part, part, start + head.len());
                rest = head;
            } else {
                let (part, tail) = rest.split_at(length);
                found(cut.part, part, start);
                start += length;
                rest = tail;
            }
        }
        if rest.is_empty() { Ok(()) } else { Err(start) }
    }
}

impl Cut {
    fn length(&self, text: &[u8]) -> Option<usize> {
        let find = |wanted: &dyn Fn(u8) -> bool| {
            let mut bytes = text.iter();
            if self.at_back {
                bytes.rev().position(|byte| wanted(*byte))
            } else {
                bytes.position(|byte| wanted(*byte))
            }
        };
        match &self.length {
            Length::Exactly(length) => Some(*length),
            Length::Rest => Some(text.len()),
            Length::While(set) => Some(find(&|byte| !set.contains(byte)).unwrap_or(text.len())),
            Length::Before(landmark, distance) => {
                find(&|byte| landmark.contains(byte))?.checked_sub(*distance)
            }
            Length::Closed(closed) => closed.length(text, self.at_back),
        }
    }
}

/// How long `part` is, if its neighbour shows that.
fn end(part: &Shape, neighbour: Option<&Shape>, at_back: bool) -> Option<Length> {
    let Shape::Run { set, .. } = part else { return None };
    match neighbour? {
        Shape::Run { set: other, min } => (*min > 0 && set.is_disjoint(other)).then_some(Length::While(*set)),
        Shape::Fixed(sets) if at_back => landmark(set, sets.iter().rev()),
        Shape::Fixed(sets) => landmark(set, sets.iter()),
        // From the back, the bytes of a closed text do not stand at fixed places.
        Shape::Closed(_) if at_back => None,
        Shape::Closed(closed) => landmark(set, closed.start.iter()),
    }
}

/// A place of a fixed text that shows itself: its bytes occur neither in the run nor nearer to it.
fn landmark<'a>(run: &ByteSet, sets: impl Iterator<Item = &'a ByteSet>) -> Option<Length> {
    let mut nearer: Vec<&ByteSet> = Vec::new();
    for set in sets {
        if set.is_disjoint(run) && nearer.iter().all(|other| set.is_disjoint(other)) {
            return Some(Length::Before(*set, nearer.len()));
        }
        nearer.push(set);
    }
    None
}

/// The first two parts that have no fixed length. What is left has a run at both ends.
fn two_runs(parts: &[Shape], front: usize) -> (usize, usize) {
    let is_run = |part: &Shape| matches!(part, Shape::Run { .. });
    let second = parts.iter().skip(1).position(is_run).unwrap_or_default();
    (front, front + 1 + second)
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

    /// All texts of a shape over two letters, up to three bytes long.
    fn texts(shape: &Shape) -> Vec<Vec<u8>> {
        let all = (0..=3_u32).flat_map(|length| {
            (0..1 << length)
                .map(move |bits| (0..length).map(|at| b'a' + (bits >> at & 1)).collect::<Vec<u8>>())
        });
        let fits = |text: &Vec<u8>| match shape {
            Shape::Fixed(sets) => {
                text.len() == sets.len() && text.iter().zip(sets).all(|(byte, set)| set.contains(*byte))
            }
            Shape::Run { set, min } => text.len() >= *min && text.iter().all(|byte| set.contains(*byte)),
            // It takes more than two letters.
            Shape::Closed(_) => false,
        };
        all.filter(fits).collect()
    }

    /// Every choice of texts for the parts.
    fn choices(parts: &[Shape]) -> Vec<Vec<Vec<u8>>> {
        parts.iter().fold(vec![Vec::new()], |choices, part| {
            let texts = texts(part);
            let longer = |choice: &Vec<Vec<u8>>| {
                let choice = choice.clone();
                texts
                    .iter()
                    .map(move |text| [choice.clone(), vec![text.clone()]].concat())
                    .collect::<Vec<_>>()
            };
            choices.iter().flat_map(longer).collect()
        })
    }

    #[test]
    fn what_is_not_ambiguous_is_cut_into_the_parts_that_made_it() {
        let (a, b) = (ByteSet::EMPTY.with(b"a"), ByteSet::EMPTY.with(b"b"));
        let either = ByteSet::EMPTY.with(b"ab");
        let sets = [a, b, either];
        let runs = sets.iter().flat_map(|set| [0, 1].map(|min| Shape::Run { set: *set, min }));
        let short = sets.iter().map(|set| Shape::Fixed(vec![*set]));
        let long = [vec![a, b], vec![b, a], vec![either, b], vec![either, either]].map(Shape::Fixed);
        let shapes: Vec<Shape> = runs.chain(short).chain(long).collect();
        let (mut cut, mut ambiguous, mut caught) = (0, 0, 0);
        let lists = (0..shapes.len().pow(3)).map(|number| {
            let place = |power: u32| shapes[number / shapes.len().pow(power) % shapes.len()].clone();
            [place(0), place(1), place(2)]
        });
        for parts in lists {
            let choices = choices(&parts);
            let Ok(cuts) = Cuts::of(&parts) else {
                ambiguous += 1;
                let mut whole: Vec<Vec<u8>> = choices.iter().map(|choice| choice.concat()).collect();
                whole.sort_unstable();
                caught += usize::from(whole.windows(2).any(|pair| pair[0] == pair[1]));
                continue;
            };
            cut += 1;
            for choice in choices {
                let text = choice.concat();
                let mut found = vec![None; parts.len()];
                let split = cuts.split(&text, |part, bytes, at| found[part] = Some((at, bytes.to_vec())));
                let mut at = 0;
                let expected = choice.into_iter().map(|part| {
                    at += part.len();
                    Some((at - part.len(), part))
                });
                assert_eq!((split, found), (Ok(()), expected.collect()), "{parts:?}");
            }
        }
        // Not all that is refused is ambiguous, but most of it.
        assert!(cut > 1000 && caught * 10 > ambiguous * 9, "{cut}, {ambiguous}, {caught}");
    }

    #[test]
    fn a_text_that_lacks_a_part_is_not_cut() {
        let cuts = Cuts::of(&[DIGITS, Shape::literal(b"::"), ANYTHING, Shape::literal(b"!!")]).unwrap();
        let split = |text: &str| cuts.split(text.as_bytes(), |_, _, _| {});
        assert_eq!(split("1::x!!"), Ok(()));
        for (text, offset) in [("", 0), ("1", 0), ("1!!", 0), ("1:!!", 1), ("1::!", 1)] {
            assert_eq!(split(text), Err(offset), "{text}");
        }
    }

    /// `1-`, `1-.5`, and so on, with a `Z` or a sign and a digit behind.
    fn closed() -> Shape {
        let one = |byte| ByteSet::EMPTY.with(&[byte]);
        Shape::Closed(Closed {
            start: vec![ByteSet::DIGITS, one(b'-'), ByteSet::DIGITS],
            option: (b'.', ByteSet::DIGITS),
            ends: vec![vec![one(b'Z')], vec![one(b'+'), ByteSet::DIGITS]],
        })
    }

    #[test]
    fn a_closed_part_is_cut_off_from_either_side_and_separates_nothing() {
        let word = Shape::Run { set: ByteSet::EMPTY.with_range(b'a', b'z'), min: 0 };
        let dashed = Shape::Run { set: ByteSet::DIGITS.with(b"-"), min: 1 };
        assert_eq!(ambiguity(&[closed(), ANYTHING]), None);
        assert_eq!(ambiguity(&[ANYTHING, closed()]), None);
        assert_eq!(ambiguity(&[closed(), ANYTHING, closed()]), None);
        assert_eq!(ambiguity(&[ANYTHING, closed(), ANYTHING]), Some((0, 2)));
        // Its beginning shows where the part before it ends, its end does not show where the part behind it starts.
        assert_eq!(ambiguity(&[word.clone(), closed(), ANYTHING]), None);
        assert_eq!(ambiguity(&[DIGITS, closed(), ANYTHING]), None);
        assert_eq!(ambiguity(&[dashed, closed(), ANYTHING]), Some((0, 2)));
        assert_eq!(ambiguity(&[ANYTHING, closed(), word]), Some((0, 2)));
    }

    #[test]
    fn a_closed_part_is_as_long_as_its_own_bytes_say() {
        let texts = ["1-2Z", "1-2.3Z", "1-2.345Z", "1-2+6", "1-2.34+6"];
        for parts in
            [[closed(), ANYTHING, closed()], [closed(), closed(), ANYTHING], [ANYTHING, closed(), closed()]]
        {
            let cuts = Cuts::of(&parts).unwrap();
            for (first, second) in texts.iter().flat_map(|first| texts.map(|second| (*first, second))) {
                for other in ["", "x", "1-2Z", ".3Z", "+6", "Z.4"] {
                    let mut closed = [first, second].into_iter();
                    let expected = parts.each_ref().map(|part| match part {
                        Shape::Closed(_) => closed.next().unwrap(),
                        _ => other,
                    });
                    let text = expected.concat();
                    let mut found = [""; 3];
                    let split = cuts.split(text.as_bytes(), |part, bytes, _| {
                        found[part] = core::str::from_utf8(bytes).unwrap();
                    });
                    assert_eq!((split, found), (Ok(()), expected), "{text}");
                }
            }
        }
        let first = Cuts::of(&[closed(), ANYTHING]).unwrap();
        for text in ["", "1", "1-2", "1-2.", "1-2.3", "1-2x", "1-2+"] {
            assert!(first.split(text.as_bytes(), |_, _, _| {}).is_err(), "{text}");
        }
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
