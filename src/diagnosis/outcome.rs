//! What came out of a diagnosis, before it is fit to be shown.

use super::cause::Cause;
use super::fault::Fault;
use super::search::Effort;

/// What came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The request verifies: nothing is wrong.
    Valid,
    /// The findings account for the rejection.
    Explained,
    /// No explanation reproduces the digest. Findings, if any, are wrong besides.
    Unexplained,
}

impl Verdict {
    /// All of them, in the order in which PHP lists them.
    pub const ALL: [Self; 3] = [Self::Valid, Self::Explained, Self::Unexplained];

    /// The value of the PHP enum's case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Explained => "explained",
            Self::Unexplained => "unexplained",
        }
    }
}

/// The verdict, and what it rests on.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) verdict: Verdict,
    pub(super) faults: Vec<Fault>,
    pub(super) effort: Effort,
    /// Which of the keys that are held it is valid or explained with.
    pub(super) key: Option<usize>,
    /// Which of the signatures that came.
    pub(super) signature: Option<usize>,
    /// What would explain it as simply, and is met less often.
    pub(super) others: Vec<Vec<Cause>>,
}

impl Outcome {
    /// Nothing is found yet, and what will be is to explain all.
    pub(super) const fn new() -> Self {
        let effort = Effort { digests: 0, bytes: 0, exhausted: false };
        Self {
            verdict: Verdict::Explained,
            faults: Vec::new(),
            effort,
            key: None,
            signature: None,
            others: Vec::new(),
        }
    }

    pub(super) fn because(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }
}
