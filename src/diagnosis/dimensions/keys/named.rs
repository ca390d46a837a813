//! Names and marks in front of a secret, and names in its place.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Steps;
use super::encoded::{Spelling, decode_base64, decode_leniently};
use crate::diagnosis::alternative::Commonness::{Common, Rare};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;

/// What people leave in front of a secret, and how the rest is encoded, if it is. The longer ones come first.
const PREFIXES: [(&str, Rest); 19] = [
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
];

/// What a sender may have in front that this side has not.
const PUT_IN_FRONT: [(&str, Rest); 6] = [
    ("whsec_", Rest::Text),
    ("whsec_", Rest::Base64),
    ("v1,whsec_", Rest::Text),
    ("base64:", Rest::Base64),
    ("base64:", Rest::Text),
    ("0x", Rest::Text),
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
            let fix = "On the receiver, use the secret as the sender has it, whole, with Key::fromBytes($secret), or let the sender take the \
                       prefix off and decode the rest, whichever the contract says.";
            let fault = Fault::with(Cause::KeyHasPrefix, detail).fixed_by(fix);
            self.step([prefix.as_bytes(), &secret].concat(), fault, Rare);
        }
    }

    /// What a sender computes with where it has no secret.
    pub(super) fn no_secret_at_all(&mut self) {
        for (text, what) in [
            ("", "an empty key: the secret is not set there"),
            ("undefined", "the text \"undefined\": the secret is not set there"),
            ("null", "the text \"null\": the secret is not set there"),
            ("None", "the text \"None\": the secret is not set there"),
            ("nil", "the text \"nil\": the secret is not set there"),
            ("false", "the text \"false\": the secret is not set there"),
            ("0", "the text \"0\": the secret was taken for a number there"),
            ("Array", "the text \"Array\": a list was taken for the secret there"),
            ("[object Object]", "the text \"[object Object]\": an object was taken for the secret there"),
            ("[object Promise]", "the text \"[object Promise]\": await is missing there"),
        ] {
            let detail =
                format!("The sender computed its signature with {what}. Anybody could have made this one");
            let fix =
                "On the sender, set the secret, and stop where it is missing; never accept such a signature.";
            self.step(text.into(), Fault::with(Cause::KeyIsPlaceholder, detail).fixed_by(fix), Rare);
        }
    }
}

/// Whether the key is a name in place of a secret, and what kind of one.
pub(in crate::diagnosis) fn placeholder(key: &[u8]) -> Option<&'static str> {
    let text = core::str::from_utf8(key).ok()?.trim_matches(['"', '\'', ' ', '\n', '\r']);
    let word = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte))
    };
    let name = |name: &str| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let within =
        |before: &str, after: &str| text.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    let any = |before: &str, after: &str| within(before, after).is_some_and(|inner| word(inner.trim()));
    let call = |function: &str| {
        [("(\"", "\")"), ("('", "')"), ("(", ")")]
            .iter()
            .any(|(open, close)| within(&format!("{function}{open}"), close).is_some_and(word))
    };
    let lower = text.to_ascii_lowercase();
    if any("%env(", ")%") || any("%", "%") && text.contains('_') {
        return Some("a parameter of Symfony or of Windows that was not resolved");
    }
    if any("${{", "}}") || any("${", "}") || any("$(", ")") || text.strip_prefix('$').is_some_and(name) {
        return Some("the name of a variable that was not resolved");
    }
    if any("{{", "}}")
        || any("<%=", "%>")
        || any("#{", "}")
        || any("@@", "@@")
        || any("__", "__")
        || any("{", "}")
    {
        return Some("a place of a template that was not filled in");
    }
    if any("<", ">") || any("[", "]") {
        return Some("a place of an example that was not filled in");
    }
    let env = ["process.env.", "os.environ.", "ENV.", "secrets.", "vars."];
    if env.iter().any(|start| text.strip_prefix(start).is_some_and(word))
        || ["env", "getenv", "config", "os.getenv", "ENV.fetch", "getparameter"].iter().any(|name| call(name))
    {
        return Some("code that reads a secret, and not the secret");
    }
    if name(text) && ["SECRET", "KEY", "TOKEN", "PASSWORD"].iter().any(|end| text.ends_with(end)) {
        return Some("the name of a variable, and not what it holds");
    }
    let examples =
        ["changeme", "change-me", "change_me", "changethis", "replaceme", "replace-me", "replace_me"];
    if examples.contains(&lower.as_str())
        || ["your-", "your_", "my-", "my_", "<your"].iter().any(|start| lower.starts_with(start))
            && ["secret", "key", "here", "token"].iter().any(|end| lower.ends_with(end))
        || ["undefined", "null", "none", "nil", "false", "true", "array", "[object object]", "todo"]
            .contains(&lower.as_str())
        || lower.len() >= 4 && lower.bytes().all(|byte| matches!(byte, b'x' | b'*' | b'.'))
    {
        return Some("a stand-in from an example, or a value that was not set");
    }
    None
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
    fn a_name_in_the_place_of_a_secret_is_seen() {
        for text in [
            "%env(WEBHOOK_SECRET)%",
            "${WEBHOOK_SECRET}",
            "$WEBHOOK_SECRET",
            "{{ webhook_secret }}",
            "<your-secret>",
            "process.env.SECRET",
            "env('WEBHOOK_SECRET')",
            "WEBHOOK_SECRET",
            "changeme",
            "your-secret-here",
            "undefined",
            "%WEBHOOK_SECRET%",
            "\"${SECRET}\"",
            "xxxxxxxx",
            "${{ secrets.HOOK }}",
        ] {
            assert!(placeholder(text.as_bytes()).is_some(), "{text}");
        }
        for text in [
            "correct horse battery staple",
            "Tq7mZp2Kd9Wb4Rx6Nh3Vy8Lc5Jf1Gs0Ae",
            "whsec_abc=",
            "$2y$10$abc",
            "a",
        ] {
            assert_eq!(placeholder(text.as_bytes()), None, "{text}");
        }
    }

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
