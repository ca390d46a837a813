//! Verification: parse, freshness, MAC, and then what a replay guard needs.
//!
//! Strict, and without a guess: what does not follow the profile to the byte is rejected. Nothing here depends on the
//! diagnosis.

use crate::digest::Digest;
use crate::freshness::Tolerance;
use crate::key::{Hash, Key};
use crate::profile::Profile;
use crate::received::{Fields, Received, Signatures};
use crate::rejection::Rejection;
use crate::request::{Canonical, Request};
use crate::sign::MacStream;
use crate::timestamp::TimestampFormat;

/// How long a claim lasts where no window ends it: a day, in seconds.
pub const CLAIM_WITHOUT_END: u64 = 86_400;

/// The least number of seconds by which a claim outlives its window.
pub const CLAIM_MARGIN: u64 = 60;

/// The window and the clock.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Unix time in seconds.
    pub now: u64,
    /// In place of the profile's own; `None` to keep that.
    pub tolerance: Option<Tolerance>,
}

/// Verifies a request in one go.
///
/// # Errors
///
/// [`Rejection`], from the first of the steps that fails: parse, freshness, MAC.
#[inline]
pub fn verify<'a>(
    profile: &Profile,
    keys: &[impl AsRef<Key>],
    received: &Received<'a>,
    request: &Request<'_>,
    payload: &[u8],
    clock: Clock,
) -> Result<Accepted<'a>, Rejection> {
    let fields = Fields::read(profile, received)?;
    let canonical = check(&fields, profile, request, clock)?;
    if !payload.is_empty() && !profile.signs_payload(&request.method()) {
        return Err(Rejection::UnsignedPayload);
    }
    let values = fields.values(&canonical);
    let string_to_sign = profile.string_to_sign();
    let payload = string_to_sign.payload(&values, payload);
    let digests = keys.iter().map(|key| {
        key.as_ref().digest(|mac| {
            string_to_sign.write(&values, payload.as_bytes(), &mut |piece| mac.update(piece));
        })
    });
    accept(fields, keys, digests)
}

/// Checks the time, and brings the request into its canonical form.
fn check<'r>(
    fields: &Fields<'r>,
    profile: &'r Profile,
    request: &Request<'r>,
    clock: Clock,
) -> Result<Canonical<'r>, Rejection> {
    check_time(fields, profile, clock)?;
    let string_to_sign = profile.string_to_sign();
    if !string_to_sign.signs_rarely() {
        return request.canonical(string_to_sign).map_err(Rejection::Request);
    }
    // The list that was sent decides, where one is sent.
    let list = fields.signed_headers.unwrap_or_else(|| profile.signed_headers_text().as_bytes());
    request.with_signed_headers(list).canonical(string_to_sign).map_err(Rejection::Request)
}

fn check_time(fields: &Fields<'_>, profile: &Profile, clock: Clock) -> Result<(), Rejection> {
    if let Some((timestamp, unit, tolerance)) = window(fields, profile, clock) {
        tolerance.check(timestamp, unit, clock.now)?;
    }
    Ok(())
}

/// The timestamp, what it counts, and how far off it may be.
fn window(fields: &Fields<'_>, profile: &Profile, clock: Clock) -> Option<(u64, TimestampFormat, Tolerance)> {
    let ((_, timestamp), unit, own) = (fields.timestamp?, profile.timestamp_format()?, profile.tolerance()?);
    Some((timestamp, unit, clock.tolerance.unwrap_or(own)))
}

/// Compares every signature with the digest of every key, without leaving early.
///
/// A key with an id counts only when the request names that id, where the profile sends one.
fn accept<'a>(
    fields: Fields<'a>,
    keys: &[impl AsRef<Key>],
    digests: impl Iterator<Item = Digest>,
) -> Result<Accepted<'a>, Rejection> {
    let mut matched = None;
    let mut others: Vec<Digest> = Vec::new();
    let mut named = false;
    for (index, (key, digest)) in keys.iter().zip(digests).enumerate() {
        let meant = match (fields.key_id, key.as_ref().id()) {
            (Some(received), Some(id)) => received == id.as_bytes(),
            _ => true,
        };
        named |= meant;
        if fields.signatures.contain(&digest) && meant {
            match matched {
                None => matched = Some((index, digest)),
                Some((_, first)) if first == digest || others.contains(&digest) => {}
                Some(_) => others.push(digest),
            }
        }
    }
    match matched {
        Some((key_index, digest)) => Ok(Accepted { fields, key_index, digest, others }),
        None if named => Err(Rejection::SignatureMismatch),
        None => Err(Rejection::UnknownKey),
    }
}

/// An authentic, fresh request.
#[derive(Clone, Debug)]
pub struct Accepted<'a> {
    fields: Fields<'a>,
    /// Which key matched: the first one that did.
    pub key_index: usize,
    digest: Digest,
    others: Vec<Digest>,
}

impl Accepted<'_> {
    /// What the keys that matched have computed, without repetition; that of [`Self::key_index`] comes first.
    pub fn digests(&self) -> impl Iterator<Item = &Digest> {
        core::iter::once(&self.digest).chain(&self.others)
    }

    /// The timestamp, in the profile's unit.
    #[must_use]
    pub fn timestamp(&self) -> Option<u64> {
        self.fields.timestamp.map(|(_, number)| number)
    }

    /// The nonce.
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        core::str::from_utf8(self.fields.nonce?).ok()
    }

    /// What to claim so that the same request is not accepted twice: 64 hex digits for each distinct digest that a key
    /// has confirmed, in bytewise order.
    ///
    /// A hash over a label and the digest. The digest is keyed by itself, and all that is signed is in it: not the name of
    /// the profile, so that contracts which sign the same bytes under one secret know each other's requests, and not the
    /// id of the key, which travels unsigned in some profiles.
    #[must_use]
    pub fn replay_ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.digests().map(replay_id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// How many seconds to remember a claim: until the request is too old to be accepted, whatever the offset of the
    /// sender's clock, and then as long as the tolerance, or [`CLAIM_MARGIN`] if that is more. So a claim is right while
    /// the clocks of all receivers differ by no more than that.
    ///
    /// Where nothing makes a request too old (no timestamp, or [`Tolerance::AnyAge`]), it is [`CLAIM_WITHOUT_END`].
    #[must_use]
    pub fn claim_seconds(&self, profile: &Profile, clock: Clock) -> u64 {
        match window(&self.fields, profile, clock) {
            Some((timestamp, unit, tolerance @ Tolerance::Seconds(seconds))) => {
                let left = tolerance.seconds_left(timestamp, unit, clock.now).unwrap_or(0);
                left.saturating_add(seconds.max(CLAIM_MARGIN))
            }
            _ => CLAIM_WITHOUT_END,
        }
    }

    /// How old the request is in seconds, negative where its timestamp is ahead of the clock; `None` without a timestamp.
    #[must_use]
    pub fn age(&self, profile: &Profile, clock: Clock) -> Option<i64> {
        let (timestamp, unit) = self.timestamp().zip(profile.timestamp_format())?;
        Some(unit.age(timestamp, clock.now))
    }
}

fn replay_id(digest: &Digest) -> String {
    let mut hash = Hash::default();
    hash.update(b"hw_signature replay\n");
    hash.update(digest.as_bytes());
    String::from_utf8_lossy(&hash.finish_hex()).into_owned()
}

/// Verification of a payload that comes in pieces. The headers are kept, since the caller's may be gone by the end.
#[derive(Clone, Debug)]
pub struct VerifyingStream {
    stream: MacStream,
    timestamp: Option<(Box<[u8]>, u64)>,
    nonce: Option<Box<[u8]>>,
    key_id: Option<Box<[u8]>>,
    signatures: Signatures,
    payload_allowed: bool,
}

impl VerifyingStream {
    /// Reads the headers and checks the time; what fails here need not wait for the payload.
    ///
    /// # Errors
    ///
    /// [`Rejection`], as [`verify`].
    pub fn new(
        profile: &Profile,
        keys: &[impl AsRef<Key>],
        received: &Received<'_>,
        request: &Request<'_>,
        clock: Clock,
    ) -> Result<Self, Rejection> {
        let fields = Fields::read(profile, received)?;
        let canonical = check(&fields, profile, request, clock)?;
        let keys = keys.iter().map(AsRef::as_ref);
        Ok(Self {
            stream: MacStream::new(profile, keys, &fields.values(&canonical)),
            timestamp: fields.timestamp.map(|(text, number)| (text.into(), number)),
            nonce: fields.nonce.map(Into::into),
            key_id: fields.key_id.map(Into::into),
            signatures: fields.signatures,
            payload_allowed: profile.signs_payload(&request.method()),
        })
    }

    /// Adds a piece of the payload.
    pub fn update(&mut self, bytes: &[u8]) {
        self.stream.update(bytes);
    }

    /// Checks the time again, compares, and hands the result to `then`, because it borrows from the stream.
    ///
    /// The sender decides how long a payload takes: `clock` says how late it is at its end.
    ///
    /// # Errors
    ///
    /// [`Rejection`], as [`verify`].
    pub fn finish<T>(
        self,
        profile: &Profile,
        keys: &[impl AsRef<Key>],
        clock: Clock,
        then: impl FnOnce(Accepted<'_>) -> T,
    ) -> Result<T, Rejection> {
        let fields = Fields {
            timestamp: self.timestamp.as_ref().map(|(text, number)| (&**text, *number)),
            nonce: self.nonce.as_deref(),
            key_id: self.key_id.as_deref(),
            // Nothing asks for it any more.
            signed_headers: None,
            signatures: self.signatures,
        };
        check_time(&fields, profile, clock)?;
        if self.stream.has_payload() && !self.payload_allowed {
            return Err(Rejection::UnsignedPayload);
        }
        accept(fields, keys, self.stream.finish().into_iter()).map(then)
    }
}
