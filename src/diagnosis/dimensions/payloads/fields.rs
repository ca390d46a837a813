//! Fields of a JSON payload that stand in another order than a style has them, or that one side does not have.

use serde_json::{Map, Value};

use super::Payloads;
use crate::diagnosis::alternative::Commonness::Rare;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::dimensions::permutations::permutations;
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::json::{COMPACT, JAVASCRIPT, PHP, PHP_UNESCAPED, PYTHON, distinct};

/// Most fields of which one at a time is left out.
const MAX_FIELDS: usize = 12;
/// Most names of which every order is tried: 24 orders.
const MAX_UNSORTED: usize = 4;
/// Most empty lists of which one at a time is an object.
const MAX_EMPTY: usize = 6;

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

    /// The outermost names in the order in which they stood before something sorted them: an encoder of Rust, Go or Python.
    pub(super) fn unsorted(&mut self, value: &Value) {
        let Some(object) = value.as_object().filter(|object| object.keys().is_sorted()) else { return };
        if !(2..=MAX_UNSORTED).contains(&object.len()) {
            return;
        }
        let style = self.style.unwrap_or(&COMPACT);
        let fields: Vec<(&String, &Value)> = object.iter().collect();
        for order in permutations(&fields) {
            let fields = order.into_iter().map(|(name, value)| (name.clone(), value.clone()));
            let Some(text) = style.write(&Value::Object(fields.collect())) else { continue };
            let how = Words::from(style.name.trim_end_matches(',')).and(", with its names in another order,");
            let fix = "On the receiver, verify the body as it came, file_get_contents('php://input'): what was passed was decoded and written again, \
                       and its names are sorted since (serde_json's Value, Go's maps, sort_keys).";
            self.fault(text, Fault::with(Cause::PayloadReserialized, how).fixed_by(fix), Rare);
        }
    }

    /// One of several empty lists that was an empty object, of which `json_decode($body, true)` makes a list too.
    pub(super) fn one_empty_object(&mut self, value: &Value) {
        let lists = empty_lists(value);
        for place in (0..lists).take(MAX_EMPTY).filter(|_| lists > 1) {
            let mut changed = value.clone();
            let mut left = place;
            make_object(&mut changed, &mut left);
            for (_, style) in distinct([&PHP_UNESCAPED, &PHP, &JAVASCRIPT], &changed) {
                let Some(text) = style.write(&changed) else { continue };
                let how =
                    Words::from(style.name.trim_end_matches(',')).and(", with {} in place of one of its [],");
                self.copy(text, Cause::PayloadReserialized, how, Rare);
            }
        }
    }
}

fn empty_lists(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.values().map(empty_lists).sum(),
        Value::Array(list) if list.is_empty() => 1,
        Value::Array(list) => list.iter().map(empty_lists).sum(),
        _ => 0,
    }
}

/// Makes an object of the empty list before which so many others stand.
fn make_object(value: &mut Value, left: &mut usize) -> bool {
    match value {
        Value::Object(map) => map.values_mut().any(|value| make_object(value, left)),
        Value::Array(list) if !list.is_empty() => list.iter_mut().any(|value| make_object(value, left)),
        Value::Array(_) if *left == 0 => {
            *value = Value::Object(Map::new());
            true
        }
        Value::Array(_) => {
            *left -= 1;
            false
        }
        _ => false,
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
