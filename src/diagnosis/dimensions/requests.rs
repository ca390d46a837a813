//! Which other method, path or query the sender may have signed.

use alloc::rc::Rc;

use crate::diagnosis::alternative::Commonness::{self, Common, Everyday, Rare};
use crate::diagnosis::alternative::{Alternative, MAX_FAULTS, add, add_as};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::draft::{Draft, Parts, signs_instead};
use crate::diagnosis::fault::{Fault, Words};
use crate::request::{Request, Target, form_spelling, percent_decode, percent_encode};
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
            if query.is_empty() {
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
    for method in &methods {
        for path in &paths {
            for query in &queries {
                let faults = [&*method.faults, &*path.faults, &*query.faults].concat();
                let pair = [method, path, query].map(|one| (one.faults.len(), one.commonness));
                if let Some(commonness) = together(pair)
                    && (1..=MAX_FAULTS).contains(&faults.len())
                {
                    let (method, path) = (method.value.clone(), path.value.clone());
                    let value = Draft { method, path, query: query.value.clone(), ..own.clone() };
                    list.push(Alternative { value, faults, commonness });
                }
            }
        }
    }
    if own.signs(Field::Path) && own.signs(Field::Query) {
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
    for method in METHODS.map(str::as_bytes).into_iter().chain([&*lower]) {
        methods.push((method.to_vec(), Fault::with(Cause::MethodDiffers, Words::quoting(method)), Common));
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
    list: &mut Vec<Alternative<Draft>>,
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

fn other_paths(own: &Draft, parts: &Parts<'_>) -> Vec<(Rc<[u8]>, Vec<Fault>, Commonness)> {
    let raw = parts.target.raw_path();
    if signs_instead(parts.profile.string_to_sign(), Field::CanonicalPath, Field::Path) {
        let decoded = percent_decode(raw, false);
        let mut paths = Paths { decoded: &decoded, canonical: true, list: Vec::new() };
        paths.canonical_spellings(raw);
        paths.slashes();
        paths.prefixes(parts);
        return paths.list;
    }
    let mut paths = Paths { decoded: &own.path, canonical: false, list: Vec::new() };
    paths.slashes();
    paths.spellings(raw);
    paths.prefixes(parts);
    paths.list
}

/// Other paths, while the list is made.
struct Paths<'a> {
    decoded: &'a [u8],
    /// Whether what is signed is the path of a canonical request, in place of the decoded one.
    canonical: bool,
    list: Vec<(Rc<[u8]>, Vec<Fault>, Commonness)>,
}

impl Paths<'_> {
    fn push(&mut self, path: Vec<u8>, cause: Cause, commonness: Commonness) {
        self.fixed(path, cause, None, commonness);
    }

    fn fixed(&mut self, path: Vec<u8>, cause: Cause, fix: Option<Words>, commonness: Commonness) {
        let path = if self.canonical { slashed(encoded_segments(&path)) } else { path };
        // One copy for the draft and for the words: a path may be long.
        let path: Rc<[u8]> = path.into();
        let fault = Fault::with(cause, Words::quoting_shared(&path));
        self.list.push((path, vec![Fault { fix, ..fault }], commonness));
    }

    /// Of the path of a canonical request, which is encoded once and ends in a slash: other spellings, with that slash and
    /// without it.
    fn canonical_spellings(&mut self, raw: &[u8]) {
        let own = encoded_segments(self.decoded);
        let text = String::from_utf8_lossy(&own).into_owned();
        let by_segment = |spell: fn(&[u8]) -> Vec<u8>| {
            let segments: Vec<_> = raw.split(|byte| *byte == b'/').map(spell).collect();
            segments.join(&b'/')
        };
        let of_javascript = |left: &[(&str, &str)]| {
            left.iter().fold(text.clone(), |text, (escape, letter)| text.replace(escape, letter)).into_bytes()
        };
        for (path, what, commonness) in [
            (own.clone(), "", Everyday),
            (raw.to_vec(), ", as it stands in the URL", Common),
            (self.decoded.to_vec(), ", decoded", Common),
            (encoded_segments(raw), ", encoded twice", Common),
            (
                by_segment(|segment| percent_encode(&percent_decode(segment, false)).into_bytes()),
                ", with %2F left as it is",
                Common,
            ),
            (percent_encode(self.decoded).into_bytes(), ", with its slashes encoded", Rare),
            (form_spelling(&text).into_bytes(), ", as urlencode() writes it", Common),
            (text.replace('~', "%7E").into_bytes(), ", with ~ encoded", Rare),
            (of_javascript(&IN_COMPONENT), ", as encodeURIComponent() writes it", Rare),
            (of_javascript(&[&IN_COMPONENT[..], &IN_URI].concat()), ", as encodeURI() writes it", Rare),
            (lower_escapes(&own), ", with its escapes in lower case", Rare),
            (without_dots(&own), ", without its dots", Rare),
        ] {
            let mut without = path;
            if without.len() > 1 && without.ends_with(b"/") {
                without.pop();
            }
            let (with, without): (Rc<[u8]>, Rc<[u8]>) = (slashed(without.clone()).into(), without.into());
            let fault = |path, cause| Fault::with(cause, Words::quoting_shared(path).and(what));
            let slash = fault(&without, Cause::PathTrailingSlash).fixed_by(
                "On the sender, put a slash at the end of the path for signing, where it has none; it is not sent. hw_sign() and \
                 Signer do so by themselves.",
            );
            if what.is_empty() {
                self.list.push((without, vec![slash], commonness));
                continue;
            }
            self.list.push((with.clone(), vec![fault(&with, Cause::PathNotCanonical)], commonness));
            let both = vec![fault(&with, Cause::PathNotCanonical), slash];
            self.list.push((without, both, commonness));
        }
    }

    fn slashes(&mut self) {
        let decoded = self.decoded;
        let toggled = match decoded.strip_suffix(b"/") {
            Some(without) => without.to_vec(),
            None => [decoded, b"/"].concat(),
        };
        self.push(toggled, Cause::PathTrailingSlash, Everyday);
        let mut merged = decoded.to_vec();
        merged.dedup_by(|next, last| (*next, *last) == (b'/', b'/'));
        self.push(merged, Cause::PathSlashesMerged, Common);
        let slashes = decoded.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        for (index, _) in slashes.take(MAX_SLASHES) {
            let (before, after) = decoded.split_at(index);
            self.push([before, b"/", after].concat(), Cause::PathSlashesMerged, Rare);
        }
    }

    /// Encoded, encoded again, or decoded otherwise.
    fn spellings(&mut self, raw: &[u8]) {
        self.push(raw.to_vec(), Cause::PathDecoded, Common);
        let encoded = percent_encode(self.decoded).replace("%2F", "/");
        self.push(encoded.clone().into_bytes(), Cause::PathDecoded, Rare);
        self.push(lower_escapes(raw), Cause::PathDecoded, Rare);
        self.push(lower_escapes(encoded.as_bytes()), Cause::PathDecoded, Rare);
        self.push(percent_encode(raw).replace("%2F", "/").into_bytes(), Cause::PathDecoded, Rare);
        self.push(percent_decode(raw, true), Cause::PathDecoded, Rare);
        self.push(percent_decode(self.decoded, false), Cause::PathDecoded, Rare);
    }

    fn prefixes(&mut self, parts: &Parts<'_>) {
        let decoded = self.decoded;
        for (prefix, name) in known_prefixes(parts) {
            let fix = format!(
                "The receiver puts back what was taken off, which {name} has here: verify that prefix and then \
                 $_SERVER['REQUEST_URI'], for a server of your own by its configured address. Or the sender signs the \
                 path that the receiver sees."
            );
            self.fixed([prefix, decoded].concat(), Cause::PathPrefix, Some(fix.into()), Common);
            if let Some(rest) = decoded.strip_prefix(prefix).filter(|rest| rest.starts_with(b"/")) {
                self.push(rest.to_vec(), Cause::PathPrefix, Common);
            }
        }
        // Each tail that begins with a slash: /index.php/apps/x becomes /apps/x, then /x.
        let tails = (1..decoded.len()).filter_map(|start| decoded.get(start..));
        for tail in tails.filter(|tail| tail.starts_with(b"/")).take(MAX_SLASHES) {
            self.push(tail.to_vec(), Cause::PathPrefix, Common);
        }
        for prefix in PREFIXES {
            let fix = format!(
                "On the sender, sign the path that the receiver sees. Or on the receiver, verify '{prefix}' . $_SERVER['REQUEST_URI'], \
                 which gives back the prefix that a proxy, a front controller or a sub-folder takes off."
            );
            self.fixed([prefix.as_bytes(), decoded].concat(), Cause::PathPrefix, Some(fix.into()), Common);
        }
        for origin in origins(parts) {
            let fix = "On the sender, sign the path alone: parse_url($url, PHP_URL_PATH), decoded.";
            self.fixed([&*origin, decoded].concat(), Cause::PathPrefix, Some(fix.into()), Common);
        }
        self.push([decoded, b"index.php"].concat(), Cause::PathPrefix, Rare);
        if let Some(rest) = decoded.strip_prefix(b"/") {
            self.push(rest.to_vec(), Cause::PathPrefix, Rare);
        }
        self.push([b"/", decoded].concat(), Cause::PathSlashesMerged, Rare);
    }
}

/// What JavaScript's `encodeURIComponent()` leaves alone besides.
const IN_COMPONENT: [(&str, &str); 5] =
    [("%21", "!"), ("%27", "'"), ("%28", "("), ("%29", ")"), ("%2A", "*")];

/// What its `encodeURI()` leaves alone besides.
const IN_URI: [(&str, &str); 8] = [
    ("%3B", ";"),
    ("%2C", ","),
    ("%3A", ":"),
    ("%40", "@"),
    ("%26", "&"),
    ("%3D", "="),
    ("%2B", "+"),
    ("%24", "$"),
];

/// Each segment of a path percent-encoded, as it is in a canonical request.
fn encoded_segments(path: &[u8]) -> Vec<u8> {
    percent_encode(path).replace("%2F", "/").into_bytes()
}

/// With a slash at the end.
fn slashed(mut path: Vec<u8>) -> Vec<u8> {
    if !path.ends_with(b"/") {
        path.push(b'/');
    }
    path
}

/// A path without the segments `.` and `..`.
fn without_dots(path: &[u8]) -> Vec<u8> {
    let mut kept: Vec<&[u8]> = Vec::new();
    for segment in path.split(|byte| *byte == b'/') {
        match segment {
            b"." => {}
            b".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    kept.join(&b'/')
}

/// Most slashes of a path that are looked at.
const MAX_SLASHES: usize = 8;

/// What the web server and a proxy say that they took off the path.
fn known_prefixes<'a>(parts: &Parts<'a>) -> Vec<(&'a [u8], &'static str)> {
    let mut prefixes = Vec::new();
    if let Some(prefix) = parts.context.prefix {
        prefixes.push((prefix.strip_suffix(b"/").unwrap_or(prefix), "the header X-Forwarded-Prefix"));
    }
    if let Some(script) = parts.context.script {
        let folder = script.iter().rposition(|byte| *byte == b'/').and_then(|end| script.get(..end));
        prefixes.extend(folder.map(|folder| (folder, "$_SERVER['SCRIPT_NAME']")));
        prefixes.push((script, "$_SERVER['SCRIPT_NAME']"));
    }
    prefixes.retain(|(prefix, _)| !prefix.is_empty() && prefix.len() <= MAX_HOST);
    prefixes
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

/// Longest name of a host, with a port.
const MAX_HOST: usize = 261;

/// What else may have been signed for a query, whose canonical form is given.
fn other_queries(target: Target<'_>, canonical: &[u8]) -> Vec<(Vec<u8>, &'static str, Commonness)> {
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
        (sorted.join(&b'&'), "sorted, but not encoded again", Common),
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
    ];
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

/// Most parameters of a query of which one at a time is left out.
const MAX_PARAMETERS: usize = 12;

/// The query as a part of the path or of a full URL, and the line of an empty query left out.
fn misplaced_queries(own: &Draft, parts: &Parts<'_>, list: &mut Vec<Alternative<Draft>>) {
    let (raw_path, raw_query) = (parts.target.raw_path(), parts.target.raw_query());
    if raw_query.is_empty() {
        let fault =
            Fault::with(Cause::QueryNotCanonical, "without the line that is empty where there is no query");
        let fix = "On the sender, keep the place of the query, even when there is none: an empty line is still a line.";
        return add(list, own.clone().without(Field::Query), vec![fault.fixed_by(fix)]);
    }
    let fronts = [Vec::new()].into_iter().chain(origins(parts));
    for front in fronts {
        let path = [&*front, raw_path, b"?", raw_query].concat().into();
        let fault = Fault::with(Cause::QueryNotCanonical, "as part of the path");
        add(list, Draft { path, query: [].into(), ..own.clone() }, vec![fault]);
    }
}
