//! `HwSignature\Diagnosis` and `HwSignature\Finding`

use ext_php_rs::types::{ZendHashTable, Zval};

use crate::diagnosis::{self, Case, Cause, Context, Diagnosis, HeldKey, diagnose};
use crate::key::KeyError;
use crate::profile::Profile;
use crate::signed_headers::RequestHeaders;
use crate::verify::Clock;

use super::arguments::{Arguments, Function, Parameter, Type};
use super::class::{Class, Method, Property, native_class, object, slot};
use super::engine::{self, Thrown};
use super::enums::Enum as _;
use super::headers;
use super::values::{self, PrivateConstruct, long_or_null, string_or_null};

/// The object: its properties are what PHP reads, and the Rust value renders the report.
#[derive(Debug)]
pub(super) struct PhpDiagnosis(Diagnosis);

native_class!(PhpDiagnosis);

impl Class for PhpDiagnosis {
    const NAME: &'static str = "HwSignature\\Diagnosis";
    const METHODS: &'static [Method] = &[Method::of::<DiagnosisToString>()];
    const OPAQUE: bool = false;
    const PROPERTIES: &'static [Property] = &[
        Property::public("verdict", Type::object("HwSignature\\Verdict")),
        Property::public("findings", Type::ARRAY),
        Property::public("others", Type::ARRAY),
        Property::public("checks", Type::ARRAY),
        Property::public("profile", Type::STRING),
        Property::public("header", Type::ARRAY),
        Property::public("stringToSign", Type::STRING.nullable()),
        Property::public("stringToSignLength", Type::INT.nullable()),
        Property::public("stringToSignSha256", Type::STRING.nullable()),
        Property::public("canonicalRequest", Type::STRING.nullable()),
        Property::public("payloadLength", Type::INT),
        Property::public("payloadSha256", Type::STRING),
        Property::public("keyIndex", Type::INT.nullable()),
        Property::public("keyId", Type::STRING.nullable()),
        Property::public("keyLength", Type::INT),
        Property::public("keyFingerprint", Type::STRING),
        Property::public("signatureIndex", Type::INT.nullable()),
        Property::public("digestsComputed", Type::INT),
        Property::public("bytesHashed", Type::INT),
        Property::public("exhausted", Type::BOOL),
    ];
    slot!();
}

/// Diagnoses a request with all that its array of headers tells. The outer error is that of a key.
pub(super) fn diagnosed(
    profile: &Profile,
    table: &ZendHashTable,
    (method, target): (&[u8], &[u8]),
    payload: &[u8],
    clock: Clock,
    keys: &[HeldKey<'_>],
) -> Result<Result<Zval, Thrown>, KeyError> {
    let received = headers::receive(profile, table);
    let others = Profile::all().iter().map(AsRef::as_ref);
    let elsewhere: Vec<_> = others.map(|other| (other, headers::receive(other, table))).collect();
    let entries = headers::entries(table);
    let all = headers::all(profile, table);
    let context = Context {
        elsewhere: &elsewhere,
        entries: &entries,
        headers: RequestHeaders(&all),
        ..headers::context(table)
    };
    let case = Case { profile, received: &received, method, target, payload, clock, context };
    Ok(PhpDiagnosis::object(diagnose(&case, keys)?))
}

impl PhpDiagnosis {
    fn object(diagnosis: Diagnosis) -> Result<Zval, Thrown> {
        let string = |text: &str| engine::string(text.as_bytes());
        let excerpt = diagnosis.string_to_sign.as_ref();
        let mut exhausted = Zval::new();
        exhausted.set_bool(diagnosis.effort.exhausted);
        let mut findings = ZendHashTable::new();
        for finding in &diagnosis.findings {
            findings.push(Finding::object(finding)?).map_err(|_| Thrown)?;
        }
        let mut others = ZendHashTable::new();
        for causes in &diagnosis.others {
            let mut list = ZendHashTable::new();
            for cause in causes {
                list.push(Cause::to_zval(*cause)?).map_err(|_| Thrown)?;
            }
            others.push(array(list)).map_err(|_| Thrown)?;
        }
        let key = diagnosis.keys.get(diagnosis.key_index.unwrap_or(0)).ok_or(Thrown)?;
        let mut header = ZendHashTable::new();
        for (name, text) in &diagnosis.header {
            header.insert(*name, string(text)).map_err(|_| Thrown)?;
        }
        let values = vec![
            diagnosis.verdict.to_zval()?,
            array(findings),
            array(others),
            values::list(diagnosis.checks.iter().map(String::as_str))?,
            string(&diagnosis.profile),
            array(header),
            string_or_null(excerpt.map(|text| text.visible.as_str())),
            long_or_null(excerpt.map(|text| text.identity.length)),
            string_or_null(excerpt.map(|text| text.identity.sha256.as_str())),
            string_or_null(diagnosis.canonical_request.as_ref().map(|text| text.visible.as_str())),
            long_or_null(Some(diagnosis.payload.length)),
            string(&diagnosis.payload.sha256),
            long_or_null(diagnosis.key_index),
            string_or_null(key.id.as_deref()),
            long_or_null(Some(key.length)),
            string(&key.fingerprint),
            long_or_null(diagnosis.signature_index),
            long_or_null(Some(diagnosis.effort.digests)),
            long_or_null(Some(diagnosis.effort.bytes)),
            exhausted,
        ];
        let mut object = object(Self(diagnosis))?;
        engine::set_properties(object.object_mut().ok_or(Thrown)?, 0, values);
        Ok(object)
    }
}

fn array(table: ext_php_rs::boxed::ZBox<ZendHashTable>) -> Zval {
    let mut zval = Zval::new();
    zval.set_hashtable(table);
    zval
}

struct DiagnosisToString;

impl Function for DiagnosisToString {
    const NAME: &'static str = "__toString";
    const PARAMETERS: &'static [Parameter] = &[];
    const RETURNS: Option<Type> = Some(Type::STRING);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let diagnosis = arguments.this::<PhpDiagnosis>()?;
        Ok(engine::string(diagnosis.0.to_string().as_bytes()))
    }
}

/// One thing that is wrong.
pub(super) struct Finding;

impl Finding {
    fn object(finding: &diagnosis::Finding) -> Result<Zval, Thrown> {
        Self::slot().instantiate(vec![
            finding.cause.to_zval()?,
            engine::string(finding.message.as_bytes()),
            engine::string(finding.fix.as_bytes()),
        ])
    }
}

impl Class for Finding {
    const NAME: &'static str = "HwSignature\\Finding";
    const METHODS: &'static [Method] = &[Method::of::<PrivateConstruct>()];
    const PROPERTIES: &'static [Property] = &[
        Property::public("cause", Type::object("HwSignature\\Cause")),
        Property::public("message", Type::STRING),
        Property::public("fix", Type::STRING),
    ];
    slot!();
}
