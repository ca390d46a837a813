//! HMAC request signing between servers: Huawei Push Kit, Nextcloud, Talk, Django, and contracts of your own.
//!
//! The crate is a PHP extension with a pure core. The core has no clock, no randomness, no environment and no PHP: all
//! of that comes in as arguments. `cargo test --no-default-features` builds and tests it without PHP on the machine.
//!
//! A module imports only from modules above it in this table; `make lint` holds it to that.
//!
//! | module | what it holds |
//! |---|---|
//! | [`shape`] | sets of bytes, and whether neighbours can be told apart |
//! | [`digest`] | the 32 bytes and their texts |
//! | [`key`] | keys, HMAC and SHA-256 |
//! | [`nonce`], [`timestamp`] | the grammar of a nonce, and that of a timestamp |
//! | [`signed_headers`] | headers that are signed besides those of the profile |
//! | [`template`] | the template language, and the string to sign |
//! | [`request`] | what is signed of a request |
//! | [`freshness`] | the time window |
//! | [`header`] | the header grammar |
//! | [`header_form`] | the forms of a header: how fields stand in it |
//! | [`header_template`] | a header of a profile, written and read back |
//! | [`profile`] | a contract as data |
//! | [`contract`] | a contract as a file |
//! | [`builtin`] | the table of built-in profiles |
//! | [`rejection`] | why a request was rejected |
//! | [`sign`] | the procedure of signing |
//! | [`received`] | what was received, read by a profile |
//! | [`verify`] | the procedure of verification |
//! | [`diagnosis`] | why a signature does not match |
//! | `php` | what PHP sees |
#![cfg_attr(not(feature = "php"), forbid(unsafe_code))]

extern crate alloc;

pub mod builtin;
pub mod contract;
pub mod diagnosis;
pub mod digest;
pub mod freshness;
pub mod header;
pub mod header_form;
pub mod header_template;
pub mod key;
pub mod nonce;
pub mod profile;
pub mod received;
pub mod rejection;
pub mod request;
pub mod shape;
pub mod sign;
pub mod signed_headers;
pub mod template;
pub mod timestamp;
pub mod verify;

#[cfg(feature = "php")]
mod php;
