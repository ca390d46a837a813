//! What might have been in place of what was given, and which faults that would take.

use alloc::borrow::Cow;

use super::cause::Cause;
use super::secrets::Secrets;

/// A cause, and what the search found of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which.
    pub cause: Cause,
    message: String,
    fix: Cow<'static, str>,
}

impl Fault {
    /// A fault that needs no more words than its cause has.
    pub(super) fn new(cause: Cause) -> Self {
        Self::with(cause, "")
    }

    /// A fault with the words that go into its message.
    pub(super) fn with(cause: Cause, detail: impl AsRef<str>) -> Self {
        Self { cause, message: cause.message(detail.as_ref()), fix: Cow::Borrowed(cause.fix()) }
    }

    /// The same with a remedy of its own, in place of what the cause advises in general.
    pub(super) fn fixed_by(self, fix: impl Into<Cow<'static, str>>) -> Self {
        Self { fix: fix.into(), ..self }
    }

    /// The same with a sentence in front of its message.
    pub(super) fn introduced_by(self, sentence: &str) -> Self {
        Self { message: format!("{sentence} {}", self.message), ..self }
    }

    /// The same with a sentence behind its remedy.
    pub(super) fn or_fixed_by(self, sentence: &str) -> Self {
        Self { fix: format!("{} {sentence}", self.fix).into(), ..self }
    }

    /// The same with stars in place of what its message must not show.
    pub(super) fn without(self, secrets: &Secrets) -> Self {
        Self { message: secrets.star(&self.message), ..self }
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to change.
    #[must_use]
    pub fn fix(&self) -> &str {
        &self.fix
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
