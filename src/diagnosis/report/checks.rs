//! Where to look when the search found nothing.

use super::masking::Secrets;
use crate::diagnosis::case::Case;
use crate::request::Request;

const IN_THIS_ORDER: &str = "Nothing that this search tries gives the received signature. Check in this order: the \
     key (compare the fingerprint on both machines: Key::fromBytes($secret)->fingerprint), the bytes of the payload \
     (its SHA-256)";

const NO_PAYLOAD: &str = "No payload was passed. If the sender signed one, read it with \
     file_get_contents('php://input'); that is empty for multipart/form-data, and may be when something has read the \
     stream before.";

/// What to check, the likeliest first.
pub(super) fn checks(case: &Case<'_>, secrets: &Secrets, has_string_to_sign: bool) -> Vec<String> {
    // What cannot be signed is explained.
    let Ok(request) = Request::parse(case.method, case.target) else { return Vec::new() };
    let mut checks = Vec::new();
    if case.payload.is_empty() && case.profile.signs_payload(&request.method()) {
        checks.push(NO_PAYLOAD.to_owned());
    }
    let last = ", then the string to sign below, character by character, against the sender's";
    checks.push(format!("{IN_THIS_ORDER}{}.", if has_string_to_sign { last } else { "" }));
    if let Some(payload) = case.profile.about().payload {
        checks.push(format!("The payload of \"{}\" is {payload}.", case.profile.name()));
    }
    if case.profile.string_to_sign().signs_request() {
        checks.push(format!(
            "It was computed for the method {} and the target {}; pass $_SERVER['REQUEST_METHOD'] and \
             $_SERVER['REQUEST_URI'] where these are not the request's.",
            secrets.visible(&request.method()),
            secrets.visible(case.target),
        ));
    }
    checks
}
