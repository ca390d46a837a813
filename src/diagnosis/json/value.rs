//! What frameworks do to the values of decoded data, and data written as a form.

use serde_json::{Map, Number, Value};

use crate::request::{form_spelling, percent_encode};

/// A change to every value of some data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diagnosis) enum Change {
    NullsToEmpty,
    EmptyToNulls,
    WithoutNulls,
    WithoutEmpty,
    NumbersToTexts,
    TextsToNumbers,
    BooleansToNumbers,
    NumbersToBooleans,
    BooleansToTexts,
    EmptyListsToObjects,
    TextsTrimmed,
    DatesWithMilliseconds,
    DatesWithoutMilliseconds,
    DatesWithOffset,
    DatesWithZ,
}

impl Change {
    /// All of them, and what makes them: the sender's data had what the words say.
    pub(in crate::diagnosis) const ALL: [(Self, &str); 15] = [
        (
            Self::NullsToEmpty,
            "\"\" in place of null (Laravel's ConvertEmptyStringsToNull makes null of \"\" here)",
        ),
        (Self::EmptyToNulls, "null in place of \"\""),
        (Self::TextsToNumbers, "numbers in place of texts that look like one (JSON_NUMERIC_CHECK)"),
        (Self::NumbersToTexts, "texts in place of numbers (values out of a form or a database)"),
        (Self::WithoutNulls, "no fields that are null"),
        (Self::WithoutEmpty, "no fields that are null or empty (array_filter())"),
        (Self::BooleansToNumbers, "1 and 0 in place of true and false"),
        (Self::NumbersToBooleans, "true and false in place of 1 and 0"),
        (Self::BooleansToTexts, "\"true\" and \"false\" in place of true and false"),
        (Self::EmptyListsToObjects, "{} in place of []"),
        (Self::TextsTrimmed, "no white space around its texts (TrimStrings, trim())"),
        (Self::DatesWithMilliseconds, "milliseconds in its dates, as toISOString() writes them"),
        (
            Self::DatesWithoutMilliseconds,
            "no milliseconds in its dates where they are 0 (Newtonsoft.Json reads and writes dates anew)",
        ),
        (Self::DatesWithOffset, "+00:00 in place of Z in its dates, as isoformat() and DATE_ATOM write them"),
        (Self::DatesWithZ, "Z in place of +00:00 in its dates"),
    ];

    /// The data so changed, where it is another one.
    pub(in crate::diagnosis) fn of(self, value: &Value) -> Option<Value> {
        self.changes(value).then(|| {
            let mut changed = value.clone();
            self.apply(&mut changed);
            changed
        })
    }

    fn changes(self, value: &Value) -> bool {
        match value {
            Value::Object(map) => map.values().any(|value| self.drops(value) || self.changes(value)),
            Value::Array(list) if list.is_empty() => self == Self::EmptyListsToObjects,
            Value::Array(list) => list.iter().any(|value| self.changes(value)),
            scalar => self.scalar(scalar).is_some_and(|changed| changed != *scalar),
        }
    }

    /// Whether a field with this value is left out.
    fn drops(self, value: &Value) -> bool {
        match value {
            Value::Null => matches!(self, Self::WithoutNulls | Self::WithoutEmpty),
            Value::String(text) => self == Self::WithoutEmpty && text.is_empty(),
            _ => false,
        }
    }

    fn apply(self, value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.retain(|_, value| !self.drops(value));
                map.values_mut().for_each(|value| self.apply(value));
            }
            Value::Array(list) if list.is_empty() && self == Self::EmptyListsToObjects => {
                *value = Value::Object(Map::new());
            }
            Value::Array(list) => list.iter_mut().for_each(|value| self.apply(value)),
            scalar => {
                if let Some(changed) = self.scalar(scalar) {
                    *scalar = changed;
                }
            }
        }
    }

    const fn is_about_dates(self) -> bool {
        matches!(
            self,
            Self::DatesWithMilliseconds
                | Self::DatesWithoutMilliseconds
                | Self::DatesWithOffset
                | Self::DatesWithZ
        )
    }

    /// A date and a time of day (RFC 3339) otherwise, where the text is one.
    fn date(self, text: &str) -> Option<String> {
        let is_date = |text: &str| {
            let digits = text.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
            digits.eq(*b"0000-00-00T00:00:00")
        };
        let (date, rest) = text.split_at_checked(19).filter(|(date, _)| is_date(date))?;
        let rest = match (self, rest) {
            (Self::DatesWithMilliseconds, "Z") => ".000Z".to_owned(),
            (Self::DatesWithMilliseconds, "+00:00") => ".000+00:00".to_owned(),
            (Self::DatesWithoutMilliseconds, rest) => rest.strip_prefix(".000")?.to_owned(),
            (Self::DatesWithOffset, rest) => rest.strip_suffix('Z')?.to_owned() + "+00:00",
            (Self::DatesWithZ, rest) => rest.strip_suffix("+00:00")?.to_owned() + "Z",
            _ => return None,
        };
        Some(format!("{date}{rest}"))
    }

    fn scalar(self, value: &Value) -> Option<Value> {
        Some(match (self, value) {
            (Self::NullsToEmpty, Value::Null) => Value::String(String::new()),
            (Self::EmptyToNulls, Value::String(text)) if text.is_empty() => Value::Null,
            (Self::NumbersToTexts, Value::Number(number)) => Value::String(number.to_string()),
            (Self::TextsToNumbers, Value::String(text)) => {
                let number: Number = text.trim().strip_prefix('+').unwrap_or(text.trim()).parse().ok()?;
                Value::Number(number)
            }
            (Self::TextsTrimmed, Value::String(text)) => Value::String(text.trim().to_owned()),
            (_, Value::String(text)) if self.is_about_dates() => Value::String(self.date(text)?),
            (Self::BooleansToNumbers, Value::Bool(truth)) => Value::from(u8::from(*truth)),
            (Self::BooleansToTexts, Value::Bool(truth)) => Value::String(truth.to_string()),
            (Self::NumbersToBooleans, Value::Number(number)) => Value::Bool(match number.as_u64()? {
                0 => false,
                1 => true,
                _ => return None,
            }),
            _ => return None,
        })
    }
}

/// An object as PHP's `http_build_query()` writes it, with `+` for a space or with `%20`, and in order of its names or not;
/// lists as `a[0]=…`.
pub(in crate::diagnosis) fn forms(value: &Value) -> Option<[Vec<u8>; 4]> {
    let mut fields = Vec::new();
    for (name, value) in value.as_object()? {
        collect(name.clone(), value, &mut fields);
    }
    let written = |fields: &[(String, String)]| {
        let pair = |(name, text): &(String, String)| [name, "=", text].concat();
        fields.iter().map(pair).collect::<Vec<_>>().join("&")
    };
    let both = |fields: &[(String, String)]| {
        let encode = |text: &String| percent_encode(text.as_bytes());
        let pairs: Vec<_> = fields.iter().map(|(name, text)| (encode(name), encode(text))).collect();
        let text = written(&pairs);
        [form_spelling(&text).into_bytes(), text.into_bytes()]
    };
    let [plus, encoded] = both(&fields);
    fields.sort();
    let [sorted_plus, sorted_encoded] = both(&fields);
    Some([plus, encoded, sorted_plus, sorted_encoded])
}

fn collect(name: String, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => pairs.push((name, text.clone())),
        Value::Number(number) => pairs.push((name, number.to_string())),
        Value::Bool(truth) => pairs.push((name, u8::from(*truth).to_string())),
        Value::Null => {}
        Value::Array(list) => {
            list.iter()
                .enumerate()
                .for_each(|(index, value)| collect(format!("{name}[{index}]"), value, pairs));
        }
        Value::Object(map) => {
            map.iter().for_each(|(inner, value)| collect(format!("{name}[{inner}]"), value, pairs));
        }
    }
}
