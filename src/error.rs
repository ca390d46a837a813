//! Every error of the core: what went wrong and where. Nothing here quotes what a caller sent.

use core::fmt;

use crate::freshness::TimestampUnit;
use crate::template::Field;

/// Why a digest could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestError {
    /// A character that the encoding does not have at this place, spare bits that are not zero included.
    Character {
        /// Where, in bytes from the start of the digest.
        offset: usize,
    },
    /// The wrong number of characters.
    Length {
        /// 44 for base64, 64 for hex.
        expected: usize,
        /// What was found.
        found: usize,
    },
    /// The `=` is missing, or there is one too many.
    Padding,
}

impl DigestError {
    /// Bytes from the start of the digest to the one that is wrong; 0 where none is.
    #[must_use]
    pub const fn offset(&self) -> usize {
        match self {
            Self::Character { offset } => *offset,
            Self::Length { .. } | Self::Padding => 0,
        }
    }
}

impl fmt::Display for DigestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character { .. } => f.write_str("has a character that does not belong there"),
            Self::Length { expected, found } => {
                write!(f, "must be {expected} characters long, {found} found")
            }
            Self::Padding => f.write_str("must end in exactly one \"=\""),
        }
    }
}

/// Why a header could not be read, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderError {
    /// Bytes from the start of the header's value.
    pub offset: usize,
    /// What is wrong there.
    pub kind: HeaderErrorKind,
}

/// What is wrong with a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderErrorKind {
    /// The digest does not decode.
    Digest(DigestError),
    /// The value does not begin or end as the profile's template does.
    Frame,
    /// A byte that may not stand here: a control byte, white space inside a part, or anything beyond ASCII.
    ForbiddenByte(u8),
    /// A key id that is not 1 to 128 visible ASCII characters without `,` and `;`.
    KeyId,
    /// A parameter that must be there is not.
    Missing(Box<str>),
    /// A nonce outside the profile's grammar.
    Nonce,
    /// A parameter that is not of the form `name=value`.
    Parameter,
    /// A parameter that stands twice.
    Repeated,
    /// A timestamp that is not 1 to 19 digits.
    Timestamp,
    /// More than 4096 bytes.
    TooLong,
    /// More than 16 parameters.
    TooMany,
}

impl HeaderError {
    /// The coarse reason.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        match self.kind {
            HeaderErrorKind::Digest(_) => Reason::MalformedSignature,
            HeaderErrorKind::Nonce => Reason::MalformedNonce,
            HeaderErrorKind::Timestamp => Reason::MalformedTimestamp,
            _ => Reason::MalformedHeader,
        }
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            HeaderErrorKind::Digest(error) => write!(f, "the signature {error}")?,
            HeaderErrorKind::Frame => f.write_str("the value is not framed as the profile frames it")?,
            HeaderErrorKind::ForbiddenByte(byte) => match byte {
                b' ' => f.write_str("a space is not allowed")?,
                b'\t' => f.write_str("a tab is not allowed")?,
                b'\r' | b'\n' => f.write_str("a line break is not allowed")?,
                byte => write!(f, "byte 0x{byte:02X} is not allowed")?,
            },
            HeaderErrorKind::KeyId => {
                f.write_str("the key id must be 1 to 128 visible ASCII characters without \",\" and \";\"")?;
            }
            HeaderErrorKind::Missing(name) => write!(f, "\"{name}\" is missing")?,
            HeaderErrorKind::Nonce => f.write_str("the nonce does not fit the profile's grammar")?,
            HeaderErrorKind::Parameter => f.write_str("expected \"name=value\"")?,
            HeaderErrorKind::Repeated => f.write_str("a parameter stands twice")?,
            HeaderErrorKind::Timestamp => {
                f.write_str("the timestamp must be 1 to 19 digits, and at most 9223372036854775807")?;
            }
            HeaderErrorKind::TooLong => f.write_str("the header is longer than 4096 bytes")?,
            HeaderErrorKind::TooMany => f.write_str("the header has more than 16 parameters")?,
        }
        write!(f, " (byte {})", self.offset)
    }
}

/// Why a key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// Not canonical, padded base64.
    Base64,
    /// No bytes at all.
    Empty,
    /// Not an even number of hex digits.
    Hex,
    /// A key id that is not 1 to 128 visible ASCII characters without `,` and `;`.
    Id,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Base64 => "must be canonical base64 with padding",
            Self::Empty => "must not be empty",
            Self::Hex => "must be an even number of hexadecimal digits",
            Self::Id => "must be 1 to 128 visible ASCII characters without \",\" and \";\"",
        })
    }
}

/// Why a method or a target is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// White space or a control byte in the target, as it stands or percent-encoded in the path.
    Control {
        /// Bytes from the start of the target.
        offset: usize,
    },
    /// A `#`: a fragment is never sent.
    Fragment {
        /// Bytes from the start of the target.
        offset: usize,
    },
    /// The method is not an HTTP token.
    Method,
    /// Neither `/path` nor `scheme://host/path`.
    Target,
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Control { offset } => {
                write!(f, "must not contain white space or control characters (byte {offset})")
            }
            Self::Fragment { offset } => {
                write!(f, "must not contain a fragment (byte {offset})")
            }
            Self::Method => f.write_str("must be an HTTP method"),
            Self::Target => f.write_str("must be \"/path?query\" or \"https://host/path?query\""),
        }
    }
}

/// Why a text is not a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateError {
    /// A `{` without its `}`, or the reverse.
    Brace {
        /// Bytes from the start of the template.
        offset: usize,
    },
    /// A field that this kind of template does not have.
    UnknownField {
        /// The name between the braces.
        name: Box<str>,
        /// The names that would have been right.
        known: &'static [Field],
    },
    /// A byte that cannot stand in a header.
    ForbiddenByte {
        /// Bytes from the start of the template.
        offset: usize,
    },
    /// A header template of more than 1024 bytes: what it writes has to stay below what may be read.
    TooLong,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Brace { offset } => write!(f, "an unpaired brace at byte {offset}"),
            Self::UnknownField { name, known } => {
                write!(f, "an unknown field \"{{{name}}}\"; there are")?;
                for (index, field) in known.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma} {field}")?;
                }
                Ok(())
            }
            Self::ForbiddenByte { offset } => {
                write!(f, "a byte at {offset} that cannot stand in a header")
            }
            Self::TooLong => f.write_str("more than 1024 bytes"),
        }
    }
}

/// Why a profile is not a contract that could be kept. Each names what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileError {
    /// Two fields of the string to sign could trade bytes without changing it.
    Ambiguous {
        /// The one on the left.
        first: Field,
        /// The one on the right.
        second: Field,
    },
    /// A header template that is not valid.
    Header {
        /// The header's name.
        name: Box<str>,
        /// What is wrong.
        error: TemplateError,
    },
    /// A name that is no HTTP field name, or stands twice.
    HeaderName(Box<str>),
    /// Several fields in a header that is no parameter list: they could not be told apart again.
    HeaderShape(Box<str>),
    /// A method in the list of those without payload is no HTTP token.
    Method,
    /// The name is not 1 to 64 characters of `a-z0-9-`.
    Name,
    /// A nonce grammar that is not valid.
    NonceGrammar,
    /// The profile sends a nonce but has no grammar for it.
    NonceGrammarMissing,
    /// The profile has a nonce grammar but sends no nonce.
    NonceGrammarUnused,
    /// A field of the string to sign that no header carries, so that a verifier could not know it.
    NotCarried(Field),
    /// A field that is sent and not signed, so that anybody could change it.
    NotSigned(Field),
    /// Not exactly one of `{payload}` and `{payload_sha256}`.
    Payload,
    /// No header, or more than one, carries `{signature}`.
    Signature,
    /// A string to sign that is no template.
    StringToSign(TemplateError),
    /// The profile has a timestamp but no unit for it.
    TimestampUnitMissing,
    /// The profile has a unit but no timestamp.
    TimestampUnitUnused,
    /// More than eight headers.
    TooManyHeaders,
    /// A negative tolerance.
    Tolerance,
    /// A tolerance without a timestamp.
    ToleranceUnused,
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ambiguous { first, second } => write!(
                f,
                "is ambiguous: {first} and {second} can trade bytes and give the same string to sign; \
                 put a separator between them that cannot occur in one of them, or pass ambiguous: true"
            ),
            Self::Header { name, error } => write!(f, "has in \"{name}\" {error}"),
            Self::HeaderName(name) => write!(
                f,
                "must have HTTP field names as keys, each once, and for fields those that $_SERVER has with HTTP_ in front; \
                 \"{name}\" is not"
            ),
            Self::HeaderShape(name) => write!(
                f,
                "has several fields in \"{name}\" that could not be told apart again; \
                 write them as \"name={{…}}; name={{…}}\""
            ),
            Self::Method => f.write_str("must be a list of HTTP methods"),
            Self::Name => f.write_str("must be 1 to 64 characters of a-z, 0-9 and -"),
            Self::NonceGrammar => f.write_str(
                "must be \"uuid\", a set with a length such as \"[A-Za-z0-9]{8,128}\", or the one text that is sent",
            ),
            Self::NonceGrammarMissing => {
                f.write_str("must not be null, because the profile has a {nonce}")
            }
            Self::NonceGrammarUnused => f.write_str("must be null, because the profile has no {nonce}"),
            Self::NotCarried(field) => write!(
                f,
                "must carry {field}, because the string to sign has it and a receiver could not know it"
            ),
            Self::NotSigned(field) => write!(
                f,
                "must have {field}, because a header carries it and it would not be protected"
            ),
            Self::Payload => f.write_str(
                "must have {payload} or {payload_sha256}, one of them and once, or the payload would not be protected",
            ),
            Self::Signature => f.write_str("must have {signature} exactly once"),
            Self::StringToSign(error) => write!(f, "has {error}"),
            Self::TimestampUnitMissing => {
                f.write_str("must not be null, because the profile has a {timestamp}")
            }
            Self::TimestampUnitUnused => {
                f.write_str("must be null, because the profile has no {timestamp}")
            }
            Self::TooManyHeaders => f.write_str("must have at most 8 headers"),
            Self::Tolerance => f.write_str("must be greater than or equal to 0"),
            Self::ToleranceUnused => {
                f.write_str("must be null, because the profile has no {timestamp}")
            }
        }
    }
}

/// Why a request cannot be signed as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignError {
    /// A key id that could not stand in a header.
    KeyId,
    /// The profile sends a key id and there is none.
    KeyIdMissing,
    /// A nonce outside the profile's grammar.
    Nonce,
    /// A nonce for a profile that has none.
    NonceUnused,
    /// A payload with a method for which the profile signs none.
    Payload,
    /// A timestamp below zero.
    Timestamp,
    /// A timestamp that is Unix time in the other unit. This is the one that the profile wants.
    TimestampUnit(TimestampUnit),
    /// A timestamp for a profile that has none.
    TimestampUnused,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TimestampUnit(TimestampUnit::Milliseconds) => {
                "must be Unix time in milliseconds, and looks like seconds"
            }
            Self::TimestampUnit(TimestampUnit::Seconds) => {
                "must be Unix time in seconds, and looks like milliseconds"
            }
            Self::KeyId => "must be 1 to 128 visible ASCII characters without \",\" and \";\"",
            Self::KeyIdMissing => "must not be null, because the profile sends a key id",
            Self::Nonce => "does not fit the nonce grammar of the profile",
            Self::NonceUnused => "must be null, because the profile has no nonce",
            Self::Payload => "must be empty, because the profile signs no payload for this method",
            Self::Timestamp => "must be greater than or equal to 0",
            Self::TimestampUnused => "must be null, because the profile has no timestamp",
        })
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
    /// A timestamp is not 1 to 19 digits, or beyond what 63 bits hold.
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
    pub const fn reason(&self) -> Reason {
        match self {
            Self::Contradiction { .. } | Self::NotText { .. } => Reason::MalformedHeader,
            Self::FromFuture { .. } => Reason::FromFuture,
            Self::Malformed { error, .. } => error.reason(),
            Self::Missing { .. } => Reason::MissingHeader,
            Self::Repeated { .. } => Reason::RepeatedHeader,
            Self::Replayed => Reason::Replayed,
            Self::Request(_) => Reason::MalformedRequest,
            Self::SignatureMismatch => Reason::SignatureMismatch,
            Self::Stale { .. } => Reason::Stale,
            Self::UnknownKey => Reason::UnknownKey,
            Self::UnsignedPayload => Reason::UnsignedPayload,
        }
    }

    /// The sentence for a developer, with the header's name filled in.
    #[must_use]
    pub fn message(&self, profile: &crate::profile::Profile) -> String {
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
