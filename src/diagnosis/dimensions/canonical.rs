//! What the sender may have made of a canonical request: of the headers in it, of its lines, and of the string to sign
//! around it. Its method, path and query are varied with those of all other profiles.

mod headers;
pub(super) mod values;

use crate::diagnosis::alternative::Commonness::{Common, Everyday, Rare};
use crate::diagnosis::alternative::{Alternatives, add_as};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::draft::{Draft, HashText, Parts};
use crate::diagnosis::fault::{Fault, Words};
use crate::key::Hash;
use crate::received::HeaderValue;
use crate::signed_headers::header_name;
use crate::template::{Field, Piece};

/// Algorithms that contracts of this shape name at the beginning of the string to sign.
const ALGORITHMS: [&str; 6] = [
    "SDK-HMAC-SHA256",
    "V11-HMAC-SHA256",
    "AWS4-HMAC-SHA256",
    "TC3-HMAC-SHA256",
    "HMAC-SHA256",
    "hmac-sha256",
];

/// Other drafts, where the profile signs the hash of a canonical request.
pub(super) fn alternatives(own: &Draft, parts: &Parts<'_>, list: &mut Alternatives<Draft>) {
    if !own.has(Field::CanonicalRequestSha256) {
        return;
    }
    headers::alternatives(own, parts, list);
    body_hashes(own, parts, list);
    hash_forms(own, list);
    lines(own, list);
    unhashed(own, list);
    algorithms(own, parts, list);
}

/// What may stand in the place of the payload's hash.
fn body_hashes(own: &Draft, parts: &Parts<'_>, list: &mut Alternatives<Draft>) {
    let fix = "On the sender, sign the SHA-256 of the body that is sent. The receiver always computes it: a text in its place \
               would let any body pass.";
    let mut put = |text: &str, detail: Words, commonness| {
        let fault = Fault::with(Cause::PayloadHashDiffers, detail).fixed_by(fix);
        let request = with_piece(&own.request, Field::PayloadSha256, &[Piece::Literal(text.into())]);
        add_as(commonness, list, Draft { request: request.into(), ..own.clone() }, vec![fault]);
    };
    put("UNSIGNED-PAYLOAD", "UNSIGNED-PAYLOAD in place of its SHA-256".into(), Common);
    put(
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "the word for a body in chunks in place of its SHA-256".into(),
        Rare,
    );
    put("", "nothing in place of its SHA-256".into(), Rare);
    let computed = Hash::hex(parts.payload);
    for (name, value) in parts.context.headers.0 {
        let is_hash =
            |value: &&[u8]| value.len() == computed.len() && base16ct::mixed::decode_vec(value).is_ok();
        let Some(text) = value.filter(is_hash).and_then(|value| core::str::from_utf8(value).ok()) else {
            continue;
        };
        let Some(name) = header_name(name) else { continue };
        let what = if text.as_bytes().eq_ignore_ascii_case(&computed) {
            "the same SHA-256"
        } else {
            "the SHA-256 of another body"
        };
        let detail = Words::from(format!("{what}, as the header "))
            .and_words(super::fields::name(&name))
            .and(" has it");
        put(text, detail, Common);
    }
}

/// Hashes that are written otherwise, that of the payload and that of the canonical request.
fn hash_forms(own: &Draft, list: &mut Alternatives<Draft>) {
    for (hash, form) in [
        (HashText::UpperHex, "in upper-case hexadecimal"),
        (HashText::Base64, "in base64"),
        (HashText::Raw, "as raw bytes"),
    ] {
        let fault = Fault::with(Cause::PayloadHashDiffers, format!("its SHA-256 {form}"));
        add_as(Rare, list, Draft { request_hash: hash, ..own.clone() }, vec![fault]);
        let fault = Fault::with(Cause::CanonicalRequestDiffers, format!("its SHA-256 stands there {form}"));
        add_as(Rare, list, Draft { hash, ..own.clone() }, vec![fault]);
    }
    let request = with_piece(&own.request, Field::PayloadSha256, &[Piece::Field(Field::Payload)]);
    let fault = Fault::with(Cause::PayloadHashDiffers, "the payload itself, in place of its SHA-256");
    add_as(Common, list, Draft { request: request.into(), ..own.clone() }, vec![fault]);
}

/// Lines of the canonical request that are left out, and what may stand between and around them.
fn lines(own: &Draft, list: &mut Alternatives<Draft>) {
    for field in own.request.iter().filter_map(Piece::field) {
        let commonness = if field == Field::PayloadSha256 { Common } else { Rare };
        let detail = format!("the line with {} is not in it", line_of(field));
        let fault = Fault::with(Cause::CanonicalRequestDiffers, detail);
        add_as(commonness, list, own.clone().without_in_request(field), vec![fault]);
    }
    let mut put = |pieces: Vec<Piece>, detail: &'static str, commonness| {
        let fault = Fault::with(Cause::CanonicalRequestDiffers, detail);
        add_as(commonness, list, Draft { request: pieces.into(), ..own.clone() }, vec![fault]);
    };
    let literals = |change: &dyn Fn(&str) -> String| {
        let change = |piece: &Piece| match piece {
            Piece::Literal(text) => Piece::Literal(change(text).into()),
            piece => piece.clone(),
        };
        own.request.iter().map(change).collect::<Vec<_>>()
    };
    put(literals(&|text| text.replace('\n', "\r\n")), "its lines end in CR LF", Rare);
    let backslash = "a backslash and an n stand between its lines (what '\\n' is in single quotes)";
    put(literals(&|text| text.replace('\n', "\\n")), backslash, Rare);
    put(literals(&|text| text.replace('\n', "")), "nothing stands between its lines", Rare);
    let line_feed = [Piece::Literal("\n".into())];
    put([&*own.request, &line_feed].concat(), "a line break is at its end", Common);
    put([&line_feed, &*own.request].concat(), "a line break is in front of it", Rare);
}

/// What a developer calls the line of a field.
fn line_of(field: Field) -> &'static str {
    match field {
        Field::Method => "the method",
        Field::Path => "the path",
        Field::Query => "the query (which is empty where there is none)",
        Field::CanonicalHeaders => "the headers",
        Field::SignedHeaders => "the names of the headers",
        Field::PayloadSha256 => "the hash of the body",
        field => field.name(),
    }
}

/// The canonical request itself where its hash is due, and the one or the other alone.
fn unhashed(own: &Draft, list: &mut Alternatives<Draft>) {
    let whole = Field::CanonicalRequestSha256;
    for (pieces, detail, commonness) in [
        (
            with_piece(&own.pieces, whole, &own.request),
            "it stands there itself, in place of its SHA-256",
            Common,
        ),
        (
            own.request.to_vec(),
            "it was signed alone, with nothing around it, in place of its SHA-256",
            Common,
        ),
        (vec![Piece::Field(whole)], "its SHA-256 was signed alone", Common),
        (own.clone().without(whole).pieces, "it is not in the string to sign at all", Rare),
    ] {
        let fault = Fault::with(Cause::CanonicalRequestDiffers, detail);
        add_as(commonness, list, own.of(pieces), vec![fault]);
    }
}

/// Another algorithm's name at the beginning: that of the header, or of a contract of the same shape; and the line of a scope
/// behind the time, where the header has one.
fn algorithms(own: &Draft, parts: &Parts<'_>, list: &mut Alternatives<Draft>) {
    let Some((Piece::Literal(first), rest)) = own.pieces.split_first() else { return };
    let Some((name, after)) = first.split_once('\n') else { return };
    let sent = parts.received.iter().filter_map(|value| match value {
        HeaderValue::One(value) => core::str::from_utf8(value.split(|byte| *byte == b' ').next()?).ok(),
        _ => None,
    });
    let sent = sent.filter(|word| word.len() <= MAX_ALGORITHM && word.contains("-HMAC-"));
    let scope = parts.scope.map(|scope| scope.text);
    for other in sent.chain(ALGORITHMS) {
        let renamed = [&[Piece::Literal(format!("{other}\n{after}").into())], rest].concat();
        let mut put = |pieces: Vec<Piece>, line: &str, commonness| {
            let words = Words::from("\"")
                .and_quoting(other.as_bytes())
                .and(format!("\" in place of \"{name}\"{line} at the beginning"));
            let fault = Fault::with(Cause::SeparatorDiffers, words).fixed_by(format!(
                "On the sender, begin the string to sign with {name}, as the header does. Where the contract is the other one, the \
                 receiver makes a Profile that has that name in both."
            ));
            add_as(commonness, list, own.of(pieces), vec![fault]);
        };
        if let Some(scope) = scope {
            let hash = renamed.iter().position(|piece| piece.field() == Some(Field::CanonicalRequestSha256));
            let (before, after) = renamed.split_at(hash.unwrap_or(renamed.len()));
            let line = Piece::Literal(format!("{scope}\n").into());
            // Where a header has a scope, nothing is likelier.
            put([before, &[line], after].concat(), ", and the line of the scope behind the time,", Everyday);
        }
        if other != name {
            put(renamed, "", Common);
        }
    }
}

/// Longest name of an algorithm.
const MAX_ALGORITHM: usize = 40;

/// The pieces with others in the place of a field.
fn with_piece(pieces: &[Piece], field: Field, others: &[Piece]) -> Vec<Piece> {
    let replace = |piece: &Piece| {
        if piece.field() == Some(field) { others.to_vec() } else { vec![piece.clone()] }
    };
    pieces.iter().flat_map(replace).collect()
}
