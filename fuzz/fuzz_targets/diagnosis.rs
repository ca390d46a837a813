//! A diagnosis stays within its budget, can be printed, finds nothing wrong with a valid request, and no cause for a
//! digest that has none. However the request was edited, the signature that was right is not shown.
#![no_main]

use std::sync::LazyLock;

use hw_signature::diagnosis::Verdict;
use hw_signature::key::Key;
use hw_signature_fuzz::diagnosed::diagnosed;
use hw_signature_fuzz::exchange::Exchange;
use hw_signature_fuzz::profiles::profiles;
use hw_signature_fuzz::{Edit, genuine, sign};
use libfuzzer_sys::fuzz_target;

static SIGNED: LazyLock<Vec<Exchange>> = LazyLock::new(|| profiles().into_iter().map(genuine).collect());

fuzz_target!(|input: (u8, &[u8], &[u8], Vec<Edit>)| {
    let (index, key, payload, edits) = input;
    let mut exchange = SIGNED[usize::from(index) % SIGNED.len()].clone();
    if key.is_empty() {
        return;
    }
    exchange.key = key.to_vec();
    exchange.payload = payload.to_vec();
    sign(&mut exchange);
    let valid = diagnosed(&exchange, &exchange.headers());
    assert_eq!((valid.verdict, valid.findings.len()), (Verdict::Valid, 0));

    let mut parts = [vec![exchange.method.clone(), exchange.target.clone()], exchange.headers()].concat();
    edits.iter().for_each(|edit| edit.apply(&mut parts));
    let edited = Exchange { method: parts[0].clone(), target: parts[1].clone(), ..exchange.clone() };
    let diagnosis = diagnosed(&edited, &parts[2..]);
    let shown = format!("{diagnosis}{diagnosis:?}").replace(char::is_whitespace, "");
    assert!(!shown.contains(&*String::from_utf8_lossy(&exchange.signature)), "{diagnosis}");

    let mut mac = Key::from_bytes(b"a key that nobody has").unwrap().mac();
    mac.update(payload);
    exchange.signature = mac.finish().encode(exchange.profile.encoding()).to_vec();
    let unrelated = diagnosed(&exchange, &exchange.headers());
    assert_eq!((unrelated.verdict, unrelated.findings.len()), (Verdict::Unexplained, 0));
});
