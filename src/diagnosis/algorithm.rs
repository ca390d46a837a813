//! Which other algorithm the sender may have used.

use hmac::Hmac;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::alternative::{Alternative, Fault};
use super::cause::Cause;

/// A way to turn a key and a string to sign into a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    HmacSha256,
    HmacSha1,
    HmacSha384,
    HmacSha512,
    /// SHA-256 of the key and then the text.
    KeyFirst,
    /// SHA-256 of the text and then the key.
    KeyLast,
}

/// The right one, and then with one fault.
pub(super) fn alternatives() -> Vec<Alternative<Algorithm>> {
    let mut list = vec![Alternative::given(Algorithm::HmacSha256)];
    list.extend(
        [
            (Algorithm::KeyLast, Cause::AlgorithmPlainHash, "the string to sign and then the key"),
            (Algorithm::KeyFirst, Cause::AlgorithmPlainHash, "the key and then the string to sign"),
            (Algorithm::HmacSha1, Cause::AlgorithmSha1, ""),
            (Algorithm::HmacSha512, Cause::AlgorithmSha512, ""),
            (Algorithm::HmacSha384, Cause::AlgorithmSha384, ""),
        ]
        .map(|(algorithm, cause, detail)| Alternative::new(algorithm, Fault::with(cause, detail))),
    );
    list
}

impl Algorithm {
    /// Length of the digest in bytes.
    pub(super) const fn length(self) -> usize {
        match self {
            Self::HmacSha256 | Self::KeyFirst | Self::KeyLast => 32,
            Self::HmacSha1 => 20,
            Self::HmacSha384 => 48,
            Self::HmacSha512 => 64,
        }
    }

    /// The digest of what `write` writes.
    pub(super) fn digest(self, key: &[u8], write: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Vec<u8> {
        match self {
            Self::HmacSha256 => hmac::<Hmac<Sha256>>(key, write),
            Self::HmacSha1 => hmac::<Hmac<Sha1>>(key, write),
            Self::HmacSha384 => hmac::<Hmac<Sha384>>(key, write),
            Self::HmacSha512 => hmac::<Hmac<Sha512>>(key, write),
            Self::KeyFirst => {
                let mut hash = Sha256::new_with_prefix(key);
                write(&mut |piece| hash.update(piece));
                hash.finalize().to_vec()
            }
            Self::KeyLast => {
                let mut hash = Sha256::new();
                write(&mut |piece| hash.update(piece));
                hash.update(key);
                hash.finalize().to_vec()
            }
        }
    }
}

fn hmac<M: hmac::KeyInit + hmac::Mac>(key: &[u8], write: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Vec<u8> {
    // HMAC takes keys of any length, so this cannot fail; an empty digest matches nothing.
    let Ok(mut mac) = <M as hmac::KeyInit>::new_from_slice(key) else { return Vec::new() };
    write(&mut |piece| mac.update(piece));
    mac.finalize().into_bytes().to_vec()
}
