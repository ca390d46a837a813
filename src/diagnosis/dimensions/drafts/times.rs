//! Another timestamp in the string to sign than in the header, or the same one written otherwise.

use crate::diagnosis::alternative::Commonness::{self, Common, Rare};
use crate::diagnosis::alternative::{Alternatives, add_as};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::dimensions::time;
use crate::diagnosis::draft::{Draft, Parts};
use crate::diagnosis::fault::Fault;
use crate::diagnosis::transit::replace as replace_bytes;
use crate::template::{Field, Piece, RareValues};
use crate::timestamp::{Timestamp, TimestampFormat};

/// The clock read twice, one unit in the header and the other in the string to sign, or another format.
pub(super) fn alternatives(own: &Draft, parts: &Parts<'_>, list: &mut Alternatives<Draft>) {
    if !own.has(Field::Timestamp) {
        return;
    }
    let parse = |format| Timestamp::new(format).parse(parts.timestamp).ok();
    let text = [TimestampFormat::Rfc3339, TimestampFormat::Iso8601Basic].into_iter().find_map(parse);
    let Some(sent) = text.or_else(|| parse(TimestampFormat::Seconds)) else { return };
    let mut put = |text: String, how: &str, commonness| {
        if text.as_bytes() == parts.timestamp {
            return;
        }
        let literal = Piece::Literal(text.clone().into());
        let replace = |piece: &Piece| match piece {
            Piece::Field(Field::Timestamp) => literal.clone(),
            piece => piece.clone(),
        };
        let draft = own.of(own.pieces.iter().map(replace).collect());
        let fault = Fault::with(Cause::TimestampDiffers, format!("{text}{how}"));
        if let Some(rare) = own.rare.as_deref().filter(|rare| !rare.canonical_headers.is_empty()) {
            // In the lines of the headers too, where it is one of them.
            let line = |time: &[u8]| [&b":"[..], time, b"\n"].concat();
            let lines =
                replace_bytes(&rare.canonical_headers, &line(parts.timestamp), &line(text.as_bytes()));
            let rare = RareValues { canonical_headers: lines, ..rare.clone() };
            add_as(commonness, list, Draft { rare: Some(rare.into()), ..draft.clone() }, vec![fault.clone()]);
        }
        add_as(commonness, list, draft, vec![fault]);
    };
    if text.is_some() {
        return dates(parts.timestamp, sent, &mut put);
    }
    let milliseconds = time::counts_milliseconds(sent);
    let near: &[u64] = if milliseconds { &[1, 2, 1000, 2000] } else { &[1, 2] };
    for distance in near {
        for number in [sent.checked_sub(*distance), sent.checked_add(*distance)].into_iter().flatten() {
            put(number.to_string(), "", Common);
        }
    }
    let seconds = if milliseconds { sent / 1000 } else { sent };
    if milliseconds {
        put((sent / 1000 * 1000).to_string(), ", without the milliseconds", Common);
        put(seconds.to_string(), ", in seconds", Common);
        put(format!("{seconds}.{:03}", sent % 1000), ", in seconds with a fraction", Rare);
    } else if let Some(number) = sent.checked_mul(1000) {
        put(number.to_string(), ", in milliseconds", Common);
    }
    if let Some(number) = seconds.checked_mul(1_000_000) {
        put(number.to_string(), ", in microseconds", Rare);
    }
    put(format!("{sent}.0"), ", a float as Python and JavaScript's parsers write it", Common);
    put(format!("{seconds}.0"), ", a float as Python writes it", Rare);
    put(format!("\"{sent}\""), ", with quotation marks", Rare);
    // The date of a number that is none may have any length.
    if seconds > LATEST {
        return;
    }
    let date = Date::of(seconds);
    for text in date.texts() {
        put(text, ", a date in place of the number", Rare);
    }
    if milliseconds {
        put(date.with_milliseconds(sent % 1000), ", a date in place of the number", Rare);
    }
}

/// What a date may have been written as: in other formats, as a number, by another clock, or by one that does not go by UTC.
fn dates(given: &[u8], sent: u64, put: &mut impl FnMut(String, &str, Commonness)) {
    put(sent.to_string(), ", in seconds", Common);
    put(sent.saturating_mul(1000).to_string(), ", in milliseconds", Common);
    let texts = |seconds: Option<u64>| {
        let seconds = seconds.filter(|seconds| *seconds <= LATEST);
        seconds.map(|seconds| Date::of(seconds).texts()).into_iter().flatten()
    };
    for text in texts(Some(sent)) {
        put(text, ", in another format", Common);
    }
    // By another clock, in the format that was sent.
    let Some(own) = texts(Some(sent)).position(|text| text.as_bytes() == given) else { return };
    let zones = (1..=FARTHEST_ZONE).map(|hours| 3600 * hours).chain([19_800]);
    let zones = zones.map(|distance| (distance, ", which may come from a time zone"));
    for (distance, how) in [1, 2, 3, 5, 10, 30, 60].map(|distance| (distance, "")).into_iter().chain(zones) {
        for seconds in [sent.checked_sub(distance), sent.checked_add(distance)] {
            texts(seconds).skip(own).take(1).for_each(|text| put(text, how, Rare));
        }
    }
}

/// Most hours that a zone is away from UTC; India is five and a half.
const FARTHEST_ZONE: u64 = 14;

/// The end of the year 9999.
const LATEST: u64 = 253_402_300_799;

/// A date and a time of day, in UTC.
struct Date {
    year: u64,
    month: u64,
    day: u64,
    weekday: usize,
    hour: u64,
    minute: u64,
    second: u64,
}

impl Date {
    fn of(seconds: u64) -> Self {
        let (days, rest) = (seconds / 86_400, seconds % 86_400);
        // Years begin in March here, so that a leap day is the last of its year: 719,468 days before 1970.
        let since = days + 719_468;
        let (era, day_of_era) = (since / 146_097, since % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        Self {
            year: 400 * era + year_of_era + carry,
            month,
            day,
            weekday: usize::try_from((days + 4) % 7).unwrap_or_default(),
            hour: rest / 3600,
            minute: rest % 3600 / 60,
            second: rest % 60,
        }
    }

    fn texts(&self) -> [String; 7] {
        const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let Self { year, month, day, weekday, hour, minute, second } = self;
        let date = format!("{year:04}-{month:02}-{day:02}");
        let time = format!("{hour:02}:{minute:02}:{second:02}");
        let index = usize::try_from(*month).unwrap_or_default().wrapping_sub(1);
        let month_name = MONTHS.get(index).copied().unwrap_or_default();
        let weekday = DAYS.get(*weekday).copied().unwrap_or_default();
        [
            format!("{date}T{time}Z"),
            format!("{date}T{time}.000Z"),
            format!("{date}T{time}+00:00"),
            format!("{date}T{time}"),
            format!("{date} {time}"),
            format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z"),
            format!("{weekday}, {day:02} {month_name} {year:04} {time} GMT"),
        ]
    }

    fn with_milliseconds(&self, milliseconds: u64) -> String {
        let Self { year, month, day, hour, minute, second, .. } = self;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milliseconds:03}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (seconds, text) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_800_000_000, "Fri, 15 Jan 2027 08:00:00 GMT"),
            (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (LATEST, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            assert_eq!(Date::of(seconds).texts()[6], text);
        }
        assert_eq!(Date::of(1_800_000_000).texts()[0], "2027-01-15T08:00:00Z");
        assert_eq!(Date::of(1_800_000_000).texts()[5], "20270115T080000Z");
    }
}
