//! Which styles write a document in different ways: without a slash in it, nobody escapes one.

use serde_json::Value;

use super::number::Numbers;
use super::style::{Html, Order, Slashes, Style, Unicode};

/// The styles that differ over this value, each with its place in the list: of those that write the same, the first.
pub(in crate::diagnosis) fn distinct<'s>(
    styles: impl IntoIterator<Item = &'s Style>,
    value: &Value,
) -> Vec<(usize, &'s Style)> {
    let has = Traits::of(value);
    let mut seen = Vec::new();
    let mut styles: Vec<_> = styles.into_iter().enumerate().collect();
    styles.retain(|(_, style)| {
        let same = has.all_that_matters(style);
        let is_new = !seen.contains(&same);
        seen.extend(is_new.then_some(same));
        is_new
    });
    styles
}

/// What a document has that styles write in different ways.
#[derive(Default)]
struct Traits {
    /// The letters of ASCII that its texts have, a bit each.
    ascii: u128,
    control_characters: bool,
    /// Letters beyond ASCII; U+2028 and U+2029; letters beyond U+FFFF.
    beyond_ascii: bool,
    line_ends: bool,
    astral: bool,
    /// All numbers, as each of [`Numbers::ALL`] writes them.
    numbers: [Vec<u8>; Numbers::ALL.len()],
    empty_objects: bool,
    /// Objects whose names are not in order, and whose shorter names are not the first ones.
    unsorted: bool,
    unsorted_by_length: bool,
}

impl Traits {
    fn of(value: &Value) -> Self {
        let mut traits = Self::default();
        traits.value(value);
        traits
    }

    // As deep as the parser goes, and no deeper.
    fn value(&mut self, value: &Value) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => {
                for (numbers, text) in Numbers::ALL.iter().zip(&mut self.numbers) {
                    numbers.write_to(number, text);
                    text.push(b' ');
                }
            }
            Value::String(text) => self.text(text),
            Value::Array(list) => list.iter().for_each(|value| self.value(value)),
            Value::Object(map) => {
                self.empty_objects |= map.is_empty();
                self.unsorted |= !map.keys().is_sorted();
                self.unsorted_by_length |= !map.keys().is_sorted_by_key(|name| (name.len(), name));
                for (name, value) in map {
                    self.text(name);
                    self.value(value);
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        for byte in text.bytes() {
            self.ascii |= 1_u128.checked_shl(byte.into()).unwrap_or_default();
            self.control_characters |= byte < b' ';
            // The first byte of four.
            self.astral |= byte >= 0xf0;
        }
        if !text.is_ascii() {
            self.beyond_ascii = true;
            self.line_ends |= text.contains(['\u{2028}', '\u{2029}']);
        }
    }

    fn has(&self, is_meant: impl Fn(char) -> bool) -> bool {
        let letters = (0..128_u8).filter(|letter| self.ascii >> letter & 1 == 1);
        letters.map(char::from).any(is_meant)
    }

    /// The style without a name, and without what makes no difference here.
    fn all_that_matters(&self, style: &Style) -> Style {
        let mut style = Style { name: "", ..*style };
        if !self.has(|letter| letter == '/') {
            style.slashes = Slashes::Plain;
        }
        let unicode_matters = match style.unicode {
            Unicode::Plain => false,
            Unicode::LineEnds => self.line_ends,
            Unicode::Astral => self.astral,
            Unicode::Escaped | Unicode::EscapedUpper => self.beyond_ascii,
        };
        if !unicode_matters {
            style.unicode = Unicode::Plain;
        }
        // It says how control characters are written too.
        if !self.control_characters && !self.has(|letter| style.html.escapes(letter)) {
            style.html = Html::Plain;
        }
        let order_matters = match style.order {
            Order::Kept => false,
            Order::Sorted => self.unsorted,
            Order::ByLength => self.unsorted_by_length,
        };
        if !order_matters {
            style.order = Order::Kept;
        }
        style.empty_objects_as_lists &= self.empty_objects;
        style.numbers = self.same_numbers(style.numbers);
        style
    }

    /// The first of all that write the numbers in the same way.
    fn same_numbers(&self, numbers: Numbers) -> Numbers {
        let written = || Numbers::ALL.into_iter().zip(&self.numbers);
        let text = written().find(|(other, _)| *other == numbers).map(|(_, text)| text);
        written().find(|(_, other)| Some(*other) == text).map_or(numbers, |(same, _)| same)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::style::STYLES;
    use super::*;

    fn written<'s>(styles: impl IntoIterator<Item = &'s Style>, value: &Value) -> BTreeSet<Vec<u8>> {
        styles.into_iter().filter_map(|style| style.write(value)).collect()
    }

    #[test]
    fn what_has_nothing_to_differ_in_is_written_in_few_ways() {
        let value = serde_json::json!({"a": 1, "b": ["c"]});
        let texts = written(&STYLES, &value);
        let styles = distinct(&STYLES, &value);
        assert_eq!(written(styles.iter().map(|(_, style)| *style), &value), texts);
        assert_eq!(styles.len(), texts.len());
    }

    fn values() -> impl Strategy<Value = Value> {
        let text = "[a-c</>&'=\"%@+`~\u{1}\u{b}\u{1f}\n\t\\\\\u{7f}é€\u{2028}\u{ffff}😀]{0,3}";
        let number = prop_oneof![
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            (-9_i64..9).prop_map(Value::from),
            (-9_i32..9).prop_map(|number| Value::from(f64::from(number) / 2.0)),
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            number,
            text.prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 12, 4, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec((text, inner), 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn no_text_is_lost(value in values()) {
            let styles = distinct(&STYLES, &value);
            prop_assert_eq!(
                written(styles.iter().map(|(_, style)| *style), &value),
                written(&STYLES, &value)
            );
        }
    }
}
