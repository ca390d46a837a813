//! The time window around a timestamp. There is no clock here: "now" is an argument.

use crate::timestamp::TimestampFormat;

/// Longest tolerance, in seconds: seven days. What a claim adds to it stays below the thirty days from which on some stores
/// read a life as a date.
pub const MAX_TOLERANCE: u64 = 7 * 86_400;

/// How old, and how far ahead, a request may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tolerance {
    /// No check at all.
    AnyAge,
    /// So many seconds in either direction, both ends included. Whole seconds are compared, whatever the format, so that 0
    /// is this very second.
    Seconds(u64),
}

impl Tolerance {
    /// Checks a timestamp against the clock, which is in seconds, in both directions.
    ///
    /// # Errors
    ///
    /// [`FreshnessError`], with the distance in seconds.
    pub fn check(self, timestamp: u64, format: TimestampFormat, now: u64) -> Result<(), FreshnessError> {
        let Self::Seconds(tolerance) = self else {
            return Ok(());
        };
        let at = format.to_seconds(timestamp);
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
    pub fn seconds_left(self, timestamp: u64, format: TimestampFormat, now: u64) -> Option<u64> {
        let Self::Seconds(tolerance) = self else {
            return None;
        };
        let end = format.to_seconds(timestamp).saturating_add(tolerance);
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

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    #[track_caller]
    fn check(timestamp: u64, format: TimestampFormat) -> Result<(), FreshnessError> {
        Tolerance::Seconds(300).check(timestamp, format, NOW)
    }

    #[test]
    fn both_ends_of_the_window_are_inside() {
        use TimestampFormat::{Milliseconds, Seconds};
        assert_eq!(check(1_800_000_000 - 300, Seconds), Ok(()));
        assert_eq!(check(1_800_000_000 + 300, Seconds), Ok(()));
        assert_eq!(check(1_799_999_700_000, Milliseconds), Ok(()));
        assert_eq!(check(1_800_000_300_999, Milliseconds), Ok(()));
    }

    #[test]
    fn just_outside_is_outside_and_the_distance_is_told() {
        use TimestampFormat::{Milliseconds, Seconds};
        let stale = Err(FreshnessError::Stale { age: 301, tolerance: 300 });
        let future = Err(FreshnessError::FromFuture { ahead: 301, tolerance: 300 });
        assert_eq!(check(1_800_000_000 - 301, Seconds), stale);
        assert_eq!(check(1_800_000_000 + 301, Seconds), future);
        assert_eq!(check(1_799_999_699_999, Milliseconds), stale);
        assert_eq!(check(1_800_000_301_000, Milliseconds), future);
    }

    #[test]
    fn zero_is_this_very_second() {
        use TimestampFormat::{Milliseconds, Seconds};
        let exact = |timestamp, format| Tolerance::Seconds(0).check(timestamp, format, NOW).is_ok();
        assert!(exact(1_800_000_000, Seconds));
        assert!(!exact(1_800_000_001, Seconds) && !exact(1_799_999_999, Seconds));
        assert!(exact(1_800_000_000_000, Milliseconds) && exact(1_800_000_000_999, Milliseconds));
        assert!(!exact(1_799_999_999_999, Milliseconds) && !exact(1_800_000_001_000, Milliseconds));
    }

    #[test]
    fn the_extremes_do_not_overflow() {
        for timestamp in [0, u64::MAX] {
            for unit in TimestampFormat::ALL {
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
        assert!(check(u64::MAX, TimestampFormat::Seconds).is_err());
        assert!(check(0, TimestampFormat::Milliseconds).is_err());
    }

    #[test]
    fn a_claim_outlives_the_window_from_either_side_of_the_clock() {
        let left = |timestamp| Tolerance::Seconds(300).seconds_left(timestamp, TimestampFormat::Seconds, NOW);
        assert_eq!(left(1_800_000_000), Some(301));
        assert_eq!(left(1_800_000_000 - 300), Some(1));
        assert_eq!(left(1_800_000_000 + 300), Some(601));
        assert_eq!(Tolerance::AnyAge.seconds_left(1, TimestampFormat::Seconds, NOW), None);
    }
}
