//! The value objects: final, read-only, and as visible as their data.

use ext_php_rs::flags::MethodFlags;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

use crate::digest::{Digest, Encoding};
use crate::header;
use crate::profile::Profile;
use crate::verify::{Accepted, Clock};

use super::arguments::{Arguments, Function, Parameter, Type};
use super::class::{Class, Method, Property, slot};
use super::engine::{self, Thrown};

/// `timestamp=…; nonce=…; value=…`
pub(super) struct SignatureHeader;

impl SignatureHeader {
    pub(super) fn object(header: &header::SignatureHeader<'_>) -> Result<Zval, Thrown> {
        let values =
            [header.timestamp, header.nonce, header.value].map(|text| engine::string(text.as_bytes()));
        Self::slot().instantiate(values.into())
    }
}

impl Class for SignatureHeader {
    const NAME: &'static str = "HwSignature\\SignatureHeader";
    const METHODS: &'static [Method] =
        &[Method::of::<PrivateConstruct>(), Method::of::<HeaderDigest>(), Method::of::<HeaderToString>()];
    const PROPERTIES: &'static [Property] = &[
        Property::public("timestamp", Type::STRING),
        Property::public("nonce", Type::STRING),
        Property::public("value", Type::STRING),
    ];
    slot!();
}

struct HeaderDigest;

impl Function for HeaderDigest {
    const NAME: &'static str = "digest";
    const PARAMETERS: &'static [Parameter] = &[];
    const RETURNS: Option<Type> = Some(Type::STRING);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let value = text(arguments, 2)?;
        let digest = Digest::decode(value, Encoding::Base64).map_err(|_| engine::throw_uninitialized())?;
        Ok(engine::string(digest.as_bytes()))
    }
}

struct HeaderToString;

impl Function for HeaderToString {
    const NAME: &'static str = "__toString";
    const PARAMETERS: &'static [Parameter] = &[];
    const RETURNS: Option<Type> = Some(Type::STRING);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let mut header = Vec::new();
        for (index, name) in [&b"timestamp="[..], b"; nonce=", b"; value="].into_iter().enumerate() {
            header.extend_from_slice(name);
            header.extend_from_slice(text(arguments, index)?);
        }
        Ok(engine::string(&header))
    }
}

/// A string property. Reflection can make an object whose properties have no value yet.
fn text<'a>(arguments: &Arguments<'a>, index: usize) -> Result<&'a [u8], Thrown> {
    engine::property(arguments.object()?, index)
        .and_then(Zval::zend_str)
        .map(ZendStr::as_bytes)
        .ok_or_else(engine::throw_uninitialized)
}

/// An authentic, fresh request.
pub(super) struct Verified;

impl Verified {
    pub(super) fn object(
        accepted: &Accepted<'_>,
        key_id: Option<&str>,
        profile: &Profile,
        clock: Clock,
    ) -> Result<Zval, Thrown> {
        let values = vec![
            string_or_null(key_id),
            long_or_null(Some(accepted.key_index)),
            long_or_null(accepted.timestamp()),
            string_or_null(accepted.nonce()),
            list(accepted.replay_ids().iter().map(String::as_str))?,
            long_or_null(Some(accepted.claim_seconds(profile, clock))),
            long_or_null(accepted.age(profile, clock)),
        ];
        Self::slot().instantiate(values)
    }
}

impl Class for Verified {
    const NAME: &'static str = "HwSignature\\Verified";
    const METHODS: &'static [Method] = &[Method::of::<PrivateConstruct>()];
    const PROPERTIES: &'static [Property] = &[
        Property::public("keyId", Type::STRING.nullable()),
        Property::public("keyIndex", Type::INT),
        Property::public("timestamp", Type::INT.nullable()),
        Property::public("nonce", Type::STRING.nullable()),
        Property::public("replayIds", Type::ARRAY),
        Property::public("claimSeconds", Type::INT),
        Property::public("age", Type::INT.nullable()),
    ];
    slot!();
}

/// A string, or null.
pub(super) fn string_or_null(text: Option<&str>) -> Zval {
    text.map_or_else(Zval::new, |text| engine::string(text.as_bytes()))
}

/// An integer, or null: also for a number that PHP's integers do not hold.
pub(super) fn long_or_null(number: Option<impl TryInto<i64>>) -> Zval {
    let mut zval = Zval::new();
    if let Some(number) = number.and_then(|number| number.try_into().ok()) {
        zval.set_long(number);
    }
    zval
}

/// A list of strings.
pub(super) fn list<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Zval, Thrown> {
    let mut list = ZendHashTable::new();
    for text in texts {
        list.push(engine::string(text.as_bytes())).map_err(|_| Thrown)?;
    }
    let mut zval = Zval::new();
    zval.set_hashtable(list);
    Ok(zval)
}

/// Nobody but this module makes value objects.
pub(super) struct PrivateConstruct;

impl Function for PrivateConstruct {
    const NAME: &'static str = "__construct";
    const PARAMETERS: &'static [Parameter] = &[];
    const RETURNS: Option<Type> = None;
    const FLAGS: MethodFlags = MethodFlags::Private;

    fn call(_: &Arguments<'_>) -> Result<Zval, Thrown> {
        Ok(Zval::new())
    }
}
