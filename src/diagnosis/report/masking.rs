//! What no report may show, wherever a request has it: the key and what may have been in its place, and the signature that
//! was received, which may be the right one for another message.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use super::spelling::{Letter, MAX_SPELLED, end_of, fold, readings};
use super::visible::{MAX_SHOWN, visible};
use crate::diagnosis::fault::{Word, Words};

/// A shorter key may stand anywhere, and the stars would give it away.
pub(in crate::diagnosis) const MIN_KEY: usize = 4;
/// What is shorter is no signature.
const MIN_SIGNATURE: usize = 20;
/// What is longer is not looked for.
const MAX_LENGTH: usize = 4096;

/// What is not to be shown.
pub(in crate::diagnosis) struct Secrets {
    /// The keys that are held.
    keys: Texts,
    /// What the search makes of them.
    others: Texts,
    signatures: Texts,
}

impl Secrets {
    /// From the keys, what the search makes of them, the received texts, and the digests that they may stand for.
    pub(in crate::diagnosis) fn new<'d>(
        keys: impl Iterator<Item = &'d [u8]>,
        others: impl Iterator<Item = &'d [u8]>,
        texts: &[&[u8]],
        digests: impl Iterator<Item = &'d [u8]>,
    ) -> Self {
        let mut signatures = Vec::new();
        for text in texts.iter().filter(|text| text.len() >= MIN_SIGNATURE) {
            push(text, &mut signatures);
        }
        digests.for_each(|digest| add(digest, MIN_SIGNATURE, &mut signatures));
        let (mut own, mut made) = (Vec::new(), Vec::new());
        keys.for_each(|key| add(key, MIN_KEY, &mut own));
        others.for_each(|key| add(key, MIN_KEY, &mut made));
        Self { keys: Texts::new(own), others: Texts::new(made), signatures: Texts::new(signatures) }
    }

    /// The bytes as [`visible`] shows them, with stars for the secrets, however they are spelled.
    pub(super) fn visible(&self, bytes: &[u8]) -> String {
        // What is not shown need not be looked at, but for what reaches into it.
        let reach = self
            .keys
            .longest()
            .max(self.others.longest())
            .max(self.signatures.longest())
            .saturating_mul(MAX_SPELLED);
        let window = MAX_SHOWN / 2 + reach;
        if bytes.len() <= 2 * window {
            return visible(&self.starred(bytes));
        }
        let (head, rest) = bytes.split_at(window);
        let (middle, tail) = rest.split_at(rest.len() - window);
        visible(&[&*self.starred(head), middle, &*self.starred(tail)].concat())
    }

    /// A text of ours that is to be shown. What was made of a key may be a name in front of it, which we tell.
    fn star(&self, text: &str) -> String {
        String::from_utf8_lossy(&starred(text.as_bytes(), &[&self.keys, &self.signatures])).into_owned()
    }

    /// All of the bytes, with stars for the secrets: to be cut, which nothing may be before it is starred.
    pub(super) fn starred(&self, bytes: &[u8]) -> Vec<u8> {
        starred(bytes, &[&self.keys, &self.others, &self.signatures])
    }

    /// The same for the signature itself, whose beginning is shown.
    pub(super) fn starred_signature(&self, bytes: &[u8]) -> Vec<u8> {
        starred(bytes, &[&self.keys, &self.others])
    }

    /// Words that are to be shown.
    pub(super) fn words(&self, words: &Words) -> String {
        let shown = words.iter().map(|word| match word {
            Word::Said(text) => self.star(text),
            Word::Quoted(bytes) => self.visible(bytes),
        });
        shown.collect()
    }
}

/// Shows nothing.
impl core::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Secrets(..)")
    }
}

fn starred(bytes: &[u8], lists: &[&Texts]) -> Vec<u8> {
    let mut starred = bytes.to_vec();
    for reading in readings(bytes) {
        let mut letters = reading.as_slice();
        while let [first, rest @ ..] = letters {
            if let Some(end) = lists.iter().filter_map(|texts| texts.end_in(first, letters)).max() {
                let found = end.saturating_sub(first.start);
                starred.iter_mut().skip(first.start).take(found).for_each(|byte| *byte = b'*');
            }
            letters = rest;
        }
    }
    starred
}

/// Folded, and in order.
struct Texts(Vec<Zeroizing<Vec<u8>>>);

impl Texts {
    fn new(mut texts: Vec<Zeroizing<Vec<u8>>>) -> Self {
        texts.sort_unstable_by(|a, b| a.as_slice().cmp(b));
        texts.dedup();
        Self(texts)
    }

    fn longest(&self) -> usize {
        self.0.iter().map(|text| text.len()).max().unwrap_or(0)
    }

    /// Where the longest of them ends that the letters begin with.
    fn end_in(&self, first: &Letter, letters: &[Letter]) -> Option<usize> {
        let from = self.0.partition_point(|secret| secret.first() < Some(&first.folded));
        let secrets = self.0.iter().skip(from).take_while(|secret| secret.first() == Some(&first.folded));
        secrets.filter_map(|secret| end_of(secret, letters)).max()
    }
}

/// Some bytes as they are, as hex, and as base64 wherever they stand in what is encoded.
fn add(bytes: &[u8], min: usize, texts: &mut Vec<Zeroizing<Vec<u8>>>) {
    if !(min..=MAX_LENGTH).contains(&bytes.len()) {
        return;
    }
    push(bytes, texts);
    push(&Zeroizing::new(base16ct::lower::encode_string(bytes).into_bytes()), texts);
    for neighbour in [&[][..], &[0], &[0, 0]] {
        let whole = Zeroizing::new([neighbour, bytes].concat());
        let text = Zeroizing::new(STANDARD_NO_PAD.encode(&*whole).into_bytes());
        // A character of base64 has six bits; those at either end that hold bits of a neighbour say too little.
        if let Some(own) = text.get((neighbour.len() * 8).div_ceil(6)..whole.len() * 8 / 6) {
            push(own, texts);
        }
    }
}

fn push(text: &[u8], texts: &mut Vec<Zeroizing<Vec<u8>>>) {
    texts.push(Zeroizing::new(text.iter().map(|byte| fold(*byte)).collect()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use crate::request::percent_encode;

    const DIGEST: [u8; 32] = [0xfb; 32];
    const KEY: &str = "key/of+both & \"more\"";

    fn secrets(key: &[u8]) -> Secrets {
        Secrets::new(core::iter::once(key), core::iter::empty(), &[], core::iter::once(&DIGEST[..]))
    }

    #[test]
    fn a_secret_is_starred_in_every_spelling_wherever_it_stands() {
        let secrets = secrets(KEY.as_bytes());
        let base64 = STANDARD_NO_PAD.encode(DIGEST);
        let each = |escape: fn(u8) -> String| KEY.bytes().map(escape).collect::<String>();
        for spelling in [
            base16ct::lower::encode_string(&DIGEST),
            base16ct::upper::encode_string(&DIGEST),
            base64.clone(),
            base64.to_lowercase(),
            URL_SAFE_NO_PAD.encode(DIGEST),
            percent_encode(base64.as_bytes()),
            percent_encode(base64.as_bytes()).to_lowercase(),
            percent_encode(percent_encode(base64.as_bytes()).as_bytes()),
            percent_encode(base64.replace('+', " ").as_bytes()),
            base64.replace('/', "\\/"),
            format!("{}\r\n{}", &base64[..20], &base64[20..]),
            format!("{}%0A{}", &base64[..20], &base64[20..]),
            KEY.into(),
            percent_encode(KEY.as_bytes()),
            percent_encode(KEY.as_bytes()).replace("%20", "+"),
            KEY.replace('/', "\\/").replace('"', "\\\""),
            KEY.replace('&', "&amp;").replace('"', "&quot;"),
            each(|byte| format!("\\u{byte:04x}")),
            each(|byte| format!("\\x{byte:02X}")),
            each(|byte| format!("%{byte:02x}")),
            each(|byte| format!("&#{byte};")),
            each(|byte| format!("&#x{byte:02x};")),
            base16ct::lower::encode_string(KEY.as_bytes()),
        ] {
            for before in [0, 250, 299, 310, 5000, 5200] {
                let text = [&".".repeat(before), &*spelling, &".".repeat(5300 - before)].concat();
                let shown = secrets.visible(text.as_bytes());
                assert!(
                    shown.bytes().all(|byte| b".* [bytes]0123456789".contains(&byte)),
                    "{spelling}: {shown}"
                );
            }
        }
    }

    #[test]
    fn a_secret_in_the_midst_of_what_is_encoded_is_starred() {
        let secrets = secrets(KEY.as_bytes());
        for before in ["", "u", "me", "you", "user:", "a longer name:"] {
            for after in ["", "!", "!!", "!!!"] {
                let encoded = STANDARD.encode([before, KEY, after].concat());
                let shown = secrets.visible(encoded.as_bytes());
                let stars = shown.bytes().filter(|byte| *byte == b'*').count();
                assert!(stars >= KEY.len() * 8 / 6 - 1, "{encoded} {shown}");
            }
        }
    }

    #[test]
    fn what_is_too_short_to_be_one_stays() {
        assert_eq!(secrets(b"key").visible(b"a key"), "a key");
        assert_eq!(secrets(b"keys").visible(b"a keys"), "a ****");
        let empty = core::iter::empty;
        let none = Secrets::new(core::iter::once(&b"key"[..]), empty(), &[b":"], empty());
        assert_eq!(none.visible(b"a:b"), "a:b");
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", secrets(b"hunter2-hunter2")), "Secrets(..)");
    }
}
