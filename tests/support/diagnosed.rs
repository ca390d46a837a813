//! A diagnosis, and what holds for every one.

use hw_signature::diagnosis::{Case, Context, Diagnosis, HeldKey, MAX_BYTES, MAX_DIGESTS, Verdict, diagnose};
use hw_signature::request::Request;
use hw_signature::verify::verify;

use super::exchange::{ANY_AGE, Exchange, received};

/// Diagnoses a request whose headers may be others than those that go with it.
#[track_caller]
pub fn diagnosed(exchange: &Exchange, headers: &[Vec<u8>]) -> Diagnosis {
    let Exchange { profile, method, target, payload, .. } = exchange;
    let received = received(headers);
    let context = Context { headers: exchange.all_headers(headers), ..Context::default() };
    let case = Case { profile, received: &received, method, target, payload, clock: ANY_AGE, context };
    let diagnosis = diagnose(&case, &[HeldKey { bytes: &exchange.key, id: None }]).unwrap();
    let accepted = Request::parse(method, target).is_ok_and(|request| {
        let request = request.with_headers(context.headers);
        verify(profile, &[exchange.key()], &received, &request, payload, ANY_AGE).is_ok()
    });
    assert_eq!(diagnosis.verdict == Verdict::Valid, accepted, "{diagnosis}");
    assert!(diagnosis.verdict != Verdict::Explained || !diagnosis.findings.is_empty(), "{diagnosis}");
    let effort = diagnosis.effort;
    assert!(effort.digests <= MAX_DIGESTS, "{diagnosis}");
    assert!(effort.bytes <= MAX_BYTES || effort.digests == 1, "{diagnosis}");
    let report = diagnosis.to_string();
    assert!(report.chars().all(|letter| letter == '\n' || !letter.is_control()), "{report:?}");
    diagnosis
}
