//! The grammar of a timestamp: digits, or one of two texts with a date; read, written, and its shape.

use core::fmt;
use core::ops::Range;

use crate::shape::{ByteSet, Closed, Shape};

/// Most digits that a timestamp may have.
pub const MAX_TIMESTAMP_LENGTH: usize = 19;
/// Most digits of a fraction of a second.
const MAX_FRACTION_LENGTH: usize = 9;

/// Unix time in seconds from 2001 to 5138: ten and eleven digits.
pub(crate) const SECONDS: Range<u64> = 1_000_000_000..100_000_000_000;
/// The last second of the year 9999, which is the last that four digits of a year can say.
const LAST_SECOND: u64 = 253_402_300_799;

const DAY: u64 = 86_400;

/// How a timestamp is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampFormat {
    /// Unix time in seconds, as digits.
    Seconds,
    /// Unix time in milliseconds, as digits.
    Milliseconds,
    /// A date and a time as RFC 3339 has them: `2026-01-31T23:59:59Z`, with a fraction of a second and an offset or
    /// without.
    Rfc3339,
    /// The basic format of ISO 8601, in UTC: `20260131T235959Z`.
    Iso8601Basic,
}

impl TimestampFormat {
    /// All of them, in the order PHP lists them.
    pub const ALL: [Self; 4] = [Self::Seconds, Self::Milliseconds, Self::Rfc3339, Self::Iso8601Basic];

    /// The name used in PHP and in documentation.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Rfc3339 => "rfc3339",
            Self::Iso8601Basic => "iso8601-basic",
        }
    }

    /// What a clock reading in milliseconds is as a number: in seconds for the two texts.
    #[must_use]
    pub const fn from_milliseconds(self, milliseconds: u64) -> u64 {
        match self {
            Self::Milliseconds => milliseconds,
            _ => milliseconds / 1000,
        }
    }

    /// The number of a timestamp in whole seconds.
    #[must_use]
    pub const fn to_seconds(self, number: u64) -> u64 {
        match self {
            Self::Milliseconds => number / 1000,
            _ => number,
        }
    }

    /// How old a timestamp is, in seconds: negative for one from the future.
    #[must_use]
    pub fn age(self, number: u64, now: u64) -> i64 {
        let distance = |from: u64, to: u64| i64::try_from(to.saturating_sub(from)).unwrap_or(i64::MAX);
        let at = self.to_seconds(number);
        if at <= now { distance(at, now) } else { -distance(now, at) }
    }

    /// Whether a number can be meant so: false for what is Unix time in the other unit, from 2001 to 5138. In this one
    /// that would be in 1970, or beyond the year 30000. Small numbers, as tests have them, are plausible.
    #[must_use]
    pub fn is_plausible(self, number: u64) -> bool {
        match self {
            Self::Milliseconds => !SECONDS.contains(&number),
            _ => !SECONDS.contains(&(number / 1000)),
        }
    }

    /// How many digits Unix time has from 2001 to 2286; `None` for the two texts.
    const fn usual_digits(self) -> Option<usize> {
        match self {
            Self::Seconds => Some(10),
            Self::Milliseconds => Some(13),
            Self::Rfc3339 | Self::Iso8601Basic => None,
        }
    }
}

/// What texts a timestamp may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp {
    format: TimestampFormat,
    digits: Option<usize>,
}

impl Timestamp {
    /// Any text of the format: 1 to 19 digits, or a date.
    #[must_use]
    pub const fn new(format: TimestampFormat) -> Self {
        Self { format, digits: None }
    }

    /// The same with exactly as many digits as Unix time has today, 10 or 13: a number of that many digits shows where
    /// it ends. `None` where the format is no number.
    #[must_use]
    pub fn with_fixed_digits(self) -> Option<Self> {
        self.format.usual_digits().map(|digits| Self { digits: Some(digits), ..self })
    }

    /// How it is written.
    #[must_use]
    pub const fn format(self) -> TimestampFormat {
        self.format
    }

    /// How many digits it has, if that is fixed: 10 or 13.
    #[must_use]
    pub const fn digits(self) -> Option<usize> {
        self.digits
    }

    /// Reads a timestamp: Unix time in milliseconds for that format, in seconds for the others. A fraction of a second
    /// is left out. What is read fits into 63 bits, so that PHP can hold it.
    ///
    /// # Errors
    ///
    /// [`TimestampError`] for any other text.
    #[inline]
    pub fn parse(self, text: &[u8]) -> Result<u64, TimestampError> {
        let number = match self.format {
            TimestampFormat::Seconds | TimestampFormat::Milliseconds => {
                let wrong = self.digits.filter(|digits| text.len() != *digits);
                match wrong {
                    None => parse_digits(text),
                    Some(digits) => Err(parse_digits(text).err().unwrap_or(text.len().min(digits))),
                }
            }
            TimestampFormat::Rfc3339 => parse_rfc3339(text),
            TimestampFormat::Iso8601Basic => parse_iso8601_basic(text),
        };
        number.map_err(|offset| TimestampError { offset })
    }

    /// Writes a number, which is in the unit that [`Self::parse`] gives. `None` for one that this grammar has no text
    /// for: with another number of digits, or beyond the year 9999.
    #[must_use]
    pub fn write(self, number: u64) -> Option<String> {
        let date = || (number <= LAST_SECOND).then(|| Date::of(number));
        match self.format {
            TimestampFormat::Seconds | TimestampFormat::Milliseconds => {
                let text = number.to_string();
                self.digits.is_none_or(|digits| text.len() == digits).then_some(text)
            }
            TimestampFormat::Rfc3339 => date().map(|date| {
                let Date { year, month, day, hour, minute, second } = date;
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
            }),
            TimestampFormat::Iso8601Basic => date().map(|date| {
                let Date { year, month, day, hour, minute, second } = date;
                format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
            }),
        }
    }

    pub(crate) fn shape(self) -> Shape {
        let digits = |count| vec![ByteSet::DIGITS; count];
        let one = |byte| vec![ByteSet::EMPTY.with(&[byte])];
        let sign = vec![ByteSet::EMPTY.with(b"+-")];
        match (self.format, self.digits) {
            (TimestampFormat::Seconds | TimestampFormat::Milliseconds, None) => {
                Shape::Run { set: ByteSet::DIGITS, min: 1 }
            }
            (TimestampFormat::Seconds | TimestampFormat::Milliseconds, Some(count)) => {
                Shape::Fixed(digits(count))
            }
            (TimestampFormat::Rfc3339, _) => Shape::Closed(Closed {
                start: [
                    digits(4),
                    one(b'-'),
                    digits(2),
                    one(b'-'),
                    digits(2),
                    one(b'T'),
                    digits(2),
                    one(b':'),
                    digits(2),
                    one(b':'),
                    digits(2),
                ]
                .concat(),
                option: (b'.', ByteSet::DIGITS),
                ends: vec![one(b'Z'), [sign, digits(2), one(b':'), digits(2)].concat()],
            }),
            (TimestampFormat::Iso8601Basic, _) => {
                Shape::Fixed([digits(8), one(b'T'), digits(6), one(b'Z')].concat())
            }
        }
    }
}

/// What a text must be, to be read.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.format, self.digits) {
            (TimestampFormat::Rfc3339, _) => {
                f.write_str("a date and time of RFC 3339 from 1970 to 9999, such as 2026-01-31T23:59:59Z")
            }
            (TimestampFormat::Iso8601Basic, _) => {
                f.write_str("a date and time in UTC from 1970 to 9999, such as 20260131T235959Z")
            }
            (_, Some(digits)) => write!(f, "exactly {digits} digits"),
            (_, None) => f.write_str("1 to 19 digits, and at most 9223372036854775807"),
        }
    }
}

/// A text that is no timestamp of its grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimestampError {
    /// Bytes from the start of the timestamp to the first one that is wrong, or to the number that is.
    pub offset: usize,
}

/// Checks that a text is 1 to 19 digits.
///
/// # Errors
///
/// [`TimestampError`] for any other text.
pub fn check_timestamp(text: &[u8]) -> Result<(), TimestampError> {
    check_digits(text).map_err(|offset| TimestampError { offset })
}

fn check_digits(text: &[u8]) -> Result<(), usize> {
    match text.iter().position(|byte| !byte.is_ascii_digit()) {
        Some(offset) => Err(offset),
        None if text.is_empty() => Err(0),
        None if text.len() > MAX_TIMESTAMP_LENGTH => Err(MAX_TIMESTAMP_LENGTH),
        None => Ok(()),
    }
}

fn parse_digits(text: &[u8]) -> Result<u64, usize> {
    check_digits(text)?;
    let number = number(text);
    if i64::try_from(number).is_ok() { Ok(number) } else { Err(0) }
}

fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |sum, digit| sum.wrapping_mul(10).wrapping_add(u64::from(digit & 0x0f)))
}

fn parse_rfc3339(text: &[u8]) -> Result<u64, usize> {
    let mut reader = Reader { text, at: 0 };
    let year = reader.year()?;
    reader.literal(b'-')?;
    let month = reader.month()?;
    reader.literal(b'-')?;
    let day = reader.day(year, month)?;
    reader.literal(b'T')?;
    let hour = reader.below(24)?;
    reader.literal(b':')?;
    let minute = reader.below(60)?;
    reader.literal(b':')?;
    let second = reader.below(60)?;
    if reader.peek() == Some(b'.') {
        reader.at += 1;
        reader.fraction()?;
    }
    let local = Date { year, month, day, hour, minute, second }.seconds();
    let sign = reader.peek();
    let seconds = match sign {
        Some(b'+' | b'-') => {
            reader.at += 1;
            let hours = reader.below(24)?;
            reader.literal(b':')?;
            let offset = hours * 3600 + reader.below(60)? * 60;
            // East of Greenwich, it is earlier there.
            let utc = if sign == Some(b'+') { local.checked_sub(offset) } else { local.checked_add(offset) };
            utc.ok_or(0_usize)?
        }
        _ => {
            reader.literal(b'Z')?;
            local
        }
    };
    reader.end().map(|()| seconds)
}

fn parse_iso8601_basic(text: &[u8]) -> Result<u64, usize> {
    let mut reader = Reader { text, at: 0 };
    let year = reader.year()?;
    let month = reader.month()?;
    let day = reader.day(year, month)?;
    reader.literal(b'T')?;
    let (hour, minute, second) = (reader.below(24)?, reader.below(60)?, reader.below(60)?);
    reader.literal(b'Z')?;
    reader.end()?;
    Ok(Date { year, month, day, hour, minute, second }.seconds())
}

/// Reads a text from the left. Every error is the offset of what is wrong: a byte, or the start of a number.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn literal(&mut self, byte: u8) -> Result<(), usize> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.at)
        }
    }

    fn digits(&mut self, count: usize, allowed: Range<u64>) -> Result<u64, usize> {
        let start = self.at;
        while self.at < start + count {
            if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.at);
            }
            self.at += 1;
        }
        let number = number(self.text.get(start..self.at).unwrap_or_default());
        if allowed.contains(&number) { Ok(number) } else { Err(start) }
    }

    fn year(&mut self) -> Result<u64, usize> {
        self.digits(4, 1970..10_000)
    }

    fn month(&mut self) -> Result<u64, usize> {
        self.digits(2, 1..13)
    }

    fn day(&mut self, year: u64, month: u64) -> Result<u64, usize> {
        self.digits(2, 1..days_in(year, month) + 1)
    }

    fn below(&mut self, end: u64) -> Result<u64, usize> {
        self.digits(2, 0..end)
    }

    fn fraction(&mut self) -> Result<(), usize> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) && self.at < start + MAX_FRACTION_LENGTH {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(start) }
    }

    fn end(&self) -> Result<(), usize> {
        if self.at == self.text.len() { Ok(()) } else { Err(self.at) }
    }
}

/// A date and a time in the proleptic Gregorian calendar, from 1970 on.
#[derive(Clone, Copy)]
struct Date {
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
}

impl Date {
    fn of(seconds: u64) -> Self {
        let (mut days, second) = (seconds / DAY, seconds % DAY);
        let mut year = 1970 + days / 366;
        // Two years too low for each thousand, since leap years are rarer than that.
        while days_before(year + 1) <= days {
            year += 1;
        }
        days -= days_before(year);
        let mut month = 1;
        while days >= days_in(year, month) {
            days -= days_in(year, month);
            month += 1;
        }
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        Self { year, month, day: days + 1, hour, minute, second }
    }

    fn seconds(self) -> u64 {
        let months: u64 = (1..self.month).map(|month| days_in(self.year, month)).sum();
        let days = days_before(self.year) + months + self.day - 1;
        days * DAY + self.hour * 3600 + self.minute * 60 + self.second
    }
}

/// Days from 1970 to the first of the year.
fn days_before(year: u64) -> u64 {
    let leap_days = |year: u64| year / 4 - year / 100 + year / 400;
    (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969)
}

const fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_in(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TimestampFormat::{Iso8601Basic, Milliseconds, Rfc3339, Seconds};

    #[track_caller]
    fn parse(format: TimestampFormat, text: &str) -> Result<u64, usize> {
        Timestamp::new(format).parse(text.as_bytes()).map_err(|error| error.offset)
    }

    #[test]
    fn the_time_in_the_other_unit_is_not_plausible() {
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
            for format in [Seconds, Rfc3339, Iso8601Basic] {
                assert_eq!(format.is_plausible(number), seconds, "{number}");
            }
            assert_eq!(Milliseconds.is_plausible(number), milliseconds, "{number}");
        }
    }

    #[test]
    fn digits_that_fit_into_63_bits() {
        for format in [Seconds, Milliseconds] {
            assert_eq!(parse(format, "0"), Ok(0));
            assert_eq!(parse(format, "0001563105451261"), Ok(1_563_105_451_261));
            assert_eq!(parse(format, "9223372036854775807"), Ok(i64::MAX as u64));
            for (text, offset) in [
                ("", 0),
                ("+1", 0),
                ("-1", 0),
                ("1 ", 1),
                ("12.5", 2),
                ("1e9", 1),
                ("0x10", 1),
                ("\u{661}", 0),
                ("9223372036854775808", 0),
                ("99999999999999999999", 19),
            ] {
                assert_eq!(parse(format, text), Err(offset), "{text:?}");
            }
        }
    }

    #[test]
    fn a_fixed_number_of_digits_is_that_of_unix_time_today() {
        for (format, digits, text) in [(Seconds, 10, "1800000000"), (Milliseconds, 13, "1800000000000")] {
            let fixed = Timestamp::new(format).with_fixed_digits().unwrap();
            assert_eq!(fixed.digits(), Some(digits));
            let number = text.parse().unwrap();
            let wrong = |offset| Err(TimestampError { offset });
            assert_eq!(fixed.parse(text.as_bytes()), Ok(number));
            assert_eq!(fixed.write(number), Some(text.to_owned()));
            assert_eq!(fixed.parse(&text.as_bytes()[1..]), wrong(digits - 1));
            assert_eq!(fixed.parse(format!("0{text}").as_bytes()), wrong(digits));
            assert_eq!(fixed.parse(b""), wrong(0));
            assert_eq!(fixed.parse(b"1x"), wrong(1));
            assert_eq!((fixed.write(number / 10), fixed.write(number * 10)), (None, None));
        }
        assert_eq!(Timestamp::new(Rfc3339).with_fixed_digits(), None);
    }

    #[test]
    fn a_date_of_rfc_3339_is_read_in_every_spelling_that_it_has() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2019-11-15T03:36:55Z", 1_573_789_015),
            ("2019-11-15T03:36:55.9Z", 1_573_789_015),
            ("2019-11-15T03:36:55.999999999Z", 1_573_789_015),
            ("2019-11-15T04:36:55+01:00", 1_573_789_015),
            ("2019-11-14T23:36:55-04:00", 1_573_789_015),
            ("2019-11-15T09:21:55.123+05:45", 1_573_789_015),
            ("2019-11-15T03:36:55-00:00", 1_573_789_015),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("9999-12-31T23:59:59Z", LAST_SECOND),
        ] {
            assert_eq!(parse(Rfc3339, text), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_of_rfc_3339_is_located() {
        for (text, offset) in [
            ("", 0),
            ("1573789015", 0),
            ("2573789015", 4),
            ("1969-12-31T23:59:59Z", 0),
            ("1970-01-01T00:00:00+00:01", 0),
            ("10000-01-01T00:00:00Z", 0),
            ("20190-01-01T00:00:00Z", 4),
            ("2019-13-15T03:36:55Z", 5),
            ("2019-00-15T03:36:55Z", 5),
            ("2019-02-29T03:36:55Z", 8),
            ("1900-02-29T03:36:55Z", 0),
            ("2100-02-29T03:36:55Z", 8),
            ("2019-04-31T03:36:55Z", 8),
            ("2019-11-00T03:36:55Z", 8),
            ("2019-11-15t03:36:55Z", 10),
            ("2019-11-15 03:36:55Z", 10),
            ("2019-11-15T24:00:00Z", 11),
            ("2019-11-15T03:60:55Z", 14),
            // No leap second: a clock that counts Unix time has none.
            ("2016-12-31T23:59:60Z", 17),
            ("2019-11-15T03:36:55.Z", 20),
            ("2019-11-15T03:36:55.1234567890Z", 29),
            ("2019-11-15T03:36:55,5Z", 19),
            ("2019-11-15T03:36:55z", 19),
            ("2019-11-15T03:36:55", 19),
            ("2019-11-15T03:36:55+24:00", 20),
            ("2019-11-15T03:36:55+01:60", 23),
            ("2019-11-15T03:36:55+0100", 22),
            ("2019-11-15T03:36:55+01", 22),
            ("2019-11-15T03:36:55ZZ", 20),
            ("2019-11-15T03:36Z", 16),
            ("20191115T033655Z", 4),
            ("+019-11-15T03:36:55Z", 0),
            (" 2019-11-15T03:36:55Z", 0),
        ] {
            assert_eq!(parse(Rfc3339, text), Err(offset), "{text}");
        }
    }

    #[test]
    fn the_basic_format_has_one_spelling() {
        assert_eq!(parse(Iso8601Basic, "20191115T033655Z"), Ok(1_573_789_015));
        assert_eq!(parse(Iso8601Basic, "19700101T000000Z"), Ok(0));
        for (text, offset) in [
            ("2019-11-15T03:36:55Z", 4),
            ("20191115T033655", 15),
            ("20191115T033655z", 15),
            ("20191115T033655.1Z", 15),
            ("20191115T033655+0000", 15),
            ("20191115T033660Z", 13),
            ("20190229T033655Z", 6),
            ("20191115033655Z", 8),
            ("20191115T033655ZZ", 16),
            ("19691231T235959Z", 0),
        ] {
            assert_eq!(parse(Iso8601Basic, text), Err(offset), "{text}");
        }
    }

    #[test]
    fn both_texts_are_written_in_utc_and_only_for_four_digits_of_a_year() {
        for (number, rfc3339, basic) in [
            (0, "1970-01-01T00:00:00Z", "19700101T000000Z"),
            (951_782_400, "2000-02-29T00:00:00Z", "20000229T000000Z"),
            (1_573_789_015, "2019-11-15T03:36:55Z", "20191115T033655Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z", "21000228T235959Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z", "21000301T000000Z"),
            (LAST_SECOND, "9999-12-31T23:59:59Z", "99991231T235959Z"),
        ] {
            assert_eq!(Timestamp::new(Rfc3339).write(number).as_deref(), Some(rfc3339));
            assert_eq!(Timestamp::new(Iso8601Basic).write(number).as_deref(), Some(basic));
        }
        for format in [Rfc3339, Iso8601Basic] {
            assert_eq!(Timestamp::new(format).write(LAST_SECOND + 1), None);
            assert_eq!(Timestamp::new(format).write(u64::MAX), None);
        }
    }

    #[test]
    fn every_thirteenth_day_until_9999_comes_back() {
        for day in (0..=LAST_SECOND / DAY).step_by(13) {
            let seconds = day * DAY + day % DAY;
            for format in [Rfc3339, Iso8601Basic] {
                let grammar = Timestamp::new(format);
                let text = grammar.write(seconds).unwrap();
                assert_eq!(grammar.parse(text.as_bytes()), Ok(seconds), "{text}");
            }
        }
    }
}
