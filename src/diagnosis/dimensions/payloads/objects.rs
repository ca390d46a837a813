//! Objects taken for texts: what a language makes of data where it wants a text, on either side.

use serde_json::Value;

use super::Payloads;
use crate::diagnosis::alternative::Commonness::Rare;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::json::{COMPACT, JAVASCRIPT, PHP, PHP_UNESCAPED, PYTHON, literal, texts};
use crate::diagnosis::transit::{of_python_bytes, python_bytes, replace};

/// Longest payload of which the texts of other languages are made, which grow with its depth.
const MAX_OBJECT: usize = 16 << 10;

impl Payloads<'_> {
    /// What a language makes of data where it wants a text.
    pub(super) fn as_object(&mut self, value: Option<&Value>) {
        let cause = Cause::PayloadIsObjectText;
        for (text, what) in [
            ("Array", "the text \"Array\", which PHP makes of a list"),
            ("[object Object]", "the text \"[object Object]\", which JavaScript makes of an object"),
            ("Object", "the text \"Object\""),
            ("[object Promise]", "the text \"[object Promise]\", since await is missing"),
            ("1", "the text \"1\", which PHP makes of true"),
            ("System.Byte[]", "the text \"System.Byte[]\", which .NET makes of an array of bytes"),
            ("System.Object", "the text \"System.Object\", which .NET makes of an object"),
            (
                "System.Collections.Generic.Dictionary`2[System.String,System.Object]",
                "the name of the type, which ToString() of .NET makes of a dictionary",
            ),
            (
                "System.Collections.Generic.Dictionary`2[System.String,System.String]",
                "the name of the type, which ToString() of .NET makes of a dictionary",
            ),
        ] {
            self.copy(text.into(), cause, what, Rare);
        }
        if self.given.len() <= MAX_OBJECT {
            let bytes = decimal(self.given);
            let what = "JSON.stringify() of the Buffer of Node that holds the payload: toString() is missing";
            let text = [b"{\"type\":\"Buffer\",\"data\":[", &*bytes, b"]}"].concat();
            self.copy(text, cause, what, Rare);
            self.copy(bytes, cause, "the bytes as numbers, which JavaScript makes of a Uint8Array", Rare);
        }
        let what = "b'…', which str() of Python makes of bytes: decode() is missing";
        self.copy(python_bytes(self.given), cause, what, Rare);
        let value = value.filter(|_| self.given.len() <= MAX_OBJECT);
        for (text, what) in value.map(texts).unwrap_or_default() {
            self.copy(text, cause, what, Rare);
        }
        if value.is_some() {
            let text = replace(self.given, b"\"", b"'");
            self.copy(text, cause, "the payload with ' in place of \"", Rare);
        }
        for quote in ["\"", "'"] {
            let text = [quote.as_bytes(), self.given, quote.as_bytes()].concat();
            self.copy(text, cause, format!("the payload between a pair of {quote}"), Rare);
        }
    }

    /// The other way round: what was passed here is such a text, and the sender signed the data as JSON.
    pub(super) fn of_object_text(&mut self) {
        if self.given.len() > MAX_OBJECT {
            return;
        }
        if let Some(bytes) = of_python_bytes(self.given) {
            let detail =
                "b'…', which str() of Python puts around bytes, is taken off, and its escapes are taken back";
            let fix = "On the receiver, pass the body as it came: what was passed is str(request.body), and request.body is the bytes.";
            self.fault(bytes, Fault::with(Cause::PayloadEscaped, detail).fixed_by(fix), Rare);
        }
        let Some(value) = literal(self.given) else { return };
        for style in [&PYTHON, &COMPACT, &JAVASCRIPT, &PHP, &PHP_UNESCAPED] {
            let Some(text) = style.write(&value) else { continue };
            let fix = "On the receiver, pass the body as it came: what was passed is no JSON, but what a language shows of the decoded data \
                       (str() of Python, to_s of Ruby, util.inspect() of Node).";
            let how = Words::from(style.name);
            self.fault(text, Fault::with(Cause::PayloadReserialized, how).fixed_by(fix), Rare);
        }
    }
}

/// Each byte as a number, with commas between.
fn decimal(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(4 * bytes.len());
    for byte in bytes {
        for (power, least) in [(100, 100), (10, 10), (1, 0)] {
            if *byte >= least {
                text.push(b'0' + byte / power % 10);
            }
        }
        text.push(b',');
    }
    text.pop();
    text
}
