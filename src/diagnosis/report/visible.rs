//! Bytes made visible: what a terminal, a log and a ticket can show without being fooled.

use core::fmt::Write as _;

use crate::shape::ByteSet;

/// Longest text that is shown whole, in bytes of the original.
pub(super) const MAX_SHOWN: usize = 600;
/// Longest text of a header's field that is shown whole: a UUID. A digest is longer in every spelling.
const MAX_WHOLE: usize = 36;
/// How much of a longer one is shown at each end.
const END: usize = 8;

/// The bytes as ASCII: `\n`, `\r`, `\t`, `\\`, and `\xNN` for what else cannot be seen. The middle of a long text is
/// left out.
#[must_use]
pub(super) fn visible(bytes: &[u8]) -> String {
    if bytes.len() <= MAX_SHOWN {
        return escape(bytes);
    }
    let (head, rest) = bytes.split_at(MAX_SHOWN / 2);
    let (_, tail) = rest.split_at(rest.len().saturating_sub(MAX_SHOWN / 2));
    format!("{} [... {} bytes ...] {}", escape(head), bytes.len() - head.len() - tail.len(), escape(tail))
}

/// A text that follows its grammar, which a signature at the wrong place may do too: the middle of a long one becomes as
/// many stars.
#[must_use]
pub(super) fn ends(text: &[u8]) -> Vec<u8> {
    let starred = if text.len() > MAX_WHOLE { END..text.len() - END } else { 0..0 };
    text.iter().enumerate().map(|(index, byte)| if starred.contains(&index) { b'*' } else { *byte }).collect()
}

/// A text that does not follow its grammar: its beginning as far as it has nothing but these bytes, and its length.
#[must_use]
pub(super) fn cut(text: &[u8], set: ByteSet, most: usize) -> String {
    let good = text.iter().take(most).take_while(|byte| set.contains(**byte)).count();
    let (head, rest) = text.split_at(good);
    if rest.is_empty() {
        return escape(head);
    }
    format!("{}… ({} characters)", escape(head), text.len())
}

fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' => text.push(char::from(*byte)),
            // Writing to a String cannot fail.
            byte => drop(write!(text, "\\x{byte:02x}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_printable_ascii_comes_out() {
        let all: Vec<u8> = (0..=255).collect();
        assert!(visible(&all).bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        assert_eq!(visible(b"a\n\x1b[31m\\\xc3\xa9"), "a\\n\\x1b[31m\\\\\\xc3\\xa9");
    }

    #[test]
    fn of_a_long_field_only_the_ends_are_shown() {
        let digits = b"0123456789012345678901234567890123456";
        assert_eq!(ends(&digits[..36]), &digits[..36]);
        assert_eq!(ends(digits), b"01234567*********************90123456");
    }

    #[test]
    fn a_text_is_cut_where_it_leaves_its_grammar() {
        assert_eq!(cut(b"17, nonce=:", ByteSet::DIGITS, 19), "17… (11 characters)");
        assert_eq!(cut(b"123456789", ByteSet::DIGITS, 8), "12345678… (9 characters)");
        assert_eq!(cut(b"short", ByteSet::PLAIN, 8), "short");
        assert_eq!(cut(b"\x1b[31m", ByteSet::PLAIN, 8), "… (5 characters)");
    }

    #[test]
    fn the_middle_of_a_long_text_is_left_out() {
        let long = vec![b'a'; 5000];
        assert_eq!(visible(&long), format!("{0} [... 4400 bytes ...] {0}", "a".repeat(300)));
    }
}
