//! A genuine request under any profile, for what lies outside `tests/` and has [`crate::exchange`].

use hw_signature::profile::Profile;
use hw_signature::template::Field;
use hw_signature::timestamp::Timestamp;

use crate::exchange::{Exchange, others_of, signature_of, target_of, written};

/// When [`genuine`] requests are signed, in seconds.
pub const SIGNED_AT: u64 = 1_563_105_451;

/// A signed request.
pub fn genuine(profile: Profile) -> Exchange {
    let stamp =
        |grammar: Timestamp| grammar.write(grammar.format().from_milliseconds(SIGNED_AT * 1000)).unwrap();
    let nonce = profile.nonce().map(|nonce| nonce.generate(|bytes| Ok::<_, ()>(bytes.fill(7))).unwrap());
    let mut exchange = Exchange {
        key: b"key".to_vec(),
        method: b"POST".to_vec(),
        target: target_of(&profile, b"/a%20b?x=1&y=%C3%A9"),
        payload: b"payload".to_vec(),
        timestamp: profile.timestamp().map(stamp).unwrap_or_default().into_bytes(),
        nonce: nonce.unwrap_or_default().into_owned().into(),
        key_id: if profile.sends(Field::KeyId) { b"key-1".to_vec() } else { Vec::new() },
        signature: Vec::new(),
        others: others_of(&profile),
        profile,
    };
    sign(&mut exchange);
    exchange
}

/// Signs a request whose parts have changed.
pub fn sign(exchange: &mut Exchange) {
    let headers = written(&exchange.signed().unwrap(), &exchange.profile);
    exchange.signature = signature_of(&exchange.profile, &headers);
}
