//! A request that does not say what the signed one says never verifies, in one piece or streamed.
#![no_main]

use std::sync::LazyLock;

use hw_signature::received::{HeaderValue, Received};
use hw_signature::request::Request;
use hw_signature::template::Field;
use hw_signature::verify::{Clock, VerifyingStream, verify};
use hw_signature_fuzz::canonical_query::canonical_query_again;
use hw_signature_fuzz::exchange::Exchange;
use hw_signature_fuzz::profiles::profiles;
use hw_signature_fuzz::{Edit, SIGNED_AT, genuine};
use libfuzzer_sys::fuzz_target;

static SIGNED: LazyLock<Vec<Exchange>> = LazyLock::new(|| profiles().into_iter().map(genuine).collect());

fuzz_target!(|input: (u8, i16, Vec<Edit>)| {
    let (index, age, edits) = input;
    let signed = &SIGNED[usize::from(index) % SIGNED.len()];
    let profile = &signed.profile;
    let mut parts = vec![signed.method.clone(), signed.target.clone(), signed.payload.clone()];
    parts.extend(signed.headers());
    edits.iter().for_each(|edit| edit.apply(&mut parts));
    let [method, target, payload, headers @ ..] = &parts[..] else { return };
    let Ok(request) = Request::parse(method, target) else { return };
    let request = request.with_headers(signed.all_headers(headers));
    let mut received = Received::default();
    for (slot, header) in received.iter_mut().zip(headers).filter(|(_, header)| !header.is_empty()) {
        *slot = HeaderValue::One(header);
    }
    let clock = Clock { now: SIGNED_AT.saturating_add_signed(age.into()), tolerance: None };
    let keys = [signed.key()];
    let result = verify(profile, &keys, &received, &request, payload, clock);
    let streamed = VerifyingStream::new(profile, &keys, &received, &request, clock).and_then(|mut stream| {
        payload.chunks(3).for_each(|piece| stream.update(piece));
        stream.finish(profile, &keys, clock, |accepted| accepted.key_index)
    });
    assert_eq!(streamed, result.as_ref().map(|accepted| accepted.key_index).map_err(Clone::clone));

    let Ok(accepted) = result else { return };
    let has = |field| profile.string_to_sign().has(field);
    let unit = profile.timestamp_format();
    assert_eq!(accepted.timestamp(), unit.map(|unit| unit.from_milliseconds(SIGNED_AT * 1000)));
    assert!(unit.is_none() || age.unsigned_abs() <= if profile.name() == "django" { 60 } else { 300 });
    // Where nonce and payload can trade bytes, only the two together are what was signed.
    let between: &[u8] = if profile.is_ambiguous() { b"" } else { b"\n" };
    let nonce = accepted.nonce().unwrap_or_default().as_bytes();
    assert_eq!([nonce, payload].join(between), [&*signed.nonce, &*signed.payload].join(between));
    assert!(!has(Field::Method) || method.eq_ignore_ascii_case(b"POST"));
    assert!(!has(Field::Path) || *request.target.decoded_path().unwrap() == *b"/a b");
    assert!(!has(Field::Query) || canonical_query_again(request.target.raw_query()) == "x=1&y=%C3%A9");
});
