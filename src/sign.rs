//! Signing: from a payload to the headers that are sent with it.

use alloc::borrow::Cow;
use core::fmt;

use crate::digest::{Digest, DigestText};
use crate::header_template::HeaderTemplate;
use crate::key::{Hash, Key, Mac, check_key_id};
use crate::profile::Profile;
use crate::request::{Canonical, Request, RequestError};
use crate::signed_headers::{RequestHeaders, is_same_name};
use crate::template::{Field, Values};
use crate::timestamp::{Timestamp, TimestampFormat};

/// What makes one signature different from the next: empty where the profile has no such thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp<'a> {
    /// Digits in the profile's unit.
    pub timestamp: String,
    /// In the profile's grammar.
    pub nonce: Cow<'a, str>,
    /// The id of the key.
    pub key_id: Cow<'a, str>,
}

impl<'a> Stamp<'a> {
    /// Fills in what the profile sends and checks what was given.
    ///
    /// `timestamp` is Unix time in the profile's unit, in seconds where it writes a date. `now_milliseconds` and `random`
    /// are asked only for what is needed and was not given.
    ///
    /// # Errors
    ///
    /// [`SignError`] for what does not fit the profile; `E` when `random` fails.
    pub fn new<E: From<SignError>>(
        profile: &'a Profile,
        key_id: Option<&'a str>,
        nonce: Option<&'a [u8]>,
        timestamp: Option<i64>,
        now_milliseconds: impl FnOnce() -> u64,
        random: impl FnMut(&mut [u8]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let timestamp = match (profile.timestamp(), timestamp) {
            (None, None) => String::new(),
            (None, Some(_)) => return Err(SignError::TimestampUnused.into()),
            (Some(grammar), given) => {
                let format = grammar.format();
                let number = match given {
                    None => format.from_milliseconds(now_milliseconds()),
                    Some(given) => u64::try_from(given).map_err(|_| SignError::Timestamp)?,
                };
                if given.is_some() && !format.is_plausible(number) {
                    return Err(SignError::TimestampUnit(format).into());
                }
                grammar.write(number).ok_or(SignError::TimestampUnwritable(grammar))?
            }
        };
        let nonce = match (profile.nonce(), nonce) {
            (None, None) => Cow::default(),
            (None, Some(_)) => return Err(SignError::NonceUnused.into()),
            (Some(grammar), None) => grammar.generate(random)?,
            (Some(grammar), Some(given)) => match core::str::from_utf8(given) {
                Ok(text) if grammar.accepts(given) => Cow::Borrowed(text),
                _ => return Err(SignError::Nonce.into()),
            },
        };
        let key_id = if profile.sends(Field::KeyId) {
            let id = key_id.ok_or(SignError::KeyIdMissing)?;
            let id = check_key_id(id.as_bytes()).map_err(|_| SignError::KeyId)?;
            if !profile.can_send_key_id(id) {
                return Err(SignError::KeyIdQuoted.into());
            }
            Cow::Borrowed(id)
        } else {
            Cow::default()
        };
        Ok(Self { timestamp, nonce, key_id })
    }

    /// The same, without borrowing.
    #[must_use]
    pub fn into_owned(self) -> Stamp<'static> {
        Stamp {
            timestamp: self.timestamp,
            nonce: Cow::Owned(self.nonce.into_owned()),
            key_id: Cow::Owned(self.key_id.into_owned()),
        }
    }

    pub(crate) fn values<'v>(&'v self, canonical: &'v Canonical<'_>) -> Values<'v> {
        Values {
            method: &canonical.method,
            path: &canonical.path,
            query: canonical.query.as_bytes(),
            timestamp: self.timestamp.as_bytes(),
            nonce: self.nonce.as_bytes(),
            key_id: self.key_id.as_bytes(),
            rare: canonical.rare.as_deref(),
        }
    }

    fn value(&self, field: Field) -> &[u8] {
        match field {
            Field::Timestamp => self.timestamp.as_bytes(),
            Field::Nonce => self.nonce.as_bytes(),
            Field::KeyId => self.key_id.as_bytes(),
            _ => &[],
        }
    }
}

/// Why a request cannot be signed as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignError {
    /// A key id that could not stand in a header.
    KeyId,
    /// The profile sends a key id and there is none.
    KeyIdMissing,
    /// A key id that cannot stand between quotation marks, where the profile puts it.
    KeyIdQuoted,
    /// A nonce outside the profile's grammar.
    Nonce,
    /// A nonce for a profile that has none.
    NonceUnused,
    /// A payload with a method for which the profile signs none.
    Payload,
    /// A timestamp below zero.
    Timestamp,
    /// A timestamp that is Unix time in the other unit than this format's.
    TimestampUnit(TimestampFormat),
    /// A timestamp that the profile's grammar has no text for.
    TimestampUnwritable(Timestamp),
    /// A timestamp for a profile that has none.
    TimestampUnused,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TimestampUnit(TimestampFormat::Milliseconds) => {
                "must be Unix time in milliseconds, and looks like seconds"
            }
            Self::TimestampUnit(_) => "must be Unix time in seconds, and looks like milliseconds",
            Self::TimestampUnwritable(grammar) => match grammar.digits() {
                Some(digits) => return write!(f, "must have exactly {digits} digits, as the profile has it"),
                None => "must be at most 253402300799, the last second of the year 9999",
            },
            Self::KeyId => "must be 1 to 128 visible ASCII characters without \",\" and \";\"",
            Self::KeyIdMissing => "must not be null, because the profile sends a key id",
            Self::KeyIdQuoted => {
                "must not have \" and \\, because the profile puts it between quotation marks"
            }
            Self::Nonce => "does not fit the nonce grammar of the profile",
            Self::NonceUnused => "must be null, because the profile has no nonce",
            Self::Payload => "must be empty, because the profile signs no payload for this method",
            Self::Timestamp => "must be greater than or equal to 0",
            Self::TimestampUnused => "must be null, because the profile has no timestamp",
        })
    }
}

/// Why a request could not be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The method or the target is not valid.
    Request(RequestError),
    /// What was given does not fit the profile.
    Sign(SignError),
}

impl From<RequestError> for Refusal {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl From<SignError> for Refusal {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
    }
}

/// Chooses the keys that a request is signed with, one signature for each: equal keys once.
///
/// # Errors
///
/// [`KeysError`] when there is none, when one cannot be named as the profile names it, and when they are more than the
/// signatures that the profile's headers may carry.
pub fn signing_keys<K: AsRef<Key>>(profile: &Profile, keys: Vec<K>) -> Result<Vec<K>, KeysError> {
    let sends_id = profile.sends(Field::KeyId);
    let mut chosen: Vec<K> = Vec::with_capacity(keys.len());
    let mut fingerprints: Vec<String> = Vec::with_capacity(keys.len());
    for key in keys {
        let (id, first) = (key.as_ref().id(), chosen.first().map(|first| first.as_ref().id()));
        match (id, first) {
            _ if !sends_id => {}
            (None, _) => return Err(KeysError::IdMissing),
            (Some(id), _) if !profile.can_send_key_id(id) => return Err(KeysError::IdQuoted),
            (_, Some(first)) if first != id => return Err(KeysError::IdsDiffer),
            _ => {}
        }
        let fingerprint = key.as_ref().fingerprint();
        if !fingerprints.contains(&fingerprint) {
            fingerprints.push(fingerprint);
            chosen.push(key);
        }
    }
    let places = profile.max_signatures();
    match chosen.len() {
        0 => Err(KeysError::None),
        count if count > places => Err(KeysError::TooMany { places }),
        _ => Ok(chosen),
    }
}

/// Why a request cannot be signed with these keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysError {
    /// A key without an id, and the profile sends one.
    IdMissing,
    /// A key id that cannot stand between quotation marks, where the profile puts it.
    IdQuoted,
    /// Two keys with different ids, and the profile sends one.
    IdsDiffer,
    /// No key.
    None,
    /// More keys than signatures that the headers may carry.
    TooMany {
        /// How many signatures that are.
        places: usize,
    },
}

impl fmt::Display for KeysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IdMissing => f.write_str("must have an id, because the profile sends one"),
            Self::IdQuoted => f.write_str(
                "must have an id without \" and \\, because the profile puts it between quotation marks",
            ),
            Self::IdsDiffer => f.write_str("must all have the same id, because the profile sends one"),
            Self::None => f.write_str("must not be empty"),
            Self::TooMany { places: 1 } => {
                f.write_str("must be one key, because the profile sends one signature")
            }
            Self::TooMany { places } => {
                write!(
                    f,
                    "must be at most {places} keys, because the profile sends at most {places} signatures"
                )
            }
        }
    }
}

/// Signs a payload with every key.
///
/// # Errors
///
/// [`Refusal`] for a target that cannot be signed, and for a payload where the profile signs none.
pub fn sign<'a>(
    profile: &Profile,
    keys: &[impl AsRef<Key>],
    request: &Request<'_>,
    payload: &[u8],
    stamp: Stamp<'a>,
) -> Result<Signature<'a>, Refusal> {
    if !payload.is_empty() && !profile.signs_payload(&request.method()) {
        return Err(SignError::Payload.into());
    }
    let (canonical, signed_headers) = canonical(profile, request, &stamp)?;
    let values = stamp.values(&canonical);
    let payload = profile.string_to_sign().payload(&values, payload);
    let digests = keys.iter().map(|key| {
        key.as_ref().digest(|mac| {
            profile.string_to_sign().write(&values, payload.as_bytes(), &mut |piece| mac.update(piece));
        })
    });
    let (first, more) = encode(profile, digests);
    Ok(Signature { first, more, stamp, signed_headers })
}

/// The canonical form of a request, and the list of the headers that are signed, where there is one.
fn canonical<'r>(
    profile: &Profile,
    request: &Request<'r>,
    stamp: &Stamp<'_>,
) -> Result<(Canonical<'r>, String), RequestError> {
    let string_to_sign = profile.string_to_sign();
    if !string_to_sign.signs_headers() {
        return Ok((request.canonical(string_to_sign)?, String::new()));
    }
    let is_own = |name: &[u8]| {
        let lower = |header: &HeaderTemplate| header.name().to_ascii_lowercase();
        profile.headers().iter().any(|header| is_same_name(name, lower(header).as_bytes()))
    };
    let given = request.headers().0;
    if let Some((name, _)) = given.iter().find(|(name, _)| is_own(name)) {
        return Err(RequestError::HeaderOwn(String::from_utf8_lossy(name).into()));
    }
    let own: Vec<(&[u8], Vec<u8>)> = profile
        .headers()
        .iter()
        .filter(|header| !header.has_signature())
        .map(|header| {
            let mut value = Vec::new();
            header.write(|field| stamp.value(field), core::iter::empty(), &mut value);
            (header.name().as_bytes(), value)
        })
        .collect();
    let has_host = given.iter().any(|(name, _)| is_same_name(name, HOST));
    let host = if has_host { None } else { request.host()? };
    let mut headers = given.to_vec();
    headers.extend(own.iter().map(|(name, value)| (*name, Some(&**value))));
    headers.extend(host.iter().map(|host| (HOST, Some(host.as_bytes()))));
    let list = if profile.sends(Field::SignedHeaders) {
        let given = given.iter().map(|(name, _)| String::from_utf8_lossy(name).to_ascii_lowercase());
        let mut names: Vec<String> = profile.signed_headers().iter().map(ToString::to_string).collect();
        // One that is given twice stays twice, and is refused.
        names.extend(given.filter(|name| !profile.signed_headers().iter().any(|known| **known == **name)));
        names.sort_unstable();
        names.join(";")
    } else {
        profile.signed_headers_text().to_owned()
    };
    let request = request.with_headers(RequestHeaders(&headers)).with_signed_headers(list.as_bytes());
    let canonical = request.canonical(string_to_sign)?.into_owned();
    Ok((canonical, list))
}

/// The name of the header that a target can stand for.
const HOST: &[u8] = b"host";

/// What a signed request carries.
#[derive(Clone, Debug)]
pub struct Signature<'a> {
    first: Option<DigestText>,
    more: Vec<DigestText>,
    stamp: Stamp<'a>,
    signed_headers: String,
}

impl Signature<'_> {
    /// Writes the profile's headers: calls `sink` with each, and with its value. The signatures are spread over the headers
    /// in order, and a header for which none is left is not sent.
    pub fn write(&self, profile: &Profile, mut sink: impl FnMut(&HeaderTemplate, &[u8])) {
        let value = |field| match field {
            Field::SignedHeaders => self.signed_headers.as_bytes(),
            field => self.stamp.value(field),
        };
        let mut signatures = self.first.iter().chain(&self.more).map(|text| &**text).peekable();
        let mut buffer = Vec::with_capacity(128);
        for header in profile.headers() {
            let places = header.max_signatures();
            if places > 0 && signatures.peek().is_none() {
                continue;
            }
            buffer.clear();
            header.write(value, signatures.by_ref().take(places), &mut buffer);
            sink(header, &buffer);
        }
    }
}

/// Nearly always, there is one signature, which takes no allocation.
fn encode(profile: &Profile, digests: impl Iterator<Item = Digest>) -> (Option<DigestText>, Vec<DigestText>) {
    let mut texts = digests.map(|digest| digest.encode(profile.encoding()));
    (texts.next(), texts.collect())
}

/// A string to sign whose payload comes in pieces, under one or several keys.
#[derive(Clone, Debug)]
pub struct MacStream {
    macs: Vec<Mac>,
    hash: Option<Hash>,
    /// What stands before and after the payload's hash in the canonical request, where there is one.
    around_hash: Option<[Vec<u8>; 2]>,
    tail: Vec<u8>,
    has_payload: bool,
}

impl MacStream {
    /// Starts with everything that stands before the payload.
    pub fn new<'k>(profile: &Profile, keys: impl Iterator<Item = &'k Key>, values: &Values<'_>) -> Self {
        let string_to_sign = profile.string_to_sign();
        let mut head = Vec::new();
        let mut tail = Vec::new();
        string_to_sign.write_before(values, &mut |piece| head.extend_from_slice(piece));
        string_to_sign.write_after(values, &mut |piece| tail.extend_from_slice(piece));
        let macs = keys
            .map(|key| {
                let mut mac = key.mac();
                mac.update(&head);
                mac
            })
            .collect();
        let around_hash = string_to_sign.canonical_ends(values);
        Self { macs, hash: string_to_sign.payload_hash(), around_hash, tail, has_payload: false }
    }

    /// Adds a piece of the payload.
    pub fn update(&mut self, bytes: &[u8]) {
        self.has_payload |= !bytes.is_empty();
        match &mut self.hash {
            Some(hash) => hash.update(bytes),
            None => self.macs.iter_mut().for_each(|mac| mac.update(bytes)),
        }
    }

    /// Whether a single byte has come.
    #[must_use]
    pub const fn has_payload(&self) -> bool {
        self.has_payload
    }

    /// The digests, one per key.
    #[must_use]
    pub fn finish(self) -> Vec<Digest> {
        let hash = self.hash.map(Hash::finish_hex).map(|hash| match &self.around_hash {
            None => hash,
            Some([before, after]) => {
                let mut canonical_request = Hash::default();
                for part in [before.as_slice(), &hash, after] {
                    canonical_request.update(part);
                }
                canonical_request.finish_hex()
            }
        });
        self.macs
            .into_iter()
            .map(|mut mac| {
                if let Some(hash) = &hash {
                    mac.update(hash);
                }
                mac.update(&self.tail);
                mac.finish()
            })
            .collect()
    }
}

/// Signing a payload that comes in pieces.
#[derive(Clone, Debug)]
pub struct SigningStream {
    stream: MacStream,
    stamp: Stamp<'static>,
    signed_headers: String,
    payload_allowed: bool,
}

impl SigningStream {
    /// Starts.
    ///
    /// # Errors
    ///
    /// [`RequestError`] for a target that cannot be signed.
    pub fn new(
        profile: &Profile,
        keys: &[impl AsRef<Key>],
        request: &Request<'_>,
        stamp: Stamp<'_>,
    ) -> Result<Self, RequestError> {
        let (canonical, signed_headers) = canonical(profile, request, &stamp)?;
        Ok(Self {
            stream: MacStream::new(profile, keys.iter().map(AsRef::as_ref), &stamp.values(&canonical)),
            payload_allowed: profile.signs_payload(&request.method()),
            stamp: stamp.into_owned(),
            signed_headers,
        })
    }

    /// Adds a piece of the payload.
    ///
    /// # Errors
    ///
    /// [`SignError::Payload`] where the profile signs none.
    pub fn update(&mut self, bytes: &[u8]) -> Result<(), SignError> {
        if !bytes.is_empty() && !self.payload_allowed {
            return Err(SignError::Payload);
        }
        self.stream.update(bytes);
        Ok(())
    }

    /// The signatures of all that was added.
    #[must_use]
    pub fn finish(self, profile: &Profile) -> Signature<'static> {
        let (first, more) = encode(profile, self.stream.finish().into_iter());
        Signature { first, more, stamp: self.stamp, signed_headers: self.signed_headers }
    }
}
