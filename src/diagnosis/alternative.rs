//! What might have been in place of what was given, and which faults that would take.

use super::fault::Fault;

/// Most faults at once that are looked for.
pub const MAX_FAULTS: usize = 2;

/// How often people meet something. Two rare things at once are not looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Commonness {
    /// Looked for together with everything else.
    Everyday = 1,
    /// Looked for together with what is not rare.
    Common = 2,
    /// Looked for alone, and with what happens every day.
    Rare = 3,
}

impl Commonness {
    /// Whether two such things are looked for at once.
    pub(super) const fn meets(self, other: Self) -> bool {
        self as u8 + other as u8 <= 4
    }
}

/// Something in place of what was given.
#[derive(Clone, Debug)]
pub(super) struct Alternative<T> {
    pub(super) value: T,
    pub(super) faults: Vec<Fault>,
    pub(super) commonness: Commonness,
}

impl<T> Alternative<T> {
    /// What was given.
    pub(super) const fn given(value: T) -> Self {
        Self { value, faults: Vec::new(), commonness: Commonness::Everyday }
    }
}

/// Adds an alternative that is common. See [`add_as`].
pub(super) fn add<T: PartialEq>(list: &mut Vec<Alternative<T>>, value: T, faults: Vec<Fault>) {
    add_as(Commonness::Common, list, value, faults);
}

/// Adds an alternative. Of two explanations for the same value, the one with fewer faults stays, or else the first.
pub(super) fn add_as<T: PartialEq>(
    commonness: Commonness,
    list: &mut Vec<Alternative<T>>,
    value: T,
    faults: Vec<Fault>,
) {
    match list.iter_mut().find(|other| other.value == value) {
        Some(other) if faults.len() < other.faults.len() => {
            (other.faults, other.commonness) = (faults, commonness);
        }
        Some(_) => {}
        None => list.push(Alternative { value, faults, commonness }),
    }
}
