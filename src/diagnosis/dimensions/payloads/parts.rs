//! A part of the payload in place of the whole, and the whole in place of a part.

use alloc::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::rewritten::fields_of_form;
use super::{MAX_COPIED, MAX_SMALL, Payloads};
use crate::diagnosis::alternative::Commonness::{Common, Rare};
use crate::diagnosis::alternative::add_as;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::json::{COMPACT, JAVASCRIPT, PHP, PHP_UNESCAPED, PYTHON, nested};
use crate::request::{Target, form_spelling, percent_decode, percent_encode};

/// Most fields of a payload that are looked at, and how deep.
const MAX_FIELDS: usize = 32;
const MAX_DEPTH: usize = 4;
/// What people call the field that holds a text or the data.
const NAMES: [&str; 14] = [
    "message",
    "reaction",
    "text",
    "data",
    "payload",
    "body",
    "content",
    "msg",
    "event",
    "value",
    "comment",
    "result",
    "object",
    "message_text",
];

/// What else people call a field.
const OTHER_NAMES: [&str; 28] = [
    "action",
    "actor",
    "amount",
    "attributes",
    "callback",
    "category",
    "customer",
    "entity",
    "event_type",
    "from",
    "id",
    "items",
    "message_id",
    "meta",
    "metadata",
    "method",
    "name",
    "order",
    "order_id",
    "params",
    "request",
    "resource",
    "status",
    "target",
    "timestamp",
    "to",
    "type",
    "user",
];

const RAILS_FIX: &str = "On the receiver, pass request.raw_post: what was passed are the params of Rails, to which it adds the controller, the \
                         action and a second copy of the body.";

/// What a Talk bot sends besides the message, as its documentation and its users have it.
const SILENT: (&str, &[u8]) = ("silent", b"false");

impl Payloads<'_> {
    /// The values of a JSON payload that people sign in place of the whole.
    pub(super) fn fields(&mut self, value: &Value) {
        let small = self.given.len() <= MAX_SMALL / 4;
        let raw: Vec<(Value, &[u8])> = if small { nested(self.given, MAX_FIELDS) } else { Vec::new() }
            .into_iter()
            .filter_map(|text| Some((serde_json::from_slice(text).ok()?, text)))
            .collect();
        let is_of_rails = value.get("controller").is_some() && value.get("action").is_some();
        let mut pending = vec![(String::new(), value, 0)];
        let mut seen = 0;
        while let Some((path, value, depth)) = pending.pop() {
            if depth > 0 {
                seen += 1;
                if seen > MAX_FIELDS {
                    return;
                }
                if let Some((_, text)) = raw.iter().find(|(other, _)| other == value) {
                    let detail =
                        named("only the field \"", &path, "\", as it stands there, not the whole body");
                    let fault = Fault::with(Cause::PayloadFieldOnly, detail);
                    let fault = if is_of_rails { fault.fixed_by(RAILS_FIX) } else { fault };
                    add_as(Common, &mut self.list, Cow::Borrowed(*text), vec![fault]);
                }
                self.field(&path, value);
            }
            if depth == MAX_DEPTH {
                continue;
            }
            // The stack gives back what was put on last, so that the first fields must go on last.
            match value {
                Value::Object(map) => {
                    for (place, (name, value)) in
                        map.iter().take(MAX_FIELDS).enumerate().collect::<Vec<_>>().into_iter().rev()
                    {
                        let name = name_or_place(name, place);
                        let path = if path.is_empty() { name } else { format!("{path}.{name}") };
                        pending.push((path, value, depth + 1));
                    }
                }
                Value::Array(list) => {
                    for (index, value) in
                        list.iter().take(MAX_FIELDS).enumerate().collect::<Vec<_>>().into_iter().rev()
                    {
                        pending.push((format!("{path}[{index}]"), value, depth + 1));
                    }
                }
                _ => {}
            }
        }
    }

    fn field(&mut self, path: &str, value: &Value) {
        let text = match value {
            Value::String(text) => {
                self.text_of_field(path, text.as_bytes());
                return;
            }
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
            Value::Null => return,
            // Each contains the ones that are deeper.
            Value::Object(_) | Value::Array(_) if self.given.len() > MAX_SMALL / 4 => return,
            Value::Object(_) | Value::Array(_) => {
                for style in [&JAVASCRIPT, &PHP, &PHP_UNESCAPED, &PYTHON, &COMPACT] {
                    let Some(text) = style.write(value) else { continue };
                    let detail = named("only the field \"", path, "\", as ")
                        .and(style.name)
                        .and(" writes it, not the whole body");
                    self.copy(text, Cause::PayloadFieldOnly, detail, Rare);
                }
                return;
            }
        };
        let detail = named("only the text of the field \"", path, "\", not the whole body");
        self.copy(text.into_bytes(), Cause::PayloadFieldOnly, detail, Common);
    }

    /// A field, and what it holds when it is base64.
    fn text_of_field(&mut self, name: &str, text: &[u8]) {
        let detail = named("only the text of the field \"", name, "\", not the whole body");
        self.copy(text.to_vec(), Cause::PayloadFieldOnly, detail, Common);
        // Short words are base64 by accident.
        if text.len() >= 4
            && let Ok(decoded) = STANDARD.decode(text)
        {
            let detail = named("only the field \"", name, "\", base64-decoded, not the whole body");
            self.copy(decoded, Cause::PayloadFieldOnly, detail, Common);
        }
    }

    /// The values of a form that people sign in place of the whole.
    pub(super) fn fields_of_form(&mut self) {
        if self.given.len() > MAX_COPIED {
            return;
        }
        for (place, pair) in self.given.split(|byte| *byte == b'&').take(MAX_FIELDS).enumerate() {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            if let (Some(name), Some(value)) = (halves.next(), halves.next()) {
                let name = name_or_place(&String::from_utf8_lossy(&percent_decode(name, true)), place);
                self.text_of_field(&name, &percent_decode(value, true));
            }
        }
    }

    /// What stands in the parts of `multipart/form-data`.
    pub(super) fn parts_of_multipart(&mut self) {
        let Some(boundary) =
            self.given.strip_prefix(b"--").and_then(|rest| rest.split(|byte| *byte == b'\r').next())
        else {
            return;
        };
        let end = [b"\r\n--", boundary].concat();
        let mut rest = self.given;
        for number in 1..=MAX_FIELDS {
            let Some(start) = find(rest, b"\r\n\r\n") else { return };
            let Some(content) = rest.get(start + 4..) else { return };
            let Some(length) = find(content, &end) else { return };
            let (text, after) = content.split_at(length);
            let detail = format!("only what stands in part {number} of the form, not the whole body");
            self.copy(text.to_vec(), Cause::PayloadFieldOnly, detail, Rare);
            rest = after;
        }
    }

    /// What contracts sign that have no body: a token of the path, or a parameter.
    pub(super) fn parts_of_target(&mut self, target: Target<'_>) {
        let cause = Cause::PayloadIsElsewhere;
        let (path, query) = (target.raw_path(), target.raw_query());
        if !query.is_empty() {
            let detail = Words::from("the query, \"").and_quoting(query).and("\"");
            self.copy(query.to_vec(), cause, detail, Rare);
            self.copy(percent_decode(query, true), cause, "the query, decoded", Rare);
            if self.given.len() <= MAX_COPIED {
                self.copy([self.given, query].concat(), cause, "the payload, and the query behind it", Rare);
                self.copy(
                    [query, self.given].concat(),
                    cause,
                    "the payload, and the query in front of it",
                    Rare,
                );
            }
        }
        for text in [path.to_vec(), [path, b"?", query].concat()] {
            let detail = Words::from("the target, \"").and_quoting(&text).and("\"");
            self.copy(text, cause, detail, Rare);
        }
        let segments = target.raw_path().split(|byte| *byte == b'/').filter(|segment| !segment.is_empty());
        for (number, segment) in (1..=MAX_FIELDS).zip(segments) {
            let detail =
                Words::from(format!("segment {number} of the path, \"")).and_quoting(segment).and("\"");
            self.copy(percent_decode(segment, false), cause, detail, Rare);
        }
        for (name, value) in
            fields_of_form(target.raw_query()).unwrap_or_default().into_iter().take(MAX_FIELDS)
        {
            let detail = Words::from("the parameter \"").and_quoting(&name).and("\" of the query");
            self.copy(value, cause, detail, Rare);
        }
    }

    /// The payload as the only field of an object or of a form: the sender signed the whole, and this side passes a part.
    pub(super) fn wrapped(&mut self, value: Option<&Value>) {
        if self.given.is_empty() {
            return;
        }
        let text = core::str::from_utf8(self.given).ok().map(|text| Value::String(text.to_owned()));
        if value.is_some() {
            let list = "the list of which the payload that was passed is the only element";
            self.whole([b"[", self.given, b"]"].concat(), list.to_owned());
            for name in NAMES {
                for colon in [":", ": "] {
                    let text = [format!("{{\"{name}\"{colon}").as_bytes(), self.given, b"}"].concat();
                    let detail = format!(
                        "the whole body, {{\"{name}\"{colon}…}}, of which the payload that was passed is one field as it stands"
                    );
                    self.whole(text, detail);
                }
            }
        }
        let encoded = percent_encode(self.given);
        let spelled = form_spelling(&encoded);
        for inner in text.iter().chain(value) {
            self.wrapped_as_field(inner);
        }
        for name in NAMES {
            for text in [&spelled, &encoded].map(|text| format!("{name}={text}").into_bytes()) {
                self.whole(
                    text,
                    format!(
                        "the whole form, \"{name}=…\", of which the payload that was passed is one field"
                    ),
                );
            }
            let raw = format!("{name}=").into_bytes();
            self.whole(
                [&raw, self.given].concat(),
                format!("\"{name}=\" and then the payload that was passed"),
            );
        }
    }

    fn whole(&mut self, text: Vec<u8>, detail: String) {
        let fix = "On the sender, sign what was passed here, where the contract signs that, and not the body that it stands in. \
                   Otherwise on the receiver, pass the whole body as $payload.";
        self.fault(text, Fault::with(Cause::PayloadFieldOnly, detail).fixed_by(fix), Rare);
    }

    /// As the field of an object, under every name that programs give.
    fn wrapped_as_field(&mut self, inner: &Value) {
        for style in [&JAVASCRIPT, &PYTHON, &PHP] {
            let Some(text) = style.write(inner) else { continue };
            let how = style.name.trim_end_matches(',');
            for name in NAMES {
                let detail = format!(
                    "the whole body, {{\"{name}\": …}}, as {how} writes it, of which the payload that was passed is one field"
                );
                if name == NAMES[0] {
                    self.whole(style.object(&[(name, &text), SILENT]), detail.clone());
                }
                self.whole(style.object(&[(name, &text)]), detail);
            }
        }
    }
}

fn named(before: &'static str, name: &str, behind: &'static str) -> Words {
    Words::from(before).and_quoting(name.as_bytes()).and(behind)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// The name of a field, if it is one of those that programs give: any other may be data itself, which no report shows.
fn name_or_place(name: &str, place: usize) -> String {
    let known = NAMES.contains(&name) || OTHER_NAMES.contains(&name);
    if known { name.to_owned() } else { format!("number {}", place + 1) }
}

#[cfg(test)]
mod tests {
    use super::super::alternatives;
    use crate::request::Request;

    #[test]
    fn each_field_of_a_form_and_each_part_of_a_multipart_is_one() {
        let multipart =
            b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n";
        let has = |payload: &[u8], part: &[u8]| {
            alternatives(payload, Request::parse(b"POST", b"/").unwrap().target)
                .iter()
                .any(|other| &*other.value == part)
        };
        assert!(has(multipart, b"one") && has(multipart, b"two"));
        assert!(has(b"a=one&b=t+w%6F", b"one") && has(b"a=one&b=t+w%6F", b"t wo"));
    }
}
