//! Whatever becomes of the headers of a genuine request on their way: no rendering of a diagnosis has the signature that
//! was right, in whichever spelling and at whichever place it came.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use exchange::{ANY_AGE, Exchange, others_of, received, signature_of, target_of, written};
use hw_signature::diagnosis::{Case, Context, HeldKey, diagnose};
use hw_signature::digest::Digest;
use hw_signature::profile::Profile;
use hw_signature::received::Received;
use hw_signature::template::Field;
use profiles::profiles;

#[allow(dead_code, reason = "shared with other tests")]
#[path = "support/exchange.rs"]
mod exchange;
#[path = "support/profiles.rs"]
mod profiles;
#[allow(dead_code, reason = "shared with other tests")]
#[path = "support/share.rs"]
mod share;

const FIELDS: [Field; 4] = [Field::Timestamp, Field::Nonce, Field::KeyId, Field::Signature];

/// So much of a signature may be shown at most, in letters: two thirds of it are then unknown.
const MOST_SHOWN: usize = 16;

#[test]
fn with_broken_separators_quotes_spaces_and_the_like() {
    for (request, secret) in requests() {
        for spoil in SPOILS {
            let headers: Vec<Vec<u8>> = request.headers().iter().map(|value| spoil(value)).collect();
            secret.is_not_shown(&request, &headers);
        }
    }
}

#[test]
fn with_headers_swapped_merged_doubled_and_left_out() {
    for (request, secret) in requests() {
        let headers = request.headers();
        for left_out in 0..headers.len() {
            let rest: Vec<Vec<u8>> = (0..headers.len())
                .map(|index| if index == left_out { Vec::new() } else { headers[index].clone() })
                .collect();
            secret.is_not_shown(&request, &rest);
            for other in 0..headers.len() {
                let mut swapped = headers.clone();
                swapped.swap(left_out, other);
                secret.is_not_shown(&request, &swapped);
                for glue in GLUES {
                    let mut merged = headers.clone();
                    merged[left_out] = [&*headers[left_out], glue.as_bytes(), &headers[other]].concat();
                    secret.is_not_shown(&request, &merged);
                }
            }
        }
        for glue in GLUES {
            let all = vec![headers.join(glue.as_bytes()); headers.len()];
            secret.is_not_shown(&request, &all);
        }
    }
}

#[test]
fn in_the_place_of_another_field_or_glued_to_one_in_every_spelling() {
    for (request, secret) in requests() {
        for (number, spelling) in secret.spellings.iter().enumerate() {
            for place in FIELDS.into_iter().filter(|place| request.profile.sends(*place)) {
                let own = field(&request, place).clone();
                let glues = if number == 0 { &GLUES[..] } else { &GLUES[..1] };
                for glue in glues {
                    for [first, second] in [[&own, spelling], [spelling, &own], [spelling, &Vec::new()]] {
                        let mut spoiled = request.clone();
                        *field_mut(&mut spoiled, place) = [first, glue.as_bytes(), second].concat();
                        secret.is_not_shown(&request, &spoiled.headers());
                    }
                }
            }
        }
    }
}

#[test]
fn in_the_payload_and_in_the_target_too() {
    for (request, secret) in requests() {
        let signature = String::from_utf8_lossy(&request.signature).into_owned();
        let headers = request.headers();
        let dump = [b"POST / HTTP/1.1\r\n\r\n", &*headers.join(&b"\r\n"[..]), b"\r\n\r\npayload"].concat();
        secret.is_not_shown(&Exchange { payload: dump, ..request.clone() }, &headers);
        for target in
            [format!("/a/?b=c&sign={signature}"), format!("/{signature}/a/?b=c"), format!("/{signature}")]
        {
            secret.is_not_shown(&Exchange { target: target.into_bytes(), ..request.clone() }, &headers);
        }
    }
}

#[test]
fn broken_as_a_whole_after_a_field_was() {
    for (request, secret) in requests() {
        for place in FIELDS.into_iter().filter(|place| request.profile.sends(*place)) {
            for spelling in secret.spellings.iter().take(1) {
                let mut spoiled = request.clone();
                let own = std::mem::replace(field_mut(&mut spoiled, place), spelling.clone());
                spoiled.signature = own;
                for spoil in SPOILS {
                    let headers: Vec<Vec<u8>> = spoiled.headers().iter().map(|value| spoil(value)).collect();
                    secret.is_not_shown(&request, &headers);
                }
            }
        }
    }
}

const GLUES: [&str; 11] = ["", "-", ",", ", ", ";", "; ", " ", "&", ".", ":", "\n"];

type Spoil = fn(&[u8]) -> Vec<u8>;

const SPOILS: [Spoil; 31] = [
    |value| replaced(value, "; ", ","),
    |value| replaced(value, "; ", ", "),
    |value| replaced(value, "; ", " "),
    |value| replaced(value, "; ", "&"),
    |value| replaced(value, "; ", "|"),
    |value| replaced(value, "; ", "\n"),
    |value| replaced(value, "; ", "\t"),
    |value| replaced(value, "; ", ""),
    |value| replaced(value, "; ", "%3B"),
    |value| replaced(value, "; ", " ; "),
    |value| replaced(value, "; ", ";;"),
    |value| replaced(value, ", ", ";"),
    |value| replaced(value, "=", ":"),
    |value| replaced(value, "=", " = "),
    |value| replaced(value, "=", "=="),
    |value| replaced(value, "=", "=\""),
    |value| replaced(&replaced(value, "=", "=\""), "; ", "\"; "),
    |value| replaced(value, "value=", "nonce="),
    |value| replaced(value, "value=", "timestamp="),
    |value| replaced(value, "value=", "signature="),
    |value| [b"\"", value, b"\""].concat(),
    |value| [b"'", value, b"'"].concat(),
    |value| [b" ", value, b" "].concat(),
    |value| [b"HMAC ", value].concat(),
    |value| [value, b", ", value].concat(),
    |value| [value, b"; ", value].concat(),
    |value| [value, value].concat(),
    |value| value.split(|byte| *byte == b';').rev().collect::<Vec<_>>().join(&b';'),
    |value| [b"{\"", &*replaced(&replaced(value, "; ", "\",\""), "=", "\":\""), b"\"}"].concat(),
    <[u8]>::to_ascii_uppercase,
    <[u8]>::to_ascii_lowercase,
];

fn replaced(value: &[u8], from: &str, to: &str) -> Vec<u8> {
    String::from_utf8_lossy(value).replace(from, to).into_bytes()
}

/// Signed requests under every profile, and what must not be shown of each.
fn requests() -> Vec<(Exchange, Secret)> {
    profiles().into_iter().map(request).collect()
}

fn request(profile: Profile) -> (Exchange, Secret) {
    let counting = |bytes: &mut [u8]| -> Result<(), ()> {
        bytes.iter_mut().zip(1_u8..).for_each(|(byte, number)| *byte = number.wrapping_mul(151));
        Ok(())
    };
    let nonce = profile.nonce().map(|nonce| nonce.generate(counting).unwrap().into_owned());
    let timestamp = profile
        .timestamp()
        .map(|grammar| grammar.write(grammar.format().from_milliseconds(1_800_000_000_123)).unwrap());
    let mut request = Exchange {
        key: b"the key that both sides share".to_vec(),
        method: b"POST".to_vec(),
        target: target_of(&profile, b"/a/?b=c"),
        payload: b"payload".to_vec(),
        timestamp: timestamp.unwrap_or_default().into(),
        nonce: nonce.unwrap_or_default().into(),
        key_id: if profile.sends(Field::KeyId) { b"farm".to_vec() } else { Vec::new() },
        signature: Vec::new(),
        others: others_of(&profile),
        profile,
    };
    let headers = written(&request.signed().unwrap(), &request.profile);
    request.signature = signature_of(&request.profile, &headers);
    let digest = Digest::decode(&request.signature, request.profile.encoding()).unwrap();
    let secret = Secret::of(digest.as_bytes());
    (request, secret)
}

fn field(request: &Exchange, field: Field) -> &Vec<u8> {
    match field {
        Field::Timestamp => &request.timestamp,
        Field::Nonce => &request.nonce,
        Field::KeyId => &request.key_id,
        _ => &request.signature,
    }
}

fn field_mut(request: &mut Exchange, field: Field) -> &mut Vec<u8> {
    match field {
        Field::Timestamp => &mut request.timestamp,
        Field::Nonce => &mut request.nonce,
        Field::KeyId => &mut request.key_id,
        _ => &mut request.signature,
    }
}

/// A signature in every spelling.
struct Secret {
    spellings: Vec<Vec<u8>>,
    pieces: Vec<String>,
}

impl Secret {
    fn of(digest: &[u8; 32]) -> Self {
        let hex = base16ct::lower::encode_string(digest);
        let mut texts = vec![hex.clone(), STANDARD.encode(digest), hex.to_ascii_uppercase()];
        texts.extend([
            URL_SAFE.encode(digest),
            URL_SAFE_NO_PAD.encode(digest),
            STANDARD_NO_PAD.encode(digest),
        ]);
        texts.extend([STANDARD.encode(&hex), STANDARD_NO_PAD.encode(hex.to_ascii_uppercase())]);
        let spellings = texts.iter().map(|text| text.clone().into_bytes()).chain([digest.to_vec()]).collect();
        // As a report makes them visible.
        texts.push(digest.iter().map(|byte| format!("\\x{byte:02x}")).collect());
        let folded = texts.iter().flat_map(|text| [text.to_ascii_lowercase(), text.to_ascii_uppercase()]);
        let pieces = texts.iter().cloned().chain(folded).flat_map(|text| {
            let starts = 0..text.len() - MOST_SHOWN;
            starts.map(|start| text[start..=start + MOST_SHOWN].to_owned()).collect::<Vec<_>>()
        });
        Self { spellings, pieces: pieces.collect() }
    }

    #[track_caller]
    fn is_not_shown(&self, request: &Exchange, headers: &[Vec<u8>]) {
        if !share::is_its_turn() {
            return;
        }
        let received: Received<'_> = received(headers);
        let case = Case {
            profile: &request.profile,
            received: &received,
            method: &request.method,
            target: &request.target,
            payload: &request.payload,
            clock: ANY_AGE,
            context: Context { headers: request.all_headers(headers), ..Context::default() },
        };
        let diagnosis = diagnose(&case, &[HeldKey { bytes: &request.key, id: None }]).unwrap();
        // Neither line breaks nor escaped backslashes shall hide anything.
        let shown =
            format!("{diagnosis}{diagnosis:?}").replace(char::is_whitespace, "").replace("\\\\", "\\");
        let leak = self.pieces.iter().find(|piece| shown.contains(*piece));
        let headers: Vec<_> = headers.iter().map(|value| String::from_utf8_lossy(value)).collect();
        assert_eq!(leak, None, "{headers:#?}\n{diagnosis}");
    }
}
