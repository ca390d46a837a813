//! Another value of a header that a contract signs by its name.

use super::canonical::values;
use crate::diagnosis::alternative::{Alternatives, add_as};
use crate::diagnosis::draft::{Draft, Parts};
use crate::template::RareValues;

/// One header with another value than it arrived with.
pub(super) fn alternatives(own: &Draft, parts: &Parts<'_>, list: &mut Alternatives<Draft>) {
    let Some(rare) = own.rare.as_deref() else { return };
    let names = parts.profile.string_to_sign().header_names();
    for (index, (name, value)) in names.iter().zip(&rare.headers).enumerate() {
        let lower = name.to_ascii_lowercase();
        for other in
            values::others(lower.as_bytes(), Some(value), parts.whole_target, &parts.context, parts.payload)
        {
            let mut headers = rare.headers.clone();
            if let Some(value) = headers.get_mut(index) {
                value.clone_from(&other.value);
            }
            let rare = RareValues { headers, ..rare.clone() };
            let draft = Draft { rare: Some(rare.into()), ..own.clone() };
            add_as(other.commonness, list, draft, vec![other.fault(lower.as_bytes())]);
        }
    }
}
