//! What is wrong with the headers, before anything is computed.

mod other_profile;

use crate::diagnosis::case::{Case, HeldKey};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::understood::Understood;
use crate::digest::{Digest, DigestError, Encoding};
use crate::header::HeaderErrorKind;
use crate::header_template::HeaderTemplate;
use crate::key::Key;
use crate::profile::Profile;
use crate::received::{HeaderValue, Received};
use crate::rejection::Rejection;
use crate::request::Request;
use crate::template::Field;
use crate::timestamp::TimestampFormat;
use crate::verify::verify;

use super::fields;

pub(in crate::diagnosis) use other_profile::of_other_profile;

/// What made verification stop at the headers.
pub(in crate::diagnosis) fn fault(case: &Case<'_>, rejection: &Rejection) -> Fault {
    match rejection {
        Rejection::Missing { .. } => lost(case),
        Rejection::Repeated { header } => {
            Fault::with(Cause::HeaderRepeated, name(case.profile, *header).to_owned())
        }
        other => malformed(case, other),
    }
}

/// A header that is not written as the profile has it, and what it is in its place.
fn malformed(case: &Case<'_>, rejection: &Rejection) -> Fault {
    let kind = match rejection {
        Rejection::Malformed { error, .. } => Some(&error.kind),
        _ => None,
    };
    let understood = Understood::read(case.profile, case.received);
    let mut words = Words::from(rejection.message(case.profile));
    let mut advice = None;
    match kind {
        Some(HeaderErrorKind::Timestamp(_)) => {
            words = words.and(understood.timestamp.map_or("", fields::timestamp));
        }
        Some(HeaderErrorKind::Nonce) => {
            if let Some((what, fix)) = understood.nonce.and_then(|nonce| fields::nonce(nonce, case.profile)) {
                (words, advice) = (words.and(what), fix);
            }
        }
        Some(HeaderErrorKind::Frame) => {
            if let Some(scheme) = other_scheme(case, rejection) {
                words = words.and("; it begins with \"").and_quoting(scheme).and("\"");
            } else if let Some(prefix) = missing_prefix(case, rejection) {
                words = words.and(format!("; it does not begin with \"{prefix}\""));
            }
        }
        Some(HeaderErrorKind::SignedHeaders) => {
            if let Some(list) = understood.signed_headers {
                words = words.and_words(fields::signed_headers(list, case.profile));
            }
        }
        Some(HeaderErrorKind::Parameter) if is_bare_signature(case, rejection) => {
            words = words.and("; it is a signature, and nothing else");
            advice = Some(format!(
                "On the receiver, pass the whole value of the header, as it came: what stands around the signature belongs to it. {}",
                fix(case.profile, rejection)
            ));
        }
        _ => {}
    }
    Fault::with(Cause::HeaderMalformed, words)
        .fixed_by(advice.unwrap_or_else(|| fix(case.profile, rejection)))
}

/// The word that a header begins with, where the profile has another one there.
fn other_scheme<'a>(case: &Case<'a>, rejection: &Rejection) -> Option<&'a [u8]> {
    let Rejection::Malformed { header, .. } = rejection else { return None };
    let own = case.profile.headers().get(*header)?.text().split_once(' ')?.0;
    let Some(HeaderValue::One(value)) = case.received.get(*header) else { return None };
    let (scheme, _) = value.split_at(value.iter().position(|byte| *byte == b' ')?);
    let is_word = |word: &[u8]| word.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    let differs = is_word(own.as_bytes()) && own.as_bytes() != scheme;
    (differs && is_word(scheme) && (1..=MAX_SCHEME).contains(&scheme.len())).then_some(scheme)
}

/// What the profile has in front of the one field of a header, where the header has something else there.
fn missing_prefix<'p>(case: &Case<'p>, rejection: &Rejection) -> Option<&'p str> {
    let Rejection::Malformed { header, .. } = rejection else { return None };
    let (prefix, ..) = case.profile.headers().get(*header)?.frame()?;
    let Some(HeaderValue::One(value)) = case.received.get(*header) else { return None };
    (!value.trim_ascii_start().starts_with(prefix.as_bytes())).then_some(prefix)
}

/// Whether a header that has more fields holds a signature alone.
fn is_bare_signature(case: &Case<'_>, rejection: &Rejection) -> bool {
    let Rejection::Malformed { header, .. } = rejection else { return false };
    let Some(HeaderValue::One(value)) = case.received.get(*header) else { return false };
    Digest::decode(value.trim_ascii(), case.profile.encoding()).is_ok()
}

/// Longest word that is taken for the name of a scheme: a signature is longer.
const MAX_SCHEME: usize = 16;

/// The headers that are not there, and what is there in their place.
fn lost(case: &Case<'_>) -> Fault {
    let names = missing(case.profile, case.received);
    disguised(case, &names).unwrap_or_else(|| {
        let fault = Fault::with(Cause::HeaderMissing, names.join(", "));
        if names.iter().any(|name| name.eq_ignore_ascii_case("Authorization")) {
            return fault.fixed_by(
                "On the receiver, let the web server hand it to PHP: CGIPassAuth On in Apache, or SetEnvIf Authorization \"(.*)\" \
                 HTTP_AUTHORIZATION=$1 in .htaccess; or pass getallheaders(). If it is missing there too: on the sender, send it.",
            );
        }
        fault
    })
}

/// A signature under a name that the profile does not have, where it lacks the one header that has nothing else.
pub(in crate::diagnosis) fn stray_signature(
    case: &Case<'_>,
    keys: &[Key],
    request: &Request<'_>,
) -> Option<Fault> {
    let headers = case.profile.headers();
    let is_lost = |index: &usize| case.received.get(*index) == Some(&HeaderValue::Missing);
    let mut lost = (0..headers.len()).filter(is_lost);
    let (index, None) = (lost.next()?, lost.next()) else { return None };
    let header = headers.get(index)?;
    if disguised(case, &[header.name()]).is_some() {
        return None;
    }
    let (prefix, Field::Signature, suffix) = header.frame()? else { return None };
    let entries = case.context.entries.iter().take(MAX_ENTRIES).filter(|(_, value)| value.len() <= MAX_VALUE);
    let found = entries.filter_map(|(key, value)| {
        let bare = value.trim_ascii();
        let bare = if Digest::decode(bare, case.profile.encoding()).is_ok() {
            bare
        } else {
            bare.split(|byte| matches!(byte, b'=' | b',' | b' ' | b':')).rfind(|part| part.len() > 40)?
        };
        Digest::decode(bare, case.profile.encoding()).is_ok().then_some((*key, bare))
    });
    let fits = |(key, bare): &(&[u8], &[u8])| {
        let name = plain(key);
        let says_so =
            SIGNATURE_NAMES.iter().any(|word| name.windows(word.len()).any(|part| part == word.as_bytes()));
        let whole = [prefix.as_bytes(), bare, suffix.as_bytes()].concat();
        let mut received = *case.received;
        if let Some(slot) = received.get_mut(index) {
            *slot = HeaderValue::One(&whole);
        }
        let verifies = verify(case.profile, keys, &received, request, case.payload, case.clock).is_ok();
        (verifies || says_so).then_some(verifies)
    };
    let all: Vec<_> = found.filter_map(|entry| Some((entry.0, fits(&entry)?))).collect();
    let (key, verifies) = all.iter().find(|(_, verifies)| *verifies).or_else(|| all.first())?;
    let what =
        if *verifies { "\", with which the request is valid" } else { "\", which looks like a signature" };
    let detail =
        Words::from(format!("{}; but there is \"", header.name())).and_words(fields::name(key)).and(what);
    Some(Fault::with(Cause::HeaderMissing, detail).fixed_by(format!(
        "On the sender, send it as {}: {}. Or on the receiver, where the contract with this sender names the other header, verify with a \
         Profile that has it.",
        header.name(),
        header.text()
    )))
}

/// What names of headers with a signature have in them.
const SIGNATURE_NAMES: [&str; 5] = ["signature", "hmac", "checksum", "digest", "-sign"];

/// Most headers that are looked at for a signature, and the longest value.
const MAX_ENTRIES: usize = 64;
const MAX_VALUE: usize = 256;

/// The same, where one of them is there under another name.
pub(super) fn disguised(case: &Case<'_>, names: &[&str]) -> Option<Fault> {
    let found = names.iter().find_map(|name| {
        case.context
            .entries
            .iter()
            .find_map(|(key, value)| Some((*name, *key, Disguise::of(name, key, value)?)))
    });
    let list = names.join(", ");
    let (name, key, disguise) = found?;
    let (what, fix) = disguise.words(name);
    let detail = Words::from(format!("{list}; but ")).and(what);
    let detail =
        if disguise == Disguise::Line { detail } else { detail.and(" \"").and_quoting(key).and("\"") };
    Some(Fault::with(Cause::HeaderMissing, detail).fixed_by(fix))
}

/// A header under a name that is not its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Disguise {
    /// `REDIRECT_HTTP_…`
    Redirect,
    /// `Name: value`, in one string.
    Line,
    /// Without its `X-`, or with one too many.
    X,
    /// A variable that is neither `HTTP_…` nor a name of a header.
    Variable,
    /// With a colon, a space or a letter too many, or one that is another.
    Typo,
}

impl Disguise {
    fn of(name: &str, key: &[u8], value: &[u8]) -> Option<Self> {
        let name = plain(name.as_bytes());
        if let Some(colon) = value.iter().take(MAX_NAME).position(|byte| *byte == b':')
            && plain(value.get(..colon)?) == name
        {
            return Some(Self::Line);
        }
        let key = plain(key);
        let mut rest = key.as_slice();
        while let Some(inner) = rest.strip_prefix(b"redirect-") {
            rest = inner;
        }
        let variable = rest.strip_prefix(b"http-").unwrap_or(rest);
        if rest.len() < key.len() && (rest == name || variable == name) {
            return Some(Self::Redirect);
        }
        let without_x = |name: &[u8]| name.strip_prefix(b"x-").unwrap_or(name).to_vec();
        if variable != name && without_x(variable) == without_x(&name) {
            return Some(Self::X);
        }
        if variable.ends_with(&name) {
            return Some(Self::Variable);
        }
        near(variable, &name).then_some(Self::Typo)
    }

    fn words(self, name: &str) -> (&'static str, String) {
        let variable = format!("HTTP_{}", name.to_ascii_uppercase().replace('-', "_"));
        match self {
            Self::Redirect => (
                "Apache has it, from before an internal redirect, as",
                format!(
                    "On the receiver, keep it in .htaccess with SetEnvIf {name} \"(.*)\" {variable}=$1, or with RewriteRule … [E={variable}:%{{HTTP:{name}}}]; \
                     or pass getallheaders() in place of $_SERVER."
                ),
            ),
            Self::Line => (
                "it is there as a line of text, name and value in one string",
                "On the receiver, pass an array of name => value: split each line with explode(':', $line, 2), and trim() the value; \
                 getallheaders() and $_SERVER are such arrays."
                    .to_owned(),
            ),
            Self::X => (
                "there is one with another beginning,",
                format!("On the sender, send it as {name}; only for headers that this profile does not name is X- optional."),
            ),
            Self::Variable => (
                "the server passes it under another name,",
                format!("On the receiver, pass its value as {name}: in nginx, fastcgi_param {variable} $http_…; or pass getallheaders()."),
            ),
            Self::Typo => ("there is one with almost the same name,", format!("On both sides, send it and pass it as {name}.")),
        }
    }
}

/// Longest name that is compared.
const MAX_NAME: usize = 128;

/// A name in lower case, with hyphens, and without what does not belong to it.
fn plain(name: &[u8]) -> Vec<u8> {
    let name = name.get(..MAX_NAME).unwrap_or(name).trim_ascii();
    let name = name.strip_suffix(b":").unwrap_or(name);
    name.iter()
        .map(|byte| if matches!(byte, b'_' | b' ') { b'-' } else { byte.to_ascii_lowercase() })
        .collect()
}

/// Whether two names differ by one letter that is missing, too many or another one. Short names differ by less.
fn near(one: &[u8], other: &[u8]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.len() < 8 || long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let skip = usize::from(short.len() == long.len());
    short.get(same + skip..) == long.get(same + 1..)
}

/// A header that is there, and empty: the first one that has to carry something.
pub(in crate::diagnosis) fn empty(case: &Case<'_>) -> Option<Fault> {
    let header = case.profile.headers().iter().zip(case.received).find(|(header, found)| {
        has_fields(header) && matches!(found, HeaderValue::One(value) if value.trim_ascii().is_empty())
    });
    let (header, _) = header?;
    let detail = format!("{}, which is there and empty", header.name());
    Some(Fault::with(Cause::HeaderMissing, detail).fixed_by(
        "On the sender, look at what is written into it: a variable that is not set gives an empty header; and at a proxy that empties it.",
    ))
}

/// A key id that none of the keys has, or not the one that the signature matches.
pub(in crate::diagnosis) fn unknown_key(named: Option<&[u8]>, held: &[HeldKey<'_>]) -> Fault {
    let fault = Fault::new(Cause::KeyIdUnknown);
    if named.is_some_and(|named| held.iter().any(|key| key.bytes == named)) {
        return fault.introduced_by("The headers name the secret itself as the key id, for all to read.").fixed_by(
            "On the sender, send the id, and sign with the secret: Key::fromBytes($secret, $id); the two are swapped. On both sides, \
             replace this secret, which has been sent in clear.",
        );
    }
    fault
}

/// The names of all headers that are missing, but for those that say nothing new.
fn missing<'p>(profile: &'p Profile, received: &Received<'_>) -> Vec<&'p str> {
    let mut carried = Vec::new();
    let mut names = Vec::new();
    for (header, found) in profile.headers().iter().zip(received) {
        // One without a field is not looked at, where there is one with fields.
        if *found == HeaderValue::Missing && !header.fields().all(|field| carried.contains(&field)) {
            names.push(header.name());
        }
        carried.extend(header.fields());
    }
    names
}

fn has_fields(header: &HeaderTemplate) -> bool {
    header.fields().next().is_some()
}

fn name(profile: &Profile, header: usize) -> &str {
    profile.headers().get(header).map_or("", HeaderTemplate::name)
}

/// Another hash whose digest is as long as what came, in bytes.
fn other_hash(error: DigestError, encoding: Encoding) -> Option<(usize, &'static str)> {
    let DigestError::Length { found, .. } = error else { return None };
    let lengths = [(16, "MD5"), (20, "SHA-1"), (28, "SHA-224"), (48, "SHA-384"), (64, "SHA-512")];
    let text = |bytes: usize| match encoding {
        Encoding::Hex => 2 * bytes,
        Encoding::Base64 => bytes.div_ceil(3) * 4,
        Encoding::Base64Url => (4 * bytes).div_ceil(3),
    };
    lengths.into_iter().find(|(bytes, _)| text(*bytes) == found)
}

/// How a header should have been written.
fn fix(profile: &Profile, rejection: &Rejection) -> String {
    let (header, kind) = match rejection {
        Rejection::Malformed { header, error } => (*header, Some(&error.kind)),
        Rejection::Contradiction { header } => {
            return format!(
                "On the sender, write the same text into {} as into the others.",
                name(profile, *header)
            );
        }
        Rejection::NotText { header } => {
            return format!("Pass {} as a string, as it arrived.", name(profile, *header));
        }
        _ => (0, None),
    };
    let template = profile.headers().get(header);
    let whole = format!(
        "write the header as the profile has it, {}: {}",
        name(profile, header),
        template.map_or("", HeaderTemplate::text)
    );
    let part = match kind {
        Some(HeaderErrorKind::Timestamp(grammar)) => match grammar.format() {
            TimestampFormat::Rfc3339 => "write the timestamp as gmdate('Y-m-d\\TH:i:s\\Z') does".into(),
            TimestampFormat::Iso8601Basic => "write the timestamp as gmdate('Ymd\\THis\\Z') does".into(),
            TimestampFormat::Milliseconds => {
                "write the timestamp with digits only, in milliseconds: (string) (int) (microtime(true) * 1000)".into()
            }
            TimestampFormat::Seconds => "write the timestamp with digits only, such as (string) time()".into(),
        },
        Some(HeaderErrorKind::Nonce) => {
            format!("write a nonce that the profile takes: {}", profile.nonce_grammar().unwrap_or_default())
        }
        Some(HeaderErrorKind::SignedHeaders) => format!(
            "list the names of the headers that are signed, {} among them, in lower case and with ; in between",
            profile.signed_headers_text()
        ),
        Some(HeaderErrorKind::Digest(DigestError::Length { found: 344 | 342 | 512, .. })) => {
            return "On both sides, agree on the kind of signature first: what came has the length of one of a private key (RSA, 256 bytes), \
                    which is verified with a public key, openssl_verify(), and no HMAC."
                .to_owned();
        }
        Some(HeaderErrorKind::Digest(error)) if other_hash(*error, profile.encoding()).is_some() => {
            let (bytes, hash) = other_hash(*error, profile.encoding()).unwrap_or_default();
            return format!(
                "On both sides, agree on the hash first: what came has the length of {bytes} bytes, which is that of HMAC-{hash}, and this \
                 profile takes HMAC-SHA-256: hash_hmac('sha256', …)."
            );
        }
        Some(HeaderErrorKind::Digest(_)) => match profile.encoding() {
            Encoding::Base64 => "write the signature as base64_encode() of the raw digest, 44 characters".into(),
            Encoding::Base64Url => {
                "write the signature as base64_encode() of the raw digest with - for +, _ for / and no =, 43 characters"
                    .into()
            }
            Encoding::Hex => "write the signature as hash_hmac() returns it, 64 hexadecimal digits".into(),
        },
        _ => return format!("On the sender, {whole}."),
    };
    // Where a separator is broken, it shows in a part.
    if template.is_some_and(|header| header.fields().count() > 1) {
        return format!("On the sender, {part}; {whole}.");
    }
    format!("On the sender, {part}.")
}
