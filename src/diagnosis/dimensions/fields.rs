//! What is wrong with the text of one field of a header: a timestamp of another format, a nonce of another shape, a list of
//! names that is none.

use crate::diagnosis::fault::Words;
use crate::nonce::Nonce;
use crate::profile::Profile;
use crate::shape::ByteSet;
use crate::signed_headers::{MAX_SIGNED_HEADERS, SignedHeaders};
use crate::timestamp::{Timestamp, TimestampFormat};

use super::time;

/// What a timestamp looks like that is none of the profile's.
pub(super) fn timestamp(text: &[u8]) -> &'static str {
    let parse = |format| Timestamp::new(format).parse(text).ok();
    if let Some(number) = parse(TimestampFormat::Seconds) {
        return match (time::counts_milliseconds(number), text.len()) {
            (true, 13) => "; this one is Unix time in milliseconds",
            (false, 9..=10) => "; this one is Unix time in seconds",
            _ => "; this one is a number",
        };
    }
    if parse(TimestampFormat::Iso8601Basic).is_some() {
        return "; this one is a date without dashes and colons";
    }
    if parse(TimestampFormat::Rfc3339).is_some() {
        return "; this one is a date with dashes and colons";
    }
    let in_utc = [text, b"Z"].concat();
    let is_date = |format| Timestamp::new(format).parse(&in_utc).is_ok();
    if is_date(TimestampFormat::Iso8601Basic) || is_date(TimestampFormat::Rfc3339) {
        return "; this one lacks the Z of UTC, and may be local time";
    }
    if text.ends_with(b" GMT") {
        return "; this one is a date of HTTP";
    }
    if text.split_first().is_some_and(|(_, rest)| rest.contains(&b'.')) {
        return "; this one has a fraction";
    }
    ""
}

/// Fewest characters of a nonce that a profile is made for: as hexadecimal digits, 128 bits.
const LEAST_NONCE: usize = 32;

/// What a nonce is that the profile does not take, and what to do about it.
pub(super) fn nonce(text: &[u8], profile: &Profile) -> Option<(String, Option<String>)> {
    let grammar = profile.nonce_grammar()?;
    let Some(Nonce::Random { set, min, max }) = profile.nonce() else {
        return Some((format!("; it has {} characters, and the profile takes {grammar}", text.len()), None));
    };
    let strange = text.iter().filter(|byte| !set.contains(**byte)).count();
    let mut what = format!("; it has {} characters", text.len());
    if strange > 0 {
        what += &format!(", {strange} of them outside the alphabet");
    }
    what += &format!(", and the profile takes {grammar}");
    let makes = if min == max { format!("{min}") } else { format!("{min} to {max}") };
    let fix = own_grammar(text).map(|own| {
        let name = profile.name();
        let row = match Profile::named(name) {
            Some(_) => format!("Profile::named('{name}')"),
            None => "$profile".to_owned(),
        };
        format!(
            "On the sender, write {makes} characters of the profile's alphabet. On the receiver, where a sender by the contract \
             always writes {length} characters: verify with new Profile(...['nonce' => '{own}'] + {row}->describe()).",
            length = text.len(),
        )
    });
    Some((what, fix))
}

/// A grammar for nonces like this one, of that one length: with any length, it would be open where one ends.
fn own_grammar(text: &[u8]) -> Option<String> {
    if text.len() < LEAST_NONCE || !text.iter().all(|byte| ByteSet::ENCODED.with(b".").contains(*byte)) {
        return None;
    }
    if Nonce::Uuid.accepts(text) {
        return Some("uuid".to_owned());
    }
    let mut set = "A-Za-z0-9".to_owned();
    // A dash at the end is itself.
    for byte in b"+/=._-" {
        if text.contains(byte) {
            set.push(char::from(*byte));
        }
    }
    let grammar = format!("[{set}]{{{}}}", text.len());
    Nonce::parse(&grammar).is_some_and(|nonce| nonce.accepts(text)).then_some(grammar)
}

/// Longest name that is shown: what is longer may have a signature in it.
const MAX_NAME: usize = 32;

/// The name of a header as it came, where it is one.
pub(super) fn name(name: &[u8]) -> Words {
    if name.len() <= MAX_NAME {
        Words::quoting(name)
    } else {
        format!("a name of {} bytes", name.len()).into()
    }
}

/// What is wrong with a list of signed headers.
pub(super) fn signed_headers(list: &[u8], profile: &Profile) -> Words {
    let names: Vec<&[u8]> = list.split(|byte| *byte == b';').collect();
    let lower = list.to_ascii_lowercase();
    let twice = |(index, name): (usize, &&[u8])| names.iter().take(index).any(|other| other == name);
    if names.iter().any(|name| name.is_empty()) {
        return "; there is an empty name in it".into();
    }
    if let Some(name) = names.iter().find(|name| name.contains(&b'_')) {
        return Words::from("; ")
            .and_words(self::name(name))
            .and(" has a _, which PHP does not tell from a -");
    }
    if lower != list && SignedHeaders::parse(&lower).is_some() {
        return "; these are not in lower case".into();
    }
    if let Some((_, name)) = names.iter().enumerate().find(|entry| twice(*entry)) {
        return Words::from("; ").and_words(self::name(name)).and(" stands twice");
    }
    if names.len() > MAX_SIGNED_HEADERS {
        return format!("; it has more than {MAX_SIGNED_HEADERS}").into();
    }
    let Some(parsed) = SignedHeaders::parse(list) else {
        return "; something else than a ; stands between the names, or a name has a letter that none has"
            .into();
    };
    let lacks = profile.signed_headers().iter().filter(|name| !parsed.has(name.as_bytes()));
    let lacks: Vec<&str> = lacks.map(|name| &**name).collect();
    if lacks.is_empty() {
        return "; it names the header that has the signature itself".into();
    }
    format!("; it lacks {}", lacks.join(" and ")).into()
}
