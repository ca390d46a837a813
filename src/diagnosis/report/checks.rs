//! What to check besides the findings, and where to look when there are none.

use super::masking::Secrets;
use crate::diagnosis::case::Case;
use crate::diagnosis::fault::Fault;
use crate::request::Request;
use crate::template::Field;

const IN_THIS_ORDER: &str = "Nothing that this search tries gives the received signature. What people meet most is another \
     secret: of another endpoint, of the test system or the live one, or from before it was changed. Copy it again from where \
     the sender shows it. Where both sides are yours, compare Key::fromBytes($secret)->fingerprint, or its length at least. Then \
     compare the bytes of the payload (length and SHA-256)";

/// What no search can find out.
const NOT_KNOWN: &str = "What cannot be computed here: the other secret, and which bytes were lost on the way. Give the sender \
     the figures below, and never ask for the secret.";

/// What nobody can tell from a replay: there is no time in it that would be another one.
const RETRY: &str = "This contract has no timestamp: when its sender tries again, the nonce and the payload are the same, and a \
     replay guard calls that replayed. Answer the second try as the first one was answered, and give the claim back where the work \
     failed after it: docs/replay-protection.md shows how.";

const NO_PAYLOAD: &str = "No payload was passed. If the sender signed one, read it with \
     file_get_contents('php://input'); that is empty for multipart/form-data, and may be when something has read the \
     stream before.";

const BEYOND_ASCII: &str = "The payload has letters beyond ASCII. Try one that has none: where that is valid, it is their encoding, or a \
     program between the two that decodes and encodes the data again.";

/// What a payload looks like that is no body of a request, whatever was signed.
fn no_body(payload: &[u8]) -> Option<&'static str> {
    Some(match payload.trim_ascii() {
        [b'{', b'\'', ..] | [b'[', b'{', b'\'', ..] => {
            "What was passed as the payload begins as Python shows decoded data: pass the body as it came, and not str() of it."
        }
        [b'b', quote @ (b'\'' | b'"'), .., last] if quote == last => {
            "What was passed as the payload begins as Python shows bytes: pass them, and not str() of them."
        }
        b"[]" | b"{}" | b"null" | b"\"\"" | b"false" => {
            "What was passed as the payload is what encoders make of no data: look whether the body was read at all, and pass it as it came."
        }
        b"[object Object]" | b"Array" | b"undefined" | b"None" => {
            "What was passed as the payload is what a language makes of an object where it wants a text: pass the body as it came."
        }
        _ => return None,
    })
}

/// What a valid request does not prove: that the other side takes the same for the payload, and that it comes once.
pub(super) fn beside_valid(case: &Case<'_>) -> Vec<String> {
    let payload = payload_is(case).map(|payload_is| beside_valid_payload(case, &payload_is));
    let nonce = case.profile.nonce().filter(|nonce| nonce.is_unique() && case.profile.timestamp().is_none());
    payload.into_iter().chain(nonce.map(|_| RETRY.to_owned())).collect()
}

fn beside_valid_payload(case: &Case<'_>, payload_is: &str) -> String {
    let what = if looks_like_body(case.payload) {
        "What was passed looks like a whole body: where the other side keeps to the contract, it computes another signature, \
         and answers that this one is wrong. Sign and verify that text alone."
    } else {
        "The request is valid for what was passed as that."
    };
    format!("{payload_is} {what}")
}

/// What the contract takes for the payload, where a finding is about that.
pub(super) fn beside_findings(case: &Case<'_>, faults: &[Fault]) -> Vec<String> {
    let about_payload = faults.iter().any(|fault| fault.cause.is_about_payload());
    payload_is(case).into_iter().filter(|_| about_payload).collect()
}

/// What to check, the likeliest first.
pub(super) fn of_unexplained(case: &Case<'_>, secrets: &Secrets, has_string_to_sign: bool) -> Vec<String> {
    // What cannot be signed is explained.
    let Ok(request) = Request::parse(case.method, case.target) else { return Vec::new() };
    let mut checks = Vec::new();
    if case.payload.is_empty() && case.profile.signs_payload(&request.method()) {
        checks.push(NO_PAYLOAD.to_owned());
    }
    let last = if case.profile.string_to_sign().canonical_request().is_some() {
        ", and the canonical request below, line by line, with the sender's"
    } else {
        ", and the string to sign below, character by character, with the sender's"
    };
    checks.extend(no_body(case.payload).map(ToOwned::to_owned));
    checks.push(format!("{IN_THIS_ORDER}{}.", if has_string_to_sign { last } else { "" }));
    if !case.payload.is_ascii() {
        checks.push(BEYOND_ASCII.to_owned());
    }
    checks.push(NOT_KNOWN.to_owned());
    checks.extend(payload_is(case));
    if case.profile.string_to_sign().signs_request() {
        let pass = if case.profile.string_to_sign().has(Field::Url) {
            "the URL that is registered with the sender"
        } else {
            "$_SERVER['REQUEST_URI']"
        };
        checks.push(format!(
            "It was computed for the method {} and the target {}; pass $_SERVER['REQUEST_METHOD'] and {pass} where these are not \
             the request's.",
            secrets.visible(&request.method()),
            secrets.visible(case.target),
        ));
    }
    checks
}

fn payload_is(case: &Case<'_>) -> Option<String> {
    let payload = case.profile.about().payload?;
    Some(format!("The payload of \"{}\" is {payload}.", case.profile.name()))
}

/// Whether it begins and ends as an object or a list does in JSON.
fn looks_like_body(payload: &[u8]) -> bool {
    matches!(payload.trim_ascii(), [b'{', .., b'}'] | [b'[', .., b']'])
}
