//! Data that was decoded and encoded again, by whatever program: JSON, forms, and objects taken for texts.

use serde_json::Value;

use super::{MAX_SMALL, Payloads};
use crate::diagnosis::alternative::Commonness::{Common, Everyday, Rare};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Words;
use crate::diagnosis::json::{Change, JAVASCRIPT, PHP, PHP_UNESCAPED, PYTHON, STYLES, form, respaced, texts};
use crate::diagnosis::transit::python_bytes;
use crate::request::{form_spelling, percent_decode, percent_encode};

/// Most fields of a form that are written again.
const MAX_FIELDS: usize = 256;
/// So many of the styles are common.
const COMMON_STYLES: usize = 20;
/// Longest payload of which the texts of other languages are made, which grow with its depth.
const MAX_OBJECT: usize = 16 << 10;

/// Writes a name or a value of a form.
type Encoder<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;

impl Payloads<'_> {
    pub(super) fn reserialized(&mut self, value: &Value) {
        let payload = self.given;
        let small = payload.len() <= MAX_SMALL;
        let styles = if small { STYLES.len() } else { COMMON_STYLES };
        for (number, style) in STYLES.iter().enumerate().take(styles) {
            if let Some(text) = style.write(value) {
                let commonness = match number {
                    0..3 => Everyday,
                    3..COMMON_STYLES => Common,
                    _ => Rare,
                };
                self.copy(text, Cause::PayloadReserialized, style.name, commonness);
            }
        }
        if !small {
            return;
        }
        for (comma, colon, how) in [
            (",", ":", "an encoder that adds no spaces"),
            (", ", ": ", "an encoder that puts spaces behind commas and colons"),
        ] {
            self.copy(respaced(payload, comma, colon), Cause::PayloadReserialized, how, Rare);
        }
        for (change, what) in Change::ALL {
            let Some(changed) = change.of(value) else { continue };
            for style in [&PHP_UNESCAPED, &PHP, &JAVASCRIPT, &PYTHON] {
                if let Some(text) = style.write(&changed) {
                    let detail = Words::from(style.name).and(", with ").and(what).and(",");
                    self.copy(text, Cause::PayloadReserialized, detail, Rare);
                }
            }
        }
        for (rfc3986, sorted, how) in [
            (false, false, "http_build_query(json_decode($body, true))"),
            (true, false, "http_build_query(…, encoding_type: PHP_QUERY_RFC3986)"),
            (false, true, "http_build_query() after ksort()"),
            (true, true, "http_build_query(…, encoding_type: PHP_QUERY_RFC3986) after ksort()"),
        ] {
            if let Some(text) = form(value, rfc3986, sorted) {
                let commonness = if rfc3986 || sorted { Rare } else { Common };
                self.copy(text, Cause::PayloadReserialized, how, commonness);
            }
        }
    }

    /// What escaping does to a JSON text that otherwise stays as it is.
    pub(super) fn json_escapes(&mut self) {
        let Ok(text) = core::str::from_utf8(self.given) else { return };
        let plain = text.replace("\\/", "/");
        let escaped = escape_unicode(text);
        let letters = unescape_unicode(text);
        let both = escaped.replace("\\/", "/").replace('/', "\\/");
        // U+2028 and U+2029 are escaped by encoders that leave all other letters alone.
        let only_line_ends =
            text.chars().all(|letter| letter.is_ascii() || matches!(letter, '\u{2028}' | '\u{2029}'));
        let slashes = Cause::PayloadSlashesEscaped;
        self.copy(plain.replace('/', "\\/").into_bytes(), slashes, "each / is written as \\/", Common);
        self.copy(plain.into_bytes(), slashes, "each \\/ is written as /", Common);
        let unicode = Cause::PayloadUnicodeEscaped;
        if !only_line_ends {
            self.copy(escaped.into_bytes(), unicode, "each is written as \\u and four digits", Common);
        }
        self.copy(letters.into_bytes(), unicode, "each \\u… is written as the letter itself", Common);
        if !only_line_ends {
            let detail = "each is written as \\u and four digits, and each / as \\/, as json_encode() has it";
            self.copy(both.into_bytes(), unicode, detail, Rare);
        }
    }

    /// A form with its fields encoded in another way.
    pub(super) fn rewritten_form(&mut self) {
        let Some(fields) = fields_of_form(self.given) else { return };
        let written = |fields: &[(Vec<u8>, Vec<u8>)], encode: &dyn Fn(&[u8]) -> Vec<u8>| {
            let pair = |(name, value): &(Vec<u8>, Vec<u8>)| [&*encode(name), b"=", &*encode(value)].concat();
            fields.iter().map(pair).collect::<Vec<_>>().join(&b'&')
        };
        let rfc3986 = |text: &[u8]| percent_encode(text).into_bytes();
        let rfc1738 = |text: &[u8]| form_spelling(&percent_encode(text)).into_bytes();
        let python = |text: &[u8]| percent_encode(text).replace("%20", "+").into_bytes();
        let browser = |text: &[u8]| form_spelling(&percent_encode(text)).replace("%2A", "*").into_bytes();
        let lower = |text: &[u8]| lower_escapes(&percent_encode(text)).into_bytes();
        let lower_plus = |text: &[u8]| lower_escapes(&form_spelling(&percent_encode(text))).into_bytes();
        let raw = |text: &[u8]| text.to_vec();
        let mut sorted = fields.clone();
        sorted.sort();
        let encoders: [(Encoder<'_>, &str); 7] = [
            (&rfc1738, "http_build_query()"),
            (&rfc3986, "http_build_query(…, encoding_type: PHP_QUERY_RFC3986), with %20 for a space,"),
            (&python, "Python's urlencode()"),
            (&browser, "a browser, or JavaScript's URLSearchParams,"),
            (&lower, "an encoder that writes escapes in lower case"),
            (&lower_plus, "an encoder that writes escapes in lower case, and + for a space,"),
            (&raw, "urldecode()"),
        ];
        for (encode, how) in encoders {
            self.copy(written(&fields, encode), Cause::PayloadReserialized, how, Rare);
            let how = Words::from(how).and(" after ksort()");
            self.copy(written(&sorted, encode), Cause::PayloadReserialized, how, Rare);
        }
        let as_text = |text: &Vec<u8>| String::from_utf8_lossy(text).into_owned();
        let pair = |(name, value): &(Vec<u8>, Vec<u8>)| (as_text(name), Value::String(as_text(value)));
        let object = Value::Object(fields.iter().map(pair).collect());
        for style in [&JAVASCRIPT, &PHP, &PHP_UNESCAPED, &PYTHON] {
            if let Some(text) = style.write(&object) {
                let how = Words::from(style.name).and(" with the fields of this form");
                self.copy(text, Cause::PayloadReserialized, how, Rare);
            }
        }
    }

    /// What a language makes of data where it wants a text.
    pub(super) fn as_object(&mut self, value: Option<&Value>) {
        let cause = Cause::PayloadIsObjectText;
        for (text, what) in [
            ("Array", "the text \"Array\", which PHP makes of a list"),
            ("[object Object]", "the text \"[object Object]\", which JavaScript makes of an object"),
            ("Object", "the text \"Object\""),
            ("[object Promise]", "the text \"[object Promise]\", since await is missing"),
            ("1", "the text \"1\", which PHP makes of true"),
        ] {
            self.copy(text.into(), cause, what, Rare);
        }
        let what = "b'…', which str() of Python makes of bytes: decode() is missing";
        self.copy(python_bytes(self.given), cause, what, Rare);
        let value = value.filter(|_| self.given.len() <= MAX_OBJECT);
        for (text, what) in value.map(texts).unwrap_or_default() {
            self.copy(text, cause, what, Rare);
        }
        for quote in ["\"", "'"] {
            let text = [quote.as_bytes(), self.given, quote.as_bytes()].concat();
            self.copy(text, cause, format!("the payload between a pair of {quote}"), Rare);
        }
    }
}

/// The decoded names and values of a form, if it is one.
pub(super) fn fields_of_form(payload: &[u8]) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut fields = Vec::new();
    for pair in payload.split(|byte| *byte == b'&') {
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        let (name, value) = pair.split_at(equals);
        fields.push((percent_decode(name, true), percent_decode(value.get(1..)?, true)));
        if fields.len() > MAX_FIELDS {
            return None;
        }
    }
    Some(fields)
}

fn lower_escapes(text: &str) -> String {
    let mut pieces = text.split('%');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        let (digits, rest) = piece.split_at_checked(2).unwrap_or((piece, ""));
        format!("{text}%{}{rest}", digits.to_ascii_lowercase())
    })
}

fn escape_unicode(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            escaped.push(letter);
        } else {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    escaped
}

fn unescape_unicode(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((unit, after)) = code_unit(rest).filter(|(unit, _)| *unit >= 0x80) {
            units.push(unit);
            rest = after;
            continue;
        }
        plain.push_str(&String::from_utf16_lossy(&units));
        units.clear();
        // A backslash and what it escapes belong together, so that \\u00e9 stays what it is.
        let escaped = if rest.starts_with('\\') { 2 } else { 1 };
        let length = rest.chars().take(escaped).map(char::len_utf8).sum();
        let Some((letters, after)) = rest.split_at_checked(length) else { break };
        plain.push_str(letters);
        rest = after;
    }
    plain.push_str(&String::from_utf16_lossy(&units));
    plain
}

fn code_unit(text: &str) -> Option<(u16, &str)> {
    let (digits, after) = text.strip_prefix("\\u")?.split_at_checked(4)?;
    Some((u16::from_str_radix(digits, 16).ok()?, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_an_escaped_backslash_is_left_alone() {
        assert_eq!(
            unescape_unicode("\\u00e9 \\ud83d\\ude00 \\n \\\\u00e9 \\u0041"),
            "é 😀 \\n \\\\u00e9 \\u0041"
        );
        assert_eq!(escape_unicode("é 😀 a"), "\\u00e9 \\ud83d\\ude00 a");
    }

    #[test]
    fn only_what_stands_behind_a_percent_sign_is_lowered() {
        assert_eq!(lower_escapes("A%2FB%C3%A9C"), "A%2fB%c3%a9C");
    }
}
