//! Which other algorithm the sender may have used.

use hmac::Hmac;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::diagnosis::alternative::Alternative;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;

/// A way to turn a key and a string to sign into a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diagnosis) enum Algorithm {
    HmacSha256,
    HmacSha1,
    HmacSha384,
    HmacSha512,
    /// HMAC-SHA-256 with the string to sign as the key, and the key as the data.
    Swapped,
    /// No HMAC but SHA-256 of the key and the text, one after the other.
    Plain {
        key_first: bool,
        /// In place of the whole string to sign.
        payload_alone: bool,
    },
}

/// The right one, and then with one fault.
pub(in crate::diagnosis) fn alternatives() -> Vec<Alternative<Algorithm>> {
    let mut list = vec![Alternative::given(Algorithm::HmacSha256)];
    list.extend(
        [
            (plain(false, false), Cause::AlgorithmPlainHash, "the string to sign and then the key"),
            (plain(true, false), Cause::AlgorithmPlainHash, "the key and then the string to sign"),
            (plain(false, true), Cause::AlgorithmPlainHash, "the payload alone and then the key"),
            (plain(true, true), Cause::AlgorithmPlainHash, "the key and then the payload alone"),
            (Algorithm::Swapped, Cause::AlgorithmArgumentsSwapped, ""),
            (Algorithm::HmacSha1, Cause::AlgorithmSha1, ""),
            (Algorithm::HmacSha512, Cause::AlgorithmSha512, ""),
            (Algorithm::HmacSha384, Cause::AlgorithmSha384, ""),
        ]
        .map(|(algorithm, cause, detail)| Alternative::new(algorithm, Fault::with(cause, detail))),
    );
    list
}

const fn plain(key_first: bool, payload_alone: bool) -> Algorithm {
    Algorithm::Plain { key_first, payload_alone }
}

impl Algorithm {
    /// Whether nothing but the payload is hashed: the usual shape of a signature by people who know no HMAC.
    pub(in crate::diagnosis) const fn leaves_the_rest_out(self) -> bool {
        matches!(self, Self::Plain { payload_alone: true, .. })
    }

    /// Length of the digest in bytes.
    pub(in crate::diagnosis) const fn length(self) -> usize {
        match self {
            Self::HmacSha256 | Self::Swapped | Self::Plain { .. } => 32,
            Self::HmacSha1 => 20,
            Self::HmacSha384 => 48,
            Self::HmacSha512 => 64,
        }
    }

    /// The digest of what `write` writes.
    pub(in crate::diagnosis) fn digest(
        self,
        key: &[u8],
        write: impl FnOnce(&mut dyn FnMut(&[u8])),
    ) -> Vec<u8> {
        match self {
            Self::HmacSha256 => hmac::<Hmac<Sha256>>(key, write),
            Self::HmacSha1 => hmac::<Hmac<Sha1>>(key, write),
            Self::HmacSha384 => hmac::<Hmac<Sha384>>(key, write),
            Self::HmacSha512 => hmac::<Hmac<Sha512>>(key, write),
            Self::Swapped => {
                let string_to_sign = block_key(write);
                hmac::<Hmac<Sha256>>(&string_to_sign, |sink| sink(key))
            }
            Self::Plain { key_first, .. } => {
                let (before, after) = if key_first { (key, &[][..]) } else { (&[][..], key) };
                let mut hash = Sha256::new_with_prefix(before);
                write(&mut |piece| hash.update(piece));
                hash.update(after);
                hash.finalize().to_vec()
            }
        }
    }
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
