//! The exceptions: plain classes, so that they have a file, a line and a trace, and can be made and extended.

use ext_php_rs::class::ClassEntryInfo;
use ext_php_rs::flags::ClassFlags;
use ext_php_rs::types::Zval;
use ext_php_rs::zend::{ClassEntry, ce};

use crate::header::HeaderError;
use crate::profile::Profile;
use crate::rejection::{Reason, Rejection};

use super::arguments::{Arguments, Function, Parameter, Type};
use super::class::{Class, Method, Property, slot};
use super::engine::{self, Thrown};
use super::enums::Enum as _;
use super::values::list;

const REASON: Type = Type::object("HwSignature\\Reason");
const PREVIOUS: Parameter = Parameter::new("previous", Type::object("Throwable").nullable()).or("null");
const MESSAGE: Parameter = Parameter::new("message", Type::STRING).or("''");
const CODE: Parameter = Parameter::new("code", Type::INT).or("0");

/// A header could not be read.
pub(super) fn malformed_header(error: &HeaderError) -> Thrown {
    let values = || -> Result<Vec<Zval>, Thrown> {
        let mut offset = Zval::new();
        offset.set_long(i64::try_from(error.offset).unwrap_or(i64::MAX));
        Ok(vec![Reason::from(error).to_zval()?, offset])
    };
    match values() {
        Ok(values) => engine::throw(MalformedHeader::slot(), &error.to_string(), values),
        Err(thrown) => thrown,
    }
}

/// A request was rejected.
pub(super) fn rejected(rejection: &Rejection, profile: &Profile) -> Thrown {
    rejected_with(rejection.reason(), &rejection.message(profile))
}

/// A request was rejected for a reason that the core does not know of.
pub(super) fn rejected_with(reason: Reason, message: &str) -> Thrown {
    match reason.to_zval() {
        Ok(reason) => engine::throw(SignatureRejected::slot(), message, vec![reason]),
        Err(thrown) => thrown,
    }
}

/// The replay guard threw; what it threw is pending and becomes the previous exception.
pub(super) fn replay_guard(ids: Zval) -> Thrown {
    engine::throw(ReplayGuard::slot(), "the replay guard failed", vec![ids])
}

/// The extension was used in a way that no argument is to blame for.
pub(super) fn misuse(message: &str) -> Thrown {
    engine::throw(Base::slot(), message, Vec::new())
}

/// The base class.
pub(super) struct Base;
/// A header could not be read.
pub(super) struct MalformedHeader;
/// The replay guard threw.
pub(super) struct ReplayGuard;
/// A request was rejected.
pub(super) struct SignatureRejected;

fn base() -> &'static ClassEntry {
    // Registered before the classes that extend it.
    Base::slot().get().unwrap_or_else(ce::exception)
}

const EXTENDS_BASE: Option<ClassEntryInfo> = Some((base, "HwSignature\\HwSignatureException"));

impl Class for Base {
    const NAME: &'static str = "HwSignature\\HwSignatureException";
    const METHODS: &'static [Method] = &[];
    const PARENT: Option<ClassEntryInfo> = Some((ce::exception, "Exception"));
    const FLAGS: ClassFlags = ClassFlags::empty();
    slot!();
}

impl Class for ReplayGuard {
    const NAME: &'static str = "HwSignature\\ReplayGuardException";
    const METHODS: &'static [Method] = &[Method::of::<ReplayGuardConstruct>()];
    const PROPERTIES: &'static [Property] = &[Property::public("replayIds", Type::ARRAY)];
    const PARENT: Option<ClassEntryInfo> = EXTENDS_BASE;
    const FLAGS: ClassFlags = ClassFlags::empty();
    slot!();
}

impl Class for MalformedHeader {
    const NAME: &'static str = "HwSignature\\MalformedHeaderException";
    const METHODS: &'static [Method] = &[
        Method::of::<MalformedHeaderConstruct>(),
        Method::of::<MalformedHeaderReason>(),
        Method::of::<GetOffset>(),
    ];
    const PROPERTIES: &'static [Property] =
        &[Property::protected("reason", REASON), Property::protected("offset", Type::INT)];
    const PARENT: Option<ClassEntryInfo> = EXTENDS_BASE;
    const FLAGS: ClassFlags = ClassFlags::empty();
    slot!();
}

impl Class for SignatureRejected {
    const NAME: &'static str = "HwSignature\\SignatureRejectedException";
    const METHODS: &'static [Method] =
        &[Method::of::<SignatureRejectedConstruct>(), Method::of::<SignatureRejectedReason>()];
    const PROPERTIES: &'static [Property] = &[Property::protected("reason", REASON)];
    const PARENT: Option<ClassEntryInfo> = EXTENDS_BASE;
    const FLAGS: ClassFlags = ClassFlags::empty();
    slot!();
}

struct MalformedHeaderConstruct;

impl Function for MalformedHeaderConstruct {
    const NAME: &'static str = "__construct";
    const PARAMETERS: &'static [Parameter] = &[
        MESSAGE,
        CODE,
        PREVIOUS,
        Parameter::new("reason", REASON).or("HwSignature\\Reason::MalformedHeader"),
        Parameter::new("offset", Type::INT).or("0"),
    ];
    const RETURNS: Option<Type> = None;

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        construct(arguments, || {
            let reason = reason_or(arguments, Reason::MalformedHeader)?;
            let mut offset = Zval::new();
            offset.set_long(arguments.long(4)?.unwrap_or(0));
            Ok(vec![reason, offset])
        })
    }
}

struct SignatureRejectedConstruct;

impl Function for SignatureRejectedConstruct {
    const NAME: &'static str = "__construct";
    const PARAMETERS: &'static [Parameter] = &[
        MESSAGE,
        CODE,
        PREVIOUS,
        Parameter::new("reason", REASON).or("HwSignature\\Reason::SignatureMismatch"),
    ];
    const RETURNS: Option<Type> = None;

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        construct(arguments, || Ok(vec![reason_or(arguments, Reason::SignatureMismatch)?]))
    }
}

struct ReplayGuardConstruct;

impl Function for ReplayGuardConstruct {
    const NAME: &'static str = "__construct";
    const PARAMETERS: &'static [Parameter] =
        &[MESSAGE, CODE, PREVIOUS, Parameter::new("replayIds", Type::ARRAY).or("[]")];
    const RETURNS: Option<Type> = None;

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        construct(arguments, || match arguments.get(3) {
            None => Ok(vec![list(core::iter::empty())?]),
            Some(given) => arguments.array(3).map(|_| vec![given.shallow_clone()]),
        })
    }
}

/// Checks the arguments, runs the constructor of `\Exception` with the first three, and sets what comes after.
fn construct(
    arguments: &Arguments<'_>,
    own: impl FnOnce() -> Result<Vec<Zval>, Thrown>,
) -> Result<Zval, Thrown> {
    let message = engine::string(arguments.bytes(0)?);
    let mut code = Zval::new();
    code.set_long(arguments.long(1)?.unwrap_or(0));
    let previous = arguments.instance_or_null(2, ce::throwable(), "?Throwable")?;
    let own = own()?;
    engine::construct_exception(arguments.object()?, [message, code, previous])?;
    arguments.set_properties(engine::exception_properties(), own);
    Ok(Zval::new())
}

fn reason_or(arguments: &Arguments<'_>, default: Reason) -> Result<Zval, Thrown> {
    arguments.case::<Reason>(3)?.unwrap_or(default).to_zval()
}

struct MalformedHeaderReason;

impl Function for MalformedHeaderReason {
    const NAME: &'static str = "getReason";
    const PARAMETERS: &'static [Parameter] = &[];
    const RETURNS: Option<Type> = Some(REASON);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        reason(arguments, Reason::MalformedHeader)
    }
}

struct SignatureRejectedReason;

impl Function for SignatureRejectedReason {
    const NAME: &'static str = "getReason";
    const PARAMETERS: &'static [Parameter] = &[];
    const RETURNS: Option<Type> = Some(REASON);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        reason(arguments, Reason::SignatureMismatch)
    }
}

/// A subclass whose constructor does not call ours has no reason of its own.
fn reason(arguments: &Arguments<'_>, default: Reason) -> Result<Zval, Thrown> {
    match engine::property(arguments.object()?, engine::exception_properties()) {
        Some(reason) => Ok(reason.shallow_clone()),
        None => default.to_zval(),
    }
}

struct GetOffset;

impl Function for GetOffset {
    const NAME: &'static str = "getOffset";
    const PARAMETERS: &'static [Parameter] = &[];
    const RETURNS: Option<Type> = Some(Type::INT);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let mut offset = Zval::new();
        let stored = engine::property(arguments.object()?, engine::exception_properties() + 1);
        offset.set_long(stored.and_then(Zval::long).unwrap_or(0));
        Ok(offset)
    }
}
