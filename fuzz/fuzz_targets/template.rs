//! What a header template writes it reads back, and what a contract signs it verifies.
#![no_main]

use hw_signature::digest::Encoding;
use hw_signature::header_template::HeaderTemplate;
use hw_signature::profile::{Profile, Row};
use hw_signature::timestamp::TimestampFormat;
use hw_signature::template::Grammars;
use hw_signature_fuzz::genuine;
use libfuzzer_sys::fuzz_target;

const WORDS: [&str; 20] = [
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
    for (name, template) in &headers {
        let Ok(template) = HeaderTemplate::parse(name, template, Grammars::default()) else { continue };
        let mut value = Vec::new();
        template.write(|field| field.name().as_bytes(), &mut value);
        let mut fields = Vec::new();
        let read = template.read(&value, |field, text, _| {
            assert_eq!(text, field.name().as_bytes());
            fields.push(field);
            Ok(())
        });
        assert_eq!(read, Ok(()));
        assert!(template.fields().eq(fields));
    }
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let profile = Profile::new(&Row {
        name: "custom",
        string_to_sign: &text(string_to_sign),
        headers: &headers,
        encoding: Encoding::ALL[string_to_sign.len() % Encoding::ALL.len()],
        timestamp_format: format.map(|format| TimestampFormat::ALL[usize::from(format) % TimestampFormat::ALL.len()]),
        tolerance: tolerance.map(u64::from),
        nonce: nonce.map(text).as_deref(),
        methods_without_payload: &["GET"],
        ambiguous,
        ..Row::EMPTY
    });
    if let Ok(profile) = profile {
        let mut exchange = genuine(profile);
        assert_eq!(exchange.verify(), Ok(()));
        exchange.payload.push(b'!');
        assert!(exchange.verify().is_err());
    }
});
