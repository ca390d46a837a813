//! `HwSignature\Signer` and `HwSignature\SigningStream`

use core::cell::RefCell;
use std::sync::Arc;

use ext_php_rs::types::{ZendCallable, ZendObject, Zval};

use crate::key::Key;
use crate::profile::Profile;
use crate::sign::{Refusal, SigningStream, sign, signing_keys};
use crate::signed_headers::RequestHeaders;

use super::arguments::{Arguments, ArrayOr, Function, Parameter, Type, complete};
use super::class::{Class, Made, Method, Property, native_class, object, slot};
use super::engine::{self, Thrown};
use super::environment::{CLOCK, CLOCK_PROPERTY};
use super::exceptions;
use super::headers;
use super::key::{PhpKey, keys};
use super::parameters::{
    METHOD, NONCE, OTHER_HEADERS, PAYLOAD, TARGET, TIMESTAMP, other_headers, refused, request, stamp,
};
use super::profile::PhpProfile;

const STREAM_CLASS: &str = "HwSignature\\SigningStream";
pub(super) const BYTES: Parameter = Parameter::new("bytes", Type::STRING);

/// The object: a contract and the keys, of which each gives a signature.
#[derive(Debug)]
pub(super) struct PhpSigner {
    profile: Arc<Profile>,
    keys: Vec<Arc<Key>>,
}

native_class!(PhpSigner, PARAMETERS, construct);

impl Class for PhpSigner {
    const NAME: &'static str = "HwSignature\\Signer";
    const METHODS: &'static [Method] = &[Method::of::<Sign>(), Method::of::<Stream>()];
    const PROPERTIES: &'static [Property] = &[CLOCK_PROPERTY];
    slot!();

    fn complete() {
        complete(Some(Self::slot()), "__construct", PARAMETERS);
    }
}

const CLOCK_SLOT: usize = 0;

/// The parameters of the constructor.
const PARAMETERS: &[Parameter] = &[
    Parameter::new("profile", Type::object("HwSignature\\Profile")),
    Parameter::new("keys", Type::object("HwSignature\\Key").or_array()).sensitive(),
    CLOCK,
];

fn construct(arguments: &Arguments<'_>) -> Made<PhpSigner> {
    let profile = &arguments.value::<PhpProfile>(0)?.0;
    let keys = match arguments.array_or::<PhpKey>(1)? {
        ArrayOr::Object(key) => vec![Arc::clone(&key.key)],
        ArrayOr::Array(list) => keys(arguments, list)?,
    };
    let keys = signing_keys(profile, keys).map_err(|error| arguments.value_error("keys", error))?;
    let clock = closure(arguments, 2)?;
    Ok((PhpSigner { profile: Arc::clone(profile), keys }, vec![clock]))
}

/// A callable argument, bound here and now, or null: a private method can be named where the object is made, and not
/// where it is used.
pub(super) fn closure(arguments: &Arguments<'_>, index: usize) -> Result<Zval, Thrown> {
    match arguments.callable_or_null(index)? {
        None => Ok(Zval::new()),
        Some(callable) => ZendCallable::try_from_name("Closure::fromCallable")
            .and_then(|from_callable| from_callable.try_call(vec![callable]))
            .map_err(|_| Thrown),
    }
}

/// A closure in a slot of an object, if there is one.
#[inline]
pub(super) fn kept_closure(object: &ZendObject, slot: usize) -> Option<&Zval> {
    engine::property(object, slot).filter(|closure| !closure.is_null())
}

struct Sign;

impl Function for Sign {
    const NAME: &'static str = "sign";
    const PARAMETERS: &'static [Parameter] = &[PAYLOAD, METHOD, TARGET, NONCE, TIMESTAMP, OTHER_HEADERS];
    const RETURNS: Option<Type> = Some(Type::ARRAY);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let PhpSigner { profile, keys } = arguments.this()?;
        let id = keys.first().and_then(|key| key.id());
        let payload = arguments.bytes(0)?;
        let clock = kept_closure(arguments.object()?, CLOCK_SLOT);
        let request = request(arguments, profile, 1, 2)?;
        let stamp = stamp(arguments, profile, id, clock, 3, 4)?;
        let headers = other_headers(arguments, profile, 5)?;
        let request = request.with_headers(RequestHeaders(&headers));
        let signature =
            sign(profile, keys, &request, payload, stamp).map_err(|error| refused(arguments, &error))?;
        headers::send(profile, &signature)
    }
}

struct Stream;

impl Function for Stream {
    const NAME: &'static str = "stream";
    const PARAMETERS: &'static [Parameter] = &[METHOD, TARGET, NONCE, TIMESTAMP, OTHER_HEADERS];
    const RETURNS: Option<Type> = Some(Type::object(STREAM_CLASS));

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let PhpSigner { profile, keys } = arguments.this()?;
        let id = keys.first().and_then(|key| key.id());
        let clock = kept_closure(arguments.object()?, CLOCK_SLOT);
        let request = request(arguments, profile, 0, 1)?;
        let stamp = stamp(arguments, profile, id, clock, 2, 3)?;
        let headers = other_headers(arguments, profile, 4)?;
        let request = request.with_headers(RequestHeaders(&headers));
        let stream = SigningStream::new(profile, keys, &request, stamp)
            .map_err(|error| refused(arguments, &Refusal::Request(error)))?;
        object(PhpSigningStream { profile: Arc::clone(profile), stream: RefCell::new(Some(stream)) })
    }
}

/// The object: a signature in progress, until it is finished.
#[derive(Debug)]
pub(super) struct PhpSigningStream {
    profile: Arc<Profile>,
    stream: RefCell<Option<SigningStream>>,
}

native_class!(PhpSigningStream);

impl Class for PhpSigningStream {
    const NAME: &'static str = STREAM_CLASS;
    const METHODS: &'static [Method] = &[Method::of::<Update>(), Method::of::<Finish>()];
    slot!();
}

struct Update;

impl Function for Update {
    const NAME: &'static str = "update";
    const PARAMETERS: &'static [Parameter] = &[BYTES];
    const RETURNS: Option<Type> = Some(Type::VOID);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let this = arguments.this::<PhpSigningStream>()?;
        let bytes = arguments.bytes(0)?;
        // Not borrowed while an exception is made: PHP's memory limit can end the script there, past all destructors.
        let updated = this.stream.borrow_mut().as_mut().map(|stream| stream.update(bytes));
        match updated {
            Some(Ok(())) => Ok(Zval::new()),
            Some(Err(error)) => Err(arguments.value_error("bytes", error)),
            None => Err(finished(STREAM_CLASS, Self::NAME)),
        }
    }
}

struct Finish;

impl Function for Finish {
    const NAME: &'static str = "finish";
    const PARAMETERS: &'static [Parameter] = &[];
    const RETURNS: Option<Type> = Some(Type::ARRAY);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let this = arguments.this::<PhpSigningStream>()?;
        let stream = this.stream.borrow_mut().take();
        let stream = stream.ok_or_else(|| finished(STREAM_CLASS, Self::NAME))?;
        headers::send(&this.profile, &stream.finish(&this.profile))
    }
}

/// A stream gives one result.
pub(super) fn finished(class: &str, method: &str) -> Thrown {
    exceptions::misuse(&format!(
        "{class}::{method}(): the stream is finished; start a new one for each request"
    ))
}
