//! Names and marks in front of a secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Steps;
use super::encoded::{Spelling, decode_base64, decode_leniently};
use crate::diagnosis::alternative::Commonness::{Common, Rare};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;

/// What people leave in front of a secret, and how the rest is encoded, if it is. The longer ones come first.
const PREFIXES: [(&str, Rest); 25] = [
    ("v1,whsec_", Rest::Base64),
    ("whsec_", Rest::Base64),
    ("base64:", Rest::Base64),
    ("base64,", Rest::Base64),
    ("b64:", Rest::Base64),
    ("hex:", Rest::Hex),
    ("0x", Rest::Hex),
    ("0X", Rest::Hex),
    ("\\x", Rest::Hex),
    ("x:", Rest::Hex),
    ("Bearer ", Rest::Text),
    ("Basic ", Rest::Base64),
    ("sha256=", Rest::Text),
    ("v1,", Rest::Text),
    ("v1=", Rest::Text),
    ("v0=", Rest::Text),
    ("secret=", Rest::Text),
    ("key=", Rest::Text),
    ("$", Rest::Text),
    ("secret_", Rest::Text),
    ("sk_live_", Rest::Text),
    ("sk_test_", Rest::Text),
    ("sk_", Rest::Text),
    ("whsec-", Rest::Text),
    ("pdl_ntfset_", Rest::Text),
];

/// What a sender may have in front that this side has not.
const PUT_IN_FRONT: [(&str, Rest); 20] = [
    ("whsec_", Rest::Text),
    ("whsec_", Rest::Base64),
    ("v1,whsec_", Rest::Text),
    ("base64:", Rest::Base64),
    ("base64:", Rest::Text),
    ("0x", Rest::Text),
    ("Bearer ", Rest::Text),
    ("secret_", Rest::Text),
    ("sk_", Rest::Text),
    ("sha256=", Rest::Text),
    ("SDK", Rest::Text),
    ("AWS4", Rest::Text),
    ("WEBHOOK_SECRET=", Rest::Text),
    ("SECRET=", Rest::Text),
    ("SECRET_KEY=", Rest::Text),
    ("API_SECRET=", Rest::Text),
    ("webhook_secret=", Rest::Text),
    ("webhook_secret: ", Rest::Text),
    ("secret=", Rest::Text),
    ("secret: ", Rest::Text),
];

/// Longest name of a variable that is taken for one.
const MAX_NAME: usize = 64;

/// What stands behind a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    Base64,
    Hex,
    Text,
}

impl Steps<'_> {
    pub(super) fn without_names(&mut self) {
        let key = self.key;
        for (prefix, encoding) in PREFIXES {
            if key.starts_with(prefix.as_bytes()) {
                self.without_prefix(prefix.len(), &format!("\"{prefix}\""), prefix == "whsec_", encoding);
            }
        }
        if let Some(name) = variable(key) {
            self.without_prefix(name.len(), &format!("\"{name}\""), false, Rest::Text);
        } else if let Some(length) = label(key) {
            // What looks like a name may be a part of the key, and is not to be shown.
            self.without_prefix(length, "a name, as in a line of YAML or of .env", false, Rest::Text);
        }
    }

    fn without_prefix(&mut self, length: usize, name: &str, whsec: bool, encoding: Rest) {
        let Some(rest) = self.key.get(length..) else { return };
        let secret = format!("substr($secret, {length})");
        let mut step = |value: Vec<u8>, behind: &str, fix: String| {
            let fault = Fault::with(Cause::KeyHasPrefix, format!("{name}{behind}"));
            self.step(value, fault.fixed_by(fix), Common);
        };
        if encoding == Rest::Base64
            && let Some((decoded, spelling)) = decode_base64(rest)
        {
            let fix = if whsec && spelling == Spelling::Padded {
                "On the receiver, use Key::fromBase64($secret), which takes whsec_ off and decodes the rest, as the key."
                    .to_owned()
            } else {
                spelling.fix(&secret)
            };
            step(decoded, ", with base64 behind it, which the sender decodes", fix);
        } else if encoding == Rest::Base64
            && let Some(decoded) = decode_leniently(rest)
        {
            let fix = format!(
                "On both sides, agree on the bytes first: what stands behind the prefix is not quite base64, and the sender decodes it as \
                 base64_decode({secret}) without true does. Better issue a secret that is."
            );
            step(decoded, ", and what stands behind it is decoded leniently by the sender", fix);
        }
        if encoding == Rest::Hex
            && let Ok(decoded) = base16ct::mixed::decode_vec(rest)
        {
            let fix =
                format!("On the receiver, use Key::fromHex({secret}), or hex2bin({secret}), as the key.");
            step(decoded, ", with hexadecimal behind it, which the sender decodes", fix);
        }
        let fix = if name.starts_with('"') {
            format!("On the receiver, use {secret} as the key.")
        } else {
            format!(
                "On the receiver, use trim({secret}, \" \\t\\n\\r\\\"'\") as the key, or read the file with the parser for its format."
            )
        };
        step(rest.trim_ascii_start().to_vec(), "", fix);
    }

    pub(super) fn names(&mut self) {
        for (prefix, rest) in PUT_IN_FRONT {
            let (secret, how) = match rest {
                Rest::Base64 => (STANDARD.encode(self.key).into_bytes(), "and its base64 text behind it"),
                _ => (self.key.to_vec(), "and this key behind it"),
            };
            let detail = format!("\"{prefix}\" {how}, which the sender uses whole");
            let fix = match (prefix.ends_with(['=', ' ']), rest) {
                (true, _) => {
                    "On the sender, take the name off: the key is what stands behind it. Read .env or YAML with its parser."
                }
                (_, Rest::Base64) => {
                    "On the receiver, use the secret as the sender has it, whole, with Key::fromBytes($secret), or let the sender take the \
                     prefix off and decode the rest, whichever the contract says."
                }
                _ => {
                    "On the sender, sign with what stands behind it, or on the receiver, use the secret as the sender has it, whole, with \
                     Key::fromBytes($secret), whichever the contract says."
                }
            };
            let fault = Fault::with(Cause::KeyHasPrefix, detail).fixed_by(fix);
            self.step([prefix.as_bytes(), &secret].concat(), fault, Rare);
        }
    }
}

/// The length of the name that stands in front of a secret, with what separates the two; 0 where there is none.
pub(super) fn name_length(key: &[u8]) -> usize {
    variable(key).map(str::len).or_else(|| label(key)).unwrap_or(0)
}

/// The name in a line such as `SECRET=…` or `export SECRET=…`, with its equals sign.
fn variable(key: &[u8]) -> Option<&str> {
    let line = key.strip_prefix(b"export ").unwrap_or(key);
    let length = line.iter().take(MAX_NAME).position(|byte| *byte == b'=')?;
    let (name, value) = line.split_at(length);
    // In upper case, as .env files have it: anything else may be a part of the key, which is not to be shown.
    let word = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    let is_name = name.iter().all(word) && name.first().is_some_and(|byte| !byte.is_ascii_digit());
    // At the end of base64, = is no sign of a name.
    let has_value = value.iter().any(u8::is_ascii_alphanumeric);
    let prefix = key.get(..key.len() - value.len() + 1)?;
    core::str::from_utf8(prefix).ok().filter(|_| is_name && has_value)
}

/// The length of `name: `, `name = `, `"name": ` and `define('NAME', ` in front of a value.
fn label(key: &[u8]) -> Option<usize> {
    let start = key.iter().take(MAX_NAME).position(|byte| matches!(byte, b':' | b'=' | b','))?;
    let (name, rest) = key.split_at(start);
    let name = name.trim_ascii();
    let name = name.strip_prefix(b"define(").unwrap_or(name);
    let name = name.strip_prefix(b"export ").or_else(|| name.strip_prefix(b"const ")).unwrap_or(name);
    let quoted = |quote: &[u8]| name.strip_prefix(quote).and_then(|name| name.strip_suffix(quote));
    let name = quoted(b"\"").or_else(|| quoted(b"'")).unwrap_or(name);
    let name = name.strip_prefix(b"$").unwrap_or(name);
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let is_name =
        name.len() > 1 && name.iter().all(word) && name.first().is_some_and(|byte| !byte.is_ascii_digit());
    let arrow = if rest.starts_with(b"=>") { 2 } else { 1 };
    let value = rest.get(arrow..)?;
    let spaces = value.len() - value.trim_ascii_start().len();
    let has_value = value.iter().any(u8::is_ascii_alphanumeric);
    (is_name && has_value).then_some(start + arrow + spaces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_front_of_a_secret_is_seen() {
        for (line, secret) in [
            ("webhook_secret: abc", "abc"),
            ("secret = abc", "abc"),
            ("\"secret\": \"abc\"", "\"abc\""),
            ("'secret' => 'abc'", "'abc'"),
            ("export secret=abc", "abc"),
        ] {
            assert_eq!(label(line.as_bytes()).map(|length| &line[length..]), Some(secret), "{line}");
        }
        for line in ["abc", "YWJj=", ": abc", "a:", "1a:b"] {
            assert_eq!(label(line.as_bytes()), None, "{line}");
        }
    }
}
