//! Letters in another encoding than the sender's.

use super::{MAX_COPIED, MAX_SMALL, Payloads};
use crate::diagnosis::alternative::Commonness::{Common, Rare};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::transit::{
    CHARSETS, as_ascii, as_charset, as_latin1, as_windows_1252, cesu8, compatible, composed, decomposed,
    from_cesu8, from_charset, from_latin1, from_utf16, from_windows_1252, lossy_utf8, low_bytes, typed,
    utf16, without_astral,
};

impl Payloads<'_> {
    /// What becomes of letters beyond ASCII where somebody takes one encoding for another.
    pub(super) fn charsets(&mut self) {
        let payload = self.given;
        if payload.len() > MAX_COPIED || payload.is_empty() {
            return;
        }
        if !payload.is_ascii() {
            let double = as_latin1(payload).filter(|text| core::str::from_utf8(text).is_ok());
            for (text, detail) in [
                (as_latin1(payload), "from UTF-8 to ISO-8859-1"),
                (from_latin1(payload), "from ISO-8859-1 to UTF-8"),
                (as_ascii(payload, true), "to ASCII, where each letter beyond becomes a question mark"),
                (as_ascii(payload, false), "to ASCII, where each letter beyond becomes a question mark"),
                (lossy_utf8(payload), "to UTF-8, where what is none becomes U+FFFD"),
                (double, "from UTF-8 that was encoded twice"),
            ] {
                if let Some(text) = text {
                    self.copy(text, Cause::PayloadCharsetDiffers, detail, Common);
                }
            }
        }
        if payload.len() > MAX_SMALL {
            return;
        }
        for (text, detail) in [
            (as_windows_1252(payload), "from UTF-8 to Windows-1252"),
            (from_windows_1252(payload), "from Windows-1252 to UTF-8"),
            (composed(payload), "so that accents are one with their letters (NFC)"),
            (
                decomposed(payload),
                "so that accents stand behind their letters (NFD), as in names of files on macOS",
            ),
            (compatible(payload), "to the plain letters in place of wide ones and the like (NFKC)"),
            (typed(payload), "to the quotation marks and dashes of a keyboard in place of typographic ones"),
            (utf16(payload, true, false), "from UTF-8 to UTF-16LE, as Encoding.Unicode has it"),
            (utf16(payload, false, false), "from UTF-8 to UTF-16BE"),
            (utf16(payload, true, true), "from UTF-8 to UTF-16LE with a byte order mark"),
            (from_utf16(payload).map(|(text, _)| text), "from UTF-16 to UTF-8"),
            (
                low_bytes(payload),
                "to the low byte of each letter, as \"binary\" and \"latin1\" of Node have it",
            ),
            (
                without_astral(payload, ""),
                "to the letters up to U+FFFF, without emoji, as a clean-up or a column of MySQL's utf8 leaves it",
            ),
            (
                without_astral(payload, "?"),
                "to the letters up to U+FFFF, with a question mark for each emoji",
            ),
            (
                without_astral(payload, "????"),
                "to the letters up to U+FFFF, with four question marks for each emoji, as in a column of MySQL's utf8",
            ),
            (without_astral(payload, "\u{fffd}"), "to the letters up to U+FFFF, with U+FFFD for each emoji"),
            (cesu8(payload), "from UTF-8 to CESU-8, as Java's modified UTF-8 and utf8 of MySQL have emoji"),
            (from_cesu8(payload), "from CESU-8 (Java's modified UTF-8) to UTF-8"),
        ] {
            if let Some(text) = text {
                self.copy(text, Cause::PayloadCharsetDiffers, detail, Rare);
            }
        }
        for charset in CHARSETS {
            let name = charset.name();
            for (text, detail) in [
                (as_charset(payload, charset), format!("from UTF-8 to {name}")),
                (from_charset(payload, charset), format!("from {name} to UTF-8")),
            ] {
                if let Some(text) = text {
                    self.copy(text, Cause::PayloadCharsetDiffers, detail, Rare);
                }
            }
        }
    }
}
