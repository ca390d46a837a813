//! Why a request was rejected: exactly, and as coarsely as a program may branch on it.

use crate::freshness::FreshnessError;
use crate::header::{HeaderError, HeaderErrorKind};
use crate::profile::Profile;
use crate::request::RequestError;
use crate::signed_headers::HeaderFault;

/// Why a request was rejected. `header` is the index of the profile's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// Two headers carry the same field with different values.
    Contradiction {
        /// The later of the two.
        header: usize,
    },
    /// The timestamp is ahead of the clock by more than the tolerance.
    FromFuture {
        /// Seconds ahead of the clock.
        ahead: u64,
        /// What is allowed.
        tolerance: u64,
    },
    /// A header does not follow its grammar.
    Malformed {
        /// Which.
        header: usize,
        /// What is wrong, and where.
        error: HeaderError,
    },
    /// A header is missing.
    Missing {
        /// Which.
        header: usize,
    },
    /// A header is something other than text.
    NotText {
        /// Which.
        header: usize,
    },
    /// A header is there more than once.
    Repeated {
        /// Which.
        header: usize,
    },
    /// Seen before.
    Replayed,
    /// The method or the target is not one.
    Request(RequestError),
    /// The signature is not that of any key.
    SignatureMismatch,
    /// The timestamp is behind the clock by more than the tolerance.
    Stale {
        /// Seconds behind the clock.
        age: u64,
        /// What is allowed.
        tolerance: u64,
    },
    /// No key has the id that the request names.
    UnknownKey,
    /// A payload where the profile signs none.
    UnsignedPayload,
}

impl Rejection {
    /// The coarse reason.
    #[must_use]
    pub fn reason(&self) -> Reason {
        match self {
            Self::Contradiction { .. } | Self::NotText { .. } => Reason::MalformedHeader,
            Self::FromFuture { .. } => Reason::FromFuture,
            Self::Malformed { error, .. } => Reason::from(error),
            Self::Missing { .. } => Reason::MissingHeader,
            Self::Repeated { .. } => Reason::RepeatedHeader,
            Self::Replayed => Reason::Replayed,
            Self::Request(RequestError::Header { fault, .. }) => match fault {
                HeaderFault::Missing => Reason::MissingHeader,
                HeaderFault::Repeated => Reason::RepeatedHeader,
                HeaderFault::Control | HeaderFault::NotText => Reason::MalformedHeader,
            },
            Self::Request(_) => Reason::MalformedRequest,
            Self::SignatureMismatch => Reason::SignatureMismatch,
            Self::Stale { .. } => Reason::Stale,
            Self::UnknownKey => Reason::UnknownKey,
            Self::UnsignedPayload => Reason::UnsignedPayload,
        }
    }

    /// The sentence for a developer, with the header's name filled in.
    #[must_use]
    pub fn message(&self, profile: &Profile) -> String {
        let name = |header: usize| profile.headers().get(header).map_or("?", |h| h.name());
        match self {
            Self::Contradiction { header } => {
                format!("{} contradicts another header of the request", name(*header))
            }
            Self::FromFuture { ahead, tolerance } => {
                format!("the timestamp is {ahead} s ahead of this clock, {tolerance} s are allowed")
            }
            Self::Malformed { header, error } => format!("{}: {error}", name(*header)),
            Self::Missing { header } => format!("{} is missing", name(*header)),
            Self::NotText { header } => format!("{} is not a string", name(*header)),
            Self::Repeated { header } => format!("{} stands more than once", name(*header)),
            Self::Replayed => "the request was accepted before".to_owned(),
            Self::Request(error) => match error {
                RequestError::Method => format!("the method {error}"),
                RequestError::Header { .. } => format!("the request {error}"),
                _ => format!("the target {error}"),
            },
            Self::SignatureMismatch => "the signature does not match".to_owned(),
            Self::Stale { age, tolerance } => {
                format!("the timestamp is {age} s behind this clock, {tolerance} s are allowed")
            }
            Self::UnknownKey => "no key has the id that the request names".to_owned(),
            Self::UnsignedPayload => {
                "the profile signs no payload for this method, and the request has one".to_owned()
            }
        }
    }
}

impl From<FreshnessError> for Rejection {
    fn from(error: FreshnessError) -> Self {
        match error {
            FreshnessError::FromFuture { ahead, tolerance } => Self::FromFuture { ahead, tolerance },
            FreshnessError::Stale { age, tolerance } => Self::Stale { age, tolerance },
        }
    }
}

/// The coarse reason for a rejection: what a program may branch on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A header that the profile needs is not there.
    MissingHeader,
    /// A header stands twice, or has two values.
    RepeatedHeader,
    /// A header does not follow its grammar, or two headers contradict each other.
    MalformedHeader,
    /// A timestamp does not follow the profile's format, or is beyond what 63 bits hold.
    MalformedTimestamp,
    /// A nonce does not follow the profile's grammar.
    MalformedNonce,
    /// A signature is not the canonical text of 32 bytes.
    MalformedSignature,
    /// The method or the target is not one.
    MalformedRequest,
    /// A payload where the profile signs none.
    UnsignedPayload,
    /// Older than the tolerance.
    Stale,
    /// Newer than the tolerance.
    FromFuture,
    /// No key has the id that the request names.
    UnknownKey,
    /// The signature is not that of any key.
    SignatureMismatch,
    /// Authentic, and seen before.
    Replayed,
}

impl Reason {
    /// All of them, in the order in which PHP lists them.
    pub const ALL: [Self; 13] = [
        Self::MissingHeader,
        Self::RepeatedHeader,
        Self::MalformedHeader,
        Self::MalformedTimestamp,
        Self::MalformedNonce,
        Self::MalformedSignature,
        Self::MalformedRequest,
        Self::UnsignedPayload,
        Self::Stale,
        Self::FromFuture,
        Self::UnknownKey,
        Self::SignatureMismatch,
        Self::Replayed,
    ];

    /// The value of the PHP enum's case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MissingHeader => "missing-header",
            Self::RepeatedHeader => "repeated-header",
            Self::MalformedHeader => "malformed-header",
            Self::MalformedTimestamp => "malformed-timestamp",
            Self::MalformedNonce => "malformed-nonce",
            Self::MalformedSignature => "malformed-signature",
            Self::MalformedRequest => "malformed-request",
            Self::UnsignedPayload => "unsigned-payload",
            Self::Stale => "stale",
            Self::FromFuture => "from-future",
            Self::UnknownKey => "unknown-key",
            Self::SignatureMismatch => "signature-mismatch",
            Self::Replayed => "replayed",
        }
    }
}

impl From<&HeaderError> for Reason {
    fn from(error: &HeaderError) -> Self {
        match error.kind {
            HeaderErrorKind::Digest(_) => Self::MalformedSignature,
            HeaderErrorKind::Nonce => Self::MalformedNonce,
            HeaderErrorKind::Timestamp(_) => Self::MalformedTimestamp,
            _ => Self::MalformedHeader,
        }
    }
}
