//! How programs write JSON.

use serde_json::Value;

use super::MAX_WRITTEN;
use super::number::Numbers;

/// What most texts fit into, in bytes.
const ROOM: usize = 2048;

/// How a program writes JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diagnosis) struct Style {
    /// The call, as its user writes it.
    pub(in crate::diagnosis) name: &'static str,
    pub(super) indent: &'static str,
    pub(super) line_end: &'static str,
    pub(super) comma: &'static str,
    pub(super) colon: &'static str,
    pub(super) slashes: Slashes,
    pub(super) unicode: Unicode,
    pub(super) html: Html,
    pub(super) order: Order,
    pub(super) empty_objects_as_lists: bool,
    pub(super) numbers: Numbers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slashes {
    Plain,
    Escaped,
    /// `</` only.
    AfterLess,
}

/// Letters beyond ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unicode {
    Plain,
    /// Plain, but for U+2028 and U+2029.
    LineEnds,
    Escaped,
    /// With digits in upper case.
    EscapedUpper,
    /// Those beyond U+FFFF.
    Astral,
}

/// Letters that mean something in HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Html {
    Plain,
    /// `<`, `>` and `&`.
    Tags,
    /// The same, with digits in upper case.
    TagsUpper,
    /// These, `'` and `=`.
    Gson,
    /// These, `'` and `"`, with digits in upper case.
    Hex,
    /// These, `+` and the backtick.
    SystemText,
    /// `<`, `%` and `@`, with digits in upper case.
    Meta,
}

impl Html {
    pub(super) fn escapes(self, letter: char) -> bool {
        match self {
            Self::Plain => false,
            Self::Tags | Self::TagsUpper => matches!(letter, '<' | '>' | '&'),
            Self::Gson => matches!(letter, '<' | '>' | '&' | '\'' | '='),
            Self::Hex => matches!(letter, '<' | '>' | '&' | '\'' | '"'),
            Self::Meta => matches!(letter, '<' | '%' | '@'),
            Self::SystemText => matches!(letter, '<' | '>' | '&' | '\'' | '"' | '+' | '`' | '\u{7f}'),
        }
    }

    const fn upper(self) -> bool {
        matches!(self, Self::TagsUpper | Self::Hex | Self::SystemText | Self::Meta)
    }
}

/// In which order the names of an object stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Kept,
    Sorted,
    /// The shorter ones first.
    ByLength,
}

/// Without spaces, and with nothing escaped that need not be.
pub(in crate::diagnosis) const COMPACT: Style = Style {
    name: "an encoder that adds no spaces",
    indent: "",
    line_end: "\n",
    comma: ",",
    colon: ":",
    slashes: Slashes::Plain,
    unicode: Unicode::Plain,
    html: Html::Plain,
    order: Order::Kept,
    empty_objects_as_lists: false,
    numbers: Numbers::Kept,
};

/// `json_encode()` with no flag.
pub(in crate::diagnosis) const PHP: Style = Style {
    name: "json_encode(json_decode($body))",
    slashes: Slashes::Escaped,
    unicode: Unicode::Escaped,
    numbers: Numbers::Php,
    ..COMPACT
};

/// `json_encode()` with the two flags that people know.
pub(in crate::diagnosis) const PHP_UNESCAPED: Style = Style {
    name: "json_encode(…, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE)",
    slashes: Slashes::Plain,
    unicode: Unicode::LineEnds,
    ..PHP
};

/// `JSON.stringify()`
pub(in crate::diagnosis) const JAVASCRIPT: Style = Style {
    name: "JavaScript's JSON.stringify(data), or json_encode(…, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE),",
    numbers: Numbers::JavaScript,
    ..COMPACT
};

/// `json.dumps()`
pub(in crate::diagnosis) const PYTHON: Style = Style {
    name: "Python's json.dumps(data)",
    comma: ", ",
    colon: ": ",
    unicode: Unicode::Escaped,
    ..COMPACT
};

const PYTHON_INDENTED: Style = Style { comma: ",", ..PYTHON };
const SYMFONY: Style = Style { html: Html::Hex, ..PHP };
const INDENTED: Style = Style { indent: "  ", colon: ": ", ..COMPACT };

/// The styles, the likeliest first.
pub(in crate::diagnosis) const STYLES: [Style; 60] = [
    PHP,
    Style { name: "json_encode(json_decode($body, true))", empty_objects_as_lists: true, ..PHP },
    JAVASCRIPT,
    PHP_UNESCAPED,
    Style { name: "json_encode(…, JSON_UNESCAPED_SLASHES)", slashes: Slashes::Plain, ..PHP },
    Style { name: "json_encode(…, JSON_UNESCAPED_UNICODE)", unicode: Unicode::LineEnds, ..PHP },
    Style {
        name: "json_encode(json_decode($body, true), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE)",
        empty_objects_as_lists: true,
        ..PHP_UNESCAPED
    },
    PYTHON,
    Style { name: "Python's json.dumps(data, sort_keys=True)", order: Order::Sorted, ..PYTHON },
    Style { name: "Python's json.dumps(data, separators=(',', ':'))", comma: ",", colon: ":", ..PYTHON },
    Style {
        name: "Python's json.dumps(data, sort_keys=True, separators=(',', ':'))",
        comma: ",",
        colon: ":",
        order: Order::Sorted,
        ..PYTHON
    },
    Style { name: "Python's json.dumps(data, ensure_ascii=False)", unicode: Unicode::Plain, ..PYTHON },
    COMPACT,
    Style {
        name: "an encoder that indents by two spaces, such as jq or JavaScript's JSON.stringify(data, null, 2),",
        numbers: Numbers::JavaScript,
        ..INDENTED
    },
    Style { name: "json_encode(…, JSON_PRETTY_PRINT)", indent: "    ", colon: ": ", ..PHP },
    Style {
        name: "json_encode(…, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE)",
        indent: "    ",
        colon: ": ",
        ..PHP_UNESCAPED
    },
    Style { name: "an encoder that sorts the keys and adds no spaces", order: Order::Sorted, ..COMPACT },
    Style {
        name: "Go's json.Marshal(data)",
        order: Order::Sorted,
        html: Html::Tags,
        unicode: Unicode::LineEnds,
        ..COMPACT
    },
    Style { name: "Python's json.dumps(data, indent=2)", indent: "  ", ..PYTHON_INDENTED },
    Style { name: "Python's json.dumps(data, indent=4)", indent: "    ", ..PYTHON_INDENTED },
    Style { name: "Symfony's JsonResponse, or json_encode() with the four JSON_HEX flags,", ..SYMFONY },
    Style {
        name: "json_encode() with the four JSON_HEX flags and JSON_UNESCAPED_SLASHES",
        slashes: Slashes::Plain,
        ..SYMFONY
    },
    Style {
        name: "Symfony's JsonResponse after json_decode($body, true)",
        empty_objects_as_lists: true,
        ..SYMFONY
    },
    Style { name: "json_encode(…, JSON_HEX_TAG | JSON_HEX_AMP)", html: Html::TagsUpper, ..PHP },
    Style {
        name: "json_encode(…, JSON_HEX_TAG | JSON_HEX_AMP | JSON_UNESCAPED_SLASHES)",
        html: Html::TagsUpper,
        slashes: Slashes::Plain,
        ..PHP
    },
    Style { name: "json_encode(…, JSON_PRESERVE_ZERO_FRACTION)", numbers: Numbers::PhpFraction, ..PHP },
    Style {
        name: "json_encode(…, JSON_PRESERVE_ZERO_FRACTION | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE)",
        numbers: Numbers::PhpFraction,
        ..PHP_UNESCAPED
    },
    Style { name: "json_encode() with serialize_precision = 17", numbers: Numbers::PhpPrecise, ..PHP },
    Style {
        name: "json_encode(…, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE) with serialize_precision = 17",
        numbers: Numbers::PhpPrecise,
        ..PHP_UNESCAPED
    },
    Style {
        name: "json_encode(…, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE) after ksort()",
        order: Order::Sorted,
        ..PHP_UNESCAPED
    },
    Style { name: "json_encode() after ksort()", order: Order::Sorted, ..PHP },
    Style { name: "JavaScript's JSON.stringify() with sorted keys", order: Order::Sorted, ..JAVASCRIPT },
    Style {
        name: "a JSON column of MySQL or PostgreSQL",
        comma: ", ",
        colon: ": ",
        order: Order::ByLength,
        ..COMPACT
    },
    Style {
        name: "Go's json.Marshal(struct), or to_json of Rails,",
        html: Html::Tags,
        unicode: Unicode::LineEnds,
        ..COMPACT
    },
    Style {
        name: "Shopify, or to_json of Rails with escaped slashes,",
        html: Html::Tags,
        slashes: Slashes::Escaped,
        unicode: Unicode::LineEnds,
        ..COMPACT
    },
    Style {
        name: "an encoder that escapes tags, slashes and letters beyond ASCII",
        html: Html::Tags,
        slashes: Slashes::Escaped,
        unicode: Unicode::Escaped,
        ..COMPACT
    },
    Style {
        name: "Meta (Facebook, WhatsApp, Instagram), which escapes letters beyond ASCII, slashes, <, % and @,",
        html: Html::Meta,
        slashes: Slashes::Escaped,
        unicode: Unicode::Escaped,
        ..COMPACT
    },
    Style {
        name: "an encoder that escapes letters beyond U+FFFF, emoji among them,",
        unicode: Unicode::Astral,
        ..COMPACT
    },
    Style { name: "Java's Gson", html: Html::Gson, unicode: Unicode::LineEnds, ..COMPACT },
    Style {
        name: "Java's Gson, where numbers are double, or an encoder before a receiver that lost .0,",
        html: Html::Gson,
        unicode: Unicode::LineEnds,
        numbers: Numbers::Java,
        ..COMPACT
    },
    Style {
        name: "an encoder that writes .0 behind whole numbers, as Java does, or before a receiver that lost it,",
        numbers: Numbers::Java,
        ..COMPACT
    },
    Style { name: "Java's org.json", slashes: Slashes::AfterLess, ..COMPACT },
    Style {
        name: ".NET's System.Text.Json",
        html: Html::SystemText,
        unicode: Unicode::EscapedUpper,
        ..COMPACT
    },
    Style {
        name: ".NET's System.Text.Json with WriteIndented",
        html: Html::SystemText,
        unicode: Unicode::EscapedUpper,
        ..INDENTED
    },
    Style { name: "an encoder that indents by two spaces, such as jq and JSON.pretty_generate,", ..INDENTED },
    Style {
        name: "Go's json.MarshalIndent() with two spaces",
        html: Html::Tags,
        unicode: Unicode::LineEnds,
        ..INDENTED
    },
    Style { name: "an encoder that indents by three spaces", indent: "   ", ..INDENTED },
    Style { name: ".NET's Newtonsoft.Json, indented, on Windows", line_end: "\r\n", ..INDENTED },
    Style { name: "Java's Jackson, indented", colon: " : ", ..INDENTED },
    Style { name: "an encoder that indents by four spaces", indent: "    ", ..INDENTED },
    Style {
        name: "JavaScript's JSON.stringify(data, null, 4)",
        indent: "    ",
        numbers: Numbers::JavaScript,
        ..INDENTED
    },
    Style { name: "an encoder that indents by a tab", indent: "\t", ..INDENTED },
    Style { name: "JSON_PRETTY_PRINT with indentation by two spaces", indent: "  ", colon: ": ", ..PHP },
    Style {
        name: "Python's json.dumps(data, indent=2, sort_keys=True)",
        indent: "  ",
        order: Order::Sorted,
        ..PYTHON_INDENTED
    },
    Style {
        name: "Python's json.dumps(data, indent=4, sort_keys=True)",
        indent: "    ",
        order: Order::Sorted,
        ..PYTHON_INDENTED
    },
    Style { name: "jq -S", order: Order::Sorted, ..INDENTED },
    Style {
        name: "Python's json.dumps(data, ensure_ascii=False, sort_keys=True)",
        unicode: Unicode::Plain,
        order: Order::Sorted,
        ..PYTHON
    },
    Style {
        name: "Python's json.dumps(data, indent=2, ensure_ascii=False)",
        unicode: Unicode::Plain,
        indent: "  ",
        ..PYTHON_INDENTED
    },
    Style { name: "an encoder that puts a space behind colons", colon: ": ", ..COMPACT },
    Style { name: "an encoder that puts a space behind commas", comma: ", ", ..COMPACT },
];

impl Style {
    /// Writes a value, if it does not become too long.
    pub(in crate::diagnosis) fn write(&self, value: &Value) -> Option<Vec<u8>> {
        let mut text = Vec::with_capacity(ROOM);
        self.value(value, 0, &mut text)?;
        Some(text)
    }

    /// An object with these names, and texts of JSON as its values; without indentation.
    pub(in crate::diagnosis) fn object(&self, fields: &[(&str, &[u8])]) -> Vec<u8> {
        let mut text = vec![b'{'];
        for (number, (name, value)) in fields.iter().enumerate() {
            if number > 0 {
                text.extend_from_slice(self.comma.as_bytes());
            }
            self.string(name, &mut text);
            text.extend_from_slice(self.colon.as_bytes());
            text.extend_from_slice(value);
        }
        text.push(b'}');
        text
    }

    // As deep as the parser goes, and no deeper.
    fn value(&self, value: &Value, depth: usize, text: &mut Vec<u8>) -> Option<()> {
        match value {
            Value::Null => text.extend_from_slice(b"null"),
            Value::Bool(truth) => text.extend_from_slice(if *truth { b"true" } else { b"false" }),
            Value::Number(number) => self.numbers.write_to(number, text),
            Value::String(string) => self.string(string, text),
            Value::Object(map) if map.is_empty() && self.empty_objects_as_lists => {
                text.extend_from_slice(b"[]");
            }
            Value::Object(map) if self.order == Order::Kept => {
                self.items(map.iter().map(|(name, value)| (Some(name), value)), *b"{}", depth, text)?;
            }
            Value::Object(map) => {
                let mut fields: Vec<(&String, &Value)> = map.iter().collect();
                match self.order {
                    Order::Kept => {}
                    Order::Sorted => fields.sort_by_key(|(name, _)| *name),
                    Order::ByLength => fields.sort_by_key(|(name, _)| (name.len(), *name)),
                }
                let items = fields.into_iter().map(|(name, value)| (Some(name), value));
                self.items(items, *b"{}", depth, text)?;
            }
            Value::Array(list) => self.items(list.iter().map(|value| (None, value)), *b"[]", depth, text)?,
        }
        (text.len() <= MAX_WRITTEN).then_some(())
    }

    fn items<'v>(
        &self,
        items: impl Iterator<Item = (Option<&'v String>, &'v Value)>,
        [open, close]: [u8; 2],
        depth: usize,
        text: &mut Vec<u8>,
    ) -> Option<()> {
        text.push(open);
        let mut empty = true;
        for (name, value) in items {
            if !empty {
                text.extend_from_slice(self.comma.as_bytes());
            }
            empty = false;
            self.new_line(depth + 1, text);
            if let Some(name) = name {
                self.string(name, text);
                text.extend_from_slice(self.colon.as_bytes());
            }
            self.value(value, depth + 1, text)?;
        }
        if !empty {
            self.new_line(depth, text);
        }
        text.push(close);
        Some(())
    }

    fn new_line(&self, depth: usize, text: &mut Vec<u8>) {
        if !self.indent.is_empty() {
            text.extend_from_slice(self.line_end.as_bytes());
            (0..depth).for_each(|_| text.extend_from_slice(self.indent.as_bytes()));
        }
    }

    fn string(&self, string: &str, text: &mut Vec<u8>) {
        text.push(b'"');
        let mut rest = string;
        // No style escapes most letters, which are copied together.
        while let Some(special) = rest.bytes().position(is_special) {
            let (plain, tail) = rest.split_at_checked(special).unwrap_or((rest, ""));
            text.extend_from_slice(plain.as_bytes());
            let mut letters = tail.chars();
            if let Some(letter) = letters.next() {
                self.letter(letter, text);
            }
            rest = letters.as_str();
        }
        text.extend_from_slice(rest.as_bytes());
        text.push(b'"');
    }

    fn letter(&self, letter: char, text: &mut Vec<u8>) {
        let mut buffer = [0; 4];
        let escape = match letter {
            letter if self.html.escapes(letter) => return units(letter, self.html.upper(), text),
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '/' if self.slashes == Slashes::Escaped => "\\/",
            '/' if self.slashes == Slashes::AfterLess && text.ends_with(b"<") => "\\/",
            ..'\u{20}' => return units(letter, self.html.upper(), text),
            '\u{80}'.. => return self.beyond_ascii(letter, text),
            _ => letter.encode_utf8(&mut buffer),
        };
        text.extend_from_slice(escape.as_bytes());
    }

    fn beyond_ascii(&self, letter: char, text: &mut Vec<u8>) {
        let line_end = matches!(letter, '\u{2028}' | '\u{2029}');
        match self.unicode {
            Unicode::Escaped => units(letter, false, text),
            Unicode::EscapedUpper => units(letter, true, text),
            Unicode::Astral if letter > '\u{ffff}' => units(letter, false, text),
            Unicode::LineEnds if line_end => units(letter, false, text),
            Unicode::Plain | Unicode::LineEnds | Unicode::Astral => {
                text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }
}

/// Whether some style escapes the letter that begins with this byte.
const fn is_special(byte: u8) -> bool {
    matches!(byte, ..b' ' | 0x7f.. | b'"' | b'\\' | b'/' | b'<' | b'>' | b'&' | b'\'' | b'=' | b'+' | b'`' | b'%' | b'@')
}

/// `\u` and four digits for each UTF-16 unit of the letter.
fn units(letter: char, upper: bool, text: &mut Vec<u8>) {
    for unit in letter.encode_utf16(&mut [0; 2]) {
        let digits: &[u8; 16] = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
        let digit = |shift: u16| digits.get(usize::from(*unit >> shift & 15)).copied().unwrap_or_default();
        text.extend_from_slice(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{MAX_LENGTH, parse};
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
    fn as_symfony_net_and_databases_write_it() {
        let body = "{\"zip\":\"<a href='/'>\\\"é+\",\"id\":1}";
        for (name, text) in [
            ("Symfony", "{\"zip\":\"\\u003Ca href=\\u0027\\/\\u0027\\u003E\\u0022\\u00e9+\",\"id\":1}"),
            (
                ".NET's System.Text.Json",
                "{\"zip\":\"\\u003Ca href=\\u0027/\\u0027\\u003E\\u0022\\u00E9\\u002B\",\"id\":1}",
            ),
            ("a JSON column", "{\"id\": 1, \"zip\": \"<a href='/'>\\\"é+\"}"),
            ("Java's Gson", "{\"zip\":\"\\u003ca href\\u003d\\u0027/\\u0027\\u003e\\\"é+\",\"id\":1}"),
        ] {
            assert_eq!(written(name, body), text);
        }
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
