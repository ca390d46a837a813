//! The functions: `hw_sign`, `hw_verify`, `hw_parse_header`, `hw_diagnose`.

use std::borrow::Cow;

use ext_php_rs::types::Zval;

use crate::diagnosis::HeldKey;
use crate::header::SignatureHeader;
use crate::key::{Key, check_key_id};
use crate::profile::Profile;
use crate::request::{Request, RequestError};
use crate::sign::{Refusal, SignError, Stamp, sign};
use crate::signed_headers::{NamedValue, RequestHeaders};
use crate::template::Field;
use crate::verify::{Clock, verify};

use super::arguments::{Arguments, Function, Parameter, TextOr, Type};
use super::diagnosis::diagnosed;
use super::engine::{self, Thrown};
use super::environment::{self, ask, given_now, now_milliseconds, random};
use super::key::PhpKey;
use super::profile::PhpProfile;
use super::{exceptions, headers, values};

pub(super) const PAYLOAD: Parameter = Parameter::new("payload", Type::STRING);
pub(super) const HEADERS: Parameter = Parameter::new("headers", Type::ARRAY);
pub(super) const OTHER_HEADERS: Parameter = HEADERS.or("[]");
pub(super) const METHOD: Parameter = Parameter::new("method", Type::STRING.nullable()).or("null");
pub(super) const TARGET: Parameter = Parameter::new("target", Type::STRING.nullable()).or("null");
pub(super) const NONCE: Parameter = Parameter::new("nonce", Type::STRING.nullable()).or("null");
pub(super) const TIMESTAMP: Parameter = Parameter::new("timestamp", Type::INT.nullable()).or("null");
pub(super) const TOLERANCE: Parameter = Parameter::new("tolerance", Type::INT.nullable()).or("null");
pub(super) const NOW: Parameter = Parameter::new("now", Type::INT.nullable()).or("null");
const KEY: Parameter = Parameter::new("key", Type::object("HwSignature\\Key").or_string()).sensitive();
const PROFILE: Parameter =
    Parameter::new("profile", Type::object("HwSignature\\Profile").or_string()).or("'huawei-push'");

/// `hw_sign()`
pub(super) struct Sign;

impl Function for Sign {
    const NAME: &'static str = "hw_sign";
    const PARAMETERS: &'static [Parameter] = &[
        PAYLOAD,
        KEY,
        PROFILE,
        METHOD,
        TARGET,
        Parameter::new("key_id", Type::STRING.nullable()).or("null"),
        NONCE,
        TIMESTAMP,
        OTHER_HEADERS,
    ];
    const RETURNS: Option<Type> = Some(Type::ARRAY);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let payload = arguments.bytes(0)?;
        let key = key(arguments, 1)?;
        let profile = profile(arguments, 2)?;
        let request = request(arguments, profile, 3, 4)?;
        let key_id = key_id(arguments, profile, &key, 5)?;
        let stamp = stamp(arguments, profile, key_id, None, 6, 7)?;
        let headers = other_headers(arguments, profile, 8)?;
        let request = request.with_headers(RequestHeaders(&headers));
        let signature = sign(profile, core::slice::from_ref(&key), &request, payload, stamp)
            .map_err(|error| refused(arguments, &error))?;
        headers::send(profile, &signature)
    }
}

/// `hw_verify()`
pub(super) struct Verify;

impl Function for Verify {
    const NAME: &'static str = "hw_verify";
    const PARAMETERS: &'static [Parameter] =
        &[HEADERS, PAYLOAD, KEY, PROFILE, METHOD, TARGET, TOLERANCE, NOW];
    const RETURNS: Option<Type> = Some(Type::BOOL);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let headers = arguments.array(0)?.ok_or(Thrown)?;
        let payload = arguments.bytes(1)?;
        let key = key(arguments, 2)?;
        let profile = profile(arguments, 3)?;
        let (method, target) = method_and_target(arguments, profile, 4, 5)?;
        let clock = clock(arguments, profile, 6, 7)?;
        let received = headers::receive(profile, headers);
        // The method and the target come from the caller too, so that a bad one is a rejection and no error.
        let all = headers::all(profile, headers);
        let accepted = Request::parse(method, target).is_ok_and(|request| {
            let request = request.with_headers(RequestHeaders(&all));
            verify(profile, &[key], &received, &request, payload, clock).is_ok()
        });
        let mut result = Zval::new();
        result.set_bool(accepted);
        Ok(result)
    }
}

/// `hw_diagnose()`
pub(super) struct Diagnose;

impl Function for Diagnose {
    const NAME: &'static str = "hw_diagnose";
    const PARAMETERS: &'static [Parameter] = Verify::PARAMETERS;
    const RETURNS: Option<Type> = Some(Type::object("HwSignature\\Diagnosis"));

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let table = arguments.array(0)?.ok_or(Thrown)?;
        let payload = arguments.bytes(1)?;
        let key = match arguments.text_or::<PhpKey>(2)? {
            TextOr::Text(bytes) => HeldKey { bytes, id: None },
            TextOr::Object(key) => HeldKey { bytes: key.bytes.as_bytes(), id: key.key.id() },
        };
        let profile = profile(arguments, 3)?;
        let (method, target) = method_and_target(arguments, profile, 4, 5)?;
        let clock = clock(arguments, profile, 6, 7)?;
        diagnosed(profile, table, (method, target), payload, clock, &[key])
            .map_err(|error| arguments.value_error("key", error))?
    }
}

/// `hw_parse_header()`
pub(super) struct ParseHeader;

impl Function for ParseHeader {
    const NAME: &'static str = "hw_parse_header";
    const PARAMETERS: &'static [Parameter] = &[Parameter::new("header", Type::STRING)];
    const RETURNS: Option<Type> = Some(Type::object("HwSignature\\SignatureHeader"));

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        match SignatureHeader::parse(arguments.bytes(0)?) {
            Ok(header) => values::SignatureHeader::object(&header),
            Err(error) => Err(exceptions::malformed_header(&error)),
        }
    }
}

/// A key, or one from raw bytes.
#[inline]
fn key<'a>(arguments: &Arguments<'a>, index: usize) -> Result<Cow<'a, Key>, Thrown> {
    match arguments.text_or::<PhpKey>(index)? {
        TextOr::Text(bytes) => {
            Key::from_bytes(bytes).map(Cow::Owned).map_err(|error| arguments.value_error("key", error))
        }
        TextOr::Object(key) => Ok(Cow::Borrowed(&*key.key)),
    }
}

/// The id that is sent: the one that was given, or that of the key.
fn key_id<'a>(
    arguments: &Arguments<'a>,
    profile: &Profile,
    key: &'a Key,
    index: usize,
) -> Result<Option<&'a str>, Thrown> {
    let Some(given) = arguments.bytes_or_null(index)? else { return Ok(key.id()) };
    if !profile.sends(Field::KeyId) {
        let message = "must be null, because the profile sends no key id";
        return Err(arguments.value_error("key_id", message));
    }
    let given = check_key_id(given).map_err(|error| arguments.value_error("key_id", error))?;
    match key.id() {
        Some(own) if own != given => {
            Err(arguments.value_error("key_id", "must be null or the id of the key, which has another"))
        }
        _ => Ok(Some(given)),
    }
}

/// A profile, or a built-in one by its name.
#[inline]
fn profile<'a>(arguments: &Arguments<'a>, index: usize) -> Result<&'a Profile, Thrown> {
    match arguments.text_or::<PhpProfile>(index)? {
        TextOr::Text(name) => core::str::from_utf8(name)
            .ok()
            .and_then(Profile::named)
            .map(AsRef::as_ref)
            .ok_or_else(|| unknown_profile(arguments, "profile")),
        TextOr::Object(profile) => Ok(&profile.0),
    }
}

/// The window and the clock from `$tolerance` and `$now`, both in seconds.
fn clock(
    arguments: &Arguments<'_>,
    profile: &Profile,
    tolerance: usize,
    now: usize,
) -> Result<Clock, Thrown> {
    let tolerance = environment::tolerance(arguments, tolerance, profile)?;
    let now = match given_now(arguments, now)? {
        Some(now) => now,
        None => environment::now(None)?,
    };
    Ok(Clock { now, tolerance })
}

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
