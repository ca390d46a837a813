//! What is wrong with a timestamp.

use super::alternative::Fault;
use super::cause::Cause;
use crate::error::Rejection;
use crate::freshness::{TimestampUnit, Tolerance};

/// Below this number it is seconds (until the year 5138), from here on it is milliseconds (since 1973).
const FIRST_MILLISECONDS: u64 = 100_000_000_000;

/// Why the timestamp is not acceptable, if it is not.
pub(super) fn fault(timestamp: u64, unit: TimestampUnit, tolerance: Tolerance, now: u64) -> Option<Fault> {
    let rejection = tolerance.check(timestamp, unit, now).err()?;
    match unit {
        TimestampUnit::Milliseconds if timestamp < FIRST_MILLISECONDS => {
            return Some(Fault::new(Cause::TimestampSecondsNotMilliseconds));
        }
        TimestampUnit::Seconds if timestamp >= FIRST_MILLISECONDS => {
            return Some(Fault::new(Cause::TimestampMillisecondsNotSeconds));
        }
        _ => {}
    }
    match rejection {
        Rejection::Stale { age, tolerance } => {
            Some(Fault::with(Cause::TimestampStale, distance(age, tolerance)))
        }
        Rejection::FromFuture { ahead, tolerance } => {
            Some(Fault::with(Cause::TimestampFromFuture, distance(ahead, tolerance)))
        }
        _ => None,
    }
}

fn distance(seconds: u64, tolerance: u64) -> String {
    let minutes = (seconds + 30) / 60;
    // Whole quarters of an hour, give or take two minutes, are what time zones differ by.
    let zone = seconds > 800 && minutes % 15 <= 2 || minutes % 15 >= 13;
    let hint = if seconds > 800 && zone && seconds <= 14 * 3600 + 120 {
        ", about as much as time zones differ; more than the "
    } else {
        ", more than the "
    };
    format!("{seconds} s{hint}{tolerance} s that are allowed")
}
