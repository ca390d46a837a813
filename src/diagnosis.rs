//! Why a signature does not match: a search over what people get wrong.
//!
//! Each dimension (the key's bytes, the payload's bytes, the string to sign, the algorithm, the text of the digest) has
//! alternatives. The search walks their combinations by the number of faults at once, two at most, and tells the
//! simplest that reproduces the digest that was received. The time is judged apart, since it needs no search.
//!
//! This is for developers and logs. Verification does not depend on it, and its result must not be sent to a caller.
//!
//! The floors, from the ground: `cause`, `fault` and `alternative` say what can be wrong; `case` and `understood` hold the
//! request, `draft` and `json` what may be made of it; `dimensions` has a file for each kind of mistake; `search` walks
//! them; `report` shows what came out, and is the only one that knows what must not be shown.

mod alternative;
mod case;
mod cause;
mod choices;
mod dimensions;
mod draft;
mod fault;
mod json;
mod outcome;
mod report;
mod search;
mod transit;
mod understood;

pub use alternative::MAX_FAULTS;
pub use case::{Case, Context, HeldKey};
pub use cause::Cause;
pub use outcome::Verdict;
pub use report::{Diagnosis, Excerpt, Finding, Identity, KeyFacts};
pub use search::{Effort, MAX_BYTES, MAX_DIGESTS};

use crate::digest::Digest;
use crate::header::HeaderErrorKind;
use crate::key::{Key, KeyError};
use crate::received::Fields;
use crate::rejection::Rejection;
use crate::request::RequestError;
use crate::signed_headers::HeaderFault;
use crate::template::Field;
use crate::verify::verify;

use alternative::Alternative;
use dimensions::digest_text::{self, Reading};
use dimensions::keys::SoughtKey;
use dimensions::{algorithm, drafts, headers, keys, listed, payloads, time};
use draft::{Draft, Parts, Scope};
use fault::Fault;
use outcome::Outcome;
use report::Secrets;
use search::{Search, SentReading};
use understood::Understood;

/// Finds out why a request does not verify under any of the keys. All of them share one budget.
///
/// # Errors
///
/// [`KeyError::Empty`] for an empty key, as verification, and where there is none; [`KeyError::Id`] for an id that is none.
pub fn diagnose(case: &Case<'_>, held: &[HeldKey<'_>]) -> Result<Diagnosis, KeyError> {
    if held.is_empty() {
        return Err(KeyError::Empty);
    }
    let key = |held: &HeldKey<'_>| {
        let key = Key::from_bytes(held.bytes)?;
        held.id.map_or(Ok(key.clone()), |id| key.with_id(id.as_bytes()))
    };
    let keys = held.iter().map(key).collect::<Result<Vec<_>, _>>()?;
    let understood = Understood::read(case.profile, case.received);
    let texts = &understood.signatures;
    let readings: Vec<SentReading> = texts
        .iter()
        .enumerate()
        .flat_map(|(index, text)| {
            let readings = digest_text::readings(text, case.profile);
            readings.into_iter().map(move |reading| SentReading { signature: index, reading })
        })
        .collect();
    let mut sought = keys::alternatives(&held.iter().map(|key| key.bytes).collect::<Vec<_>>());
    sought.extend(keys::of_request(held, understood.key_id, Scope::find(case.received)));
    let held_bytes = held.iter().map(|key| key.bytes);
    let digests = digest_text::digests(readings.iter().map(|sent| &sent.reading));
    let secrets = Secrets::new(held_bytes, likely_secrets(&sought, held), texts, digests);
    let outcome = examine(case, held, &keys, sought, &understood, readings);
    Ok(Diagnosis::new(case, &keys, &understood, &outcome, &secrets))
}

/// What else may be the secret than the keys that are held, but for what everybody knows, and for what has a whole key in it:
/// that is hidden with the key.
fn likely_secrets<'k>(
    keys: &'k [Alternative<SoughtKey>],
    held: &'k [HeldKey<'k>],
) -> impl Iterator<Item = &'k [u8]> {
    let is_public = |fault: &Fault| matches!(fault.cause, Cause::KeyIsPlaceholder | Cause::KeyIsKeyId);
    let others = keys.iter().filter(move |key| !key.faults.is_empty() && !key.faults.iter().any(is_public));
    // What the line break was put behind is among them itself.
    let others = others.filter(|key| key.faults.len() == 1 || !key.value.bytes.ends_with(b"\n"));
    let others = others.map(|key| key.value.bytes.as_slice());
    others.filter(|other| {
        let holds = |key: &HeldKey<'_>| other.windows(key.bytes.len()).any(|part| part == key.bytes);
        !held.iter().any(|key| key.bytes.len() >= report::MIN_KEY && holds(key))
    })
}

fn examine(
    case: &Case<'_>,
    held: &[HeldKey<'_>],
    keys: &[Key],
    sought: Vec<Alternative<SoughtKey>>,
    understood: &Understood<'_>,
    readings: Vec<SentReading>,
) -> Outcome {
    let mut outcome = Outcome::new();
    let request = match understood.request(case) {
        Ok(request) => request,
        Err(error) => return outcome.because(unsignable(case, error)),
    };
    let canonical = match request.canonical(case.profile.string_to_sign()) {
        Ok(canonical) => canonical,
        Err(error) => {
            let rejection = Fields::read(case.profile, case.received).err();
            let rejection = rejection.filter(|_| case.profile.string_to_sign().signs_headers());
            return outcome.because(match rejection {
                Some(rejection) => headers::fault(case, &rejection),
                None => listed::fault(case, keys, &request, request.signed_headers())
                    .unwrap_or_else(|| unsignable(case, error)),
            });
        }
    };
    match verify(case.profile, keys, case.received, &request, case.payload, case.clock) {
        Ok(accepted) => {
            outcome.verdict = Verdict::Valid;
            outcome.key = Some(accepted.key_index);
            outcome.signature = understood.signatures.iter().position(|text| {
                Digest::decode(text, case.profile.encoding())
                    .is_ok_and(|digest| accepted.digests().next() == Some(&digest))
            });
            return outcome;
        }
        Err(Rejection::UnknownKey) => {
            outcome = outcome.because(headers::unknown_key(understood.key_id, held));
        }
        Err(_) => {}
    }
    if let Some(fault) = headers::empty(case) {
        return outcome.because(fault);
    }
    let rejection = Fields::read(case.profile, case.received).err();
    if let Some(rejection) = &rejection {
        let unreadable = matches!(rejection, Rejection::Missing { .. } | Rejection::Repeated { .. });
        let hopeless = unreadable || !understood.is_complete(case.profile);
        // What is wrong with the signature's text is left to the search, which can say how it came about.
        if hopeless || !is_about_signature(rejection, understood) {
            let other = if unreadable {
                headers::of_other_profile(case, keys, &request)
                    .or_else(|| headers::stray_signature(case, keys, &request))
            } else {
                None
            };
            outcome = outcome.because(other.unwrap_or_else(|| headers::fault(case, rejection)));
        } else if let Some(header) = understood.contradiction {
            // Verification stopped before it came to this.
            outcome = outcome.because(headers::fault(case, &Rejection::Contradiction { header }));
        }
        if hopeless {
            return outcome;
        }
    }
    if let Some(what) = understood.signatures.first().and_then(|text| digest_text::no_digest(text)) {
        let detail = format!("in the place of the signature stands what {what}");
        outcome.faults.retain(|fault| fault.cause != Cause::HeaderMalformed);
        let fix =
            "On the sender, write the digest as text, as the profile has it, before it goes into the header.";
        return outcome.because(Fault::with(Cause::HeaderMalformed, detail).fixed_by(fix));
    }
    let is_sent = |key: &HeldKey<'_>| {
        key.bytes.len() >= report::MIN_KEY
            && understood.signatures.iter().any(|text| text.trim_ascii() == key.bytes)
    };
    if let Some(index) = held.iter().position(is_sent) {
        outcome.key = Some(index);
        outcome.faults.retain(|fault| fault.cause != Cause::HeaderMalformed);
        return outcome.because(secret_sent());
    }
    let mut payload = case.payload;
    if !payload.is_empty() && !case.profile.signs_payload(&request.method()) {
        let detail = "The profile signs no payload for this method, and the request has one";
        outcome.faults.push(Fault::with(Cause::PayloadEmpty, detail));
        payload = &[];
    }
    outcome.faults.extend(time_fault(case, understood));
    let method = request.method();
    let parts = Parts {
        profile: case.profile,
        canonical: &canonical,
        method: &method,
        target: request.target,
        whole_target: case.target,
        context: case.context,
        timestamp: understood.timestamp.unwrap_or_default(),
        nonce: understood.nonce.unwrap_or_default(),
        key_id: understood.key_id.unwrap_or_default(),
        payload,
        received: case.received,
        scope: Scope::find(case.received),
    };
    let placeholder = sought.iter().take(keys.len()).find_map(|key| {
        let what = keys::placeholder(&key.value.bytes)?;
        Some((placeholder(what), key.value.index))
    });
    let mut algorithms = algorithm::alternatives(&Draft::own(&parts));
    let assumed = algorithm::assume_by_length(&mut algorithms, |length| {
        readings.iter().any(|sent| sent.reading.value.fits(length))
    });
    algorithm::prefer_by_length(&mut algorithms, |length| {
        readings
            .iter()
            .any(|sent| matches!(&sent.reading.value, Reading::Bytes(bytes) if bytes.len() == length))
    });
    let mut search = Search {
        macs: vec![None; sought.len()],
        keys: sought,
        payloads: payloads::alternatives(payload, request.target),
        drafts: drafts::alternatives(&parts),
        algorithms,
        readings,
        timestamp: parts.timestamp,
        nonce: parts.nonce,
        key_id: parts.key_id,
        effort: Effort::default(),
    };
    let mut explanation = search.run();
    if let (Some(found), Some(assumed)) = (&mut explanation, assumed)
        && !found.faults.iter().any(|fault| fault.cause.is_about_algorithm())
    {
        found.faults.push(assumed);
    }
    match explanation {
        Some(found) if outcome.faults.len() == 1 && says_nothing_new(&found.faults, &outcome.faults) => {
            outcome.faults = outcome.faults.into_iter().map(alone).collect();
            (outcome.key, outcome.signature) = (Some(found.key), Some(found.signature));
        }
        Some(found) => {
            outcome.faults.extend(found.faults);
            (outcome.key, outcome.signature) = (Some(found.key), Some(found.signature));
            outcome.others = found.others;
        }
        None => match placeholder {
            Some((fault, key)) => {
                outcome.faults.push(fault);
                outcome.key = Some(key);
            }
            None => outcome.verdict = Verdict::Unexplained,
        },
    }
    outcome.effort = search.effort;
    let names_it = |key: &Key| match (understood.key_id, key.id()) {
        (Some(named), Some(id)) if case.profile.sends(Field::KeyId) => named == id.as_bytes(),
        _ => true,
    };
    let id_is_told = outcome.faults.iter().any(|fault| fault.cause == Cause::KeyIdUnknown);
    if outcome.key.and_then(|index| keys.get(index)).is_some_and(|key| !names_it(key)) && !id_is_told {
        outcome = outcome.because(headers::unknown_key(understood.key_id, held));
    }
    if let Some(rejection) = rejection
        && !outcome.faults.iter().any(|fault| fault.cause.accounts_for_form())
    {
        // The search did not say it better.
        outcome = outcome.because(headers::fault(case, &rejection));
    }
    // Those of a key stand in the order in which they are undone: its text is decoded, and then trimmed.
    outcome
        .faults
        .sort_by_key(|fault| if fault.cause.is_about_key() { Cause::KeyHasWhitespace } else { fault.cause });
    outcome
}

/// Whether what was found is said already: nothing, or what stands around the signature in a header of another form.
fn says_nothing_new(found: &[Fault], said: &[Fault]) -> bool {
    let is_form = said.iter().all(|fault| fault.cause == Cause::HeaderMalformed);
    found.iter().all(|fault| is_form && fault.cause == Cause::DigestHasPrefix)
}

/// The fault of a request whose signature matches.
fn alone(fault: Fault) -> Fault {
    if fault.cause == Cause::HeaderMalformed {
        return fault.introduced_by("The signature matches; only the form is wrong.");
    }
    time::alone(fault)
}

/// A key that is none.
fn placeholder(what: &str) -> Fault {
    let detail = format!("The key that was passed is {what}");
    Fault::with(Cause::KeyIsPlaceholder, detail).fixed_by(
        "On the receiver, pass the secret itself, and stop where it is missing: look at what getenv(), config() or the container gives, and at \
         where it is set.",
    )
}

/// A secret in the place of the signature.
fn secret_sent() -> Fault {
    Fault::with(Cause::HeaderMalformed, "in the place of the signature stands the secret itself").fixed_by(
        "On the sender, send the digest, hash_hmac('sha256', $stringToSign, $secret), and never the secret. Then take another secret on \
         both sides: this one has been sent.",
    )
}

/// A method or a target that cannot be signed.
fn unsignable(case: &Case<'_>, error: RequestError) -> Fault {
    let cause = match &error {
        RequestError::Header { fault: HeaderFault::Missing, .. } => Cause::HeaderMissing,
        RequestError::Header { fault: HeaderFault::Repeated, .. } => Cause::HeaderRepeated,
        RequestError::Header { .. } => Cause::HeaderMalformed,
        _ => Cause::RequestMalformed,
    };
    let is_relative = matches!(error, RequestError::Relative);
    let fault = Fault::with(cause, Rejection::Request(error).message(case.profile));
    if is_relative {
        return fault.fixed_by(
            "On the receiver, pass the whole URL as it is registered with the sender: its origin from the configuration, never from \
             Host, and $_SERVER['REQUEST_URI'] behind it.",
        );
    }
    fault
}

fn is_about_signature(rejection: &Rejection, understood: &Understood<'_>) -> bool {
    let Rejection::Malformed { error, .. } = rejection else { return false };
    match error.kind {
        HeaderErrorKind::Digest(_) => true,
        HeaderErrorKind::ForbiddenByte(byte) => {
            understood.signatures.iter().any(|signature| signature.contains(&byte))
        }
        _ => false,
    }
}

fn time_fault(case: &Case<'_>, understood: &Understood<'_>) -> Option<Fault> {
    let grammar = case.profile.timestamp()?;
    let tolerance = case.clock.tolerance.or(case.profile.tolerance())?;
    let timestamp = grammar.parse(understood.timestamp?).ok()?;
    time::fault(timestamp, grammar.format(), tolerance, case.clock.now)
}
