//! What a diagnosis shows, fit for a log and a ticket: no secret is in it, and no byte of the payload, which may hold
//! anything.

mod checks;
mod masking;
mod spelling;
mod text;
mod visible;
mod words;

pub(super) use masking::{MIN_KEY, Secrets};

use crate::key::{Hash, Key};
use crate::profile::Profile;
use crate::shape::ByteSet;
use crate::signed_headers::SignedHeaders;
use crate::template::{Field, PayloadText, RareValues, Values};
use crate::timestamp::MAX_TIMESTAMP_LENGTH;

use super::case::Case;
use super::cause::Cause;
use super::fault::Fault;
use super::outcome::{Outcome, Verdict};
use super::search::Effort;
use super::understood::Understood;

use visible::{cut, ends};

/// Most letters that are shown of a text that does not follow its grammar, or that is the signature.
const MAX_HEAD: usize = 8;

/// The verdict, the findings, and what a second pair of eyes needs to see. Neither the key nor the right digest is in it.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// What came out.
    pub verdict: Verdict,
    /// What is wrong, the most useful first.
    pub findings: Vec<Finding>,
    /// The profile's name.
    pub profile: String,
    /// What was signed here; `None` when the request does not get so far, or a header lacks what goes into it.
    pub string_to_sign: Option<Excerpt>,
    /// The canonical request whose hash is in it, where the profile has one.
    pub canonical_request: Option<Excerpt>,
    /// The payload that was given.
    pub payload: Identity,
    /// The keys, in the order in which they are held.
    pub keys: Vec<KeyFacts>,
    /// Which of them it is that the request is valid under, or that the findings are about; `None` where no digest says so.
    pub key_index: Option<usize>,
    /// Causes that would explain it as simply, and are met less often.
    pub others: Vec<Vec<Cause>>,
    /// The fields of the headers, as far as they could be read: name and shown text.
    pub header: Vec<(&'static str, String)>,
    /// The beginning of each signature that came, in the order of the headers.
    pub signatures: Vec<String>,
    /// Which of them it is that a key makes, or that the findings are about; `None` where no digest says so.
    pub signature_index: Option<usize>,
    /// What to check besides: where no explanation was found, in this order; and beside a request that is valid or
    /// explained, what the contract takes for the payload.
    pub checks: Vec<String>,
    /// What the search took.
    pub effort: Effort,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub cause: Cause,
    /// What is wrong, in a sentence or two.
    pub message: String,
    /// What to change.
    pub fix: String,
}

impl Finding {
    fn of(fault: &Fault, profile: &Profile, secrets: &Secrets) -> Self {
        let cause = fault.cause;
        let message = cause.message(&secrets.words(&fault.detail));
        let fix =
            fault.fix.as_ref().map_or_else(|| own_profile(cause.fix(), profile), |fix| secrets.words(fix));
        let joined = |first: &str, second: &str| [first, second].join(" ").trim().to_owned();
        Self { cause, message: joined(fault.lead, &message), fix: joined(&fix, fault.or) }
    }
}

/// What tells whether two machines have the same key, and does not show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFacts {
    /// Its id, if it has one.
    pub id: Option<String>,
    /// In bytes.
    pub length: usize,
    /// See [`Key::fingerprint`].
    pub fingerprint: String,
}

impl KeyFacts {
    fn of(key: &Key) -> Self {
        Self { id: key.id().map(ToOwned::to_owned), length: key.len(), fingerprint: key.fingerprint() }
    }
}

/// A remedy with the code that makes the profile, where it is a built-in one.
fn own_profile(fix: &str, profile: &Profile) -> String {
    let name = profile.name();
    if Profile::named(name).is_none() {
        return fix.to_owned();
    }
    fix.replace("$profile->", &format!("Profile::named('{name}')->"))
}

/// What tells whether two machines have the same bytes, and does not show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// In bytes.
    pub length: usize,
    /// In lower-case hex.
    pub sha256: String,
}

impl Identity {
    fn of(bytes: &[u8]) -> Self {
        Self { length: bytes.len(), sha256: String::from_utf8_lossy(&Hash::hex(bytes)).into_owned() }
    }
}

/// A text, and what identifies the whole of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// In printable ASCII; the middle of a long text is left out.
    pub visible: String,
    /// Of the whole text.
    pub identity: Identity,
}

impl Diagnosis {
    /// Everything that is shown passes the secrets here.
    pub(super) fn new(
        case: &Case<'_>,
        keys: &[Key],
        understood: &Understood<'_>,
        outcome: &Outcome,
        secrets: &Secrets,
    ) -> Self {
        let string_to_sign = string_to_sign(case, understood, secrets);
        // Where a field is not what it should be, it may be the signature.
        let canonical_request =
            string_to_sign.as_ref().and_then(|_| canonical_request(case, understood, secrets));
        let signatures = signatures(understood, secrets);
        let checks = match outcome.verdict {
            Verdict::Valid => checks::beside_valid(case),
            Verdict::Explained => checks::beside_findings(case, &outcome.faults),
            Verdict::Unexplained => checks::of_unexplained(case, secrets, string_to_sign.is_some()),
        };
        Self {
            verdict: outcome.verdict,
            findings: outcome.faults.iter().map(|fault| Finding::of(fault, case.profile, secrets)).collect(),
            profile: case.profile.name().to_owned(),
            string_to_sign,
            canonical_request,
            payload: Identity::of(case.payload),
            keys: keys.iter().map(KeyFacts::of).collect(),
            key_index: outcome.key,
            others: outcome.others.clone(),
            header: header(understood, case.profile, secrets, &signatures, outcome.signature),
            signatures,
            signature_index: outcome.signature,
            checks,
            effort: outcome.effort,
        }
    }
}

/// The fields of the headers; of the signatures, the one that it is about, or the first.
fn header(
    understood: &Understood<'_>,
    profile: &Profile,
    secrets: &Secrets,
    signatures: &[String],
    which: Option<usize>,
) -> Vec<(&'static str, String)> {
    let plain = [
        ("key id", Field::KeyId, understood.key_id),
        ("timestamp", Field::Timestamp, understood.timestamp),
        ("nonce", Field::Nonce, understood.nonce),
    ];
    let plain = plain.into_iter().filter_map(|(name, field, text)| {
        let shown = match understood.well_formed(field, profile) {
            Some(text) => String::from_utf8_lossy(&ends(&secrets.starred(text))).into_owned(),
            None if field == Field::Timestamp => {
                cut(&secrets.starred(text?), ByteSet::DIGITS, MAX_TIMESTAMP_LENGTH)
            }
            None => cut(&secrets.starred(text?), ByteSet::PLAIN, MAX_HEAD),
        };
        Some((name, shown))
    });
    let signature = signatures.get(which.unwrap_or(0)).map(|shown| ("signature", shown.clone()));
    plain.chain(signature).collect()
}

/// Of each signature, only its beginning: in another spelling it may be the right one.
fn signatures(understood: &Understood<'_>, secrets: &Secrets) -> Vec<String> {
    let shown = |text: &&[u8]| {
        let most = if text.len() > MAX_HEAD { MAX_HEAD } else { text.len() / 4 };
        cut(&secrets.starred_signature(text), ByteSet::PLAIN, most)
    };
    understood.signatures.iter().map(shown).collect()
}

/// Headers whose values tell nothing that is secret, besides those of the profile.
const PLAIN_HEADERS: [&[u8]; 3] = [b"content-type", b"content-length", b"host"];

/// The canonical request of the string to sign, if the profile has one: with the payload's hash, and without the values of
/// headers that may hold a secret.
fn canonical_request(case: &Case<'_>, understood: &Understood<'_>, secrets: &Secrets) -> Option<Excerpt> {
    let string_to_sign = case.profile.string_to_sign();
    let request = understood.request(case).ok()?;
    let canonical = request.canonical(string_to_sign).ok()?;
    let rare = canonical.rare.as_deref()?;
    let of_profile = [Field::Timestamp, Field::Nonce, Field::KeyId];
    let is_plain = |name: &[u8], value: &[u8]| {
        let carried = case.profile.headers().iter().any(|header| header.is_named(name));
        let known =
            of_profile.into_iter().any(|field| understood.well_formed(field, case.profile) == Some(value));
        if carried { known } else { PLAIN_HEADERS.contains(&name) }
    };
    let mut lines = Vec::new();
    for name in SignedHeaders::parse(&rare.signed_headers)?.names() {
        let value = case.context.headers.find(name).ok()?;
        let hidden = hidden(value);
        let shown = if is_plain(name, value) { value } else { &hidden };
        lines.extend([name, &b":"[..], shown, b"\n"].concat());
    }
    let shown = RareValues { canonical_headers: lines, headers: hidden_headers(rare), ..rare.clone() };
    let hash = Hash::hex(case.payload);
    let written = |rare: &RareValues| {
        let values = Values {
            method: &canonical.method,
            path: &canonical.path,
            query: canonical.query.as_bytes(),
            timestamp: understood.well_formed(Field::Timestamp, case.profile).unwrap_or_default(),
            nonce: understood.well_formed(Field::Nonce, case.profile).unwrap_or_default(),
            key_id: understood.well_formed(Field::KeyId, case.profile).unwrap_or_default(),
            rare: Some(rare),
        };
        let [before, after] = string_to_sign.canonical_ends(&values)?;
        Some([&*before, &hash, &*after].concat())
    };
    Some(Excerpt { visible: secrets.visible(&written(&shown)?), identity: Identity::of(&written(rare)?) })
}

/// What other headers hold may be a secret.
fn hidden_headers(rare: &RareValues) -> Vec<Vec<u8>> {
    rare.headers.iter().map(|value| hidden(value)).collect()
}

/// The length of a value, and as much of its SHA-256 as tells whether two sides have the same.
fn hidden(value: &[u8]) -> Vec<u8> {
    let hash = String::from_utf8_lossy(&Hash::hex(value)).into_owned();
    let beginning: String = hash.chars().take(MAX_HEAD).collect();
    format!("[{} bytes, SHA-256 {beginning}...]", value.len()).into_bytes()
}

/// The string to sign, if the request and the headers have all that it needs, with `{payload}` where the payload stands.
fn string_to_sign(case: &Case<'_>, understood: &Understood<'_>, secrets: &Secrets) -> Option<Excerpt> {
    let string_to_sign = case.profile.string_to_sign();
    let request = understood.request(case).ok()?;
    let canonical = request.canonical(string_to_sign).ok()?;
    let of_headers = [Field::Timestamp, Field::Nonce, Field::KeyId].map(|field| {
        let needed = string_to_sign.has(field);
        if needed { understood.well_formed(field, case.profile) } else { Some(&[][..]) }
    });
    let [Some(timestamp), Some(nonce), Some(key_id)] = of_headers else { return None };
    let values = Values {
        method: &canonical.method,
        path: &canonical.path,
        query: canonical.query.as_bytes(),
        timestamp,
        nonce,
        key_id,
        rare: canonical.rare.as_deref(),
    };
    let written = |values: &Values<'_>, payload: &[u8]| {
        let mut text = Vec::new();
        string_to_sign.write(values, payload, &mut |piece| text.extend_from_slice(piece));
        text
    };
    let payload = string_to_sign.payload(&values, case.payload);
    let shown_payload = match &payload {
        PayloadText::Itself(_) => Field::Payload.to_string().into_bytes(),
        PayloadText::Sha256(hex) => hex.to_vec(),
    };
    let hidden =
        canonical.rare.as_deref().map(|rare| RareValues { headers: hidden_headers(rare), ..rare.clone() });
    let shown = |text| ends(&secrets.starred(text));
    let (nonce, key_id) = (shown(nonce), shown(key_id));
    let shown = Values { nonce: &nonce, key_id: &key_id, rare: hidden.as_ref(), ..values };
    let identity = Identity::of(&written(&values, payload.as_bytes()));
    Some(Excerpt { visible: secrets.visible(&written(&shown, &shown_payload)), identity })
}
