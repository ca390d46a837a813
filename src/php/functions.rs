//! The functions: `hw_sign`, `hw_verify`, `hw_parse_header`, `hw_diagnose`.

use ext_php_rs::types::Zval;

use crate::diagnosis::{Case, Context, diagnose};
use crate::header::SignatureHeader;
use crate::key::Key;
use crate::profile::Profile;
use crate::request::{Request, RequestError};
use crate::sign::{Refusal, SignError, Stamp, sign};
use crate::template::Field;
use crate::verify::verify;

use super::arguments::{Arguments, Function, Parameter, Type};
use super::diagnosis::PhpDiagnosis;
use super::engine::Thrown;
use super::environment::{clock, now_milliseconds, random};
use super::{exceptions, headers, values};

pub(super) const PAYLOAD: Parameter = Parameter::new("payload", Type::STRING);
pub(super) const HEADERS: Parameter = Parameter::new("headers", Type::ARRAY);
pub(super) const METHOD: Parameter = Parameter::new("method", Type::STRING).or("'POST'");
pub(super) const TARGET: Parameter = Parameter::new("target", Type::STRING).or("'/'");
pub(super) const NONCE: Parameter = Parameter::new("nonce", Type::STRING.nullable()).or("null");
pub(super) const TIMESTAMP: Parameter = Parameter::new("timestamp", Type::INT.nullable()).or("null");
pub(super) const TOLERANCE: Parameter = Parameter::new("tolerance", Type::INT.nullable()).or("null");
pub(super) const NOW: Parameter = Parameter::new("now", Type::INT.nullable()).or("null");
const KEY: Parameter = Parameter::new("key", Type::STRING).sensitive();
const PROFILE: Parameter = Parameter::new("profile", Type::STRING).or("'huawei-push'");

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
    ];
    const RETURNS: Option<Type> = Some(Type::ARRAY);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let payload = arguments.bytes(0)?;
        let key = key(arguments, 1)?;
        let profile = profile(arguments, 2)?;
        let request = request(arguments, 3, 4)?;
        let key = match (arguments.bytes_or_null(5)?, profile.sends(Field::KeyId)) {
            (None, _) => key,
            (Some(id), true) => key.with_id(id).map_err(|error| arguments.value_error("key_id", error))?,
            (Some(_), false) => {
                let message = "must be null, because the profile sends no key id";
                return Err(arguments.value_error("key_id", message));
            }
        };
        let stamp = stamp(arguments, profile, key.id(), 6, 7)?;
        let signature =
            sign(profile, &key, &request, payload, stamp).map_err(|error| refused(arguments, &error))?;
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
        let (method, target) = (arguments.bytes(4)?, arguments.bytes(5)?);
        let clock = clock(arguments, Some(6), 7)?;
        let received = headers::receive(profile, headers);
        // The method and the target come from the caller too, so that a bad one is a rejection and no error.
        let accepted = Request::parse(method, target)
            .is_ok_and(|request| verify(profile, &[key], &received, &request, payload, clock).is_ok());
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
        let key = arguments.bytes(2)?;
        let profile = profile(arguments, 3)?;
        let (method, target) = (arguments.bytes(4)?, arguments.bytes(5)?);
        let clock = clock(arguments, Some(6), 7)?;
        let received = headers::receive(profile, table);
        let others = Profile::all().iter().map(AsRef::as_ref);
        let elsewhere: Vec<_> = others.map(|other| (other, headers::receive(other, table))).collect();
        let context = Context { elsewhere: &elsewhere, ..headers::context(table) };
        let case = Case { profile, received: &received, method, target, payload, clock, context };
        match diagnose(&case, key) {
            Ok(diagnosis) => PhpDiagnosis::object(diagnosis),
            Err(error) => Err(arguments.value_error("key", error)),
        }
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

/// A key from the raw bytes that a function was given.
fn key(arguments: &Arguments<'_>, index: usize) -> Result<Key, Thrown> {
    Key::from_bytes(arguments.bytes(index)?).map_err(|error| arguments.value_error("key", error))
}

/// A built-in profile, by the name that a function was given.
fn profile(arguments: &Arguments<'_>, index: usize) -> Result<&'static Profile, Thrown> {
    let name = arguments.bytes(index)?;
    let found = core::str::from_utf8(name).ok().and_then(Profile::named);
    found.map(AsRef::as_ref).ok_or_else(|| unknown_profile(arguments, "profile"))
}

/// Says which profiles there are.
pub(super) fn unknown_profile(arguments: &Arguments<'_>, parameter: &str) -> Thrown {
    let names: Vec<String> = Profile::all().iter().map(|profile| format!("\"{}\"", profile.name())).collect();
    arguments.value_error(parameter, format!("must be one of {}", names.join(", ")))
}

/// The request that is to be signed: here, a bad method or target is the programmer's mistake.
pub(super) fn request<'a>(
    arguments: &Arguments<'a>,
    method: usize,
    target: usize,
) -> Result<Request<'a>, Thrown> {
    Request::parse(arguments.bytes(method)?, arguments.bytes(target)?)
        .map_err(|error| refused(arguments, &Refusal::Request(error)))
}

/// Timestamp, nonce and key id, given or made.
pub(super) fn stamp<'a>(
    arguments: &Arguments<'a>,
    profile: &'a Profile,
    key_id: Option<&'a str>,
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
    Stamp::new(profile, key_id, nonce, timestamp, now_milliseconds, fill).map_err(|failure| match failure {
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
        Refusal::Request(error) => arguments.value_error("target", error),
        Refusal::Sign(error) => {
            let parameter = match error {
                SignError::KeyId | SignError::KeyIdMissing => "key_id",
                SignError::Nonce | SignError::NonceUnused => "nonce",
                SignError::Payload => "payload",
                SignError::Timestamp | SignError::TimestampUnit(_) | SignError::TimestampUnused => {
                    "timestamp"
                }
            };
            arguments.value_error(parameter, error)
        }
    }
}
