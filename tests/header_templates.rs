//! Header templates, form by form: what is read, what is refused, and what is written.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use hw_signature::header::{HeaderError, HeaderErrorKind};
use hw_signature::header_form::FormError;
use hw_signature::header_template::{HeaderTemplate, HeaderTemplateError};
use hw_signature::nonce::Nonce;
use hw_signature::template::{Field, Grammars};

use Field::{KeyId, Signature, Timestamp};
use HeaderErrorKind as E;

const STRIPE: &str = "t={timestamp},v1={signature},...";
const STANDARD: &str = "v1,{signature} ...";
const AUTHORIZATION: &str = "HMAC-SHA256 Credential={key_id}, SignedHeaders=host;date, Signature={signature}";

fn grammars(nonce: Option<&Nonce>) -> Grammars<'_> {
    Grammars { nonce, ..Grammars::default() }
}

type Fields = Vec<(Field, String, usize)>;

#[track_caller]
fn template(text: &str) -> HeaderTemplate {
    HeaderTemplate::parse("X-Test", text, grammars(Nonce::parse("[a-z]{1,8}").as_ref()))
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[track_caller]
fn read(text: &str, header: &str) -> Result<Fields, HeaderError> {
    let mut fields = Fields::new();
    let keep = |field, text: &[u8], offset| {
        fields.push((field, String::from_utf8_lossy(text).into_owned(), offset));
        Ok(())
    };
    template(text).read(header.as_bytes(), keep).map(|()| fields)
}

#[track_caller]
fn reads(text: &str, header: &str, expected: &[(Field, &str, usize)]) {
    let expected = expected.iter().map(|(field, text, at)| (*field, (*text).to_owned(), *at)).collect();
    assert_eq!(read(text, header), Ok(expected), "{text}: {header}");
}

#[track_caller]
fn refuses(text: &str, header: &str, offset: usize, kind: HeaderErrorKind) {
    assert_eq!(read(text, header), Err(HeaderError { offset, kind }), "{text}: {header}");
}

#[track_caller]
fn is_refused(text: &str, expected: FormError) {
    let error = HeaderTemplate::parse("X-Test", text, grammars(Nonce::parse("[a-z]{1,8}").as_ref()));
    assert_eq!(error.unwrap_err(), HeaderTemplateError::Form(expected), "{text}");
}

fn written(text: &str, signatures: &[&str]) -> String {
    let value = |field| match field {
        Timestamp => &b"17"[..],
        KeyId => b"key",
        _ => b"nonce",
    };
    let mut out = Vec::new();
    template(text).write(value, signatures.iter().map(|signature| signature.as_bytes()), &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn one_field_in_its_frame() {
    reads("{signature}", "abc", &[(Signature, "abc", 0)]);
    reads("sha256={signature}", "sha256=abc", &[(Signature, "abc", 7)]);
    reads("v1,{signature}", "v1,abc", &[(Signature, "abc", 3)]);
    reads("HMAC {signature}", "HMAC abc", &[(Signature, "abc", 5)]);
    reads("\"{signature}\"", "\"abc\"", &[(Signature, "abc", 1)]);
    for header in ["sha1=abc", "SHA256=abc", "", "sha256"] {
        refuses("sha256={signature}", header, 0, E::Frame);
    }
    refuses("\"{signature}\"", "\"abc", 3, E::Frame);
}

#[test]
fn a_named_list_with_either_separator() {
    let huawei = "timestamp={timestamp}; value={signature}";
    reads(huawei, "timestamp=1; value=abc", &[(Timestamp, "1", 10), (Signature, "abc", 19)]);
    reads(huawei, "VALUE=abc;x=1;timestamp=1", &[(Signature, "abc", 6), (Timestamp, "1", 24)]);
    let stripe = "t={timestamp},v1={signature}";
    reads(stripe, "t=1,v1=abc,v0=def", &[(Timestamp, "1", 2), (Signature, "abc", 7)]);
    refuses(stripe, "t=1,v1=abc,v1=def", 11, E::Repeated);
    refuses(stripe, "t=1,v1=abc,v0=def,V0=def", 18, E::Repeated);
    refuses(stripe, "t=1,t=1,v1=abc", 4, E::Repeated);
    refuses(stripe, "t=1,v0=abc", 10, E::Missing("v1".into()));
    refuses(stripe, "t=1;v1=abc", 10, E::Missing("v1".into()));
    refuses(stripe, "t=1,,v1=abc", 4, E::Parameter);
    refuses(stripe, "t=1,v1=", 7, E::Parameter);
    refuses(stripe, "t=1,v1=a\u{e9}", 8, E::ForbiddenByte(0xc3));
    refuses(stripe, "t=1,v1=abc ", 10, E::ForbiddenByte(b' '));
}

#[test]
fn a_scheme_literals_and_constants_in_a_named_list() {
    reads(
        AUTHORIZATION,
        "HMAC-SHA256 Credential=key, SignedHeaders=host;date, Signature=abc",
        &[(KeyId, "key", 23), (Signature, "abc", 63)],
    );
    // A scheme and a name are the same in any letter case, a constant may be missing.
    reads(
        AUTHORIZATION,
        "hmac-sha256 signature=abc,credential=key",
        &[(Signature, "abc", 22), (KeyId, "key", 37)],
    );
    for header in ["HMAC-SHA1 Credential=key, Signature=abc", "Credential=key, Signature=abc", ""] {
        refuses(AUTHORIZATION, header, 0, E::Frame);
    }
    refuses(AUTHORIZATION, "HMAC-SHA256  Credential=key, Signature=abc", 12, E::ForbiddenByte(b' '));
    refuses(AUTHORIZATION, "HMAC-SHA256 Credential=key, SignedHeaders=host, Signature=abc", 42, E::Constant);
    let quoted = "keyId=\"{key_id}\",algorithm=\"hmac\",signature=\"{signature}\"";
    reads(quoted, "keyId=\"key\", signature=\"abc\"", &[(KeyId, "key", 7), (Signature, "abc", 24)]);
    refuses(quoted, "keyId=key,signature=\"abc\"", 6, E::Frame);
    refuses(quoted, "keyId=\"key\",algorithm=hmac,signature=\"abc\"", 22, E::Constant);
    // What would have to be escaped cannot be there.
    refuses(quoted, "keyId=\"k\"y\",signature=\"abc\"", 8, E::ForbiddenByte(b'"'));
    refuses(quoted, "keyId=\"k\\y\",signature=\"abc\"", 8, E::ForbiddenByte(b'\\'));
    reads("v={key_id};s={signature}", "v=k\"y;s=abc", &[(KeyId, "k\"y", 2), (Signature, "abc", 8)]);
}

#[test]
fn the_part_with_the_signature_may_come_several_times() {
    let both = [(Timestamp, "1", 2), (Signature, "abc", 7), (Signature, "def", 14)];
    reads(STRIPE, "t=1,v1=abc,v1=def", &both);
    reads(STRIPE, "t=1, v1=abc ,V1=def", &[both[0], (Signature, "abc", 8), (Signature, "def", 16)]);
    reads(STRIPE, "t=1,v1=abc", &both[..2]);
    reads(
        STRIPE,
        "v1=abc,v0=x,v0=y,t=1,v1=def",
        &[(Signature, "abc", 3), (Timestamp, "1", 19), (Signature, "def", 24)],
    );
    refuses(STRIPE, "t=1,t=1,v1=abc", 4, E::Repeated);
    refuses(STRIPE, "t=1,v1=abc,t=1", 11, E::Repeated);
    refuses(STRIPE, "t=1,v0=abc", 10, E::Missing("v1".into()));
    refuses(STRIPE, "t=1,v1=abc,v1=", 14, E::Parameter);
    refuses(STRIPE, "t=1,v1=abc,...", 14, E::Parameter);
    reads(
        "ts={timestamp};h1={signature};...",
        "ts=1;h1=abc;h1=def",
        &[(Timestamp, "1", 3), (Signature, "abc", 8), (Signature, "def", 15)],
    );
    reads("v1={signature},...", "v1=abc", &[(Signature, "abc", 3)]);
    reads("v1={signature},...", "v1=abc,v1=def,v2=x", &[(Signature, "abc", 3), (Signature, "def", 10)]);
    refuses("v1={signature},...", "v2=abc", 6, E::Missing("v1".into()));
}

#[test]
fn a_positional_list_goes_by_places_and_literals() {
    reads(STANDARD, "v1,abc", &[(Signature, "abc", 3)]);
    reads(STANDARD, "v1a,x v1,abc v1,def v2,y", &[(Signature, "abc", 9), (Signature, "def", 16)]);
    let missing = || E::Missing("v1,{signature}".into());
    refuses(STANDARD, "v1a,abc", 7, missing());
    refuses(STANDARD, "V1,abc", 6, missing());
    refuses(STANDARD, "", 0, E::Empty);
    refuses(STANDARD, "v1,abc  v1,def", 7, E::Empty);
    refuses(STANDARD, "v1,abc ", 7, E::Empty);
    refuses(STANDARD, "v1,abc\tv1,def", 6, E::ForbiddenByte(b'\t'));
    let dated = "{timestamp},{signature},...";
    reads(dated, "1,abc", &[(Timestamp, "1", 0), (Signature, "abc", 2)]);
    reads(dated, "1, abc ,def", &[(Timestamp, "1", 0), (Signature, "abc", 3), (Signature, "def", 8)]);
    refuses(dated, "1", 1, E::Missing("{signature}".into()));
    refuses("t={timestamp} v1={signature} ...", "v1=abc t=1", 0, E::Frame);
    refuses("v2 {signature} ...", "v1 abc", 0, E::Constant);
}

#[test]
fn a_sequence_is_cut_where_its_literals_and_alphabets_show_it() {
    reads("{key_id}:{signature}", "a:b:c:abc", &[(KeyId, "a:b:c", 0), (Signature, "abc", 6)]);
    let basic = "HMAC-SHA256 {key_id}:{signature}";
    reads(basic, "HMAC-SHA256 key:abc", &[(KeyId, "key", 12), (Signature, "abc", 16)]);
    refuses(basic, "hmac-sha256 key:abc", 0, E::Frame);
    refuses(basic, "HMAC-SHA256 keyabc", 12, E::Frame);
    reads("{timestamp},{signature}", "1,abc", &[(Timestamp, "1", 0), (Signature, "abc", 2)]);
    refuses("{timestamp},{signature}", "1", 0, E::Frame);
    reads("{timestamp}.{signature}", "1.abc", &[(Timestamp, "1", 0), (Signature, "abc", 2)]);
    reads("t={timestamp} v={signature}", "t=1 v=abc", &[(Timestamp, "1", 2), (Signature, "abc", 6)]);
    reads("\"{key_id}\":\"{signature}\"", "\"key\":\"abc\"", &[(KeyId, "key", 1), (Signature, "abc", 7)]);
}

#[test]
fn the_limits() {
    let list = |count: usize, name: &str| -> String {
        let more: String =
            (1..count).map(|n| format!(",{}=abc", name.replace('#', &n.to_string()))).collect();
        format!("t=1{more}")
    };
    assert_eq!(read(STRIPE, &list(17, "v1")).unwrap().len(), 17);
    refuses(STRIPE, &list(18, "v1"), 3 + 16 * 7 + 4, E::TooManySignatures);
    assert_eq!(read(STRIPE, &(list(31, "x") + ",v1=abc")).unwrap().len(), 2);
    refuses(STRIPE, &(list(32, "x") + ",v1=abc"), 3 + 31 * 6 + 1, E::TooMany);
    refuses("t={timestamp},v1={signature}", &(list(32, "x#") + ",v1=abc"), 243, E::TooMany);
    let words = |count: usize, word: &str| vec![word; count].join(" ");
    assert_eq!(read(STANDARD, &words(16, "v1,abc")).unwrap().len(), 16);
    refuses(STANDARD, &words(17, "v1,abc"), 16 * 7, E::TooManySignatures);
    refuses(STANDARD, &words(33, "v2,abc"), 32 * 7, E::TooMany);
    refuses(STANDARD, &"v".repeat(4097), 4096, E::TooLong);
}

#[test]
fn signatures_are_written_as_the_template_separates_them() {
    assert_eq!(written(STRIPE, &["abc"]), "t=17,v1=abc");
    assert_eq!(written(STRIPE, &["abc", "def"]), "t=17,v1=abc,v1=def");
    assert_eq!(written(STANDARD, &["abc", "def"]), "v1,abc v1,def");
    assert_eq!(written("s={signature}; t={timestamp}; ...", &["abc", "def"]), "s=abc; s=def; t=17");
    assert_eq!(written("Sig a=\"{signature}\", ...", &["abc", "def"]), "Sig a=\"abc\", a=\"def\"");
    assert_eq!(written("{timestamp} {signature} ...", &["abc", "def"]), "17 abc def");
    assert_eq!(written("{key_id}:{signature}", &["abc", "def"]), "key:abc");
    assert_eq!(template(STRIPE).max_signatures(), 16);
    assert_eq!(template("{key_id}:{signature}").max_signatures(), 1);
    assert_eq!(template("{key_id}").max_signatures(), 0);
}

#[test]
fn a_constant_is_not_read() {
    reads("true", "false", &[]);
    reads("a=b, ...", "", &[]);
}

#[test]
fn what_could_not_be_told_apart_is_refused_with_what_to_change() {
    let ambiguous = |first, second| FormError::Ambiguous { first, second };
    is_refused("{timestamp}{signature}", ambiguous(Timestamp, Signature));
    is_refused("{key_id}.{nonce}={signature}", ambiguous(KeyId, Field::Nonce));
    is_refused("{key_id}{signature}", ambiguous(KeyId, Signature));
    is_refused("{signature}{nonce}", ambiguous(Signature, Field::Nonce));
    is_refused("t={timestamp}; u={timestamp}", FormError::FieldTwice(Timestamp));
    is_refused(" {signature}", FormError::Edge);
    is_refused("{signature} ", FormError::Edge);
    for template in [
        "{signature}...",
        "t={timestamp},...",
        "v1={signature}  ...",
        "v1={signature},,...",
        "{timestamp}{signature},...",
        "{signature},{timestamp},...",
        "v1={signature}{timestamp},...",
        "a {signature}b ...",
        "v1 ={signature};...",
    ] {
        is_refused(template, FormError::Repetition);
    }
    is_refused(&format!("{}={{signature}},...", "a".repeat(64)), FormError::TooFarApart);
    let quoted = Nonce::parse("[a-z\"]{8}");
    let error = HeaderTemplate::parse("X-Test", "n=\"{nonce}\", s={signature}", grammars(quoted.as_ref()))
        .unwrap_err();
    assert_eq!(error, HeaderTemplateError::Form(FormError::QuotedNonce));
    assert!(HeaderTemplate::parse("X-Test", "n={nonce}, s={signature}", grammars(quoted.as_ref())).is_ok());
}
