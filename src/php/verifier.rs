//! `HwSignature\Verifier` and `HwSignature\VerifyingStream`

use core::cell::RefCell;
use std::sync::Arc;

use ext_php_rs::types::{ZendObject, Zval};
use ext_php_rs::zend::ExecutorGlobals;

use crate::diagnosis::HeldKey;
use crate::freshness::Tolerance;
use crate::key::{Key, KeyBytes};
use crate::profile::Profile;
use crate::rejection::{Reason, Rejection};
use crate::request::Request;
use crate::signed_headers::RequestHeaders;
use crate::verify::{Accepted, Clock, VerifyingStream, verify};

use super::arguments::{Arguments, Function, Parameter, Type, complete};
use super::class::{self, Class, Made, Method, Property, native_class, slot};
use super::diagnosis::diagnosed;
use super::engine::{self, Thrown};
use super::environment::{CLOCK, CLOCK_PROPERTY, given_now, now, tolerance};
use super::exceptions;
use super::key::{bytes_of, keys};
use super::parameters::{HEADERS, METHOD, NOW, PAYLOAD, TARGET, TOLERANCE, method_and_target};
use super::profile::PhpProfile;
use super::signer::{BYTES, closure, finished, kept_closure};
use super::{headers, values};

const STREAM_CLASS: &str = "HwSignature\\VerifyingStream";

/// The object: a contract, the keys, and the allowed age. The replay guard and the clock are PHP values, and stand in
/// properties, where PHP's collector sees them.
#[derive(Clone, Debug)]
pub(super) struct PhpVerifier {
    profile: Arc<Profile>,
    keys: Arc<[Arc<Key>]>,
    /// Of the same keys, for the diagnosis.
    bytes: Arc<[Arc<KeyBytes>]>,
    tolerance: Option<Tolerance>,
}

native_class!(PhpVerifier, PARAMETERS, construct);

/// The slots of a verifier and of its streams.
const SLOTS: &[Property] = &[Property::private("claim", Type::MIXED), CLOCK_PROPERTY];
const CLAIM_SLOT: usize = 0;
const CLOCK_SLOT: usize = 1;

impl Class for PhpVerifier {
    const NAME: &'static str = "HwSignature\\Verifier";
    const METHODS: &'static [Method] =
        &[Method::of::<Verify>(), Method::of::<IsValid>(), Method::of::<Diagnose>(), Method::of::<Stream>()];
    const PROPERTIES: &'static [Property] = SLOTS;
    slot!();

    fn complete() {
        complete(Some(Self::slot()), "__construct", PARAMETERS);
    }
}

/// The parameters of the constructor.
const PARAMETERS: &[Parameter] = &[
    Parameter::new("profile", Type::object("HwSignature\\Profile")),
    Parameter::new("keys", Type::ARRAY).sensitive(),
    TOLERANCE,
    Parameter::new("claim", Type::CALLABLE.nullable()).or("null"),
    CLOCK,
];

fn construct(arguments: &Arguments<'_>) -> Made<PhpVerifier> {
    let profile = &arguments.value::<PhpProfile>(0)?.0;
    let table = arguments.array(1)?.ok_or(Thrown)?;
    if table.is_empty() {
        return Err(arguments.value_error("keys", "must not be empty"));
    }
    let keys = keys(arguments, table)?;
    let tolerance = tolerance(arguments, 2, profile)?;
    let closures = vec![closure(arguments, 3)?, closure(arguments, 4)?];
    Ok((PhpVerifier { profile: Arc::clone(profile), keys, bytes: bytes_of(table), tolerance }, closures))
}

struct Verify;

impl Function for Verify {
    const NAME: &'static str = "verify";
    const PARAMETERS: &'static [Parameter] = &[HEADERS, PAYLOAD, METHOD, TARGET, NOW];
    const RETURNS: Option<Type> = Some(Type::object("HwSignature\\Verified"));

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let this = arguments.this::<PhpVerifier>()?;
        check(arguments, this, |accepted, clock| this.verified(accepted, clock))?
            .map_err(|refused| refused.throw(&this.profile))
    }
}

struct IsValid;

impl Function for IsValid {
    const NAME: &'static str = "isValid";
    const PARAMETERS: &'static [Parameter] = Verify::PARAMETERS;
    const RETURNS: Option<Type> = Some(Type::BOOL);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let accepted = check(arguments, arguments.this::<PhpVerifier>()?, |_, _| Ok(()))?.is_ok();
        let mut result = Zval::new();
        result.set_bool(accepted);
        Ok(result)
    }
}

struct Diagnose;

impl Function for Diagnose {
    const NAME: &'static str = "diagnose";
    const PARAMETERS: &'static [Parameter] = Verify::PARAMETERS;
    const RETURNS: Option<Type> = Some(Type::object("HwSignature\\Diagnosis"));

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let this = arguments.this::<PhpVerifier>()?;
        let table = arguments.array(0)?.ok_or(Thrown)?;
        let payload = arguments.bytes(1)?;
        let (method, target) = method_and_target(arguments, &this.profile, 2, 3)?;
        let clock = this.clock(arguments.object()?, given_now(arguments, 4)?)?;
        let held: Vec<_> = this
            .keys
            .iter()
            .zip(this.bytes.iter())
            .map(|(key, bytes)| HeldKey { bytes: bytes.as_bytes(), id: key.id() })
            .collect();
        // The keys and their ids were checked when they were made.
        diagnosed(&this.profile, table, (method, target), payload, clock, &held).map_err(|_| Thrown)?
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
    then: impl FnOnce(&Accepted<'_>, Clock) -> Result<T, Thrown>,
) -> Result<Result<T, Refused>, Thrown> {
    let table = arguments.array(0)?.ok_or(Thrown)?;
    let payload = arguments.bytes(1)?;
    let (method, target) = method_and_target(arguments, &this.profile, 2, 3)?;
    let object = arguments.object()?;
    let clock = this.clock(object, given_now(arguments, 4)?)?;
    let received = headers::receive(&this.profile, table);
    let all = headers::all(&this.profile, table);
    let accepted = Request::parse(method, target).map_err(Rejection::Request).and_then(|request| {
        let request = request.with_headers(RequestHeaders(&all));
        verify(&this.profile, &this.keys, &received, &request, payload, clock)
    });
    match accepted {
        Ok(accepted) => {
            let result = then(&accepted, clock)?;
            Ok(this.claim(object, &accepted, clock)?.map(|()| result))
        }
        Err(rejection) => Ok(Err(Refused::Rejected(rejection))),
    }
}

impl PhpVerifier {
    /// The time that was given, or that of the object's clock.
    #[inline]
    fn clock(&self, object: &ZendObject, given: Option<u64>) -> Result<Clock, Thrown> {
        let now = match given {
            Some(now) => now,
            None => now(kept_closure(object, CLOCK_SLOT))?,
        };
        Ok(Clock { now, tolerance: self.tolerance })
    }

    fn key(&self, accepted: &Accepted<'_>) -> Result<&Key, Thrown> {
        self.keys.get(accepted.key_index).map(AsRef::as_ref).ok_or(Thrown)
    }

    fn verified(&self, accepted: &Accepted<'_>, clock: Clock) -> Result<Zval, Thrown> {
        values::Verified::object(accepted, self.key(accepted)?.id(), &self.profile, clock)
    }

    /// Asks the replay guard, if there is one. It comes last, so that nobody without the key can fill its store.
    #[inline]
    fn claim(
        &self,
        object: &ZendObject,
        accepted: &Accepted<'_>,
        clock: Clock,
    ) -> Result<Result<(), Refused>, Thrown> {
        match kept_closure(object, CLAIM_SLOT) {
            None => Ok(Ok(())),
            Some(claim) => self.ask(claim, accepted, clock),
        }
    }

    /// Asks for one id after the other until one is refused.
    fn ask(
        &self,
        claim: &Zval,
        accepted: &Accepted<'_>,
        clock: Clock,
    ) -> Result<Result<(), Refused>, Thrown> {
        let seconds = i64::try_from(accepted.claim_seconds(&self.profile, clock)).unwrap_or(i64::MAX);
        let ids = accepted.replay_ids();
        for id in &ids {
            let answer = claim.try_call(vec![id, &seconds]);
            if ExecutorGlobals::has_exception() {
                return Err(exceptions::replay_guard(values::list(ids.iter().map(String::as_str))?));
            }
            // A guard may return by reference.
            match answer.as_ref().map(Zval::dereference) {
                Ok(answer) if answer.is_true() => {}
                Ok(answer) if answer.is_false() => return Ok(Err(Refused::Rejected(Rejection::Replayed))),
                _ => return Ok(Err(Refused::Guard)),
            }
        }
        Ok(Ok(()))
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
        let (method, target) = method_and_target(arguments, &this.profile, 1, 2)?;
        let object = arguments.object()?;
        let now = given_now(arguments, 3)?;
        let clock = this.clock(object, now)?;
        let received = headers::receive(&this.profile, table);
        let all = headers::all(&this.profile, table);
        let stream = Request::parse(method, target)
            .map_err(Rejection::Request)
            .and_then(|request| {
                let request = request.with_headers(RequestHeaders(&all));
                VerifyingStream::new(&this.profile, &this.keys, &received, &request, clock)
            })
            .map_err(|rejection| exceptions::rejected(&rejection, &this.profile))?;
        let closures = [CLAIM_SLOT, CLOCK_SLOT]
            .map(|slot| kept_closure(object, slot).map_or_else(Zval::new, Zval::shallow_clone));
        let mut stream = class::object(PhpVerifyingStream {
            verifier: this.clone(),
            now,
            stream: RefCell::new(Some(stream)),
        })?;
        engine::set_properties(stream.object_mut().ok_or(Thrown)?, 0, closures.into());
        Ok(stream)
    }
}

/// The object: a verification in progress, until it is finished.
#[derive(Debug)]
pub(super) struct PhpVerifyingStream {
    verifier: PhpVerifier,
    /// The time that was given; `None` where a clock says it.
    now: Option<u64>,
    stream: RefCell<Option<VerifyingStream>>,
}

native_class!(PhpVerifyingStream);

impl Class for PhpVerifyingStream {
    const NAME: &'static str = STREAM_CLASS;
    const METHODS: &'static [Method] = &[Method::of::<Update>(), Method::of::<Finish>()];
    const PROPERTIES: &'static [Property] = SLOTS;
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
        // Not borrowed while an exception is made: PHP's memory limit can end the script there, past all destructors.
        let updated = this.stream.borrow_mut().as_mut().map(|stream| stream.update(bytes));
        updated.map(|()| Zval::new()).ok_or_else(|| finished(STREAM_CLASS, Self::NAME))
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
        // Taken before the clock and the replay guard run, which could call this very stream again.
        let stream = this.stream.borrow_mut().take();
        let stream = stream.ok_or_else(|| finished(STREAM_CLASS, Self::NAME))?;
        let object = arguments.object()?;
        let clock = verifier.clock(object, this.now)?;
        stream
            .finish(&verifier.profile, &verifier.keys, clock, |accepted| {
                let verified = verifier.verified(&accepted, clock)?;
                match verifier.claim(object, &accepted, clock)? {
                    Ok(()) => Ok(verified),
                    Err(refused) => Err(refused.throw(&verifier.profile)),
                }
            })
            .map_err(|rejection| exceptions::rejected(&rejection, &verifier.profile))?
    }
}
