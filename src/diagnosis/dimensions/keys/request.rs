//! What the request itself gives for a key: the id of the key, and a key that was derived for its scope.

use zeroize::Zeroizing;

use crate::diagnosis::alternative::Alternative;
use crate::diagnosis::alternative::Commonness::{self, Common, Everyday, Rare};
use crate::diagnosis::case::HeldKey;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::dimensions::algorithm::Mac;
use crate::diagnosis::draft::Scope;
use crate::diagnosis::fault::{Fault, Words};

use super::{KeyBytes, SoughtKey};

/// Keys that the sender may have taken, as far as only the request tells them.
pub(in crate::diagnosis) fn of_request(
    held: &[HeldKey<'_>],
    key_id: Option<&[u8]>,
    scope: Option<Scope<'_>>,
) -> Vec<Alternative<SoughtKey>> {
    let mut list: Vec<Alternative<SoughtKey>> = Vec::new();
    let mut put = |bytes: KeyBytes, index, fault, commonness: Commonness| {
        let known = list.iter().any(|other| other.value.bytes == bytes);
        if !bytes.is_empty() && !known && !held.iter().any(|key| key.bytes == bytes.as_slice()) {
            list.push(Alternative { value: SoughtKey { bytes, index }, faults: vec![fault], commonness });
        }
    };
    let sent = key_id.or_else(|| scope.map(|scope| scope.key_id.as_bytes()));
    for (index, key) in held.iter().enumerate() {
        let ids = [
            (sent, "it is the id that the headers name"),
            (key.id.map(str::as_bytes), "it is the id of the key"),
        ];
        for (id, what) in ids {
            let Some(id) = id else { continue };
            put(Zeroizing::new(id.to_vec()), index, Fault::with(Cause::KeyIsKeyId, what), Common);
            for (parts, detail) in [
                ([id, b":", key.bytes], "the key id and a colon, which the sender leaves in front"),
                ([id, b".", key.bytes], "the key id and a dot, which the sender leaves in front"),
                ([id, b"", key.bytes], "the key id, which the sender puts in front"),
                ([key.bytes, b"", id], "the key id, which the sender puts behind it"),
            ] {
                let fault = Fault::with(Cause::KeyHasPrefix, detail);
                put(Zeroizing::new(parts.concat()), index, fault, Rare);
            }
        }
        let Some(Scope { key_id, text }) = scope else { continue };
        let derived = Zeroizing::new(hkdf(key.bytes, key_id.as_bytes(), text.as_bytes()));
        let hex = Zeroizing::new(base16ct::lower::encode_string(&derived).into_bytes());
        for (bytes, [before, after], commonness) in
            [(hex, ["bin2hex(", "\", $keyId))"], Everyday), (derived, ["", "\", $keyId)"], Rare)]
        {
            let words = Words::from(format!("it is {before}hash_hkdf('sha256', $secret, 32, \""))
                .and_quoting(text.as_bytes())
                .and(after);
            put(bytes, index, Fault::with(Cause::KeyIsDerived, words), commonness);
        }
    }
    list
}

/// RFC 5869, for as many bytes as one hash has.
fn hkdf(secret: &[u8], salt: &[u8], info: &[u8]) -> Vec<u8> {
    let extracted = Zeroizing::new(Mac::new(salt).digest(|sink| sink(secret)));
    Mac::new(&extracted).digest(|sink| {
        sink(info);
        sink(&[1]);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 5869, appendix A.1, of which the first 32 bytes are the first hash.
    #[test]
    fn the_first_test_case_of_the_rfc() {
        let salt: Vec<u8> = (0..=0x0c).collect();
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        let derived = hkdf(&[0x0b; 22], &salt, &info);
        let expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf";
        assert_eq!(base16ct::lower::encode_string(&derived), expected);
    }
}
