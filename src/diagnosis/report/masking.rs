//! What no report may show, wherever a request has it: the key, and the signature that was received, which may be the
//! right one for another message.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::visible::{MAX_SHOWN, visible};
use crate::diagnosis::fault::{Word, Words};
use crate::request::percent_encode;

/// A shorter key may stand anywhere, and the stars would give it away.
const MIN_KEY: usize = 8;
/// What is shorter is no signature.
const MIN_SIGNATURE: usize = 20;
/// What is longer is not looked for.
const MAX_LENGTH: usize = 4096;

/// The spellings of the key and of the signature.
pub(in crate::diagnosis) struct Secrets(Vec<Zeroizing<Vec<u8>>>);

impl Secrets {
    /// From the key, the received text, and the digests that it may stand for.
    pub(in crate::diagnosis) fn new<'d>(
        key: &[u8],
        signature: &[u8],
        digests: impl Iterator<Item = &'d [u8]>,
    ) -> Self {
        let mut spellings = Vec::new();
        add(key, MIN_KEY, &mut spellings);
        if signature.len() >= MIN_SIGNATURE {
            push(signature.to_vec(), &mut spellings);
        }
        digests.for_each(|digest| add(digest, MIN_SIGNATURE, &mut spellings));
        spellings.sort_unstable_by(|a, b| a.as_slice().cmp(b));
        spellings.dedup();
        Self(spellings)
    }

    /// The bytes as [`visible`] shows them, with stars for the secrets, in whatever letter case.
    pub(super) fn visible(&self, bytes: &[u8]) -> String {
        let longest = self.0.iter().map(|secret| secret.len()).max().unwrap_or(0);
        // What is not shown need not be looked at.
        let tail = bytes.len().saturating_sub(MAX_SHOWN / 2 + longest).max(MAX_SHOWN / 2);
        visible(&self.starred(bytes, (0..bytes.len().min(MAX_SHOWN / 2)).chain(tail..bytes.len())))
    }

    /// A text that is to be shown, with stars for the secrets.
    pub(super) fn star(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.starred(text.as_bytes(), 0..text.len())).into_owned()
    }

    /// Words that are to be shown.
    pub(super) fn words(&self, words: &Words) -> String {
        let shown = words.iter().map(|word| match word {
            Word::Said(text) => self.star(text),
            Word::Quoted(bytes) => self.visible(bytes),
        });
        shown.collect()
    }

    fn starred(&self, bytes: &[u8], starts: impl Iterator<Item = usize>) -> Vec<u8> {
        let mut starred = bytes.to_vec();
        for start in starts {
            for secret in &self.0 {
                let found = bytes.get(start..start + secret.len());
                if found.is_some_and(|found| found.eq_ignore_ascii_case(secret)) {
                    starred.iter_mut().skip(start).take(secret.len()).for_each(|byte| *byte = b'*');
                }
            }
        }
        starred
    }
}

/// Shows nothing.
impl core::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Secrets(..)")
    }
}

/// Some bytes as they are, and as text of each kind; padding is no secret.
fn add(bytes: &[u8], min: usize, spellings: &mut Vec<Zeroizing<Vec<u8>>>) {
    if !(min..=MAX_LENGTH).contains(&bytes.len()) {
        return;
    }
    push(bytes.to_vec(), spellings);
    push(hex::encode(bytes).into_bytes(), spellings);
    push(STANDARD_NO_PAD.encode(bytes).into_bytes(), spellings);
    push(URL_SAFE_NO_PAD.encode(bytes).into_bytes(), spellings);
}

/// A text, and what a URL and PHP's JSON make of it. In a query, a plus sign is a space.
fn push(text: Vec<u8>, spellings: &mut Vec<Zeroizing<Vec<u8>>>) {
    let in_url = percent_encode(&text);
    spellings.push(Zeroizing::new(in_url.replace("%2B", "%20").into_bytes()));
    spellings.push(Zeroizing::new(in_url.into_bytes()));
    let pieces: Vec<&[u8]> = text.split(|byte| *byte == b'/').collect();
    spellings.push(Zeroizing::new(pieces.join(&b"\\/"[..])));
    spellings.push(Zeroizing::new(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: [u8; 32] = [0xfb; 32];

    fn secrets(key: &[u8]) -> Secrets {
        Secrets::new(key, b"", core::iter::once(&DIGEST[..]))
    }

    #[test]
    fn a_secret_is_starred_in_every_spelling_wherever_it_stands() {
        let secrets = secrets(b"key/of+both");
        let base64 = STANDARD_NO_PAD.encode(DIGEST);
        for spelling in [
            hex::encode(DIGEST),
            hex::encode_upper(DIGEST),
            base64.clone(),
            base64.to_lowercase(),
            URL_SAFE_NO_PAD.encode(DIGEST),
            percent_encode(base64.as_bytes()),
            percent_encode(base64.as_bytes()).to_lowercase(),
            percent_encode(base64.replace('+', " ").as_bytes()),
            base64.replace('/', "\\/"),
            "key/of+both".into(),
            "key%2Fof%2Bboth".into(),
            "key\\/of+both".into(),
            hex::encode(b"key/of+both"),
        ] {
            for before in [0, 250, 299, 310, 5000, 5200] {
                let text = [&".".repeat(before), &*spelling, &".".repeat(5300 - before)].concat();
                let shown = secrets.visible(text.as_bytes());
                assert!(shown.bytes().all(|byte| b".* [bytes]0123456789".contains(&byte)), "{shown}");
            }
        }
    }

    #[test]
    fn what_is_too_short_to_be_one_stays() {
        assert_eq!(secrets(b"secret").visible(b"a secret"), "a secret");
        assert_eq!(Secrets::new(b"key", b":", core::iter::empty()).visible(b"a:b"), "a:b");
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", secrets(b"hunter2-hunter2")), "Secrets(..)");
    }
}
