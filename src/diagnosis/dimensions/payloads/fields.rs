//! Fields of a JSON payload that stand in another order than a style has them, or that one side does not have.

use serde_json::{Map, Value};

use super::Payloads;
use crate::diagnosis::alternative::Commonness::Rare;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::json::{COMPACT, JAVASCRIPT, PHP, PHP_UNESCAPED, PYTHON, distinct};

/// Most fields of which one at a time is left out.
const MAX_FIELDS: usize = 12;

impl Payloads<'_> {
    /// Sorted, and what is within is not, as `ksort()` does it; or gone, as an array as the second argument of
    /// `JSON.stringify()` does it.
    pub(super) fn sorted_at_the_top(&mut self, value: &Value) {
        let Some(object) = value.as_object().filter(|object| object.values().any(is_nested)) else { return };
        let sorted = Value::Object(sorted(object));
        if sorted.as_object().is_some_and(|sorted| !sorted.keys().eq(object.keys())) {
            for (_, style) in distinct([&PHP_UNESCAPED, &PHP, &JAVASCRIPT, &PYTHON], &sorted) {
                let Some(text) = style.write(&sorted) else { continue };
                let how =
                    Words::from(style.name).and(" after ksort(), which sorts the outermost names alone,");
                self.copy(text, Cause::PayloadReserialized, how, Rare);
            }
        }
        let mut names: Vec<&str> = object.keys().map(String::as_str).collect();
        names.sort_unstable();
        if let Some(text) = JAVASCRIPT.write(&only(value, &names)) {
            let how = "JavaScript's JSON.stringify(data, Object.keys(data).sort()), which leaves out all names within that are not outermost \
                       names too,";
            self.copy(text, Cause::PayloadReserialized, how, Rare);
        }
    }

    /// Without a field that something on the way put in.
    pub(super) fn without_a_field(&mut self, value: &Value) {
        let Some(object) = value.as_object().filter(|object| object.len() > 1) else { return };
        let style = self.style.unwrap_or(&COMPACT);
        for name in object.keys().take(MAX_FIELDS) {
            let mut rest = object.clone();
            rest.shift_remove(name);
            let Some(text) = style.write(&Value::Object(rest)) else { continue };
            let how = Words::from(style.name.trim_end_matches(',')).and(", without one of its fields,");
            let fix = "On the receiver, verify the body as it came, file_get_contents('php://input'): something put a field into the data \
                       (a middleware, a parameter of the route). On the sender, sign what is sent.";
            self.fault(text, Fault::with(Cause::PayloadReserialized, how).fixed_by(fix), Rare);
        }
    }
}

fn is_nested(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(list) => list.iter().any(is_nested),
        _ => false,
    }
}

fn sorted(object: &Map<String, Value>) -> Map<String, Value> {
    let mut fields: Vec<_> = object.iter().collect();
    fields.sort_by_key(|(name, _)| *name);
    fields.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The data with these names alone, in this order. As deep as the parser goes, and no deeper.
fn only(value: &Value, names: &[&str]) -> Value {
    match value {
        Value::Object(map) => {
            let field = |name: &&str| Some(((*name).to_owned(), only(map.get(*name)?, names)));
            Value::Object(names.iter().filter_map(field).collect())
        }
        Value::Array(list) => Value::Array(list.iter().map(|value| only(value, names)).collect()),
        scalar => scalar.clone(),
    }
}
