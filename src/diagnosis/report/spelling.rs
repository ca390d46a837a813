//! How the bytes of a secret may be spelled in a text: escaped for a URL, for JSON, for HTML, for a program, once or more
//! often, in any letter case, and broken into lines.

/// Most bytes that one byte of a secret takes in a text: `%2526%2523x41%253B`.
pub(super) const MAX_SPELLED: usize = 18;

/// As in `&#x0041;`.
const LONGEST_ESCAPE: usize = 8;

/// How often at most a text is escaped over again.
const MAX_DEPTH: usize = 3;

/// The entities of HTML that stand for one byte.
const ENTITIES: [(&[u8], u8); 5] =
    [(b"&amp;", b'&'), (b"&quot;", b'"'), (b"&apos;", b'\''), (b"&lt;", b'<'), (b"&gt;", b'>')];

/// The same byte for all that is one letter in another spelling: either letter case, either alphabet of base64, and a
/// plus sign that a form made of a space or a space of it.
pub(super) const fn fold(byte: u8) -> u8 {
    match byte {
        b'-' | b' ' => b'+',
        b'_' => b'/',
        byte => byte.to_ascii_lowercase(),
    }
}

/// A letter of a text, folded, and the bytes that spell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) folded: u8,
    read: u8,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Letter {
    const fn new(read: u8, start: usize, end: usize) -> Self {
        Self { folded: fold(read), read, start, end }
    }
}

/// The letters of a text as it stands, and as it reads where it was escaped once and more often.
pub(super) fn readings(text: &[u8]) -> Vec<Vec<Letter>> {
    let plain = text.iter().enumerate().map(|(start, byte)| Letter::new(*byte, start, start + 1));
    let mut readings = vec![plain.collect::<Vec<_>>()];
    while let Some(escaped) = readings.last().filter(|_| readings.len() <= MAX_DEPTH) {
        let letters = unescaped(escaped);
        if letters.len() == escaped.len() {
            break;
        }
        readings.push(letters);
    }
    readings
}

fn unescaped(letters: &[Letter]) -> Vec<Letter> {
    let mut read = Vec::with_capacity(letters.len());
    let mut rest = letters;
    while let [first, after @ ..] = rest {
        let mut window = [0; LONGEST_ESCAPE];
        window.iter_mut().zip(rest).for_each(|(slot, letter)| *slot = letter.read);
        let window = window.get(..rest.len()).unwrap_or(&window);
        let escaped = escape(window).and_then(|(byte, length)| rest.split_at_checked(length).zip(Some(byte)));
        match escaped {
            Some(((spelling, behind), byte)) => {
                let end = spelling.last().map_or(first.end, |last| last.end);
                read.push(Letter::new(byte, first.start, end));
                rest = behind;
            }
            None => {
                read.push(*first);
                rest = after;
            }
        }
    }
    read
}

/// Where the secret ends, if the letters begin with it: in bytes of the text. The secret is folded.
pub(super) fn end_of(secret: &[u8], letters: &[Letter]) -> Option<usize> {
    let mut letters = letters.iter();
    let mut end = None;
    for byte in secret {
        // Long texts are broken into lines.
        let is_break = |letter: &Letter| end.is_some() && matches!(letter.read, b'\r' | b'\n' | b'\t');
        let letter = letters.find(|letter| letter.folded == *byte || !is_break(letter))?;
        if letter.folded != *byte {
            return None;
        }
        end = Some(letter.end);
    }
    end
}

/// The byte that an escape at the beginning of the text stands for, and how long it is.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'%', a, b, ..] => Some((hexadecimal(&[*a, *b])?, 3)),
        [b'\\', b'x', a, b, ..] => Some((hexadecimal(&[*a, *b])?, 4)),
        [b'\\', b'u', b'0', b'0', a, b, ..] => Some((hexadecimal(&[*a, *b])?, 6)),
        [b'\\', b'n', ..] => Some((b'\n', 2)),
        [b'\\', b'r', ..] => Some((b'\r', 2)),
        [b'\\', b't', ..] => Some((b'\t', 2)),
        [b'\\', byte, ..] if byte.is_ascii_punctuation() => Some((*byte, 2)),
        [b'&', ..] => entity(text),
        _ => None,
    }
}

fn entity(text: &[u8]) -> Option<(u8, usize)> {
    let named = ENTITIES.into_iter().find(|(name, _)| text.starts_with(name));
    if let Some((name, byte)) = named {
        return Some((byte, name.len()));
    }
    let rest = text.strip_prefix(b"&#")?;
    let end = rest.iter().take(LONGEST_ESCAPE - 2).position(|byte| *byte == b';')?;
    let digits = core::str::from_utf8(rest.get(..end)?).ok()?;
    let byte = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u8::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    Some((byte.ok()?, end + 3))
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let mut byte = [0];
    base16ct::mixed::decode(digits, &mut byte).ok()?;
    let [byte] = byte;
    Some(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<u8> {
        readings(text.as_bytes()).last().unwrap().iter().map(|letter| letter.read).collect()
    }

    fn length_of(secret: &[u8], text: &[u8]) -> Option<usize> {
        readings(text).iter().filter_map(|letters| end_of(secret, letters)).max()
    }

    #[test]
    fn an_escape_is_read_to_its_end() {
        for (text, byte) in [
            ("%41", b'A'),
            ("%2541", b'A'),
            ("%252541", b'A'),
            ("%25", b'%'),
            ("%2525", b'%'),
            ("\\u0041", b'A'),
            ("\\x41", b'A'),
            ("\\/", b'/'),
            ("%5C%2F", b'/'),
            ("%5Cu0041", b'A'),
            ("&#65;", b'A'),
            ("&#x41;", b'A'),
            ("&#x0041;", b'A'),
            ("%26%2365%3B", b'A'),
            ("%2526%2523x41%253B", b'A'),
            ("&amp;amp;", b'&'),
            ("&quot;", b'"'),
            ("A", b'A'),
        ] {
            assert_eq!(read(text), [byte], "{text}");
            assert_eq!(length_of(&[fold(byte)], text.as_bytes()), Some(text.len()), "{text}");
        }
        for text in ["%4", "%zz", "\\u1241", "\\", "&", "&#;", "&#65", "&#1065;", ""] {
            assert_eq!(read(text), text.as_bytes());
        }
    }

    #[test]
    fn what_looks_like_an_escape_may_be_the_secret_itself() {
        assert_eq!(length_of(b"%41bcdefg", b"%41bcdefg!"), Some(9));
        assert_eq!(length_of(b"%41bcdefg", b"%2541bcdefg!"), Some(11));
        assert_eq!(length_of(b"abcdefgh", b"abcdefg"), None);
    }

    #[test]
    fn a_line_break_within_is_passed_over_and_one_in_front_is_not_of_it() {
        assert_eq!(length_of(b"abcd", b"ab\r\ncd"), Some(6));
        assert_eq!(length_of(b"abcd", b"ab%0D%0Acd"), Some(10));
        assert_eq!(length_of(b"ab\ncd", b"ab\ncd"), Some(5));
        assert_eq!(length_of(b"abcd", b"\nabcd"), None);
    }
}
