//! The lines of the signed headers, and the list of their names.

use crate::diagnosis::alternative::Commonness::{self, Common, Rare};
use crate::diagnosis::alternative::{Alternatives, add_as};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::draft::{Draft, Parts};
use crate::diagnosis::fault::{Fault, Words};
use crate::signed_headers::{SignedHeaders, header_name, is_same_name};
use crate::template::RareValues;

use super::values;

/// Most headers of which one at a time is left out, or that one at a time is added.
const MAX_HEADERS: usize = 16;

/// A name in lower case, and the value that is signed.
type Line<'a> = (&'a [u8], &'a [u8]);

pub(super) fn alternatives(own: &Draft, parts: &Parts<'_>, list: &mut Alternatives<Draft>) {
    let Some(rare) = &own.rare else { return };
    let Some(names) = SignedHeaders::parse(&rare.signed_headers) else { return };
    let line = |name| Some((name, parts.context.headers.find(name).ok()?));
    let Some(lines) = names.names().map(line).collect::<Option<Vec<Line<'_>>>>() else { return };
    let mut headers = Headers { own, rare, lines, list };
    headers.values(parts);
    headers.spellings(parts);
    headers.orders(parts);
    headers.lists();
    headers.left_out();
    headers.added(parts);
}

/// The list while it is made.
struct Headers<'a, 'l> {
    own: &'a Draft,
    rare: &'a RareValues,
    lines: Vec<Line<'a>>,
    list: &'l mut Alternatives<Draft>,
}

impl Headers<'_, '_> {
    fn put(&mut self, lines: Vec<u8>, names: Vec<u8>, fault: Fault, commonness: Commonness) {
        let rare = RareValues { canonical_headers: lines, signed_headers: names, ..self.rare.clone() };
        let draft = Draft { rare: Some(rare.into()), ..self.own.clone() };
        add_as(commonness, self.list, draft, vec![fault]);
    }

    /// Other lines with the same list.
    fn put_lines(&mut self, lines: Vec<u8>, detail: impl Into<Words>, commonness: Commonness) {
        let fault = Fault::with(Cause::HeadersNotCanonical, detail);
        self.put(lines, self.rare.signed_headers.clone(), fault, commonness);
    }

    /// One header with another value than it arrived with.
    fn values(&mut self, parts: &Parts<'_>) {
        for index in 0..self.lines.len().min(MAX_HEADERS) {
            let Some((name, value)) = self.lines.get(index).copied() else { continue };
            for other in values::others(name, Some(value), parts.whole_target, &parts.context, parts.payload)
            {
                let mut lines = self.lines.clone();
                if let Some(line) = lines.get_mut(index) {
                    line.1 = &other.value;
                }
                let names = self.rare.signed_headers.clone();
                self.put(written(&lines), names, other.fault(name), other.commonness);
            }
        }
    }

    /// All lines written otherwise.
    fn spellings(&mut self, parts: &Parts<'_>) {
        let own = written(&self.lines);
        if let Some(without) = own.strip_suffix(b"\n") {
            self.put_lines(without.to_vec(), "the empty line behind the headers is missing", Common);
        }
        self.put_lines([&*own, b"\n"].concat(), "there is one empty line too many behind the headers", Rare);
        let lines =
            |line: &dyn Fn(&Line<'_>) -> Vec<u8>| self.lines.iter().flat_map(line).collect::<Vec<u8>>();
        let came = |name: &[u8]| -> Vec<u8> {
            let mut named = parts.context.headers.0.iter().filter(|(other, _)| is_same_name(other, name));
            named.find_map(|(_, value)| *value).unwrap_or_default().to_vec()
        };
        let spellings = [
            (
                lines(&|(name, value)| [name, &b": "[..], value, b"\n"].concat()),
                "a space stands behind each colon",
                Common,
            ),
            (
                lines(&|(name, value)| [&capitalized(name), &b":"[..], value, b"\n"].concat()),
                "the names are not in lower case",
                Common,
            ),
            (
                lines(&|(name, value)| [&capitalized(name), &b": "[..], value, b"\n"].concat()),
                "the names are not in lower case, and a space stands behind each colon",
                Common,
            ),
            (
                lines(&|(name, _)| [name, &b":"[..], &came(name), b"\n"].concat()),
                "the values have the white space around them that they came with",
                Common,
            ),
            (
                lines(&|(name, value)| [name, &b":"[..], &value.to_ascii_lowercase(), b"\n"].concat()),
                "the values are in lower case",
                Rare,
            ),
            (
                lines(&|(name, value)| [name, &b":"[..], &collapsed(value), b"\n"].concat()),
                "spaces within the values became one",
                Rare,
            ),
            (
                lines(&|(name, value)| [name, &b"="[..], value, b"\n"].concat()),
                "an equals sign stands in place of each colon",
                Rare,
            ),
            (
                lines(&|(name, value)| [name, &b":"[..], value, b"\r\n"].concat()),
                "the lines end in CR LF",
                Rare,
            ),
            (
                lines(&|(_, value)| [value, &b"\n"[..]].concat()),
                "the values stand there without their names",
                Rare,
            ),
            (Vec::new(), "there are none", Rare),
        ];
        for (lines, detail, commonness) in spellings {
            self.put_lines(lines, detail, commonness);
        }
    }

    /// The lines in another order, with the list as it was sent, and with a list in that order.
    fn orders(&mut self, parts: &Parts<'_>) {
        let mut sorted = self.lines.clone();
        sorted.sort_unstable_by_key(|(name, _)| *name);
        let mut as_they_came: Vec<Line<'_>> = Vec::new();
        for (name, _) in parts.context.headers.0 {
            let Some(name) = header_name(name) else { continue };
            as_they_came.extend(self.lines.iter().filter(|(known, _)| *known == name));
        }
        let reversed = self.lines.iter().rev().copied().collect();
        for (lines, detail, commonness) in [
            (sorted, "they are sorted by name, and not in the order of the list that was sent", Common),
            (
                as_they_came,
                "they stand in the order in which they arrived, and not in that of the list",
                Rare,
            ),
            (reversed, "they stand in the reverse order of the list", Rare),
        ] {
            if lines.len() != self.lines.len() {
                continue;
            }
            let text = written(&lines);
            self.put_lines(text.clone(), detail, commonness);
            let fault = Fault::with(Cause::HeadersNotCanonical, format!("{detail}, and so do their names"));
            self.put(text, joined(&lines, b";"), fault, commonness);
        }
    }

    /// The list of the names written otherwise.
    fn lists(&mut self) {
        let own = joined(&self.lines, b";");
        let upper = self.lines.iter().map(|(name, _)| capitalized(name)).collect::<Vec<_>>().join(&b';');
        for (names, detail) in [
            (joined(&self.lines, b","), "commas stand between the names of the list"),
            (joined(&self.lines, b" "), "spaces stand between the names of the list"),
            (joined(&self.lines, b"\n"), "line feeds stand between the names of the list"),
            ([&*own, b";"].concat(), "the list of the names ends in a semicolon"),
            (upper, "the names of the list are not in lower case"),
        ] {
            let fault = Fault::with(Cause::HeadersNotCanonical, detail);
            self.put(written(&self.lines), names, fault, Rare);
        }
    }

    /// One header less than the list has.
    fn left_out(&mut self) {
        for index in 0..self.lines.len().min(MAX_HEADERS) {
            let mut lines = self.lines.clone();
            let (name, _) = lines.remove(index);
            let detail = Words::quoting(name).and(" is in the list, and was not signed");
            self.put_lines(written(&lines), detail.clone(), Rare);
            let fault = Fault::with(Cause::HeadersNotCanonical, detail);
            self.put(written(&lines), joined(&lines, b";"), fault, Rare);
        }
    }

    /// One header more than the list has.
    fn added(&mut self, parts: &Parts<'_>) {
        let names: Vec<Vec<u8>> =
            parts.context.headers.0.iter().filter_map(|(name, _)| header_name(name)).collect();
        let unlisted = |name: &&Vec<u8>| !self.lines.iter().any(|(known, _)| known == name);
        let others: Vec<&Vec<u8>> = names.iter().filter(unlisted).take(MAX_HEADERS).collect();
        for name in others {
            let Ok(value) = parts.context.headers.find(name) else { continue };
            let mut lines = self.lines.clone();
            let place = lines.iter().position(|(other, _)| *other > name.as_slice()).unwrap_or(lines.len());
            lines.insert(place, (name.as_slice(), value));
            let detail = Words::quoting(name).and(" was signed, and is not in the list");
            self.put_lines(written(&lines), detail.clone(), Rare);
            let fault = Fault::with(Cause::HeadersNotCanonical, detail);
            self.put(written(&lines), joined(&lines, b";"), fault, Rare);
        }
    }
}

fn written(lines: &[Line<'_>]) -> Vec<u8> {
    lines.iter().flat_map(|(name, value)| [name, &b":"[..], value, b"\n"].concat()).collect()
}

fn joined(lines: &[Line<'_>], separator: &[u8]) -> Vec<u8> {
    lines.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(separator)
}

/// A name as most programs send it: `X-Sdk-Date`.
fn capitalized(name: &[u8]) -> Vec<u8> {
    let mut first = true;
    let letter = |byte: &u8| {
        let letter = if first { byte.to_ascii_uppercase() } else { *byte };
        first = *byte == b'-';
        letter
    };
    name.iter().map(letter).collect()
}

fn collapsed(value: &[u8]) -> Vec<u8> {
    let mut value = value.to_vec();
    value.dedup_by(|next, last| (*next, *last) == (b' ', b' '));
    value
}
