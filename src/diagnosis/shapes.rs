//! Which other string to sign the sender may have built from the same parts.

use alloc::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::alternative::{Alternative, Fault, add};
use super::cause::Cause;
use super::secrets::Secrets;
use super::visible::visible;
use super::{Context, requests, time};
use crate::freshness::parse_timestamp;
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
    pub(super) hash: HashText,
}

/// How `{payload_sha256}` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HashText {
    LowerHex,
    UpperHex,
    Base64,
}

impl HashText {
    /// The text of a hash that is given in lower-case hex.
    pub(super) fn of(self, hex: &[u8]) -> Vec<u8> {
        match self {
            Self::LowerHex => hex.to_vec(),
            Self::UpperHex => hex.to_ascii_uppercase(),
            Self::Base64 => {
                hex::decode(hex).map(|bytes| STANDARD.encode(bytes).into_bytes()).unwrap_or_default()
            }
        }
    }
}

/// What the shapes are made from.
pub(super) struct Parts<'a> {
    pub(super) profile: &'a Profile,
    pub(super) canonical: &'a Canonical<'a>,
    pub(super) target: Target<'a>,
    /// The target as it was given.
    pub(super) whole_target: &'a [u8],
    pub(super) context: Context<'a>,
    pub(super) secrets: &'a Secrets,
    pub(super) timestamp: &'a [u8],
    pub(super) nonce: &'a [u8],
    pub(super) payload: &'a [u8],
}

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
        hash: HashText::LowerHex,
    };
    let mut list = vec![Alternative::given(own.clone())];
    without_fields(&own, &mut list);
    requests::alternatives(&own, parts, &mut list);
    other_timestamps(&own, parts, &mut list);
    payload_forms(&own, &mut list);
    sums(&own, parts, &mut list);
    separators(&own, &mut list);
    orders(&own, &mut list);
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
pub(super) fn without(mut pieces: Vec<Piece>, field: Field) -> Vec<Piece> {
    if let Some(index) = pieces.iter().position(|piece| *piece == Piece::Field(field)) {
        let separated = matches!(pieces.get(index + 1), Some(Piece::Literal(_)));
        pieces.drain(index..=index + usize::from(separated));
    }
    pieces
}

/// The clock read twice, or one unit in the header and the other in the string to sign.
fn other_timestamps(own: &Shape, parts: &Parts<'_>, list: &mut Vec<Alternative<Shape>>) {
    let Ok(sent) = parse_timestamp(parts.timestamp) else { return };
    let mut put = |number: Option<u64>, unit: &str| {
        let Some(number) = number.filter(|number| *number != sent) else { return };
        let literal = Piece::Literal(number.to_string().into());
        let replace = |piece: &Piece| match piece {
            Piece::Field(Field::Timestamp) => literal.clone(),
            piece => piece.clone(),
        };
        let pieces = own.pieces.iter().map(replace).collect();
        let fault = Fault::with(Cause::TimestampDiffers, format!("{number}{unit}"));
        add(list, Shape { pieces, ..own.clone() }, vec![fault]);
    };
    if time::counts_milliseconds(sent) {
        for distance in [1, 2, 1000, 2000] {
            put(sent.checked_sub(distance), "");
            put(sent.checked_add(distance), "");
        }
        put(Some(sent / 1000 * 1000), ", without the milliseconds");
        put(Some(sent / 1000), ", in seconds");
    } else {
        for distance in [1, 2] {
            put(sent.checked_sub(distance), "");
            put(sent.checked_add(distance), "");
        }
        put(sent.checked_mul(1000), ", in milliseconds");
    }
}

/// The payload where its hash is due, the hash where the payload is due, and the hash in another form.
fn payload_forms(own: &Shape, list: &mut Vec<Alternative<Shape>>) {
    let hashed = own.pieces.contains(&Piece::Field(Field::PayloadSha256));
    let forms: &[_] = if hashed {
        &[
            (Field::Payload, HashText::LowerHex, "the payload itself, in place of its SHA-256"),
            (Field::PayloadSha256, HashText::UpperHex, "its SHA-256 in upper-case hexadecimal"),
            (Field::PayloadSha256, HashText::Base64, "its SHA-256 in base64"),
        ]
    } else {
        let detail = "its SHA-256 in hexadecimal, in place of the payload itself";
        &[(Field::PayloadSha256, HashText::LowerHex, detail)]
    };
    for (field, hash, detail) in forms {
        let replace = |piece: &Piece| match piece {
            Piece::Field(Field::Payload | Field::PayloadSha256) => Piece::Field(*field),
            piece => piece.clone(),
        };
        let pieces = own.pieces.iter().map(replace).collect();
        let fault = Fault::with(Cause::PayloadHashDiffers, detail);
        add(list, Shape { pieces, hash: *hash, ..own.clone() }, vec![fault]);
    }
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
        let fault = Fault::with(Cause::SeparatorDiffers, format!("{name} between the parts"));
        add(list, Shape { pieces, ..own.clone() }, vec![fault]);
    }
    // Where the payload itself stands last, the line break is one of the payload.
    if own.pieces.last() != Some(&Piece::Field(Field::Payload)) {
        let pieces = own.pieces.iter().cloned().chain([Piece::Literal("\n".into())]).collect();
        let fault = Fault::with(Cause::SeparatorDiffers, "a line break at the end");
        add(list, Shape { pieces, ..own.clone() }, vec![fault]);
    }
}

/// Timestamp, nonce and payload in every other order, with the separators where they are.
fn orders(own: &Shape, list: &mut Vec<Alternative<Shape>>) {
    let moves = |piece: &Piece| {
        let field = piece.field();
        field.is_some_and(|field| {
            matches!(field, Field::Timestamp | Field::Nonce | Field::Payload | Field::PayloadSha256)
        })
    };
    let fields: Vec<Piece> = own.pieces.iter().filter(|piece| moves(piece)).cloned().collect();
    for order in permutations(&fields) {
        let mut next = order.iter();
        let in_order = |piece: &Piece| if moves(piece) { next.next() } else { None }.unwrap_or(piece).clone();
        let pieces: Vec<Piece> = own.pieces.iter().map(in_order).collect();
        let text: String = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.to_string(),
                Piece::Field(field) => field.to_string(),
            })
            .collect();
        let fault = Fault::with(Cause::OrderDiffers, visible(text.as_bytes()));
        add(list, Shape { pieces, ..own.clone() }, vec![fault]);
    }
}

/// Every order of a few pieces.
fn permutations(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut orders = vec![Vec::new()];
    for piece in pieces {
        let insert = |order: Vec<Piece>| {
            (0..=order.len()).map(move |place| {
                let mut order = order.clone();
                order.insert(place, piece.clone());
                order
            })
        };
        orders = orders.into_iter().flat_map(insert).collect();
    }
    orders
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
    let detail = "The sender signed by another contract: the payload alone, and nothing else";
    add(list, payload_alone, vec![Fault::with(Cause::OtherProfile, detail)]);
    for profile in Profile::all() {
        let string_to_sign = profile.string_to_sign();
        if string_to_sign.fields().iter().any(missing) {
            continue;
        }
        let text = visible(string_to_sign.text().as_bytes());
        let detail =
            format!("The sender signed by another contract: \"{}\", which signs {text}", profile.name());
        let shape = Shape { pieces: string_to_sign.pieces(), ..own.clone() };
        add(list, shape, vec![Fault::with(Cause::OtherProfile, detail)]);
    }
}
