//! The diagnosis as text: to paste into a ticket, aligned for a terminal.

use core::fmt;

use super::search::{MAX_BYTES, MAX_DIGESTS, MAX_FAULTS};
use super::{Diagnosis, Excerpt, Verdict};

/// Columns of a line.
const WIDTH: usize = 100;
/// Columns of the names on the left.
const NAMES: usize = 16;

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "hw_signature: {}", self.headline())?;
        for (finding, number) in self.findings.iter().zip(1..) {
            writeln!(f, "\n{number:>2}. {}", finding.cause.name())?;
            paragraph(f, 4, "", &finding.message())?;
            paragraph(f, 4, "Fix: ", finding.fix())?;
        }
        if self.verdict == Verdict::Unexplained {
            writeln!(f)?;
            paragraph(f, 4, "", UNEXPLAINED)?;
            if self.payload.length == 0 {
                paragraph(f, 4, "", NO_PAYLOAD)?;
            }
        }
        writeln!(f)?;
        row(f, "profile", &self.profile)?;
        for (name, text) in &self.header {
            long_row(f, name, text)?;
        }
        if let Some(text) = &self.string_to_sign {
            long_row(f, "string to sign", &text.visible)?;
            row(f, "", &identity(text))?;
        }
        row(f, "payload", &identity(&self.payload))?;
        let key = format!("{} bytes, fingerprint {}", self.key_length, self.key_fingerprint);
        row(f, "key", &key)?;
        if self.effort.digests > 0 {
            row(f, "search", &self.search())?;
        }
        Ok(())
    }
}

const UNEXPLAINED: &str = "No mistake that this search knows, alone or together with another, gives the signature \
     that was received. Then the two sides most likely hold different keys, or different payloads. Compare the key's \
     fingerprint on both machines (Key::fromBytes($secret)->fingerprint()), and the SHA-256 of the payload with that \
     of the bytes that were sent.";

const NO_PAYLOAD: &str = "No payload was passed. If the sender signed one, read it with \
     file_get_contents('php://input'); that is empty for multipart/form-data.";

impl Diagnosis {
    fn headline(&self) -> &'static str {
        match (self.verdict, self.findings.len()) {
            (Verdict::Valid, _) => "the request is valid",
            (Verdict::Explained, 0 | 1) => "the request is rejected, for one reason",
            (Verdict::Explained, _) => "the request is rejected, for several reasons at once",
            (Verdict::Unexplained, 0) => "the signature does not match, and no reason was found",
            (Verdict::Unexplained, _) => {
                "the signature does not match; the reasons found do not explain it all"
            }
        }
    }

    fn search(&self) -> String {
        let effort = self.effort;
        let end = if effort.exhausted {
            format!("; stopped at its budget of {MAX_DIGESTS} digests and {} MiB", MAX_BYTES >> 20)
        } else {
            String::new()
        };
        let digests = if effort.digests == 1 { "digest" } else { "digests" };
        format!(
            "{} {digests} over {} bytes, up to {MAX_FAULTS} mistakes at once{end}",
            effort.digests, effort.bytes
        )
    }
}

fn identity(text: &Excerpt) -> String {
    format!("{} bytes, SHA-256 {}", text.length, text.sha256)
}

/// A name and its text.
fn row(f: &mut fmt::Formatter<'_>, name: &str, text: &str) -> fmt::Result {
    writeln!(f, "  {name:<NAMES$}{text}")
}

/// A name and its text, which is cut into lines where it is too long: it may have no spaces.
fn long_row(f: &mut fmt::Formatter<'_>, name: &str, text: &str) -> fmt::Result {
    let mut name = name;
    let mut rest = text;
    loop {
        let cut = rest.char_indices().nth(WIDTH - NAMES - 2).map_or(rest.len(), |(index, _)| index);
        let (line, after) = rest.split_at_checked(cut).unwrap_or((rest, ""));
        row(f, name, line)?;
        if after.is_empty() {
            return Ok(());
        }
        (name, rest) = ("", after);
    }
}

/// Words, broken into lines.
fn paragraph(f: &mut fmt::Formatter<'_>, indent: usize, lead: &str, text: &str) -> fmt::Result {
    let mut line = lead.to_owned();
    let mut empty = true;
    for word in text.split(' ') {
        if !empty && indent + line.chars().count() + word.chars().count() > WIDTH {
            writeln!(f, "{:indent$}{}", "", line.trim_end())?;
            line = " ".repeat(lead.len());
        }
        line.push_str(word);
        line.push(' ');
        empty = false;
    }
    writeln!(f, "{:indent$}{}", "", line.trim_end())
}
