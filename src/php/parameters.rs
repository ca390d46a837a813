//! The parameters that functions and methods share, and how they are read.

use ext_php_rs::types::Zval;

use crate::profile::Profile;
use crate::request::{Request, RequestError};
use crate::sign::{Refusal, SignError, Stamp};
use crate::signed_headers::NamedValue;

use super::arguments::{Arguments, Parameter, Type};
use super::engine::{self, Thrown};
use super::environment::{ask, now_milliseconds, random};
use super::{exceptions, headers};

pub(super) const PAYLOAD: Parameter = Parameter::new("payload", Type::STRING);
pub(super) const HEADERS: Parameter = Parameter::new("headers", Type::ARRAY);
pub(super) const OTHER_HEADERS: Parameter = HEADERS.or("[]");
pub(super) const METHOD: Parameter = Parameter::new("method", Type::STRING.nullable()).or("null");
pub(super) const TARGET: Parameter = Parameter::new("target", Type::STRING.nullable()).or("null");
pub(super) const NONCE: Parameter = Parameter::new("nonce", Type::STRING.nullable()).or("null");
pub(super) const TIMESTAMP: Parameter = Parameter::new("timestamp", Type::INT.nullable()).or("null");
pub(super) const TOLERANCE: Parameter = Parameter::new("tolerance", Type::INT.nullable()).or("null");
pub(super) const NOW: Parameter = Parameter::new("now", Type::INT.nullable()).or("null");

/// Says which profiles there are.
pub(super) fn unknown_profile(arguments: &Arguments<'_>, parameter: &str) -> Thrown {
    let names: Vec<String> = Profile::all().iter().map(|profile| format!("\"{}\"", profile.name())).collect();
    arguments.value_error(parameter, format!("must be one of {}", names.join(", ")))
}

/// `$method` and `$target`. Whoever leaves one out that the profile signs has forgotten it; otherwise it makes no
/// difference.
#[inline]
pub(super) fn method_and_target<'a>(
    arguments: &Arguments<'a>,
    profile: &Profile,
    method: usize,
    target: usize,
) -> Result<(&'a [u8], &'a [u8]), Thrown> {
    let (method, target) = (arguments.bytes_or_null(method)?, arguments.bytes_or_null(target)?);
    let missing = |name| Err(arguments.value_error(name, "must be given, because the profile signs it"));
    match (method, target) {
        (None, _) if profile.string_to_sign().signs_method() => missing("method"),
        (_, None) if profile.string_to_sign().signs_target() => missing("target"),
        _ => Ok((method.unwrap_or(b"POST"), target.unwrap_or(b"/"))),
    }
}

/// The request that is to be signed: here, a bad method or target is the programmer's mistake.
pub(super) fn request<'a>(
    arguments: &Arguments<'a>,
    profile: &Profile,
    method: usize,
    target: usize,
) -> Result<Request<'a>, Thrown> {
    let (method, target) = method_and_target(arguments, profile, method, target)?;
    Request::parse(method, target).map_err(|error| refused(arguments, &Refusal::Request(error)))
}

/// The other headers of a request, where the profile signs some. To be read last: what is read is borrowed, and a clock is
/// PHP code, which can change an element that the array holds by reference.
pub(super) fn other_headers<'a>(
    arguments: &Arguments<'a>,
    profile: &Profile,
    index: usize,
) -> Result<Vec<NamedValue<'a>>, Thrown> {
    let Some(table) = arguments.array(index)? else { return Ok(Vec::new()) };
    let mut named = 0;
    engine::for_each_named(table, |_, _| named += 1);
    if named < table.len() {
        return Err(arguments.type_error("headers", "must be an array of strings, keyed by header name"));
    }
    Ok(headers::all(profile, table))
}

/// Timestamp, nonce and key id, given or made.
pub(super) fn stamp<'a>(
    arguments: &Arguments<'a>,
    profile: &'a Profile,
    key_id: Option<&'a str>,
    clock: Option<&Zval>,
    nonce: usize,
    timestamp: usize,
) -> Result<Stamp<'a>, Thrown> {
    /// What can go wrong, told apart until the argument is named.
    enum Failure {
        Random(getrandom::Error),
        Sign(SignError),
    }
    impl From<SignError> for Failure {
        fn from(error: SignError) -> Self {
            Self::Sign(error)
        }
    }
    let (nonce, timestamp) = (arguments.bytes_or_null(nonce)?, arguments.long_or_null(timestamp)?);
    let fill = |buffer: &mut [u8]| random(buffer).map_err(Failure::Random);
    let asked = match clock {
        Some(clock) if timestamp.is_none() && profile.timestamp_format().is_some() => Some(ask(clock)?),
        _ => None,
    };
    let now = || asked.map_or_else(now_milliseconds, |seconds| seconds.saturating_mul(1000));
    Stamp::new(profile, key_id, nonce, timestamp, now, fill).map_err(|failure| match failure {
        Failure::Random(error) => {
            exceptions::misuse(&format!("no randomness from the operating system: {error}"))
        }
        Failure::Sign(error) => refused(arguments, &Refusal::Sign(error)),
    })
}

/// Names the argument that is to blame.
pub(super) fn refused(arguments: &Arguments<'_>, refusal: &Refusal) -> Thrown {
    match refusal {
        Refusal::Request(error @ RequestError::Method) => arguments.value_error("method", error),
        Refusal::Request(
            error @ (RequestError::Header { .. } | RequestError::HeaderOwn(_) | RequestError::SignedHeaders),
        ) => arguments.value_error("headers", error),
        Refusal::Request(error) => arguments.value_error("target", error),
        Refusal::Sign(error) => {
            let parameter = match error {
                SignError::KeyId | SignError::KeyIdMissing | SignError::KeyIdQuoted => "key_id",
                SignError::Nonce | SignError::NonceUnused => "nonce",
                SignError::Payload => "payload",
                SignError::Timestamp
                | SignError::TimestampUnit(_)
                | SignError::TimestampUnwritable(_)
                | SignError::TimestampUnused => "timestamp",
            };
            arguments.value_error(parameter, error)
        }
    }
}
