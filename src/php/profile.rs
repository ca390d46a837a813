//! `HwSignature\Profile`

use std::sync::Arc;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::flags::MethodFlags;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

use crate::digest::Encoding;
use crate::freshness::Tolerance;
use crate::profile::{About, Profile, ProfileError, Row};
use crate::timestamp::{Timestamp, TimestampFormat};

use super::arguments::{Arguments, Function, Parameter, Type};
use super::class::{Class, Made, Method, native_class, object, slot};
use super::engine::{self, Shown, Thrown};
use super::enums::Enum as _;
use super::parameters::unknown_profile;
use super::values::{list, long_or_null};

/// The object: a contract that verifiers and signers share.
#[derive(Debug)]
pub(super) struct PhpProfile(pub(super) Arc<Profile>);

native_class!(PhpProfile, PARAMETERS, construct);

const CLASS: &str = "HwSignature\\Profile";
const ENCODING: Parameter = Parameter::new("encoding", Type::object("HwSignature\\Encoding"));

impl Class for PhpProfile {
    const NAME: &'static str = CLASS;
    const METHODS: &'static [Method] = &[
        Method::of::<Named>(),
        Method::of::<Names>(),
        Method::of::<WithEncoding>(),
        Method::of::<Describe>(),
        Method::of::<FromContract>(),
        Method::of::<ToContract>(),
    ];
    slot!();
}

/// The parameters of the constructor. What [`Describe`] returns has the same names.
const PARAMETERS: &[Parameter] = &[
    Parameter::new("name", Type::STRING),
    Parameter::new("stringToSign", Type::STRING),
    Parameter::new("headers", Type::ARRAY),
    ENCODING,
    Parameter::new("timestampFormat", Type::object("HwSignature\\TimestampFormat").nullable()).or("null"),
    Parameter::new("tolerance", Type::INT.nullable()).or("null"),
    Parameter::new("nonce", Type::STRING.nullable()).or("null"),
    Parameter::new("methodsWithoutPayload", Type::ARRAY).or("[]"),
    Parameter::new("ambiguous", Type::BOOL).or("false"),
    Parameter::new("canonicalRequest", Type::STRING.nullable()).or("null"),
    Parameter::new("signedHeaders", Type::ARRAY).or("[]"),
    Parameter::new("timestampDigits", Type::INT.nullable()).or("null"),
];

fn construct(arguments: &Arguments<'_>) -> Made<PhpProfile> {
    let text = |index, parameter| {
        let bytes = arguments.bytes(index)?;
        core::str::from_utf8(bytes).map_err(|_| arguments.value_error(parameter, "must be valid UTF-8"))
    };
    let name = text(0, "name")?;
    let string_to_sign = text(1, "stringToSign")?;
    let encoding = arguments.case::<Encoding>(3)?.ok_or(Thrown)?;
    let timestamp_format = arguments.case::<TimestampFormat>(4)?;
    let tolerance = arguments
        .long_or_null(5)?
        .map(|seconds| u64::try_from(seconds).map_err(|_| refused(arguments, &ProfileError::Tolerance)))
        .transpose()?;
    let nonce = match arguments.bytes_or_null(6)? {
        Some(_) => Some(text(6, "nonce")?),
        None => None,
    };
    let ambiguous = arguments.boolean(8)?;
    let canonical_request = match arguments.bytes_or_null(9)? {
        Some(_) => Some(text(9, "canonicalRequest")?),
        None => None,
    };
    let timestamp_digits = arguments
        .long_or_null(11)?
        .map(|digits| usize::try_from(digits).map_err(|_| refused(arguments, &ProfileError::TimestampDigits)))
        .transpose()?;
    // Arrays come last, because what is read from them is borrowed: reading a number can run PHP code (an error handler),
    // which can change an element that the array holds by reference.
    let headers = headers(arguments)?;
    let methods = texts(arguments, 7, "methodsWithoutPayload")?;
    let signed_headers = texts(arguments, 10, "signedHeaders")?;
    let row = Row {
        name,
        about: About::default(),
        string_to_sign,
        headers: &headers,
        encoding,
        timestamp_format,
        timestamp_digits,
        tolerance,
        nonce,
        methods_without_payload: &methods,
        ambiguous,
        canonical_request,
        signed_headers: &signed_headers,
    };
    let profile = Profile::new(&row).map_err(|error| refused(arguments, &error))?;
    Ok((PhpProfile(Arc::new(profile)), Vec::new()))
}

fn headers<'a>(arguments: &Arguments<'a>) -> Result<Vec<(&'a str, &'a str)>, Thrown> {
    let table = arguments.array(2)?.ok_or(Thrown)?;
    let mut headers = Vec::with_capacity(table.len());
    engine::for_each_named(table, |name, template| {
        let template = template.zend_str().map(ZendStr::as_bytes);
        headers.extend(
            core::str::from_utf8(name).ok().zip(template.and_then(|text| core::str::from_utf8(text).ok())),
        );
    });
    if headers.len() == table.len() {
        Ok(headers)
    } else {
        Err(arguments.type_error("headers", "must be an array of strings, keyed by header name"))
    }
}

fn texts<'a>(arguments: &Arguments<'a>, index: usize, parameter: &str) -> Result<Vec<&'a str>, Thrown> {
    let Some(table) = arguments.array(index)? else { return Ok(Vec::new()) };
    engine::values(table)
        .map(|text| text.zend_str().and_then(|text| core::str::from_utf8(text.as_bytes()).ok()))
        .collect::<Option<_>>()
        .ok_or_else(|| arguments.type_error(parameter, "must be a list of strings"))
}

/// Names the argument that is to blame.
fn refused(arguments: &Arguments<'_>, error: &ProfileError) -> Thrown {
    let field = error.field();
    let of_field = |parameter: &&Parameter| is_spelled_like(parameter.name, field);
    let parameter = PARAMETERS.iter().find(of_field).map_or("", |parameter| parameter.name);
    arguments.value_error(parameter, error)
}

/// Whether a parameter is spelled like a field of the row: `stringToSign` and `string_to_sign`.
fn is_spelled_like(parameter: &str, field: &str) -> bool {
    parameter.bytes().map(|byte| byte.to_ascii_lowercase()).eq(field.bytes().filter(|byte| *byte != b'_'))
}

struct Named;

impl Function for Named {
    const NAME: &'static str = "named";
    const PARAMETERS: &'static [Parameter] = &[Parameter::new("name", Type::STRING)];
    const RETURNS: Option<Type> = Some(Type::object(CLASS));
    const FLAGS: MethodFlags = MethodFlags::Public.union(MethodFlags::Static);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let name = arguments.bytes(0)?;
        let profile = core::str::from_utf8(name).ok().and_then(Profile::named);
        object(PhpProfile(Arc::clone(profile.ok_or_else(|| unknown_profile(arguments, "name"))?)))
    }
}

struct Names;

impl Function for Names {
    const NAME: &'static str = "names";
    const PARAMETERS: &'static [Parameter] = &[];
    const RETURNS: Option<Type> = Some(Type::ARRAY);
    const FLAGS: MethodFlags = MethodFlags::Public.union(MethodFlags::Static);

    fn call(_: &Arguments<'_>) -> Result<Zval, Thrown> {
        list(Profile::all().iter().map(|profile| profile.name()))
    }
}

struct FromContract;

impl Function for FromContract {
    const NAME: &'static str = "fromContract";
    const PARAMETERS: &'static [Parameter] = &[Parameter::new("json", Type::STRING)];
    const RETURNS: Option<Type> = Some(Type::object(CLASS));
    const FLAGS: MethodFlags = MethodFlags::Public.union(MethodFlags::Static);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let profile = Profile::from_contract(arguments.bytes(0)?)
            .map_err(|error| arguments.value_error("json", format_args!("must be a contract: {error}")))?;
        object(PhpProfile(Arc::new(profile)))
    }
}

struct ToContract;

impl Function for ToContract {
    const NAME: &'static str = "toContract";
    const PARAMETERS: &'static [Parameter] = &[];
    const RETURNS: Option<Type> = Some(Type::STRING);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        Ok(engine::string(arguments.this::<PhpProfile>()?.0.to_contract().as_bytes()))
    }
}

struct WithEncoding;

impl Function for WithEncoding {
    const NAME: &'static str = "withEncoding";
    const PARAMETERS: &'static [Parameter] = &[ENCODING];
    const RETURNS: Option<Type> = Some(Type::object(CLASS));

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let profile = arguments.this::<PhpProfile>()?;
        let encoding = arguments.case::<Encoding>(0)?.ok_or(Thrown)?;
        object(PhpProfile(Arc::new(profile.0.with_encoding(encoding))))
    }
}

struct Describe;

impl Function for Describe {
    const NAME: &'static str = "describe";
    const PARAMETERS: &'static [Parameter] = &[];
    const RETURNS: Option<Type> = Some(Type::ARRAY);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let mut zval = Zval::new();
        zval.set_hashtable(arguments.this::<PhpProfile>()?.shown()?);
        Ok(zval)
    }
}

/// What [`Describe`] returns is what a dump shows.
impl Shown for PhpProfile {
    fn shown(&self) -> Result<ZBox<ZendHashTable>, Thrown> {
        let profile = &self.0;
        let string = |text: &str| engine::string(text.as_bytes());
        let mut headers = ZendHashTable::new();
        for header in profile.headers() {
            headers.insert(header.name(), string(header.text())).map_err(|_| Thrown)?;
        }
        let mut header_list = Zval::new();
        header_list.set_hashtable(headers);
        let mut tolerance = Zval::new();
        if let Some(Tolerance::Seconds(seconds)) = profile.tolerance() {
            tolerance.set_long(i64::try_from(seconds).unwrap_or(i64::MAX));
        }
        let digits = profile.timestamp().and_then(Timestamp::digits);
        let mut ambiguous = Zval::new();
        ambiguous.set_bool(profile.is_ambiguous());
        let values = [
            string(profile.name()),
            string(profile.string_to_sign().text()),
            header_list,
            profile.encoding().to_zval()?,
            profile.timestamp_format().map_or_else(|| Ok(Zval::new()), TimestampFormat::to_zval)?,
            tolerance,
            profile.nonce_grammar().map_or_else(Zval::new, string),
            list(profile.methods_without_payload().iter().map(AsRef::as_ref))?,
            ambiguous,
            profile.string_to_sign().canonical_request().map_or_else(Zval::new, string),
            list(profile.signed_headers().iter().map(AsRef::as_ref))?,
            long_or_null(digits),
        ];
        let mut row = ZendHashTable::new();
        for (parameter, value) in PARAMETERS.iter().zip(values) {
            row.insert(parameter.name, value).map_err(|_| Thrown)?;
        }
        Ok(row)
    }
}
