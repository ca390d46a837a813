//! The vectors in `tests/vectors/`: signed, verified, streamed, and refused with any one bit flipped.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hw_signature::digest::{Digest, Encoding};
use hw_signature::freshness::Tolerance;
use hw_signature::header::SignatureHeader;
use hw_signature::key::Key;
use hw_signature::profile::{Profile, Row};
use hw_signature::received::HeaderValue;
use hw_signature::rejection::{Reason, Rejection};
use hw_signature::request::Target;
use hw_signature::sign::{SignError, Signature, SigningStream, Stamp};
use hw_signature::template::Values;
use hw_signature::timestamp::TimestampFormat;
use hw_signature::verify::{Clock, VerifyingStream, verify};

use exchange::{Exchange, others_of, received, signature_of, target_of, written};
use records::{Record, files};

#[path = "support/exchange.rs"]
mod exchange;
#[path = "support/records.rs"]
mod records;

/// A record of a profile's file, ready for use.
struct Vector {
    place: String,
    /// Put together from what the record says, its signature included: nothing of it was computed here.
    exchange: Exchange,
    expected: Vec<(String, String)>,
    signed: Vec<u8>,
    clock: Clock,
}

impl Vector {
    #[track_caller]
    fn new(record: &Record) -> Self {
        let place = record.place();
        let profile = profile(record);
        let expected: Vec<(String, String)> = record
            .each("expect")
            .map(|line| line.split_once(": ").unwrap_or_else(|| panic!("{place}: {line}")))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let or = |name, default: &str| {
            let given = if record.has(name) { record.bytes(name) } else { default.as_bytes() };
            given.to_vec()
        };
        let mut exchange = Exchange {
            key: if record.has("key-base64") {
                STANDARD.decode(record.bytes("key-base64")).unwrap()
            } else {
                record.bytes("key").to_vec()
            },
            method: or("method", "POST"),
            target: or("target", "/"),
            payload: record.bytes("payload").to_vec(),
            timestamp: record.bytes("timestamp").to_vec(),
            nonce: record.bytes("nonce").to_vec(),
            key_id: record.bytes("key-id").to_vec(),
            signature: Vec::new(),
            others: record
                .each("other")
                .map(|other| other.split_once(": ").unwrap())
                .map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()))
                .collect(),
            profile,
        };
        let headers: Vec<Vec<u8>> = expected.iter().map(|(_, value)| value.clone().into_bytes()).collect();
        exchange.signature = signature_of(&exchange.profile, &headers);
        assert_eq!(exchange.target, target_of(&exchange.profile, &exchange.target), "{place}");
        assert_eq!(exchange.others.is_empty(), others_of(&exchange.profile).is_empty(), "{place}");
        Self {
            exchange,
            expected,
            signed: record.bytes("signed").to_vec(),
            clock: Clock { now: record.number("now").unwrap_or_default(), tolerance: None },
            place,
        }
    }

    fn headers(&self) -> Vec<Vec<u8>> {
        self.expected.iter().map(|(_, value)| value.clone().into_bytes()).collect()
    }

    #[track_caller]
    fn verify_at(&self, clock: Clock) -> Result<(), Rejection> {
        let Exchange { profile, payload, .. } = &self.exchange;
        let headers = self.headers();
        let request = self.exchange.arrived(&headers);
        verify(profile, &[self.exchange.key()], &received(&headers), &request, payload, clock).map(|_| ())
    }

    #[track_caller]
    fn require_headers(&self, signature: &Signature<'_>) {
        let profile = &self.exchange.profile;
        let values = written(signature, profile).into_iter().map(|value| String::from_utf8(value).unwrap());
        let names = profile.headers().iter().map(|header| header.name().to_owned());
        assert_eq!(names.zip(values).collect::<Vec<_>>(), self.expected, "{}", self.place);
    }
}

/// The built-in profile that the record names, or the custom one that it describes.
#[track_caller]
fn profile(record: &Record) -> Profile {
    let encoding = record.has("encoding").then(|| {
        let name = record.text("encoding");
        Encoding::ALL.into_iter().find(|encoding| encoding.name() == name).unwrap()
    });
    if record.has("profile") {
        let named = Profile::named(record.text("profile")).unwrap_or_else(|| panic!("{}", record.place()));
        return encoding.map_or_else(|| named.as_ref().clone(), |encoding| named.with_encoding(encoding));
    }
    let headers: Vec<(&str, &str)> =
        record.each("header").map(|row| row.split_once(" = ").unwrap()).collect();
    let unit = |name| TimestampFormat::ALL.into_iter().find(|unit| unit.name() == name).unwrap();
    let row = Row {
        name: "custom",
        string_to_sign: record.text("string-to-sign"),
        headers: &headers,
        encoding: encoding.unwrap(),
        timestamp_format: record.has("timestamp-format").then(|| unit(record.text("timestamp-format"))),
        tolerance: record.number("tolerance"),
        nonce: record.has("nonce-grammar").then(|| record.text("nonce-grammar")),
        ..Row::EMPTY
    };
    Profile::new(&row).unwrap_or_else(|error| panic!("{}: {error}", record.place()))
}

/// The files of the profiles, custom ones included.
fn profile_files() -> Vec<String> {
    let names = Profile::all().iter().map(|profile| profile.name()).chain(["custom"]);
    names.map(|name| format!("{name}.txt")).collect()
}

fn vectors() -> Vec<Vector> {
    profile_files().iter().flat_map(|file| Record::all(file)).map(|record| Vector::new(&record)).collect()
}

/// The bytes with one bit flipped, for every seventh bit: all eight bits have their turn.
fn flipped(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len() * 8).step_by(7).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    })
}

/// Cuts a payload into pieces of 0, 1, 2, 3, 5, 8, … bytes.
fn uneven(mut payload: &[u8]) -> Vec<&[u8]> {
    let (mut size, mut next) = (0, 1);
    let mut pieces = Vec::new();
    while !payload.is_empty() {
        let (piece, rest) = payload.split_at(size.min(payload.len()));
        pieces.push(piece);
        payload = rest;
        (size, next) = (next, size + next);
    }
    pieces
}

#[test]
fn every_profile_has_a_file_and_every_file_is_read() {
    let mut read = profile_files();
    read.extend(["headers.txt", "queries.txt"].map(String::from));
    read.sort();
    assert_eq!(files(), read);
    for profile in Profile::all() {
        let records = Record::all(&format!("{}.txt", profile.name()));
        assert!(records.len() >= 8, "{}: {} records", profile.name(), records.len());
        for record in &records {
            assert_eq!(record.text("profile"), profile.name(), "{}", record.place());
        }
    }
}

#[test]
fn no_two_records_of_a_file_have_the_same_id() {
    for file in files() {
        let mut ids: Vec<String> =
            Record::all(&file).iter().map(|record| record.text("id").to_owned()).collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert!(!ids.contains(&String::new()), "{file}: a record without id");
        assert_eq!(ids.len(), all, "{file}");
    }
}

#[test]
fn a_payload_is_signed_as_the_vector_says() {
    for vector in vectors() {
        let signature =
            vector.exchange.signed().unwrap_or_else(|error| panic!("{}: {error:?}", vector.place));
        vector.require_headers(&signature);
    }
}

#[test]
fn the_parts_of_a_vector_are_a_stamp_that_its_profile_takes() {
    for Vector { exchange, place, .. } in vectors() {
        let given = |bytes: &[u8]| (!bytes.is_empty()).then(|| String::from_utf8(bytes.to_vec()).unwrap());
        let (key_id, nonce) = (given(&exchange.key_id), given(&exchange.nonce));
        let stamp: Result<Stamp<'_>, SignError> = Stamp::new(
            &exchange.profile,
            key_id.as_deref(),
            nonce.as_deref().map(str::as_bytes),
            exchange.timestamp_number().map(|number| i64::try_from(number).unwrap()),
            || panic!("{place}: the clock was asked"),
            |_| panic!("{place}: randomness was asked for"),
        );
        assert_eq!(stamp, Ok(exchange.stamp()), "{place}");
    }
}

#[test]
fn the_string_to_sign_is_that_of_the_vector() {
    for Vector { exchange, signed, place, .. } in vectors() {
        let string_to_sign = exchange.profile.string_to_sign();
        let headers = exchange.headers();
        let list = exchange.signed_headers();
        let request = exchange.arrived(&headers).with_signed_headers(&list);
        let canonical = request.canonical(string_to_sign).unwrap();
        let values = Values {
            method: &canonical.method,
            path: &canonical.path,
            query: canonical.query.as_bytes(),
            timestamp: &exchange.timestamp,
            nonce: &exchange.nonce,
            key_id: &exchange.key_id,
            rare: canonical.rare.as_deref(),
        };
        let mut written = Vec::new();
        let payload = string_to_sign.payload(&values, &exchange.payload);
        string_to_sign.write(&values, payload.as_bytes(), &mut |piece| written.extend_from_slice(piece));
        // As text, because a failure is read by people.
        assert_eq!(written.escape_ascii().to_string(), signed.escape_ascii().to_string(), "{place}");
    }
}

#[test]
fn a_vector_verifies_and_its_parts_come_back() {
    for vector in vectors() {
        let Exchange { profile, payload, nonce, .. } = &vector.exchange;
        let other = Arc::new(Key::from_bytes(b"another key").unwrap());
        let keys = [other, vector.exchange.key(), vector.exchange.key()];
        let headers = vector.headers();
        let accepted = verify(
            profile,
            &keys,
            &received(&headers),
            &vector.exchange.arrived(&headers),
            payload,
            vector.clock,
        )
        .unwrap_or_else(|error| panic!("{}: {error:?}", vector.place));
        assert_eq!(accepted.key_index, 1, "{}", vector.place);
        assert_eq!(accepted.nonce().unwrap_or_default().as_bytes(), nonce, "{}", vector.place);
        assert_eq!(accepted.timestamp(), vector.exchange.timestamp_number(), "{}", vector.place);
    }
}

#[test]
fn a_payload_in_pieces_is_signed_as_the_vector_says() {
    for vector in vectors() {
        let Exchange { profile, payload, .. } = &vector.exchange;
        let exchange = &vector.exchange;
        let mut stream =
            SigningStream::new(profile, &[exchange.key()], &exchange.request(), exchange.stamp()).unwrap();
        for piece in uneven(payload) {
            stream.update(piece).unwrap();
        }
        vector.require_headers(&stream.finish(profile));
    }
}

#[test]
fn a_payload_in_pieces_verifies_and_one_piece_too_many_does_not() {
    for vector in vectors() {
        let Exchange { profile, payload, .. } = &vector.exchange;
        let keys = [vector.exchange.key()];
        let headers = vector.headers();
        let mut stream = VerifyingStream::new(
            profile,
            &keys,
            &received(&headers),
            &vector.exchange.arrived(&headers),
            vector.clock,
        )
        .unwrap_or_else(|error| panic!("{}: {error:?}", vector.place));
        for piece in uneven(payload) {
            stream.update(piece);
        }
        let mut longer = stream.clone();
        assert_eq!(
            stream.finish(profile, &keys, vector.clock, |accepted| accepted.key_index),
            Ok(0),
            "{}",
            vector.place
        );
        longer.update(b"x");
        assert!(longer.finish(profile, &keys, vector.clock, |_| ()).is_err(), "{}", vector.place);
    }
}

#[test]
fn outside_its_window_a_vector_is_rejected() {
    let mut tried = 0;
    for vector in vectors() {
        let Some(grammar) = vector.exchange.profile.timestamp() else { continue };
        let Some(Tolerance::Seconds(tolerance)) = vector.exchange.profile.tolerance() else {
            panic!("{}: no tolerance", vector.place);
        };
        let at = grammar.format().to_seconds(grammar.parse(&vector.exchange.timestamp).unwrap());
        // One second beyond the window. That of the smallest timestamp has no start.
        let beyond = tolerance + 1;
        let reason = |now| {
            let clock = Clock { now, ..vector.clock };
            vector.verify_at(clock).map_err(|rejection| rejection.reason())
        };
        if let Some(late) = at.checked_add(beyond) {
            assert_eq!(reason(late), Err(Reason::Stale), "{}", vector.place);
            tried += 1;
        }
        if let Some(early) = at.checked_sub(beyond) {
            assert_eq!(reason(early), Err(Reason::FromFuture), "{}", vector.place);
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn the_windows_are_as_wide_as_the_contracts_have_them() {
    for profile in Profile::all() {
        let window = match profile.name() {
            "huawei-push" | "huawei-receipt" | "nextcloud" | "standard-webhooks" | "svix" | "stripe"
            | "slack" => Some(Tolerance::Seconds(300)),
            "paddle" => Some(Tolerance::Seconds(5)),
            "django" => Some(Tolerance::Seconds(60)),
            "huawei-apig" => Some(Tolerance::Seconds(900)),
            _ => None,
        };
        assert_eq!(profile.tolerance(), window, "{}", profile.name());
    }
}

#[test]
fn a_header_that_is_missing_or_there_twice_is_told_unless_another_says_the_same() {
    for vector in vectors() {
        let Exchange { profile, payload, .. } = &vector.exchange;
        let headers = vector.headers();
        let with = |index: usize, value| {
            let mut values = received(&headers);
            values[index] = value;
            let request = vector.exchange.arrived(&headers);
            verify(profile, &[vector.exchange.key()], &values, &request, payload, vector.clock).map(|_| ())
        };
        for (header, (name, _)) in vector.expected.iter().enumerate() {
            let repeated = with(header, HeaderValue::Repeated);
            assert_eq!(repeated, Err(Rejection::Repeated { header }), "{}: {name}", vector.place);
            let optional = ["X-HW-TIMESTAMP", "OCS-APIRequest"].contains(&&**name);
            let expected = if optional { Ok(()) } else { Err(Rejection::Missing { header }) };
            assert_eq!(with(header, HeaderValue::Missing), expected, "{}: {name}", vector.place);
        }
    }
}

/// Changes a vector in one part and requires that it is rejected; returns how many changes were tried.
#[track_caller]
fn rejected(vector: &Vector, part: &str, changes: impl Iterator<Item = Exchange>) -> usize {
    assert_eq!(vector.exchange.verify(), Ok(()), "{}: before the change", vector.place);
    let mut tried = 0;
    for changed in changes {
        let Err(rejection) = changed.verify() else {
            panic!("{}: accepted with another {part}: {changed:?}", vector.place);
        };
        let nonce = changed.profile.nonce().is_none_or(|grammar| grammar.accepts(&changed.nonce));
        let timestamp =
            changed.profile.timestamp().is_none_or(|grammar| grammar.parse(&changed.timestamp).is_ok());
        // What is well formed gets as far as the comparison, and that is what has to reject it.
        if nonce && timestamp {
            assert_eq!(rejection, Rejection::SignatureMismatch, "{}: {part}", vector.place);
        }
        tried += 1;
    }
    tried
}

#[test]
fn with_one_bit_of_the_payload_flipped_a_vector_is_rejected() {
    for vector in vectors() {
        let whole = &vector.exchange;
        let changes = flipped(&whole.payload).map(|payload| Exchange { payload, ..whole.clone() });
        let tried = rejected(&vector, "payload", changes);
        assert_eq!(tried, (whole.payload.len() * 8).div_ceil(7), "{}", vector.place);
    }
}

#[test]
fn with_one_bit_of_the_key_flipped_a_vector_is_rejected() {
    for vector in vectors() {
        let whole = &vector.exchange;
        let changes = flipped(&whole.key).map(|key| Exchange { key, ..whole.clone() });
        assert!(rejected(&vector, "key", changes) >= 2, "{}", vector.place);
    }
}

#[test]
fn with_one_bit_of_the_digest_flipped_a_vector_is_rejected() {
    for vector in vectors() {
        let whole = &vector.exchange;
        let encoding = whole.profile.encoding();
        let digest = Digest::decode(&whole.signature, encoding).unwrap();
        let changes = (0..256_usize).map(|bit| {
            let mut bytes = *digest.as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            Exchange { signature: Digest::new(bytes).encode(encoding).to_vec(), ..whole.clone() }
        });
        assert_eq!(rejected(&vector, "digest", changes), 256, "{}", vector.place);
    }
}

#[test]
fn with_one_bit_of_the_nonce_flipped_a_vector_is_rejected() {
    for vector in vectors() {
        let whole = &vector.exchange;
        let changes = flipped(&whole.nonce).map(|nonce| Exchange { nonce, ..whole.clone() });
        let tried = rejected(&vector, "nonce", changes);
        assert_eq!(tried > 0, whole.profile.nonce().is_some(), "{}", vector.place);
    }
}

#[test]
fn with_one_bit_of_the_timestamp_flipped_a_vector_is_rejected() {
    for vector in vectors() {
        let whole = &vector.exchange;
        let changes = flipped(&whole.timestamp).map(|timestamp| Exchange { timestamp, ..whole.clone() });
        let tried = rejected(&vector, "timestamp", changes);
        assert_eq!(tried > 0, whole.profile.timestamp_format().is_some(), "{}", vector.place);
    }
}

#[test]
fn a_key_that_a_vector_has_as_base64_is_decoded_by_the_key_itself() {
    let mut tried = 0;
    for record in profile_files().iter().flat_map(|file| Record::all(file)) {
        if record.has("key-base64") {
            let key = Key::from_base64(record.bytes("key-base64")).unwrap();
            assert_eq!(
                key.fingerprint(),
                Vector::new(&record).exchange.key().fingerprint(),
                "{}",
                record.place()
            );
            tried += 1;
        }
    }
    assert!(tried >= 2, "{tried}");
}

#[test]
fn headers_are_read_or_refused_at_the_byte_that_the_vector_names() {
    let (mut accepted, mut refused) = (0, 0);
    for record in Record::all("headers.txt") {
        let place = record.place();
        match SignatureHeader::parse(record.bytes("header")) {
            Ok(header) => {
                assert!(!record.has("refused"), "{place}: accepted");
                assert_eq!(header.timestamp, record.text("timestamp"), "{place}");
                assert_eq!(header.nonce, record.text("nonce"), "{place}");
                assert_eq!(header.value, record.text("value"), "{place}");
                assert_eq!(header.digest.as_bytes(), record.bytes("digest"), "{place}");
                let printed = header.to_string();
                let again = SignatureHeader::parse(printed.as_bytes()).unwrap();
                assert_eq!(again.to_string(), printed, "{place}");
                accepted += 1;
            }
            Err(error) => {
                assert!(record.has("refused"), "{place}: {error}");
                assert_eq!(Reason::from(&error).name(), record.text("refused"), "{place}: {error}");
                assert_eq!(Some(error.offset as u64), record.number("offset"), "{place}: {error}");
                refused += 1;
            }
        }
    }
    assert!(accepted >= 10 && refused >= 40, "{accepted} accepted, {refused} refused");
}

#[test]
fn queries_come_out_in_the_canonical_form_of_the_vector() {
    let records = Record::all("queries.txt");
    assert!(records.len() >= 25, "{}", records.len());
    for record in records {
        let target = Target::parse(record.bytes("target"))
            .unwrap_or_else(|error| panic!("{}: {error}", record.place()));
        assert_eq!(target.canonical_query(), record.text("canonical"), "{}", record.place());
    }
}
