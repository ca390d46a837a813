//! The diagnosis: silent about what is right, silent about what it cannot know, and never a digest or a byte too far.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use exchange::{Exchange, others_of, received, signature_of, target_of, written};
use hw_signature::diagnosis::{
    Case, Cause, Context, Diagnosis, Effort, HeldKey, MAX_BYTES, MAX_DIGESTS, Verdict, diagnose,
};
use hw_signature::digest::Digest;
use hw_signature::profile::Profile;
use hw_signature::sign::{SignError, Stamp};
use hw_signature::template::Field;
use hw_signature::verify::Clock;

#[allow(dead_code, reason = "shared with other tests")]
#[path = "support/exchange.rs"]
mod exchange;
#[allow(dead_code, reason = "shared with other tests")]
#[path = "support/share.rs"]
mod share;

const NOW: u64 = 1_800_000_000_000;
const CLOCK: Clock = Clock { now: NOW / 1000, tolerance: None };
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=";

/// Repeatable randomness (`SplitMix64`).
struct Random(u64);

impl Random {
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.number() % u64::try_from(end).unwrap()).unwrap()
    }

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.number().to_be_bytes()[0]).collect()
    }

    fn letters(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| LETTERS[self.below(LETTERS.len())]).collect()
    }

    fn key(&mut self) -> Vec<u8> {
        let length = 1 + self.below(100);
        match self.below(5) {
            0 => self.letters(length),
            1 => STANDARD.encode(self.bytes(length)).into(),
            2 => base16ct::lower::encode_string(&self.bytes(length)).into(),
            3 => format!("whsec_{}\n", STANDARD.encode(self.bytes(length))).into(),
            _ => self.bytes(length),
        }
    }

    fn payload(&mut self) -> Vec<u8> {
        let length = self.below(120);
        match self.below(6) {
            0 => Vec::new(),
            1 => self.bytes(length),
            2 => format!("{}\r\n", String::from_utf8_lossy(&self.letters(length))).into(),
            3 => format!("a=1&data={}&b=%20+", STANDARD.encode(self.bytes(length))).into(),
            4 => format!(
                "{{\"url\": \"https://example.org/\", \"data\": \"{}\", \"o\": {{\"é\": [1.0, {{}}, {}]}}}}",
                STANDARD.encode(self.bytes(length)),
                self.number()
            )
            .into(),
            _ => format!("{{\"name\":\"{}\",\"n\":{length}}}", "\\u00e9".repeat(length % 7)).into(),
        }
    }

    fn signature(&mut self) -> Vec<u8> {
        let length = [1, 2, 4, 8, 20, 32, 32, 32, 32, 48, 64][self.below(11)];
        let digest = self.bytes(length);
        match self.below(7) {
            0 | 1 => STANDARD.encode(digest).into(),
            2 => base16ct::lower::encode_string(&digest).into(),
            3 => STANDARD.encode(base16ct::lower::encode_string(&digest)).into(),
            4 => URL_SAFE_NO_PAD.encode(digest).into(),
            5 => STANDARD.encode(digest).to_ascii_lowercase().into(),
            _ => {
                let length = 1 + self.below(150);
                self.letters(length)
            }
        }
    }

    /// A request with everything in it that the profile needs, and no signature yet.
    fn exchange(&mut self, profile: &Profile) -> Exchange {
        let fill = |buffer: &mut [u8]| -> Result<(), SignError> {
            buffer.fill_with(|| self.number().to_be_bytes()[0]);
            Ok(())
        };
        let key_id = profile.sends(Field::KeyId).then_some("farm");
        let stamp = Stamp::new(profile, key_id, None, None, || NOW, fill).unwrap();
        Exchange {
            profile: profile.clone(),
            key: self.key(),
            method: self.one_of(&["POST", "PUT", "delete"]).into(),
            target: target_of(
                profile,
                self.one_of(&["/", "/a/b/?b=1&a=%7e+", "/index.php/apps/x?q", "/caf%C3%A9"]).as_bytes(),
            ),
            payload: self.payload(),
            timestamp: stamp.timestamp.into(),
            nonce: stamp.nonce.as_bytes().into(),
            key_id: stamp.key_id.as_bytes().into(),
            signature: Vec::new(),
            others: others_of(profile),
        }
    }
}

fn diagnosed(exchange: &Exchange) -> Diagnosis {
    let headers = exchange.headers();
    let case = Case {
        profile: &exchange.profile,
        received: &received(&headers),
        method: &exchange.method,
        target: &exchange.target,
        payload: &exchange.payload,
        clock: CLOCK,
        context: Context { headers: exchange.all_headers(&headers), ..Context::default() },
    };
    diagnose(&case, &[HeldKey { bytes: &exchange.key, id: None }]).unwrap()
}

fn causes(diagnosis: &Diagnosis) -> Vec<Cause> {
    diagnosis.findings.iter().map(|fault| fault.cause).collect()
}

#[test]
fn a_valid_request_has_no_causes() {
    let mut random = Random(1);
    for profile in Profile::all() {
        for _ in 0..20 {
            let unsigned = random.exchange(profile);
            let headers = written(&unsigned.signed().unwrap(), profile);
            let signed = Exchange { signature: signature_of(profile, &headers), ..unsigned };
            let diagnosis = diagnosed(&signed);
            assert_eq!(diagnosis.verdict, Verdict::Valid, "{diagnosis}");
            assert_eq!(causes(&diagnosis), [], "{diagnosis}");
            assert_eq!(diagnosis.effort, Effort::default());
        }
    }
}

#[test]
fn a_random_signature_is_never_explained() {
    const REQUESTS: usize = 10_000;
    const THREADS: usize = 4;
    std::thread::scope(|scope| {
        for seed in 0..THREADS {
            scope.spawn(move || random_signatures(Random(seed as u64), share::share(REQUESTS / THREADS)));
        }
    });
}

fn random_signatures(mut random: Random, requests: usize) {
    for number in 0..requests {
        let profile = &Profile::all()[number % Profile::all().len()];
        let unsigned = random.exchange(profile);
        let exchange = Exchange { signature: random.signature(), ..unsigned };
        let diagnosis = diagnosed(&exchange);
        assert_eq!(diagnosis.verdict, Verdict::Unexplained, "{exchange:?}\n{diagnosis}");
        // That a signature cannot be one is no explanation of it, but worth saying.
        let is_none = Digest::decode(&exchange.signature, profile.encoding()).is_err();
        let expected: &[Cause] = if is_none { &[Cause::HeaderMalformed] } else { &[] };
        assert_eq!(causes(&diagnosis), expected, "{exchange:?}\n{diagnosis}");
        assert!(diagnosis.effort.digests <= MAX_DIGESTS && diagnosis.effort.bytes <= MAX_BYTES);
    }
}

#[test]
fn one_changed_bit_is_never_explained() {
    let mut random = Random(3);
    for number in 0..200 {
        let profile = &Profile::all()[number % Profile::all().len()];
        let unsigned = random.exchange(profile);
        let headers = written(&unsigned.signed().unwrap(), profile);
        let right = Digest::decode(&signature_of(profile, &headers), profile.encoding()).unwrap();
        let mut wrong = *right.as_bytes();
        wrong[random.below(32)] ^= 1 << random.below(8);
        let signature = Digest::new(wrong).encode(profile.encoding()).to_vec();
        let diagnosis = diagnosed(&Exchange { signature, ..unsigned });
        assert_eq!(diagnosis.verdict, Verdict::Unexplained, "{diagnosis}");
    }
}

#[test]
fn the_key_is_not_in_the_debug_output() {
    let mut random = Random(4);
    let key = b"a secret that nobody shall read".to_vec();
    for profile in Profile::all() {
        let exchange = Exchange { key: key.clone(), signature: b"none".to_vec(), ..random.exchange(profile) };
        let text = format!("{0:?}{0:#?}{0}", diagnosed(&exchange));
        assert!(!text.contains("nobody shall") && !text.contains(&STANDARD.encode(&key)), "{text}");
        assert!(!text.contains(&format!("{:?}", key)), "{text}");
    }
}

#[test]
fn an_empty_key_is_refused() {
    let exchange = Random(5).exchange(&Profile::all()[0]);
    let headers = exchange.headers();
    let case = Case {
        profile: &exchange.profile,
        received: &received(&headers),
        method: b"POST",
        target: b"/",
        payload: b"",
        clock: CLOCK,
        context: Context::default(),
    };
    assert!(diagnose(&case, &[HeldKey { bytes: b"", id: None }]).is_err());
}
