//! The string to sign of another contract.

use alloc::rc::Rc;

use super::{joined, template};
use crate::diagnosis::alternative::Commonness::{Common, Rare};
use crate::diagnosis::alternative::{Alternatives, add_as};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::dimensions::requests::origins;
use crate::diagnosis::draft::{Draft, Parts, signs_instead};
use crate::diagnosis::fault::{Fault, Words};
use crate::profile::Profile;
use crate::request::Request;
use crate::template::{Field, Piece, parse};

/// What contracts sign that have no row here, but for the target.
const TEMPLATES: [&str; 17] = [
    "{timestamp}.{payload}",
    "{timestamp}{payload}",
    "{timestamp}:{payload}",
    "{payload}{timestamp}",
    "{payload}.{timestamp}",
    "v0:{timestamp}:{payload}",
    "v1:{timestamp}:{payload}",
    "v1.{timestamp}.{payload}",
    "{nonce}{payload}",
    "{nonce}.{payload}",
    "{nonce}.{timestamp}.{payload}",
    "{nonce}{timestamp}{payload}",
    "{timestamp}{nonce}{payload}",
    "{timestamp}.{nonce}.{payload}",
    "{key_id}{payload}",
    "{key_id}{timestamp}{payload}",
    "{key_id}.{timestamp}.{payload}",
];

/// The same with the method or the target, in the orders in which people write them: `{path}` is the URL, path and query, or
/// the path alone.
const ORDERS_WITH_TARGET: [&[Field]; 15] = [
    &[Field::Path, Field::Payload],
    &[Field::Payload, Field::Path],
    &[Field::Path],
    &[Field::Method, Field::Path],
    &[Field::Method, Field::Payload],
    &[Field::Method, Field::Path, Field::Payload],
    &[Field::Method, Field::Path, Field::Payload, Field::Timestamp],
    &[Field::Method, Field::Path, Field::Timestamp, Field::Payload],
    &[Field::Timestamp, Field::Method, Field::Path, Field::Payload],
    &[Field::Timestamp, Field::Method, Field::Payload],
    &[Field::Method, Field::Timestamp, Field::Payload],
    &[Field::Timestamp, Field::Path, Field::Payload],
    &[Field::Path, Field::Timestamp, Field::Payload],
    &[Field::Method, Field::Path, Field::Timestamp, Field::PayloadSha256],
    &[Field::Method, Field::Path, Field::Timestamp, Field::Nonce, Field::Payload],
];

/// What stands between them.
const GLUES: [&str; 6] = ["", "\n", ".", ":", "|", " "];

pub(super) fn alternatives(own: &Draft, parts: &Parts<'_>, list: &mut Alternatives<Draft>) {
    let payload_alone = own.of(vec![Piece::Field(Field::Payload)]);
    let detail = "The sender signed by another contract: the payload alone, and nothing else";
    add_as(Common, list, payload_alone, vec![Fault::with(Cause::OtherProfile, detail)]);
    let other = in_other_forms(own, parts);
    for profile in Profile::all() {
        let string_to_sign = profile.string_to_sign();
        let missing = |field: &Field| match field {
            // These are worked out only for a profile that signs them.
            Field::Method => other.method.is_empty(),
            Field::Path | Field::Query => other.path.is_empty(),
            field => is_missing(*field, parts),
        };
        if string_to_sign.fields().iter().any(missing) {
            continue;
        }
        let detail = format!("The sender signed by another contract: \"{}\", which signs ", profile.name());
        let detail = Words::from(detail).and_quoting(string_to_sign.text().as_bytes());
        let draft = other.of(string_to_sign.pieces());
        add_as(Common, list, draft, vec![Fault::with(Cause::OtherProfile, detail)]);
    }
    for template in TEMPLATES {
        let pieces = parse(template, Field::SIGNED).unwrap_or_default();
        if !pieces.iter().filter_map(Piece::field).any(|field| is_missing(field, parts)) {
            push(own.of(pieces), "", list);
        }
    }
    let method: Rc<[u8]> = parts.method.into();
    for (target, name) in targets(parts) {
        let own = Draft { method: method.clone(), path: target, ..own.clone() };
        for order in ORDERS_WITH_TARGET {
            if order.iter().any(|field| is_missing(*field, parts)) {
                continue;
            }
            let fields: Vec<Piece> = order.iter().copied().map(Piece::Field).collect();
            for glue in GLUES {
                push(own.of(joined(&fields, glue)), name, list);
            }
        }
        if !own.signs(Field::Path) {
            target_besides(&own, name, list);
        }
    }
}

/// The same with the path and the query as most contracts sign them, where the profile signs those of a canonical request.
fn in_other_forms(own: &Draft, parts: &Parts<'_>) -> Draft {
    if !signs_instead(parts.profile.string_to_sign(), Field::CanonicalPath, Field::Path) {
        return own.clone();
    }
    let path = parts.target.decoded_path().unwrap_or_default();
    Draft { path: (&*path).into(), query: parts.target.canonical_query().into_bytes().into(), ..own.clone() }
}

/// The profile's own string to sign, and the target somewhere in it.
fn target_besides(own: &Draft, name: &str, list: &mut Alternatives<Draft>) {
    let path = Piece::Field(Field::Path);
    let glue = own.pieces.iter().find(|piece| piece.field().is_none());
    for place in 0..=own.pieces.len() {
        let mut forms = vec![vec![path.clone()], vec![Piece::Field(Field::Method), path.clone()]];
        if let Some(glue) = glue {
            let end = [vec![glue.clone(), path.clone()], vec![path.clone(), glue.clone()]];
            forms.extend(end.into_iter().skip(usize::from(place < own.pieces.len())));
        }
        for form in forms {
            let mut pieces = own.pieces.clone();
            pieces.splice(place..place, form);
            push(own.of(pieces), name, list);
        }
    }
}

/// What the sender signed instead, with the name of what stands for the path.
fn push(draft: Draft, target: &str, list: &mut Alternatives<Draft>) {
    let shown = template(&draft.pieces).replace("{path}", target);
    let words =
        Words::from("The sender signed by another contract, which signs ").and_quoting(shown.as_bytes());
    add_as(Rare, list, draft, vec![Fault::with(Cause::OtherProfile, words)]);
}

fn is_missing(field: Field, parts: &Parts<'_>) -> bool {
    match field {
        Field::Timestamp => parts.timestamp.is_empty(),
        Field::Nonce => parts.nonce.is_empty(),
        Field::KeyId => parts.key_id.is_empty(),
        Field::Method | Field::Path | Field::Query => false,
        Field::Payload | Field::PayloadSha256 | Field::Signature => false,
        // Of these, only the profile's own are worked out.
        _ => true,
    }
}

/// What stands for the target, and what to call it.
fn targets(parts: &Parts<'_>) -> Vec<(Rc<[u8]>, &'static str)> {
    // A profile that does not sign the target is often called without one.
    let known = parts.context.target.filter(|_| !parts.profile.string_to_sign().signs_request());
    let target =
        known.and_then(|target| Some(Request::parse(b"POST", target).ok()?.target)).unwrap_or(parts.target);
    let path = target.raw_path();
    let whole = match target.raw_query() {
        b"" => path.to_vec(),
        query => [path, b"?", query].concat(),
    };
    let mut targets: Vec<(Rc<[u8]>, &str)> = Vec::new();
    for origin in origins(parts) {
        targets.push(([&*origin, &whole].concat().into(), "{url}"));
    }
    targets.push((whole.as_slice().into(), "{target}"));
    if whole != path {
        targets.push((path.into(), "{path}"));
    }
    targets
}
