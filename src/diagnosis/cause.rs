//! Every cause that can be named.

mod texts;

use texts::{ROWS, Row};

/// What made a signature differ.
///
/// In order of usefulness: where two explanations reproduce the same digest, the earlier one is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the table below says what each one means, for PHP too")]
pub enum Cause {
    HeaderMissing,
    HeaderRepeated,
    HeaderMalformed,
    RequestMalformed,
    DigestIsHex,
    DigestIsBase64,
    DigestIsBase64OfHex,
    DigestIsBase64url,
    DigestHasPrefix,
    DigestPaddingMissing,
    DigestPlusBecameSpace,
    DigestCaseFolded,
    DigestTruncated,
    KeyHasWhitespace,
    KeyHasBom,
    KeyHasPrefix,
    KeyHasQuotes,
    KeyCaseDiffers,
    KeyIsBase64Text,
    KeyIsHexText,
    KeyWasDecoded,
    PayloadTrailingNewline,
    PayloadTrimmed,
    PayloadBom,
    PayloadCrlf,
    PayloadEmpty,
    PayloadFieldOnly,
    PayloadSlashesEscaped,
    PayloadUnicodeEscaped,
    PayloadCharsetDiffers,
    PayloadReserialized,
    PayloadHashDiffers,
    NonceOmitted,
    TimestampOmitted,
    TimestampDiffers,
    MethodDiffers,
    TargetDiffers,
    PathTrailingSlash,
    PathDecoded,
    PathPrefix,
    QueryNotCanonical,
    NumericAddition,
    SeparatorDiffers,
    OrderDiffers,
    AlgorithmPlainHash,
    AlgorithmArgumentsSwapped,
    AlgorithmSha1,
    AlgorithmSha384,
    AlgorithmSha512,
    OtherProfile,
    TimestampSecondsNotMilliseconds,
    TimestampMillisecondsNotSeconds,
    TimestampStale,
    TimestampFromFuture,
}

impl Cause {
    /// All of them, in order.
    pub const ALL: [Self; ROWS.len()] = {
        let mut all = [Self::HeaderMissing; ROWS.len()];
        let mut rest: &[Row] = &ROWS;
        let mut filled: &mut [Self] = &mut all;
        while let ([row, tail @ ..], [slot, next @ ..]) = (rest, filled) {
            *slot = row.0;
            rest = tail;
            filled = next;
        }
        all
    };

    /// The value of the PHP enum's case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().1
    }

    /// Whether it says why the text of the signature is not of the profile's form.
    pub(super) fn accounts_for_form(self) -> bool {
        self <= Self::DigestTruncated
            || matches!(self, Self::AlgorithmSha1 | Self::AlgorithmSha384 | Self::AlgorithmSha512)
    }

    /// What is wrong, with `{}` where `detail` goes.
    #[must_use]
    pub fn message(self, detail: &str) -> String {
        self.row().2.replacen("{}", detail, 1)
    }

    /// What to change.
    #[must_use]
    pub const fn fix(self) -> &'static str {
        self.row().3
    }

    const fn row(self) -> &'static Row {
        let mut rest: &[Row] = &ROWS;
        while let [row, tail @ ..] = rest {
            if row.0 as u8 == self as u8 {
                return row;
            }
            rest = tail;
        }
        // A test holds that every cause has a row.
        &Row(Self::HeaderMalformed, "", "", "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stub_says_the_same() {
        let stub = include_str!("../../stubs/hw_signature.php");
        let words =
            |text: &str| text.split_whitespace().filter(|word| *word != "*").collect::<Vec<_>>().join(" ");
        let stub = words(stub);
        // Where the search says all of it, the stub sums it up.
        for row in ROWS.iter().filter(|row| row.2 != "{}.") {
            let case = format!("/** {} */ case {:?} = '{}';", words(&row.2.replace("{}", "…")), row.0, row.1);
            assert!(stub.contains(&case), "{case}");
        }
    }

    #[test]
    fn the_rows_stand_in_the_order_of_the_causes_and_each_has_all_its_texts() {
        for (row, place) in ROWS.iter().zip(0_u8..) {
            assert_eq!(row.0 as u8, place, "{}", row.1);
            assert!(row.2.ends_with('.') && row.3.ends_with('.'), "{}", row.1);
            assert!(!row.0.name().is_empty());
        }
        assert_eq!(Cause::ALL.len(), Cause::TimestampFromFuture as usize + 1);
    }
}
