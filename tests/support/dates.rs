//! A second implementation of the two formats of a date, the slow way: by a calendar that is walked from 1970.

use hw_signature::timestamp::TimestampFormat;

/// Unix time in seconds of a text, if it is one of the format.
pub fn date_again(format: TimestampFormat, text: &[u8]) -> Option<u64> {
    let text = core::str::from_utf8(text).ok().filter(|text| text.is_ascii())?;
    let plain = match format {
        TimestampFormat::Rfc3339 => without_marks(text)?,
        _ => (text.strip_suffix('Z')?.replacen('T', "", 1), text.find('T') == Some(8), 0),
    };
    let (digits, in_place, offset) = plain;
    if !in_place || digits.len() != 14 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| digits[from..to].parse::<i64>().unwrap();
    let (hour, minute, second) = (number(8, 10), number(10, 12), number(12, 14));
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let day = day_number(number(0, 4), number(4, 6), number(6, 8))?;
    u64::try_from(((day * 24 + hour) * 60 + minute - offset) * 60 + second).ok()
}

/// The fourteen digits of RFC 3339, whether all marks stand where they should, and the offset in minutes.
fn without_marks(text: &str) -> Option<(String, bool, i64)> {
    let (date, rest) = text.split_at_checked(19)?;
    let marks = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")];
    let in_place = marks.iter().all(|(at, mark)| date.get(*at..at + 1) == Some(mark));
    let digits: String = date.split(['-', 'T', ':']).collect();
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|letter: char| letter.is_ascii_digit());
            (1..=9).contains(&(fraction.len() - zone.len())).then_some(zone)?
        }
        None => rest,
    };
    if zone == "Z" {
        return Some((digits, in_place, 0));
    }
    let (sign, hours, minutes) = match zone.as_bytes() {
        [sign @ (b'+' | b'-'), a, b, b':', c, d] => (sign, [*a, *b], [*c, *d]),
        _ => return None,
    };
    let number = |text: [u8; 2]| {
        text.iter().all(u8::is_ascii_digit).then(|| String::from_utf8_lossy(&text).parse::<i64>().unwrap())
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let offset = (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)?;
    Some((digits, in_place, if *sign == b'+' { offset } else { -offset }))
}

/// Days since 1970, if there is such a day.
fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    let length = |year: i64, month: i64| match month {
        2 if year % 400 == 0 || year % 4 == 0 && year % 100 != 0 => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if !(1970..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || !(1..=length(year, month)).contains(&day)
    {
        return None;
    }
    let mut days = day - 1;
    let (mut y, mut m) = (1970, 1);
    while (y, m) != (year, month) {
        days += length(y, m);
        (y, m) = if m == 12 { (y + 1, 1) } else { (y, m + 1) };
    }
    Some(days)
}
