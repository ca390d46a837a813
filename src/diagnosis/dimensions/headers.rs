//! What is wrong with the headers, before anything is computed.

use crate::diagnosis::case::Case;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;
use crate::digest::Encoding;
use crate::header::HeaderErrorKind;
use crate::header_template::HeaderTemplate;
use crate::key::Key;
use crate::profile::Profile;
use crate::received::{HeaderValue, Received};
use crate::rejection::Rejection;
use crate::request::Request;
use crate::timestamp::TimestampFormat;
use crate::verify::verify;

/// What made verification stop at the headers.
pub(in crate::diagnosis) fn fault(case: &Case<'_>, rejection: &Rejection) -> Fault {
    match rejection {
        Rejection::Missing { .. } => {
            Fault::with(Cause::HeaderMissing, missing(case.profile, case.received).join(", "))
        }
        Rejection::Repeated { header } => {
            Fault::with(Cause::HeaderRepeated, name(case.profile, *header).to_owned())
        }
        other => Fault::with(Cause::HeaderMalformed, other.message(case.profile))
            .fixed_by(fix(case.profile, other)),
    }
}

/// The profile whose headers these are, if they are those of another one.
pub(in crate::diagnosis) fn of_other_profile(
    case: &Case<'_>,
    key: &Key,
    request: &Request<'_>,
) -> Option<Fault> {
    let fields = case.profile.headers().iter().zip(case.received).filter(|(header, _)| has_fields(header));
    if !fields.map(|(_, found)| found).all(|found| *found == HeaderValue::Missing) {
        return None;
    }
    let (other, received) = case.context.elsewhere.iter().find(|(other, received)| {
        other.name() != case.profile.name() && missing(other, received).is_empty()
    })?;
    let verifies = verify(other, &[key], received, request, case.payload, case.clock).is_ok();
    let (name, own) = (other.name(), case.profile.name());
    let verdict = if verifies { ", and the request verifies under it" } else { "" };
    let detail = format!("These are the headers of the profile \"{name}\", not of \"{own}\"{verdict}");
    let fault = Fault::with(Cause::OtherProfile, detail)
        .fixed_by(format!("Pass '{name}' as $profile (--profile {name})."));
    Some(if verifies {
        fault
    } else {
        fault.or_fixed_by("Then diagnose again: it does not verify under that profile yet.")
    })
}

/// The names of all headers that are missing, but for those that say nothing new.
fn missing<'p>(profile: &'p Profile, received: &Received<'_>) -> Vec<&'p str> {
    let mut carried = Vec::new();
    let mut names = Vec::new();
    for (header, found) in profile.headers().iter().zip(received) {
        // One without a field is not looked at, where there is one with fields.
        if *found == HeaderValue::Missing && !header.fields().all(|field| carried.contains(&field)) {
            names.push(header.name());
        }
        carried.extend(header.fields());
    }
    names
}

fn has_fields(header: &HeaderTemplate) -> bool {
    header.fields().next().is_some()
}

fn name(profile: &Profile, header: usize) -> &str {
    profile.headers().get(header).map_or("", HeaderTemplate::name)
}

/// How a header should have been written.
fn fix(profile: &Profile, rejection: &Rejection) -> String {
    let (header, kind) = match rejection {
        Rejection::Malformed { header, error } => (*header, Some(&error.kind)),
        Rejection::Contradiction { header } => {
            return format!(
                "On the sender, write the same text into {} as into the others.",
                name(profile, *header)
            );
        }
        Rejection::NotText { header } => {
            return format!("Pass {} as a string, as it arrived.", name(profile, *header));
        }
        _ => (0, None),
    };
    let template = profile.headers().get(header);
    let whole = format!(
        "write the header as the profile has it, {}: {}",
        name(profile, header),
        template.map_or("", HeaderTemplate::text)
    );
    let part = match kind {
        Some(HeaderErrorKind::Timestamp(grammar)) => match grammar.format() {
            TimestampFormat::Rfc3339 => "write the timestamp as gmdate('Y-m-d\\TH:i:s\\Z') does".into(),
            TimestampFormat::Iso8601Basic => "write the timestamp as gmdate('Ymd\\THis\\Z') does".into(),
            TimestampFormat::Milliseconds => {
                "write the timestamp with digits only, in milliseconds: (string) (int) (microtime(true) * 1000)".into()
            }
            TimestampFormat::Seconds => "write the timestamp with digits only, such as (string) time()".into(),
        },
        Some(HeaderErrorKind::Nonce) => {
            format!("write a nonce that the profile takes: {}", profile.nonce_grammar().unwrap_or_default())
        }
        Some(HeaderErrorKind::Digest(_)) => match profile.encoding() {
            Encoding::Base64 => "write the signature as base64_encode() of the raw digest, 44 characters".into(),
            Encoding::Base64Url => {
                "write the signature as base64_encode() of the raw digest with - for +, _ for / and no =, 43 characters"
                    .into()
            }
            Encoding::Hex => "write the signature as hash_hmac() returns it, 64 hexadecimal digits".into(),
        },
        _ => return format!("On the sender, {whole}."),
    };
    // Where a separator is broken, it shows in a part.
    if template.is_some_and(|header| header.fields().count() > 1) {
        return format!("On the sender, {part}; {whole}.");
    }
    format!("On the sender, {part}.")
}
