//! Characters that nobody sees, and what to call them.

use super::changed;

/// Characters that are copied along from a web page, a chat or a word processor.
pub(in crate::diagnosis) const INVISIBLE: [(char, &str); 15] = [
    ('\u{200b}', "a zero-width space (U+200B)"),
    ('\u{a0}', "a no-break space (U+00A0)"),
    ('\u{feff}', "a byte order mark (U+FEFF)"),
    ('\u{200e}', "a left-to-right mark (U+200E)"),
    ('\u{200f}', "a right-to-left mark (U+200F)"),
    ('\u{200c}', "a zero-width non-joiner (U+200C)"),
    ('\u{200d}', "a zero-width joiner (U+200D)"),
    ('\u{2060}', "a word joiner (U+2060)"),
    ('\u{ad}', "a soft hyphen (U+00AD)"),
    ('\u{202a}', "a left-to-right embedding (U+202A)"),
    ('\u{202c}', "a directional formatting end (U+202C)"),
    ('\u{2028}', "a line separator (U+2028)"),
    ('\u{202f}', "a narrow no-break space (U+202F)"),
    ('\u{3000}', "an ideographic space (U+3000)"),
    ('\u{180e}', "a Mongolian vowel separator (U+180E)"),
];

/// Without the characters that nobody sees, control characters among them.
pub(in crate::diagnosis) fn without_invisible(text: &[u8]) -> Option<Vec<u8>> {
    let text = core::str::from_utf8(text).ok()?;
    let seen = |letter: &char| {
        let control = letter.is_control() && !letter.is_ascii_whitespace();
        !control && INVISIBLE.iter().all(|(hidden, _)| hidden != letter)
    };
    changed(text.chars().filter(seen).collect::<String>().into_bytes(), text.as_bytes())
}

/// What of that stands in a text, with its place.
pub(in crate::diagnosis) fn invisible_in(text: &[u8]) -> Option<String> {
    let text = core::str::from_utf8(text).ok()?;
    let (letter, name) = INVISIBLE.iter().find(|(letter, _)| text.contains(*letter))?;
    let rest = text.trim_matches(*letter);
    let place = match (text.starts_with(*letter), text.ends_with(*letter)) {
        _ if rest.contains(*letter) => "within it",
        (true, true) => "at either end of it",
        (true, false) => "at its beginning",
        _ => "at its end",
    };
    Some(format!("{name} {place}"))
}

/// What to call white space, as people count it: "a space and 2 line feeds".
pub(in crate::diagnosis) fn white_space(mut bytes: &[u8]) -> String {
    let mut runs: Vec<(&str, usize)> = Vec::new();
    while let [first, tail @ ..] = bytes {
        let (name, rest) = match bytes {
            [b'\r', b'\n', rest @ ..] => ("CR LF", rest),
            [b'\n', rest @ ..] => ("line feed", rest),
            [b'\r', rest @ ..] => ("carriage return", rest),
            [b'\t', rest @ ..] => ("tab", rest),
            [b' ', rest @ ..] => ("space", rest),
            _ => (if *first == 0x0c { "form feed" } else { "control character" }, tail),
        };
        match runs.last_mut() {
            Some((last, count)) if *last == name => *count += 1,
            _ => runs.push((name, 1)),
        }
        bytes = rest;
    }
    let one = |(name, count): (&str, usize)| match (name, count) {
        ("CR LF", 1) => "CR LF".to_owned(),
        (name, 1) => format!("a {name}"),
        ("CR LF", count) => format!("{count} times CR LF"),
        (name, count) => format!("{count} {name}s"),
    };
    runs.into_iter().map(one).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_has_a_name_and_a_place() {
        for (text, shown) in [
            ("\n", "a line feed"),
            ("\r\n", "CR LF"),
            (" \n\n", "a space and 2 line feeds"),
            ("\t\r", "a tab and a carriage return"),
            ("\r\n\r\n", "2 times CR LF"),
        ] {
            assert_eq!(white_space(text.as_bytes()), shown);
        }
        for (text, shown) in [
            ("ab\u{200b}", "a zero-width space (U+200B) at its end"),
            ("\u{feff}ab", "a byte order mark (U+FEFF) at its beginning"),
            ("a\u{a0}b", "a no-break space (U+00A0) within it"),
        ] {
            assert_eq!(invisible_in(text.as_bytes()).as_deref(), Some(shown));
        }
        assert_eq!(invisible_in(b"ab"), None);
    }
}
