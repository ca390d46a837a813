//! One value of a JSON payload that was written otherwise than all others of its kind, and names in another spelling.

use serde_json::Value;

use super::Payloads;
use crate::diagnosis::alternative::Commonness::Rare;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::json::{COMPACT, Naming, PHP, PYTHON, whole_numbers, with_two_decimals};

/// Most numbers of which one at a time is a float.
const MAX_NUMBERS: usize = 16;
/// Most of which one at a time is an amount of money.
const MAX_AMOUNTS: usize = 8;

impl Payloads<'_> {
    /// A whole number among others that was a float: `17.0` that `JSON.stringify()` made 17 of.
    pub(super) fn one_float(&mut self) {
        for end in whole_numbers(self.given).into_iter().take(MAX_NUMBERS) {
            let (front, rest) = self.given.split_at_checked(end).unwrap_or_default();
            let how =
                "an encoder that keeps the .0 of a float, which JavaScript and PHP lose (17.0 becomes 17),";
            self.copy([front, b".0", rest].concat(), Cause::PayloadReserialized, how, Rare);
        }
    }

    /// Amounts of money: `10.50` that a parser made 10.5 of, and `10.00` that it made 10 of.
    pub(super) fn two_decimals(&mut self) {
        let how = "an encoder that writes two decimals, of which parsers lose zeros at the end (10.50 becomes 10.5),";
        self.copy(with_two_decimals(self.given), Cause::PayloadReserialized, how, Rare);
        for end in whole_numbers(self.given).into_iter().take(MAX_AMOUNTS) {
            let (front, rest) = self.given.split_at_checked(end).unwrap_or_default();
            self.copy([front, b".00", rest].concat(), Cause::PayloadReserialized, how, Rare);
        }
    }

    /// The fields named by the convention of another language.
    pub(super) fn renamed(&mut self, value: &Value) {
        for (naming, how) in [
            (Naming::Camel, "camelCase,"),
            (Naming::Pascal, "PascalCase, as classes of .NET have them,"),
            (Naming::Snake, "snake_case,"),
        ] {
            let Some(renamed) = naming.of(value) else { continue };
            for style in [&COMPACT, &PYTHON, &PHP] {
                let Some(text) = style.write(&renamed) else { continue };
                let how = Words::from(style.name.trim_end_matches(',')).and(", with its names in ").and(how);
                let fix = "On the receiver, verify the body as it came, file_get_contents('php://input'): an object was filled from it and written \
                           again ([FromBody] in .NET, a DTO), with the names of its properties.";
                self.fault(text, Fault::with(Cause::PayloadReserialized, how).fixed_by(fix), Rare);
            }
        }
    }
}
