//! The functions: `hw_sign`, `hw_verify`, `hw_parse_header`, `hw_diagnose`.

use std::borrow::Cow;

use ext_php_rs::types::Zval;

use crate::diagnosis::HeldKey;
use crate::header::SignatureHeader;
use crate::key::{Key, check_key_id};
use crate::profile::Profile;
use crate::request::Request;
use crate::sign::sign;
use crate::signed_headers::RequestHeaders;
use crate::template::Field;
use crate::verify::{Clock, verify};

use super::arguments::{Arguments, Function, Parameter, TextOr, Type};
use super::diagnosis::diagnosed;
use super::engine::Thrown;
use super::environment::{self, given_now};
use super::key::PhpKey;
use super::parameters::{
    HEADERS, METHOD, NONCE, NOW, OTHER_HEADERS, PAYLOAD, TARGET, TIMESTAMP, TOLERANCE, method_and_target,
    other_headers, refused, request, stamp, unknown_profile,
};
use super::profile::PhpProfile;
use super::{exceptions, headers, values};

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
