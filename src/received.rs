//! What was received, read by the profile's headers but not yet believed.

use crate::digest::Digest;
use crate::header::{HeaderError, HeaderErrorKind};
use crate::key::check_key_id;
use crate::profile::{MAX_HEADERS, Profile};
use crate::rejection::Rejection;
use crate::request::Canonical;
use crate::template::{Field, Values};

/// What was found under the name of one header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeaderValue<'a> {
    /// Nothing.
    #[default]
    Missing,
    /// One value.
    One(&'a [u8]),
    /// Something that is no text.
    NotText,
    /// More than one.
    Repeated,
}

/// What was found under the names of a profile's headers, in the profile's order.
pub type Received<'a> = [HeaderValue<'a>; MAX_HEADERS];

/// What the headers say, read but not yet believed.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    pub(crate) timestamp: Option<(&'a [u8], u64)>,
    pub(crate) nonce: Option<&'a [u8]>,
    pub(crate) key_id: Option<&'a [u8]>,
    pub(crate) signed_headers: Option<&'a [u8]>,
    pub(crate) signatures: Signatures,
}

impl<'a> Fields<'a> {
    /// Reads all headers of the profile.
    ///
    /// The first header that carries a field must be there. A later one that repeats the field may be missing, but must
    /// not say otherwise. Of several headers with a signature, all but one may be missing. A signature that does not decode
    /// is skipped while another does.
    ///
    /// # Errors
    ///
    /// [`Rejection`] for a missing, repeated, malformed or contradicting header.
    pub fn read(profile: &Profile, received: &Received<'a>) -> Result<Self, Rejection> {
        let mut texts: [Option<&'a [u8]>; 4] = [None; 4];
        let mut timestamp = None;
        let mut signatures: Option<Signatures> = None;
        let mut undecodable = None;
        let mut left_out = None;
        for (index, (header, value)) in profile.headers().iter().zip(received).enumerate() {
            let value = match value {
                HeaderValue::One(value) => *value,
                HeaderValue::NotText => return Err(Rejection::NotText { header: index }),
                HeaderValue::Repeated => return Err(Rejection::Repeated { header: index }),
                HeaderValue::Missing => {
                    if header.has_signature() && profile.has_several_signature_headers() {
                        left_out = left_out.or(Some(index));
                        continue;
                    }
                    let known =
                        |field: Field| slot(field).and_then(|slot| texts.get(slot)?.as_ref()).is_some();
                    if header.fields().all(known) {
                        continue;
                    }
                    return Err(Rejection::Missing { header: index });
                }
            };
            let mut contradiction = false;
            let read = header.read(value, |field, text, offset| {
                let error = |at, kind| HeaderError { offset: offset + at, kind };
                let Some(known) = slot(field).and_then(|slot| texts.get_mut(slot)) else {
                    match (Digest::decode(text, profile.encoding()), &mut signatures) {
                        (Ok(digest), None) => signatures = Some(Signatures::one(digest)),
                        (Ok(digest), Some(signatures)) => signatures.push(digest),
                        (Err(wrong), _) => {
                            let error = error(wrong.offset(), HeaderErrorKind::Digest(wrong));
                            undecodable.get_or_insert(Rejection::Malformed { header: index, error });
                        }
                    }
                    return Ok(());
                };
                if let Some(first) = *known {
                    contradiction |= first != text;
                    return Ok(());
                }
                *known = Some(text);
                match field {
                    Field::Timestamp => {
                        if let Some(grammar) = profile.timestamp() {
                            let number = grammar
                                .parse(text)
                                .map_err(|wrong| error(wrong.offset, HeaderErrorKind::Timestamp(grammar)))?;
                            timestamp = Some((text, number));
                        }
                    }
                    Field::Nonce if !profile.nonce().is_some_and(|nonce| nonce.accepts(text)) => {
                        return Err(error(0, HeaderErrorKind::Nonce));
                    }
                    Field::SignedHeaders if !profile.takes_signed_headers(text) => {
                        return Err(error(0, HeaderErrorKind::SignedHeaders));
                    }
                    Field::KeyId if check_key_id(text).is_err() => {
                        return Err(error(0, HeaderErrorKind::KeyId));
                    }
                    _ => {}
                }
                Ok(())
            });
            read.map_err(|error| Rejection::Malformed { header: index, error })?;
            if contradiction {
                return Err(Rejection::Contradiction { header: index });
            }
        }
        let [_, nonce, key_id, signed_headers] = texts;
        match (signatures, undecodable, left_out) {
            (Some(signatures), _, _) => Ok(Self { timestamp, nonce, key_id, signed_headers, signatures }),
            (None, Some(rejection), _) => Err(rejection),
            (None, None, Some(header)) => Err(Rejection::Missing { header }),
            // Every profile has a header with a signature, and one that is there has at least one.
            (None, None, None) => Err(Rejection::SignatureMismatch),
        }
    }

    /// What goes into the string to sign.
    #[must_use]
    pub fn values<'v>(&self, canonical: &'v Canonical<'_>) -> Values<'v>
    where
        'a: 'v,
    {
        Values {
            method: &canonical.method,
            path: &canonical.path,
            query: canonical.query.as_bytes(),
            timestamp: self.timestamp.map_or(&[], |(text, _)| text),
            nonce: self.nonce.unwrap_or_default(),
            key_id: self.key_id.unwrap_or_default(),
            rare: canonical.rare.as_deref(),
        }
    }
}

/// Where a field's text is kept while the headers are read; signatures are kept as what they decode to.
const fn slot(field: Field) -> Option<usize> {
    match field {
        Field::Timestamp => Some(0),
        Field::Nonce => Some(1),
        Field::KeyId => Some(2),
        Field::SignedHeaders => Some(3),
        _ => None,
    }
}

/// The signatures that were received: one nearly always, two while a key is being changed. Neither takes an allocation.
#[derive(Clone, Debug)]
pub(crate) struct Signatures {
    first: Digest,
    second: Option<Digest>,
    more: Vec<Digest>,
}

impl Signatures {
    const fn one(first: Digest) -> Self {
        Self { first, second: None, more: Vec::new() }
    }

    fn push(&mut self, digest: Digest) {
        match self.second {
            None => self.second = Some(digest),
            Some(_) => self.more.push(digest),
        }
    }

    /// Whether a digest is one of them. It is compared with all.
    #[inline]
    pub(crate) fn contain(&self, digest: &Digest) -> bool {
        let others = self.second.iter().chain(&self.more);
        others.fold(*digest == self.first, |found, other| found | (digest == other))
    }
}
