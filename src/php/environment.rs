//! What the core does not have: the clock and randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::freshness::Tolerance;
use crate::verify::Clock;

use super::arguments::Arguments;
use super::engine::Thrown;

/// The value of `HwSignature\ANY_AGE`: no check of the age.
pub(super) const ANY_AGE: i64 = -1;

/// Unix time in milliseconds.
pub(super) fn now_milliseconds() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
}

/// Random bytes from the operating system.
pub(super) fn random(buffer: &mut [u8]) -> Result<(), getrandom::Error> {
    getrandom::fill(buffer)
}

/// The window and the clock from `$tolerance` and `$now`, both in seconds.
pub(super) fn clock(
    arguments: &Arguments<'_>,
    tolerance: Option<usize>,
    now: usize,
) -> Result<Clock, Thrown> {
    let tolerance = match tolerance {
        Some(index) => self::tolerance(arguments, index)?,
        None => None,
    };
    let now = match arguments.long_or_null(now)? {
        None => now_milliseconds() / 1000,
        Some(now) => u64::try_from(now)
            .map_err(|_| arguments.value_error("now", "must be greater than or equal to 0"))?,
    };
    Ok(Clock { now, tolerance })
}

/// `$tolerance` in seconds: null for the profile's own, `ANY_AGE` for none.
pub(super) fn tolerance(arguments: &Arguments<'_>, index: usize) -> Result<Option<Tolerance>, Thrown> {
    match arguments.long_or_null(index)? {
        None => Ok(None),
        Some(ANY_AGE) => Ok(Some(Tolerance::AnyAge)),
        Some(seconds) => match u64::try_from(seconds) {
            Ok(seconds) => Ok(Some(Tolerance::Seconds(seconds))),
            Err(_) => {
                let message = "must be greater than or equal to 0, or HwSignature\\ANY_AGE";
                Err(arguments.value_error("tolerance", message))
            }
        },
    }
}
