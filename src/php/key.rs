//! `HwSignature\Key`

use std::sync::Arc;

use ext_php_rs::flags::MethodFlags;
use ext_php_rs::types::Zval;

use crate::key::{Key, KeyError};

use super::arguments::{Arguments, Function, Parameter, Type};
use super::class::{Class, Method, native_class, object};
use super::engine::{self, ClassSlot, Thrown};
use super::exceptions::slot;

/// The object: a key that verifiers and signers share.
#[derive(Debug)]
pub(super) struct PhpKey(pub(super) Arc<Key>);

native_class!(PhpKey);

const CLASS: &str = "HwSignature\\Key";
const ID: Parameter = Parameter::new("id", Type::STRING.nullable()).or("null");

impl Class for PhpKey {
    const NAME: &'static str = CLASS;
    const METHODS: &'static [Method] = &[
        Method::of::<FromBytes>(),
        Method::of::<FromBase64>(),
        Method::of::<FromHex>(),
        Method::of::<Id>(),
        Method::of::<Fingerprint>(),
    ];
    slot!();
}

/// The three ways to make a key differ in one function.
macro_rules! factory {
    ($type:ident, $name:literal, $parameter:literal, $decode:path) => {
        struct $type;

        impl Function for $type {
            const NAME: &'static str = $name;
            const PARAMETERS: &'static [Parameter] =
                &[Parameter::new($parameter, Type::STRING).sensitive(), ID];
            const RETURNS: Option<Type> = Some(Type::object(CLASS));
            const FLAGS: MethodFlags = MethodFlags::Public.union(MethodFlags::Static);

            fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
                make(arguments, $parameter, $decode)
            }
        }
    };
}

factory!(FromBytes, "fromBytes", "bytes", Key::from_bytes);
factory!(FromBase64, "fromBase64", "text", Key::from_base64);
factory!(FromHex, "fromHex", "text", Key::from_hex);

fn make(
    arguments: &Arguments<'_>,
    parameter: &str,
    decode: fn(&[u8]) -> Result<Key, KeyError>,
) -> Result<Zval, Thrown> {
    let text = arguments.bytes(0)?;
    let id = arguments.bytes_or_null(1)?;
    let key = decode(text).map_err(|error| arguments.value_error(parameter, error))?;
    let key = match id {
        Some(id) => key.with_id(id).map_err(|error| arguments.value_error("id", error))?,
        None => key,
    };
    object(PhpKey(Arc::new(key)))
}

struct Id;

impl Function for Id {
    const NAME: &'static str = "id";
    const PARAMETERS: &'static [Parameter] = &[];
    const RETURNS: Option<Type> = Some(Type::STRING.nullable());

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let key = arguments.this::<PhpKey>()?;
        Ok(key.0.id().map_or_else(Zval::new, |id| engine::string(id.as_bytes())))
    }
}

struct Fingerprint;

impl Function for Fingerprint {
    const NAME: &'static str = "fingerprint";
    const PARAMETERS: &'static [Parameter] = &[];
    const RETURNS: Option<Type> = Some(Type::STRING);

    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown> {
        let key = arguments.this::<PhpKey>()?;
        Ok(engine::string(key.0.fingerprint().as_bytes()))
    }
}
