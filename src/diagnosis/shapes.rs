//! Which other string to sign the sender may have built from the same parts.

use alloc::rc::Rc;

use super::alternative::{Alternative, Fault, add};
use super::cause::Cause;
use super::search::MAX_FAULTS;
use super::visible::visible;
use crate::profile::Profile;
use crate::request::{Canonical, Target};
use crate::template::{Field, Piece};

/// A string to sign: its template, and what stands for the request in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) pieces: Vec<Piece>,
    // Shared, since hundreds of shapes differ in one of them only, and a target may be long.
    pub(super) method: Rc<[u8]>,
    pub(super) path: Rc<[u8]>,
    pub(super) query: Rc<[u8]>,
}

/// What the shapes are made from.
pub(super) struct Parts<'a> {
    pub(super) profile: &'a Profile,
    pub(super) canonical: &'a Canonical<'a>,
    pub(super) target: Target<'a>,
    pub(super) timestamp: &'a [u8],
    pub(super) nonce: &'a [u8],
    pub(super) payload: &'a [u8],
}

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// What people put between the parts, and how to say it.
const SEPARATORS: [(&str, &str); 11] = [
    ("", "nothing"),
    (".", "a dot"),
    ("\n", "a line feed"),
    (":", "a colon"),
    ("+", "a plus sign"),
    (" ", "a space"),
    (",", "a comma"),
    (";", "a semicolon"),
    ("|", "a bar"),
    ("\r\n", "CR LF"),
    ("\\n", "a backslash and an n (what '\\n' is in single quotes)"),
];

/// The profile's own, and then with one fault, and with two.
pub(super) fn alternatives(parts: &Parts<'_>) -> Vec<Alternative<Shape>> {
    let own = Shape {
        pieces: parts.profile.string_to_sign().pieces(),
        method: (&*parts.canonical.method).into(),
        path: (&*parts.canonical.path).into(),
        query: parts.canonical.query.as_bytes().into(),
    };
    let mut list = vec![Alternative::given(own.clone())];
    without_fields(&own, &mut list);
    other_request(&own, parts, &mut list);
    sums(&own, parts, &mut list);
    separators(&own, &mut list);
    other_profiles(&own, parts, &mut list);
    list
}

fn without_fields(own: &Shape, list: &mut Vec<Alternative<Shape>>) {
    let nonce = (Field::Nonce, Fault::new(Cause::NonceOmitted));
    let timestamp = (Field::Timestamp, Fault::new(Cause::TimestampOmitted));
    for omitted in [vec![nonce.clone()], vec![timestamp.clone()], vec![timestamp, nonce]] {
        let mut pieces = own.pieces.clone();
        for (field, _) in &omitted {
            pieces = without(pieces, *field);
        }
        // The fields that were not there to be left out are no faults.
        let faults = omitted.into_iter().filter(|(field, _)| own.pieces.contains(&Piece::Field(*field)));
        add(list, Shape { pieces, ..own.clone() }, faults.map(|(_, fault)| fault).collect());
    }
}

/// Takes a field out, and the separator behind it.
fn without(mut pieces: Vec<Piece>, field: Field) -> Vec<Piece> {
    if let Some(index) = pieces.iter().position(|piece| *piece == Piece::Field(field)) {
        let separated = matches!(pieces.get(index + 1), Some(Piece::Literal(_)));
        pieces.drain(index..=index + usize::from(separated));
    }
    pieces
}

/// Another method, path or query, and two of these at once.
fn other_request(own: &Shape, parts: &Parts<'_>, list: &mut Vec<Alternative<Shape>>) {
    let has = |field| own.pieces.contains(&Piece::Field(field));
    let mut methods = vec![Alternative::given(own.method.clone())];
    let mut paths = vec![Alternative::given(own.path.clone())];
    let mut queries = vec![Alternative::given(own.query.clone())];
    if has(Field::Method) {
        let lower = own.method.to_ascii_lowercase();
        for method in METHODS.map(str::as_bytes).into_iter().chain([&*lower]) {
            add(&mut methods, method.into(), vec![Fault::with(Cause::MethodDiffers, visible(method))]);
        }
    }
    if has(Field::Path) {
        for (path, cause) in other_paths(&own.path, parts.target.raw_path()) {
            let fault = Fault::with(cause, visible(&path));
            add(&mut paths, path.into(), vec![fault]);
        }
    }
    if has(Field::Query) {
        for (query, detail) in other_queries(parts.target) {
            add(&mut queries, query.into(), vec![Fault::with(Cause::QueryNotCanonical, detail)]);
        }
    }
    for method in &methods {
        for path in &paths {
            for query in &queries {
                let faults = [&*method.faults, &*path.faults, &*query.faults].concat();
                if (1..=MAX_FAULTS).contains(&faults.len()) {
                    let (method, path) = (method.value.clone(), path.value.clone());
                    let shape = Shape { method, path, query: query.value.clone(), ..own.clone() };
                    list.push(Alternative { value: shape, faults });
                }
            }
        }
    }
    if has(Field::Path) && has(Field::Query) && !parts.target.raw_query().is_empty() {
        let path = [parts.target.raw_path(), b"?", parts.target.raw_query()].concat().into();
        let fault = Fault::with(Cause::QueryNotCanonical, "as part of the path");
        add(list, Shape { path, query: [].into(), ..own.clone() }, vec![fault]);
    }
}

fn other_paths(decoded: &[u8], raw: &[u8]) -> Vec<(Vec<u8>, Cause)> {
    let toggled = match decoded.strip_suffix(b"/") {
        Some(without) => without.to_vec(),
        None => [decoded, b"/"].concat(),
    };
    let mut paths = vec![(toggled, Cause::PathTrailingSlash), (raw.to_vec(), Cause::PathDecoded)];
    // Each tail that begins with a slash: /index.php/apps/x becomes /apps/x, then /x.
    let tails = (1..decoded.len()).filter_map(|start| decoded.get(start..));
    let tails = tails.filter(|tail| tail.starts_with(b"/")).take(8);
    paths.extend(tails.map(|tail| (tail.to_vec(), Cause::PathPrefix)));
    paths.extend(
        ["/index.php", "/api"].map(|prefix| ([prefix.as_bytes(), decoded].concat(), Cause::PathPrefix)),
    );
    paths
}

fn other_queries(target: Target<'_>) -> Vec<(Vec<u8>, &'static str)> {
    let raw = target.raw_query();
    let canonical = target.canonical_query();
    let mut sorted: Vec<&[u8]> = raw.split(|byte| *byte == b'&').collect();
    sorted.sort_unstable();
    let mut queries = vec![
        (raw.to_vec(), "as it stands in the URL"),
        (Vec::new(), "as if it were empty"),
        (sorted.join(&b'&'), "sorted, but not encoded again"),
        (canonical.replace("%20", "+").into_bytes(), "with + in place of %20"),
        (canonical.replace("%20", "+").replace('~', "%7E").into_bytes(), "as http_build_query() writes it"),
        (crate::request::percent_decode(raw, true), "decoded"),
    ];
    if !raw.is_empty() {
        queries.push(([b"?", raw].concat(), "with its question mark"));
        queries.push(([b"?", canonical.as_bytes()].concat(), "with its question mark"));
    }
    queries
}

/// What PHP makes of `$timestamp + $nonce . $payload`, and of `+` throughout.
fn sums(own: &Shape, parts: &Parts<'_>, list: &mut Vec<Alternative<Shape>>) {
    let fields: Vec<Field> = own.pieces.iter().filter_map(Piece::field).collect();
    let numbers: Option<Vec<i64>> = fields
        .iter()
        .map(|field| match field {
            Field::Timestamp => Some(parts.timestamp),
            Field::Nonce => Some(parts.nonce),
            Field::Payload => Some(parts.payload),
            _ => None,
        })
        .map(|text| text.map(leading_number))
        .collect();
    let Some(numbers) = numbers else { return };
    for added in 2..=numbers.len() {
        let sum = numbers.iter().take(added).try_fold(0_i64, |sum, number| sum.checked_add(*number));
        let Some(sum) = sum else { continue };
        let rest = fields.iter().skip(added).map(|field| Piece::Field(*field));
        let pieces = core::iter::once(Piece::Literal(sum.to_string().into())).chain(rest).collect();
        add(list, Shape { pieces, ..own.clone() }, vec![Fault::new(Cause::NumericAddition)]);
    }
}

/// The number at the beginning of a string, which is what PHP adds; 0 where there is none, as PHP 7 did.
fn leading_number(text: &[u8]) -> i64 {
    let digits: Vec<u8> =
        text.trim_ascii_start().iter().copied().take_while(u8::is_ascii_digit).take(18).collect();
    core::str::from_utf8(&digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

fn separators(own: &Shape, list: &mut Vec<Alternative<Shape>>) {
    let fields: Vec<&Piece> = own.pieces.iter().filter(|piece| piece.field().is_some()).collect();
    for (separator, name) in SEPARATORS {
        let mut pieces = Vec::new();
        for field in &fields {
            if !pieces.is_empty() && !separator.is_empty() {
                pieces.push(Piece::Literal(separator.into()));
            }
            pieces.push((*field).clone());
        }
        add(list, Shape { pieces, ..own.clone() }, vec![Fault::with(Cause::SeparatorDiffers, name)]);
    }
}

fn other_profiles(own: &Shape, parts: &Parts<'_>, list: &mut Vec<Alternative<Shape>>) {
    let missing = |field: &Field| match field {
        Field::Timestamp => parts.timestamp.is_empty(),
        Field::Nonce => parts.nonce.is_empty(),
        // These are worked out only for a profile that signs them.
        Field::Method => own.method.is_empty(),
        Field::Path | Field::Query => own.path.is_empty(),
        Field::KeyId => true,
        Field::Payload | Field::PayloadSha256 | Field::Signature => false,
    };
    let payload_alone = Shape { pieces: vec![Piece::Field(Field::Payload)], ..own.clone() };
    add(list, payload_alone, vec![Fault::with(Cause::OtherProfile, "the payload alone, and nothing else")]);
    for profile in Profile::all() {
        let string_to_sign = profile.string_to_sign();
        if string_to_sign.fields().iter().any(missing) {
            continue;
        }
        let detail =
            format!("\"{}\", which signs {}", profile.name(), visible(string_to_sign.text().as_bytes()));
        let shape = Shape { pieces: string_to_sign.pieces(), ..own.clone() };
        add(list, shape, vec![Fault::with(Cause::OtherProfile, detail)]);
    }
}
