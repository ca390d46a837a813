//! What somebody did otherwise than the profile has it, in words that may quote bytes of the request.

use alloc::borrow::Cow;
use alloc::rc::Rc;

use super::cause::Cause;

/// A cause, and what the search found of it.
///
/// It knows nothing of secrets: what its words quote is masked where it is shown, and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) cause: Cause,
    /// What goes into the message of the cause.
    pub(super) detail: Words,
    /// In place of what the cause advises in general. Few have one.
    pub(super) fix: Option<Box<Words>>,
    /// A sentence in front of the message.
    pub(super) lead: &'static str,
    /// A sentence behind the remedy.
    pub(super) or: &'static str,
}

impl Fault {
    /// A fault that needs no more words than its cause has.
    pub(super) fn new(cause: Cause) -> Self {
        Self::with(cause, "")
    }

    /// A fault with the words that go into its message.
    pub(super) fn with(cause: Cause, detail: impl Into<Words>) -> Self {
        Self { cause, detail: detail.into(), fix: None, lead: "", or: "" }
    }

    /// The same with a remedy of its own.
    pub(super) fn fixed_by(self, fix: impl Into<Words>) -> Self {
        Self { fix: Some(Box::new(fix.into())), ..self }
    }

    /// The same with a sentence in front of its message.
    pub(super) fn introduced_by(self, lead: &'static str) -> Self {
        Self { lead, ..self }
    }

    /// The same with a sentence behind its remedy.
    pub(super) fn or_fixed_by(self, or: &'static str) -> Self {
        Self { or, ..self }
    }
}

/// Words, and bytes of the request between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    first: Word,
    // Most have none, and there are hundreds of faults for one that is told.
    rest: Vec<Word>,
}

/// A piece of [`Words`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Ours.
    Said(Cow<'static, str>),
    /// Somebody else's, which may be anything.
    Quoted(Rc<[u8]>),
}

impl Words {
    const fn of(first: Word) -> Self {
        Self { first, rest: Vec::new() }
    }

    /// Bytes that somebody else wrote.
    pub(super) fn quoting(bytes: &[u8]) -> Self {
        Self::of(Word::Quoted(bytes.into()))
    }

    /// The same without a copy of them.
    pub(super) fn quoting_shared(bytes: &Rc<[u8]>) -> Self {
        Self::of(Word::Quoted(bytes.clone()))
    }

    /// The same with words of ours behind.
    pub(super) fn and(mut self, said: impl Into<Cow<'static, str>>) -> Self {
        self.rest.push(Word::Said(said.into()));
        self
    }

    /// The same with bytes behind that somebody else wrote.
    pub(super) fn and_quoting(mut self, bytes: &[u8]) -> Self {
        self.rest.push(Word::Quoted(bytes.into()));
        self
    }

    /// The same with others behind.
    pub(super) fn and_words(mut self, other: Self) -> Self {
        self.rest.push(other.first);
        self.rest.extend(other.rest);
        self
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Word> {
        core::iter::once(&self.first).chain(&self.rest)
    }
}

impl<T: Into<Cow<'static, str>>> From<T> for Words {
    fn from(said: T) -> Self {
        Self::of(Word::Said(said.into()))
    }
}
