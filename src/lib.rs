//! HMAC request signing between servers: Huawei Push Kit, Nextcloud, Talk, Django, and contracts of your own.
//!
//! The crate is a PHP extension with a pure core. The core has no clock, no randomness, no environment and no PHP: all
//! of that comes in as arguments. `cargo test --no-default-features` builds and tests it without PHP on the machine.
//!
//! | module | what it holds |
//! |---|---|
//! | [`error`] | every error type |
//! | [`shape`] | sets of bytes, and whether neighbours can be told apart |
//! | [`key`] | keys, HMAC and SHA-256 |
//! | [`digest`] | the 32 bytes and their two texts |
//! | [`nonce`] | the grammar of a nonce |
//! | [`template`] | the template language, and the string to sign |
//! | [`request`] | method, path and canonical query |
//! | [`header`] | the header grammar |
//! | [`header_template`] | a header of a profile, written and read back |
//! | [`freshness`] | the time window |
//! | [`profile`] | a contract as data |
//! | [`builtin`] | the table of built-in profiles |
//! | [`sign`], [`verify`] | the two procedures |
//! | [`diagnosis`] | why a signature does not match |
#![cfg_attr(not(feature = "php"), forbid(unsafe_code))]

extern crate alloc;

pub mod builtin;
pub mod diagnosis;
pub mod digest;
pub mod error;
pub mod freshness;
pub mod header;
pub mod header_template;
pub mod key;
pub mod nonce;
pub mod profile;
pub mod request;
pub mod shape;
pub mod sign;
pub mod template;
pub mod verify;

#[cfg(feature = "php")]
mod php;
