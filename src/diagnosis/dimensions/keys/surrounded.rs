//! What stands around a secret in a file, in code or on the clipboard, and gets into the key.

use super::Steps;
use crate::diagnosis::alternative::Commonness::{Common, Everyday, Rare};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;
use crate::diagnosis::transit::{
    BOM, INVISIBLE, from_utf16, invisible_in, replace, white_space, without_invisible,
};

/// Fewest letters of a secret that stands in code, and most texts in there that are tried.
const MIN_IN_CODE: usize = 6;
const MAX_IN_CODE: usize = 8;

/// Pairs that people put around a secret, and how to say it.
const QUOTES: [(&str, &str, &str); 13] = [
    ("\"", "\"", "a pair of \""),
    ("'", "'", "a pair of '"),
    ("`", "`", "a pair of backticks"),
    ("\u{201c}", "\u{201d}", "a pair of typographic quotation marks"),
    ("\u{2018}", "\u{2019}", "a pair of typographic quotation marks"),
    ("b'", "'", "b'…' of Python"),
    ("<", ">", "a pair of < and >"),
    ("\\\"", "\\\"", "a pair of \\\""),
    ("[", "]", "a pair of [ and ]"),
    ("{", "}", "a pair of { and }"),
    ("(", ")", "a pair of ( and )"),
    ("\u{ab}", "\u{bb}", "a pair of typographic quotation marks"),
    ("\x1b[200~", "\x1b[201~", "what a terminal puts around a text that is pasted"),
];

impl Steps<'_> {
    pub(super) fn without_surroundings(&mut self) {
        self.without_spaces();
        self.without_marks();
        self.without_quotes();
    }

    fn without_spaces(&mut self) {
        let key = self.key;
        // In UTF-16, white space is no single byte.
        if from_utf16(key).is_some() {
            return;
        }
        let (front, end) = (key.trim_ascii_end(), key.trim_ascii_start());
        let at_start = key.get(..key.len() - end.len()).unwrap_or_default();
        let at_end = key.get(front.len()..).unwrap_or_default();
        let start = (!at_start.is_empty()).then(|| white_space(at_start) + " at the beginning of this key");
        let last = (!at_end.is_empty()).then(|| white_space(at_end) + " at the end of this key");
        let mut step = |value: &[u8], detail: String| {
            let fix = "On the receiver, use trim(file_get_contents('secret.txt')); the tool has --trim-key.";
            let fault = Fault::with(Cause::KeyHasWhitespace, detail).fixed_by(fix);
            self.step(value.to_vec(), fault, Everyday);
        };
        match (start, last) {
            (Some(start), Some(last)) => {
                step(key.trim_ascii(), format!("{start} and {last} are taken off"));
                step(front, format!("{} and the beginning is left as it is", taken_off(&last)));
                step(end, format!("{} and the end is left as it is", taken_off(&start)));
            }
            (Some(one), None) | (None, Some(one)) => step(key.trim_ascii(), taken_off(&one)),
            (None, None) => {}
        }
        for (end, text) in [("\\n", "\\n"), ("\\r\\n", "\\r\\n"), ("\\t", "\\t")] {
            if let Some(value) = key.strip_suffix(end.as_bytes()) {
                let detail =
                    format!("the {text} at its end, a line break or a tab that is written out, is taken off");
                let fix = "On the receiver, take it off, preg_replace('/(\\\\[nrt])+$/', '', $secret), and set the secret again without it: a \
                           tool wrote it into .env, as vercel env pull does.";
                self.step(value.to_vec(), Fault::with(Cause::KeyHasWhitespace, detail).fixed_by(fix), Common);
            }
        }
        let inside: Vec<u8> = key.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let spaces: Vec<u8> = key.iter().copied().filter(u8::is_ascii_whitespace).collect();
        let detail = format!("all of it is taken out, also between its letters ({})", white_space(&spaces));
        let fix = "On the receiver, use preg_replace('/\\s+/', '', $secret) as the key, and keep the secret in one line: openssl rand \
                   -base64 48 | tr -d '\\n'.";
        let fault = Fault::with(Cause::KeyHasWhitespace, detail).fixed_by(fix);
        self.step(inside, fault, Common);
    }

    /// Marks that editors and PowerShell put in front, and characters that are copied along.
    fn without_marks(&mut self) {
        if let Some(rest) = self.key.strip_prefix(BOM) {
            self.push(rest.to_vec(), Cause::KeyHasBom, "(EF BB BF)", Common);
        }
        match from_utf16(self.key) {
            Some((text, true)) => {
                let detail = "and is written in UTF-16, as > and Out-File of PowerShell do";
                self.push(text, Cause::KeyHasBom, detail, Common);
            }
            Some((text, false)) => {
                self.push(text, Cause::KeyCharsetDiffers, "it is converted from UTF-16 to UTF-8", Rare);
            }
            None => {}
        }
        for (space, name) in [("\u{a0}", "U+00A0"), ("\u{202f}", "U+202F"), ("\u{3000}", "U+3000")] {
            let plain = replace(self.key, space.as_bytes(), b" ");
            let detail = format!("each no-break space ({name}) in it is a plain one");
            self.push(plain, Cause::KeyHasInvisible, detail, Rare);
        }
        if let Some(seen) = without_invisible(self.key) {
            let detail = match invisible_in(self.key) {
                Some(named) => format!("they are taken out: {named}"),
                None => "the control characters are taken out of it".to_owned(),
            };
            self.push(seen, Cause::KeyHasInvisible, detail, Common);
        }
    }

    fn without_quotes(&mut self) {
        let quoted = |text: &[u8]| {
            QUOTES.iter().find_map(|(before, after, name)| {
                let inner = text.strip_prefix(before.as_bytes())?.strip_suffix(after.as_bytes())?;
                (!text.is_empty()).then(|| (inner.to_vec(), *name))
            })
        };
        if let Some((inner, name)) = quoted(self.key) {
            let detail = format!("they are taken off ({name})");
            self.push(inner, Cause::KeyHasQuotes, detail, Common);
        }
        self.without_code();
        // NAME="secret" # a comment
        let comment = self.key.windows(2).position(|pair| matches!(pair, [b' ' | b'\t', b'#' | b';']));
        if let Some(value) = comment.and_then(|end| self.key.get(..end)).map(<[u8]>::trim_ascii_end) {
            let (value, detail) = match quoted(value) {
                Some((inner, _)) => (inner, "the comment behind it and the quotation marks are taken off"),
                None => (value.to_vec(), "the comment behind it is taken off"),
            };
            let fix = "On the receiver, use the secret without the comment, as a parser of .env or YAML reads the line. Or on the sender, \
                       where # belongs to the secret, put it between quotation marks in .env or YAML: the value ended there.";
            self.step(value, Fault::with(Cause::KeyHasQuotes, detail).fixed_by(fix), Common);
        }
        for (mark, name) in [
            (",", "comma"),
            (";", "semicolon"),
            (".", "full stop"),
            ("\\", "backslash"),
            ("&", "ampersand (OAuth 1 puts one between two secrets)"),
        ] {
            let trimmed = self.key.trim_ascii_end();
            if let Some(value) = trimmed.strip_suffix(mark.as_bytes()) {
                let (value, detail) = match quoted(value) {
                    Some((inner, _)) => {
                        (inner, format!("the {name} at its end and the quotation marks are taken off"))
                    }
                    None => (value.to_vec(), format!("the {name} at its end is taken off")),
                };
                self.push(value, Cause::KeyHasQuotes, detail, Rare);
            }
        }
    }

    /// `{"secret": "…"}`, `s:32:"…";`, `<secret>…</secret>`: what stands in it between quotation marks or between tags.
    fn without_code(&mut self) {
        let key = self.key;
        let opens = matches!(key.trim_ascii_start(), [b'{' | b'[' | b'<', ..] | [b's' | b'a', b':', ..]);
        if !opens {
            return;
        }
        for mark in [b'"', b'\'', b'>'] {
            let parts = key.split(|byte| *byte == mark || mark == b'>' && *byte == b'<').skip(1);
            let parts =
                parts.filter(|part| part.len() >= MIN_IN_CODE && !part.starts_with(b"/")).take(MAX_IN_CODE);
            for part in parts {
                let detail = "what stands around it in JSON, XML or PHP is taken off: decode it with json_decode(), unserialize() and the \
                              like";
                self.push(part.to_vec(), Cause::KeyHasQuotes, detail, Rare);
            }
        }
    }

    /// A line break at the end of the sender's copy.
    pub(super) fn line_breaks(&mut self, ends: &[&[u8]]) {
        for end in ends.iter().filter(|_| self.key.trim_ascii().len() == self.key.len()) {
            let detail = white_space(end) + " is put at its end, which the sender's secret has";
            self.push([self.key, end].concat(), Cause::KeyHasWhitespace, detail, Everyday);
        }
    }

    pub(super) fn surroundings(&mut self) {
        let key = self.key;
        let around = |before: &str, after: &str| [before.as_bytes(), key, after.as_bytes()].concat();
        for (before, after, what) in [
            ("", " ", "a space is put at its end"),
            (" ", "", "a space is put in front of it"),
            ("", "\t", "a tab is put at its end"),
            ("\t", "", "a tab is put in front of it"),
            ("\n", "", "a line break is put in front of it"),
            ("", "\n\n", "two line breaks are put at its end"),
            ("", "\r", "a carriage return is put at its end"),
            ("", " \n", "a space and a line break are put at its end"),
            ("", "\\n", "\\n, a line break that is written out, is put at its end"),
            (" ", " ", "a space is put at either end of it"),
            ("\n", "\n", "a line break is put at either end of it"),
        ] {
            let detail = format!("{what}, which the sender's secret has");
            self.push(around(before, after), Cause::KeyHasWhitespace, detail, Rare);
        }
        for (letter, name) in INVISIBLE {
            let letter = letter.encode_utf8(&mut [0; 4]).to_owned();
            let (front, end) = (around(&letter, ""), around("", &letter));
            if letter.as_bytes() == BOM {
                let detail = "(EF BB BF), which this one does not have; the sender's copy begins with one";
                self.push(front, Cause::KeyHasBom, detail, Rare);
            } else {
                let detail = format!("{name} is put in front of it, which the sender's copy has");
                self.push(front, Cause::KeyHasInvisible, detail, Rare);
            }
            let detail = format!("{name} is put at its end, which the sender's copy has");
            self.push(end, Cause::KeyHasInvisible, detail, Rare);
        }
        let detail = "serialize() is put around it, which the sender's secret has (decrypt() in place of decryptString())";
        self.push(around(&format!("s:{}:\"", key.len()), "\";"), Cause::KeyHasQuotes, detail, Rare);
        let fix = "On the sender, use the secret alone: OAuth 1 joins the secret of the application and that of a token with &, and leaves \
                   the & where there is no token. Or on the receiver, use $secret . '&' as the key, where the contract says so.";
        let detail = "an & is put at its end, which the sender's key has, as in OAuth 1";
        self.step(around("", "&"), Fault::with(Cause::KeyHasQuotes, detail).fixed_by(fix), Rare);
        for (before, after, name) in QUOTES {
            let detail = format!("{name} is put around it, which the sender's secret has");
            self.push(around(before, after), Cause::KeyHasQuotes, detail, Rare);
        }
    }
}

/// A clause: what is taken off.
fn taken_off(what: &str) -> String {
    let several = what.contains(" and ") || what.starts_with(|letter: char| letter.is_ascii_digit());
    format!("{what} {} taken off", if several { "are" } else { "is" })
}
