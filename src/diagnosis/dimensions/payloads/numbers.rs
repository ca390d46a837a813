//! One value of a JSON payload that was written otherwise than all others of its kind, and names in another spelling.

use serde_json::Value;

use super::Payloads;
use crate::diagnosis::alternative::Commonness::Rare;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::json::{COMPACT, Naming, PHP, PYTHON, whole_numbers};

/// Most numbers of which one at a time is a float.
const MAX_NUMBERS: usize = 16;

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
