//! The canonical query is its own canonical form, and that of a second implementation.
#![no_main]

use hw_signature::request::Target;
use hw_signature_fuzz::canonical_query::canonical_query_again;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|target: &[u8]| {
    if let Ok(target) = Target::parse(target) {
        let canonical = target.canonical_query();
        assert_eq!(canonical, canonical_query_again(target.raw_query()));
        let again = format!("/?{canonical}");
        assert_eq!(Target::parse(again.as_bytes()).unwrap().canonical_query(), canonical);
        if let Ok(path) = target.decoded_path() {
            assert!(!path.iter().any(u8::is_ascii_control));
        }
    }
});
