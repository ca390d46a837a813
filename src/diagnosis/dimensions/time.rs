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
    if let Some((counted, divisor)) = finer_unit(timestamp) {
        let (wanted, expression) = match format {
            TimestampFormat::Milliseconds => ("milliseconds", "(string) (int) (microtime(true) * 1000)"),
            _ => ("seconds", "(string) time()"),
        };
        let detail = format!("far too much: it seems to count {counted}, and the profile counts {wanted}");
        let fix = format!(
            "On the sender, write {expression}, and sign that same text; {counted} divided by {divisor} are seconds."
        );
        return Some(Fault::with(Cause::TimestampFromFuture, detail).fixed_by(fix));
    }
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
            Fault::with(Cause::TimestampStale, distance(age, tolerance) + no_time(timestamp)).or_fixed_by(
                "A request from a log or a capture: diagnose it with tolerance HwSignature\\ANY_AGE (--tolerance any).",
            )
        }
        FreshnessError::FromFuture { ahead, tolerance } => {
            Fault::with(Cause::TimestampFromFuture, distance(ahead, tolerance) + no_time(timestamp))
        }
    })
}

/// What a number counts that is too large even for milliseconds, and how many of it are a second.
const fn finer_unit(timestamp: u64) -> Option<(&'static str, &'static str)> {
    match timestamp {
        // The years 2001 to 5138 in microseconds, and 1 to 3169 in ticks of .NET, which fall into the years 1975 to 2002 in
        // nanoseconds.
        1_000_000_000_000_000..100_000_000_000_000_000 => Some(("microseconds", "1,000,000")),
        600_000_000_000_000_000..1_000_000_000_000_000_000 => {
            Some(("ticks of .NET since the year 1", "10,000,000"))
        }
        1_000_000_000_000_000_000.. => Some(("nanoseconds", "1,000,000,000")),
        _ => None,
    }
}

/// Numbers that no clock gives.
const fn no_time(timestamp: u64) -> &'static str {
    match timestamp {
        0 => "; it is 0, so that no clock was read",
        2_147_483_647 | 2_147_483_647_000 => {
            "; it is the largest number of 32 bits, which a 32-bit PHP or a column of a database makes of larger ones"
        }
        4_294_967_295 => "; it is the largest unsigned number of 32 bits",
        _ => "",
    }
}

/// The fault of a request whose signature matches.
pub(in crate::diagnosis) fn alone(fault: Fault) -> Fault {
    match fault.cause {
        Cause::TimestampStale => fault.introduced_by("The signature matches; only the age is wrong."),
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
