//! Numbers as various programs write them.

use std::io::Write as _;

use serde_json::Number;

/// Whose numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diagnosis) enum Numbers {
    /// As they were read.
    Kept,
    /// PHP's: a whole float loses its fraction, and what is too large for an integer becomes a float.
    Php,
    /// PHP's where `serialize_precision` is 17.
    PhpPrecise,
    /// PHP's with `JSON_PRESERVE_ZERO_FRACTION`.
    PhpFraction,
    /// JavaScript's: all are floats.
    JavaScript,
    /// Java's `double`: always a fraction, and scientific notation from ten millions on.
    Java,
}

/// Above, JavaScript's integers are not exact.
const MAX_SAFE: f64 = 9_007_199_254_740_992.0;

/// Floats that nobody but Java writes with an exponent.
const PLAIN: core::ops::Range<f64> = 1e-4..1e15;

impl Numbers {
    pub(super) const ALL: [Self; 6] =
        [Self::Kept, Self::Php, Self::PhpPrecise, Self::PhpFraction, Self::JavaScript, Self::Java];

    /// As [`Self::write`], and behind a text.
    pub(super) fn write_to(self, number: &Number, text: &mut Vec<u8>) {
        let whole = |mut number: u64, text: &mut Vec<u8>| {
            let mut digits = [0; 20];
            let mut start = digits.len();
            for digit in digits.iter_mut().rev() {
                *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
                start -= 1;
                number /= 10;
                if number == 0 {
                    break;
                }
            }
            text.extend_from_slice(digits.get(start..).unwrap_or_default());
        };
        match number.as_u64() {
            // No program writes a small one otherwise, but Java, which takes it for a double.
            Some(small) if self != Self::Java && small < 1 << 53 => whole(small, text),
            _ => match number.as_f64().filter(|float| number.is_f64() && PLAIN.contains(&float.abs())) {
                // Writing to a Vec cannot fail.
                Some(float) if self.writes_plainly(float) => write!(text, "{float}").unwrap_or_default(),
                _ => text.extend_from_slice(self.write(number).as_bytes()),
            },
        }
    }

    /// Whether one of [`PLAIN`] is written with its shortest digits, and as an integer where it is whole.
    fn writes_plainly(self, float: f64) -> bool {
        match self {
            Self::Php | Self::JavaScript => true,
            Self::Kept | Self::PhpFraction => float.fract() != 0.0,
            Self::PhpPrecise | Self::Java => false,
        }
    }

    fn write(self, number: &Number) -> String {
        let float = number.as_f64().unwrap_or_default();
        let whole_float = !number.is_i64() && !number.is_u64() && float.fract() == 0.0;
        match self {
            Self::Kept => number.to_string(),
            Self::JavaScript if number.is_f64() || float.abs() > MAX_SAFE => javascript(float),
            Self::JavaScript => number.to_string(),
            Self::Java => java(float),
            _ if number.is_i64() => number.to_string(),
            Self::PhpPrecise => php(float, precise(float)),
            Self::PhpFraction if whole_float && float.abs() < 1e15 => format!("{float:.1}"),
            Self::Php | Self::PhpFraction => php(float, shortest(float)),
        }
    }
}

/// The digits, and the place of the point behind the first of them.
type Digits = (String, i32);

fn shortest(float: f64) -> Digits {
    digits(&format!("{:e}", float.abs()))
}

fn precise(float: f64) -> Digits {
    let (digits, exponent) = digits(&format!("{:.16e}", float.abs()));
    (digits.trim_end_matches('0').to_owned(), exponent)
}

fn digits(scientific: &str) -> Digits {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or_default())
}

fn php(float: f64, digits: Digits) -> String {
    written(float, digits, -4, 16, |first, rest| {
        format!("{first}.{}", if rest.is_empty() { "0" } else { rest })
    })
}

fn javascript(float: f64) -> String {
    let mantissa =
        |first: &str, rest: &str| if rest.is_empty() { first.to_owned() } else { format!("{first}.{rest}") };
    written(float, shortest(float), -6, 20, mantissa)
}

fn java(float: f64) -> String {
    let (digits, exponent) = shortest(float);
    let sign = if float.is_sign_negative() { "-" } else { "" };
    if float != 0.0 && !(-3..7).contains(&exponent) {
        let (first, rest) = digits.split_at_checked(1).unwrap_or((&digits, ""));
        return format!("{sign}{first}.{}E{exponent}", if rest.is_empty() { "0" } else { rest });
    }
    format!("{float:?}")
}

/// Plain digits where the exponent is within bounds, and scientific notation beyond.
fn written(
    float: f64,
    (digits, exponent): Digits,
    least: i32,
    most: i32,
    mantissa: impl Fn(&str, &str) -> String,
) -> String {
    let sign = if float.is_sign_negative() && float != 0.0 { "-" } else { "" };
    if float == 0.0 {
        return "0".to_owned();
    }
    let (first, rest) = digits.split_at_checked(1).unwrap_or((&digits, ""));
    if exponent < least || exponent > most {
        let direction = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{}e{direction}{}", mantissa(first, rest), exponent.abs());
    }
    let Ok(places) = usize::try_from(exponent) else {
        let zeros = usize::try_from(-exponent - 1).unwrap_or_default();
        return format!("{sign}0.{}{digits}", "0".repeat(zeros));
    };
    match rest.split_at_checked(places) {
        Some((before, "")) => format!("{sign}{first}{before}"),
        Some((before, after)) => format!("{sign}{first}{before}.{after}"),
        None => format!("{sign}{first}{rest}{}", "0".repeat(places - rest.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_plainly_is_what_it_would_be_digit_by_digit() {
        for number in 1..2000_u32 {
            for scale in [1e-7, 1e-4, 0.01, 0.25, 1.0 / 3.0, 1.0, 12345.678, 1e9, 1e13] {
                for float in [f64::from(number) * scale, f64::from(number) * -scale] {
                    let json = Number::from_f64(float).unwrap();
                    for numbers in Numbers::ALL {
                        let mut text = Vec::new();
                        numbers.write_to(&json, &mut text);
                        assert_eq!(String::from_utf8(text).unwrap(), numbers.write(&json), "{numbers:?}");
                    }
                }
            }
        }
    }

    #[track_caller]
    fn written(numbers: Numbers, json: &str) -> String {
        numbers.write(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn as_php_writes_them() {
        for (json, text) in [
            ("1e16", "10000000000000000"),
            ("1e17", "1.0e+17"),
            ("1.5e-5", "1.5e-5"),
            ("0.0001", "0.0001"),
            ("18446744073709551616", "1.8446744073709552e+19"),
            ("12345678901234567890", "1.2345678901234567e+19"),
            ("9223372036854775807", "9223372036854775807"),
            ("-136.0", "-136"),
            ("277.2", "277.2"),
            ("-0.0", "0"),
        ] {
            assert_eq!(written(Numbers::Php, json), text);
        }
        assert_eq!(written(Numbers::PhpPrecise, "277.2"), "277.19999999999999");
        assert_eq!(written(Numbers::PhpPrecise, "0.1"), "0.10000000000000001");
        assert_eq!(written(Numbers::PhpPrecise, "136.0"), "136");
        assert_eq!(written(Numbers::PhpFraction, "136.0"), "136.0");
    }

    #[test]
    fn as_java_writes_them() {
        for (json, text) in [
            ("10000000", "1.0E7"),
            ("12345678.9", "1.23456789E7"),
            ("1", "1.0"),
            ("0.001", "0.001"),
            ("0.0001", "1.0E-4"),
            ("-2.50", "-2.5"),
        ] {
            assert_eq!(written(Numbers::Java, json), text);
        }
    }

    #[test]
    fn as_javascript_writes_them() {
        for (json, text) in [
            ("1152921506151679042", "1152921506151679000"),
            ("136.0", "136"),
            ("1e21", "1e+21"),
            ("100000000000000000000", "100000000000000000000"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1e-7"),
            ("-1.5", "-1.5"),
            ("42", "42"),
        ] {
            assert_eq!(written(Numbers::JavaScript, json), text);
        }
    }
}
