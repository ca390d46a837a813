//! The contracts that a property has to hold for.

use hw_signature::digest::Encoding;
use hw_signature::freshness::TimestampUnit;
use hw_signature::profile::{Profile, Row};

/// One contract that signs every field there is, next to the built-in ones.
pub fn profiles() -> Vec<Profile> {
    let everything = Row {
        name: "everything",
        string_to_sign: "{key_id}\n{method}\n{path}\n{query}\n{timestamp}{nonce}{payload}",
        headers: &[("X-Key", "{key_id}"), ("X-Signature", "t={timestamp}, n={nonce}, s={signature}")],
        encoding: Encoding::Hex,
        timestamp_unit: Some(TimestampUnit::Seconds),
        tolerance: None,
        nonce: Some("uuid"),
        methods_without_payload: &[],
        ambiguous: false,
    };
    let built_in = Profile::all().iter().map(|profile| profile.as_ref().clone());
    built_in.chain([Profile::new(&everything).unwrap()]).collect()
}
