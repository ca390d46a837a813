//! Which other method, path or query the sender may have signed.

mod paths;

use alloc::rc::Rc;

use crate::diagnosis::alternative::Commonness::{self, Common, Everyday, Rare};
use crate::diagnosis::alternative::{Alternative, Alternatives, MAX_FAULTS, add, add_as};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::draft::{Draft, Parts};
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::transit::replace;
use crate::request::{Request, Target, form_spelling, percent_decode};
use crate::template::Field;

use paths::other_paths;
pub(super) use paths::{Paths, encoded_segments};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// Another method, path or query, and two of these at once.
pub(in crate::diagnosis) fn alternatives(own: &Draft, parts: &Parts<'_>, list: &mut Alternatives<Draft>) {
    let mut methods = Alternatives::of(own.method.clone());
    let mut paths = Alternatives::of(own.path.clone());
    let mut queries = Alternatives::of(own.query.clone());
    if own.signs(Field::Method) {
        for (method, fault, commonness) in other_methods(own, parts) {
            add_as(commonness, &mut methods, method.into(), vec![fault]);
        }
    }
    if own.signs(Field::Path) {
        for (path, faults, commonness) in other_paths(own, parts) {
            add_as(commonness, &mut paths, path, faults);
        }
    }
    if own.signs(Field::Query) {
        for (query, detail, commonness) in other_queries(parts.target, &own.query) {
            let mut fault = Fault::with(Cause::QueryNotCanonical, detail);
            if let Some(fix) = query_fix(detail) {
                fault = fault.fixed_by(fix);
            } else if query.is_empty() {
                fault = fault.fixed_by(
                    "On the sender, sign the query too, in its canonical form; hw_sign() does so by itself.",
                );
            }
            add_as(commonness, &mut queries, query.into(), vec![fault]);
        }
    }
    if own.signs(Field::Path) || own.signs(Field::Query) {
        other_targets(own, parts, &methods, list);
    }
    for method in &*methods {
        for path in &*paths {
            for query in &*queries {
                let parts = [method, path, query].map(|one| (one.faults.len(), one.commonness));
                let faults: usize = parts.iter().map(|(faults, _)| faults).sum();
                if let Some(commonness) = together(parts)
                    && faults <= MAX_FAULTS
                {
                    let faults = [&*method.faults, &*path.faults, &*query.faults].concat();
                    let (method, path) = (method.value.clone(), path.value.clone());
                    let value = Draft { method, path, query: query.value.clone(), ..own.clone() };
                    add_as(commonness, list, value, faults);
                }
            }
        }
    }
    if own.signs(Field::Path) {
        misplaced_queries(own, parts, list);
    }
}

/// How common it is that all of these are otherwise at once, if people meet that at all.
fn together(parts: [(usize, Commonness); 3]) -> Option<Commonness> {
    let mut other = parts.into_iter().filter(|(faults, _)| *faults > 0).map(|(_, commonness)| commonness);
    match (other.next(), other.next(), other.next()) {
        (Some(one), None, _) => Some(one),
        (Some(one), Some(two), None) if one.meets(two) => Some(Rare),
        _ => None,
    }
}

fn other_methods(own: &Draft, parts: &Parts<'_>) -> Vec<(Vec<u8>, Fault, Commonness)> {
    let mut methods = Vec::new();
    if let Some(method) = parts.context.method {
        let detail = Words::quoting(method).and(", which is $_SERVER['REQUEST_METHOD'] here");
        let fault = Fault::with(Cause::MethodDiffers, detail);
        methods.push((
            method.to_vec(),
            fault.fixed_by("On the receiver, pass $_SERVER['REQUEST_METHOD'] as $method."),
            Common,
        ));
    }
    if let Some(method) = parts.context.method_override {
        let detail = Words::quoting(method).and(", which the header X-HTTP-Method-Override has");
        let fault = Fault::with(Cause::MethodDiffers, detail).fixed_by(
            "On the sender, sign the method that is sent, which is POST here; on the receiver, verify the method that the \
             router acts on, and refuse the request where the two differ.",
        );
        methods.push((method.to_ascii_uppercase(), fault, Common));
    }
    let lower = own.method.to_ascii_lowercase();
    let mut capital = lower.clone();
    capital.iter_mut().take(1).for_each(u8::make_ascii_uppercase);
    for method in METHODS.map(str::as_bytes).into_iter().chain([&*lower, &*capital]) {
        methods.push((method.to_vec(), Fault::with(Cause::MethodDiffers, Words::quoting(method)), Common));
    }
    methods
}

/// The target that the web server has, under every method.
fn other_targets(
    own: &Draft,
    parts: &Parts<'_>,
    methods: &[Alternative<Rc<[u8]>>],
    list: &mut Alternatives<Draft>,
) {
    let known = [
        (parts.context.target, "which is $_SERVER['REQUEST_URI'] here"),
        (parts.context.original_target, "which is what a proxy had before it rewrote it"),
    ];
    for (target, where_) in known {
        let Some(target) = target else { continue };
        other_target(own, parts, methods, target, where_, list);
    }
}

fn other_target(
    own: &Draft,
    parts: &Parts<'_>,
    methods: &[Alternative<Rc<[u8]>>],
    target: &[u8],
    where_: &str,
    list: &mut Alternatives<Draft>,
) {
    let string_to_sign = parts.profile.string_to_sign();
    let Ok(request) = Request::parse(b"GET", target) else { return };
    let names = own.rare.as_ref().map_or(&[][..], |rare| &rare.signed_headers);
    let request = request.with_headers(parts.context.headers).with_signed_headers(names);
    let Ok(canonical) = request.canonical(string_to_sign) else { return };
    let fault = Fault::with(Cause::TargetDiffers, Words::quoting(target).and(format!(", {where_}")));
    for method in methods {
        let faults: Vec<Fault> = method.faults.iter().chain([&fault]).cloned().collect();
        let draft = Draft { method: method.value.clone(), ..own.clone() };
        add(list, draft.to(string_to_sign, &canonical), faults);
    }
}

/// The same with its escapes in lower case, as `%c3%a9`.
fn lower_escapes(text: &[u8]) -> Vec<u8> {
    let mut lower = text.to_vec();
    for index in 0..text.len() {
        if text.get(index) == Some(&b'%') {
            lower.iter_mut().skip(index + 1).take(2).for_each(u8::make_ascii_lowercase);
        }
    }
    lower
}

/// What stands in front of the path in a full URL: as the target has it, or else as the host makes it likely.
pub(super) fn origins(parts: &Parts<'_>) -> Vec<Vec<u8>> {
    if !parts.whole_target.starts_with(b"/") {
        let slashes = parts.whole_target.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        let third = slashes.map(|(index, _)| index).nth(2);
        return third.and_then(|end| parts.whole_target.get(..end)).map(<[u8]>::to_vec).into_iter().collect();
    }
    let host = parts.context.host.filter(|host| host.len() <= MAX_HOST);
    host.map(|host| ["https://", "http://", ""].map(|scheme| [scheme.as_bytes(), host].concat()))
        .into_iter()
        .flatten()
        .collect()
}

/// The same without a scheme, and with the other one, where the target has one.
pub(super) fn other_origins(parts: &Parts<'_>) -> Vec<Vec<u8>> {
    let origins = origins(parts);
    let [origin] = &*origins else { return Vec::new() };
    let Some(colon) = find(origin, b"://") else { return Vec::new() };
    let (scheme, authority) = origin.split_at(colon + 3);
    let other: &[u8] = if scheme.eq_ignore_ascii_case(b"https://") { b"http://" } else { b"https://" };
    vec![authority.to_vec(), [other, authority].concat()]
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

/// Longest name of a host, with a port.
const MAX_HOST: usize = 261;

/// What else may have been signed for a query, whose canonical form is given.
pub(super) fn other_queries(
    target: Target<'_>,
    canonical: &[u8],
) -> Vec<(Vec<u8>, &'static str, Commonness)> {
    let raw = target.raw_query();
    if raw.is_empty() {
        return Vec::new();
    }
    let canonical = String::from_utf8_lossy(canonical);
    let mut sorted: Vec<&[u8]> = raw.split(|byte| *byte == b'&').collect();
    sorted.sort_unstable();
    let mut queries = vec![
        (raw.to_vec(), "as it stands in the URL", Everyday),
        (Vec::new(), "as if it were empty", Common),
        (sorted.join(&b'&'), "sorted, and each parameter as it stands in the URL", Common),
        (target.encoded_query().into_bytes(), "encoded again, but not sorted", Common),
        (canonical.replace("%20", "+").into_bytes(), "with + in place of %20", Common),
        (form_spelling(&canonical).into_bytes(), "as http_build_query() writes it", Common),
        (percent_decode(raw, true), "decoded", Common),
        ([b"?", raw].concat(), "with its question mark", Common),
        ([b"?", canonical.as_bytes()].concat(), "with its question mark", Common),
        (target.canonical_query().into_bytes(), "sorted after it was encoded", Common),
        (target.canonical_request_query().into_bytes(), "sorted before it was encoded", Common),
        (
            target.query_of_numbers().into_bytes(),
            "with its names sorted as numbers, as PHP's sort() does",
            Common,
        ),
        (target.query_by_name().into_bytes(), "sorted by name alone", Rare),
        (ampersands_of_html(raw), "with &amp; in place of &, as HTML has it", Rare),
        (ampersands_of_html(canonical.as_bytes()), "with &amp; in place of &, as HTML has it", Rare),
        (replace(canonical.as_bytes(), b"&", b";"), "with ; between its parameters", Rare),
        (replace(raw, b"&", b";"), "with ; between its parameters", Rare),
        (replace(canonical.as_bytes(), b"%", b"%25"), "encoded twice", Rare),
        (replace(raw, b"%", b"%25"), "encoded twice", Rare),
    ];
    for query in [raw, canonical.as_bytes()] {
        let own = query.split(|byte| *byte == b'&').filter(|pair| !is_tracking(pair));
        queries.push((own.collect::<Vec<_>>().join(&b'&'), WITHOUT_TRACKING, Common));
    }
    let bare: Vec<&[u8]> = canonical
        .as_bytes()
        .split(|byte| *byte == b'&')
        .map(|pair| pair.strip_suffix(b"=").unwrap_or(pair))
        .collect();
    queries.push((bare.join(&b'&'), "without the = of empty values", Common));
    let plus =
        raw.iter().flat_map(|byte| if *byte == b'+' { &b"%2B"[..] } else { core::slice::from_ref(byte) });
    let plus: Vec<u8> = plus.copied().collect();
    if let Ok(Request { target: literal, .. }) = Request::parse(b"GET", &[b"/?", &*plus].concat()) {
        for query in [literal.canonical_query(), literal.canonical_request_query()] {
            queries.push((query.into_bytes(), "with + as itself (%2B), not as a space", Rare));
        }
    }
    queries.push((lower_escapes(canonical.as_bytes()), "with its escapes in lower case", Rare));
    queries.push((percent_decode(raw, false), "decoded, with + as itself", Rare));
    let canonical: Vec<&[u8]> = canonical.as_bytes().split(|byte| *byte == b'&').collect();
    let with_values: Vec<&[u8]> = canonical.iter().copied().filter(|pair| !pair.ends_with(b"=")).collect();
    queries.push((with_values.join(&b'&'), "without the parameters that have no value", Rare));
    for left_out in 0..canonical.len().min(MAX_PARAMETERS) {
        let rest = |list: &[&[u8]]| {
            let kept = list.iter().enumerate().filter(|(index, _)| *index != left_out).map(|(_, pair)| *pair);
            kept.collect::<Vec<_>>().join(&b'&')
        };
        let detail = "without one of its parameters, which something on the way may have added";
        queries.push((rest(&canonical), detail, Rare));
        queries.push((rest(&raw.split(|byte| *byte == b'&').collect::<Vec<_>>()), detail, Rare));
    }
    queries
}

const WITHOUT_TRACKING: &str =
    "without the parameters that mailing tools and advertising put behind (utm_source, fbclid and the like)";

/// What to do about a query that was signed otherwise, where that is not what the cause advises.
pub(super) fn query_fix(detail: &str) -> Option<&'static str> {
    (detail == WITHOUT_TRACKING).then_some(
        "On the receiver, take these parameters off the query before it is verified, and leave all others where they are. On the sender, \
         nothing is wrong.",
    )
}

/// What mailing tools and advertising put behind a URL.
const TRACKING: [&str; 12] = [
    "utm_", "fbclid=", "gclid=", "msclkid=", "mc_cid=", "mc_eid=", "igshid=", "yclid=", "dclid=", "ttclid=",
    "_hsenc=", "_hsmi=",
];

fn is_tracking(pair: &[u8]) -> bool {
    TRACKING.iter().any(|name| pair.starts_with(name.as_bytes()))
}

fn ampersands_of_html(query: &[u8]) -> Vec<u8> {
    query.split(|byte| *byte == b'&').collect::<Vec<_>>().join(&b"&amp;"[..])
}

/// Most parameters of a query of which one at a time is left out.
const MAX_PARAMETERS: usize = 12;

/// The query as a part of the path or of a full URL, and the line of an empty query left out.
fn misplaced_queries(own: &Draft, parts: &Parts<'_>, list: &mut Alternatives<Draft>) {
    let (raw_path, raw_query) = (parts.target.raw_path(), parts.target.raw_query());
    if raw_query.is_empty() && !own.signs(Field::Query) {
        return;
    }
    if raw_query.is_empty() {
        let fault =
            Fault::with(Cause::QueryNotCanonical, "without the line that is empty where there is no query");
        let fix = "On the sender, keep the place of the query, even when there is none: an empty line is still a line.";
        return add(list, own.clone().without(Field::Query), vec![fault.fixed_by(fix)]);
    }
    let fronts = [Vec::new()].into_iter().chain(origins(parts)).chain(other_origins(parts));
    for front in fronts {
        let path = [&*front, raw_path, b"?", raw_query].concat().into();
        let fault = Fault::with(Cause::QueryNotCanonical, "as part of the path");
        let misplaced = Draft { path, ..own.clone() };
        if own.signs(Field::Query) {
            add_as(Rare, list, misplaced.clone(), vec![fault.clone()]);
            add(list, Draft { query: [].into(), ..misplaced }, vec![fault]);
        } else {
            let fix = "On the sender, sign the path alone: this contract does not sign the query.";
            add(list, misplaced, vec![fault.fixed_by(fix)]);
        }
    }
}
