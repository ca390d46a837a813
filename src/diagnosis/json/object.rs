//! Data as a program shows it where somebody takes an object for a text.

use core::fmt::{self, Write as _};

use serde_json::{Number, Value};

/// The texts, and whose they are.
pub(in crate::diagnosis) fn texts(value: &Value) -> Vec<(Vec<u8>, &'static str)> {
    let mut texts: Vec<(String, &str)> =
        NOTATIONS.iter().map(|(notation, how)| (notation.of(value), *how)).collect();
    let json_by_hand = PYTHON.of(value).replace('\'', "\"");
    texts.push((json_by_hand, "str() of the decoded data in Python, with \" put for each '"));
    let mut printed = String::new();
    print_r(value, 0, &mut printed);
    texts.push((format!("{printed}\n"), "print_r() of the decoded data"));
    texts.push((printed, "print_r() of the decoded data"));
    let mut exported = String::new();
    var_export(value, 0, &mut exported);
    texts.push((exported, "var_export() of the decoded data"));
    let mut serialized = String::new();
    serialize(value, &mut serialized);
    texts.push((serialized, "serialize() of the decoded data"));
    for (separator, how) in [
        ("", "implode('', …) of the decoded data"),
        (",", "implode(',', …) of the decoded data, or String() of a list in JavaScript"),
        ("&", "implode('&', …) of the decoded data"),
        ("|", "implode('|', …) of the decoded data"),
        (".", "implode('.', …) of the decoded data"),
        ("\n", "implode(\"\\n\", …) of the decoded data"),
    ] {
        texts.extend(joined(value, separator).map(|text| (text, how)));
    }
    let sorted = value.as_object().map(|map| {
        let mut fields: Vec<_> = map.iter().collect();
        fields.sort_by_key(|(name, _)| *name);
        Value::Object(fields.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect())
    });
    for separator in ["", ",", "|", ":", "."] {
        let how = "implode() of the decoded data after ksort()";
        texts.extend(sorted.as_ref().and_then(|value| joined(value, separator)).map(|text| (text, how)));
    }
    texts.into_iter().map(|(text, how)| (text.into_bytes(), how)).collect()
}

/// How a language shows data in one line.
struct Notation {
    null: &'static str,
    truths: (&'static str, &'static str),
    text: Quotes,
    name: Quotes,
    /// In front of a name, and behind it.
    around_name: [&'static str; 2],
    list: [&'static str; 2],
    map: [&'static str; 2],
    between: &'static str,
    /// Inside brackets and braces that are not empty.
    space: &'static str,
    /// Whether names are shown in their order.
    sorted: bool,
}

/// What stands around a text.
#[derive(Clone, Copy)]
enum Quotes {
    None,
    Single,
    /// With what must be escaped escaped.
    Double,
    /// Python's: single ones, unless there are some in the text and no double ones.
    Python,
}

const JAVA: Notation = Notation {
    null: "null",
    truths: ("false", "true"),
    text: Quotes::None,
    name: Quotes::None,
    around_name: ["", "="],
    list: ["[", "]"],
    map: ["{", "}"],
    between: ", ",
    space: "",
    sorted: false,
};
const PYTHON: Notation = Notation {
    null: "None",
    truths: ("False", "True"),
    text: Quotes::Python,
    name: Quotes::Python,
    around_name: ["", ": "],
    ..JAVA
};
const RUBY: Notation =
    Notation { null: "nil", text: Quotes::Double, name: Quotes::Double, around_name: ["", "=>"], ..JAVA };
const SYMBOLS: Notation = Notation { name: Quotes::None, around_name: [":", "=>"], ..RUBY };
const YAML: Notation = Notation { around_name: ["", ": "], ..JAVA };

const NOTATIONS: [(Notation, &str); 10] = [
    (PYTHON, "str() of the decoded data in Python"),
    (RUBY, "to_s of the decoded data in Ruby"),
    (Notation { around_name: ["", " => "], ..RUBY }, "to_s of the decoded data in Ruby"),
    (SYMBOLS, "to_s of the decoded data in Ruby, with symbols as names"),
    (
        Notation { around_name: ["", ": "], ..SYMBOLS },
        "to_s of the decoded data in Ruby 3.4, with symbols as names",
    ),
    (YAML, "a text of YAML in one line"),
    (Notation { text: Quotes::Single, space: " ", ..YAML }, "util.inspect() of the decoded data in Node"),
    (
        Notation { null: "", around_name: ["", " = "], space: " ", ..JAVA },
        "ToString() of an anonymous object in .NET",
    ),
    (JAVA, "toString() of the decoded data in Java"),
    (
        Notation {
            null: "<nil>",
            around_name: ["", ":"],
            map: ["map[", "]"],
            between: " ",
            sorted: true,
            ..JAVA
        },
        "fmt.Sprint() of the decoded data in Go",
    ),
];

impl Notation {
    fn of(&self, value: &Value) -> String {
        let mut text = String::new();
        self.write(value, &mut text);
        text
    }

    // As deep as the parser goes, and no deeper.
    fn write(&self, value: &Value, text: &mut String) {
        match value {
            Value::Null => text.push_str(self.null),
            Value::Bool(truth) => text.push_str(if *truth { self.truths.1 } else { self.truths.0 }),
            Value::Number(number) => push_number(number, text),
            Value::String(string) => self.text.write(string, text),
            Value::Array(list) => {
                self.items(self.list, list.iter().map(|value| (None, value)), text);
            }
            Value::Object(map) if self.sorted => {
                let mut fields: Vec<(&String, &Value)> = map.iter().collect();
                fields.sort_by_key(|(name, _)| *name);
                self.items(self.map, fields.into_iter().map(|(name, value)| (Some(name), value)), text);
            }
            Value::Object(map) => {
                self.items(self.map, map.iter().map(|(name, value)| (Some(name), value)), text);
            }
        }
    }

    fn items<'v>(
        &self,
        [open, close]: [&str; 2],
        items: impl Iterator<Item = (Option<&'v String>, &'v Value)>,
        text: &mut String,
    ) {
        text.push_str(open);
        let mut space = "";
        for (number, (name, value)) in items.enumerate() {
            space = self.space;
            text.push_str(if number == 0 { self.space } else { self.between });
            if let Some(name) = name {
                let [before, behind] = self.around_name;
                text.push_str(before);
                self.name.write(name, text);
                text.push_str(behind);
            }
            self.write(value, text);
        }
        text.push_str(space);
        text.push_str(close);
    }
}

impl Quotes {
    fn write(self, string: &str, text: &mut String) {
        match self {
            Self::None => text.push_str(string),
            Self::Single => text.extend(["'", string, "'"]),
            Self::Double => push(text, format_args!("{string:?}")),
            Self::Python => python(string, text),
        }
    }
}

/// A text as Python shows it.
fn python(string: &str, text: &mut String) {
    let quote = if string.contains('\'') && !string.contains('"') { '"' } else { '\'' };
    text.push(quote);
    for letter in string.chars() {
        match letter {
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            letter if letter == quote => text.extend(['\\', quote]),
            letter => text.push(letter),
        }
    }
    text.push(quote);
}

/// What PHP makes of a scalar where it wants a text.
fn php(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "1".into(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Object(_) => return None,
    })
}

fn print_r(value: &Value, depth: usize, text: &mut String) {
    let indent = " ".repeat(8 * depth);
    let open = |text: &mut String| text.extend(["Array\n", &indent, "(\n"]);
    let field = |name: &str, value: &Value, text: &mut String| {
        text.extend([&*indent, "    [", name, "] => "]);
        print_r(value, depth + 1, text);
        text.push('\n');
    };
    match value {
        Value::Array(list) => {
            open(text);
            list.iter().enumerate().for_each(|(index, value)| field(&index.to_string(), value, text));
        }
        Value::Object(map) => {
            open(text);
            map.iter().for_each(|(name, value)| field(name, value, text));
        }
        scalar => return text.push_str(&php(scalar).unwrap_or_default()),
    }
    text.extend([&*indent, ")\n"]);
}

fn var_export(value: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let field = |name: &str, value: &Value, text: &mut String| {
        text.extend([&*indent, "  ", name, " => "]);
        if value.is_array() || value.is_object() {
            text.extend(["\n", &*indent, "  "]);
        }
        var_export(value, depth + 1, text);
        text.push_str(",\n");
    };
    match value {
        Value::Array(list) => {
            text.push_str("array (\n");
            list.iter().enumerate().for_each(|(index, value)| field(&index.to_string(), value, text));
        }
        Value::Object(map) => {
            text.push_str("array (\n");
            map.iter().for_each(|(name, value)| field(&exported(name), value, text));
        }
        Value::Null => return text.push_str("NULL"),
        Value::Bool(truth) => return text.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => return push_number(number, text),
        Value::String(string) => return text.push_str(&exported(string)),
    }
    text.extend([&*indent, ")"]);
}

fn exported(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn serialize(value: &Value, text: &mut String) {
    let string =
        |string: &str, text: &mut String| push(text, format_args!("s:{}:\"{string}\";", string.len()));
    match value {
        Value::Null => text.push_str("N;"),
        Value::Bool(truth) => push(text, format_args!("b:{};", u8::from(*truth))),
        Value::Number(number) if number.is_f64() => push(text, format_args!("d:{number};")),
        Value::Number(number) => push(text, format_args!("i:{number};")),
        Value::String(value) => string(value, text),
        Value::Array(list) => {
            push(text, format_args!("a:{}:{{", list.len()));
            for (index, value) in list.iter().enumerate() {
                push(text, format_args!("i:{index};"));
                serialize(value, text);
            }
            text.push('}');
        }
        Value::Object(map) => {
            push(text, format_args!("a:{}:{{", map.len()));
            for (name, value) in map {
                string(name, text);
                serialize(value, text);
            }
            text.push('}');
        }
    }
}

fn push_number(number: &Number, text: &mut String) {
    push(text, format_args!("{number}"));
}

fn push(text: &mut String, what: fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = text.write_fmt(what);
}

/// The values, one behind the other, where none is a list.
fn joined(value: &Value, separator: &str) -> Option<String> {
    let values: Vec<String> = match value {
        Value::Object(map) => map.values().map(php).collect::<Option<_>>()?,
        Value::Array(list) => list.iter().map(php).collect::<Option<_>>()?,
        _ => return None,
    };
    Some(values.join(separator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_each_language_shows_it() {
        let value = serde_json::from_str("{\"id\":\"it's\",\"ok\":true,\"n\":null,\"l\":[1,\"x\"]}").unwrap();
        for text in [
            "{'id': \"it's\", 'ok': True, 'n': None, 'l': [1, 'x']}",
            "{\"id\"=>\"it's\", \"ok\"=>true, \"n\"=>nil, \"l\"=>[1, \"x\"]}",
            "{:id=>\"it's\", :ok=>true, :n=>nil, :l=>[1, \"x\"]}",
            "{id: \"it's\", ok: true, n: nil, l: [1, \"x\"]}",
            "{id: it's, ok: true, n: null, l: [1, x]}",
            "{ id: 'it's', ok: true, n: null, l: [ 1, 'x' ] }",
            "{ id = it's, ok = true, n = , l = [ 1, x ] }",
            "{id=it's, ok=true, n=null, l=[1, x]}",
            "map[id:it's l:[1 x] n:<nil> ok:true]",
            "Array\n(\n    [id] => it's\n    [ok] => 1\n    [n] => \n    [l] => Array\n        (\n            [0] => 1\n            [1] => x\n        )\n\n)\n",
            "array (\n  'id' => 'it\\'s',\n  'ok' => true,\n  'n' => NULL,\n  'l' => \n  array (\n    0 => 1,\n    1 => 'x',\n  ),\n)",
            "a:4:{s:2:\"id\";s:4:\"it's\";s:2:\"ok\";b:1;s:1:\"n\";N;s:1:\"l\";a:2:{i:0;i:1;i:1;s:1:\"x\";}}",
        ] {
            assert!(texts(&value).iter().any(|(shown, _)| shown == text.as_bytes()), "{text}");
        }
    }
}
