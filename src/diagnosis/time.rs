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
    const HALF_HOUR: u64 = 1800;
    const SLACK: u64 = 30;
    const FARTHEST: u64 = 14 * 3600;
    let whole = (seconds + SLACK) % HALF_HOUR <= 2 * SLACK;
    let zone = whole && (HALF_HOUR - SLACK..=FARTHEST + SLACK).contains(&seconds);
    let hint = if zone { ", which is what a wrong time zone makes of it" } else { "" };
    format!("{seconds} s ({tolerance} s are allowed){hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_half_hours_are_time_zones() {
        for seconds in [1800, 3599, 3600, 7225, 19_800, 50_400] {
            assert!(distance(seconds, 300).ends_with("time zone makes of it"), "{seconds}");
        }
        for seconds in [10, 301, 1000, 2700, 4000, 54_000, 86_400] {
            assert_eq!(distance(seconds, 300), format!("{seconds} s (300 s are allowed)"));
        }
    }
}
