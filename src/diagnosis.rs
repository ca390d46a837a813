//! Why a signature does not match: a search over what people get wrong.
//!
//! Each dimension (the key's bytes, the payload's bytes, the shape of the string to sign, the algorithm, the text of the
//! digest) has alternatives. The search walks their combinations by the number of faults at once, two at most, and tells
//! the simplest that reproduces the digest that was received. The time is judged apart, since it needs no search.
//!
//! This is for developers and logs. Verification does not depend on it, and its result must not be sent to a caller.

mod algorithm;
mod alternative;
mod cause;
mod digest_text;
mod headers;
mod json;
mod keys;
mod payloads;
mod received;
mod report;
mod requests;
mod search;
mod secrets;
mod shapes;
mod time;
mod unexplained;
mod visible;

pub use alternative::Fault;
pub use cause::Cause;
pub use search::{Effort, MAX_BYTES, MAX_DIGESTS, MAX_FAULTS};

use crate::freshness::parse_timestamp;
use crate::header::HeaderErrorKind;
use crate::key::{Hash, Key, KeyError};
use crate::profile::Profile;
use crate::received::{Fields, Received};
use crate::rejection::Rejection;
use crate::request::{Canonical, Request, RequestError};
use crate::template::{Field, Values};
use crate::verify::{Clock, verify};

use received::Understood;
use search::Search;
use secrets::Secrets;

/// What came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The request verifies: nothing is wrong.
    Valid,
    /// The findings account for the rejection.
    Explained,
    /// No explanation reproduces the digest. Findings, if any, are wrong besides.
    Unexplained,
}

impl Verdict {
    /// All of them, in the order in which PHP lists them.
    pub const ALL: [Self; 3] = [Self::Valid, Self::Explained, Self::Unexplained];

    /// The value of the PHP enum's case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Explained => "explained",
            Self::Unexplained => "unexplained",
        }
    }
}

/// A request to diagnose: what `hw_verify()` gets.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The contract.
    pub profile: &'a Profile,
    /// What was found under the names of its headers.
    pub received: &'a Received<'a>,
    /// The method, as it was given.
    pub method: &'a [u8],
    /// The target, as it was given.
    pub target: &'a [u8],
    /// The payload, as it was given.
    pub payload: &'a [u8],
    /// The window and the clock.
    pub clock: Clock,
    /// What else is known.
    pub context: Context<'a>,
}

/// What is known of a request besides what verification looks at. All of it may be left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// What was found under the names of other profiles' headers.
    pub elsewhere: &'a [(&'a Profile, Received<'a>)],
    /// The method that the web server has.
    pub method: Option<&'a [u8]>,
    /// The target that the web server has.
    pub target: Option<&'a [u8]>,
    /// The host that the client named.
    pub host: Option<&'a [u8]>,
}

/// A text too long to show, by what identifies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// In printable ASCII; the middle of a long text is left out.
    pub visible: String,
    /// In bytes.
    pub length: usize,
    /// In lower-case hex.
    pub sha256: String,
}

impl Excerpt {
    /// `shown` in place of `bytes`.
    fn of(bytes: &[u8], shown: &[u8], secrets: &Secrets) -> Self {
        Self {
            visible: secrets.visible(shown),
            length: bytes.len(),
            sha256: String::from_utf8_lossy(&Hash::hex(bytes)).into_owned(),
        }
    }
}

/// The verdict, the findings, and what a second pair of eyes needs to see. Neither the key nor the right digest is in it.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// What came out.
    pub verdict: Verdict,
    /// What is wrong, the most useful first.
    pub findings: Vec<Fault>,
    /// The profile's name.
    pub profile: String,
    /// What was signed here; `None` when the request does not get so far, or a header lacks what goes into it.
    pub string_to_sign: Option<Excerpt>,
    /// The payload that was given.
    pub payload: Excerpt,
    /// Length of the key in bytes.
    pub key_length: usize,
    /// See [`Key::fingerprint`].
    pub key_fingerprint: String,
    /// The fields of the headers, as far as they could be read: name and shown text.
    pub header: Vec<(&'static str, String)>,
    /// Where to look when no explanation was found, in this order.
    pub checks: Vec<String>,
    /// What the search took.
    pub effort: Effort,
}

/// Finds out why a request does not verify.
///
/// # Errors
///
/// [`KeyError::Empty`], as verification.
pub fn diagnose(case: &Case<'_>, key_bytes: &[u8]) -> Result<Diagnosis, KeyError> {
    let key = Key::from_bytes(key_bytes)?;
    let understood = Understood::read(case.profile, case.received);
    let signature = understood.signature.unwrap_or_default();
    let readings = digest_text::readings(signature, case.profile);
    let secrets = Secrets::new(key_bytes, signature, &readings);
    let header = understood.shown(case.profile).into_iter().map(|(name, text)| (name, secrets.star(&text)));
    let mut diagnosis = Diagnosis {
        verdict: Verdict::Explained,
        findings: Vec::new(),
        profile: case.profile.name().to_owned(),
        string_to_sign: None,
        payload: Excerpt::of(case.payload, case.payload, &secrets),
        key_length: key.len(),
        key_fingerprint: key.fingerprint(),
        header: header.collect(),
        checks: Vec::new(),
        effort: Effort::default(),
    };
    let request = match Request::parse(case.method, case.target) {
        Ok(request) => request,
        Err(error) => {
            return Ok(diagnosis.because(unsignable(case, error)));
        }
    };
    let canonical = match request.canonical(case.profile.string_to_sign()) {
        Ok(canonical) => canonical,
        Err(error) => {
            return Ok(diagnosis.because(unsignable(case, error)));
        }
    };
    diagnosis.string_to_sign = string_to_sign(case, &canonical, &understood, &secrets);
    if verify(case.profile, &[&key], case.received, &request, case.payload, case.clock).is_ok() {
        diagnosis.verdict = Verdict::Valid;
        return Ok(diagnosis);
    }
    let rejection = Fields::read(case.profile, case.received).err();
    if let Some(rejection) = &rejection {
        let unreadable = matches!(rejection, Rejection::Missing { .. } | Rejection::Repeated { .. });
        let hopeless = unreadable || !understood.is_complete(case.profile);
        // What is wrong with the signature's text is left to the search, which can say how it came about.
        if hopeless || !is_about_signature(rejection, &understood) {
            let other = if unreadable { headers::of_other_profile(case, &key, &request) } else { None };
            diagnosis = diagnosis.because(other.unwrap_or_else(|| headers::fault(case, rejection)));
        } else if let Some(header) = understood.contradiction {
            // Verification stopped before it came to this.
            diagnosis = diagnosis.because(headers::fault(case, &Rejection::Contradiction { header }));
        }
        if hopeless {
            return Ok(diagnosis);
        }
    }
    let mut payload = case.payload;
    if !payload.is_empty() && !case.profile.signs_payload(&request.method()) {
        let detail = "The profile signs no payload for this method, and the request has one";
        diagnosis.findings.push(Fault::with(Cause::PayloadEmpty, detail));
        payload = &[];
    }
    diagnosis.findings.extend(time_fault(case, &understood));
    let parts = shapes::Parts {
        profile: case.profile,
        canonical: &canonical,
        target: request.target,
        whole_target: case.target,
        secrets: &secrets,
        context: case.context,
        timestamp: understood.timestamp.unwrap_or_default(),
        nonce: understood.nonce.unwrap_or_default(),
        payload,
    };
    let mut search = Search {
        keys: keys::alternatives(key_bytes),
        payloads: payloads::alternatives(payload),
        shapes: shapes::alternatives(&parts),
        algorithms: algorithm::alternatives(),
        readings,
        timestamp: parts.timestamp,
        nonce: parts.nonce,
        key_id: understood.key_id.unwrap_or_default(),
        effort: Effort::default(),
    };
    match search.run() {
        Some(faults) if faults.is_empty() && diagnosis.findings.len() == 1 => {
            diagnosis.findings = diagnosis.findings.into_iter().map(time::alone).collect();
        }
        Some(faults) => {
            diagnosis.findings.extend(faults.into_iter().map(|fault| fault.without(&secrets)));
        }
        None => {
            diagnosis.verdict = Verdict::Unexplained;
            diagnosis.checks =
                unexplained::checks(case, &request, &secrets, diagnosis.string_to_sign.is_some());
        }
    }
    diagnosis.effort = search.effort;
    if let Some(rejection) = rejection
        && !diagnosis.findings.iter().any(|fault| fault.cause.accounts_for_form())
    {
        // The search did not say it better.
        diagnosis = diagnosis.because(headers::fault(case, &rejection));
    }
    diagnosis.findings.sort_by_key(|fault| fault.cause);
    Ok(diagnosis)
}

impl Diagnosis {
    fn because(mut self, fault: Fault) -> Self {
        self.findings.push(fault);
        self
    }
}

/// A method or a target that cannot be signed.
fn unsignable(case: &Case<'_>, error: RequestError) -> Fault {
    Fault::with(Cause::RequestMalformed, Rejection::Request(error).message(case.profile))
}

fn is_about_signature(rejection: &Rejection, understood: &Understood<'_>) -> bool {
    let Rejection::Malformed { error, .. } = rejection else { return false };
    match error.kind {
        HeaderErrorKind::Digest(_) => true,
        HeaderErrorKind::ForbiddenByte(byte) => {
            understood.signature.is_some_and(|signature| signature.contains(&byte))
        }
        _ => false,
    }
}

fn time_fault(case: &Case<'_>, understood: &Understood<'_>) -> Option<Fault> {
    let unit = case.profile.timestamp_unit()?;
    let tolerance = case.clock.tolerance.or(case.profile.tolerance())?;
    let timestamp = parse_timestamp(understood.timestamp?).ok()?;
    time::fault(timestamp, unit, tolerance, case.clock.now)
}

/// The string to sign, if the headers have all that it needs.
fn string_to_sign(
    case: &Case<'_>,
    canonical: &Canonical<'_>,
    understood: &Understood<'_>,
    secrets: &Secrets,
) -> Option<Excerpt> {
    let string_to_sign = case.profile.string_to_sign();
    let of_headers = [Field::Timestamp, Field::Nonce, Field::KeyId].map(|field| {
        let needed = string_to_sign.has(field);
        if needed { understood.well_formed(field, case.profile) } else { Some(&[][..]) }
    });
    let [Some(timestamp), Some(nonce), Some(key_id)] = of_headers else { return None };
    let payload = string_to_sign.payload(case.payload);
    let written = |nonce: &[u8], key_id: &[u8]| {
        let values = Values {
            method: &canonical.method,
            path: &canonical.path,
            query: canonical.query.as_bytes(),
            timestamp,
            nonce,
            key_id,
        };
        let mut text = Vec::new();
        string_to_sign.write(&values, payload.as_bytes(), &mut |piece| text.extend_from_slice(piece));
        text
    };
    let shown = written(&visible::ends(nonce), &visible::ends(key_id));
    Some(Excerpt::of(&written(nonce, key_id), &shown, secrets))
}
