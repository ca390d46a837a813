//! The diagnosis as text: to paste into a ticket, aligned for a terminal.

use core::fmt;

use super::{Diagnosis, Identity};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::outcome::Verdict;
use crate::diagnosis::search::{Effort, MAX_BYTES, MAX_DIGESTS};

/// Columns of a line.
const WIDTH: usize = 100;
/// Columns of the names on the left.
const NAMES: usize = 16;

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "hw_signature: {}", self.headline())?;
        for (finding, number) in self.findings.iter().zip(1..) {
            writeln!(f, "\n{number:>2}. {}", finding.cause.name())?;
            paragraph(f, 4, "", &finding.message)?;
            paragraph(f, 4, "Fix: ", &finding.fix)?;
        }
        if !self.others.is_empty() {
            writeln!(f)?;
            paragraph(f, 4, "", &self.other_explanations())?;
        }
        if !self.checks.is_empty() {
            writeln!(f)?;
        }
        for check in &self.checks {
            paragraph(f, 4, "", check)?;
        }
        writeln!(f)?;
        row(f, "profile", &self.profile)?;
        for (name, text) in &self.header {
            if *name != "signature" || self.signatures.len() == 1 {
                long_row(f, name, text)?;
            }
        }
        if self.signatures.len() > 1 {
            for (index, text) in self.signatures.iter().enumerate() {
                row(
                    f,
                    &format!("signature {index}"),
                    &format!("{text}{}", mark(self.signature_index, index)),
                )?;
            }
        }
        if let Some(text) = &self.string_to_sign {
            long_row(f, "string to sign", &text.visible)?;
            identity(f, "", &text.identity)?;
        }
        if let Some(text) = &self.canonical_request {
            long_row(f, "canonical", &text.visible)?;
            identity(f, "  request", &text.identity)?;
        }
        identity(f, "payload", &self.payload)?;
        for (index, key) in self.keys.iter().enumerate() {
            let name = if self.keys.len() == 1 { "key".to_owned() } else { format!("key {index}") };
            let mark = if self.keys.len() > 1 { mark(self.key_index, index) } else { "" };
            row(f, &name, &format!("{}, fingerprint {}{mark}", bytes(key.length), key.fingerprint))?;
            if let Some(id) = &key.id {
                long_row(f, "", &format!("id {id}"))?;
            }
        }
        if self.effort.digests > 0 {
            row(f, "search", &self.search())?;
        }
        if self.effort.exhausted {
            let budget = format!("{MAX_DIGESTS} digests and {} MiB", MAX_BYTES >> 20);
            row(f, "", &format!("stopped at its budget of {budget}; what was left is not tried"))?;
        }
        Ok(())
    }
}

impl Diagnosis {
    fn headline(&self) -> String {
        match (self.verdict, self.findings.len()) {
            (Verdict::Valid, _) => "the request is valid".to_owned(),
            (Verdict::Explained, 0 | 1) => "the request is rejected, for one reason".to_owned(),
            (Verdict::Explained, reasons) => {
                format!("the request is rejected, for {reasons} reasons at once")
            }
            (Verdict::Unexplained, 0) => "the signature does not match, and no reason was found".to_owned(),
            (Verdict::Unexplained, _) => {
                "the signature does not match, and what was found does not explain all of it".to_owned()
            }
        }
    }

    /// What would explain it as simply.
    fn other_explanations(&self) -> String {
        let names =
            |causes: &Vec<Cause>| causes.iter().map(|cause| cause.name()).collect::<Vec<_>>().join(" and ");
        let others = self.others.iter().map(names).collect::<Vec<_>>().join("; ");
        format!(
            "That is the commonest of the simplest explanations. The same signature comes out of: {others}."
        )
    }

    fn search(&self) -> String {
        let Effort { digests, bytes, .. } = self.effort;
        let variants = if digests == 1 { "1 variant".to_owned() } else { format!("{digests} variants") };
        format!("tried {variants} over {bytes} bytes")
    }
}

/// What stands behind the one of several that it is about.
fn mark(which: Option<usize>, index: usize) -> &'static str {
    if which == Some(index) { "  <- this one" } else { "" }
}

/// What tells whether two machines have the same text. With any length before it, a hash would not fit on the line.
fn identity(f: &mut fmt::Formatter<'_>, name: &str, text: &Identity) -> fmt::Result {
    row(f, name, &bytes(text.length))?;
    row(f, "", &format!("SHA-256 {}", text.sha256))
}

fn bytes(count: usize) -> String {
    if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") }
}

/// A name and its text.
fn row(f: &mut fmt::Formatter<'_>, name: &str, text: &str) -> fmt::Result {
    writeln!(f, "  {name:<NAMES$}{text}")
}

/// A name and its text, which is cut into lines where it is too long: it may have no spaces.
fn long_row(f: &mut fmt::Formatter<'_>, name: &str, text: &str) -> fmt::Result {
    let names = core::iter::once(name).chain(core::iter::repeat(""));
    chunks(text, WIDTH - NAMES - 2).zip(names).try_for_each(|(line, name)| row(f, name, line))
}

/// Cuts a text into pieces of at most so many letters, none within an escape; an empty text is one empty piece.
fn chunks(text: &str, letters: usize) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest?;
        let (piece, after) = text.split_at_checked(fitting(text, letters))?;
        rest = (!after.is_empty()).then_some(after);
        Some(piece)
    })
}

/// How many bytes of the text so many letters are, without a part of an escape at the end.
fn fitting(text: &str, letters: usize) -> usize {
    let (mut end, mut used) = (0, 0);
    while let Some(rest) = text.get(end..).filter(|rest| !rest.is_empty()) {
        let length = match rest.as_bytes() {
            [b'\\', b'x', ..] => 4,
            [b'\\', ..] => 2,
            _ => 1,
        };
        let unit: usize = rest.chars().take(length).map(char::len_utf8).sum();
        if used + length > letters {
            break;
        }
        (end, used) = (end + unit, used + length);
    }
    end
}

/// Words, broken into lines. A word that is longer than a line, such as a path, is cut.
fn paragraph(f: &mut fmt::Formatter<'_>, indent: usize, lead: &str, text: &str) -> fmt::Result {
    let mut line = lead.to_owned();
    let mut empty = true;
    let letters = WIDTH - indent - lead.len();
    for word in text.split(' ').flat_map(|word| chunks(word, letters)) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_before_an_escape_that_does_not_fit() {
        let pieces = |text| chunks(text, 5).collect::<Vec<_>>();
        assert_eq!(pieces("abc\\x1bdef"), ["abc", "\\x1bd", "ef"]);
        assert_eq!(pieces("abcd\\n\\\\\\nab"), ["abcd", "\\n\\\\", "\\nab"]);
        assert_eq!(pieces("…….…….…"), ["…….……", ".…"]);
        assert_eq!(pieces(""), [""]);
        assert_eq!(pieces("abcdefg\\"), ["abcde", "fg\\"]);
    }
}
