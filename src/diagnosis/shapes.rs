//! Which other string to sign the sender may have built from the same parts.

use super::alternative::{Alternative, Fault, add};
use super::cause::Cause;
use super::visible::visible;
use crate::profile::Profile;
use crate::request::{Canonical, Target};
use crate::template::{Field, Piece};

/// A string to sign: its template, and what stands for the request in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) pieces: Vec<Piece>,
    pub(super) method: Vec<u8>,
    pub(super) path: Vec<u8>,
    pub(super) query: Vec<u8>,
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
const SEPARATORS: [(&str, &str); 10] = [
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
];

/// The profile's own, and then with one fault, and with two.
pub(super) fn alternatives(parts: &Parts<'_>) -> Vec<Alternative<Shape>> {
    let own = Shape {
        pieces: parts.profile.string_to_sign().pieces(),
        method: parts.canonical.method.to_vec(),
        path: parts.canonical.path.to_vec(),
        query: parts.canonical.query.clone().into_bytes(),
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

fn other_request(own: &Shape, parts: &Parts<'_>, list: &mut Vec<Alternative<Shape>>) {
    let has = |field| own.pieces.contains(&Piece::Field(field));
    if has(Field::Method) {
        let lower = own.method.to_ascii_lowercase();
        let methods = METHODS.map(|method| method.as_bytes().to_vec());
        for method in methods.into_iter().chain([lower]) {
            let fault = Fault::with(Cause::MethodDiffers, visible(&method));
            add(list, Shape { method, ..own.clone() }, vec![fault]);
        }
    }
    if has(Field::Path) {
        for (path, cause) in paths(&own.path, parts.target.raw_path()) {
            let fault = Fault::with(cause, visible(&path));
            add(list, Shape { path, ..own.clone() }, vec![fault]);
        }
    }
    if has(Field::Query) {
        for (query, detail) in queries(parts.target) {
            let fault = Fault::with(Cause::QueryNotCanonical, detail);
            add(list, Shape { query, ..own.clone() }, vec![fault]);
        }
    }
}

fn paths(decoded: &[u8], raw: &[u8]) -> Vec<(Vec<u8>, Cause)> {
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

fn queries(target: Target<'_>) -> Vec<(Vec<u8>, &'static str)> {
    let raw = target.raw_query();
    let canonical = target.canonical_query();
    let mut sorted: Vec<&[u8]> = raw.split(|byte| *byte == b'&').collect();
    sorted.sort_unstable();
    let mut queries = vec![
        (raw.to_vec(), "as it stands in the URL"),
        (Vec::new(), "as if it were empty"),
        (sorted.join(&b'&'), "sorted, but not encoded again"),
        (canonical.replace("%20", "+").into_bytes(), "with + in place of %20"),
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
