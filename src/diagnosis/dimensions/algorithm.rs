//! Which other algorithm the sender may have used.

use alloc::rc::Rc;

use hmac::Hmac;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::permutations::permutations;
use crate::diagnosis::alternative::Commonness::{Common, Everyday, Rare};
use crate::diagnosis::alternative::{Alternative, Alternatives, add_as};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::draft::Draft;
use crate::diagnosis::fault::Fault;
use crate::template::{Field, Piece};

/// A way to turn a key and a string to sign into a digest.
#[derive(Clone, Debug, PartialEq, Eq, core::hash::Hash)]
pub(in crate::diagnosis) enum Algorithm {
    Hmac(Hash),
    /// HMAC-SHA-256 with the string to sign as the key, and the key as the data.
    Swapped,
    /// HMAC-SHA-256 with the payload as the key, and the key as the payload: of these parts, the first one is the key.
    Exchanged(Rc<[Part]>),
    /// HMAC-SHA-256 over the SHA-256 of the string to sign.
    Prehashed {
        /// In place of its hexadecimal text.
        raw: bool,
    },
    /// SHA-256 of the right digest, once more.
    Twice {
        /// Of its bytes in place of their hexadecimal text.
        raw: bool,
    },
    /// HMAC-SHA-256 of the right digest.
    Nested {
        /// Of its bytes in place of their hexadecimal text.
        raw: bool,
    },
    /// No HMAC but a hash of the key and the text, one after the other.
    Plain {
        hash: Hash,
        key_first: bool,
        glue: &'static str,
    },
    /// A hash of the key, the text, and the key again.
    Enveloped(Hash),
    /// A hash of these parts, in this order.
    Arranged(Hash, Rc<[Part]>),
    /// A hash without a key.
    Keyless(Hash),
}

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, core::hash::Hash)]
pub(in crate::diagnosis) enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// What is hashed.
#[derive(Clone, Debug, PartialEq, Eq, core::hash::Hash)]
pub(in crate::diagnosis) enum Part {
    Key,
    Piece(Piece),
}

/// The right one, and then with one fault.
pub(in crate::diagnosis) fn alternatives(own: &Draft) -> Vec<Alternative<Algorithm>> {
    let mut list = Alternatives::of(Algorithm::Hmac(Hash::Sha256));
    for (algorithm, cause, commonness) in [
        (Algorithm::Hmac(Hash::Sha1), Cause::AlgorithmSha1, Common),
        (Algorithm::Hmac(Hash::Sha512), Cause::AlgorithmSha512, Rare),
        (Algorithm::Hmac(Hash::Sha384), Cause::AlgorithmSha384, Rare),
        (Algorithm::Hmac(Hash::Md5), Cause::AlgorithmMd5, Rare),
        (Algorithm::Hmac(Hash::Sha224), Cause::AlgorithmSha224, Rare),
        (Algorithm::Swapped, Cause::AlgorithmArgumentsSwapped, Common),
    ] {
        add_as(commonness, &mut list, algorithm, vec![Fault::new(cause)]);
    }
    for (algorithm, what) in [
        (Algorithm::Prehashed { raw: false }, "hash_hmac('sha256', hash('sha256', $stringToSign), $key)"),
        (
            Algorithm::Prehashed { raw: true },
            "hash_hmac('sha256', hash('sha256', $stringToSign, true), $key)",
        ),
        (
            Algorithm::Nested { raw: false },
            "hash_hmac('sha256', hash_hmac('sha256', $stringToSign, $key), $key)",
        ),
        (
            Algorithm::Nested { raw: true },
            "hash_hmac('sha256', hash_hmac('sha256', $stringToSign, $key, true), $key)",
        ),
        (Algorithm::Twice { raw: false }, "hash('sha256', hash_hmac('sha256', $stringToSign, $key))"),
        (Algorithm::Twice { raw: true }, "hash('sha256', hash_hmac('sha256', $stringToSign, $key, true))"),
    ] {
        add_as(Rare, &mut list, algorithm, vec![Fault::with(Cause::AlgorithmHashedTwice, what)]);
    }
    exchanged(own, &mut list);
    for hash in [Hash::Sha256, Hash::Sha1, Hash::Md5, Hash::Sha512] {
        plain(hash, own, &mut list);
    }
    list.into_list()
}

/// What a call gets whose arguments stand in the wrong order.
fn exchanged(own: &Draft, list: &mut Alternatives<Algorithm>) {
    let payload = Piece::Field(Field::Payload);
    if !own.pieces.contains(&payload) {
        return;
    }
    let part = |piece: &Piece| if *piece == payload { Part::Key } else { Part::Piece(piece.clone()) };
    let parts = core::iter::once(Part::Piece(payload.clone())).chain(own.pieces.iter().map(part)).collect();
    let fix = "On the receiver, pass the payload second and the key third: hw_verify($headers, $payload, $key). On the sender, write \
               hash_hmac('sha256', $stringToSign, $key).";
    let fault = Fault::new(Cause::AlgorithmArgumentsSwapped).fixed_by(fix);
    add_as(Rare, list, Algorithm::Exchanged(parts), vec![fault]);
}

/// Takes the HMAC for given that alone gives a digest of a length that fits, where the right one does not, and says so.
pub(in crate::diagnosis) fn assume_by_length(
    list: &mut Vec<Alternative<Algorithm>>,
    fits: impl Fn(usize) -> bool,
) -> Option<Fault> {
    if fits(Algorithm::RIGHT.length()) {
        return None;
    }
    let is_it =
        |other: &Alternative<Algorithm>| matches!(other.value, Algorithm::Hmac(hash) if fits(hash.length()));
    let other = list.iter().position(is_it).map(|index| list.remove(index))?;
    *list.first_mut()? = Alternative::given(other.value);
    other.faults.into_iter().next()
}

/// Looks for the HMAC of just the length that came together with everything else, where that may be a part of the right one
/// too.
pub(in crate::diagnosis) fn prefer_by_length(
    list: &mut [Alternative<Algorithm>],
    is_whole: impl Fn(usize) -> bool,
) {
    for other in list.iter_mut().filter(|_| !is_whole(Algorithm::RIGHT.length())) {
        if matches!(other.value, Algorithm::Hmac(hash) if is_whole(hash.length())) {
            other.commonness = Everyday;
        }
    }
}

/// What people write who know no HMAC.
fn plain(hash: Hash, own: &Draft, list: &mut Alternatives<Algorithm>) {
    let commonness = if hash == Hash::Sha256 { Common } else { Rare };
    let name = hash.name();
    let mut put = |algorithm, commonness, what: &str| {
        let fault = Fault::with(Cause::AlgorithmPlainHash, format!("hash('{name}', …) over {what}"));
        add_as(commonness, list, algorithm, vec![fault]);
    };
    for (glue, with) in [
        ("", ""),
        (".", ", with a dot between"),
        (":", ", with a colon between"),
        ("\n", ", with a line feed between"),
    ] {
        let commonness = if glue.is_empty() { commonness } else { Rare };
        let algorithm = |key_first| Algorithm::Plain { hash, key_first, glue };
        put(algorithm(false), commonness, &format!("the string to sign and then the key{with}"));
        put(algorithm(true), commonness, &format!("the key and then the string to sign{with}"));
    }
    put(Algorithm::Enveloped(hash), Rare, "the key, the string to sign and the key again");
    let payload = || Part::Piece(Piece::Field(Field::Payload));
    let two = |parts: [Part; 2]| Algorithm::Arranged(hash, parts.into());
    put(two([payload(), Part::Key]), commonness, "the payload alone and then the key");
    put(two([Part::Key, payload()]), commonness, "the key and then the payload alone");
    // hash($key . $method . $url . $payload), without the time that another version of the contract signs.
    let rest = own.pieces.iter().filter(|piece| piece.field() != Some(Field::Timestamp));
    let rest: Vec<Part> = rest.cloned().map(Part::Piece).collect();
    let arranged = |parts: &[&[Part]]| Algorithm::Arranged(hash, parts.concat().into());
    put(arranged(&[&[Part::Key], &rest]), Rare, "the key and then the string to sign without the timestamp");
    put(arranged(&[&rest, &[Part::Key]]), Rare, "the string to sign without the timestamp and then the key");
    let fields = [Field::Timestamp, Field::Nonce].into_iter().filter(|field| own.has(*field));
    let fields = fields.map(|field| Part::Piece(Piece::Field(field)));
    let parts: Vec<Part> = [Part::Key, payload()].into_iter().chain(fields).collect();
    let own_glue = own.pieces.iter().find_map(|piece| match piece {
        Piece::Literal(text) => Some(text.clone()),
        Piece::Field(_) => None,
    });
    for order in permutations(&parts) {
        let names: Vec<String> = order.iter().map(Part::name).collect();
        put(Algorithm::Arranged(hash, order.clone().into()), Rare, &names.join(" . "));
        if let Some(glue) = &own_glue {
            let glued: Vec<Part> = order
                .iter()
                .flat_map(|part| [Part::Piece(Piece::Literal(glue.clone())), part.clone()])
                .skip(1)
                .collect();
            put(
                Algorithm::Arranged(hash, glued.into()),
                Rare,
                &format!("{}, with the separator of the profile", names.join(" . ")),
            );
        }
    }
    let mut keyless = |algorithm, what: &str| {
        let fault = Fault::with(Cause::AlgorithmHasNoKey, format!("hash('{name}', …) over {what}"));
        add_as(Rare, list, algorithm, vec![fault]);
    };
    keyless(Algorithm::Keyless(hash), "the string to sign");
    keyless(Algorithm::Arranged(hash, [payload()].into()), "the payload");
}

impl Part {
    fn name(&self) -> String {
        match self {
            Self::Key => "the key".to_owned(),
            Self::Piece(Piece::Field(field)) => format!("the {}", field.name()),
            Self::Piece(Piece::Literal(text)) => text.to_string(),
        }
    }
}

impl Hash {
    const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha224 => "sha224",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    const fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    fn hash(self, write: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Vec<u8> {
        match self {
            Self::Md5 => hash::<Md5>(write),
            Self::Sha1 => hash::<Sha1>(write),
            Self::Sha224 => hash::<Sha224>(write),
            Self::Sha256 => hash::<Sha256>(write),
            Self::Sha384 => hash::<Sha384>(write),
            Self::Sha512 => hash::<Sha512>(write),
        }
    }

    fn hmac(self, key: &[u8], write: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Vec<u8> {
        match self {
            Self::Md5 => hmac::<Hmac<Md5>>(key, write),
            Self::Sha1 => hmac::<Hmac<Sha1>>(key, write),
            Self::Sha224 => hmac::<Hmac<Sha224>>(key, write),
            Self::Sha256 => hmac::<Hmac<Sha256>>(key, write),
            Self::Sha384 => hmac::<Hmac<Sha384>>(key, write),
            Self::Sha512 => hmac::<Hmac<Sha512>>(key, write),
        }
    }
}

/// HMAC-SHA-256 with its key taken in, to be used again and again.
#[derive(Clone)]
pub(in crate::diagnosis) struct Mac(Option<Hmac<Sha256>>);

impl Mac {
    pub(in crate::diagnosis) fn new(key: &[u8]) -> Self {
        // HMAC takes keys of any length, so that this is always one.
        Self(<Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).ok())
    }

    pub(in crate::diagnosis) fn digest(&self, write: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Vec<u8> {
        let Some(mut mac) = self.0.clone() else { return Vec::new() };
        write(&mut |piece| hmac::Mac::update(&mut mac, piece));
        hmac::Mac::finalize(mac).into_bytes().to_vec()
    }
}

impl Algorithm {
    /// What every profile takes.
    pub(in crate::diagnosis) const RIGHT: Self = Self::Hmac(Hash::Sha256);

    /// The parts that are hashed in place of the whole string to sign.
    pub(in crate::diagnosis) fn parts(&self) -> Option<&[Part]> {
        if let Self::Arranged(_, parts) | Self::Exchanged(parts) = self { Some(parts) } else { None }
    }

    /// Length of the digest in bytes.
    pub(in crate::diagnosis) const fn length(&self) -> usize {
        match self {
            Self::Hmac(hash)
            | Self::Plain { hash, .. }
            | Self::Enveloped(hash)
            | Self::Arranged(hash, _)
            | Self::Keyless(hash) => hash.length(),
            Self::Swapped
            | Self::Exchanged(_)
            | Self::Prehashed { .. }
            | Self::Twice { .. }
            | Self::Nested { .. } => 32,
        }
    }

    /// The digest of what `write` writes.
    pub(in crate::diagnosis) fn digest(
        &self,
        key: &[u8],
        write: impl FnOnce(&mut dyn FnMut(&[u8])),
    ) -> Vec<u8> {
        let sha256 = Hash::Sha256;
        match self {
            Self::Hmac(hash) => hash.hmac(key, write),
            Self::Swapped => {
                let string_to_sign = block_key(write);
                sha256.hmac(&string_to_sign, |sink| sink(key))
            }
            Self::Exchanged(_) => {
                let (mut secret, mut text) = (None, Vec::new());
                write(&mut |bytes| match secret {
                    None => secret = Some(bytes.to_vec()),
                    Some(_) => text.extend_from_slice(bytes),
                });
                sha256.hmac(&secret.unwrap_or_default(), |sink| sink(&text))
            }
            Self::Prehashed { raw } => {
                let hash = as_text(sha256.hash(write), *raw);
                sha256.hmac(key, |sink| sink(&hash))
            }
            Self::Twice { raw } => {
                let digest = as_text(sha256.hmac(key, write), *raw);
                sha256.hash(|sink| sink(&digest))
            }
            Self::Nested { raw } => {
                let digest = as_text(sha256.hmac(key, write), *raw);
                sha256.hmac(key, |sink| sink(&digest))
            }
            Self::Enveloped(hash) => hash.hash(|sink| {
                sink(key);
                write(sink);
                sink(key);
            }),
            Self::Plain { hash, key_first, glue } => hash.hash(|sink| {
                if *key_first {
                    sink(key);
                    sink(glue.as_bytes());
                }
                write(sink);
                if !*key_first {
                    sink(glue.as_bytes());
                    sink(key);
                }
            }),
            Self::Arranged(hash, _) | Self::Keyless(hash) => hash.hash(write),
        }
    }
}

/// The hexadecimal text of a digest, or its bytes.
fn as_text(digest: Vec<u8>, raw: bool) -> Vec<u8> {
    if raw { digest } else { base16ct::lower::encode_string(&digest).into_bytes() }
}

/// What HMAC makes of a key: itself, or its hash where it is longer than a block. Memory stays flat so.
fn block_key(write: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Vec<u8> {
    const BLOCK: usize = 64;
    let mut hash = Sha256::new();
    let mut start = Vec::new();
    write(&mut |piece| {
        hash.update(piece);
        // One byte more than a block says that there are more.
        start.extend(piece.iter().take(BLOCK + 1 - start.len()));
    });
    if start.len() > BLOCK { hash.finalize().to_vec() } else { start }
}

fn hash<D: Digest>(write: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Vec<u8> {
    let mut hash = D::new();
    write(&mut |piece| hash.update(piece));
    hash.finalize().to_vec()
}

fn hmac<M: hmac::KeyInit + hmac::Mac>(key: &[u8], write: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Vec<u8> {
    // HMAC takes keys of any length, so this cannot fail; an empty digest matches nothing.
    let Ok(mut mac) = <M as hmac::KeyInit>::new_from_slice(key) else { return Vec::new() };
    write(&mut |piece| mac.update(piece));
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_any_length_is_what_hmac_makes_of_it() {
        for length in [0, 1, 63, 64, 65, 200] {
            let text = vec![b'a'; length];
            let swapped = Algorithm::Swapped.digest(b"key", |sink| text.chunks(7).for_each(sink));
            assert_eq!(swapped, hmac::<Hmac<Sha256>>(&text, |sink| sink(b"key")), "{length}");
        }
    }
}
