//! Data as Python, Ruby or JavaScript shows it, read back.

use serde_json::{Map, Number, Value};

/// How deep such a text is read.
const MAX_DEPTH: usize = 64;

/// The data that a text shows: `{'a': True}`, `{"a"=>nil}`, `{:a=>1}`, `{a: 1}`, `{ a: 'b' }`. Nothing where it is something else.
pub(in crate::diagnosis) fn literal(text: &[u8]) -> Option<Value> {
    let text = core::str::from_utf8(text).ok()?.trim();
    let mut reader = Reader { rest: text };
    let value = Some(text).filter(|text| text.starts_with(['{', '['])).and_then(|_| reader.value(0))?;
    reader.rest.is_empty().then_some(value)
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        let first = self.rest.chars().next().filter(|_| depth < MAX_DEPTH)?;
        Some(match first {
            '{' => {
                self.rest = self.rest.get(1..)?;
                let mut map = Map::new();
                while !self.closes('}')? {
                    let name = self.name()?;
                    let value = self.value(depth + 1)?;
                    map.insert(name, value);
                }
                Value::Object(map)
            }
            '[' => {
                self.rest = self.rest.get(1..)?;
                let mut list = Vec::new();
                while !self.closes(']')? {
                    list.push(self.value(depth + 1)?);
                }
                Value::Array(list)
            }
            '\'' | '"' => Value::String(self.string(first)?),
            _ => match self.word()? {
                "None" | "nil" | "null" | "undefined" => Value::Null,
                "True" | "true" => Value::Bool(true),
                "False" | "false" => Value::Bool(false),
                number => Value::Number(number.parse::<Number>().ok()?),
            },
        })
    }

    /// Whether the end of a list or an object comes next; a comma and spaces are skipped.
    fn closes(&mut self, end: char) -> Option<bool> {
        let rest = self.rest.trim_start();
        self.rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        match self.rest.strip_prefix(end) {
            Some(rest) => {
                self.rest = rest;
                Some(true)
            }
            None => (!self.rest.is_empty()).then_some(false),
        }
    }

    /// The name of a field, and the sign behind it.
    fn name(&mut self) -> Option<String> {
        self.rest = self.rest.strip_prefix(':').unwrap_or(self.rest);
        let name = match self.rest.chars().next()? {
            quote @ ('\'' | '"') => self.string(quote)?,
            _ => self.word()?.to_owned(),
        };
        let rest = self.rest.trim_start();
        self.rest = rest.strip_prefix("=>").or_else(|| rest.strip_prefix(':'))?.trim_start();
        Some(name)
    }

    fn word(&mut self) -> Option<&str> {
        let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '+' | '.');
        let end = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    fn string(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut letters = self.rest.get(1..)?.chars();
        loop {
            match letters.next()? {
                '\\' => text.push(match letters.next()? {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'x' => escape(&mut letters, 2)?,
                    'u' => escape(&mut letters, 4)?,
                    'U' => escape(&mut letters, 8)?,
                    letter => letter,
                }),
                letter if letter == quote => break,
                // No language shows one as it is.
                letter if letter.is_control() => return None,
                letter => text.push(letter),
            }
        }
        self.rest = letters.as_str();
        Some(text)
    }
}

/// The letter with that number, in hexadecimal.
fn escape(letters: &mut core::str::Chars<'_>, digits: usize) -> Option<char> {
    let number: String = letters.by_ref().take(digits).collect();
    char::from_u32(u32::from_str_radix(&number, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_languages_show_is_read() {
        let value: Value =
            serde_json::from_str(r#"{"a":"it's","b":true,"c":null,"d":[1,2.5],"e":{}}"#).unwrap();
        for text in [
            r#"{'a': "it's", 'b': True, 'c': None, 'd': [1, 2.5], 'e': {}}"#,
            r#"{"a"=>"it's", "b"=>true, "c"=>nil, "d"=>[1, 2.5], "e"=>{}}"#,
            r#"{:a=>"it's", :b=>true, :c=>nil, :d=>[1, 2.5], :e=>{}}"#,
            r#"{a: "it's", b: true, c: nil, d: [1, 2.5], e: {}}"#,
            "{ a: 'it\\'s', b: true, c: null, d: [ 1, 2.5 ], e: {} }",
        ] {
            assert_eq!(literal(text.as_bytes()).as_ref(), Some(&value), "{text}");
        }
        for text in ["", "a=1", "{a", "{a}", "{'a': b}", "[1", "{'a': 1} 2", "{", "[}"] {
            assert_eq!(literal(text.as_bytes()), None, "{text}");
        }
        assert_eq!(literal("[".repeat(10_000).as_bytes()), None);
    }
}
