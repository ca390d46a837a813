//! Headers in every shape that PHP people hold them, and the array of headers that signing returns.

use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

use crate::diagnosis::Context;
use crate::header_template::HeaderTemplate;
use crate::profile::Profile;
use crate::received::{HeaderValue, Received};
use crate::sign::Signature;
use crate::signed_headers::NamedValue;

use super::engine::{self, InternedString, StartupCell, Thrown};

/// The names of the built-in profiles' headers, as the keys of the arrays that signing returns.
static NAMES: StartupCell<Vec<(&'static HeaderTemplate, InternedString)>> = StartupCell::new();

/// Interns the names. To be called while the module starts.
pub(super) fn intern_names() {
    let headers = Profile::all().iter().flat_map(|profile| profile.headers());
    NAMES.set(headers.filter_map(|header| Some((header, InternedString::new(header.name())?))).collect());
}

/// Finds the profile's headers in an array: `getallheaders()`, `$_SERVER`, PSR-7's `getHeaders()`, Symfony's `all()`.
///
/// Every key is looked at, whatever its letter case: a header that is there twice must not be picked from.
#[inline]
pub(super) fn receive<'a>(profile: &Profile, headers: &'a ZendHashTable) -> Received<'a> {
    let mut received = Received::default();
    engine::for_each_named(headers, |name, value| {
        if let Some(slot) = profile.find_header(name).and_then(|index| received.get_mut(index)) {
            *slot = match (*slot, text(value)) {
                (HeaderValue::Missing, found) => found,
                (found, HeaderValue::Missing) => found,
                _ => HeaderValue::Repeated,
            };
        }
    });
    received
}

/// All headers, where the profile signs others than its own.
pub(super) fn all<'a>(profile: &Profile, headers: &'a ZendHashTable) -> Vec<NamedValue<'a>> {
    let mut all = Vec::new();
    if !profile.string_to_sign().signs_headers() {
        return all;
    }
    let bytes = |value: &'a Zval| value.zend_str().map(ZendStr::as_bytes);
    engine::for_each_named(headers, |name, value| match value.array() {
        Some(list) => all.extend(engine::values(list).map(|value| (name, bytes(value)))),
        None if value.is_null() => {}
        None => all.push((name, bytes(value))),
    });
    all
}

/// Every text in an array with its name, and what stands in a list without one.
pub(super) fn entries(headers: &ZendHashTable) -> Vec<(&[u8], &[u8])> {
    let mut entries = Vec::new();
    engine::for_each_named(headers, |name, value| {
        if let HeaderValue::One(value) = text(value) {
            entries.push((name, value));
        }
    });
    if entries.is_empty() {
        entries.extend(
            engine::values(headers).filter_map(|value| Some((&b""[..], value.zend_str()?.as_bytes()))),
        );
    }
    entries.truncate(MAX_ENTRIES);
    entries
}

/// Most entries of an array that are looked at for a header under another name.
const MAX_ENTRIES: usize = 512;

/// Finds what `$_SERVER` has about the request itself, and the host in any shape of headers.
pub(super) fn context(headers: &ZendHashTable) -> Context<'_> {
    let mut context = Context::default();
    engine::for_each_named(headers, |name, value| {
        let HeaderValue::One(value) = text(value) else { return };
        match name {
            b"REQUEST_METHOD" => context.method = Some(value),
            b"REQUEST_URI" => context.target = Some(value),
            b"HTTP_HOST" => context.host = Some(value),
            b"SCRIPT_NAME" => context.script = Some(value),
            name => {
                let place = match header_name(name).as_slice() {
                    b"host" => &mut context.host,
                    b"x-forwarded-prefix" => &mut context.prefix,
                    b"x-original-uri" | b"x-original-url" | b"x-forwarded-uri" | b"x-rewrite-url" => {
                        &mut context.original_target
                    }
                    b"x-http-method-override" => &mut context.method_override,
                    _ => return,
                };
                *place = Some(value);
            }
        }
    });
    context
}

/// The name of a header in lower case, with hyphens, whether it comes from `$_SERVER` or not.
fn header_name(name: &[u8]) -> Vec<u8> {
    let name = name.strip_prefix(b"HTTP_").unwrap_or(name);
    name.iter().map(|byte| if *byte == b'_' { b'-' } else { byte.to_ascii_lowercase() }).collect()
}

/// A value, or a list of values.
fn text(value: &Zval) -> HeaderValue<'_> {
    if let Some(string) = value.zend_str() {
        return HeaderValue::One(string.as_bytes());
    }
    let Some(list) = value.array() else {
        return if value.is_null() { HeaderValue::Missing } else { HeaderValue::NotText };
    };
    let mut values = engine::values(list);
    match (values.next(), values.next()) {
        (None, _) => HeaderValue::Missing,
        (Some(only), None) => match only.zend_str() {
            Some(string) => HeaderValue::One(string.as_bytes()),
            None => HeaderValue::NotText,
        },
        _ => HeaderValue::Repeated,
    }
}

/// The array that `hw_sign()` returns: name => value, in the profile's order.
pub(super) fn send(profile: &Profile, signature: &Signature<'_>) -> Result<Zval, Thrown> {
    let mut array = ZendHashTable::with_capacity(u32::try_from(profile.headers().len()).unwrap_or(0));
    let mut result = Ok(());
    signature.write(profile, |header, value| {
        let value = engine::string(value);
        match NAMES.get().and_then(|names| names.iter().find(|(known, _)| core::ptr::eq(*known, header))) {
            Some((_, name)) => name.add_to(&mut array, value),
            None => result = result.and(array.insert(header.name(), value).map_err(|_| Thrown)),
        }
    });
    result?;
    let mut zval = Zval::new();
    zval.set_hashtable(array);
    Ok(zval)
}
