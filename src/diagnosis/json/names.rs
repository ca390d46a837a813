//! The names of fields by the convention of another language.

use serde_json::{Map, Value};

/// How the words of a name are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diagnosis) enum Naming {
    /// `orderId`
    Camel,
    /// `OrderId`
    Pascal,
    /// `order_id`
    Snake,
}

impl Naming {
    /// The data with all its names so, where any is otherwise. As deep as the parser goes, and no deeper.
    pub(in crate::diagnosis) fn of(self, value: &Value) -> Option<Value> {
        let renamed = self.renamed(value);
        (renamed != *value).then_some(renamed)
    }

    fn renamed(self, value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let fields = map.iter().map(|(name, value)| (self.name(name), self.renamed(value)));
                Value::Object(fields.collect::<Map<_, _>>())
            }
            Value::Array(list) => Value::Array(list.iter().map(|value| self.renamed(value)).collect()),
            scalar => scalar.clone(),
        }
    }

    fn name(self, name: &str) -> String {
        let mut words: Vec<String> = Vec::new();
        let mut last = '_';
        for letter in name.chars() {
            let begins = last == '_' || letter.is_ascii_uppercase() && !last.is_ascii_uppercase();
            match words.last_mut() {
                _ if letter == '_' => {}
                Some(word) if !begins => word.push(letter.to_ascii_lowercase()),
                _ => words.push(letter.to_ascii_lowercase().to_string()),
            }
            last = letter;
        }
        if self == Self::Snake {
            return words.join("_");
        }
        let mut joined = String::with_capacity(name.len());
        for (number, word) in words.iter().enumerate() {
            let (first, rest) = word.split_at_checked(1).unwrap_or(("", word));
            if number > 0 || self == Self::Pascal {
                joined.push_str(&first.to_ascii_uppercase());
                joined.push_str(rest);
            } else {
                joined.push_str(word);
            }
        }
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_by_each_convention() {
        for (name, camel, pascal, snake) in [
            ("order_id", "orderId", "OrderId", "order_id"),
            ("OrderId", "orderId", "OrderId", "order_id"),
            ("url", "url", "Url", "url"),
            ("HTTPStatus", "httpstatus", "Httpstatus", "httpstatus"),
            ("état", "état", "état", "état"),
        ] {
            let names = [Naming::Camel, Naming::Pascal, Naming::Snake].map(|naming| naming.name(name));
            assert_eq!(names, [camel, pascal, snake], "{name}");
        }
    }
}
