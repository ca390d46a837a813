//! Which other bytes the sender may have signed as the payload: what programs make of a body between signing and
//! sending, on its way, and before it is verified.

mod charsets;
mod encoded;
mod ends;
mod fields;
mod forms;
mod numbers;
mod objects;
mod parts;
mod rewritten;
mod xml;

use alloc::borrow::Cow;

use crate::diagnosis::alternative::{Alternative, Alternatives, Commonness, add_as};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::json::{self, Style};
use crate::request::Target;

/// Longest payload of which copies are made, in bytes. Of a longer one, parts are tried.
const MAX_COPIED: usize = 16 << 20;
/// Longest payload that is rewritten in every way, in bytes. Of a longer one, only what is common is tried.
const MAX_SMALL: usize = 256 << 10;
/// Most bytes of what is tried with a line break at its end besides, all together: the commonest of a longer payload.
const MAX_WITH_LINE_BREAK: usize = 64 << 10;
/// Most bytes of all copies together.
const MAX_COPIES: usize = 96 << 20;

/// The payload as it was given, and then with one fault, the likelier ones first.
pub(in crate::diagnosis) fn alternatives<'p>(
    payload: &'p [u8],
    target: Target<'_>,
) -> Vec<Alternative<Cow<'p, [u8]>>> {
    let mut payloads = Payloads::of(payload);
    payloads.singles(target);
    payloads.line_breaks(target);
    payloads.list.into_list()
}

/// The list while it is made.
struct Payloads<'p> {
    given: &'p [u8],
    list: Alternatives<Cow<'p, [u8]>>,
    copied: usize,
    /// Whether it is the text of a form.
    is_form: bool,
    /// How it is written, where it is JSON and some program writes it so.
    style: Option<&'static Style>,
}

const FORM_FIX: &str = "On the receiver, verify file_get_contents('php://input') before $_POST or parse_str(). On the sender, encode the form once, \
                        keep the string, sign it and send it.";

impl<'p> Payloads<'p> {
    fn of(given: &'p [u8]) -> Self {
        let is_form = given.len() <= MAX_SMALL && rewritten::fields_of_form(given).is_some();
        Self { given, list: Alternatives::of(Cow::Borrowed(given)), copied: 0, is_form, style: None }
    }

    /// What takes one fault.
    fn singles(&mut self, target: Target<'_>) {
        let payload = self.given;
        self.ends();
        self.charsets();
        self.empty();
        let value = json::parse(payload);
        match &value {
            Some(value) => {
                self.fields(value);
                self.json_escapes();
                self.reserialized(value);
                self.time_and_token(value);
            }
            None => self.fields_of_form(),
        }
        self.encodings();
        if payload.len() <= MAX_SMALL {
            self.lines_joined_here();
            self.joined_lines();
            if value.is_none() {
                self.rewritten_form();
                self.xml();
                self.text_of_element();
                self.parts_of_multipart();
                self.joined_form();
                self.form_of_semicolons();
            }
            if let Some(value) = &value {
                self.one_float();
                self.two_decimals();
                self.renamed(value);
                self.pairs_of_json(value);
                self.sorted_at_the_top(value);
                self.without_a_field(value);
                self.unsorted(value);
                self.one_empty_object(value);
            }
            self.escapes();
            if value.is_none() {
                self.of_object_text();
            }
            self.wrapped(value.as_ref());
            self.as_object(value.as_ref());
            self.thinned();
            self.control_characters();
            self.lines();
        }
        self.parts_of_target(target);
    }

    /// The same, and a line break at the end besides, which editors and echo put there on either side.
    fn line_breaks(&mut self, target: Target<'_>) {
        let most = MAX_WITH_LINE_BREAK / (self.given.len() + 1);
        if most == 0 {
            return;
        }
        let fault = |detail| Fault::with(Cause::PayloadTrailingNewline, detail);
        let singles =
            self.list.iter().filter(|other| other.faults.len() == 1 && !is_about_ends(&other.faults));
        let mut singles: Vec<_> = singles.collect();
        singles.sort_by_key(|single| single.commonness);
        let with_line_break = singles.iter().take(most).map(|single| {
            let faults = [&*single.faults, &[fault("one is put there")]].concat();
            ([&*single.value, b"\n"].concat(), faults)
        });
        let with_line_break: Vec<_> = with_line_break.collect();
        with_line_break.into_iter().for_each(|(value, faults)| self.two(value, faults));
        let Some(rest) = self.given.strip_suffix(b"\n") else { return };
        let mut without = Payloads::of(rest.strip_suffix(b"\r").unwrap_or(rest));
        without.singles(target);
        let singles = without.list.into_list().into_iter().filter(|other| other.faults.len() == 1).take(most);
        for Alternative { value, mut faults, .. } in singles.filter(|other| !is_about_ends(&other.faults)) {
            faults.push(fault("it is taken off"));
            self.two(value.into_owned(), faults);
        }
    }

    fn two(&mut self, value: Vec<u8>, faults: Vec<Fault>) {
        add_as(Commonness::Rare, &mut self.list, Cow::Owned(value), faults);
    }

    /// A part of the payload that was given.
    fn part(&mut self, value: &'p [u8], cause: Cause, detail: impl Into<Words>, commonness: Commonness) {
        add_as(commonness, &mut self.list, Cow::Borrowed(value), vec![Fault::with(cause, detail)]);
    }

    /// Other bytes.
    fn copy(&mut self, value: Vec<u8>, cause: Cause, detail: impl Into<Words>, commonness: Commonness) {
        let fault = Fault::with(cause, detail);
        let is_of_form = self.is_form && cause == Cause::PayloadReserialized;
        self.fault(value, if is_of_form { fault.fixed_by(FORM_FIX) } else { fault }, commonness);
    }

    fn fault(&mut self, value: Vec<u8>, fault: Fault, commonness: Commonness) {
        let copied = self.copied.saturating_add(value.len());
        if copied <= MAX_COPIES {
            self.copied = copied;
            add_as(commonness, &mut self.list, Cow::Owned(value), vec![fault]);
        }
    }
}

fn is_about_ends(faults: &[Fault]) -> bool {
    use Cause::{PayloadBom, PayloadCrlf, PayloadEmpty, PayloadTrailingNewline, PayloadTrimmed};
    let ends = [PayloadBom, PayloadCrlf, PayloadEmpty, PayloadTrailingNewline, PayloadTrimmed];
    faults.iter().any(|fault| ends.contains(&fault.cause))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Request;

    fn of(payload: &[u8]) -> Vec<Alternative<Cow<'_, [u8]>>> {
        alternatives(payload, Request::parse(b"POST", b"/").unwrap().target)
    }

    #[test]
    fn a_million_fields_are_not_a_million_alternatives() {
        let fields: Vec<String> = (0..40_000).map(|n| format!("\"k{n}\":\"v{n}\"")).collect();
        let body = format!("{{{}}}", fields.join(","));
        assert!(of(body.as_bytes()).len() < 400);
        let form = "a=1&".repeat(1_000_000);
        assert!(of(form.as_bytes()).len() < 400);
    }
}
