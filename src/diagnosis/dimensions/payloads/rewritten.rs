//! Data that was decoded and encoded again, by whatever program: JSON and forms.

use serde_json::Value;

use super::ends::JOINED_FIX;
use super::{MAX_SMALL, Payloads};
use crate::diagnosis::alternative::Commonness::{Common, Everyday, Rare};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::json::{
    Change, JAVASCRIPT, PHP, PHP_UNESCAPED, PYTHON, STYLES, braced, distinct, forms, join_lines_back,
    respaced,
};
use crate::diagnosis::transit::replace;
use crate::request::{form_spelling, percent_decode, percent_encode};

/// Most fields of a form that are written again.
const MAX_FIELDS: usize = 256;
/// So many of the styles are common.
const COMMON_STYLES: usize = 20;
/// What people call the field that holds a signature.
pub(super) const SIGNATURES: [&str; 10] =
    ["signature", "sign", "sig", "hmac", "hash", "checksum", "digest", "mac", "token", "_signature"];
/// So many of the styles are tried without it.
const STYLES_WITHOUT: usize = 12;

/// Writes a name or a value of a form.
type Encoder<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;

impl Payloads<'_> {
    pub(super) fn reserialized(&mut self, value: &Value) {
        let payload = self.given;
        let small = payload.len() <= MAX_SMALL;
        let styles = if small { STYLES.len() } else { COMMON_STYLES };
        let lines = if small { join_lines_back(payload) } else { None };
        for (number, style) in distinct(STYLES.iter().take(styles), value) {
            if let Some(text) = style.write(value) {
                if text == payload {
                    self.style = Some(style);
                }
                let commonness = match number {
                    0..3 => Everyday,
                    3..COMMON_STYLES => Common,
                    _ => Rare,
                };
                let fault = Fault::with(Cause::PayloadReserialized, style.name);
                let fault = if lines.as_ref() == Some(&text) { fault.fixed_by(JOINED_FIX) } else { fault };
                self.fault(text, fault, commonness);
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
        // What has several lines became this in a shell.
        if !payload.contains(&b'\n') {
            self.by_hand();
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
        self.without_signature(value);
        let how = [
            "http_build_query(json_decode($body, true))",
            "http_build_query(…, encoding_type: PHP_QUERY_RFC3986)",
            "http_build_query() after ksort()",
            "http_build_query(…, encoding_type: PHP_QUERY_RFC3986) after ksort()",
        ];
        for (number, (text, how)) in forms(value).into_iter().flatten().zip(how).enumerate() {
            let commonness = if number == 0 { Common } else { Rare };
            self.copy(text.clone(), Cause::PayloadReserialized, how, commonness);
            if number == 0 {
                for (brackets, how) in [
                    ("%5B%5D", "a program that writes lists as a[]=x&a[]=y, as jQuery and axios do,"),
                    (
                        "",
                        "a program that writes lists as a=x&a=y, as Python's urlencode(data, doseq=True) does,",
                    ),
                ] {
                    self.copy(unindexed(&text, brackets), Cause::PayloadReserialized, how, Rare);
                }
            }
        }
    }

    fn by_hand(&mut self) {
        let text = braced(&respaced(self.given, ", ", ": "));
        let how = "a person, with spaces inside the braces,";
        if text.contains(&b'/') {
            let escaped = replace(&replace(&text, b"\\/", b"/"), b"/", b"\\/");
            self.copy(escaped, Cause::PayloadReserialized, how, Rare);
        }
        self.copy(text, Cause::PayloadReserialized, how, Rare);
    }

    /// Data without the field that the signature itself stands in, or is taken for.
    fn without_signature(&mut self, value: &Value) {
        let Some(object) = value.as_object() else { return };
        for name in SIGNATURES {
            if !object.contains_key(name) {
                continue;
            }
            let mut rest = object.clone();
            rest.shift_remove(name);
            let rest = Value::Object(rest);
            for (_, style) in distinct(STYLES.iter().take(STYLES_WITHOUT), &rest) {
                if let Some(text) = style.write(&rest) {
                    let how = Words::from(style.name).and(format!(", without the field \"{name}\","));
                    self.fault(text, without_own_signature(how), Rare);
                }
            }
        }
    }

    /// Control characters as JSON escapes them, and the other way round.
    pub(super) fn control_characters(&mut self) {
        let Ok(text) = core::str::from_utf8(self.given) else { return };
        let control =
            |letter: char| letter < ' ' && !matches!(letter, '\n' | '\r' | '\t') || letter == '\u{7f}';
        let escaped = escape_letters(text, control);
        let detail = "control characters are written as \\u and four digits";
        self.copy(escaped.into_bytes(), Cause::PayloadUnicodeEscaped, detail, Rare);
    }

    /// Lines of `name=value`, as Telegram signs them, out of a form, and without the signature's own.
    pub(super) fn lines(&mut self) {
        let payload = self.given;
        if !payload.contains(&b'=') {
            return;
        }
        let is_signature = |line: &&[u8]| {
            SIGNATURES
                .iter()
                .any(|name| line.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b"=")))
        };
        let pairs = |separator: u8| payload.split(move |byte| *byte == separator);
        let how = "a program that joins lines of name=value";
        if payload.contains(&b'\n') {
            let rest: Vec<&[u8]> = pairs(b'\n').filter(|line| !is_signature(line)).collect();
            let how = "a program that leaves the line of the signature out";
            self.fault(rest.join(&b'\n'), without_own_signature(how), Rare);
            self.copy(
                pairs(b'\n').collect::<Vec<_>>().join(&b'&'),
                Cause::PayloadReserialized,
                "a program that joins name=value with &",
                Rare,
            );
        } else {
            let mut lines: Vec<Vec<u8>> =
                pairs(b'&').filter(|pair| !is_signature(pair)).map(<[u8]>::to_vec).collect();
            self.copy(lines.join(&b'\n'), Cause::PayloadReserialized, how, Rare);
            lines.sort();
            self.copy(lines.join(&b'\n'), Cause::PayloadReserialized, how, Rare);
            lines = lines.iter().map(|line| percent_decode(line, true)).collect();
            lines.sort();
            self.copy(lines.join(&b'\n'), Cause::PayloadReserialized, how, Rare);
        }
    }

    /// What escaping does to a JSON text that otherwise stays as it is.
    pub(super) fn json_escapes(&mut self) {
        let Ok(text) = core::str::from_utf8(self.given) else { return };
        let plain = text.replace("\\/", "/");
        let escaped = escape_unicode(text);
        let letters = unescape_unicode(text);
        let astral = escape_letters(text, |letter| letter > '\u{ffff}');
        let both = escaped.replace("\\/", "/").replace('/', "\\/");
        for (from, to, detail) in [
            (
                "\\r\\n",
                "\\n",
                "each \\r\\n that is written out in it is \\n, as browsers and databases have it",
            ),
            ("\\n", "\\r\\n", "each \\n that is written out in it is \\r\\n, as a form sends it"),
        ] {
            let plain = text.replace("\\r\\n", "\\n");
            let changed = if from == "\\n" { plain.replace(from, to) } else { plain };
            self.copy(changed.into_bytes(), Cause::PayloadCrlf, detail, Rare);
        }
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
        let detail = "only those beyond U+FFFF, emoji among them, are written as \\u and four digits";
        self.copy(astral.into_bytes(), unicode, detail, Rare);
        let emoji = escape_letters(text, |letter| letter > '\u{ffff}' || is_symbol(letter));
        let detail = "only emoji and other symbols are written as \\u and four digits";
        self.copy(emoji.into_bytes(), unicode, detail, Rare);
        if !text.contains("\\u") {
            let upper = upper_escapes(&escape_letters(text, |letter| letter > '\u{ffff}'));
            let detail = "only those beyond U+FFFF are written as \\u and four digits in upper case, as LINE has emoji";
            self.copy(upper.into_bytes(), unicode, detail, Rare);
        }
        self.copy(letters.into_bytes(), unicode, "each \\u… is written as the letter itself", Common);
        if !only_line_ends {
            let how = "json_encode(), with \\u for letters beyond ASCII and \\/ for slashes,";
            self.copy(both.into_bytes(), Cause::PayloadReserialized, how, Everyday);
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
        let unsigned =
            |(name, _): &&(Vec<u8>, Vec<u8>)| SIGNATURES.iter().all(|other| other.as_bytes() != name);
        if fields.iter().any(|field| !unsigned(&field)) {
            for (list, order) in [(&fields, ""), (&sorted, " after ksort()")] {
                let rest: Vec<_> = list.iter().filter(unsigned).cloned().collect();
                for (encode, how) in encoders {
                    let how = Words::from(how).and(order).and(", without the field of the signature,");
                    self.fault(written(&rest, encode), without_own_signature(how), Rare);
                }
            }
        }
        let values: Vec<&[u8]> = fields.iter().map(|(_, value)| &**value).collect();
        for (glue, how) in
            [("", "implode('', $_POST)"), (",", "implode(',', $_POST)"), ("|", "implode('|', $_POST)")]
        {
            self.copy(values.join(glue.as_bytes()), Cause::PayloadReserialized, how, Rare);
        }
        let as_text = |text: &Vec<u8>| String::from_utf8_lossy(text).into_owned();
        let pair = |(name, value): &(Vec<u8>, Vec<u8>)| (as_text(name), Value::String(as_text(value)));
        let object = Value::Object(fields.iter().map(pair).collect());
        let numbers = Change::TextsToNumbers.of(&object);
        for object in core::iter::once(object).chain(numbers) {
            for style in [&JAVASCRIPT, &PHP, &PHP_UNESCAPED, &PYTHON] {
                if let Some(text) = style.write(&object) {
                    let how = Words::from(style.name).and(" with the fields of this form");
                    self.copy(text, Cause::PayloadReserialized, how, Rare);
                }
            }
        }
    }
}

/// A form with other brackets behind the names of lists than those with a number.
fn unindexed(form: &[u8], brackets: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(form);
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let list = name.strip_suffix("%5D").and_then(|name| name.rsplit_once("%5B"));
        match list.filter(|(_, index)| index.bytes().all(|byte| byte.is_ascii_digit())) {
            Some((name, _)) => format!("{name}{brackets}={value}"),
            None => pair.to_owned(),
        }
    };
    text.split('&').map(pair).collect::<Vec<_>>().join("&").into_bytes()
}

/// Data that cannot have been signed whole: a signature does not sign itself.
pub(super) fn without_own_signature(how: impl Into<Words>) -> Fault {
    Fault::with(Cause::PayloadReserialized, how).fixed_by(
        "On the receiver, take the signature out of the data first, write what is left as the sender does, and verify that. Where both \
         sides are yours, send the signature in a header, and sign the body as it is.",
    )
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
    in_case(text, "%", 2, str::to_ascii_lowercase)
}

/// With the digits behind each `\u` in upper case.
fn upper_escapes(text: &str) -> String {
    in_case(text, "\\u", 4, str::to_ascii_uppercase)
}

/// With so many digits behind each mark in another case.
fn in_case(text: &str, mark: &str, digits: usize, fold: fn(&str) -> String) -> String {
    let mut pieces = text.split(mark);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        let (digits, rest) = piece.split_at_checked(digits).unwrap_or((piece, ""));
        format!("{text}{mark}{}{rest}", fold(digits))
    })
}

/// What may be an emoji below U+10000: arrows, signs of clocks and weather, dingbats, and what chooses their form.
const fn is_symbol(letter: char) -> bool {
    matches!(letter, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{fe0f}' | '\u{200d}')
}

pub(super) fn escape_unicode(text: &str) -> String {
    escape_letters(text, |letter| !letter.is_ascii())
}

fn escape_letters(text: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if !is_escaped(letter) {
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
