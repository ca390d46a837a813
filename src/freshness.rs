//! The time window around a timestamp. There is no clock here: "now" is an argument.

use core::ops::Range;

/// Most digits that a timestamp may have.
pub const MAX_TIMESTAMP_LENGTH: usize = 19;

/// Longest tolerance, in seconds: seven days. What a claim adds to it stays below the thirty days from which on some stores
/// read a life as a date.
pub const MAX_TOLERANCE: u64 = 7 * 86_400;

/// Unix time in seconds from 2001 to 5138: ten and eleven digits.
pub(crate) const SECONDS: Range<u64> = 1_000_000_000..100_000_000_000;

/// What a timestamp counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampUnit {
    /// Unix time in seconds.
    Seconds,
    /// Unix time in milliseconds.
    Milliseconds,
}

impl TimestampUnit {
    /// Both units, in the order PHP lists them.
    pub const ALL: [Self; 2] = [Self::Seconds, Self::Milliseconds];

    /// The name used in PHP and in documentation.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
        }
    }

    /// Converts a clock reading in milliseconds.
    #[must_use]
    pub const fn from_milliseconds(self, milliseconds: u64) -> u64 {
        match self {
            Self::Seconds => milliseconds / 1000,
            Self::Milliseconds => milliseconds,
        }
    }

    /// Whether a timestamp can be meant in this unit: false for what is Unix time in the other one, from 2001 to 5138. In
    /// this one that would be in 1970, or beyond the year 30000. Small numbers, as tests have them, are plausible.
    #[must_use]
    pub fn is_plausible(self, timestamp: u64) -> bool {
        match self {
            Self::Seconds => !SECONDS.contains(&(timestamp / 1000)),
            Self::Milliseconds => !SECONDS.contains(&timestamp),
        }
    }

    /// How old a timestamp is, in seconds: negative for one from the future.
    #[must_use]
    pub fn age(self, timestamp: u64, now: u64) -> i64 {
        let distance = |from: u64, to: u64| i64::try_from(to.saturating_sub(from)).unwrap_or(i64::MAX);
        let at = self.to_seconds(timestamp);
        if at <= now { distance(at, now) } else { -distance(now, at) }
    }

    const fn to_seconds(self, timestamp: u64) -> u64 {
        match self {
            Self::Seconds => timestamp,
            Self::Milliseconds => timestamp / 1000,
        }
    }
}

/// How old, and how far ahead, a request may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tolerance {
    /// No check at all.
    AnyAge,
    /// So many seconds in either direction, both ends included. Whole seconds are compared, whatever the unit, so that 0
    /// is this very second.
    Seconds(u64),
}

impl Tolerance {
    /// Checks a timestamp against the clock, which is in seconds, in both directions.
    ///
    /// # Errors
    ///
    /// [`FreshnessError`], with the distance in seconds.
    pub fn check(self, timestamp: u64, unit: TimestampUnit, now: u64) -> Result<(), FreshnessError> {
        let Self::Seconds(tolerance) = self else {
            return Ok(());
        };
        let at = unit.to_seconds(timestamp);
        let distance = at.abs_diff(now);
        if distance <= tolerance {
            Ok(())
        } else if at < now {
            Err(FreshnessError::Stale { age: distance, tolerance })
        } else {
            Err(FreshnessError::FromFuture { ahead: distance, tolerance })
        }
    }

    /// How many seconds from now the timestamp stays acceptable, the last one included; `None` for ever.
    #[must_use]
    pub fn seconds_left(self, timestamp: u64, unit: TimestampUnit, now: u64) -> Option<u64> {
        let Self::Seconds(tolerance) = self else {
            return None;
        };
        let end = unit.to_seconds(timestamp).saturating_add(tolerance);
        // One more, because the window includes its last second.
        Some(end.saturating_sub(now).saturating_add(1))
    }
}

/// How far a timestamp is outside the window. All is in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreshnessError {
    /// It is ahead of the clock by more than the tolerance.
    FromFuture {
        /// How far ahead.
        ahead: u64,
        /// What is allowed.
        tolerance: u64,
    },
    /// It is behind the clock by more than the tolerance.
    Stale {
        /// How far behind.
        age: u64,
        /// What is allowed.
        tolerance: u64,
    },
}

/// A timestamp that is not 1 to 19 digits, or does not fit into 63 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimestampError {
    /// Bytes from the start of the timestamp to the first one that is wrong.
    pub offset: usize,
}

/// Reads a timestamp: 1 to 19 digits that fit into 63 bits, so that PHP can hold it.
///
/// # Errors
///
/// [`TimestampError`] for anything else.
pub fn parse_timestamp(text: &[u8]) -> Result<u64, TimestampError> {
    check_timestamp(text)?;
    let number =
        text.iter().fold(0_u64, |sum, digit| sum.wrapping_mul(10).wrapping_add(u64::from(digit & 0x0f)));
    match i64::try_from(number) {
        Ok(_) => Ok(number),
        Err(_) => Err(TimestampError { offset: 0 }),
    }
}

/// Checks the form of a timestamp: 1 to 19 digits.
///
/// # Errors
///
/// [`TimestampError`] for anything else.
pub fn check_timestamp(text: &[u8]) -> Result<(), TimestampError> {
    let offset = match text.iter().position(|byte| !byte.is_ascii_digit()) {
        Some(offset) => offset,
        None if text.is_empty() => 0,
        None if text.len() > MAX_TIMESTAMP_LENGTH => MAX_TIMESTAMP_LENGTH,
        None => return Ok(()),
    };
    Err(TimestampError { offset })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    #[track_caller]
    fn check(timestamp: u64, unit: TimestampUnit) -> Result<(), FreshnessError> {
        Tolerance::Seconds(300).check(timestamp, unit, NOW)
    }

    #[test]
    fn the_time_in_the_other_unit_is_not_plausible() {
        use TimestampUnit::{Milliseconds, Seconds};
        for (number, seconds, milliseconds) in [
            (0, true, true),
            (999_999_999, true, true),
            (1_000_000_000, true, false),
            (1_800_000_000, true, false),
            (99_999_999_999, true, false),
            (100_000_000_000, true, true),
            (1_000_000_000_000, false, true),
            (1_800_000_000_000, false, true),
            (99_999_999_999_999, false, true),
            (100_000_000_000_000, true, true),
            (u64::MAX, true, true),
        ] {
            assert_eq!(Seconds.is_plausible(number), seconds, "{number}");
            assert_eq!(Milliseconds.is_plausible(number), milliseconds, "{number}");
        }
    }

    #[test]
    fn both_ends_of_the_window_are_inside() {
        use TimestampUnit::{Milliseconds, Seconds};
        assert_eq!(check(1_800_000_000 - 300, Seconds), Ok(()));
        assert_eq!(check(1_800_000_000 + 300, Seconds), Ok(()));
        assert_eq!(check(1_799_999_700_000, Milliseconds), Ok(()));
        assert_eq!(check(1_800_000_300_999, Milliseconds), Ok(()));
    }

    #[test]
    fn just_outside_is_outside_and_the_distance_is_told() {
        use TimestampUnit::{Milliseconds, Seconds};
        let stale = Err(FreshnessError::Stale { age: 301, tolerance: 300 });
        let future = Err(FreshnessError::FromFuture { ahead: 301, tolerance: 300 });
        assert_eq!(check(1_800_000_000 - 301, Seconds), stale);
        assert_eq!(check(1_800_000_000 + 301, Seconds), future);
        assert_eq!(check(1_799_999_699_999, Milliseconds), stale);
        assert_eq!(check(1_800_000_301_000, Milliseconds), future);
    }

    #[test]
    fn zero_is_this_very_second() {
        use TimestampUnit::{Milliseconds, Seconds};
        let exact = |timestamp, unit| Tolerance::Seconds(0).check(timestamp, unit, NOW).is_ok();
        assert!(exact(1_800_000_000, Seconds));
        assert!(!exact(1_800_000_001, Seconds) && !exact(1_799_999_999, Seconds));
        assert!(exact(1_800_000_000_000, Milliseconds) && exact(1_800_000_000_999, Milliseconds));
        assert!(!exact(1_799_999_999_999, Milliseconds) && !exact(1_800_000_001_000, Milliseconds));
    }

    #[test]
    fn the_extremes_do_not_overflow() {
        for timestamp in [0, u64::MAX] {
            for unit in TimestampUnit::ALL {
                for now in [0, u64::MAX] {
                    for tolerance in [0, 300, u64::MAX] {
                        let tolerance = Tolerance::Seconds(tolerance);
                        let _ = tolerance.check(timestamp, unit, now);
                        let _ = tolerance.seconds_left(timestamp, unit, now);
                    }
                    assert_eq!(Tolerance::AnyAge.check(timestamp, unit, now), Ok(()));
                }
            }
        }
        assert!(check(u64::MAX, TimestampUnit::Seconds).is_err());
        assert!(check(0, TimestampUnit::Milliseconds).is_err());
    }

    #[test]
    fn a_claim_outlives_the_window_from_either_side_of_the_clock() {
        let left = |timestamp| Tolerance::Seconds(300).seconds_left(timestamp, TimestampUnit::Seconds, NOW);
        assert_eq!(left(1_800_000_000), Some(301));
        assert_eq!(left(1_800_000_000 - 300), Some(1));
        assert_eq!(left(1_800_000_000 + 300), Some(601));
        assert_eq!(Tolerance::AnyAge.seconds_left(1, TimestampUnit::Seconds, NOW), None);
    }

    #[test]
    fn timestamps_are_digits_that_fit_into_63_bits() {
        assert_eq!(parse_timestamp(b"0"), Ok(0));
        assert_eq!(parse_timestamp(b"0001563105451261"), Ok(1_563_105_451_261));
        assert_eq!(parse_timestamp(b"9223372036854775807"), Ok(i64::MAX as u64));
        for (text, offset) in [
            (&b""[..], 0),
            (b"+1", 0),
            (b"-1", 0),
            (b"1 ", 1),
            (b"12.5", 2),
            (b"1e9", 1),
            (b"0x10", 1),
            (b"\xd9\xa1", 0),
            (b"9223372036854775808", 0),
            (b"99999999999999999999", 19),
        ] {
            assert_eq!(parse_timestamp(text), Err(TimestampError { offset }), "{text:?}");
        }
    }
}
