//! Characters in another encoding.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GBK, ISO_8859_2, ISO_8859_15, KOI8_R, SHIFT_JIS, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1254,
};
use unicode_normalization::{UnicodeNormalization as _, is_nfc, is_nfd, is_nfkc};

use super::{BOM, changed};

/// UTF-8 taken for what it is, and written in Latin-1; a letter beyond becomes a question mark, as `utf8_decode()` has it.
pub(in crate::diagnosis) fn as_latin1(text: &[u8]) -> Option<Vec<u8>> {
    let letters = core::str::from_utf8(text).ok()?.chars();
    changed(letters.map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect(), text)
}

/// Bytes taken for Latin-1, and written in UTF-8: `utf8_encode()`.
pub(in crate::diagnosis) fn from_latin1(bytes: &[u8]) -> Option<Vec<u8>> {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    changed(text.into_bytes(), bytes)
}

/// What stands in Windows-1252 where ISO-8859-1 has control characters: U+0080 to U+009F, with themselves for the gaps.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// UTF-8 written in Windows-1252; a letter beyond becomes a question mark.
pub(in crate::diagnosis) fn as_windows_1252(text: &[u8]) -> Option<Vec<u8>> {
    let letters = core::str::from_utf8(text).ok()?.chars();
    let byte = |letter: char| match WINDOWS_1252.iter().zip(0x80_u8..).find(|(other, _)| **other == letter) {
        Some((_, byte)) => byte,
        None => u8::try_from(letter).unwrap_or(b'?'),
    };
    changed(letters.map(byte).collect(), text)
}

/// Bytes taken for Windows-1252, and written in UTF-8.
pub(in crate::diagnosis) fn from_windows_1252(bytes: &[u8]) -> Option<Vec<u8>> {
    let letter = |byte: &u8| {
        let place = byte.checked_sub(0x80).map(usize::from);
        place.and_then(|place| WINDOWS_1252.get(place)).copied().unwrap_or(char::from(*byte))
    };
    changed(bytes.iter().map(letter).collect::<String>().into_bytes(), bytes)
}

/// Encodings of one language or a few, in which providers still write.
pub(in crate::diagnosis) const CHARSETS: [&Encoding; 11] = [
    GBK,
    SHIFT_JIS,
    EUC_KR,
    WINDOWS_1251,
    BIG5,
    EUC_JP,
    WINDOWS_1250,
    ISO_8859_2,
    ISO_8859_15,
    WINDOWS_1254,
    KOI8_R,
];

/// UTF-8 written in another encoding, where that has all the letters.
pub(in crate::diagnosis) fn as_charset(text: &[u8], charset: &'static Encoding) -> Option<Vec<u8>> {
    let letters = core::str::from_utf8(text).ok().filter(|_| !text.is_ascii())?;
    let (bytes, _, lost) = charset.encode(letters);
    if lost { None } else { changed(bytes.into_owned(), text) }
}

/// Bytes in another encoding than UTF-8, written in UTF-8.
pub(in crate::diagnosis) fn from_charset(bytes: &[u8], charset: &'static Encoding) -> Option<Vec<u8>> {
    if core::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let text = charset.decode_without_bom_handling_and_without_replacement(bytes)?;
    changed(text.into_owned().into_bytes(), bytes)
}

/// UTF-8 with the two surrogates of a letter beyond U+FFFF, three bytes each, in place of its four bytes.
pub(in crate::diagnosis) fn cesu8(text: &[u8]) -> Option<Vec<u8>> {
    let letters = core::str::from_utf8(text).ok()?.chars();
    let mut bytes = Vec::with_capacity(text.len());
    for letter in letters {
        if letter <= '\u{ffff}' {
            bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            let [high, low] = unit.to_be_bytes();
            let middle = (high & 0x0f) << 2 | low >> 6;
            bytes.extend_from_slice(&[0xed, 0x80 | middle, 0x80 | low & 0x3f]);
        }
    }
    changed(bytes, text)
}

/// The same back.
pub(in crate::diagnosis) fn from_cesu8(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        if let [0xed, a @ 0xa0..=0xaf, b, 0xed, c @ 0xb0..=0xbf, d, after @ ..] = rest {
            let six = |byte: &u8| u32::from(byte & 0x3f);
            let high = (six(a) & 0x0f) << 6 | six(b);
            let low = (six(c) & 0x0f) << 6 | six(d);
            let letter = char::from_u32(0x1_0000 + (high << 10 | low))?;
            text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            rest = after;
        } else {
            text.push(*first);
            rest = tail;
        }
    }
    changed(text, bytes)
}

/// The low byte of each UTF-16 unit, whatever stands in the other one.
pub(in crate::diagnosis) fn low_bytes(text: &[u8]) -> Option<Vec<u8>> {
    let letters = core::str::from_utf8(text).ok()?;
    changed(letters.encode_utf16().map(|unit| unit.to_le_bytes()[0]).collect(), text)
}

/// Letters and their accents as one, NFC.
pub(in crate::diagnosis) fn composed(text: &[u8]) -> Option<Vec<u8>> {
    normalized(text, |text| (!is_nfc(text)).then(|| text.nfc().collect()))
}

/// Letters, and their accents behind them, NFD: as macOS has them in names of files.
pub(in crate::diagnosis) fn decomposed(text: &[u8]) -> Option<Vec<u8>> {
    normalized(text, |text| (!is_nfd(text)).then(|| text.nfd().collect()))
}

/// The plain letter for one that only looks otherwise, such as a wide one, NFKC.
pub(in crate::diagnosis) fn compatible(text: &[u8]) -> Option<Vec<u8>> {
    normalized(text, |text| (!is_nfkc(text)).then(|| text.nfkc().collect()))
}

fn normalized(text: &[u8], normalize: impl FnOnce(&str) -> Option<String>) -> Option<Vec<u8>> {
    let letters = core::str::from_utf8(text).ok().filter(|_| !text.is_ascii())?;
    normalize(letters).map(String::into_bytes)
}

/// What word processors and chats make of what is on a keyboard.
const TYPOGRAPHIC: [(char, &str); 10] = [
    ('‘', "'"),
    ('’', "'"),
    ('“', "\""),
    ('”', "\""),
    ('„', "\""),
    ('–', "-"),
    ('—', "--"),
    ('−', "-"),
    ('…', "..."),
    ('\u{2011}', "-"),
];

/// The quotation marks and dashes of a keyboard in place of the typographic ones.
pub(in crate::diagnosis) fn typed(text: &[u8]) -> Option<Vec<u8>> {
    let letters = core::str::from_utf8(text).ok().filter(|_| !text.is_ascii())?.chars();
    let plain = letters.fold(String::with_capacity(text.len()), |mut plain, letter| {
        match TYPOGRAPHIC.iter().find(|(other, _)| *other == letter) {
            Some((_, typed)) => plain.push_str(typed),
            None => plain.push(letter),
        }
        plain
    });
    changed(plain.into_bytes(), text)
}

/// Each letter, or each UTF-16 unit, beyond ASCII as a question mark: what encoders to ASCII write.
pub(in crate::diagnosis) fn as_ascii(text: &[u8], units: bool) -> Option<Vec<u8>> {
    let text = core::str::from_utf8(text).ok()?;
    let mut ascii = Vec::with_capacity(text.len());
    for letter in text.chars() {
        match u8::try_from(letter) {
            Ok(byte) if byte.is_ascii() => ascii.push(byte),
            _ => ascii.extend((0..if units { letter.len_utf16() } else { 1 }).map(|_| b'?')),
        }
    }
    changed(ascii, text.as_bytes())
}

/// Each letter beyond U+FFFF replaced: what a column of `MySQL`'s utf8 does, which has no room for it.
pub(in crate::diagnosis) fn without_astral(text: &[u8], with: &str) -> Option<Vec<u8>> {
    let text = core::str::from_utf8(text).ok()?;
    changed(text.replace(|letter| letter > '\u{ffff}', with).into_bytes(), text.as_bytes())
}

/// Bytes taken for UTF-8 that are not: what is wrong becomes U+FFFD.
pub(in crate::diagnosis) fn lossy_utf8(bytes: &[u8]) -> Option<Vec<u8>> {
    changed(String::from_utf8_lossy(bytes).into_owned().into_bytes(), bytes)
}

/// UTF-8 written in UTF-16.
pub(in crate::diagnosis) fn utf16(text: &[u8], little_endian: bool, mark: bool) -> Option<Vec<u8>> {
    let text = core::str::from_utf8(text).ok()?;
    let mark = mark.then_some('\u{feff}');
    let units = mark.into_iter().chain(text.chars()).collect::<String>();
    let bytes = |unit: u16| if little_endian { unit.to_le_bytes() } else { unit.to_be_bytes() };
    changed(units.encode_utf16().flat_map(bytes).collect(), text.as_bytes())
}

/// UTF-16 read and written in UTF-8, and whether a byte order mark stood in front.
pub(in crate::diagnosis) fn from_utf16(bytes: &[u8]) -> Option<(Vec<u8>, bool)> {
    let little_endian = match bytes {
        [0xff, 0xfe, ..] => true,
        [0xfe, 0xff, ..] => false,
        // Without a mark, the zero bytes of Latin letters show the order.
        [_, 0, ..] => true,
        [0, _, ..] => false,
        _ => return None,
    };
    let (pairs, odd) = bytes.as_chunks::<2>();
    let unit =
        |pair: &[u8; 2]| if little_endian { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) };
    let text = String::from_utf16(&pairs.iter().map(unit).collect::<Vec<_>>()).ok()?.into_bytes();
    match text.strip_prefix(BOM) {
        _ if !odd.is_empty() => None,
        Some(rest) => Some((rest.to_vec(), true)),
        None => Some((text, false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_1252_is_latin_1_with_letters_for_control_characters() {
        let text = "10 € – “Zoë”".as_bytes();
        let bytes = as_windows_1252(text).unwrap();
        assert_eq!(bytes, b"10 \x80 \x96 \x93Zo\xeb\x94");
        assert_eq!(from_windows_1252(&bytes).unwrap(), text);
        assert_eq!(as_windows_1252("ж".as_bytes()).unwrap(), b"?");
        assert_eq!(from_windows_1252(b"plain"), None);
    }

    #[test]
    fn encodings_of_one_language() {
        assert_eq!(as_charset("テ".as_bytes(), SHIFT_JIS).unwrap(), b"\x83\x65");
        assert_eq!(from_charset(b"\xb2\xe2", GBK).unwrap(), "测".as_bytes());
        assert_eq!(as_charset("ж".as_bytes(), WINDOWS_1251).unwrap(), b"\xe6");
        assert_eq!(as_charset("测".as_bytes(), WINDOWS_1251), None);
        assert_eq!(from_charset("测".as_bytes(), GBK), None);
        assert_eq!(low_bytes("—é".as_bytes()).unwrap(), b"\x14\xe9");
    }

    #[test]
    fn letters_beyond_the_first_plane() {
        let text = "a😭é".as_bytes();
        let bytes = cesu8(text).unwrap();
        assert_eq!(bytes, b"a\xed\xa0\xbd\xed\xb8\xad\xc3\xa9");
        assert_eq!(from_cesu8(&bytes).unwrap(), text);
        assert_eq!(cesu8("é".as_bytes()), None);
    }

    #[test]
    fn accents_and_signs() {
        assert_eq!(decomposed("Zoë".as_bytes()).unwrap(), "Zoe\u{308}".as_bytes());
        assert_eq!(composed("Zoe\u{308}".as_bytes()).unwrap(), "Zoë".as_bytes());
        assert_eq!(compatible("ＡＢ１".as_bytes()).unwrap(), b"AB1");
        assert_eq!(typed("don’t–“x”…".as_bytes()).unwrap(), b"don't-\"x\"...");
        assert_eq!(typed(b"don't"), None);
    }
}
