//! RFC 4231, section 4: the seven test cases for HMAC-SHA-256.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hw_signature::digest::{Digest, Encoding};
use hw_signature::key::Key;

#[track_caller]
fn hmac(key: &[u8], data: &[u8]) -> Digest {
    let mut mac = Key::from_bytes(key).unwrap().mac();
    mac.update(data);
    mac.finish()
}

#[track_caller]
fn require(key: &[u8], data: &[u8], hex: &str) {
    let text = hmac(key, data).encode(Encoding::Hex);
    assert_eq!(core::str::from_utf8(&text).unwrap(), hex);
}

#[test]
fn case_1_a_short_key() {
    require(&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

#[test]
fn case_2_a_key_shorter_than_the_digest() {
    let hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    require(b"Jefe", b"what do ya want for nothing?", hex);
}

#[test]
fn case_3_key_and_data_together_longer_than_a_block() {
    let hex = "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe";
    require(&[0xaa; 20], &[0xdd; 50], hex);
}

#[test]
fn case_4_a_key_of_25_bytes() {
    let key: Vec<u8> = (1..=25).collect();
    require(&key, &[0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
}

#[test]
fn case_5_truncated_to_128_bits() {
    let digest = hmac(&[0x0c; 20], b"Test With Truncation");
    assert_eq!(base16ct::lower::encode_string(&digest.as_bytes()[..16]), "a3b6167473100ee06e0c796c2955552b");
}

#[test]
fn case_6_a_key_longer_than_a_block() {
    let data = b"Test Using Larger Than Block-Size Key - Hash Key First";
    require(&[0xaa; 131], data, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

#[test]
fn case_7_key_and_data_longer_than_a_block() {
    let data = b"This is a test using a larger than block-size key and a larger than block-size data. \
        The key needs to be hashed before being used by the HMAC algorithm.";
    require(&[0xaa; 131], data, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}
