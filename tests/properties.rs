//! What holds for every input, tried on random ones.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use core::convert::Infallible;
use std::sync::Arc;

use canonical_query::canonical_query_again;
use dates::date_again;
use diagnosed::diagnosed;
use exchange::{ANY_AGE, Exchange, others_of, received, signature_of, target_of, written};
use hw_signature::diagnosis::Verdict;
use hw_signature::digest::{Digest, Encoding};
use hw_signature::header::SignatureHeader;
use hw_signature::header_template::HeaderTemplate;
use hw_signature::key::Key;
use hw_signature::nonce::Nonce;
use hw_signature::profile::{Profile, Row};
use hw_signature::received::{HeaderValue, Received};
use hw_signature::rejection::Rejection;
use hw_signature::request::{Request, Target};
use hw_signature::shape::ByteSet;
use hw_signature::template::{Field, Grammars, RareValues, StringToSign, Values};
use hw_signature::timestamp::{Timestamp, TimestampFormat};
use hw_signature::verify::verify;
use profiles::profiles;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

#[path = "support/canonical_query.rs"]
mod canonical_query;
#[path = "support/dates.rs"]
mod dates;
#[path = "support/diagnosed.rs"]
mod diagnosed;
#[path = "support/exchange.rs"]
mod exchange;
#[path = "support/profiles.rs"]
mod profiles;

/// Failures are not written to a file: whatever is found becomes a test of its own.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_global_rejects: 100_000,
        ..ProptestConfig::default()
    }
}

/// Repeatable randomness (the finalizer of `SplitMix64`).
fn randomness(mut state: u64) -> impl FnMut(&mut [u8]) -> Result<(), Infallible> {
    move |buffer| {
        for byte in buffer {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = (mixed ^ (mixed >> 27)).to_be_bytes()[0];
        }
        Ok(())
    }
}

/// Percent-encodes every byte that has to be, and those that `choice` picks.
fn escape(bytes: &[u8], must: &[u8], choice: u64) -> Vec<u8> {
    let mut escaped = Vec::new();
    for (index, byte) in bytes.iter().enumerate() {
        let bits = choice.rotate_right(u32::try_from(index % 64).unwrap());
        if *byte <= b' ' || *byte == 0x7f || must.contains(byte) || bits & 1 == 1 {
            let hex = if bits & 2 == 2 { format!("%{byte:02x}") } else { format!("%{byte:02X}") };
            escaped.extend_from_slice(hex.as_bytes());
        } else {
            escaped.push(*byte);
        }
    }
    escaped
}

/// What a request means; `target` is one of many ways to spell it.
#[derive(Clone, Debug)]
struct Meaning {
    key: Vec<u8>,
    payload: Vec<u8>,
    method: &'static str,
    path: Vec<u8>,
    query: Vec<(Vec<u8>, Vec<u8>)>,
    timestamp: u32,
    seed: u64,
}

impl Meaning {
    fn target(&self, choice: u64) -> Vec<u8> {
        let mut target = b"/".to_vec();
        target.extend(escape(&self.path, b"%?#", choice));
        for (index, (name, value)) in self.query.iter().enumerate() {
            target.push(if index == 0 { b'?' } else { b'&' });
            target.extend(escape(name, b"%#&=+", choice));
            target.push(b'=');
            target.extend(escape(value, b"%#&+", choice));
        }
        target
    }

    #[track_caller]
    fn exchange(&self, profile: &Profile, choice: u64) -> Exchange {
        let nonce = profile.nonce().map(|grammar| grammar.generate(randomness(self.seed)).unwrap());
        let has_payload = profile.signs_payload(self.method.as_bytes());
        let mut exchange = Exchange {
            key: self.key.clone(),
            method: self.method.into(),
            target: target_of(profile, &self.target(choice)),
            payload: if has_payload { self.payload.clone() } else { Vec::new() },
            timestamp: profile
                .timestamp()
                .map_or_else(Vec::new, |grammar| grammar.write(self.timestamp.into()).unwrap().into()),
            nonce: nonce.unwrap_or_default().into_owned().into(),
            key_id: if profile.sends(Field::KeyId) { b"key-1".to_vec() } else { Vec::new() },
            signature: Vec::new(),
            others: others_of(profile),
            profile: profile.clone(),
        };
        let headers = written(&exchange.signed().unwrap(), profile);
        exchange.signature = signature_of(profile, &headers);
        exchange
    }
}

const METHODS: [&str; 5] = ["POST", "GET", "HEAD", "put", "X!y"];

fn meaning() -> impl Strategy<Value = Meaning> {
    let text = prop_oneof![b' '..=b'~', 0x80..=0xff_u8];
    let pairs = vec((vec(any::<u8>(), 0..6), vec(any::<u8>(), 0..6)), 1..5);
    (
        vec(any::<u8>(), 1..150),
        vec(any::<u8>(), 0..200),
        select(&METHODS[..]),
        vec(text, 0..20),
        pairs,
        any::<u32>(),
        any::<u64>(),
    )
        .prop_map(|(key, payload, method, path, query, timestamp, seed)| Meaning {
            key,
            payload,
            method,
            path,
            query,
            timestamp,
            seed,
        })
}

/// The same bytes with one of them changed, put in, or taken out.
fn edited(bytes: &[u8], at: Index, byte: u8) -> Vec<u8> {
    let mut edited = bytes.to_vec();
    let at = at.index(bytes.len() + 1);
    match (edited.get_mut(at), byte % 3) {
        (Some(_), 0) => drop(edited.remove(at)),
        (Some(old), 1) => *old ^= byte.max(1),
        _ => edited.insert(at, byte),
    }
    edited
}

/// HMAC fills a key up with zero bytes, so that some keys are the same key. Longer ones are hashed first.
fn same_key(one: &[u8], other: &[u8]) -> bool {
    let filled = |key: &[u8]| {
        let mut key = key.to_vec();
        if key.len() < 64 {
            key.resize(64, 0);
        }
        key
    };
    filled(one) == filled(other)
}

/// What `mutated` does to the headers it is given.
fn mutated(header: &[u8], at: Index, with: &[u8], how: u8) -> Vec<u8> {
    let at = at.index(header.len() + 1);
    let (head, tail) = header.split_at(at);
    let tail = match how % 3 {
        0 => tail,
        1 => tail.get(with.len()..).unwrap_or_default(),
        _ => header,
    };
    [head, with, tail].concat()
}

/// Bytes that look like a header more often than not.
fn header_bytes() -> impl Strategy<Value = Vec<u8>> {
    let token = select(vec![
        &b"timestamp"[..],
        b"nonce",
        b"value",
        b"=",
        b"; ",
        b";",
        b",",
        b":",
        b"1563105451261",
        b"E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=",
        b" \t",
        b"\0",
        b"\xff",
    ]);
    prop_oneof![
        vec(any::<u8>(), 0..80),
        vec(token, 0..14).prop_map(|tokens| tokens.concat()),
        (0..5000_usize).prop_map(|length| vec![b'a'; length]),
        (0..20_usize)
            .prop_map(|count| (0..count).map(|n| format!("p{n}=1;")).collect::<String>().into_bytes()),
    ]
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_header_in_any_spelling_reads_as_what_was_written_and_prints_canonically(
        timestamp in "[0-9]{1,19}",
        nonce in "[!-:<-~]{1,64}",
        digest in any::<[u8; 32]>(),
        order in Just(vec![0_usize, 1, 2]).prop_shuffle(),
        spaces in vec("[ \t]{0,3}", 4),
        upper in any::<[bool; 3]>(),
    ) {
        let text = Digest::new(digest).encode(Encoding::Base64);
        let value = core::str::from_utf8(&text).unwrap();
        let name = |index: usize, name: &str| if upper[index] { name.to_uppercase() } else { name.to_owned() };
        let parts = [
            format!("{}={timestamp}", name(0, "timestamp")),
            format!("{}={nonce}", name(1, "nonce")),
            format!("{}={value}", name(2, "value")),
        ];
        let [first, second, third] = [0, 1, 2].map(|index| &parts[order[index]]);
        let [a, b, c, d] = [0, 1, 2, 3].map(|index| &spaces[index]);
        let header = format!("{first}{a};{b}{second}{c};{d}{third}");
        let parsed = SignatureHeader::parse(header.as_bytes()).unwrap();
        prop_assert_eq!((parsed.timestamp, parsed.nonce, parsed.value), (&*timestamp, &*nonce, value));
        prop_assert_eq!(parsed.digest.as_bytes(), &digest);
        prop_assert_eq!(parsed.to_string(), format!("timestamp={timestamp}; nonce={nonce}; value={value}"));
        let printed = parsed.to_string();
        prop_assert_eq!(SignatureHeader::parse(printed.as_bytes()).unwrap().to_string(), printed);
    }

    #[test]
    fn no_bytes_make_the_header_parser_panic_and_what_it_reads_it_prints_and_reads_again(
        bytes in header_bytes(),
        at in any::<Index>(),
        how in any::<u8>(),
    ) {
        let sample = b"timestamp=1563105451261; nonce=:; value=E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=";
        for header in [bytes.clone(), mutated(sample, at, &bytes, how)] {
            match SignatureHeader::parse(&header) {
                Ok(parsed) => {
                    let printed = parsed.to_string();
                    let again = SignatureHeader::parse(printed.as_bytes()).unwrap();
                    prop_assert_eq!(again.to_string(), &*printed);
                    prop_assert_eq!(again.digest.as_bytes(), parsed.digest.as_bytes());
                }
                Err(error) => prop_assert!(error.offset <= header.len(), "{}", error),
            }
        }
    }

    #[test]
    fn what_a_nonce_grammar_generates_it_accepts(
        set in "[!-+.-:<-Z^-z|~-]{1,6}",
        min in 1..=256_usize,
        more in 0..=256_usize,
        seed in any::<u64>(),
    ) {
        let max = (min + more).min(256);
        let grammars = ["uuid".to_owned(), format!("[{set}]{{{min},{max}}}"), format!("[{set}]{{{min}}}")];
        // A range may be upside down, and then it is no grammar.
        prop_assume!(Nonce::parse(&grammars[1]).is_some());
        for grammar in grammars {
            let nonce = Nonce::parse(&grammar).unwrap();
            let mut random = randomness(seed);
            let made = nonce.generate(&mut random).unwrap();
            prop_assert!(nonce.accepts(made.as_bytes()), "{}: {}", grammar, made);
            if nonce.is_unique() && made.len() > 30 && set.len() > 4 {
                prop_assert_ne!(nonce.generate(&mut random).unwrap(), made, "{}", grammar);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn whatever_is_signed_verifies_in_any_spelling_of_its_target(
        meaning in meaning(),
        choice in any::<u64>(),
        other in any::<u64>(),
    ) {
        for profile in profiles() {
            let exchange = meaning.exchange(&profile, choice);
            prop_assert_eq!(exchange.verify(), Ok(()), "{}", profile.name());
            let respelled = Exchange { target: target_of(&profile, &meaning.target(other)), ..exchange.clone() };
            // As it was sent is as it was spelled.
            let verbatim = [Field::Target, Field::Url].iter().any(|field| profile.string_to_sign().has(*field));
            let expected = !verbatim || respelled.target == exchange.target;
            prop_assert_eq!(respelled.verify().is_ok(), expected, "{}", profile.name());
        }
    }

    #[test]
    fn any_change_of_what_is_signed_is_rejected(
        meaning in meaning(),
        choice in any::<u64>(),
        at in any::<Index>(),
        byte in any::<u8>(),
        method in select(&METHODS[..]),
    ) {
        let mut pairs = meaning.query.clone();
        let index = at.index(pairs.len());
        pairs[index].1 = edited(&pairs[index].1, at, byte);
        let key = edited(&meaning.key, at, byte);
        prop_assume!(!key.is_empty() && !same_key(&key, &meaning.key));
        // Two paths are the same when they decode to the same bytes, so that a change has to be one of those.
        let path: Vec<u8> = edited(&meaning.path, at, byte % 94 + b'!');
        prop_assume!(path.iter().all(|byte| ByteSet::TEXT.contains(*byte)));
        prop_assume!(!method.eq_ignore_ascii_case(meaning.method));

        for profile in profiles() {
            let signed = meaning.exchange(&profile, choice);
            let has = |field| profile.string_to_sign().has(field);
            let mut changes = vec![("key", Exchange { key: key.clone(), ..signed.clone() })];
            let payload = edited(&signed.payload, at, byte);
            changes.push(("payload", Exchange { payload, ..signed.clone() }));
            if has(Field::Method) {
                changes.push(("method", Exchange { method: method.into(), ..signed.clone() }));
            }
            if has(Field::Path) {
                let target = Meaning { path: path.clone(), ..meaning.clone() }.target(choice);
                changes.push(("path", Exchange { target, ..signed.clone() }));
            }
            if has(Field::Query) {
                let target = Meaning { query: pairs.clone(), ..meaning.clone() }.target(choice);
                changes.push(("query value", Exchange { target, ..signed.clone() }));
            }
            if has(Field::Nonce) && profile.nonce().is_some_and(Nonce::is_unique) {
                let nonce = profile.nonce().unwrap().generate(randomness(!meaning.seed)).unwrap().into_owned().into_bytes();
                changes.push(("nonce", Exchange { nonce, ..signed.clone() }));
                // White space at the end of a parameter would not be part of the nonce.
                let nonce = edited(&signed.nonce, at, byte % 94 + b'!');
                changes.push(("nonce", Exchange { nonce, ..signed.clone() }));
            }
            if has(Field::Timestamp) {
                let text = String::from_utf8_lossy(&signed.timestamp).into_owned();
                let other = profile.timestamp().unwrap().write((meaning.timestamp ^ 1).into()).unwrap();
                // One says the same, in another spelling.
                for timestamp in [format!("0{text}"), text.replace('Z', ".0Z"), other] {
                    if timestamp == text {
                        continue;
                    }
                    changes.push(("timestamp", Exchange { timestamp: timestamp.into(), ..signed.clone() }));
                }
            }
            if has(Field::KeyId) {
                changes.push(("key id", Exchange { key_id: b"key-2".to_vec(), ..signed.clone() }));
            }
            prop_assert_eq!(signed.verify(), Ok(()), "{}", profile.name());
            for (part, changed) in changes {
                let name = profile.name();
                prop_assert!(changed.verify().is_err(), "{}: another {} passes: {:?}", name, part, changed);
            }
        }
    }

    #[test]
    fn no_header_bytes_make_verification_panic_or_pass(
        headers in vec(header_bytes(), 8),
        kinds in vec(0..8_u8, 8),
        payload in vec(any::<u8>(), 0..20),
    ) {
        let mut values = Received::default();
        for ((slot, header), kind) in values.iter_mut().zip(&headers).zip(kinds) {
            *slot = match kind {
                0 => HeaderValue::Missing,
                1 => HeaderValue::Repeated,
                _ => HeaderValue::One(header),
            };
        }
        let request = Request::parse(b"POST", b"/").unwrap();
        for profile in profiles() {
            let key = Arc::new(Key::from_bytes(b"key").unwrap());
            let result = verify(&profile, &[key], &values, &request, &payload, ANY_AGE);
            prop_assert!(result.is_err(), "{}", profile.name());
        }
    }

    #[test]
    fn a_changed_header_is_rejected_or_says_the_same(
        meaning in meaning(),
        which in any::<Index>(),
        at in any::<Index>(),
        with in prop_oneof![vec(any::<u8>(), 1..4), header_bytes()],
        how in any::<u8>(),
    ) {
        for profile in profiles() {
            let exchange = meaning.exchange(&profile, 0);
            let mut headers = exchange.headers();
            let header = which.index(headers.len());
            headers[header] = mutated(&headers[header], at, &with, how);
            // The key has a name, because only that protects a key id that is sent and not signed.
            let key = Key::from_bytes(&exchange.key).unwrap().with_id(b"key-1").unwrap();
            let result = verify(
                &profile,
                &[Arc::new(key)],
                &received(&headers),
                &exchange.arrived(&headers),
                &exchange.payload,
                ANY_AGE,
            );
            if let Ok(accepted) = result {
                prop_assert_eq!(accepted.nonce().unwrap_or_default().as_bytes(), &*exchange.nonce);
                prop_assert_eq!(accepted.timestamp(), exchange.timestamp_number());
                // A header with one field has one spelling, but for the letter case of a hex digest. Beside a part that
                // repeats, others are skipped.
                if profile.headers()[header].text().ends_with("...") {
                    continue;
                }
                let fields: Vec<Field> = profile.headers()[header].fields().collect();
                let (sent, changed) = (&exchange.headers()[header], &headers[header]);
                match fields[..] {
                    [Field::Signature] => prop_assert!(sent.eq_ignore_ascii_case(changed)),
                    [_] => prop_assert_eq!(sent, changed),
                    _ => {}
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn a_diagnosis_finds_nothing_in_a_valid_request_and_no_cause_for_an_unrelated_digest(
        meaning in meaning(),
        profile in select(profiles()),
        digest in any::<[u8; 32]>(),
    ) {
        let exchange = meaning.exchange(&profile, 0);
        let valid = diagnosed(&exchange, &exchange.headers());
        prop_assert_eq!((valid.verdict, valid.findings.len()), (Verdict::Valid, 0), "{}", valid);
        let signature = Digest::new(digest).encode(profile.encoding()).to_vec();
        let unrelated = Exchange { signature, ..exchange };
        let unrelated = diagnosed(&unrelated, &unrelated.headers());
        prop_assert_eq!((unrelated.verdict, unrelated.findings.len()), (Verdict::Unexplained, 0), "{}", unrelated);
    }

    #[test]
    fn a_diagnosis_of_anything_stays_within_its_budget_and_can_be_printed(
        meaning in meaning(),
        profile in select(profiles()),
        which in any::<Index>(),
        at in any::<Index>(),
        with in prop_oneof![vec(any::<u8>(), 1..4), header_bytes()],
        how in any::<u8>(),
        target in vec(any::<u8>(), 0..9),
        payload in vec(any::<u8>(), 0..60),
    ) {
        let exchange = meaning.exchange(&profile, 0);
        let mut headers = exchange.headers();
        let header = which.index(headers.len());
        headers[header] = mutated(&headers[header], at, &with, how);
        diagnosed(&exchange, &headers);
        let target = [b"/", &*target].concat();
        diagnosed(&Exchange { target, payload, ..exchange }, &headers);
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn the_canonical_query_is_its_own_canonical_form_and_that_of_a_second_implementation(
        parts in vec(prop_oneof![
            select(vec![
                "&", "=", "+", "%", "%4", "%41", "%c3%a9", "%C3%A9", "%2b", "%26", "a", "A", "0", "~", "/", "?", "é",
            ])
                .prop_map(|text| text.as_bytes().to_vec()),
            select((b'!'..=0xff).filter(|byte| ![b'#', 0x7f].contains(byte)).collect::<Vec<u8>>())
                .prop_map(|byte| vec![byte]),
        ], 0..24),
    ) {
        let query = parts.concat();
        let target = [b"/?", &*query].concat();
        let canonical = Target::parse(&target).unwrap().canonical_query();
        prop_assert_eq!(&canonical, &canonical_query_again(&query));
        let again = format!("/?{canonical}");
        prop_assert_eq!(Target::parse(again.as_bytes()).unwrap().canonical_query(), canonical);
    }

    #[test]
    fn a_date_is_read_as_a_second_implementation_reads_it(
        numbers in (
            prop_oneof![1968..2110_u32, 0..10_001_u32],
            (0..14_u32, prop_oneof![0..33_u32, 27..32_u32]),
            (0..25_u32, 0..61_u32, 0..61_u32),
        ),
        fraction in "(\\.[0-9]{0,10})?",
        zone in select(vec!["Z", "z", "", "+00:00", "-00:00", "+14:00", "-23:59", "+24:00", "+1:00", "+0100"]),
        at in any::<Index>(),
        byte in prop_oneof![Just(b'.'), Just(b'Z'), Just(b'-'), b'0'..=b'9', any::<u8>()],
        edit in any::<bool>(),
    ) {
        let (year, (month, day), (hour, minute, second)) = numbers;
        let extended =
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}");
        let basic = format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}{fraction}{zone}");
        for text in [extended, basic] {
            let text = if edit { edited(text.as_bytes(), at, byte) } else { text.into_bytes() };
            for format in [TimestampFormat::Rfc3339, TimestampFormat::Iso8601Basic] {
                let grammar = Timestamp::new(format);
                let read = grammar.parse(&text);
                prop_assert_eq!(read.ok(), date_again(format, &text), "{}", text.escape_ascii());
                if let Err(error) = read {
                    prop_assert!(error.offset <= text.len());
                }
                if let Ok(seconds) = read {
                    let written = grammar.write(seconds).unwrap();
                    prop_assert_eq!(grammar.parse(written.as_bytes()), Ok(seconds));
                }
            }
        }
    }

    #[test]
    fn no_text_makes_a_template_or_a_grammar_panic(
        parts in vec(prop_oneof![
            select(vec![
                "{", "}", "{payload}", "{payload_sha256}", "{timestamp}", "{nonce}", "{signature}", "{key_id}",
                "{}", "{method}", "name=", "; ", ",", "\u{e9}", "\0", "[a-z]", "{1,2}", "-", "]{3}", "uuid",
            ]).prop_map(str::to_owned),
            ".{0,3}",
        ], 0..8),
    ) {
        let text = parts.concat();
        if let Ok(parsed) = StringToSign::parse(&text, None) {
            prop_assert_eq!(parsed.text(), &*text);
            prop_assert_eq!(parsed.fields().len(), text.matches('{').count());
            let payload = |field: &&Field| matches!(field, Field::Payload | Field::PayloadSha256);
            prop_assert_eq!(parsed.fields().iter().filter(payload).count(), 1);
        }
        if let Ok(parsed) = HeaderTemplate::parse("X-Test", &text, Grammars::default()) {
            prop_assert_eq!(parsed.fields().count(), text.matches('{').count());
            // What a template writes, it reads back.
            let mut value = Vec::new();
            parsed.write(|_| b"1", [&b"1"[..]], &mut value);
            let mut fields = Vec::new();
            let read = parsed.read(&value, |field, text, _| {
                assert_eq!(text, b"1");
                fields.push(field);
                Ok(())
            });
            prop_assert_eq!(read, Ok(()));
            prop_assert!(fields.is_empty() || fields == parsed.fields().collect::<Vec<_>>());
        }
        let _ = Nonce::parse(&text);
        let headers = [("X-S", &*text), (&*text, "{signature}")];
        let row = Row { name: &text, string_to_sign: &text, headers: &headers, nonce: Some(&text), ..ROW };
        prop_assert!(Profile::new(&row).is_err());
    }
}

const ROW: Row<'static> = Row { name: "custom", ..Row::EMPTY };

const GRAMMARS: [&str; 12] = [
    ":",
    "1",
    "a1",
    "uuid",
    "[0-9]{3}",
    "[0-9a-f]{1,4}",
    "[a-z]{2}",
    "[.:]{1,3}",
    "[A-Za-z0-9._-]{1,8}",
    "[a-z]{1,5}",
    "[-]{1}",
    "[:]{1,3}",
];
const LITERALS: [&str; 16] =
    ["", "", "", ".", "\n", ":", "1", "a", "-", "&", "/", "1.", ".\n", "=", "?", "-\n-"];

/// A part of a string to sign, as the test sees it.
#[derive(Clone, Debug)]
enum Part {
    Literal(&'static str),
    Field(Field),
}

/// A template as parts, the grammar of its nonce, and the format of its timestamp.
#[derive(Clone, Debug)]
struct Contract {
    parts: Vec<Part>,
    grammar: &'static str,
    format: TimestampFormat,
}

/// Timestamps, and texts that are nearly some.
const TIMESTAMPS: [&str; 9] = [
    "1",
    "1111111111",
    "1111111111111",
    "2026-01-31T11:11:11Z",
    "2026-01-31T11:11:11.1Z",
    "2026-01-31T11:11:11.11+11:11",
    "2026-01-31T11:11:11",
    "20260131T111111Z",
    "Z",
];

fn contract() -> impl Strategy<Value = Contract> {
    let others = vec![
        Field::Method,
        Field::Path,
        Field::Query,
        Field::Timestamp,
        Field::Nonce,
        Field::KeyId,
        Field::Target,
        Field::Url,
        Field::Header(0),
        Field::CanonicalPath,
        Field::CanonicalQuery,
        Field::CanonicalHeaders,
        Field::SignedHeaders,
    ];
    let fields = subsequence(others, 0..=4).prop_shuffle();
    let payload = select(vec![Field::Payload, Field::PayloadSha256]);
    let rest = (any::<Index>(), vec(select(&LITERALS[..]), 6), select(&GRAMMARS[..]));
    (fields, payload, rest, select(&TimestampFormat::ALL[..])).prop_map(
        |(mut fields, payload, (at, literals, grammar), format)| {
            fields.insert(at.index(fields.len() + 1), payload);
            let mut parts = Vec::new();
            for (field, literal) in fields.into_iter().zip(&literals) {
                parts.push(Part::Literal(literal));
                parts.push(Part::Field(field));
            }
            parts.push(Part::Literal(literals[5]));
            Contract { parts, grammar, format }
        },
    )
}

impl Contract {
    fn has(&self, field: Field) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Field(other) if *other == field))
    }

    fn template(&self) -> String {
        let text = |part: &Part| match part {
            Part::Literal(text) => (*text).to_owned(),
            Part::Field(field) => field.to_string(),
        };
        self.parts.iter().map(text).collect()
    }

    fn profile(&self, ambiguous: bool) -> Option<Profile> {
        let mut headers = vec![("X-S", "{signature}")];
        for (field, header) in [
            (Field::Timestamp, ("X-T", "{timestamp}")),
            (Field::Nonce, ("X-N", "{nonce}")),
            (Field::KeyId, ("X-K", "{key_id}")),
        ] {
            if self.has(field) {
                headers.push(header);
            }
        }
        let row = Row {
            string_to_sign: &self.template(),
            headers: &headers,
            timestamp_format: self.has(Field::Timestamp).then_some(self.format),
            nonce: self.has(Field::Nonce).then_some(self.grammar),
            ambiguous,
            signed_headers: if self.has(Field::CanonicalHeaders) || self.has(Field::SignedHeaders) {
                &["a"]
            } else {
                &[]
            },
            ..ROW
        };
        Profile::new(&row).ok()
    }

    /// Whether the field can have that text. Written from what each field is, not from the crate's analysis.
    fn can_be(&self, field: Field, digits: Option<usize>, text: &[u8]) -> bool {
        let of_target = |byte: &u8| *byte > b' ' && ![b'#', 0x7f].contains(byte);
        let unreserved = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(byte);
        let trimmed = text.trim_ascii() == text;
        let graphic = |byte: &u8| byte.is_ascii_graphic() && !b",;".contains(byte);
        match field {
            Field::Method => {
                let token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
                !text.is_empty() && text.iter().all(token) && !text.iter().any(u8::is_ascii_lowercase)
            }
            Field::Path => text.first() == Some(&b'/') && !text.iter().any(u8::is_ascii_control),
            Field::Query => {
                !text.iter().any(|byte| *byte <= b' ' || *byte == 0x7f || *byte == b'#')
                    && canonical_query_again(text).as_bytes() == text
            }
            Field::Timestamp => match self.format {
                TimestampFormat::Seconds | TimestampFormat::Milliseconds => {
                    (1..=19).contains(&text.len())
                        && text.iter().all(u8::is_ascii_digit)
                        && digits.is_none_or(|digits| text.len() == digits)
                }
                format => date_again(format, text).is_some(),
            },
            Field::Nonce => Nonce::parse(self.grammar).unwrap().accepts(text),
            Field::KeyId => (1..=128).contains(&text.len()) && text.iter().all(graphic),
            Field::Payload => true,
            Field::PayloadSha256 => {
                text.len() == 64
                    && text.iter().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte))
            }
            Field::Target => text.first() == Some(&b'/') && text.iter().all(of_target),
            Field::Url => text.starts_with(b"a://a") && text.iter().all(of_target),
            Field::Header(_) => trimmed && !text.iter().any(u8::is_ascii_control),
            Field::CanonicalPath => {
                text.starts_with(b"/")
                    && text.ends_with(b"/")
                    && text.iter().all(|byte| unreserved(byte) || *byte == b'/')
            }
            Field::CanonicalQuery => text.iter().all(|byte| unreserved(byte) || b"&=".contains(byte)),
            Field::CanonicalHeaders => {
                text.is_empty()
                    || text.strip_suffix(b"\n").is_some_and(|lines| {
                        lines
                            .split(|byte| *byte == b'\n')
                            .all(|line| line.contains(&b':') && !line.iter().any(u8::is_ascii_control))
                    })
            }
            Field::SignedHeaders => text.split(|byte| *byte == b';').all(|name| {
                !name.is_empty()
                    && name.iter().all(|byte| {
                        byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$%&'*+-.^`|~".contains(byte)
                    })
            }),
            Field::CanonicalRequestSha256 | Field::Signature => false,
        }
    }

    /// In how many ways a string to sign can be taken apart: the number of requests that share it.
    fn readings(&self, profile: &Profile, text: &[u8]) -> u64 {
        let digits = profile.timestamp().and_then(Timestamp::digits);
        // `ways[at]` counts the ways in which the parts that were gone through can end at `at`.
        let mut ways = vec![0_u64; text.len() + 1];
        ways[0] = 1;
        for part in &self.parts {
            let mut next = vec![0; text.len() + 1];
            for (start, count) in ways.iter().enumerate().filter(|(_, count)| **count > 0) {
                for (end, sum) in next.iter_mut().enumerate().skip(start) {
                    let fits = match part {
                        Part::Literal(literal) => literal.as_bytes() == &text[start..end],
                        Part::Field(field) => self.can_be(*field, digits, &text[start..end]),
                    };
                    if fits {
                        *sum += count;
                    }
                }
            }
            ways = next;
        }
        ways[text.len()]
    }

    /// A string to sign whose fields are made of the bytes that stand between them, so that all boundaries are alike.
    fn write(
        &self,
        profile: &Profile,
        mut random: impl FnMut(&mut [u8]) -> Result<(), Infallible>,
    ) -> Vec<u8> {
        let digits = profile.timestamp().and_then(Timestamp::digits);
        let fits = |field, text: &[u8]| self.can_be(field, digits, text);
        let mut alphabet: Vec<&[u8]> = b"11a/.-:&=?G\n".chunks(1).collect();
        for part in &self.parts {
            if let Part::Literal(text) = part {
                alphabet.extend((0..4).flat_map(|_| text.as_bytes().chunks(1)));
            }
        }
        if self.has(Field::Timestamp) {
            alphabet.extend(TIMESTAMPS.map(str::as_bytes));
        }
        let nonce = Nonce::parse(self.grammar).unwrap();
        let mut value = |field: Field| -> Vec<u8> {
            if field == Field::Nonce && !nonce.accepts(b"11") {
                return nonce.generate(&mut random).unwrap().into_owned().into_bytes();
            }
            loop {
                let mut bytes = [0; 9];
                random(&mut bytes).unwrap();
                let (length, choices) = bytes.split_first().unwrap();
                let chosen = choices.iter().map(|choice| alphabet[usize::from(*choice) % alphabet.len()]);
                let mut text: Vec<u8> = chosen.take(usize::from(length % 9)).collect::<Vec<_>>().concat();
                match field {
                    Field::Target => text.insert(0, b'/'),
                    Field::Url => text = [b"a://a", &*text].concat(),
                    Field::Header(_) => text = text.trim_ascii().to_vec(),
                    Field::CanonicalPath => {
                        text.retain(|byte| fits(field, &[b'/', *byte, b'/']));
                        text = [b"/", &*text, b"/"].concat();
                    }
                    Field::CanonicalHeaders => {
                        text.retain(|byte| !byte.is_ascii_control());
                        text = [b"a:", &*text, b"\n"].concat();
                    }
                    Field::Timestamp => text = alphabet[usize::from(*length) % alphabet.len()].to_vec(),
                    Field::Path => text.insert(0, b'/'),
                    // Most texts are no canonical query, but each has one.
                    Field::Query => {
                        text.retain(u8::is_ascii_graphic);
                        text = canonical_query_again(&text).into_bytes();
                    }
                    // And most have a byte that the field cannot have.
                    _ => text.retain(|byte| field == Field::Nonce || fits(field, &[*byte])),
                }
                if field == Field::Payload || fits(field, &text) {
                    return text;
                }
            }
        };
        let mut get = |field| if self.has(field) { value(field) } else { Vec::new() };
        let (method, path, query) = (get(Field::Method), get(Field::Path), get(Field::Query));
        let (timestamp, nonce, key_id) = (get(Field::Timestamp), get(Field::Nonce), get(Field::KeyId));
        let payload = get(Field::Payload);
        let rare = RareValues {
            target: get(Field::Target),
            url: get(Field::Url),
            headers: vec![get(Field::Header(0))],
            canonical_path: String::from_utf8(get(Field::CanonicalPath)).unwrap(),
            canonical_query: String::from_utf8(get(Field::CanonicalQuery)).unwrap(),
            canonical_headers: get(Field::CanonicalHeaders),
            signed_headers: get(Field::SignedHeaders),
        };
        let values = Values {
            method: &method,
            path: &path,
            query: &query,
            timestamp: &timestamp,
            nonce: &nonce,
            key_id: &key_id,
            rare: Some(&rare),
        };
        let mut written = Vec::new();
        let string_to_sign = profile.string_to_sign();
        let payload = string_to_sign.payload(&values, &payload);
        string_to_sign.write(&values, payload.as_bytes(), &mut |piece| written.extend_from_slice(piece));
        written
    }
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn a_contract_file_comes_back_as_itself(contract in contract(), cut in any::<Index>(), byte in any::<u8>()) {
        let profile = contract.profile(true);
        prop_assume!(profile.is_some());
        let text = profile.unwrap().to_contract();
        let read = Profile::from_contract(text.as_bytes()).map(|profile| profile.to_contract());
        prop_assert_eq!(read.as_ref(), Ok(&text));
        // Whatever comes of one that is broken, it is no panic.
        let mut broken = text.into_bytes();
        let at = cut.index(broken.len());
        broken[at] = byte;
        let _ = Profile::from_contract(&broken);
        let _ = Profile::from_contract(&broken[..at]);
    }

    #[test]
    fn a_contract_that_is_not_ambiguous_has_one_reading_of_every_string_to_sign(
        contract in contract(),
        seed in any::<u64>(),
    ) {
        let profile = contract.profile(false);
        prop_assume!(profile.is_some());
        let profile = profile.unwrap();
        for turn in 0..4 {
            let text = contract.write(&profile, randomness(seed.wrapping_add(turn)));
            let readings = contract.readings(&profile, &text);
            prop_assert_eq!(readings, 1, "{:?}: {}", contract.template(), text.escape_ascii());
        }
    }
}

#[test]
fn the_count_of_readings_finds_what_the_analysis_refuses() {
    use Part::{Field as F, Literal as L};
    let dotted = "[A-Za-z0-9._-]{1,8}";
    let seconds = TimestampFormat::Seconds;
    let date = TimestampFormat::Rfc3339;
    for (parts, grammar, format) in [
        (vec![F(Field::Nonce), F(Field::Timestamp), F(Field::Payload)], dotted, seconds),
        (vec![F(Field::Nonce), L("."), F(Field::Payload)], dotted, seconds),
        (vec![F(Field::Url), F(Field::Payload)], dotted, seconds),
        (vec![F(Field::Target), L("/"), F(Field::Payload)], dotted, seconds),
        (vec![F(Field::Header(0)), L(":"), F(Field::Payload)], dotted, seconds),
        (vec![F(Field::Payload), L("1"), F(Field::Timestamp), F(Field::KeyId)], dotted, seconds),
        // A date separates nothing, unless its beginning shows where the part before it ends.
        (vec![F(Field::Payload), F(Field::Timestamp), F(Field::KeyId)], dotted, date),
        (vec![F(Field::KeyId), F(Field::Timestamp), F(Field::Payload)], dotted, date),
        (vec![F(Field::KeyId), L(":"), F(Field::Path), L("\n"), F(Field::PayloadSha256)], dotted, seconds),
        (vec![F(Field::Method), L("-"), F(Field::Query), L("&"), F(Field::Payload)], dotted, seconds),
        // An empty query does not show where the nonce before it ends.
        (vec![F(Field::Nonce), F(Field::Query), L(":"), F(Field::Payload)], "[:]{1,3}", seconds),
    ] {
        let contract = Contract { parts, grammar, format };
        assert!(contract.profile(false).is_none(), "{}", contract.template());
        let profile = contract.profile(true).unwrap();
        let found =
            (0..500).any(|seed| contract.readings(&profile, &contract.write(&profile, randomness(seed))) > 1);
        assert!(found, "{}", contract.template());
    }
}

#[test]
fn a_changed_payload_gets_as_far_as_the_comparison_and_fails_there() {
    // Guards the properties above: their `is_err` must not come from a request that no profile would have taken.
    let meaning = Meaning {
        key: b"key".to_vec(),
        payload: b"payload".to_vec(),
        method: "POST",
        path: b"path".to_vec(),
        query: vec![(b"a".to_vec(), b"1".to_vec())],
        timestamp: 1,
        seed: 1,
    };
    for profile in profiles() {
        let signed = meaning.exchange(&profile, 0);
        let changed = Exchange { payload: b"Payload".to_vec(), ..signed };
        assert_eq!(changed.verify(), Err(Rejection::SignatureMismatch), "{}", profile.name());
    }
}
