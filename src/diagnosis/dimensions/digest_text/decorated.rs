//! A digest with something around it: any text that has exactly one in it; and a text that has several.

use super::Readings;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::transit::{form_decode, percent_decode, strip_slashes, twice, unescape_html};

/// What people put in front of a digest that could belong to it: letters of base64, and no sign of an end.
const GLUED: [&str; 12] = [
    "sha256-",
    "sha1-",
    "sha512-",
    "hmac-sha256-",
    "hmac-",
    "v1-",
    "v1_",
    "0x",
    "0X",
    "x",
    "sha256/",
    "hmac_sha256_",
];

/// Lengths of digests as text: hexadecimal of 16 to 64 bytes, base64 of 32 and more, and base64 of the hexadecimal text.
const HEX: [usize; 6] = [32, 40, 56, 64, 96, 128];
const BASE64: [usize; 8] = [27, 43, 64, 86, 88, 171, 172, 54];

impl Readings {
    pub(super) fn decorated(&mut self, text: &[u8]) {
        self.inside(text, &[]);
        for decoded in
            [percent_decode(text), form_decode(text), twice(percent_decode, text)].into_iter().flatten()
        {
            let detail = "the signature is percent-encoded";
            let fix =
                "On the sender, write the signature as it is, without urlencode() or encodeURIComponent().";
            let fault = [Fault::with(Cause::HeaderMalformed, detail).fixed_by(fix)];
            self.read(&decoded, &fault);
            self.inside(&decoded, &fault);
        }
    }

    /// What a program that writes another format than a header put into the text.
    pub(super) fn escaped(&mut self, text: &[u8]) {
        let dense: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let dense = Some(dense).filter(|dense| dense.len() < text.trim_ascii().len());
        for (plain, detail, fix) in [
            (
                dense,
                "white space stands within the signature",
                "On the sender, write the signature in one line: without chunk_split(), and with base64 -w0 or openssl base64 -A.",
            ),
            (
                strip_slashes(text),
                "the signature is escaped as in JSON",
                "On the sender, write the signature as it is, without json_encode().",
            ),
            (
                unescape_html(text),
                "the signature is escaped as in HTML",
                "On the sender, write the signature as it is, without htmlspecialchars().",
            ),
        ] {
            let Some(plain) = plain else { continue };
            let fault = [Fault::with(Cause::HeaderMalformed, detail).fixed_by(fix)];
            let unquoted =
                plain.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(&plain);
            self.read(unquoted, &fault);
        }
    }

    /// The digests in a text.
    fn inside(&mut self, text: &[u8], before: &[Fault]) {
        let found = digests(text);
        let mut distinct: Vec<&[u8]> =
            found.iter().map(|(start, end)| text.get(*start..*end).unwrap_or_default()).collect();
        let count = distinct.len();
        distinct.sort_unstable();
        distinct.dedup();
        match (found.as_slice(), distinct.as_slice()) {
            ([(start, end)], [digest]) if digest.len() < text.len() => {
                let (head, tail) =
                    (text.get(..*start).unwrap_or_default(), text.get(*end..).unwrap_or_default());
                let fault = Fault::with(Cause::DigestHasPrefix, around(head, tail));
                self.read(digest, &[before, &[fault]].concat());
            }
            (_, [_, ..]) if count > 1 => {
                let words = Words::from(self.header.clone());
                let fix = "On the sender, send the header once, with one signature; look for a client or a proxy that adds it again, and \
                           joins the two with a comma.";
                let fault = Fault::with(Cause::HeaderRepeated, words).fixed_by(fix);
                for digest in distinct {
                    self.read(digest, &[before, core::slice::from_ref(&fault)].concat());
                }
            }
            _ => {}
        }
    }
}

/// The one hexadecimal digest in a text that holds no other.
pub(super) fn hex_in(text: &[u8]) -> Option<&[u8]> {
    match *digests(text) {
        [(start, end)] => text.get(start..end),
        _ => None,
    }
}

/// Where digests stand in a text: runs of letters that are as long as one. A run that only looks like one, such as the id
/// of a key, is one too many, and the text is then left alone.
fn digests(text: &[u8]) -> Vec<(usize, usize)> {
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/_-".contains(byte);
    let mut found = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| letter(byte)).count();
        if length == 0 {
            start += 1;
            continue;
        }
        let padding = rest.iter().skip(length).take(2).take_while(|byte| **byte == b'=').count();
        let run = rest.get(..length).unwrap_or_default();
        let glued = GLUED.iter().map(|glue| glue.len()).zip(GLUED).filter(|(_, glue)| {
            run.get(..glue.len()).is_some_and(|head| head.eq_ignore_ascii_case(glue.as_bytes()))
        });
        let skipped = core::iter::once(0).chain(glued.map(|(length, _)| length));
        let digest = skipped.filter_map(|skip| Some((skip, is_digest(run.get(skip..)?, padding)?))).next();
        if let Some((skip, padding)) = digest {
            found.push((start + skip, start + length + padding));
        }
        start += length + padding.max(1);
    }
    found
}

/// Whether a run of letters is as long as a digest, and how much of the padding belongs to it.
fn is_digest(run: &[u8], padding: usize) -> Option<usize> {
    let hex = run.iter().all(u8::is_ascii_hexdigit) && HEX.contains(&run.len());
    let whole = |padding: usize| (run.len() + padding).is_multiple_of(4) || padding == 0;
    if hex && (padding == 0 || !BASE64.contains(&run.len())) {
        return Some(0);
    }
    (BASE64.contains(&run.len()) && whole(padding)).then_some(padding)
}

/// What stands around the digest. It is not cut here: the report finds a secret in it only as long as that is whole.
fn around(head: &[u8], tail: &[u8]) -> Words {
    match (head, tail) {
        (head, []) => Words::from("\"").and_quoting(head).and("\" in front of"),
        ([], tail) => Words::from("\"").and_quoting(tail).and("\" behind"),
        (head, tail) => {
            let words = Words::from("\"").and_quoting(head).and("\" in front of it and \"");
            words.and_quoting(tail).and("\" behind")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_found_in_what_stands_around_it() {
        let hex = "e6f28134ee34915fff712d9b21b5951942fd0fec7f6c4c836d3e1e054947516b";
        let base64 = "BSJjuD+e7wOhdwV6dAeD2AK98+HYzDij+gQusuRdAkY=";
        for digest in [hex, base64, base64.trim_end_matches('=')] {
            for (head, tail) in [
                ("", ""),
                ("(stdin)= ", ""),
                ("sha256=", ""),
                ("sha256-", ""),
                ("0x", ""),
                ("b'", "'"),
                ("\"", "\""),
                ("HMAC-SHA256 Credential=abc, Signature=", ""),
                ("v1,", ""),
                ("t=1800000000,v1=", ""),
                ("{\"signature\":\"", "\"}"),
                ("", " *-"),
                ("", ", sha256"),
                ("HMAC-SHA2-256(stdin)= ", ""),
            ] {
                let text = format!("{head}{digest}{tail}");
                let found: Vec<&str> =
                    digests(text.as_bytes()).into_iter().map(|(start, end)| &text[start..end]).collect();
                assert_eq!(found, [digest], "{text}");
            }
            let two = format!("{digest}, {digest}");
            assert_eq!(digests(two.as_bytes()).len(), 2);
        }
        assert_eq!(digests(b"no digest at all, and none here either"), []);
    }
}
