//! What might have been in place of what was given, and which faults that would take.

use super::fault::Fault;

/// Most faults at once that are looked for.
pub const MAX_FAULTS: usize = 2;

/// Something in place of what was given.
#[derive(Clone, Debug)]
pub(super) struct Alternative<T> {
    pub(super) value: T,
    pub(super) faults: Vec<Fault>,
}

impl<T> Alternative<T> {
    /// What was given.
    pub(super) const fn given(value: T) -> Self {
        Self { value, faults: Vec::new() }
    }

    /// Something else, by one fault.
    pub(super) fn new(value: T, fault: Fault) -> Self {
        Self { value, faults: vec![fault] }
    }
}

/// Adds an alternative. Of two explanations for the same value, the one with fewer faults stays, or else the first.
pub(super) fn add<T: PartialEq>(list: &mut Vec<Alternative<T>>, value: T, faults: Vec<Fault>) {
    match list.iter_mut().find(|other| other.value == value) {
        Some(other) if faults.len() < other.faults.len() => other.faults = faults,
        Some(_) => {}
        None => list.push(Alternative { value, faults }),
    }
}
