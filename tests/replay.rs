//! What a replay guard is given: the same for the same request, however it is spelled.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use hw_signature::digest::{Digest, Encoding};
use hw_signature::key::{Hash, Key};
use hw_signature::profile::Profile;
use hw_signature::received::{HeaderValue, Received};
use hw_signature::request::Request;
use hw_signature::verify::{Clock, verify};

const CLOCK: Clock = Clock { now: 1_800_000_000, tolerance: None };

#[track_caller]
fn replay_id(profile: &Profile, key: &Key, headers: &[&str], payload: &[u8]) -> String {
    let mut received = Received::default();
    for (slot, header) in received.iter_mut().zip(headers) {
        *slot = HeaderValue::One(header.as_bytes());
    }
    let request = Request::parse(b"POST", b"/").unwrap();
    let accepted = verify(profile, &[key], &received, &request, payload, CLOCK).unwrap();
    let ids = accepted.replay_ids();
    assert_eq!(ids.len(), 1);
    ids.into_iter().next().unwrap()
}

fn named(profile: &str) -> &'static Profile {
    Profile::named(profile).unwrap()
}

fn key() -> Key {
    Key::from_bytes(b"0123456789abcdef0123456789abcdef01234567").unwrap()
}

fn digest(text: &str) -> String {
    hex(&key().digest(|mac| mac.update(text.as_bytes())))
}

fn hex(digest: &Digest) -> String {
    String::from_utf8(digest.encode(Encoding::Hex).to_vec()).unwrap()
}

#[test]
fn bytes_moved_between_an_ambiguous_nonce_and_the_payload_are_the_same_request() {
    let nonce = "n".repeat(40);
    let digest = digest(&format!("{nonce}roomtoken"));
    let genuine = replay_id(named("nextcloud-recording"), &key(), &[&nonce, &digest], b"roomtoken");
    let moved =
        replay_id(named("nextcloud-recording"), &key(), &[&format!("{nonce}r"), &digest], b"oomtoken");
    assert_eq!(genuine, moved);
}

#[test]
fn the_letter_case_of_a_digest_is_no_other_request() {
    let nonce = "n".repeat(64);
    let digest = digest(&format!("{nonce}body"));
    let lower = replay_id(named("nextcloud-talk"), &key(), &[&nonce, &digest], b"body");
    let upper = replay_id(named("nextcloud-talk"), &key(), &[&nonce, &digest.to_uppercase()], b"body");
    assert_eq!(lower, upper);
}

#[test]
fn the_id_of_a_key_which_may_travel_unsigned_is_no_other_request() {
    let nonce = "n".repeat(64);
    let digest = digest(&format!("{nonce}body"));
    let id = |key: &Key| replay_id(named("nextcloud-talk"), key, &[&nonce, &digest], b"body");
    assert_eq!(id(&key()), id(&key().with_id(b"a").unwrap()));
    let zero_at_the_end = Key::from_bytes(b"0123456789abcdef0123456789abcdef01234567\0").unwrap();
    assert_eq!(id(&key()), id(&zero_at_the_end));
}

#[test]
fn another_nonce_and_another_key_are_other_requests_and_another_profile_is_none() {
    let id = |profile, secret: &[u8], letter: &str| {
        let (key, nonce) = (Key::from_bytes(secret).unwrap(), letter.repeat(64));
        let digest = key.digest(|mac| mac.update(format!("{nonce}body").as_bytes()));
        replay_id(named(profile), &key, &[&nonce, &hex(&digest)], b"body")
    };
    let mut ids =
        [id("nextcloud-talk", b"k", "a"), id("nextcloud-talk", b"k", "b"), id("nextcloud-talk", b"l", "a")];
    assert!(ids.iter().all(|id| id.len() == 64));
    for profile in ["nextcloud-talk-bot", "nextcloud-signaling", "nextcloud-recording"] {
        assert_eq!(id(profile, b"k", "a"), ids[0]);
    }
    ids.sort();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
}

#[test]
fn an_id_is_a_hash_of_a_label_and_the_digest() {
    let nonce = "n".repeat(64);
    let digest = key().digest(|mac| mac.update(format!("{nonce}body").as_bytes()));
    let mut hash = Hash::default();
    hash.update(b"hw_signature replay\n");
    hash.update(digest.as_bytes());
    let id = replay_id(named("nextcloud-talk"), &key(), &[&nonce, &hex(&digest)], b"body");
    assert_eq!(id.as_bytes(), hash.finish_hex());
}
