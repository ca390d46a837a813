//! `HwSignature\Verifier` and `HwSignature\VerifyingStream`

use core::cell::RefCell;
use std::sync::Arc;

use ext_php_rs::types::{ZendCallable, ZendObject, Zval};
use ext_php_rs::zend::ExecutorGlobals;

use crate::freshness::Tolerance;
use crate::key::Key;
use crate::profile::Profile;
use crate::rejection::{Reason, Rejection};
use crate::request::Request;
use crate::verify::{Accepted, Clock, VerifyingStream, verify};

use super::arguments::{Arguments, Function, Parameter, Type, value_of};
use super::class::{Class, Method, Property, native_class, object};
use super::engine::{self, ClassSlot, Thrown};
use super::environment::{clock, tolerance};
use super::exceptions::{self, slot};
use super::functions::{HEADERS, METHOD, NOW, PAYLOAD, TARGET, TOLERANCE};
use super::key::PhpKey;
use super::profile::PhpProfile;
use super::signer::{BYTES, finished};
use super::{headers, values};

const STREAM_CLASS: &str = "HwSignature\\VerifyingStream";

/// The object: a contract, the keys, and the allowed age. The replay guard is a PHP value, and stands in a property, where
/// PHP's collector sees it.
#[derive(Clone, Debug)]
pub(super) struct PhpVerifier {
    profile: Arc<Profile>,
    keys: Arc<[Arc<Key>]>,
    tolerance: Option<Tolerance>,
}

native_class!(PhpVerifier, PARAMETERS, construct);

/// The slot of the replay guard, in a verifier and in its streams.
const CLAIM: Property = Property::private("claim", Type::MIXED);
const CLAIM_SLOT: usize = 0;

impl Class for PhpVerifier {
    const NAME: &'static str = "HwSignature\\Verifier";
    const METHODS: &'static [Method] =
        &[Method::of::<Verify>(), Method::of::<IsValid>(), Method::of::<Stream>()];
    const PROPERTIES: &'static [Property] = &[CLAIM];
    slot!();
}

/// The parameters of the constructor.
const PARAMETERS: &[Parameter] = &[
    Parameter::new("profile", Type::object("HwSignature\\Profile")),
    Parameter::new("keys", Type::ARRAY),
    TOLERANCE,
    Parameter::new("claim", Type::CALLABLE.nullable()).or("null"),
];

fn construct(arguments: &Arguments<'_>) -> Result<PhpVerifier, Thrown> {
    let profile = &arguments.value::<PhpProfile>(0)?.0;
    let table = arguments.array(1)?.ok_or(Thrown)?;
    if table.is_empty() {
        return Err(arguments.value_error("keys", "must not be empty"));
    }
    let keys = engine::values(table)
        .map(|value| value.object().and_then(value_of::<PhpKey>).map(|key| Arc::clone(&key.0)))
        .collect::<Option<_>>()
        .ok_or_else(|| arguments.type_error("keys", "must be a list of HwSignature\\Key objects"))?;
    let tolerance = tolerance(arguments, 2)?;
    let claim = arguments.callable_or_null(3)?.map_or_else(|| Ok(Zval::new()), to_closure)?;
    arguments.set_properties(CLAIM_SLOT, vec![claim]);
    Ok(PhpVerifier { profile: Arc::clone(profile), keys, tolerance })
}

/// Binds a callable here and now: a private method can be named where the verifier is made, and not where it is used.
fn to_closure(callable: &Zval) -> Result<Zval, Thrown> {
    ZendCallable::try_from_name("Closure::fromCallable")
        .and_then(|from_callable| from_callable.try_call(vec![callable]))
        .map_err(|_| Thrown)
}

struct Verify;

impl Function for Verify {
    const NAME: &'static str = "verify";
    const PARAMETERS: &'static [Parameter] = &[HEADERS, PAYLOAD, METHOD, TARGET, NOW];
    const RETURNS: Option<Type> = Some(Type::object("HwSignature\\Verified"));

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let this = arguments.this::<PhpVerifier>()?;
        check(arguments, this, |accepted| this.verified(accepted))?
            .map_err(|refused| refused.throw(&this.profile))
    }
}

struct IsValid;

impl Function for IsValid {
    const NAME: &'static str = "isValid";
    const PARAMETERS: &'static [Parameter] = Verify::PARAMETERS;
    const RETURNS: Option<Type> = Some(Type::BOOL);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let accepted = check(arguments, arguments.this::<PhpVerifier>()?, |_| Ok(()))?.is_ok();
        let mut result = Zval::new();
        result.set_bool(accepted);
        Ok(result)
    }
}

/// Why a request was not accepted.
enum Refused {
    /// The core says no.
    Rejected(Rejection),
    /// The replay guard returned something other than true or false.
    Guard,
}

impl Refused {
    fn throw(&self, profile: &Profile) -> Thrown {
        match self {
            Self::Rejected(rejection) => exceptions::rejected(rejection, profile),
            Self::Guard => exceptions::rejected_with(
                Reason::Replayed,
                "the replay guard returned neither true nor false",
            ),
        }
    }
}

/// The outer error is the programmer's, or the replay guard's; the inner one is the caller's.
///
/// `then` makes the result of an accepted request. It runs before the replay guard does: a guard is PHP code, and where
/// a header is a reference, it can free the text that was accepted.
fn check<T>(
    arguments: &Arguments<'_>,
    this: &PhpVerifier,
    then: impl FnOnce(&Accepted<'_>) -> Result<T, Thrown>,
) -> Result<Result<T, Refused>, Thrown> {
    let table = arguments.array(0)?.ok_or(Thrown)?;
    let payload = arguments.bytes(1)?;
    let (method, target) = (arguments.bytes(2)?, arguments.bytes(3)?);
    let clock = this.clock(arguments, 4)?;
    let received = headers::receive(&this.profile, table);
    let accepted = Request::parse(method, target)
        .map_err(Rejection::Request)
        .and_then(|request| verify(&this.profile, &this.keys, &received, &request, payload, clock));
    match accepted {
        Ok(accepted) => {
            let result = then(&accepted)?;
            Ok(this.claim(arguments.object()?, &accepted, clock)?.map(|()| result))
        }
        Err(rejection) => Ok(Err(Refused::Rejected(rejection))),
    }
}

impl PhpVerifier {
    fn clock(&self, arguments: &Arguments<'_>, now: usize) -> Result<Clock, Thrown> {
        Ok(Clock { tolerance: self.tolerance, ..clock(arguments, None, now)? })
    }

    fn key(&self, accepted: &Accepted<'_>) -> Result<&Key, Thrown> {
        self.keys.get(accepted.key_index).map(AsRef::as_ref).ok_or(Thrown)
    }

    fn verified(&self, accepted: &Accepted<'_>) -> Result<Zval, Thrown> {
        let key = self.key(accepted)?;
        values::Verified::object(key.id(), accepted.key_index, accepted.timestamp(), accepted.nonce())
    }

    /// Asks the replay guard, if there is one. It comes last, so that nobody without the key can fill its store.
    fn claim(
        &self,
        object: &ZendObject,
        accepted: &Accepted<'_>,
        clock: Clock,
    ) -> Result<Result<(), Refused>, Thrown> {
        let Some(claim) = engine::property(object, CLAIM_SLOT).filter(|claim| !claim.is_null()) else {
            return Ok(Ok(()));
        };
        let id = accepted.replay_id(&self.profile, self.key(accepted)?);
        let seconds = i64::try_from(accepted.claim_seconds(&self.profile, clock)).unwrap_or(i64::MAX);
        let answer = claim.try_call(vec![&id, &seconds]);
        if ExecutorGlobals::has_exception() {
            return Err(exceptions::replay_guard());
        }
        // A guard may return by reference.
        let answer = answer.as_ref().map(Zval::dereference);
        Ok(match answer {
            Ok(answer) if answer.is_true() => Ok(()),
            Ok(answer) if answer.is_false() => Err(Refused::Rejected(Rejection::Replayed)),
            _ => Err(Refused::Guard),
        })
    }
}

struct Stream;

impl Function for Stream {
    const NAME: &'static str = "stream";
    const PARAMETERS: &'static [Parameter] = &[HEADERS, METHOD, TARGET, NOW];
    const RETURNS: Option<Type> = Some(Type::object(STREAM_CLASS));

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let this = arguments.this::<PhpVerifier>()?;
        let table = arguments.array(0)?.ok_or(Thrown)?;
        let (method, target) = (arguments.bytes(1)?, arguments.bytes(2)?);
        let clock = this.clock(arguments, 3)?;
        let received = headers::receive(&this.profile, table);
        let stream = Request::parse(method, target)
            .map_err(Rejection::Request)
            .and_then(|request| VerifyingStream::new(&this.profile, &this.keys, &received, &request, clock))
            .map_err(|rejection| exceptions::rejected(&rejection, &this.profile))?;
        let claim = engine::property(arguments.object()?, CLAIM_SLOT);
        let claim = claim.map_or_else(Zval::new, Zval::shallow_clone);
        let mut stream =
            object(PhpVerifyingStream { verifier: this.clone(), clock, stream: RefCell::new(Some(stream)) })?;
        engine::set_properties(stream.object_mut().ok_or(Thrown)?, CLAIM_SLOT, vec![claim]);
        Ok(stream)
    }
}

/// The object: a verification in progress, until it is finished.
#[derive(Debug)]
pub(super) struct PhpVerifyingStream {
    verifier: PhpVerifier,
    clock: Clock,
    stream: RefCell<Option<VerifyingStream>>,
}

native_class!(PhpVerifyingStream);

impl Class for PhpVerifyingStream {
    const NAME: &'static str = STREAM_CLASS;
    const METHODS: &'static [Method] = &[Method::of::<Update>(), Method::of::<Finish>()];
    const PROPERTIES: &'static [Property] = &[CLAIM];
    slot!();
}

struct Update;

impl Function for Update {
    const NAME: &'static str = "update";
    const PARAMETERS: &'static [Parameter] = &[BYTES];
    const RETURNS: Option<Type> = Some(Type::VOID);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let this = arguments.this::<PhpVerifyingStream>()?;
        let bytes = arguments.bytes(0)?;
        match this.stream.borrow_mut().as_mut() {
            Some(stream) => stream.update(bytes),
            None => return Err(finished(STREAM_CLASS, Self::NAME)),
        }
        Ok(Zval::new())
    }
}

struct Finish;

impl Function for Finish {
    const NAME: &'static str = "finish";
    const PARAMETERS: &'static [Parameter] = &[];
    const RETURNS: Option<Type> = Verify::RETURNS;

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let this = arguments.this::<PhpVerifyingStream>()?;
        let verifier = &this.verifier;
        // Taken before the replay guard runs, which could call this very stream again.
        let stream = this.stream.borrow_mut().take();
        let stream = stream.ok_or_else(|| finished(STREAM_CLASS, Self::NAME))?;
        let object = arguments.object()?;
        stream
            .finish(&verifier.keys, |accepted| match verifier.claim(object, &accepted, this.clock)? {
                Ok(()) => verifier.verified(&accepted),
                Err(refused) => Err(refused.throw(&verifier.profile)),
            })
            .map_err(|rejection| exceptions::rejected(&rejection, &verifier.profile))?
    }
}
