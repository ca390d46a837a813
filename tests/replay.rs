//! What a replay guard is given: the same for the same request, however it is spelled.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use hw_signature::key::Key;
use hw_signature::profile::Profile;
use hw_signature::request::Request;
use hw_signature::verify::{Clock, HeaderValue, Received, verify};

const CLOCK: Clock = Clock { now: 1_800_000_000, tolerance: None };

#[track_caller]
fn replay_id(profile: &str, key: &Key, headers: &[&str], payload: &[u8]) -> String {
    let profile = Profile::named(profile).unwrap();
    let mut received = Received::default();
    for (slot, header) in received.iter_mut().zip(headers) {
        *slot = HeaderValue::One(header.as_bytes());
    }
    let request = Request::parse(b"POST", b"/").unwrap();
    let accepted = verify(profile, &[key], &received, &request, payload, CLOCK).unwrap();
    accepted.replay_id(profile, key)
}

fn key() -> Key {
    Key::from_bytes(b"0123456789abcdef0123456789abcdef01234567").unwrap()
}

fn digest(text: &str) -> String {
    let mut mac = key().mac();
    mac.update(text.as_bytes());
    mac.finish().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn bytes_moved_between_an_ambiguous_nonce_and_the_payload_are_the_same_request() {
    let nonce = "n".repeat(40);
    let digest = digest(&format!("{nonce}roomtoken"));
    let genuine = replay_id("nextcloud-recording", &key(), &[&nonce, &digest], b"roomtoken");
    let moved = replay_id("nextcloud-recording", &key(), &[&format!("{nonce}r"), &digest], b"oomtoken");
    assert_eq!(genuine, moved);
}

#[test]
fn the_letter_case_of_a_digest_is_no_other_request() {
    let nonce = "n".repeat(64);
    let digest = digest(&format!("{nonce}body"));
    let lower = replay_id("nextcloud-talk", &key(), &[&nonce, &digest], b"body");
    let upper = replay_id("nextcloud-talk", &key(), &[&nonce, &digest.to_uppercase()], b"body");
    assert_eq!(lower, upper);
}

#[test]
fn another_nonce_another_key_id_and_another_profile_are_other_requests() {
    let ids: Vec<String> =
        [("nextcloud-talk", "a", None), ("nextcloud-talk", "b", None), ("nextcloud-talk", "a", Some("id"))]
            .into_iter()
            .map(|(profile, letter, id)| {
                let key = id.map_or_else(key, |id: &str| key().with_id(id.as_bytes()).unwrap());
                let nonce = letter.repeat(64);
                replay_id(profile, &key, &[&nonce, &digest(&format!("{nonce}body"))], b"body")
            })
            .collect();
    let nonce = "a".repeat(64);
    let other = replay_id("nextcloud-talk-bot", &key(), &[&nonce, &digest(&format!("{nonce}body"))], b"body");
    let mut distinct: Vec<&String> = ids.iter().chain([&other]).collect();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 4);
    assert!(ids.iter().all(|id| id.len() == 64));
}
