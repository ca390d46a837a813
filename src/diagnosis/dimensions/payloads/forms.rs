//! Names and values, joined otherwise than a form has them.

use serde_json::Value;

use super::Payloads;
use super::rewritten::{SIGNATURES, fields_of_form, without_own_signature};
use crate::diagnosis::alternative::Commonness::Rare;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::transit::replace;

/// A name and its value, decoded.
type Pair = (Vec<u8>, Vec<u8>);

/// What to do where the sender signs fields and not what it sends.
const FIELDS_FIX: &str = "On the receiver, put together what the sender signs, from the fields as they arrived ($_GET, $_POST or json_decode()), \
                          and verify that as $payload. On the sender, sign the bytes that are sent.";

impl Payloads<'_> {
    /// A form whose parameters stand there as they are, but for what joins them, or whose escapes are escaped.
    pub(super) fn joined_form(&mut self) {
        let Some(fields) = fields_of_form(self.given) else { return };
        let cause = Cause::PayloadReserialized;
        let pairs: Vec<&[u8]> = self.given.split(|byte| *byte == b'&').collect();
        if self.given.contains(&b'%') {
            let how = "an encoder that escapes a second time, with %25 for %,";
            self.copy(replace(self.given, b"%", b"%25"), cause, how, Rare);
        }
        if let [_, _, ..] = *pairs {
            self.copy(pairs.join(&b';'), cause, "a program that puts ; between the parameters", Rare);
            let full: Vec<&[u8]> = pairs.iter().copied().filter(|pair| !pair.ends_with(b"=")).collect();
            self.copy(full.join(&b'&'), cause, "a program that leaves empty parameters out", Rare);
        }
        let mut sorted = fields.clone();
        sorted.sort();
        let values: Vec<&[u8]> = sorted.iter().map(|(_, value)| &**value).collect();
        for glue in [&b""[..], b"|", b","] {
            self.fields_joined(values.join(glue), "implode() of the values after ksort()");
        }
        self.joined_pairs(fields);
    }

    /// A form with a ; between its parameters, and an & at the sender.
    pub(super) fn form_of_semicolons(&mut self) {
        let pairs: Vec<&[u8]> = self.given.split(|byte| *byte == b';').collect();
        if pairs.len() > 1 && pairs.iter().all(|pair| pair.contains(&b'=')) {
            let how = "a program that puts & between the parameters";
            self.copy(pairs.join(&b'&'), Cause::PayloadReserialized, how, Rare);
        }
    }

    /// JSON as `name=value`, sorted or not, and nothing encoded: as payment providers sign it.
    pub(super) fn pairs_of_json(&mut self, value: &Value) {
        let Some(object) = value.as_object() else { return };
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        let pairs = object.iter().map(|(name, value)| (name.clone().into_bytes(), text(value).into_bytes()));
        self.joined_pairs(pairs.collect());
    }

    fn joined_pairs(&mut self, fields: Vec<Pair>) {
        let written = |fields: &[Pair], glue: &[u8], leave_out: bool| {
            let kept = fields.iter().filter(|(_, value)| !leave_out || !value.is_empty());
            kept.map(|(name, value)| [&**name, b"=", value].concat()).collect::<Vec<_>>().join(glue)
        };
        let mut sorted = fields.clone();
        sorted.sort();
        for (list, order) in [(&fields, ""), (&sorted, " after ksort()")] {
            for (glue, name) in [(&b"&"[..], "&"), (b"", "nothing")] {
                for (leave_out, more) in [(false, ","), (true, ", and leaves empty values out,")] {
                    let how = format!(
                        "a program that joins name=value with {name} between and encodes nothing{order}{more}"
                    );
                    self.fields_joined(written(list, glue, leave_out), how);
                }
            }
        }
        for list in [&fields, &sorted] {
            let glued = list.iter().flat_map(|(name, value)| [&**name, value]).collect::<Vec<_>>().concat();
            let how = "a program that joins names and values with nothing between, as shops of Lazada and AliExpress have it,";
            self.fields_joined(glued, how);
        }
        let is_signature = |(name, _): &&Pair| SIGNATURES.iter().any(|other| other.as_bytes() == name);
        if sorted.iter().any(|field| is_signature(&field)) {
            let rest: Vec<Pair> = sorted.iter().filter(|field| !is_signature(field)).cloned().collect();
            for glue in [&b"&"[..], b""] {
                let how = "a program that joins name=value without the signature, sorted and not encoded,";
                self.fault(written(&rest, glue, true), without_own_signature(how), Rare);
            }
        }
    }

    /// What the sender signs of fields that it sends otherwise.
    fn fields_joined(&mut self, text: Vec<u8>, how: impl Into<Words>) {
        self.fault(text, Fault::with(Cause::PayloadReserialized, how).fixed_by(FIELDS_FIX), Rare);
    }

    /// A time and a token that stand in the body, one behind the other: what Mailgun signs.
    pub(super) fn time_and_token(&mut self, value: &Value) {
        let text = |value: &Value, name: &str| match value.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        for (owner, path) in [(Some(value), ""), (value.get("signature"), "signature.")] {
            let Some(owner) = owner else { continue };
            let (Some(time), Some(token)) = (text(owner, "timestamp"), text(owner, "token")) else {
                continue;
            };
            let detail = format!(
                "only the fields {path}timestamp and {path}token, one behind the other, and not the body"
            );
            let fix = "On the receiver, pass the two texts, one behind the other, as $payload, where the contract signs them, as that of \
                       Mailgun does: the body itself is not signed then.";
            let fault = Fault::with(Cause::PayloadFieldOnly, detail).fixed_by(fix);
            self.fault([time, token].concat().into_bytes(), fault, Rare);
        }
    }
}
