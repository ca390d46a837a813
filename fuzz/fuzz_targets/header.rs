//! What the header grammar reads, it prints and reads again; and however a list is read, it says the same.
#![no_main]

use std::sync::LazyLock;

use hw_signature::header::SignatureHeader;
use hw_signature::header_template::HeaderTemplate;
use hw_signature::template::Grammars;
use hw_signature_fuzz::Edit;
use libfuzzer_sys::fuzz_target;

const SAMPLE: &[u8] = b"timestamp=1563105451261; nonce=:; value=E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=";

/// A header spelled like one of them is read the short way by that one, and by the grammar by the other.
static SPELLINGS: LazyLock<[HeaderTemplate; 2]> = LazyLock::new(|| {
    [
        "timestamp={timestamp}; nonce={nonce}; value={signature}",
        "timestamp={timestamp};nonce={nonce};value={signature}",
    ]
    .map(|text| HeaderTemplate::parse("X-Test", text, Grammars::default()).unwrap())
});

fuzz_target!(|edits: Vec<Edit>| {
    let mut parts = [SAMPLE.to_vec()];
    edits.iter().for_each(|edit| edit.apply(&mut parts));
    let [header] = parts;
    match SignatureHeader::parse(&header) {
        Ok(parsed) => {
            let printed = parsed.to_string();
            let again = SignatureHeader::parse(printed.as_bytes()).unwrap();
            assert_eq!(again.to_string(), printed);
            assert!(again.digest == parsed.digest);
        }
        Err(error) => assert!(error.offset <= header.len()),
    }
    let [spaced, tight] = &*SPELLINGS;
    let fields = |template: &HeaderTemplate| {
        let mut fields = Vec::new();
        let read = template.read(&header, |field, text, offset| {
            fields.push((field, text.to_vec(), offset));
            Ok(())
        });
        read.map(|()| fields)
    };
    assert_eq!(fields(spaced), fields(tight));
});
