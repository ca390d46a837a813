//! What the core does not have: the clock and randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use ext_php_rs::types::Zval;
use ext_php_rs::zend::{ExecutorGlobals, ce};

use crate::freshness::{MAX_TOLERANCE, Tolerance};
use crate::profile::Profile;
use crate::timestamp::TimestampFormat;

use super::arguments::{Arguments, Parameter, Type};
use super::class::Property;
use super::engine::{self, Thrown};

/// The value of `HwSignature\ANY_AGE`: no check of the age.
pub(super) const ANY_AGE: i64 = -1;

/// What is asked for the time in place of the system.
pub(super) const CLOCK: Parameter = Parameter::new("clock", Type::CALLABLE.nullable()).or("null");
/// Where it is kept.
pub(super) const CLOCK_PROPERTY: Property = Property::private("clock", Type::MIXED);

/// Unix time in milliseconds.
pub(super) fn now_milliseconds() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
}

/// Random bytes from the operating system.
pub(super) fn random(buffer: &mut [u8]) -> Result<(), getrandom::Error> {
    getrandom::fill(buffer)
}

/// Unix time in seconds, from a `$clock` or from the system.
///
/// A `$clock` is PHP code, which can change what a reference refers to: to be asked before anything is borrowed from an
/// array.
pub(super) fn now(clock: Option<&Zval>) -> Result<u64, Thrown> {
    match clock {
        None => Ok(now_milliseconds() / 1000),
        Some(clock) => ask(clock),
    }
}

/// Unix time in seconds from a `$clock`. What it throws passes through.
pub(super) fn ask(clock: &Zval) -> Result<u64, Thrown> {
    let answer = clock.try_call(Vec::new());
    if ExecutorGlobals::has_exception() {
        return Err(Thrown);
    }
    // It may return by reference.
    let Some(seconds) = answer.as_ref().ok().map(Zval::dereference).and_then(Zval::long) else {
        let message = "the clock must return Unix time in seconds, as an int";
        return Err(engine::throw_error(Some(ce::type_error()), message));
    };
    check_now(seconds).map_err(|wrong| {
        let message = format!("what the clock returns {wrong}");
        engine::throw_error(Some(ce::value_error()), &message)
    })
}

/// `$now` in seconds; `None` when it was left out, or is null.
#[inline]
pub(super) fn given_now(arguments: &Arguments<'_>, index: usize) -> Result<Option<u64>, Thrown> {
    match arguments.long_or_null(index)? {
        None => Ok(None),
        Some(now) => check_now(now).map(Some).map_err(|wrong| arguments.value_error("now", wrong)),
    }
}

#[inline]
fn check_now(seconds: i64) -> Result<u64, &'static str> {
    match u64::try_from(seconds) {
        Err(_) => Err("must be greater than or equal to 0"),
        Ok(now) if !TimestampFormat::Seconds.is_plausible(now) => {
            Err("must be Unix time in seconds, and looks like milliseconds")
        }
        Ok(now) => Ok(now),
    }
}

/// `$tolerance` in seconds: null for the profile's own, `ANY_AGE` for none.
pub(super) fn tolerance(
    arguments: &Arguments<'_>,
    index: usize,
    profile: &Profile,
) -> Result<Option<Tolerance>, Thrown> {
    let seconds = match arguments.long_or_null(index)? {
        None => return Ok(None),
        Some(ANY_AGE) => return Ok(Some(Tolerance::AnyAge)),
        Some(seconds) => seconds,
    };
    if profile.tolerance().is_none() {
        let message = "must be null or HwSignature\\ANY_AGE, because the profile has no timestamp";
        return Err(arguments.value_error("tolerance", message));
    }
    match u64::try_from(seconds) {
        Ok(seconds) if seconds <= MAX_TOLERANCE => Ok(Some(Tolerance::Seconds(seconds))),
        _ => {
            let message = format!("must be between 0 and {MAX_TOLERANCE}, or HwSignature\\ANY_AGE");
            Err(arguments.value_error("tolerance", message))
        }
    }
}
