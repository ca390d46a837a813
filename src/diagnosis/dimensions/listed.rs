//! What is wrong with a header that is signed, where it is not there as the list of the signed headers has it.

use crate::diagnosis::case::Case;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};
use crate::freshness::Tolerance;
use crate::key::Key;
use crate::request::Request;
use crate::signed_headers::{HeaderFault, NamedValue, RequestHeaders, SignedHeaders, header_name};
use crate::verify::{Clock, verify};

use super::canonical::values;
use super::fields;
use super::headers;

/// Why the headers that are signed cannot be, where that is why.
pub(in crate::diagnosis) fn fault(
    case: &Case<'_>,
    keys: &[Key],
    request: &Request<'_>,
    list: &[u8],
) -> Option<Fault> {
    let string_to_sign = case.profile.string_to_sign();
    let listed = SignedHeaders::parse(list).filter(|_| string_to_sign.signs_header_list());
    let mut names: Vec<&[u8]> = string_to_sign.header_names().iter().map(|name| name.as_bytes()).collect();
    names.extend(listed.iter().flat_map(SignedHeaders::names));
    let found = |name: &&[u8]| case.context.headers.find(name);
    let missing: Vec<&[u8]> =
        names.iter().copied().filter(|name| found(name) == Err(HeaderFault::Missing)).collect();
    if !missing.is_empty() {
        return Some(lost(case, keys, request, &missing));
    }
    let (name, fault) = names.iter().find_map(|name| Some((*name, found(name).err()?)))?;
    let name_of = |fault| fields::name(name).and(format!(", which is signed, {fault}"));
    Some(match fault {
        HeaderFault::Repeated if is_known_twice(case, name) => {
            let variable = String::from_utf8_lossy(name).to_ascii_uppercase().replace('-', "_");
            Fault::with(Cause::HeaderRepeated, fields::name(name)).fixed_by(format!(
                "On the receiver, $_SERVER['{variable}'] and $_SERVER['HTTP_{variable}'] say different things: look for what sets one of \
                 them (fastcgi_param, SetEnv, a middleware), and pass the headers as they came."
            ))
        }
        HeaderFault::Repeated => Fault::with(Cause::HeaderRepeated, fields::name(name)),
        fault => Fault::with(Cause::HeaderMalformed, name_of(fault)).fixed_by(
            "On the sender, send it as one line of text. On the receiver, pass it as a string, as it arrived.",
        ),
    })
}

/// Whether it stands there with and without `HTTP_`, once each.
fn is_known_twice(case: &Case<'_>, name: &[u8]) -> bool {
    let of_name = |(other, _): &&NamedValue<'_>| header_name(other).as_deref() == Some(name);
    let names: Vec<_> = case.context.headers.0.iter().filter(of_name).map(|(other, _)| *other).collect();
    matches!(*names, [one, other] if one.starts_with(b"HTTP_") != other.starts_with(b"HTTP_") && one.contains(&b'_') && other.contains(&b'_'))
}

/// Headers that are signed and not there; where it is one of those whose values can be told, with the value that makes the
/// signature right.
fn lost(case: &Case<'_>, keys: &[Key], request: &Request<'_>, missing: &[&[u8]]) -> Fault {
    let texts: Vec<String> = missing.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    if let Some(fault) = headers::disguised(case, &texts.iter().map(String::as_str).collect::<Vec<_>>()) {
        return fault;
    }
    let quoted = |name: &&[u8]| Words::from("\"").and_words(fields::name(name)).and("\"");
    let names = missing.iter().map(quoted).reduce(|list, name| list.and(", ").and_words(name));
    let mut words = names.unwrap_or_else(|| "".into()).and(", though signed");
    if let [name] = missing {
        // Whatever its age: that is another matter.
        let clock = Clock { tolerance: Some(Tolerance::AnyAge), ..case.clock };
        let right =
            values::others(name, None, case.target, &case.context, case.payload).into_iter().find(|other| {
                let mut entries = case.context.headers.0.to_vec();
                entries.push((name, Some(&other.value)));
                let request = request.with_headers(RequestHeaders(&entries));
                verify(case.profile, keys, case.received, &request, case.payload, clock).is_ok()
            });
        if let Some(right) = right {
            words = Words::from("one that is signed, and with which the signature matches: ")
                .and_words(right.words(name));
        }
    }
    Fault::with(Cause::HeaderMissing, words).fixed_by(
        "On the receiver, pass all headers, and look for what drops it: a proxy takes Connection and Transfer-Encoding off, and often \
         Accept-Encoding. On the sender, sign only headers that arrive as they are sent.",
    )
}
