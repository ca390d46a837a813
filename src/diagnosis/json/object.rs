//! Data as a program shows it where somebody takes an object for a text.

use serde_json::Value;

/// The texts, and whose they are.
pub(in crate::diagnosis) fn texts(value: &Value) -> Vec<(Vec<u8>, &'static str)> {
    let printed = print_r(value, 0);
    let mut texts = vec![
        (python(value), "str() of the decoded data in Python"),
        (ruby(value, "=>"), "to_s of the decoded data in Ruby"),
        (ruby(value, " => "), "to_s of the decoded data in Ruby"),
        (bare(value, &RUBY_SYMBOLS), "to_s of the decoded data in Ruby, with symbols as names"),
        (bare(value, &RUBY_3_4), "to_s of the decoded data in Ruby 3.4, with symbols as names"),
        (bare(value, &YAML), "a text of YAML in one line"),
        (bare(value, &NODE), "util.inspect() of the decoded data in Node"),
        (bare(value, &DOT_NET), "ToString() of an anonymous object in .NET"),
        (python(value).replace('\'', "\""), "str() of the decoded data in Python, with \" put for each '"),
        (java(value), "toString() of the decoded data in Java"),
        (go(value), "fmt.Sprint() of the decoded data in Go"),
        (format!("{printed}\n"), "print_r() of the decoded data"),
        (printed, "print_r() of the decoded data"),
        (var_export(value, 0), "var_export() of the decoded data"),
        (serialized(value), "serialize() of the decoded data"),
    ];
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
    texts.into_iter().map(|(text, how)| (text.into_bytes(), how)).collect()
}

fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(list) => format!("[{}]", list.iter().map(python).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let field = |(name, value): (&String, &Value)| format!("{}: {}", quoted(name), python(value));
            format!("{{{}}}", map.iter().map(field).collect::<Vec<_>>().join(", "))
        }
    }
}

/// A text as Python shows it.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut shown = String::from(quote);
    for letter in text.chars() {
        match letter {
            '\\' => shown.push_str("\\\\"),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            letter if letter == quote => shown.extend(['\\', quote]),
            letter => shown.push(letter),
        }
    }
    shown.push(quote);
    shown
}

fn ruby(value: &Value, arrow: &str) -> String {
    match value {
        Value::Null => "nil".into(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("{text:?}"),
        Value::Array(list) => {
            format!("[{}]", list.iter().map(|value| ruby(value, arrow)).collect::<Vec<_>>().join(", "))
        }
        Value::Object(map) => {
            let field = |(name, value): (&String, &Value)| format!("{name:?}{arrow}{}", ruby(value, arrow));
            format!("{{{}}}", map.iter().map(field).collect::<Vec<_>>().join(", "))
        }
    }
}

/// How a language shows data whose names stand without quotation marks.
struct Bare {
    null: &'static str,
    /// Around a text.
    quote: &'static str,
    /// In front of a name, and behind it.
    name: [&'static str; 2],
    /// Inside brackets and braces that are not empty.
    space: &'static str,
}

const RUBY_SYMBOLS: Bare = Bare { null: "nil", quote: "\"", name: [":", "=>"], space: "" };
const RUBY_3_4: Bare = Bare { name: ["", ": "], ..RUBY_SYMBOLS };
const YAML: Bare = Bare { null: "null", quote: "", ..RUBY_3_4 };
const NODE: Bare = Bare { quote: "'", space: " ", ..YAML };
const DOT_NET: Bare = Bare { null: "", quote: "", name: ["", " = "], space: " " };

fn bare(value: &Value, how: &Bare) -> String {
    let within = |open: char, items: Vec<String>, close: char| {
        let space = if items.is_empty() { "" } else { how.space };
        format!("{open}{space}{}{space}{close}", items.join(", "))
    };
    match value {
        Value::Null => how.null.into(),
        Value::String(text) if how.quote.is_empty() => text.clone(),
        Value::String(text) if how.quote == "\"" => format!("{text:?}"),
        Value::String(text) => format!("{0}{text}{0}", how.quote),
        Value::Array(list) => within('[', list.iter().map(|value| bare(value, how)).collect(), ']'),
        Value::Object(map) => {
            let [before, behind] = how.name;
            let field =
                |(name, value): (&String, &Value)| format!("{before}{name}{behind}{}", bare(value, how));
            within('{', map.iter().map(field).collect(), '}')
        }
        scalar => scalar.to_string(),
    }
}

fn java(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => format!("[{}]", list.iter().map(java).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let field = |(name, value): (&String, &Value)| format!("{name}={}", java(value));
            format!("{{{}}}", map.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_string(),
    }
}

fn go(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".into(),
        Value::String(text) => text.clone(),
        Value::Array(list) => format!("[{}]", list.iter().map(go).collect::<Vec<_>>().join(" ")),
        Value::Object(map) => {
            let mut fields: Vec<String> =
                map.iter().map(|(name, value)| format!("{name}:{}", go(value))).collect();
            fields.sort();
            format!("map[{}]", fields.join(" "))
        }
        scalar => scalar.to_string(),
    }
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

fn print_r(value: &Value, depth: usize) -> String {
    let fields: Vec<(String, &Value)> = match value {
        Value::Array(list) => {
            list.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), value)).collect(),
        scalar => return php(scalar).unwrap_or_default(),
    };
    let indent = " ".repeat(8 * depth);
    let field =
        |(name, value): (String, &Value)| format!("{indent}    [{name}] => {}\n", print_r(value, depth + 1));
    let fields: String = fields.into_iter().map(field).collect();
    format!("Array\n{indent}(\n{fields}{indent})\n")
}

fn var_export(value: &Value, depth: usize) -> String {
    let fields: Vec<(String, &Value)> = match value {
        Value::Array(list) => {
            list.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        Value::Object(map) => map.iter().map(|(name, value)| (exported(name), value)).collect(),
        Value::Null => return "NULL".into(),
        Value::String(text) => return exported(text),
        scalar => return scalar.to_string(),
    };
    let indent = "  ".repeat(depth);
    let field = |(name, value): (String, &Value)| {
        let inner = var_export(value, depth + 1);
        let line = if value.is_array() || value.is_object() { format!("\n{indent}  {inner}") } else { inner };
        format!("{indent}  {name} => {line},\n")
    };
    let fields: String = fields.into_iter().map(field).collect();
    format!("array (\n{fields}{indent})")
}

fn exported(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn serialized(value: &Value) -> String {
    let text = |text: &str| format!("s:{}:\"{text}\";", text.len());
    match value {
        Value::Null => "N;".into(),
        Value::Bool(truth) => format!("b:{};", u8::from(*truth)),
        Value::Number(number) if number.is_f64() => format!("d:{number};"),
        Value::Number(number) => format!("i:{number};"),
        Value::String(string) => text(string),
        Value::Array(list) => {
            let items =
                list.iter().enumerate().map(|(index, value)| format!("i:{index};{}", serialized(value)));
            format!("a:{}:{{{}}}", list.len(), items.collect::<String>())
        }
        Value::Object(map) => {
            let items = map.iter().map(|(name, value)| format!("{}{}", text(name), serialized(value)));
            format!("a:{}:{{{}}}", map.len(), items.collect::<String>())
        }
    }
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
