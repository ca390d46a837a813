//! What might have been in place of what was given, and which faults that would take.

use super::cause::Cause;

/// A cause, and what the search found of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which.
    pub cause: Cause,
    detail: String,
}

impl Fault {
    /// A fault that needs no more words than its cause has.
    pub(super) fn new(cause: Cause) -> Self {
        Self::with(cause, "")
    }

    /// A fault with the words that go into its message.
    pub(super) fn with(cause: Cause, detail: impl Into<String>) -> Self {
        Self { cause, detail: detail.into() }
    }

    /// What is wrong, in one sentence.
    #[must_use]
    pub fn message(&self) -> String {
        self.cause.message(&self.detail)
    }

    /// What to change, in one sentence.
    #[must_use]
    pub const fn fix(&self) -> &'static str {
        self.cause.fix()
    }
}

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
