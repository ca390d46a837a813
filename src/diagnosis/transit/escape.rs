//! Escapes, put in and taken out.

use super::{changed, replace};
use crate::request;

/// As PHP's `htmlspecialchars()` does it.
pub(in crate::diagnosis) fn escape_html(text: &[u8]) -> Option<Vec<u8>> {
    changed(
        escaped(text, |byte| ENTITIES.iter().find(|(letter, _)| *letter == byte).map(|(_, name)| *name)),
        text,
    )
}

/// The same, and quotation marks as other languages write them, or not at all.
pub(in crate::diagnosis) fn escape_html_quotes(
    text: &[u8],
    double: &'static str,
    single: &'static str,
) -> Option<Vec<u8>> {
    let entity = |byte| match byte {
        b'"' => Some(double),
        b'\'' => Some(single),
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        _ => None,
    };
    changed(escaped(text, entity), text)
}

const ENTITIES: [(u8, &str); 5] =
    [(b'&', "&amp;"), (b'<', "&lt;"), (b'>', "&gt;"), (b'"', "&quot;"), (b'\'', "&#039;")];

/// Others that have a name.
const MORE_ENTITIES: [(u8, &str); 2] = [(b'\'', "&apos;"), (b' ', "&nbsp;")];

/// Most digits of an entity that is a number.
const MAX_DIGITS: usize = 7;

fn escaped(text: &[u8], entity: impl Fn(u8) -> Option<&'static str>) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(text.len());
    for byte in text {
        match entity(*byte) {
            Some(name) => escaped.extend_from_slice(name.as_bytes()),
            None => escaped.push(*byte),
        }
    }
    escaped
}

/// `html_entity_decode()`, once.
pub(in crate::diagnosis) fn unescape_html(text: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let entity = |(_, name): &&(u8, &str)| {
            rest.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()))
        };
        let found = if *first == b'&' { ENTITIES.iter().chain(&MORE_ENTITIES).find(entity) } else { None };
        if let Some((letter, name)) = found {
            plain.push(*letter);
            rest = rest.get(name.len()..).unwrap_or_default();
        } else if let Some((letter, after)) = numeric_entity(rest) {
            plain.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            rest = after;
        } else {
            plain.push(*first);
            rest = tail;
        }
    }
    changed(plain, text)
}

/// The letter that `&#38;` or `&#x26;` stands for, and what is behind it.
fn numeric_entity(text: &[u8]) -> Option<(char, &[u8])> {
    let rest = text.strip_prefix(b"&#")?;
    let hex = rest.strip_prefix(b"x").or_else(|| rest.strip_prefix(b"X"));
    let (digits, radix) = hex.map_or((rest, 10), |digits| (digits, 16));
    let length = digits.iter().take(MAX_DIGITS + 1).position(|byte| *byte == b';')?;
    let number = core::str::from_utf8(digits.get(..length)?).ok()?;
    let letter = u32::from_str_radix(number, radix).ok().and_then(char::from_u32)?;
    Some((letter, digits.get(length + 1..)?))
}

/// `rawurldecode()`
pub(in crate::diagnosis) fn percent_decode(text: &[u8]) -> Option<Vec<u8>> {
    changed(request::percent_decode(text, false), text)
}

/// `urldecode()`
pub(in crate::diagnosis) fn form_decode(text: &[u8]) -> Option<Vec<u8>> {
    changed(request::percent_decode(text, true), text)
}

/// `rawurlencode()`
pub(in crate::diagnosis) fn percent_encode(text: &[u8]) -> Option<Vec<u8>> {
    changed(request::percent_encode(text).into_bytes(), text)
}

/// `urlencode()`
pub(in crate::diagnosis) fn form_encode(text: &[u8]) -> Option<Vec<u8>> {
    changed(request::form_spelling(&request::percent_encode(text)).into_bytes(), text)
}

/// Takes back what `urldecode()` did to a text that was not encoded.
pub(in crate::diagnosis) fn spaces_to_pluses(text: &[u8]) -> Option<Vec<u8>> {
    changed(replace(text, b" ", b"+"), text)
}

/// As a string of JSON, with its quotation marks or without; PHP escapes slashes besides.
pub(in crate::diagnosis) fn json_text(text: &[u8], quoted: bool, slashes: bool) -> Option<Vec<u8>> {
    let json = serde_json::to_string(core::str::from_utf8(text).ok()?).ok()?;
    let json = if slashes { json.replace('/', "\\/") } else { json };
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    changed(if quoted { json.clone() } else { inner.to_owned() }.into_bytes(), text)
}

/// What a string of JSON stands for, whether its quotation marks are there or not.
pub(in crate::diagnosis) fn of_json_text(text: &[u8]) -> Option<Vec<u8>> {
    let read = |json: &[u8]| serde_json::from_slice::<String>(json).ok();
    // White space around it is no part of a string.
    let quoted = text.starts_with(b"\"") && text.ends_with(b"\"");
    let plain = if quoted { read(text) } else { None }.or_else(|| read(&[b"\"", text, b"\""].concat()))?;
    changed(plain.into_bytes(), text)
}

/// `addslashes()`, which `WordPress` does to everything that comes in.
pub(in crate::diagnosis) fn add_slashes(text: &[u8]) -> Option<Vec<u8>> {
    let entity = |byte| match byte {
        b'\'' => Some("\\'"),
        b'"' => Some("\\\""),
        b'\\' => Some("\\\\"),
        0 => Some("\\0"),
        _ => None,
    };
    changed(escaped(text, entity), text)
}

/// `stripslashes()`
pub(in crate::diagnosis) fn strip_slashes(text: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => plain.extend(bytes.next().map(|next| if *next == b'0' { 0 } else { *next })),
            byte => plain.push(*byte),
        }
    }
    changed(plain, text)
}

/// `\n`, `\r`, `\t` and `\\` as double quotation marks have it.
pub(in crate::diagnosis) fn interpret_backslashes(text: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let (byte, after) = match rest {
            [b'\\', b'n', after @ ..] => (b'\n', after),
            [b'\\', b'r', after @ ..] => (b'\r', after),
            [b'\\', b't', after @ ..] => (b'\t', after),
            [b'\\', b'\\', after @ ..] => (b'\\', after),
            _ => (*first, tail),
        };
        plain.push(byte);
        rest = after;
    }
    changed(plain, text)
}

/// Without the backticks that escape in double quotation marks of PowerShell, and with the line breaks that some stand for.
pub(in crate::diagnosis) fn expand_backticks(text: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'`' => plain.extend(bytes.next().map(|escaped| match escaped {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'0' => 0,
                other => *other,
            })),
            byte => plain.push(*byte),
        }
    }
    changed(plain, text)
}

/// What a shell, `.env` or Compose makes of `$NAME`, `${NAME}` and `$1` where nothing has that name: nothing.
pub(in crate::diagnosis) fn expand_shell(text: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'$' {
            plain.push(*first);
            continue;
        }
        let word = |bytes: &[u8]| {
            bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
        };
        let length = match tail {
            [b'{', name @ ..] if name.get(word(name)) == Some(&b'}') => word(name) + 2,
            // A positional parameter has one digit.
            [b'0'..=b'9', ..] => 1,
            name => word(name),
        };
        if length == 0 {
            plain.push(b'$');
        }
        rest = tail.get(length..).unwrap_or_default();
    }
    changed(plain, text)
}

/// What `cmd.exe` and a batch file make of `%NAME%` where nothing has that name: nothing.
pub(in crate::diagnosis) fn expand_percent(text: &[u8]) -> Option<Vec<u8>> {
    without_between(text, b"%", b"%")
}

/// What a shell makes of a command that gives nothing, between backticks or in `$(…)`.
pub(in crate::diagnosis) fn expand_commands(text: &[u8]) -> Option<Vec<u8>> {
    without_between(text, b"`", b"`").or_else(|| without_between(text, b"$(", b")"))
}

/// Without each of these pairs, and what stands between.
fn without_between(text: &[u8], open: &[u8], close: &[u8]) -> Option<Vec<u8>> {
    let find = |text: &[u8], what: &[u8]| text.windows(what.len()).position(|window| window == what);
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = find(rest, open) {
        let (before, opened) = rest.split_at(start);
        let within = opened.get(open.len()..)?;
        let Some(end) = find(within, close) else { break };
        plain.extend_from_slice(before);
        rest = within.get(end + close.len()..)?;
    }
    plain.extend_from_slice(rest);
    changed(plain, text)
}

/// The same change twice.
pub(in crate::diagnosis) fn twice(change: impl Fn(&[u8]) -> Option<Vec<u8>>, text: &[u8]) -> Option<Vec<u8>> {
    change(&change(text)?)
}

/// `str(b'...')` of Python.
pub(in crate::diagnosis) fn python_bytes(text: &[u8]) -> Vec<u8> {
    let quote = if text.contains(&b'\'') && !text.contains(&b'"') { b'"' } else { b'\'' };
    let mut shown = vec![b'b', quote];
    for byte in text {
        match byte {
            b'\\' => shown.extend_from_slice(b"\\\\"),
            b'\n' => shown.extend_from_slice(b"\\n"),
            b'\r' => shown.extend_from_slice(b"\\r"),
            b'\t' => shown.extend_from_slice(b"\\t"),
            byte if *byte == quote => shown.extend_from_slice(&[b'\\', quote]),
            b' '..=b'~' => shown.push(*byte),
            byte => shown.extend_from_slice(format!("\\x{byte:02x}").as_bytes()),
        }
    }
    shown.push(quote);
    shown
}

/// The bytes that such a text shows.
pub(in crate::diagnosis) fn of_python_bytes(text: &[u8]) -> Option<Vec<u8>> {
    let inner = [b'\'', b'"'].into_iter().find_map(|quote| {
        text.trim_ascii().strip_prefix(&[b'b', quote])?.strip_suffix(core::slice::from_ref(&quote))
    })?;
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let [first, tail @ ..] = rest {
        let (byte, after) = match rest {
            [b'\\', b'n', after @ ..] => (b'\n', after),
            [b'\\', b'r', after @ ..] => (b'\r', after),
            [b'\\', b't', after @ ..] => (b'\t', after),
            [b'\\', b'x', high, low, after @ ..] => {
                let digits = [*high, *low];
                (*base16ct::mixed::decode_vec(digits).ok()?.first()?, after)
            }
            [b'\\', byte, after @ ..] => (*byte, after),
            _ => (*first, tail),
        };
        bytes.push(byte);
        rest = after;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(change: fn(&[u8]) -> Option<Vec<u8>>, before: &str) -> Option<String> {
        change(before.as_bytes()).map(|after| String::from_utf8(after).unwrap())
    }

    #[test]
    fn html() {
        assert_eq!(text(escape_html, "a&<>\"'b").unwrap(), "a&amp;&lt;&gt;&quot;&#039;b");
        assert_eq!(text(unescape_html, "&amp;amp;&#x27;&APOS;&unknown;&").unwrap(), "&amp;''&unknown;&");
        assert_eq!(text(escape_html, "plain"), None);
        assert_eq!(
            text(unescape_html, "&#38;&#x26;&#039;&#233;&#;&#x;&#99999999;").unwrap(),
            "&&'é&#;&#x;&#99999999;"
        );
        assert_eq!(text(|text| twice(unescape_html, text), "&amp;quot;").unwrap(), "\"");
        assert_eq!(text(|text| twice(unescape_html, text), "&quot;"), None);
    }

    #[test]
    fn shells() {
        for (before, after) in
            [("a$name-b", "a-b"), ("a${name}b", "ab"), ("a$1bc", "abc"), ("a$-b$$c", "a$-b$"), ("$a$b", "")]
        {
            assert_eq!(text(expand_shell, before).unwrap_or_else(|| before.to_owned()), after);
        }
        assert_eq!(text(expand_percent, "a%b%c%d").unwrap(), "ac%d");
        assert_eq!(text(expand_percent, "a%b"), None);
        assert_eq!(text(expand_commands, "a`b`c").unwrap(), "ac");
        assert_eq!(text(expand_commands, "a$(b)c$(").unwrap(), "ac$(");
    }

    #[test]
    fn slashes() {
        assert_eq!(text(add_slashes, "it's \"a\\b\"").unwrap(), "it\\'s \\\"a\\\\b\\\"");
        assert_eq!(text(strip_slashes, "it\\'s \\\"a\\\\b\\\"\\").unwrap(), "it's \"a\\b\"");
        assert_eq!(text(interpret_backslashes, "a\\nb\\\\n").unwrap(), "a\nb\\n");
        assert_eq!(text(of_json_text, "{\\\"a\\\":\\\"\\u00e9\\/\\\"}").unwrap(), "{\"a\":\"é/\"}");
    }

    #[test]
    fn bytes_of_python() {
        for text in ["it's \\é\n", "{\"a\":'b'}", ""] {
            assert_eq!(of_python_bytes(&python_bytes(text.as_bytes())).unwrap(), text.as_bytes());
        }
        assert_eq!(of_python_bytes(b"text"), None);
        assert_eq!(python_bytes("it's \\é\n".as_bytes()), b"b\"it's \\\\\\xc3\\xa9\\n\"");
    }
}
