//! What the fuzz targets share with each other, and with the properties in `tests/properties.rs`.

use hw_signature::profile::Profile;
use hw_signature::template::Field;
use hw_signature::timestamp::Timestamp;
use libfuzzer_sys::arbitrary::{self, Arbitrary};

#[path = "../../tests/support/canonical_query.rs"]
pub mod canonical_query;
#[path = "../../tests/support/diagnosed.rs"]
pub mod diagnosed;
#[path = "../../tests/support/exchange.rs"]
pub mod exchange;
#[path = "../../tests/support/profiles.rs"]
pub mod profiles;

use exchange::{Exchange, signature_of, written};

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
        target: exchange::target_of(&profile, b"/a%20b?x=1&y=%C3%A9"),
        payload: b"payload".to_vec(),
        timestamp: profile.timestamp().map(stamp).unwrap_or_default().into_bytes(),
        nonce: nonce.unwrap_or_default().into_owned().into(),
        key_id: if profile.sends(Field::KeyId) { b"key-1".to_vec() } else { Vec::new() },
        signature: Vec::new(),
        others: exchange::others_of(&profile),
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

/// Bytes taken out, and others put in their place. An input made of edits stays close to a genuine request, and needs no
/// corpus that holds genuine signatures.
#[derive(Arbitrary, Debug)]
pub struct Edit<'a> {
    part: u8,
    at: u16,
    remove: u16,
    insert: &'a [u8],
}

impl Edit<'_> {
    pub fn apply(&self, parts: &mut [Vec<u8>]) {
        let count = parts.len();
        let part = &mut parts[usize::from(self.part) % count];
        let at = usize::from(self.at) % (part.len() + 1);
        let end = part.len().min(at + usize::from(self.remove));
        part.splice(at..end, self.insert.iter().copied());
    }
}
