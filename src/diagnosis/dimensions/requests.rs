//! Which other method, path or query the sender may have signed.

use alloc::rc::Rc;

use crate::diagnosis::alternative::{Alternative, MAX_FAULTS, add};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::draft::{Draft, Parts};
use crate::diagnosis::fault::{Fault, Words};
use crate::request::{Request, Target, form_spelling, percent_decode};
use crate::template::Field;

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// What a proxy or a front controller takes off or puts on.
const PREFIXES: [&str; 10] = [
    "/index.php",
    "/api",
    "/v1",
    "/api/v1",
    "/app",
    "/public",
    "/backend",
    "/webhooks",
    "/nextcloud",
    "/nextcloud/index.php",
];

/// Another method, path or query, and two of these at once.
pub(in crate::diagnosis) fn alternatives(own: &Draft, parts: &Parts<'_>, list: &mut Vec<Alternative<Draft>>) {
    let mut methods = vec![Alternative::given(own.method.clone())];
    let mut paths = vec![Alternative::given(own.path.clone())];
    let mut queries = vec![Alternative::given(own.query.clone())];
    if own.has(Field::Method) {
        for (method, fault) in other_methods(own, parts) {
            add(&mut methods, method.into(), vec![fault]);
        }
    }
    if own.has(Field::Path) {
        for (path, fault) in other_paths(own, parts) {
            add(&mut paths, path.into(), vec![fault]);
        }
    }
    if own.has(Field::Query) {
        for (query, detail) in other_queries(parts.target) {
            let mut fault = Fault::with(Cause::QueryNotCanonical, detail);
            if query.is_empty() {
                fault =
                    fault.fixed_by("Sign the query too, in its canonical form; hw_sign() does so by itself.");
            }
            add(&mut queries, query.into(), vec![fault]);
        }
    }
    other_targets(own, parts, &methods, list);
    for method in &methods {
        for path in &paths {
            for query in &queries {
                let faults = [&*method.faults, &*path.faults, &*query.faults].concat();
                if (1..=MAX_FAULTS).contains(&faults.len()) {
                    let (method, path) = (method.value.clone(), path.value.clone());
                    let draft = Draft { method, path, query: query.value.clone(), ..own.clone() };
                    list.push(Alternative { value: draft, faults });
                }
            }
        }
    }
    if own.has(Field::Path) && own.has(Field::Query) {
        misplaced_queries(own, parts, list);
    }
}

fn other_methods(own: &Draft, parts: &Parts<'_>) -> Vec<(Vec<u8>, Fault)> {
    let mut methods = Vec::new();
    if let Some(method) = parts.context.method {
        let detail = Words::quoting(method).and(", which is $_SERVER['REQUEST_METHOD'] here");
        let fault = Fault::with(Cause::MethodDiffers, detail);
        methods.push((method.to_vec(), fault.fixed_by("Pass $_SERVER['REQUEST_METHOD'] as $method.")));
    }
    let lower = own.method.to_ascii_lowercase();
    for method in METHODS.map(str::as_bytes).into_iter().chain([&*lower]) {
        methods.push((method.to_vec(), Fault::with(Cause::MethodDiffers, Words::quoting(method))));
    }
    methods
}

/// The target that the web server has, under every method.
fn other_targets(
    own: &Draft,
    parts: &Parts<'_>,
    methods: &[Alternative<Rc<[u8]>>],
    list: &mut Vec<Alternative<Draft>>,
) {
    let Some(target) = parts.context.target else { return };
    let request = Request::parse(b"GET", target);
    let canonical = request.and_then(|request| request.canonical(parts.profile.string_to_sign()));
    let Ok(canonical) = canonical else { return };
    let fault = Fault::with(
        Cause::TargetDiffers,
        Words::quoting(target).and(", which is $_SERVER['REQUEST_URI'] here"),
    );
    for method in methods {
        let faults: Vec<Fault> = method.faults.iter().chain([&fault]).cloned().collect();
        let draft = Draft {
            method: method.value.clone(),
            path: (&*canonical.path).into(),
            query: canonical.query.as_bytes().into(),
            ..own.clone()
        };
        add(list, draft, faults);
    }
}

fn other_paths(own: &Draft, parts: &Parts<'_>) -> Vec<(Vec<u8>, Fault)> {
    let decoded = &*own.path;
    let path = |path: Vec<u8>, cause| {
        let fault = Fault::with(cause, Words::quoting(&path));
        (path, fault)
    };
    let toggled = match decoded.strip_suffix(b"/") {
        Some(without) => without.to_vec(),
        None => [decoded, b"/"].concat(),
    };
    let mut paths = vec![
        path(toggled, Cause::PathTrailingSlash),
        path(parts.target.raw_path().to_vec(), Cause::PathDecoded),
    ];
    // Each tail that begins with a slash: /index.php/apps/x becomes /apps/x, then /x.
    let tails = (1..decoded.len()).filter_map(|start| decoded.get(start..));
    let tails = tails.filter(|tail| tail.starts_with(b"/")).take(8);
    paths.extend(tails.map(|tail| path(tail.to_vec(), Cause::PathPrefix)));
    paths.extend(PREFIXES.map(|prefix| {
        let (path, fault) = path([prefix.as_bytes(), decoded].concat(), Cause::PathPrefix);
        let fix = format!(
            "Sign the path that the receiver sees, or let the receiver verify '{prefix}' . $_SERVER['REQUEST_URI'], \
             which gives back the prefix that a proxy, a front controller or a sub-folder takes off."
        );
        (path, fault.fixed_by(fix))
    }));
    paths.extend(origins(parts).into_iter().map(|origin| {
        let (path, fault) = path([&*origin, decoded].concat(), Cause::PathPrefix);
        (path, fault.fixed_by("On the sender, sign the path alone: parse_url($url, PHP_URL_PATH), decoded."))
    }));
    paths
}

/// What stands in front of the path in a full URL: as the target has it, or else as the host makes it likely.
fn origins(parts: &Parts<'_>) -> Vec<Vec<u8>> {
    if !parts.whole_target.starts_with(b"/") {
        let slashes = parts.whole_target.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        let third = slashes.map(|(index, _)| index).nth(2);
        return third.and_then(|end| parts.whole_target.get(..end)).map(<[u8]>::to_vec).into_iter().collect();
    }
    let host = parts.context.host.filter(|host| host.len() <= MAX_HOST);
    host.map(|host| ["https://", "http://"].map(|scheme| [scheme.as_bytes(), host].concat()))
        .into_iter()
        .flatten()
        .collect()
}

/// Longest name of a host, with a port.
const MAX_HOST: usize = 261;

fn other_queries(target: Target<'_>) -> Vec<(Vec<u8>, &'static str)> {
    let raw = target.raw_query();
    if raw.is_empty() {
        return Vec::new();
    }
    let canonical = target.canonical_query();
    let mut sorted: Vec<&[u8]> = raw.split(|byte| *byte == b'&').collect();
    sorted.sort_unstable();
    vec![
        (raw.to_vec(), "as it stands in the URL"),
        (Vec::new(), "as if it were empty"),
        (sorted.join(&b'&'), "sorted, but not encoded again"),
        (target.encoded_query().into_bytes(), "encoded again, but not sorted"),
        (canonical.replace("%20", "+").into_bytes(), "with + in place of %20"),
        (form_spelling(&canonical).into_bytes(), "as http_build_query() writes it"),
        (percent_decode(raw, true), "decoded"),
        ([b"?", raw].concat(), "with its question mark"),
        ([b"?", canonical.as_bytes()].concat(), "with its question mark"),
    ]
}

/// The query as a part of the path or of a full URL, and the line of an empty query left out.
fn misplaced_queries(own: &Draft, parts: &Parts<'_>, list: &mut Vec<Alternative<Draft>>) {
    let (raw_path, raw_query) = (parts.target.raw_path(), parts.target.raw_query());
    if raw_query.is_empty() {
        let fault =
            Fault::with(Cause::QueryNotCanonical, "without the line that is empty where there is no query");
        let fix = "Keep the place of the query, even when there is none: an empty line is still a line.";
        return add(list, own.clone().without(Field::Query), vec![fault.fixed_by(fix)]);
    }
    let fronts = [Vec::new()].into_iter().chain(origins(parts));
    for front in fronts {
        let path = [&*front, raw_path, b"?", raw_query].concat().into();
        let fault = Fault::with(Cause::QueryNotCanonical, "as part of the path");
        add(list, Draft { path, query: [].into(), ..own.clone() }, vec![fault]);
    }
}
