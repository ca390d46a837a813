//! Which other bytes the sender may have used as the key.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::diagnosis::alternative::{Alternative, add};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;

/// Key bytes, wiped when they are dropped.
pub(in crate::diagnosis) type KeyBytes = Zeroizing<Vec<u8>>;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// What people leave in front of a secret, and how the rest is encoded, if it is.
const PREFIXES: [(&str, Rest); 7] = [
    ("whsec_", Rest::Base64),
    ("base64:", Rest::Base64),
    ("hex:", Rest::Hex),
    ("0x", Rest::Hex),
    ("0X", Rest::Hex),
    ("Bearer ", Rest::Text),
    ("sha256=", Rest::Text),
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

/// The key as it was given, and then with one fault, and with two.
pub(in crate::diagnosis) fn alternatives(key: &[u8]) -> Vec<Alternative<KeyBytes>> {
    let mut list = vec![Alternative::given(Zeroizing::new(key.to_vec()))];
    let mut from = 0;
    for _ in 0..2 {
        let to = list.len();
        for index in from..to {
            let Some(base) = list.get(index).cloned() else { continue };
            for (value, fault) in steps(&base.value) {
                // The same fault twice explains nothing: a key is not trimmed or decoded in two ways at once.
                if !value.is_empty() && base.faults.iter().all(|other| other.cause != fault.cause) {
                    let faults = base.faults.iter().cloned().chain([fault]).collect();
                    add(&mut list, value, faults);
                }
            }
        }
        from = to;
    }
    list
}

fn steps(key: &[u8]) -> Vec<(KeyBytes, Fault)> {
    let mut steps = Vec::new();
    spaces(key, &mut steps);
    prefixes(key, &mut steps);
    quotes(key, &mut steps);
    encodings(key, &mut steps);
    for (folded, case) in [(key.to_ascii_lowercase(), "lower"), (key.to_ascii_uppercase(), "upper")] {
        if folded != key {
            let fault = Fault::with(Cause::KeyCaseDiffers, format!("in {case} case"));
            steps.push((Zeroizing::new(folded), fault));
        }
    }
    steps
}

type Steps = Vec<(KeyBytes, Fault)>;

/// What a text file has around a secret.
fn spaces(key: &[u8], steps: &mut Steps) {
    let trimmed = key.trim_ascii();
    if trimmed.len() == key.len() {
        for end in ["\n", "\r\n"] {
            let detail = "a line break is put at its end, which the sender's secret has";
            let value = [key, end.as_bytes()].concat();
            steps.push((Zeroizing::new(value), Fault::with(Cause::KeyHasWhitespace, detail)));
        }
    } else {
        let fault = Fault::with(Cause::KeyHasWhitespace, "it is taken off");
        steps.push((Zeroizing::new(trimmed.to_vec()), fault));
    }
    if let Some(rest) = key.strip_prefix(BOM) {
        steps.push((Zeroizing::new(rest.to_vec()), Fault::new(Cause::KeyHasBom)));
    }
}

fn prefixes(key: &[u8], steps: &mut Steps) {
    let known = PREFIXES.into_iter().filter(|(prefix, _)| key.starts_with(prefix.as_bytes()));
    for (prefix, encoding) in known.chain(variable(key).map(|name| (name, Rest::Text))) {
        let Some(rest) = key.get(prefix.len()..) else { continue };
        let secret = format!("substr($secret, {})", prefix.len());
        let mut step = |value: KeyBytes, behind: &str, fix: String| {
            let fault = Fault::with(Cause::KeyHasPrefix, format!("\"{prefix}\"{behind}"));
            steps.push((value, fault.fixed_by(fix)));
        };
        if encoding == Rest::Base64
            && let Some((decoded, spelling)) = decode_base64(rest)
        {
            let fix = if prefix == "whsec_" && spelling == Spelling::Padded {
                "Use Key::fromBase64($secret), which takes whsec_ off and decodes the rest, as the key."
                    .to_owned()
            } else {
                spelling.fix(&secret)
            };
            step(decoded, ", with base64 behind it, which the sender decodes", fix);
        }
        if encoding == Rest::Hex
            && let Ok(decoded) = hex::decode(rest)
        {
            let fix = format!("Use Key::fromHex({secret}), or hex2bin({secret}), as the key.");
            step(Zeroizing::new(decoded), ", with hexadecimal behind it, which the sender decodes", fix);
        }
        step(Zeroizing::new(rest.to_vec()), "", format!("Use {secret} as the key."));
    }
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

fn quotes(key: &[u8], steps: &mut Steps) {
    let inner = match key {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner,
        _ => {
            let detail = "a pair of \" is put around it, which the sender's secret has";
            let value = [b"\"", key, b"\""].concat();
            return steps.push((Zeroizing::new(value), Fault::with(Cause::KeyHasQuotes, detail)));
        }
    };
    let fault = Fault::with(Cause::KeyHasQuotes, "they are taken off");
    steps.push((Zeroizing::new(inner.to_vec()), fault));
}

/// A secret that one side decodes and the other does not.
fn encodings(key: &[u8], steps: &mut Steps) {
    if let Some((decoded, spelling)) = decode_base64(key) {
        let fault = Fault::with(Cause::KeyIsBase64Text, spelling.name());
        steps.push((decoded, fault.fixed_by(spelling.fix("$secret"))));
    }
    if let Ok(decoded) = hex::decode(key) {
        steps.push((Zeroizing::new(decoded), Fault::new(Cause::KeyIsHexText)));
    }
    for (text, name) in [
        (STANDARD.encode(key), "its base64 text"),
        (hex::encode(key), "its hexadecimal text"),
        (URL_SAFE_NO_PAD.encode(key), "its URL-safe base64 text"),
    ] {
        steps.push((Zeroizing::new(text.into_bytes()), Fault::with(Cause::KeyWasDecoded, name)));
    }
}

/// How a base64 text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    Padded,
    Unpadded,
    UrlSafe,
}

impl Spelling {
    const fn name(self) -> &'static str {
        match self {
            Self::Padded => "base64",
            Self::Unpadded => "unpadded base64",
            Self::UrlSafe => "URL-safe base64",
        }
    }

    /// How PHP decodes the `secret`, which is an expression.
    fn fix(self, secret: &str) -> String {
        let only = "as the key; Key::fromBase64() takes padded base64 of the standard alphabet only";
        match self {
            Self::Padded => {
                format!("Use Key::fromBase64({secret}), or base64_decode({secret}, true), as the key.")
            }
            Self::Unpadded => format!("Use base64_decode({secret}, true) {only}."),
            Self::UrlSafe => format!("Use base64_decode(strtr({secret}, '-_', '+/'), true) {only}."),
        }
    }
}

/// Decodes whatever somebody's decoder would have taken for base64.
fn decode_base64(text: &[u8]) -> Option<(KeyBytes, Spelling)> {
    [
        (&STANDARD, Spelling::Padded),
        (&STANDARD_NO_PAD, Spelling::Unpadded),
        (&URL_SAFE, Spelling::UrlSafe),
        (&URL_SAFE_NO_PAD, Spelling::UrlSafe),
    ]
    .into_iter()
    .find_map(|(engine, spelling)| Some((Zeroizing::new(engine.decode(text).ok()?), spelling)))
}
