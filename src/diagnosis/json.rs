//! JSON as various programs write it: what becomes of a payload that is decoded and encoded again.

use std::io;

use serde_json::Value;
use serde_json::ser::{CharEscape, Formatter, Serializer};

use crate::request::{form_spelling, percent_encode};

/// Longest payload that is read as JSON, in bytes.
const MAX_LENGTH: usize = 1 << 20;

/// Longest text that is written, in bytes: indentation can make a payload hundreds of times as long.
const MAX_WRITTEN: usize = 4 * MAX_LENGTH;

/// How a program writes JSON.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// The call, as its user writes it.
    pub(super) name: &'static str,
    indent: &'static str,
    comma: &'static str,
    colon: &'static str,
    escape_slashes: bool,
    escape_unicode: bool,
    escape_html: bool,
    sort_keys: bool,
    empty_objects_as_lists: bool,
    whole_floats_as_integers: bool,
}

const COMPACT: Style = Style {
    name: "",
    indent: "",
    comma: ",",
    colon: ":",
    escape_slashes: false,
    escape_unicode: false,
    escape_html: false,
    sort_keys: false,
    empty_objects_as_lists: false,
    whole_floats_as_integers: false,
};
const PHP: Style =
    Style { escape_slashes: true, escape_unicode: true, whole_floats_as_integers: true, ..COMPACT };
const PYTHON: Style = Style { comma: ", ", colon: ": ", escape_unicode: true, ..COMPACT };

/// The styles, the likeliest first.
pub(super) const STYLES: [Style; 19] = [
    Style { name: "json_encode(json_decode($body))", ..PHP },
    Style { name: "json_encode(json_decode($body, true))", empty_objects_as_lists: true, ..PHP },
    Style {
        name: "JavaScript's JSON.stringify(data), or json_encode(…, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE),",
        escape_slashes: false,
        escape_unicode: false,
        ..PHP
    },
    Style { name: "json_encode(…, JSON_UNESCAPED_SLASHES)", escape_slashes: false, ..PHP },
    Style { name: "json_encode(…, JSON_UNESCAPED_UNICODE)", escape_unicode: false, ..PHP },
    Style {
        name: "json_encode(json_decode($body, true), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE)",
        escape_slashes: false,
        escape_unicode: false,
        empty_objects_as_lists: true,
        ..PHP
    },
    Style { name: "Python's json.dumps(data)", ..PYTHON },
    Style { name: "Python's json.dumps(data, sort_keys=True)", sort_keys: true, ..PYTHON },
    Style { name: "Python's json.dumps(data, separators=(',', ':'))", comma: ",", colon: ":", ..PYTHON },
    Style {
        name: "Python's json.dumps(data, sort_keys=True, separators=(',', ':'))",
        comma: ",",
        colon: ":",
        sort_keys: true,
        ..PYTHON
    },
    Style { name: "Python's json.dumps(data, ensure_ascii=False)", escape_unicode: false, ..PYTHON },
    Style { name: "an encoder that adds no spaces", ..COMPACT },
    Style {
        name: "JavaScript's JSON.stringify(data, null, 2)",
        indent: "  ",
        colon: ": ",
        whole_floats_as_integers: true,
        ..COMPACT
    },
    Style { name: "json_encode(…, JSON_PRETTY_PRINT)", indent: "    ", colon: ": ", ..PHP },
    Style {
        name: "json_encode(…, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE)",
        indent: "    ",
        colon: ": ",
        escape_slashes: false,
        escape_unicode: false,
        ..PHP
    },
    Style { name: "an encoder that sorts the keys and adds no spaces", sort_keys: true, ..COMPACT },
    Style { name: "Go's json.Marshal(data)", sort_keys: true, escape_html: true, ..COMPACT },
    Style { name: "Python's json.dumps(data, indent=2)", indent: "  ", ..PYTHON_INDENTED },
    Style { name: "Python's json.dumps(data, indent=4)", indent: "    ", ..PYTHON_INDENTED },
];

const PYTHON_INDENTED: Style = Style { comma: ",", ..PYTHON };

/// Reads a payload, if it is JSON of a reasonable size and depth.
pub(super) fn parse(payload: &[u8]) -> Option<Value> {
    if payload.len() > MAX_LENGTH {
        return None;
    }
    // serde_json gives up at a depth of 128, so that no payload can exhaust the stack.
    serde_json::from_slice(payload).ok()
}

impl Style {
    /// Writes a value.
    pub(super) fn write(&self, value: &Value) -> Option<Vec<u8>> {
        let mut normal = value.clone();
        self.normalize(&mut normal);
        let mut text = Bounded(Vec::new());
        let writer = Writer { style: self, depth: 0, has_value: false };
        serde::Serialize::serialize(&normal, &mut Serializer::with_formatter(&mut text, writer)).ok()?;
        Some(text.0)
    }

    /// Does to the data what a round trip through the program would do.
    fn normalize(&self, value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.values_mut().for_each(|value| self.normalize(value));
                if self.sort_keys {
                    map.sort_keys();
                }
                if self.empty_objects_as_lists && map.is_empty() {
                    *value = Value::Array(Vec::new());
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|value| self.normalize(value)),
            _ => {}
        }
    }
}

/// A flat object as PHP's `http_build_query()` writes it.
pub(super) fn as_form(value: &Value) -> Option<Vec<u8>> {
    let mut pairs = Vec::new();
    for (name, value) in value.as_object()? {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => u8::from(*truth).to_string(),
            Value::Null => continue,
            Value::Array(_) | Value::Object(_) => return None,
        };
        let encode = |text: &str| form_spelling(&percent_encode(text.as_bytes()));
        pairs.push(format!("{}={}", encode(name), encode(&text)));
    }
    Some(pairs.join("&").into_bytes())
}

/// Refuses to grow beyond [`MAX_WRITTEN`].
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_WRITTEN {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Writer<'s> {
    style: &'s Style,
    depth: usize,
    has_value: bool,
}

impl Writer<'_> {
    fn new_line<W: ?Sized + io::Write>(&self, writer: &mut W) -> io::Result<()> {
        if self.style.indent.is_empty() {
            return Ok(());
        }
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(self.style.indent.as_bytes()))
    }

    fn begin<W: ?Sized + io::Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_value = false;
        writer.write_all(bracket)
    }

    fn end<W: ?Sized + io::Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        if self.has_value {
            self.new_line(writer)?;
        }
        writer.write_all(bracket)
    }

    fn separate<W: ?Sized + io::Write>(&self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(self.style.comma.as_bytes())?;
        }
        self.new_line(writer)
    }
}

impl Formatter for Writer<'_> {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        if self.style.whole_floats_as_integers && value.fract() == 0.0 && value.abs() < 1e15 {
            return write!(writer, "{value:.0}");
        }
        serde_json::ser::CompactFormatter.write_f64(writer, value)
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        for letter in text.chars() {
            match letter {
                '/' if self.style.escape_slashes => writer.write_all(b"\\/")?,
                '<' | '>' | '&' if self.style.escape_html => write!(writer, "\\u{:04x}", u32::from(letter))?,
                letter if self.style.escape_unicode && !letter.is_ascii() => {
                    let mut units = [0; 2];
                    for unit in letter.encode_utf16(&mut units) {
                        write!(writer, "\\u{unit:04x}")?;
                    }
                }
                letter => write!(writer, "{letter}")?,
            }
        }
        Ok(())
    }

    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        match escape {
            CharEscape::Solidus => self.write_string_fragment(writer, "/"),
            escape => serde_json::ser::CompactFormatter.write_char_escape(writer, escape),
        }
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.separate(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.separate(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(self.style.colon.as_bytes())
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn written(name: &str, json: &str) -> String {
        let style = STYLES.iter().find(|style| style.name.starts_with(name)).expect(name);
        String::from_utf8(style.write(&parse(json.as_bytes()).unwrap()).unwrap()).unwrap()
    }

    const BODY: &str = "{\"url\": \"a/b\", \"é\": [1.0, {}, \"😀\\n\"], \"a\": \"<&>\"}";

    #[test]
    fn as_php_writes_it() {
        assert_eq!(
            written("json_encode(json_decode($body))", BODY),
            "{\"url\":\"a\\/b\",\"\\u00e9\":[1,{},\"\\ud83d\\ude00\\n\"],\"a\":\"<&>\"}"
        );
        assert_eq!(
            written("json_encode(json_decode($body, true))", BODY),
            "{\"url\":\"a\\/b\",\"\\u00e9\":[1,[],\"\\ud83d\\ude00\\n\"],\"a\":\"<&>\"}"
        );
        assert_eq!(
            written("json_encode(…, JSON_PRETTY_PRINT)", "{\"a\":[1,[],{}]}"),
            "{\n    \"a\": [\n        1,\n        [],\n        {}\n    ]\n}"
        );
    }

    #[test]
    fn as_python_writes_it() {
        assert_eq!(
            written("Python's json.dumps(data, sort_keys=True)", BODY),
            "{\"a\": \"<&>\", \"url\": \"a/b\", \"\\u00e9\": [1.0, {}, \"\\ud83d\\ude00\\n\"]}"
        );
        assert_eq!(written("Python's json.dumps(data, indent=2)", "[1,2]"), "[\n  1,\n  2\n]");
    }

    #[test]
    fn as_javascript_and_go_write_it() {
        assert_eq!(
            written("JavaScript's JSON.stringify(data)", BODY),
            "{\"url\":\"a/b\",\"é\":[1,{},\"😀\\n\"],\"a\":\"<&>\"}"
        );
        assert_eq!(
            written("Go's json.Marshal(data)", "{\"b\":\"<&>\",\"a\":1}"),
            "{\"a\":1,\"b\":\"\\u003c\\u0026\\u003e\"}"
        );
    }

    #[test]
    fn what_indentation_blows_up_is_not_written() {
        let deep = format!("{}{}1{}", "[".repeat(120), "1,".repeat(200_000), "]".repeat(120));
        let value = parse(deep.as_bytes()).unwrap();
        assert!(STYLES.iter().any(|style| style.write(&value).is_none()));
        assert!(STYLES.iter().any(|style| style.write(&value).is_some()));
    }

    #[test]
    fn what_is_too_deep_or_too_long_is_not_read() {
        assert!(parse("[".repeat(100_000).as_bytes()).is_none());
        let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        assert!(parse(deep.as_bytes()).is_none());
        assert!(parse(&vec![b' '; MAX_LENGTH + 1]).is_none());
    }
}
