//! Every cause that can be named.

/// What made a signature differ.
///
/// In order of usefulness: where two explanations reproduce the same digest, the earlier one is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the rows of words say what each one means, for PHP too")]
pub enum Cause {
    HeaderMissing,
    HeaderRepeated,
    HeaderMalformed,
    KeyIdUnknown,
    RequestMalformed,
    DigestIsHex,
    DigestIsBase64,
    DigestIsBase64OfHex,
    DigestEncodedTwice,
    DigestIsBase64url,
    DigestHasPrefix,
    DigestPaddingMissing,
    DigestPlusBecameSpace,
    DigestCaseFolded,
    DigestTruncated,
    KeyHasWhitespace,
    KeyHasBom,
    KeyHasInvisible,
    KeyHasPrefix,
    KeyHasQuotes,
    KeyCaseDiffers,
    KeyIsBase64Text,
    KeyIsHexText,
    KeyWasDecoded,
    KeyIsEscaped,
    KeyWasExpanded,
    KeyTruncated,
    KeyCharsetDiffers,
    KeyWasHashed,
    KeyIsKeyId,
    KeyIsDerived,
    KeyIsPlaceholder,
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
    PayloadLinesJoined,
    PayloadEscaped,
    PayloadEncoded,
    PayloadIsObjectText,
    PayloadHashDiffers,
    PayloadIsElsewhere,
    NonceOmitted,
    NonceDiffers,
    TimestampOmitted,
    TimestampDiffers,
    MethodDiffers,
    TargetDiffers,
    PathTrailingSlash,
    PathSlashesMerged,
    PathDecoded,
    PathNotCanonical,
    PathPrefix,
    QueryNotCanonical,
    HeaderDiffers,
    HeadersNotCanonical,
    CanonicalRequestDiffers,
    NumericAddition,
    SeparatorDiffers,
    OrderDiffers,
    AlgorithmPlainHash,
    AlgorithmArgumentsSwapped,
    AlgorithmSha1,
    AlgorithmSha384,
    AlgorithmSha512,
    AlgorithmMd5,
    AlgorithmSha224,
    AlgorithmHashedTwice,
    AlgorithmHasNoKey,
    OtherProfile,
    TimestampSecondsNotMilliseconds,
    TimestampMillisecondsNotSeconds,
    TimestampStale,
    TimestampFromFuture,
}

impl Cause {
    /// Whether it says that another algorithm was used.
    pub(super) fn is_about_algorithm(self) -> bool {
        (Self::AlgorithmPlainHash..=Self::AlgorithmHasNoKey).contains(&self)
    }

    /// Whether it says that other bytes were signed as the payload.
    pub(super) fn is_about_payload(self) -> bool {
        (Self::PayloadTrailingNewline..=Self::PayloadIsElsewhere).contains(&self)
    }

    /// Whether it says that another key was used.
    pub(super) fn is_about_key(self) -> bool {
        (Self::KeyHasWhitespace..=Self::KeyIsPlaceholder).contains(&self)
    }

    /// Whether it says why the text of the signature is not of the profile's form.
    pub(super) fn accounts_for_form(self) -> bool {
        self <= Self::DigestTruncated
            || matches!(
                self,
                Self::AlgorithmSha1
                    | Self::AlgorithmSha224
                    | Self::AlgorithmSha384
                    | Self::AlgorithmSha512
                    | Self::AlgorithmMd5
                    | Self::AlgorithmPlainHash
                    | Self::AlgorithmHasNoKey
            )
    }
}
