//! `HwSignature\Key`

use std::sync::Arc;

use ext_php_rs::flags::MethodFlags;
use ext_php_rs::types::{ZendHashTable, Zval};

use crate::key::{Key, KeyBytes, KeyError};

use super::arguments::{Arguments, Function, Parameter, Type};
use super::class::{Class, Method, Property, native_class, object, slot};
use super::engine::{self, Thrown, value_of};
use super::values::string_or_null;

/// The object: a key that verifiers and signers share. Its bytes are for the diagnosis, which varies them: the state that
/// they key does not allow that.
#[derive(Debug)]
pub(super) struct PhpKey {
    pub(super) key: Arc<Key>,
    pub(super) bytes: Arc<KeyBytes>,
}

native_class!(PhpKey);

const CLASS: &str = "HwSignature\\Key";
const ID: Parameter = Parameter::new("id", Type::STRING.nullable()).or("null");

impl Class for PhpKey {
    const NAME: &'static str = CLASS;
    const METHODS: &'static [Method] =
        &[Method::of::<FromBytes>(), Method::of::<FromBase64>(), Method::of::<FromHex>()];
    const OPAQUE: bool = false;
    const PROPERTIES: &'static [Property] =
        &[Property::public("id", Type::STRING.nullable()), Property::public("fingerprint", Type::STRING)];
    slot!();
}

/// The three ways to make a key differ in one function.
macro_rules! factory {
    ($type:ident, $name:literal, $parameter:literal, $decode:expr) => {
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

factory!(FromBytes, "fromBytes", "bytes", |bytes| Ok(KeyBytes::new(bytes)));
factory!(FromBase64, "fromBase64", "text", KeyBytes::from_base64);
factory!(FromHex, "fromHex", "text", KeyBytes::from_hex);

fn make(
    arguments: &Arguments<'_>,
    parameter: &str,
    decode: fn(&[u8]) -> Result<KeyBytes, KeyError>,
) -> Result<Zval, Thrown> {
    let text = arguments.bytes(0)?;
    let id = arguments.bytes_or_null(1)?;
    let refused = |error| arguments.value_error(parameter, error);
    let bytes = decode(text).map_err(refused)?;
    let key = Key::from_bytes(bytes.as_bytes()).map_err(refused)?;
    let key = match id {
        Some(id) => key.with_id(id).map_err(|error| arguments.value_error("id", error))?,
        None => key,
    };
    let values = vec![string_or_null(key.id()), engine::string(key.fingerprint().as_bytes())];
    let mut object = object(PhpKey { key: Arc::new(key), bytes: Arc::new(bytes) })?;
    engine::set_properties(object.object_mut().ok_or(Thrown)?, 0, values);
    Ok(object)
}

/// The keys in the argument `$keys`, which holds nothing else.
pub(super) fn keys<T: FromIterator<Arc<Key>>>(
    arguments: &Arguments<'_>,
    list: &ZendHashTable,
) -> Result<T, Thrown> {
    engine::values(list)
        .map(|value| value.object().and_then(value_of::<PhpKey>).map(|key| Arc::clone(&key.key)))
        .collect::<Option<_>>()
        .ok_or_else(|| arguments.type_error("keys", "must be a list of HwSignature\\Key objects"))
}

/// The bytes of the same keys.
pub(super) fn bytes_of(list: &ZendHashTable) -> Arc<[Arc<KeyBytes>]> {
    let keys = engine::values(list).filter_map(|value| value.object().and_then(value_of::<PhpKey>));
    keys.map(|key| Arc::clone(&key.bytes)).collect()
}
