//! The headers of another profile in the place of this one's.

use super::{has_fields, missing};
use crate::diagnosis::case::Case;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;
use crate::key::Key;
use crate::profile::Profile;
use crate::received::HeaderValue;
use crate::request::Request;
use crate::verify::verify;

/// The profile whose headers these are, if they are those of another one.
pub(in crate::diagnosis) fn of_other_profile(
    case: &Case<'_>,
    keys: &[Key],
    request: &Request<'_>,
) -> Option<Fault> {
    let fields = case.profile.headers().iter().zip(case.received).filter(|(header, _)| has_fields(header));
    if !fields.map(|(_, found)| found).all(|found| *found == HeaderValue::Missing) {
        return None;
    }
    let (other, received) = case.context.elsewhere.iter().find(|(other, received)| {
        other.name() != case.profile.name() && missing(other, received).is_empty()
    })?;
    let verifies = verify(other, keys, received, request, case.payload, case.clock).is_ok();
    let (name, own) = (other.name(), case.profile.name());
    // Under one secret, what was signed by the one can be sent as the other: a message comes back to its sender.
    let interchangeable = case.profile.string_to_sign().text() == other.string_to_sign().text();
    let verdict = match (verifies, interchangeable) {
        (true, true) => ", and both sign the same bytes",
        (true, false) => ", and the request verifies under it",
        _ => "",
    };
    let detail = format!("These are the headers of the profile \"{name}\", not of \"{own}\"{verdict}");
    let fault = Fault::with(Cause::OtherProfile, detail);
    if interchangeable && may_answer_each_other(case.profile, other) {
        return Some(fault.fixed_by(format!(
            "On the receiver, keep the profile where this endpoint is for \"{own}\": whoever sends to it has to sign so, under a secret \
             that serves nothing else, or a message of one direction could be sent back in the other. What is for \"{name}\" \
             belongs to an endpoint of its own."
        )));
    }
    let fault = fault.fixed_by(format!(
        "On the receiver, pass the profile that this endpoint is for: '{name}' as $profile (--profile {name}), if that is who \
         is to call it. Otherwise let the sender sign as \"{own}\"."
    ));
    Some(if verifies {
        fault
    } else {
        fault.or_fixed_by("Then diagnose again: it does not verify under that profile yet.")
    })
}

/// Whether messages may go both ways between the same two sides, each way by one of these contracts: those of one project do,
/// and those of which nobody says where they are from.
fn may_answer_each_other(one: &Profile, other: &Profile) -> bool {
    let project = |profile: &Profile| {
        let source = profile.about().source?;
        source.split(',').next().map(ToOwned::to_owned)
    };
    match (project(one), project(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}
