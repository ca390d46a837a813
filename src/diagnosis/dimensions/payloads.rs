//! Which other bytes the sender may have signed as the payload: what programs make of a body between signing and
//! sending, on its way, and before it is verified.

mod encoded;
mod ends;
mod parts;
mod rewritten;

use alloc::borrow::Cow;

use crate::diagnosis::alternative::{Alternative, Commonness, add_as};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::json;
use crate::request::Target;

/// Longest payload of which copies are made, in bytes. Of a longer one, parts are tried.
const MAX_COPIED: usize = 16 << 20;
/// Longest payload that is rewritten in every way, in bytes. Of a longer one, only what is common is tried.
const MAX_SMALL: usize = 256 << 10;
/// Most bytes of all copies together.
const MAX_COPIES: usize = 96 << 20;

/// The payload as it was given, and then with one fault, the likelier ones first.
pub(in crate::diagnosis) fn alternatives<'p>(
    payload: &'p [u8],
    target: Target<'_>,
) -> Vec<Alternative<Cow<'p, [u8]>>> {
    let mut payloads =
        Payloads { given: payload, list: vec![Alternative::given(Cow::Borrowed(payload))], copied: 0 };
    payloads.ends();
    payloads.charsets();
    payloads.empty();
    if payload.len() <= MAX_SMALL {
        payloads.joined_lines();
    }
    let value = json::parse(payload);
    match &value {
        Some(value) => {
            payloads.fields(value);
            payloads.json_escapes();
            payloads.reserialized(value);
        }
        None => payloads.fields_of_form(),
    }
    payloads.encodings();
    if payload.len() <= MAX_SMALL {
        if value.is_none() {
            payloads.rewritten_form();
            payloads.parts_of_multipart();
        }
        payloads.escapes();
        payloads.wrapped(value.as_ref());
        payloads.as_object(value.as_ref());
    }
    payloads.parts_of_target(target);
    payloads.list
}

/// The list while it is made.
struct Payloads<'p> {
    given: &'p [u8],
    list: Vec<Alternative<Cow<'p, [u8]>>>,
    copied: usize,
}

impl<'p> Payloads<'p> {
    /// A part of the payload that was given.
    fn part(&mut self, value: &'p [u8], cause: Cause, detail: impl Into<Words>, commonness: Commonness) {
        add_as(commonness, &mut self.list, Cow::Borrowed(value), vec![Fault::with(cause, detail)]);
    }

    /// Other bytes.
    fn copy(&mut self, value: Vec<u8>, cause: Cause, detail: impl Into<Words>, commonness: Commonness) {
        self.fault(value, Fault::with(cause, detail), commonness);
    }

    fn fault(&mut self, value: Vec<u8>, fault: Fault, commonness: Commonness) {
        let copied = self.copied.saturating_add(value.len());
        if copied <= MAX_COPIES {
            self.copied = copied;
            add_as(commonness, &mut self.list, Cow::Owned(value), vec![fault]);
        }
    }
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
