//! What stands in the place of a secret that is not there: the name of a variable, an example, nothing.

use super::Steps;
use crate::diagnosis::alternative::Commonness::Rare;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;

/// What programs make of a secret that is not set, or is something else than a text.
const NOT_SET: [(&str, &str); 14] = [
    ("", "an empty key: the secret is not set there"),
    ("undefined", "the text \"undefined\": the secret is not set there"),
    ("null", "the text \"null\": the secret is not set there"),
    ("None", "the text \"None\": the secret is not set there"),
    ("nil", "the text \"nil\": the secret is not set there"),
    ("false", "the text \"false\": the secret is not set there"),
    ("true", "the text \"true\": a truth value was taken for the secret there"),
    ("0", "the text \"0\": the secret was taken for a number there"),
    ("1", "the text \"1\": a truth value was taken for the secret there"),
    ("NaN", "the text \"NaN\": the secret was taken for a number there"),
    ("\"\"", "a pair of quotation marks: the secret is empty there"),
    ("Array", "the text \"Array\": a list was taken for the secret there"),
    ("[object Object]", "the text \"[object Object]\": an object was taken for the secret there"),
    ("[object Promise]", "the text \"[object Promise]\": await is missing there"),
];

/// What stands in examples.
const EXAMPLES: [&str; 31] = [
    "dummy",
    "default",
    "test-secret",
    "test_secret",
    "testsecret",
    "secret",
    "SECRET",
    "mysecret",
    "my-secret",
    "my_secret",
    "my-secret-key",
    "my_secret_key",
    "secret_key",
    "secret-key",
    "secretkey",
    "your-secret",
    "your_secret",
    "your-secret-key",
    "your_secret_key",
    "your-secret-here",
    "your_secret_here",
    "YOUR_SECRET",
    "YOUR_SECRET_KEY",
    "your-webhook-secret",
    "your_webhook_secret",
    "changeme",
    "change-me",
    "change_me",
    "password",
    "test",
    "key",
];

/// What people call the variable that holds a secret, and how configuration and code name it.
const VARIABLES: [&str; 8] = [
    "WEBHOOK_SECRET",
    "SECRET",
    "SECRET_KEY",
    "API_SECRET",
    "APP_SECRET",
    "SHARED_SECRET",
    "HMAC_SECRET",
    "SIGNING_SECRET",
];
const REFERENCES: [(&str, &str); 10] = [
    ("", ""),
    ("${", "}"),
    ("$", ""),
    ("%env(", ")%"),
    ("{{ ", " }}"),
    ("{{", "}}"),
    ("<", ">"),
    ("process.env.", ""),
    ("%", "%"),
    ("${{ secrets.", " }}"),
];

/// What pages show in place of each letter of a secret, and how many of them.
const MASKS: [char; 5] = ['*', '\u{2022}', '\u{25cf}', '\u{b7}', '\u{2217}'];
const MASKED: [usize; 6] = [8, 10, 12, 16, 20, 32];

/// Longest beginning of a secret that pages show with dots behind.
const MAX_HINT: usize = 16;

impl Steps<'_> {
    /// What a sender computes with where it has no secret.
    pub(super) fn no_secret_at_all(&mut self) {
        for mask in ["*", "\u{2022}"] {
            for length in MASKED.into_iter().chain([self.key.len()]) {
                let what = format!("{length} times {mask}, which a page shows in place of a secret");
                self.without_secret(mask.repeat(length), &what);
            }
        }
        for (text, what) in NOT_SET {
            self.without_secret(text.into(), what);
        }
        for text in EXAMPLES {
            self.without_secret(text.into(), &format!("the text \"{text}\", which stands in examples"));
        }
        for name in VARIABLES {
            for (before, after) in REFERENCES {
                let text = format!("{before}{name}{after}");
                let what = format!("the text \"{text}\", the name of a variable that was not resolved");
                self.without_secret(text, &what);
            }
        }
    }

    fn without_secret(&mut self, text: String, what: &str) {
        let detail =
            format!("The sender computed its signature with {what}. Anybody could have made this one");
        let fix =
            "On the sender, set the secret, and stop where it is missing; never accept such a signature.";
        self.step(text.into_bytes(), Fault::with(Cause::KeyIsPlaceholder, detail).fixed_by(fix), Rare);
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
    if text.chars().count() >= 4 && text.chars().all(|letter| MASKS.contains(&letter)) {
        return Some("what a form or a page shows in place of a secret, which it hides");
    }
    if any("%env(", ")%") || any("%", "%") && text.contains('_') {
        return Some("a parameter of Symfony or of Windows that was not resolved");
    }
    if any("${{", "}}") || any("${", "}") || any("$(", ")") || text.strip_prefix('$').is_some_and(name) {
        return Some("the name of an environment variable, or of another one, that was not expanded");
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
        || lower.ends_with("...") && lower.len() <= MAX_HINT
    {
        return Some("a stand-in from an example, or a value that was not set");
    }
    None
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
            "********",
            "••••••••••••",
            "whsec_...",
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
}
