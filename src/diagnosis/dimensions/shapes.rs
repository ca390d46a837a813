//! Which other string to sign the sender may have built from the same parts.

use super::{requests, time};
use crate::diagnosis::alternative::{Alternative, add};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::draft::{Draft, HashText, Parts};
use crate::diagnosis::fault::{Fault, Words};
use crate::profile::Profile;
use crate::template::{Field, Piece};
use crate::timestamp::{Timestamp, TimestampFormat};

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
pub(in crate::diagnosis) fn alternatives(parts: &Parts<'_>) -> Vec<Alternative<Draft>> {
    let own = Draft::own(parts);
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

fn without_fields(own: &Draft, list: &mut Vec<Alternative<Draft>>) {
    let nonce = (Field::Nonce, Fault::new(Cause::NonceOmitted));
    let timestamp = (Field::Timestamp, Fault::new(Cause::TimestampOmitted));
    for omitted in [vec![nonce.clone()], vec![timestamp.clone()], vec![timestamp, nonce]] {
        let draft = omitted.iter().fold(own.clone(), |draft, (field, _)| draft.without(*field));
        // The fields that were not there to be left out are no faults.
        let faults = omitted.into_iter().filter(|(field, _)| own.has(*field));
        add(list, draft, faults.map(|(_, fault)| fault).collect());
    }
}

/// The clock read twice, or one unit in the header and the other in the string to sign.
fn other_timestamps(own: &Draft, parts: &Parts<'_>, list: &mut Vec<Alternative<Draft>>) {
    let digits = Timestamp::new(TimestampFormat::Seconds);
    let Ok(sent) = digits.parse(parts.timestamp) else { return };
    let mut put = |number: Option<u64>, unit: &str| {
        let Some(number) = number.filter(|number| *number != sent) else { return };
        let literal = Piece::Literal(number.to_string().into());
        let replace = |piece: &Piece| match piece {
            Piece::Field(Field::Timestamp) => literal.clone(),
            piece => piece.clone(),
        };
        let pieces = own.pieces.iter().map(replace).collect();
        let fault = Fault::with(Cause::TimestampDiffers, format!("{number}{unit}"));
        add(list, own.of(pieces), vec![fault]);
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
fn payload_forms(own: &Draft, list: &mut Vec<Alternative<Draft>>) {
    let hashed = own.has(Field::PayloadSha256);
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
        let fault = Fault::with(Cause::PayloadHashDiffers, *detail);
        add(list, Draft { hash: *hash, ..own.of(pieces) }, vec![fault]);
    }
}

/// What PHP makes of `$timestamp + $nonce . $payload`, and of `+` throughout.
fn sums(own: &Draft, parts: &Parts<'_>, list: &mut Vec<Alternative<Draft>>) {
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
        add(list, own.of(pieces), vec![Fault::new(Cause::NumericAddition)]);
    }
}

/// The number at the beginning of a string, which is what PHP adds; 0 where there is none, as PHP 7 did.
fn leading_number(text: &[u8]) -> i64 {
    let digits: Vec<u8> =
        text.trim_ascii_start().iter().copied().take_while(u8::is_ascii_digit).take(18).collect();
    core::str::from_utf8(&digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

fn separators(own: &Draft, list: &mut Vec<Alternative<Draft>>) {
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
        add(list, own.of(pieces), vec![fault]);
    }
    // Where the payload itself stands last, the line break is one of the payload.
    if own.pieces.last() != Some(&Piece::Field(Field::Payload)) {
        let pieces = own.pieces.iter().cloned().chain([Piece::Literal("\n".into())]).collect();
        let fault = Fault::with(Cause::SeparatorDiffers, "a line break at the end");
        add(list, own.of(pieces), vec![fault]);
    }
}

/// Timestamp, nonce and payload in every other order, with the separators where they are.
fn orders(own: &Draft, list: &mut Vec<Alternative<Draft>>) {
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
        let fault = Fault::with(Cause::OrderDiffers, Words::quoting(text.as_bytes()));
        add(list, own.of(pieces), vec![fault]);
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

fn other_profiles(own: &Draft, parts: &Parts<'_>, list: &mut Vec<Alternative<Draft>>) {
    let missing = |field: &Field| match field {
        Field::Timestamp => parts.timestamp.is_empty(),
        Field::Nonce => parts.nonce.is_empty(),
        // These are worked out only for a profile that signs them.
        Field::Method => own.method.is_empty(),
        Field::Path | Field::Query => own.path.is_empty(),
        Field::KeyId => true,
        Field::Payload | Field::PayloadSha256 | Field::Signature => false,
    };
    let payload_alone = own.of(vec![Piece::Field(Field::Payload)]);
    let detail = "The sender signed by another contract: the payload alone, and nothing else";
    add(list, payload_alone, vec![Fault::with(Cause::OtherProfile, detail)]);
    for profile in Profile::all() {
        let string_to_sign = profile.string_to_sign();
        if string_to_sign.fields().iter().any(missing) {
            continue;
        }
        let detail = format!("The sender signed by another contract: \"{}\", which signs ", profile.name());
        let detail = Words::from(detail).and_quoting(string_to_sign.text().as_bytes());
        let draft = own.of(string_to_sign.pieces());
        add(list, draft, vec![Fault::with(Cause::OtherProfile, detail)]);
    }
}
