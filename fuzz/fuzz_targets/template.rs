//! What a header template writes it reads back, and what a contract signs it verifies.
#![no_main]

use hw_signature::digest::Encoding;
use hw_signature::header_template::HeaderTemplate;
use hw_signature::nonce::Nonce;
use hw_signature::profile::{Profile, Row};
use hw_signature::template::{Field, Grammars};
use hw_signature::timestamp::TimestampFormat;
use hw_signature_fuzz::genuine;
use libfuzzer_sys::fuzz_target;

const WORDS: [&str; 36] = [
    "{timestamp}",
    "{nonce}",
    "{signature}",
    "{key_id}",
    "{payload}",
    "{payload_sha256}",
    "{method}",
    "{path}",
    "{query}",
    "t={timestamp}",
    "; n={nonce}",
    ",v1={signature}",
    "; k={key_id}",
    "[A-Za-z0-9._-]{8,128}",
    "uuid",
    "\n",
    "]{16}",
    "\u{e9}",
    "X-Test",
    "; ",
    "...",
    ",...",
    " ...",
    "HMAC-SHA256 ",
    "v1,",
    "\"",
    ":",
    "c=d,",
    "{target}",
    "{url}",
    "{header:Host}",
    "{canonical_path}",
    "{canonical_query}",
    "{canonical_headers}",
    "{signed_headers}",
    "{canonical_request_sha256}",
];

/// Every byte above ASCII stands for a word.
fn text(bytes: &[u8]) -> String {
    let word = |byte: &u8| match byte.checked_sub(0x80) {
        Some(index) => WORDS[usize::from(index) % WORDS.len()].to_owned(),
        None => char::from(*byte).to_string(),
    };
    bytes.iter().map(word).collect()
}

fuzz_target!(|input: (&[u8], Vec<(&[u8], &[u8])>, Option<&[u8]>, Option<u8>, Option<u8>, bool)| {
    let (string_to_sign, headers, nonce, format, tolerance, ambiguous) = input;
    let headers: Vec<(String, String)> =
        headers.iter().map(|(name, value)| (text(name), text(value))).collect();
    let grammar = nonce.map_or_else(|| "uuid".to_owned(), text);
    if let Some(nonce) = Nonce::parse(&grammar) {
        let made = nonce.generate(|bytes| Ok::<_, ()>(bytes.fill(7))).unwrap();
        // Each has bytes that others have too, and the key id those that separate them.
        let value = |field| match field {
            Field::Timestamp => b"17".as_slice(),
            Field::KeyId => b"a:1.=/-+b",
            Field::SignedHeaders => b"date;host",
            _ => made.as_bytes(),
        };
        let signatures = [b"1a+/==".as_slice(), b"-_7"];
        let grammars = Grammars { nonce: Some(&nonce), ..Grammars::default() };
        for (name, template) in &headers {
            let Ok(template) = HeaderTemplate::parse(name, template, grammars) else { continue };
            let mut header = Vec::new();
            template.write(value, signatures, &mut header);
            let mut fields = Vec::new();
            let read = template.read(&header, |field, text, at| {
                assert_eq!(header.get(at..at + text.len()), Some(text));
                fields.push((field, text.to_vec()));
                Ok(())
            });
            assert_eq!(read, Ok(()), "{}: {}", template.text(), header.escape_ascii());
            let texts = |field| match field {
                Field::Signature => signatures.into_iter().take(template.max_signatures()).collect(),
                field => vec![value(field)],
            };
            let written = template
                .fields()
                .flat_map(|field| texts(field).into_iter().map(move |text| (field, text.to_vec())));
            assert!(written.eq(fields));
        }
    }
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let string_to_sign = text(string_to_sign);
    let canonical = string_to_sign.contains("{canonical_request_sha256}");
    let lists =
        ["{canonical_headers}", "{signed_headers}"].iter().any(|field| string_to_sign.contains(field));
    let profile = Profile::new(&Row {
        name: "custom",
        string_to_sign: &string_to_sign,
        headers: &headers,
        encoding: Encoding::ALL[string_to_sign.len() % Encoding::ALL.len()],
        timestamp_format: format
            .map(|format| TimestampFormat::ALL[usize::from(format) % TimestampFormat::ALL.len()]),
        tolerance: tolerance.map(u64::from),
        nonce: nonce.map(text).as_deref(),
        methods_without_payload: if string_to_sign.contains("{method}") { &["GET"] } else { &[] },
        canonical_request: canonical
            .then_some("{method}\n{canonical_path}\n{canonical_headers}\n{payload_sha256}"),
        signed_headers: if canonical || lists { &["host"] } else { &[] },
        ambiguous,
        ..Row::EMPTY
    });
    // The requests have these two headers besides those of the contract.
    let has = |name: &Box<str>| ["host", "content-type"].contains(&&**name);
    if let Some(profile) =
        profile.ok().filter(|profile| profile.string_to_sign().header_names().iter().all(has))
    {
        let mut exchange = genuine(profile);
        assert_eq!(exchange.verify(), Ok(()));
        exchange.payload.push(b'!');
        assert!(exchange.verify().is_err());
    }
});
