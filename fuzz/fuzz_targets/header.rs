//! What the header grammar reads, it prints and reads again; and however a list is read, it says the same.
#![no_main]

use std::sync::LazyLock;

use hw_signature::header::SignatureHeader;
use hw_signature::header_template::HeaderTemplate;
use hw_signature::nonce::Nonce;
use hw_signature::template::Grammars;
use hw_signature_fuzz::Edit;
use libfuzzer_sys::fuzz_target;

const SAMPLE: &[u8] = b"timestamp=1563105451261; nonce=:; value=E4YeOsnMtHZ6592U8B9S37238E+Hwtjfrmpf8AQXF+c=";

/// What a list says does not depend on the order in which its names are expected.
static ORDERS: LazyLock<[[HeaderTemplate; 2]; 2]> = LazyLock::new(|| {
    [
        [
            "timestamp={timestamp}; nonce={nonce}; value={signature}",
            "value={signature};nonce={nonce};timestamp={timestamp}",
        ],
        [
            "timestamp={timestamp};nonce={nonce};value={signature};...",
            "value={signature};timestamp={timestamp};nonce={nonce};...",
        ],
    ]
    .map(|orders| {
        let nonce = Nonce::parse("[!-+--:<-~]{1,256}").unwrap();
        let grammars = Grammars { nonce: Some(&nonce), ..Grammars::default() };
        orders.map(|text| HeaderTemplate::parse("X-Test", text, grammars).unwrap())
    })
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
    let fields = |template: &HeaderTemplate| {
        let mut fields = Vec::new();
        let read = template.read(&header, |field, text, offset| {
            fields.push((field, text.to_vec(), offset));
            Ok(())
        });
        // Of several names that are missing, the first is told, in the order of the template.
        read.map(|()| fields).map_err(|error| (error.offset, core::mem::discriminant(&error.kind)))
    };
    for [one, other] in &*ORDERS {
        assert_eq!(fields(one), fields(other));
    }
});
