//! Which other bytes the sender may have used as the key.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::alternative::{Alternative, Fault, add};
use super::cause::Cause;

/// Key bytes, wiped when they are dropped.
pub(super) type KeyBytes = Zeroizing<Vec<u8>>;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// What people leave in front of a secret, and whether base64 follows.
const PREFIXES: [(&str, bool); 5] =
    [("whsec_", true), ("base64:", true), ("hex:", false), ("Bearer ", false), ("sha256=", false)];

/// The key as it was given, and then with one fault, and with two.
pub(super) fn alternatives(key: &[u8]) -> Vec<Alternative<KeyBytes>> {
    let mut list = vec![Alternative::given(Zeroizing::new(key.to_vec()))];
    let mut from = 0;
    for _ in 0..2 {
        let to = list.len();
        for index in from..to {
            let Some(base) = list.get(index).cloned() else { continue };
            for (value, fault) in steps(&base.value) {
                // The same fault twice explains nothing: a key is not trimmed or decoded in two ways at once.
                if !value.is_empty() && base.faults.iter().all(|other| other.cause != fault.cause) {
                    let faults = base.faults.iter().cloned().chain([fault]).collect();
                    add(&mut list, value, faults);
                }
            }
        }
        from = to;
    }
    list
}

fn steps(key: &[u8]) -> Vec<(KeyBytes, Fault)> {
    let mut steps = Vec::new();
    let mut step = |value: &[u8], cause, detail: &str| {
        steps.push((Zeroizing::new(value.to_vec()), Fault::with(cause, detail)));
    };
    let trimmed = key.trim_ascii();
    if trimmed.len() != key.len() {
        step(trimmed, Cause::KeyHasWhitespace, "it is taken off");
    }
    if let Some(rest) = key.strip_prefix(BOM) {
        step(rest, Cause::KeyHasBom, "");
    }
    for (prefix, is_base64) in PREFIXES {
        let Some(rest) = key.strip_prefix(prefix.as_bytes()) else { continue };
        if is_base64 && let Some(decoded) = decode_base64(rest) {
            step(
                &decoded,
                Cause::KeyHasPrefix,
                &format!("\"{prefix}\", with base64 behind it, which the sender decodes"),
            );
        }
        step(rest, Cause::KeyHasPrefix, &format!("\"{prefix}\""));
    }
    if let Some(decoded) = decode_base64(key) {
        step(&decoded, Cause::KeyIsBase64Text, "");
    }
    if let Ok(decoded) = hex::decode(key) {
        step(&decoded, Cause::KeyIsHexText, "");
    }
    step(STANDARD.encode(key).as_bytes(), Cause::KeyWasDecoded, "its base64 text");
    step(hex::encode(key).as_bytes(), Cause::KeyWasDecoded, "its hexadecimal text");
    step(URL_SAFE_NO_PAD.encode(key).as_bytes(), Cause::KeyWasDecoded, "its URL-safe base64 text");
    if trimmed.len() == key.len() {
        for end in ["\n", "\r\n"] {
            let detail = "a line break is put at its end, which the sender's secret has";
            step(&[key, end.as_bytes()].concat(), Cause::KeyHasWhitespace, detail);
        }
    }
    steps
}

/// Decodes whatever somebody's decoder would have taken for base64.
fn decode_base64(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD]
        .into_iter()
        .find_map(|engine| engine.decode(text).ok())
        .map(Zeroizing::new)
}
