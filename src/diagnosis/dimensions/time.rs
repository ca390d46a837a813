//! What is wrong with a timestamp.

use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;
use crate::freshness::{FreshnessError, Tolerance};
use crate::timestamp::{SECONDS, TimestampFormat};

/// What a number of that size counts: where seconds end, in the year 5138, milliseconds are in 1973.
pub(in crate::diagnosis) const fn counts_milliseconds(timestamp: u64) -> bool {
    timestamp >= SECONDS.end
}

/// Why the timestamp is not acceptable, if it is not.
pub(in crate::diagnosis) fn fault(
    timestamp: u64,
    format: TimestampFormat,
    tolerance: Tolerance,
    now: u64,
) -> Option<Fault> {
    let error = tolerance.check(timestamp, format, now).err()?;
    match (format, counts_milliseconds(timestamp)) {
        (TimestampFormat::Milliseconds, false) => {
            return Some(Fault::new(Cause::TimestampSecondsNotMilliseconds));
        }
        (TimestampFormat::Seconds, true) => {
            return Some(Fault::new(Cause::TimestampMillisecondsNotSeconds));
        }
        _ => {}
    }
    Some(match error {
        FreshnessError::Stale { age, tolerance } => {
            Fault::with(Cause::TimestampStale, distance(age, tolerance))
        }
        FreshnessError::FromFuture { ahead, tolerance } => {
            Fault::with(Cause::TimestampFromFuture, distance(ahead, tolerance))
        }
    })
}

/// The fault of a request whose signature matches.
pub(in crate::diagnosis) fn alone(fault: Fault) -> Fault {
    match fault.cause {
        Cause::TimestampStale => fault.introduced_by("The signature matches; only the age is wrong.").or_fixed_by(
            "A request from a log or a capture: diagnose it with tolerance HwSignature\\ANY_AGE (--tolerance any).",
        ),
        Cause::TimestampFromFuture => fault.introduced_by("The signature matches; only the time is wrong."),
        _ => fault,
    }
}

fn distance(seconds: u64, tolerance: u64) -> String {
    const QUARTER_HOUR: u64 = 900;
    const SLACK: u64 = 30;
    const FARTHEST: u64 = 14 * HOUR;
    let whole = (seconds + SLACK) % QUARTER_HOUR <= 2 * SLACK;
    let zone = whole && (QUARTER_HOUR - SLACK..=FARTHEST + SLACK).contains(&seconds);
    let hint = if zone { ", which may come from a time zone" } else { "" };
    format!("{} ({} are allowed){hint}", duration(seconds), duration(tolerance))
}

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// As people say it.
fn duration(seconds: u64) -> String {
    let (hours, minutes) = (seconds / HOUR, seconds % HOUR / 60);
    match seconds {
        0..HOUR => format!("{seconds} s"),
        HOUR..172_800 if minutes == 0 => format!("{hours} h"),
        HOUR..172_800 => format!("{hours} h {minutes} min"),
        _ => format!("{} days", seconds / DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_quarters_of_an_hour_may_be_time_zones() {
        for seconds in [900, 1800, 3599, 3600, 7225, 20_700, 50_400] {
            assert!(distance(seconds, 300).ends_with(", which may come from a time zone"), "{seconds}");
        }
        for seconds in [10, 301, 1000, 4000, 54_000, 86_400] {
            assert!(distance(seconds, 300).ends_with(" (300 s are allowed)"), "{seconds}");
        }
    }

    #[test]
    fn a_duration_reads_as_people_say_it() {
        for (seconds, text) in [
            (61, "61 s"),
            (3599, "3599 s"),
            (7200, "2 h"),
            (9999, "2 h 46 min"),
            (172_799, "47 h 59 min"),
            (172_800, "2 days"),
            (300_000, "3 days"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }
}
