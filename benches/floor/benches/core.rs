//! The core without PHP, part by part: where the time of a call goes, and what a SHA-256 compression costs on this CPU.

use core::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use hw_signature::digest::{Digest, Encoding};
use hw_signature::key::Key;
use hw_signature::profile::Profile;
use hw_signature::received::{Fields, HeaderValue, Received};
use hw_signature::request::Request;
use hw_signature::sign::{SignError, Stamp, sign};
use hw_signature::verify::{Clock, verify};

const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";
const PAYLOAD: [u8; 256] = [b'a'; 256];
const STAMP: i64 = 1_563_105_451_261;
const CLOCK: Clock = Clock { now: 1_563_105_451, tolerance: None };

fn core(criterion: &mut Criterion) {
    let profile = Profile::named("huawei-push").expect("it is built in");
    let keys = [Key::from_bytes(KEY).expect("it is not empty")];
    let string_to_sign = [STAMP.to_string().as_bytes(), b":", &PAYLOAD].concat();
    let digest = keys[0].digest(|mac| mac.update(&string_to_sign));
    let text = digest.encode(Encoding::Base64);
    let header = [format!("timestamp={STAMP}; nonce=:; value=").as_bytes(), &text].concat();
    let mut received = Received::default();
    received[0] = HeaderValue::One(&header);
    let request = || Request::parse(black_box(b"POST"), black_box(b"/")).expect("it is one");

    let mut bench = |name: &str, routine: &mut dyn FnMut() -> bool| {
        criterion.bench_function(name, |bencher| bencher.iter(|| black_box(routine())));
    };
    // As many as a short message has, in one go.
    let blocks = [[7; 64]; 8];
    bench("8 compressions", &mut || {
        let mut state = black_box([1; 8]);
        sha2::block_api::compress256(&mut state, black_box(&blocks));
        state[0] == 0
    });
    bench("HMAC of 270 bytes", &mut || {
        black_box(&keys[0]).digest(|mac| mac.update(black_box(&string_to_sign))) == digest
    });
    bench("key, and HMAC of 270 bytes", &mut || {
        let key = Key::from_bytes(black_box(KEY)).expect("it is not empty");
        key.digest(|mac| mac.update(black_box(&string_to_sign))) == digest
    });
    bench("digest from base64", &mut || Digest::decode(black_box(&text), Encoding::Base64).is_ok());
    bench("header", &mut || Fields::read(black_box(profile), black_box(&received)).is_ok());
    bench("verify 256 bytes", &mut || {
        verify(profile, &keys, black_box(&received), &request(), black_box(&PAYLOAD), CLOCK).is_ok()
    });
    bench("sign 256 bytes", &mut || {
        let random = |_: &mut [u8]| Ok::<_, SignError>(());
        let stamp = Stamp::new(profile, None, None, Some(black_box(STAMP)), || 0, random);
        let stamp = stamp.expect("it fits the profile");
        sign(profile, black_box(&keys[..1]), &request(), black_box(&PAYLOAD), stamp).is_ok()
    });
}

criterion_group!(benches, core);
criterion_main!(benches);
