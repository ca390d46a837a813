//! The ends of a text and of its lines, and a payload that is not there at all.

use super::{MAX_COPIED, Payloads};
use crate::diagnosis::alternative::Commonness::{Common, Everyday, Rare};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;
use crate::diagnosis::json::join_lines_back;
use crate::diagnosis::transit::{BOM, replace};

/// What to do about a text that has its indentation still, and its line breaks no more.
pub(super) const JOINED_FIX: &str = "On the receiver, read the body as bytes: the indentation is there and the line breaks are gone, as readLine() and \
                                     lines().collect(joining()) of Java leave it. On the sender, send a file with curl --data-binary @file, \
                                     and not with -d.";

impl Payloads<'_> {
    /// What happens to the ends of a text, and to the ends of its lines.
    pub(super) fn ends(&mut self) {
        let payload = self.given;
        if let Some(rest) = payload.strip_suffix(b"\r\n").or_else(|| payload.strip_suffix(b"\n")) {
            self.part(rest, Cause::PayloadTrailingNewline, "it is taken off", Everyday);
        }
        self.part(payload.trim_ascii(), Cause::PayloadTrimmed, "without the white space around it", Common);
        self.part(
            payload.trim_ascii_end(),
            Cause::PayloadTrimmed,
            "without the white space at its end",
            Rare,
        );
        self.part(
            payload.trim_ascii_start(),
            Cause::PayloadTrimmed,
            "without the white space in front of it",
            Rare,
        );
        let zeros = payload.iter().rev().take_while(|byte| **byte == 0).count();
        let unterminated = payload.get(..payload.len() - zeros).unwrap_or_default();
        self.part(unterminated, Cause::PayloadTrimmed, "without the zero bytes at its end", Rare);
        if let Some(rest) = payload.strip_prefix(BOM) {
            if rest.contains(&b'\n') && payload.len() <= MAX_COPIED {
                let faults = [
                    Fault::with(Cause::PayloadBom, "it is taken off the payload"),
                    Fault::with(Cause::PayloadCrlf, "each CR LF becomes LF"),
                ];
                self.two(replace(rest, b"\r\n", b"\n"), faults.to_vec());
            }
            self.part(rest, Cause::PayloadBom, "it is taken off the payload", Common);
        }
        if payload.len() > MAX_COPIED || payload.is_empty() {
            return;
        }
        for (end, name) in [(&b"\n"[..], "a line feed"), (b"\r\n", "CR LF")] {
            let detail = format!("{name} is put there, which the sender signed");
            let fix = "On the receiver, verify file_get_contents('php://input') as it is: trim(), a form or a log took the line break off. On the \
                       sender, sign and send the very same bytes.";
            let fault = Fault::with(Cause::PayloadTrailingNewline, detail).fixed_by(fix);
            self.fault([payload, end].concat(), fault, Everyday);
        }
        self.copy([BOM, payload].concat(), Cause::PayloadBom, "one is put in front of the payload", Common);
        if payload.contains(&b'\n') {
            let unix = replace(payload, b"\r\n", b"\n");
            let windows = replace(&unix, b"\n", b"\r\n");
            self.copy(unix.clone(), Cause::PayloadCrlf, "each CR LF becomes LF", Common);
            self.copy(windows, Cause::PayloadCrlf, "each LF becomes CR LF", Common);
            if let Some(rest) = unix.strip_suffix(b"\n").filter(|_| unix.len() != payload.len()) {
                self.copy(
                    rest.to_vec(),
                    Cause::PayloadCrlf,
                    "each CR LF becomes LF, and the last is taken off",
                    Rare,
                );
            }
        }
        for (front, end, detail) in [
            ("", " ", "with a space at its end"),
            ("", "\0", "with a zero byte at its end"),
            ("\n", "", "with a line break in front of it"),
            ("", "\n\n", "with two line breaks at its end"),
            (" ", "", "with a space in front of it"),
        ] {
            let text = [front.as_bytes(), payload, end.as_bytes()].concat();
            self.copy(text, Cause::PayloadTrimmed, detail, Rare);
        }
        for (from, to, detail) in [("\r", "\n", "each CR becomes LF"), ("\n", "\r", "each LF becomes CR")] {
            if payload.contains(&from.as_bytes().first().copied().unwrap_or_default()) {
                let text = replace(payload, from.as_bytes(), to.as_bytes());
                self.copy(text, Cause::PayloadCrlf, detail, Rare);
            }
        }
    }

    /// The lines of a file that something read one by one: its indentation is still there.
    pub(super) fn lines_joined_here(&mut self) {
        let Some(lines) = join_lines_back(self.given) else { return };
        let detail = "of the text as it was before something took the line breaks out and left the indentation, such as readLine() in \
                      Java, or curl -d @file (--data) at the sender";
        let windows = replace(&lines, b"\n", b"\r\n");
        for text in [lines, windows] {
            let end = if text.contains(&b'\r') { &b"\r\n"[..] } else { b"\n" };
            for text in [[&text, end].concat(), text] {
                let fault = Fault::with(Cause::PayloadLinesJoined, detail).fixed_by(JOINED_FIX);
                self.fault(text, fault, Rare);
            }
        }
    }

    /// What `curl -d @file` takes out of a file.
    pub(super) fn joined_lines(&mut self) {
        let joined: Vec<u8> =
            self.given.iter().copied().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
        let detail = "of the payload without its line breaks, as curl -d @file (or --data) sends a file";
        self.copy(joined, Cause::PayloadLinesJoined, detail, Rare);
        let words = self.given.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let detail =
            "of the payload with one space for all white space, as echo $BODY without quotation marks has it";
        self.copy(words.collect::<Vec<_>>().join(&b' '), Cause::PayloadLinesJoined, detail, Rare);
    }

    /// What stands in a shell without quotation marks, or goes through a clean-up.
    pub(super) fn thinned(&mut self) {
        let without = |drop: fn(&u8) -> bool| {
            self.given.iter().copied().filter(|byte| !drop(byte)).collect::<Vec<u8>>()
        };
        let dense = without(u8::is_ascii_whitespace);
        let unquoted = without(|byte| *byte == b'"');
        let how = "preg_replace('/\\s+/', '', $body), which takes out all white space,";
        self.copy(dense, Cause::PayloadReserialized, how, Rare);
        let detail = "it has no \" any more, which a shell took out, as at the sender";
        self.copy(unquoted, Cause::PayloadEscaped, detail, Rare);
    }

    pub(super) fn empty(&mut self) {
        if !self.given.is_empty() {
            let detail = "The sender signed an empty payload, and this request has one";
            self.part(&[], Cause::PayloadEmpty, detail, Common);
        }
        let has = if self.given.is_empty() { "none" } else { "some" };
        for (text, what) in [
            ("{}", "an empty object of JSON"),
            ("[]", "an empty list of JSON"),
            ("null", "null"),
            ("\"\"", "an empty text of JSON"),
            ("undefined", "undefined"),
            ("false", "false"),
        ] {
            let detail = format!(
                "The sender signed {what}, which encoders make of no data, and this request has {has}"
            );
            let fault = Fault::with(Cause::PayloadEmpty, detail);
            let fix = "On the sender, sign the empty string where there is no body: encode nothing where there is nothing to send.";
            let fault = if self.given.is_empty() { fault.fixed_by(fix) } else { fault };
            self.fault(text.into(), fault, Rare);
        }
    }
}
