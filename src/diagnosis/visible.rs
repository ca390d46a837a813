//! Bytes made visible: what a terminal, a log and a ticket can show without being fooled.

use core::fmt::Write as _;

/// Longest text that is shown whole, in bytes of the original.
const MAX_SHOWN: usize = 600;
/// Longest name of a field that is shown whole, in letters.
const MAX_NAME: usize = 40;

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

/// The name of a field that came from outside.
#[must_use]
pub(super) fn visible_name(name: &str) -> String {
    let shown: String = name.chars().take(MAX_NAME).collect();
    let more = if shown.len() < name.len() { "..." } else { "" };
    format!("{}{more}", escape(shown.as_bytes()))
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
    fn the_middle_of_a_long_text_is_left_out() {
        let long = vec![b'a'; 5000];
        assert_eq!(visible(&long), format!("{0} [... 4400 bytes ...] {0}", "a".repeat(300)));
    }
}
