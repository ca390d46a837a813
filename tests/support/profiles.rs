//! The contracts that a property has to hold for.

use hw_signature::digest::Encoding;
use hw_signature::profile::{Profile, Row};
use hw_signature::timestamp::TimestampFormat;

/// One contract that signs every field there is, one with a date, and two with lists of signatures, next to the built-in ones.
pub fn profiles() -> Vec<Profile> {
    let everything = Row {
        name: "everything",
        string_to_sign: "{key_id}\n{method}\n{path}\n{query}\n{timestamp}{nonce}{payload}",
        headers: &[("X-Key", "{key_id}"), ("X-Signature", "t={timestamp}, n={nonce}, s={signature}")],
        timestamp_format: Some(TimestampFormat::Seconds),
        nonce: Some("uuid"),
        ..Row::EMPTY
    };
    let dated = Row {
        name: "dated",
        string_to_sign: "{timestamp}{payload}",
        headers: &[("X-Time", "{timestamp}"), ("X-Signature", "{signature}")],
        encoding: Encoding::Base64Url,
        timestamp_format: Some(TimestampFormat::Rfc3339),
        ..Row::EMPTY
    };
    let rotated = Row {
        name: "rotated",
        string_to_sign: "{timestamp}.{payload}",
        headers: &[("X-Signature", "t={timestamp},v1={signature},...")],
        timestamp_format: Some(TimestampFormat::Seconds),
        ..Row::EMPTY
    };
    let sequence = Row {
        name: "sequence",
        string_to_sign: "{key_id}\n{timestamp}.{payload}",
        headers: &[
            ("Authorization", "HMAC-SHA256 {key_id}:{timestamp}"),
            ("X-Signature", "v1,{signature} ..."),
        ],
        encoding: Encoding::Base64,
        timestamp_format: Some(TimestampFormat::Milliseconds),
        ..Row::EMPTY
    };
    let built_in = Profile::all().iter().map(|profile| profile.as_ref().clone());
    built_in.chain([everything, dated, rotated, sequence].map(|row| Profile::new(&row).unwrap())).collect()
}
