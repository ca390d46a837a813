//! Which other string to sign the sender may have built from the same parts.

mod contracts;
mod times;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha512};

use super::permutations::permutations;
use super::{canonical, header_values, nonces, requests, targets};
use crate::diagnosis::alternative::Commonness::{Common, Rare};
use crate::diagnosis::alternative::{Alternative, Alternatives, add, add_as};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::draft::{Draft, HashText, Parts};
use crate::diagnosis::fault::{Fault, Words};
use crate::received::HeaderValue;
use crate::template::{Field, Piece};

/// What people put between the parts, and how to say it.
const SEPARATORS: [(&str, &str); 23] = [
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
    ("-", "a hyphen"),
    ("_", "an underscore"),
    ("&", "an ampersand"),
    ("/", "a slash"),
    ("\t", "a tab"),
    ("=", "an equals sign"),
    (", ", "a comma and a space"),
    ("::", "two colons"),
    ("\0", "a zero byte"),
    ("~", "a tilde"),
    ("#", "a number sign"),
    ("%0A", "%0A"),
];

/// Longest payload of which other hashes are made than SHA-256.
const MAX_HASHED: usize = 256 << 10;

/// So many of them are common.
const COMMON_SEPARATORS: usize = 11;

/// The profile's own, and then with one fault, and with two.
pub(in crate::diagnosis) fn alternatives(parts: &Parts<'_>) -> Vec<Alternative<Draft>> {
    let own = Draft::own(parts);
    let mut list = Alternatives::of(own.clone());
    without_fields(&own, &mut list);
    requests::alternatives(&own, parts, &mut list);
    targets::alternatives(&own, parts, &mut list);
    header_values::alternatives(&own, parts, &mut list);
    nonces::alternatives(&own, parts, &mut list);
    times::alternatives(&own, parts, &mut list);
    payload_forms(&own, parts.payload, &mut list);
    sums(&own, parts, &mut list);
    beginnings(&own, &mut list);
    separators(&own, &mut list);
    separators_behind_words(&own, &mut list);
    surroundings(&own, &mut list);
    orders(&own, &mut list);
    moved_fields(&own, &mut list);
    key_id_besides(&own, parts, &mut list);
    nothing_at_all(&own, parts, &mut list);
    canonical::alternatives(&own, parts, &mut list);
    contracts::alternatives(&own, parts, &mut list);
    list.into_list()
}

fn without_fields(own: &Draft, list: &mut Alternatives<Draft>) {
    let none = "none, as it is not in the string to sign";
    for field in own.pieces.iter().filter_map(Piece::field) {
        let fault = match field {
            Field::Method => Fault::with(Cause::MethodDiffers, none).fixed_by(
                "On the sender, put the method where the profile's string to sign has it, in upper case.",
            ),
            Field::Path | Field::Target | Field::Url => Fault::with(Cause::TargetDiffers, none)
                .fixed_by("On the sender, put the target where the profile's string to sign has it."),
            Field::Header(_) => Fault::with(Cause::HeaderDiffers, "it was left out of the string to sign")
                .fixed_by("On the sender, put the header's value where the profile's string to sign has it."),
            _ => continue,
        };
        add(list, own.clone().without(field), vec![fault]);
    }
    let nonce = (Field::Nonce, Fault::new(Cause::NonceOmitted));
    let timestamp = (Field::Timestamp, Fault::new(Cause::TimestampOmitted));
    for omitted in [vec![nonce.clone()], vec![timestamp.clone()], vec![timestamp, nonce]] {
        let draft = omitted.iter().fold(own.clone(), |draft, (field, _)| draft.without(*field));
        // The fields that were not there to be left out are no faults.
        let faults = omitted.into_iter().filter(|(field, _)| own.has(*field));
        add(list, draft, faults.map(|(_, fault)| fault).collect());
    }
}

/// The payload where its hash is due, the hash where the payload is due, and the hash in another form.
fn payload_forms(own: &Draft, payload: &[u8], list: &mut Alternatives<Draft>) {
    let hashed = own.has(Field::PayloadSha256);
    if !hashed && !own.has(Field::Payload) {
        return;
    }
    let forms: &[_] = if hashed {
        &[
            (Field::Payload, HashText::LowerHex, "the payload itself, in place of its SHA-256"),
            (Field::PayloadSha256, HashText::UpperHex, "its SHA-256 in upper-case hexadecimal"),
            (Field::PayloadSha256, HashText::Base64, "its SHA-256 in base64"),
            (Field::PayloadSha256, HashText::Raw, "its SHA-256 as raw bytes"),
        ]
    } else {
        &[
            (
                Field::PayloadSha256,
                HashText::LowerHex,
                "its SHA-256 in hexadecimal, in place of the payload itself",
            ),
            (Field::PayloadSha256, HashText::UpperHex, "its SHA-256 in upper-case hexadecimal"),
            (Field::PayloadSha256, HashText::Base64, "its SHA-256 in base64"),
            (Field::PayloadSha256, HashText::Raw, "its SHA-256 as raw bytes"),
        ]
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
    if payload.len() > MAX_HASHED {
        return;
    }
    let (md5, sha1, sha512) = (Md5::digest(payload), Sha1::digest(payload), Sha512::digest(payload));
    for (text, detail) in [
        (base16ct::lower::encode_string(&md5), "its MD5 in hexadecimal"),
        (STANDARD.encode(md5), "its MD5 in base64, as Content-MD5 has it"),
        (base16ct::lower::encode_string(&sha1), "its SHA-1 in hexadecimal"),
        (base16ct::lower::encode_string(&sha512), "its SHA-512 in hexadecimal"),
    ] {
        let replace = |piece: &Piece| match piece {
            Piece::Field(Field::Payload | Field::PayloadSha256) => Piece::Literal(text.clone().into()),
            piece => piece.clone(),
        };
        let pieces = own.pieces.iter().map(replace).collect();
        add_as(Rare, list, own.of(pieces), vec![Fault::with(Cause::PayloadHashDiffers, detail)]);
    }
}

/// What PHP makes of `$timestamp + $nonce . $payload`, and of `+` throughout.
fn sums(own: &Draft, parts: &Parts<'_>, list: &mut Alternatives<Draft>) {
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

/// The literal at the beginning in another version, or left out.
fn beginnings(own: &Draft, list: &mut Alternatives<Draft>) {
    let Some((Piece::Literal(first), rest)) = own.pieces.split_first() else { return };
    let mut put = |text: &str, what: String| {
        let begun = (!text.is_empty()).then(|| Piece::Literal(text.into()));
        let pieces = begun.into_iter().chain(rest.iter().cloned()).collect();
        let fault = Fault::with(Cause::SeparatorDiffers, what);
        let fix = format!("On the sender, begin the string to sign with {first:?}, as the profile does.");
        add_as(Common, list, own.of(pieces), vec![fault.fixed_by(fix)]);
    };
    put("", format!("nothing in place of {first:?} at the beginning"));
    for version in ["v0", "v1", "v2", "1"] {
        let end = first.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(first.len());
        let other = format!("{version}{}", first.get(end..).unwrap_or_default());
        if other != **first {
            put(&other, format!("{other:?} in place of {first:?} at the beginning"));
        }
    }
}

fn separators(own: &Draft, list: &mut Alternatives<Draft>) {
    let fields: Vec<Piece> = own.pieces.iter().filter(|piece| piece.field().is_some()).cloned().collect();
    for (number, (separator, name)) in SEPARATORS.into_iter().enumerate() {
        let fault = Fault::with(Cause::SeparatorDiffers, format!("{name} between the parts"));
        let commonness = if number < COMMON_SEPARATORS { Common } else { Rare };
        add_as(commonness, list, own.of(joined(&fields, separator)), vec![fault]);
    }
}

/// The same where words of the profile stand between the fields: another sign behind each, and the word stays.
fn separators_behind_words(own: &Draft, list: &mut Alternatives<Draft>) {
    let is_word = |byte: char| byte.is_ascii_alphanumeric();
    let words =
        own.pieces.iter().any(|piece| matches!(piece, Piece::Literal(text) if text.contains(is_word)));
    for (separator, name) in SEPARATORS.into_iter().filter(|_| words) {
        for only_words in [false, true] {
            let replace = |piece: &Piece| match piece {
                Piece::Literal(text) if !only_words || text.contains(is_word) => {
                    let word = text.trim_matches(|byte| !is_word(byte));
                    Piece::Literal([word, separator].concat().into())
                }
                piece => piece.clone(),
            };
            let pieces: Vec<Piece> = own.pieces.iter().map(replace).collect();
            let shown = template(&pieces);
            let place = if only_words { "behind the word in front" } else { "between the parts" };
            let detail =
                Words::from(format!("{name} {place}, \"")).and_quoting(shown.as_bytes()).and("\", in place");
            add_as(Rare, list, own.of(pieces), vec![Fault::with(Cause::SeparatorDiffers, detail)]);
        }
    }
}

fn joined(fields: &[Piece], separator: &str) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(2 * fields.len());
    let separator = (!separator.is_empty()).then(|| Piece::Literal(separator.into()));
    for field in fields {
        if !pieces.is_empty() {
            pieces.extend(separator.clone());
        }
        pieces.push(field.clone());
    }
    pieces
}

/// What a command line or a template puts around the string to sign.
fn surroundings(own: &Draft, list: &mut Alternatives<Draft>) {
    let payload_last = own.pieces.last() == Some(&Piece::Field(Field::Payload));
    for (before, after, what) in [
        // Where the payload itself stands last, the line break is one of the payload.
        ("", if payload_last { "" } else { "\n" }, "a line break at the end"),
        ("", if payload_last { "" } else { "\r\n" }, "CR LF at the end"),
        ("-n ", "", "\"-n \" in front (echo -n, where echo knows no -n: write printf '%s')"),
        (
            "-n ",
            "\n",
            "\"-n \" in front and a line break at the end (echo -n, where echo knows no -n: write printf '%s')",
        ),
        (
            "-e ",
            "\n",
            "\"-e \" in front and a line break at the end (echo -e, where echo knows no -e: write printf '%s')",
        ),
        ("-e ", "", "\"-e \" in front (echo -e, where echo knows no -e: write printf '%s')"),
        ("\"", "\"", "a pair of \" around"),
        ("'", "'", "a pair of ' around"),
        ("b'", "'", "b'…' of Python around"),
        (" ", "", "a space in front"),
        ("", " ", "a space at the end"),
        ("\n", "", "a line break in front"),
        ("v0:", "", "\"v0:\" in front"),
        ("v1:", "", "\"v1:\" in front"),
        ("v1,", "", "\"v1,\" in front"),
        ("sha256=", "", "\"sha256=\" in front"),
        ("t=", "", "\"t=\" in front"),
        ("ts=", "", "\"ts=\" in front"),
        ("timestamp=", "", "\"timestamp=\" in front"),
        ("", "\\n", "a backslash and an n at the end"),
        ("", ".", "a dot at the end"),
        (".", "", "a dot in front"),
        ("", "\0", "a zero byte at the end"),
    ] {
        let literal = |text: &str| (!text.is_empty()).then(|| Piece::Literal(text.into()));
        let pieces =
            literal(before).into_iter().chain(own.pieces.iter().cloned()).chain(literal(after)).collect();
        add_as(Rare, list, own.of(pieces), vec![Fault::with(Cause::SeparatorDiffers, what)]);
    }
}

/// Timestamp, nonce and payload in every other order, with the separators where they are.
fn orders(own: &Draft, list: &mut Alternatives<Draft>) {
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
        let fault = Fault::with(Cause::OrderDiffers, Words::quoting(template(&pieces).as_bytes()));
        add(list, own.of(pieces), vec![fault]);
        // Another order is seldom the only thing that somebody took from another contract.
        if fields.len() == own.pieces.iter().filter(|piece| piece.field().is_some()).count() {
            for (separator, _) in SEPARATORS {
                let pieces = joined(&order, separator);
                let fault = Fault::with(Cause::OrderDiffers, Words::quoting(template(&pieces).as_bytes()));
                add_as(Rare, list, own.of(pieces), vec![fault]);
            }
        }
    }
}

/// Any field at the place of another, and in front or behind, with the separators where they are.
fn moved_fields(own: &Draft, list: &mut Alternatives<Draft>) {
    let places: Vec<usize> = (0..own.pieces.len())
        .filter(|place| own.pieces.get(*place).is_some_and(|piece| piece.field().is_some()))
        .collect();
    let mut put = |fields: Vec<Piece>| {
        let mut pieces = own.pieces.clone();
        for (place, field) in places.iter().zip(fields) {
            if let Some(piece) = pieces.get_mut(*place) {
                *piece = field;
            }
        }
        let fault = Fault::with(Cause::OrderDiffers, Words::quoting(template(&pieces).as_bytes()));
        add_as(Rare, list, own.of(pieces), vec![fault]);
    };
    let fields: Vec<Piece> = own.pieces.iter().filter(|piece| piece.field().is_some()).cloned().collect();
    for from in 0..fields.len() {
        for to in from + 1..fields.len() {
            let mut swapped = fields.clone();
            swapped.swap(from, to);
            put(swapped);
        }
        let mut rest = fields.clone();
        let field = rest.remove(from);
        put([core::slice::from_ref(&field), &*rest].concat());
        put([&*rest, &[field]].concat());
    }
}

/// The key id in front of all or behind, where the profile does not sign it.
fn key_id_besides(own: &Draft, parts: &Parts<'_>, list: &mut Alternatives<Draft>) {
    if parts.key_id.is_empty() || own.has(Field::KeyId) {
        return;
    }
    let key_id = [Piece::Field(Field::KeyId)];
    for glue in ["", "\n", ".", ":"] {
        let glue = [Piece::Literal(glue.into())];
        for pieces in [[&key_id, &glue, &*own.pieces].concat(), [&*own.pieces, &glue, &key_id].concat()] {
            let words = Words::from("The sender signed by another contract, which signs ");
            let words = words.and_quoting(template(&pieces).as_bytes());
            add_as(Rare, list, own.of(pieces), vec![Fault::with(Cause::OtherProfile, words)]);
        }
    }
}

/// Longest text of a digest, which is base64 of the hexadecimal text of 64 bytes.
const MAX_DIGEST_TEXT: usize = 172;

/// No string to sign, where what was sent as the signature has room for it: the message was given to the wrong call.
fn nothing_at_all(own: &Draft, parts: &Parts<'_>, list: &mut Alternatives<Draft>) {
    let is_long = |value: &HeaderValue<'_>| matches!(value, HeaderValue::One(text) if text.len() > parts.payload.len().max(MAX_DIGEST_TEXT));
    if parts.received.iter().any(is_long) {
        let detail = "The sender signed nothing: the string to sign went elsewhere";
        let fix = "On the sender, write the string to sign into the HMAC before the digest is taken: mac.Write(message) in Go, \
                   hmac.update(message) elsewhere.";
        let fault = Fault::with(Cause::PayloadEmpty, detail).fixed_by(fix);
        add_as(Common, list, own.of(Vec::new()), vec![fault]);
    }
}

/// Pieces as a template has them.
pub(super) fn template(pieces: &[Piece]) -> String {
    let mut text = String::with_capacity(64);
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => text.push_str(literal),
            Piece::Field(field) => text.extend(["{", field.name(), "}"]),
        }
    }
    text
}
