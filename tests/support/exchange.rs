//! A signed request on its way, kept in parts, so that a test can change one of them and put it together again.

use std::sync::Arc;

use hw_signature::freshness::Tolerance;
use hw_signature::key::Key;
use hw_signature::profile::Profile;
use hw_signature::received::{HeaderValue, Received};
use hw_signature::rejection::Rejection;
use hw_signature::request::Request;
use hw_signature::sign::{Refusal, Signature, Stamp, sign};
use hw_signature::signed_headers::RequestHeaders;
use hw_signature::template::Field;
use hw_signature::verify::{Clock, verify};

/// No window, so that nothing but the signature can reject a timestamp.
pub const ANY_AGE: Clock = Clock { now: 0, tolerance: Some(Tolerance::AnyAge) };

#[derive(Clone, Debug)]
pub struct Exchange {
    pub profile: Profile,
    pub key: Vec<u8>,
    pub method: Vec<u8>,
    pub target: Vec<u8>,
    pub payload: Vec<u8>,
    pub timestamp: Vec<u8>,
    pub nonce: Vec<u8>,
    pub key_id: Vec<u8>,
    pub signature: Vec<u8>,
    /// The headers besides those of the profile.
    pub others: Vec<(String, Vec<u8>)>,
}

impl Exchange {
    pub fn signed(&self) -> Result<Signature<'_>, Refusal> {
        sign(&self.profile, &[self.key()], &self.request(), &self.payload, self.stamp())
    }

    #[track_caller]
    pub fn key(&self) -> Arc<Key> {
        Arc::new(Key::from_bytes(&self.key).unwrap())
    }

    /// The request that is to be signed.
    #[track_caller]
    pub fn request(&self) -> Request<'_> {
        Request::parse(&self.method, &self.target).unwrap().with_headers(self.all_headers(&[]))
    }

    /// The request as it arrives with these values of the profile's headers.
    #[track_caller]
    pub fn arrived<'a>(&'a self, headers: &'a [Vec<u8>]) -> Request<'a> {
        Request::parse(&self.method, &self.target).unwrap().with_headers(self.all_headers(headers))
    }

    /// The other headers, and these values of the profile's. The list is leaked: a test is short.
    pub fn all_headers<'a>(&'a self, headers: &'a [Vec<u8>]) -> RequestHeaders<'a> {
        let others = self.others.iter().map(|(name, value)| (name.as_bytes(), Some(&**value)));
        let own = self.profile.headers().iter().zip(headers);
        let own = own.map(|(header, value)| (header.name().as_bytes(), Some(&**value)));
        RequestHeaders(Box::leak(others.chain(own).collect()))
    }

    /// The list of the headers that are signed.
    pub fn signed_headers(&self) -> Vec<u8> {
        let others = self.others.iter().map(|(name, _)| name.to_ascii_lowercase());
        let mut names: Vec<String> = self.profile.signed_headers().iter().map(ToString::to_string).collect();
        names.extend(others);
        names.sort();
        names.dedup();
        names.join(";").into_bytes()
    }

    #[track_caller]
    pub fn stamp(&self) -> Stamp<'_> {
        let text = |bytes| std::str::from_utf8(bytes).unwrap();
        Stamp {
            timestamp: text(&self.timestamp).to_owned(),
            nonce: text(&self.nonce).into(),
            key_id: text(&self.key_id).into(),
        }
    }

    /// The timestamp as a number, if there is one.
    #[track_caller]
    pub fn timestamp_number(&self) -> Option<u64> {
        self.profile.timestamp().map(|grammar| grammar.parse(&self.timestamp).unwrap())
    }

    /// The header values as they are sent, in the profile's order.
    pub fn headers(&self) -> Vec<Vec<u8>> {
        let signed_headers = self.signed_headers();
        let value = |field| match field {
            Field::Timestamp => &*self.timestamp,
            Field::Nonce => &*self.nonce,
            Field::KeyId => &*self.key_id,
            Field::SignedHeaders => &signed_headers,
            other => panic!("{other} is in no header"),
        };
        let written = self.profile.headers().iter().map(|header| {
            let mut out = Vec::new();
            header.write(value, [&*self.signature], &mut out);
            out
        });
        written.collect()
    }

    /// Verifies at any age.
    pub fn verify(&self) -> Result<(), Rejection> {
        let headers = self.headers();
        verify(
            &self.profile,
            &[self.key()],
            &received(&headers),
            &self.arrived(&headers),
            &self.payload,
            ANY_AGE,
        )
        .map(|_| ())
    }
}

/// Other headers, where the profile signs some.
pub fn others_of(profile: &Profile) -> Vec<(String, Vec<u8>)> {
    let others = [("Host", "host.example"), ("Content-Type", "application/json")];
    let signs = profile.string_to_sign().signs_headers();
    others
        .map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()))
        .into_iter()
        .filter(|_| signs)
        .collect()
}

/// The target, in absolute form where the profile signs the URL.
pub fn target_of(profile: &Profile, target: &[u8]) -> Vec<u8> {
    let needs_host = profile.string_to_sign().has(Field::Url) && target.starts_with(b"/");
    let origin: &[u8] = if needs_host { b"https://host.example" } else { b"" };
    [origin, target].concat()
}

/// The values of the profile's headers, in its order; an empty one for a header that is not sent.
pub fn written(signature: &Signature<'_>, profile: &Profile) -> Vec<Vec<u8>> {
    let mut values = vec![Vec::new(); profile.headers().len()];
    signature.write(profile, |header, value| {
        let index = profile.headers().iter().position(|other| std::ptr::eq(other, header));
        values[index.unwrap()] = value.to_vec();
    });
    values
}

/// The text of the signature, out of the header that carries it.
#[track_caller]
pub fn signature_of(profile: &Profile, headers: &[Vec<u8>]) -> Vec<u8> {
    let mut signature = None;
    // Of several headers with a signature, one key fills the first.
    for (header, value) in profile.headers().iter().zip(headers).filter(|(_, value)| !value.is_empty()) {
        let keep = |field, text: &[u8], _| {
            if field == Field::Signature {
                signature = Some(text.to_vec());
            }
            Ok(())
        };
        header.read(value, keep).unwrap();
    }
    signature.unwrap()
}

/// Header values as a verifier takes them.
pub fn received(headers: &[Vec<u8>]) -> Received<'_> {
    let mut received = Received::default();
    assert!(headers.len() <= received.len());
    for (slot, header) in received.iter_mut().zip(headers) {
        *slot = HeaderValue::One(header);
    }
    received
}
