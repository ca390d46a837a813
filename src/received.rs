//! What was received, read by the profile's headers but not yet believed.

use crate::digest::Digest;
use crate::freshness::parse_timestamp;
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
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    pub(crate) timestamp: Option<(&'a [u8], u64)>,
    pub(crate) nonce: Option<&'a [u8]>,
    pub(crate) key_id: Option<&'a [u8]>,
    pub(crate) digest: Digest,
}

impl<'a> Fields<'a> {
    /// Reads all headers of the profile.
    ///
    /// The first header that carries a field must be there. A later one that repeats the field may be missing, but must
    /// not say otherwise.
    ///
    /// # Errors
    ///
    /// [`Rejection`] for a missing, repeated, malformed or contradicting header.
    pub fn read(profile: &Profile, received: &Received<'a>) -> Result<Self, Rejection> {
        let mut texts: [Option<&'a [u8]>; 4] = [None; 4];
        let mut digest = None;
        let mut timestamp = None;
        for (index, (header, value)) in profile.headers().iter().zip(received).enumerate() {
            let value = match value {
                HeaderValue::One(value) => *value,
                HeaderValue::NotText => return Err(Rejection::NotText { header: index }),
                HeaderValue::Repeated => return Err(Rejection::Repeated { header: index }),
                HeaderValue::Missing => {
                    let known = |field: Field| texts.get(slot(field)).is_some_and(Option::is_some);
                    if header.fields().all(known) {
                        continue;
                    }
                    return Err(Rejection::Missing { header: index });
                }
            };
            let mut contradiction = false;
            header
                .read(value, |field, text, offset| {
                    let Some(known) = texts.get_mut(slot(field)) else {
                        return Ok(());
                    };
                    if let Some(first) = *known {
                        contradiction |= first != text;
                        return Ok(());
                    }
                    *known = Some(text);
                    let error = |at, kind| HeaderError { offset: offset + at, kind };
                    match field {
                        Field::Timestamp => {
                            let number = parse_timestamp(text)
                                .map_err(|wrong| error(wrong.offset, HeaderErrorKind::Timestamp))?;
                            timestamp = Some((text, number));
                        }
                        Field::Nonce if !profile.nonce().is_some_and(|nonce| nonce.accepts(text)) => {
                            return Err(error(0, HeaderErrorKind::Nonce));
                        }
                        Field::KeyId if check_key_id(text).is_err() => {
                            return Err(error(0, HeaderErrorKind::KeyId));
                        }
                        Field::Signature => {
                            let decoded = Digest::decode(text, profile.encoding());
                            digest =
                                Some(decoded.map_err(|wrong| {
                                    error(wrong.offset(), HeaderErrorKind::Digest(wrong))
                                })?);
                        }
                        _ => {}
                    }
                    Ok(())
                })
                .map_err(|error| Rejection::Malformed { header: index, error })?;
            if contradiction {
                return Err(Rejection::Contradiction { header: index });
            }
        }
        let [_, nonce, key_id, _] = texts;
        Ok(Self {
            timestamp,
            nonce,
            key_id,
            // Every profile has a header with a signature, so it was read.
            digest: digest.ok_or(Rejection::SignatureMismatch)?,
        })
    }

    /// The digest that was received.
    #[must_use]
    pub const fn digest(&self) -> &Digest {
        &self.digest
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
        }
    }
}

/// Where a field's text is kept while the headers are read.
const fn slot(field: Field) -> usize {
    match field {
        Field::Timestamp => 0,
        Field::Nonce => 1,
        Field::KeyId => 2,
        _ => 3,
    }
}
