//! A second implementation of the canonical query.

/// The canonical query again, the slow way: every step makes a new text, and the values go through a table.
pub fn canonical_query_again(query: &[u8]) -> String {
    fn decode(text: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let escape = text.get(at + 1..at + 3).filter(|hex| hex.iter().all(u8::is_ascii_hexdigit));
            match (text[at], escape) {
                (b'%', Some(hex)) => {
                    let hex = core::str::from_utf8(hex).unwrap();
                    bytes.push(u8::from_str_radix(hex, 16).unwrap());
                    at += 3;
                }
                (b'+', _) => {
                    bytes.push(b' ');
                    at += 1;
                }
                (byte, _) => {
                    bytes.push(byte);
                    at += 1;
                }
            }
        }
        bytes
    }
    let encode = |bytes: Vec<u8>| -> String {
        let one = |byte: u8| match char::from(byte) {
            plain if byte.is_ascii_alphanumeric() || "-._~".contains(plain) => plain.to_string(),
            _ => format!("%{byte:02X}"),
        };
        bytes.into_iter().map(one).collect()
    };
    let mut pairs = Vec::new();
    for part in query.split(|byte| *byte == b'&') {
        let mut halves = part.splitn(2, |byte| *byte == b'=');
        let (name, value) = (halves.next().unwrap(), halves.next().unwrap_or_default());
        if !part.is_empty() {
            pairs.push([encode(decode(name)), encode(decode(value))]);
        }
    }
    pairs.sort();
    pairs.iter().map(|pair| pair.join("=")).collect::<Vec<_>>().join("&")
}
