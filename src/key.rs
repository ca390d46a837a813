//! Keys, and everything that touches SHA-256.

use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::KeyInit as _;
use hmac::block_api::HmacCore;
use hmac::digest::block_api::{Buffer, FixedOutputCore as _, UpdateCore as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::digest::{DIGEST_LENGTH, Digest};
use crate::shape::ByteSet;

/// Longest key id in bytes.
pub const MAX_KEY_ID_LENGTH: usize = 128;

/// What Standard Webhooks and Svix put in front of a base64 secret.
const SECRET_PREFIX: &[u8] = b"whsec_";

/// A secret, held as the HMAC state that it keys.
///
/// Keying costs two of the four SHA-256 compressions of a short message, so it is paid once. The key bytes
/// themselves are not kept, and the state is overwritten when the key is dropped.
#[derive(Clone)]
pub struct Key {
    keyed: HmacCore<Sha256>,
    length: usize,
    id: Option<Box<str>>,
}

impl Key {
    /// Takes the key bytes as they are.
    ///
    /// # Errors
    ///
    /// [`KeyError::Empty`]: an empty key would sign for everybody.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.is_empty() {
            return Err(KeyError::Empty);
        }
        // HMAC takes keys of any length, so the error cannot occur.
        let keyed = HmacCore::new_from_slice(bytes).map_err(|_| KeyError::Empty)?;
        Ok(Self { keyed, length: bytes.len(), id: None })
    }

    /// Decodes a key that is kept as base64: canonical and padded; a leading `whsec_` is taken off.
    ///
    /// # Errors
    ///
    /// [`KeyError::Base64`] for any other spelling, [`KeyError::Empty`] for no bytes at all.
    pub fn from_base64(text: &[u8]) -> Result<Self, KeyError> {
        Self::from_bytes(KeyBytes::from_base64(text)?.as_bytes())
    }

    /// Decodes a key that is kept as hex: an even number of digits, in either case.
    ///
    /// # Errors
    ///
    /// [`KeyError::Hex`] for any other spelling, [`KeyError::Empty`] for no bytes at all.
    pub fn from_hex(text: &[u8]) -> Result<Self, KeyError> {
        Self::from_bytes(KeyBytes::from_hex(text)?.as_bytes())
    }

    /// Gives the key a name that may travel in a header: 1 to 128 visible ASCII characters without `,` and `;`.
    ///
    /// # Errors
    ///
    /// [`KeyError::Id`] for anything else.
    pub fn with_id(mut self, id: &[u8]) -> Result<Self, KeyError> {
        self.id = Some(check_key_id(id)?.into());
        Ok(self)
    }

    /// The name, if it has one.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Length of the key in bytes.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a key is never empty")]
    pub fn len(&self) -> usize {
        self.length
    }

    /// Something to compare and to log: 32 hex digits, equal on two machines exactly when the key bytes are equal.
    ///
    /// It is the first half of the key's own HMAC over a fixed label and the key's length in decimal. The length is
    /// in it because HMAC itself cannot tell a key from the same key with zero bytes at its end.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = self.digest(|mac| {
            mac.update(b"hw_signature key fingerprint\n");
            mac.update(self.length.to_string().as_bytes());
        });
        let (half, _) = digest.as_bytes().split_at(DIGEST_LENGTH / 2);
        base16ct::lower::encode_string(half)
    }

    /// The digest under this key of what `write` adds.
    #[must_use]
    #[inline]
    pub fn digest(&self, write: impl FnOnce(&mut Mac)) -> Digest {
        let mut mac = self.mac();
        write(&mut mac);
        mac.finalize()
    }

    /// Starts a MAC under this key.
    #[must_use]
    #[inline]
    pub fn mac(&self) -> Mac {
        Mac { core: self.keyed.clone(), buffer: Buffer::<HmacCore<Sha256>>::default() }
    }
}

impl AsRef<Self> for Key {
    fn as_ref(&self) -> &Self {
        self
    }
}

/// Shows the fingerprint and the id, nothing of the key.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("id", &self.id)
            .field("fingerprint", &self.fingerprint())
            .finish_non_exhaustive()
    }
}

/// Why a key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// Not canonical, padded base64.
    Base64,
    /// No bytes at all.
    Empty,
    /// Not an even number of hex digits.
    Hex,
    /// A key id that is not 1 to 128 visible ASCII characters without `,` and `;`.
    Id,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Base64 => "must be canonical base64 with padding",
            Self::Empty => "must not be empty",
            Self::Hex => "must be an even number of hexadecimal digits",
            Self::Id => "must be 1 to 128 visible ASCII characters without \",\" and \";\"",
        })
    }
}

/// The bytes of a key: wiped when they are dropped, and never shown.
pub struct KeyBytes(Zeroizing<Vec<u8>>);

impl KeyBytes {
    /// Takes the bytes as they are.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// Decodes base64: see [`Key::from_base64`].
    ///
    /// # Errors
    ///
    /// [`KeyError::Base64`] for any spelling but the canonical one.
    pub fn from_base64(text: &[u8]) -> Result<Self, KeyError> {
        let text = text.strip_prefix(SECRET_PREFIX).unwrap_or(text);
        // Room for all of it at once, and wiped: a buffer that grows leaves copies behind, and so does a failure.
        let mut bytes = Zeroizing::new(vec![0; text.len()]);
        let length = STANDARD.decode_slice(text, &mut bytes).map_err(|_| KeyError::Base64)?;
        bytes.truncate(length);
        Ok(Self(bytes))
    }

    /// Decodes hex: see [`Key::from_hex`].
    ///
    /// # Errors
    ///
    /// [`KeyError::Hex`] for anything but an even number of digits.
    pub fn from_hex(text: &[u8]) -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new(vec![0; text.len() / 2]);
        base16ct::mixed::decode(text, &mut bytes).map_err(|_| KeyError::Hex)?;
        Ok(Self(bytes))
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for KeyBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyBytes(..)")
    }
}

/// Checks a key id: 1 to 128 visible ASCII characters without `,` and `;`.
///
/// # Errors
///
/// [`KeyError::Id`] for anything else.
pub fn check_key_id(id: &[u8]) -> Result<&str, KeyError> {
    let plain = id.iter().all(|byte| ByteSet::PLAIN.contains(*byte));
    match core::str::from_utf8(id) {
        Ok(text) if plain && (1..=MAX_KEY_ID_LENGTH).contains(&id.len()) => Ok(text),
        _ => Err(KeyError::Id),
    }
}

/// An HMAC-SHA-256 in progress: the parts of an `hmac::Hmac`, which can only be finalized by value.
#[derive(Clone)]
pub struct Mac {
    core: HmacCore<Sha256>,
    buffer: Buffer<HmacCore<Sha256>>,
}

impl Mac {
    /// Adds bytes of the string to sign.
    #[inline]
    pub fn update(&mut self, bytes: &[u8]) {
        self.buffer.digest_blocks(bytes, |blocks| self.core.update_blocks(blocks));
    }

    /// The digest of all that was added.
    #[must_use]
    #[inline]
    pub fn finish(mut self) -> Digest {
        self.finalize()
    }

    /// Not by value: moving the state about takes as long as a compression.
    #[inline]
    fn finalize(&mut self) -> Digest {
        let mut digest = [0; DIGEST_LENGTH];
        self.core.finalize_fixed_core(&mut self.buffer, (&mut digest).into());
        Digest::new(digest)
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mac(..)")
    }
}

/// A plain SHA-256 in progress, for `{payload_sha256}` and for replay ids.
#[derive(Clone, Debug, Default)]
pub struct Hash(Sha256);

impl Hash {
    /// The hex digest of one piece of bytes, 64 lower-case characters.
    #[must_use]
    pub fn hex(bytes: &[u8]) -> [u8; 64] {
        let mut hash = Self::default();
        hash.update(bytes);
        hash.finish_hex()
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hex digest of all that was added.
    #[must_use]
    pub fn finish_hex(self) -> [u8; 64] {
        let mut text = [0; 64];
        // The buffer has the right length, so this cannot fail.
        let _ = base16ct::lower::encode(&self.0.finalize(), &mut text);
        text
    }
}

/// The SHA-256 implementation that this CPU gets.
///
/// `sha2` chooses at run time and does not say which; this asks the same CPU flags that it does. Built with
/// `--cfg sha2_backend="soft"`, it has no choice.
#[must_use]
pub fn sha256_implementation() -> &'static str {
    #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), not(sha2_backend = "soft")))]
    if std::is_x86_feature_detected!("sha") && std::is_x86_feature_detected!("sse4.1") {
        return "x86 SHA extensions";
    }
    #[cfg(all(target_arch = "aarch64", not(sha2_backend = "soft")))]
    if std::arch::is_aarch64_feature_detected!("sha2") {
        return "ARMv8 SHA-2 instructions";
    }
    "portable"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Encoding;

    fn hex_of(digest: Digest) -> String {
        String::from_utf8(digest.encode(Encoding::Hex).to_vec()).unwrap()
    }

    #[test]
    fn rfc_4231_case_2() {
        let mut mac = Key::from_bytes(b"Jefe").unwrap().mac();
        mac.update(b"what do ya want ");
        mac.update(b"for nothing?");
        assert_eq!(hex_of(mac.finish()), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn the_three_ways_to_give_a_key_agree() {
        let raw = Key::from_bytes(b"secret-bytes").unwrap().fingerprint();
        let base64 = Key::from_base64(b"c2VjcmV0LWJ5dGVz").unwrap();
        let prefixed = Key::from_base64(b"whsec_c2VjcmV0LWJ5dGVz").unwrap();
        let hex = Key::from_hex(b"7365637265742D6279746573").unwrap();
        assert_eq!(base64.fingerprint(), raw);
        assert_eq!(prefixed.fingerprint(), raw);
        assert_eq!(hex.fingerprint(), raw);
    }

    #[test]
    fn sloppy_spellings_are_refused() {
        for text in ["c2VjcmV0LWJ5dGV", "c2VjcmV0LWJ5dGVz\n", "c2Vj-mV0", "c2VjcmU", "c2VjcmV="] {
            assert_eq!(Key::from_base64(text.as_bytes()).unwrap_err(), KeyError::Base64, "{text}");
        }
        for text in ["736", "zz", "73 65", "73\n"] {
            assert_eq!(Key::from_hex(text.as_bytes()).unwrap_err(), KeyError::Hex, "{text}");
        }
        for empty in
            [Key::from_bytes(b""), Key::from_base64(b""), Key::from_base64(b"whsec_"), Key::from_hex(b"")]
        {
            assert_eq!(empty.unwrap_err(), KeyError::Empty);
        }
    }

    #[test]
    fn the_fingerprint_tells_keys_apart_that_hmac_cannot() {
        let long = [7; 65];
        let mut hash = Hash::default();
        hash.update(&long);
        let hashed = base16ct::mixed::decode_vec(hash.finish_hex()).unwrap();
        for (a, b) in [(&b"k"[..], &b"k\0"[..]), (&b"k\0"[..], &b"k\0\0"[..]), (&long[..], &hashed[..])] {
            let (a, b) = (Key::from_bytes(a).unwrap(), Key::from_bytes(b).unwrap());
            assert_eq!(a.mac().finish(), b.mac().finish());
            assert_ne!(a.fingerprint(), b.fingerprint());
        }
    }

    #[test]
    fn ids_are_plain_ascii() {
        let key = || Key::from_bytes(b"k").unwrap();
        assert_eq!(key().with_id(b"app-1").unwrap().id(), Some("app-1"));
        let long = [b'a'; MAX_KEY_ID_LENGTH + 1];
        for id in [&b""[..], b"a b", b"a\n", b"\xff", b"\0", b"a;b", b"a,b", &long] {
            assert_eq!(key().with_id(id).unwrap_err(), KeyError::Id);
        }
    }

    #[test]
    fn the_state_is_wiped_on_drop() {
        // `HmacCore` has no such marker of its own: it is two of these.
        fn wiped<T: zeroize::ZeroizeOnDrop>() {}
        wiped::<<Sha256 as hmac::EagerHash>::Core>();
        wiped::<Buffer<HmacCore<Sha256>>>();
    }

    #[test]
    fn debug_shows_no_key_byte() {
        let shown = format!("{:?}", Key::from_bytes(b"hunter2-hunter2").unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(!shown.contains("104"), "{shown}");
        assert!(shown.contains("fingerprint"), "{shown}");
        assert_eq!(format!("{:?}", KeyBytes::new(b"hunter2-hunter2")), "KeyBytes(..)");
    }
}
