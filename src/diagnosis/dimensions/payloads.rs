//! Which other bytes the sender may have signed as the payload.

use alloc::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::diagnosis::alternative::{Alternative, add};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::json;
use crate::request::percent_decode;

/// Most fields of a payload that are looked at, and how deep.
const MAX_FIELDS: usize = 32;
const MAX_DEPTH: usize = 3;
/// Longest name of a field that is told whole, in letters.
const MAX_NAME: usize = 20;
/// Longest payload of which copies are made, in bytes. Of a longer one, parts are tried.
const MAX_COPIED: usize = 16 << 20;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// The payload as it was given, and then with one fault, the likelier ones first.
pub(in crate::diagnosis) fn alternatives(payload: &[u8]) -> Vec<Alternative<Cow<'_, [u8]>>> {
    let mut list = vec![Alternative::given(Cow::Borrowed(payload))];
    line_ends(payload, &mut list);
    charsets(payload, &mut list);
    if let Some(value) = json::parse(payload) {
        fields_of_json(&value, &mut list);
        escapes(payload, &mut list);
        for style in &json::STYLES {
            if let Some(text) = style.write(&value) {
                add(&mut list, Cow::Owned(text), vec![Fault::with(Cause::PayloadReserialized, style.name)]);
            }
        }
        if let Some(form) = json::as_form(&value) {
            let fault = Fault::with(Cause::PayloadReserialized, "http_build_query(json_decode($body, true))");
            add(&mut list, Cow::Owned(form), vec![fault]);
        }
    } else {
        fields_of_form(payload, &mut list);
    }
    if !payload.is_empty() {
        let detail = "The sender signed an empty payload, and this request has one";
        add(&mut list, Cow::Borrowed(&[]), vec![Fault::with(Cause::PayloadEmpty, detail)]);
    }
    list
}

/// What happens to the ends of a text, and to the ends of its lines.
fn line_ends<'p>(payload: &'p [u8], list: &mut Vec<Alternative<Cow<'p, [u8]>>>) {
    let mut part = |value: &'p [u8], cause, detail: &'static str| {
        add(list, Cow::Borrowed(value), vec![Fault::with(cause, detail)]);
    };
    if let Some(rest) = payload.strip_suffix(b"\r\n").or_else(|| payload.strip_suffix(b"\n")) {
        part(rest, Cause::PayloadTrailingNewline, "it is taken off");
    }
    part(payload.trim_ascii(), Cause::PayloadTrimmed, "");
    if let Some(rest) = payload.strip_prefix(BOM) {
        part(rest, Cause::PayloadBom, "it is taken off the payload");
    }
    if payload.len() > MAX_COPIED || payload.is_empty() {
        return;
    }
    let mut copy = |value: Vec<u8>, cause, detail: &'static str| {
        add(list, Cow::Owned(value), vec![Fault::with(cause, detail)]);
    };
    for end in [&b"\n"[..], b"\r\n"] {
        copy([payload, end].concat(), Cause::PayloadTrailingNewline, "one is put there");
    }
    copy([BOM, payload].concat(), Cause::PayloadBom, "one is put in front of the payload");
    if payload.contains(&b'\n') {
        let unix = replace(payload, b"\r\n", b"\n");
        let windows = replace(&unix, b"\n", b"\r\n");
        copy(unix, Cause::PayloadCrlf, "each CR LF becomes LF");
        copy(windows, Cause::PayloadCrlf, "each LF becomes CR LF");
    }
}

/// What `utf8_encode()` and `utf8_decode()` do, and whatever takes one of the two encodings for the other.
fn charsets<'p>(payload: &'p [u8], list: &mut Vec<Alternative<Cow<'p, [u8]>>>) {
    if payload.len() > MAX_COPIED || payload.is_ascii() {
        return;
    }
    let mut copy = |value: Vec<u8>, detail: &'static str| {
        add(list, Cow::Owned(value), vec![Fault::with(Cause::PayloadCharsetDiffers, detail)]);
    };
    if let Ok(text) = core::str::from_utf8(payload) {
        let latin = text.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect();
        copy(latin, "UTF-8 to ISO-8859-1");
    }
    let utf8: String = payload.iter().map(|byte| char::from(*byte)).collect();
    copy(utf8.into_bytes(), "ISO-8859-1 to UTF-8");
}

/// What escaping does to a JSON text that otherwise stays as it is.
fn escapes<'p>(payload: &'p [u8], list: &mut Vec<Alternative<Cow<'p, [u8]>>>) {
    let Ok(text) = core::str::from_utf8(payload) else { return };
    let plain = text.replace("\\/", "/");
    let mut copy = |value: String, cause, detail: &'static str| {
        add(list, Cow::Owned(value.into_bytes()), vec![Fault::with(cause, detail)]);
    };
    copy(plain.replace('/', "\\/"), Cause::PayloadSlashesEscaped, "each / is written as \\/");
    copy(plain, Cause::PayloadSlashesEscaped, "each \\/ is written as /");
    copy(escape_unicode(text), Cause::PayloadUnicodeEscaped, "each is written as \\u and four digits");
    copy(unescape_unicode(text), Cause::PayloadUnicodeEscaped, "each \\u… is written as the letter itself");
}

/// The values of a JSON payload that people sign in place of the whole.
fn fields_of_json<'p>(value: &Value, list: &mut Vec<Alternative<Cow<'p, [u8]>>>) {
    let mut pending = vec![(String::new(), value, 0)];
    let mut seen = 0;
    while let Some((path, value, depth)) = pending.pop() {
        let text = match value {
            Value::Object(map) if depth < MAX_DEPTH => {
                // The stack gives back what was put on last, so that the first fields must go on last.
                for (name, value) in map.iter().take(MAX_FIELDS).collect::<Vec<_>>().into_iter().rev() {
                    let name = short_name(name);
                    let path = if path.is_empty() { name } else { format!("{path}.{name}") };
                    pending.push((path, value, depth + 1));
                }
                None
            }
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        if let Some(text) = text.filter(|_| depth > 0) {
            seen += 1;
            if seen > MAX_FIELDS {
                return;
            }
            field(&path, text.as_bytes(), list);
        }
    }
}

/// The values of a form that people sign in place of the whole.
fn fields_of_form<'p>(payload: &[u8], list: &mut Vec<Alternative<Cow<'p, [u8]>>>) {
    if payload.len() > MAX_COPIED {
        return;
    }
    for pair in payload.split(|byte| *byte == b'&').take(MAX_FIELDS) {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        if let (Some(name), Some(value)) = (halves.next(), halves.next()) {
            let name = short_name(&String::from_utf8_lossy(&percent_decode(name, true)));
            field(&name, &percent_decode(value, true), list);
        }
    }
}

/// The name of a field, which may be longer than the rest of the report.
fn short_name(name: &str) -> String {
    let mut short: String = name.chars().take(MAX_NAME).collect();
    if short.len() < name.len() {
        short.push_str("...");
    }
    short
}

/// A field, and what it holds when it is base64.
fn field<'p>(name: &str, text: &[u8], list: &mut Vec<Alternative<Cow<'p, [u8]>>>) {
    let mut copy = |value: &[u8], before, behind| {
        let detail = Words::from(before).and_quoting(name.as_bytes()).and(behind);
        add(list, Cow::Owned(value.to_vec()), vec![Fault::with(Cause::PayloadFieldOnly, detail)]);
    };
    copy(text, "only the text of the field \"", "\"");
    // Short words are base64 by accident.
    if text.len() >= 4
        && let Ok(decoded) = STANDARD.decode(text)
    {
        copy(&decoded, "only the field \"", "\", base64-decoded");
    }
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        if let Some(after) = rest.strip_prefix(from) {
            replaced.extend_from_slice(to);
            rest = after;
        } else {
            replaced.push(*first);
            rest = tail;
        }
    }
    replaced
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
    fn a_million_fields_are_not_a_million_alternatives() {
        let fields: Vec<String> = (0..40_000).map(|n| format!("\"k{n}\":\"v{n}\"")).collect();
        let body = format!("{{{}}}", fields.join(","));
        assert!(alternatives(body.as_bytes()).len() < 150);
        let form = "a=1&".repeat(1_000_000);
        assert!(alternatives(form.as_bytes()).len() < 150);
    }
}
