//! What the fuzz targets share with each other, and with the properties in `tests/properties.rs`.

use libfuzzer_sys::arbitrary::{self, Arbitrary};

#[path = "../../tests/support/canonical_query.rs"]
pub mod canonical_query;
#[path = "../../tests/support/diagnosed.rs"]
pub mod diagnosed;
#[path = "../../tests/support/exchange.rs"]
pub mod exchange;
#[path = "../../tests/support/genuine.rs"]
mod genuine;
#[path = "../../tests/support/profiles.rs"]
pub mod profiles;

pub use genuine::{SIGNED_AT, genuine, sign};

/// Bytes taken out, and others put in their place. An input made of edits stays close to a genuine request, and needs no
/// corpus that holds genuine signatures.
#[derive(Arbitrary, Debug)]
pub struct Edit<'a> {
    part: u8,
    at: u16,
    remove: u16,
    insert: &'a [u8],
}

impl Edit<'_> {
    pub fn apply(&self, parts: &mut [Vec<u8>]) {
        let count = parts.len();
        let part = &mut parts[usize::from(self.part) % count];
        let at = usize::from(self.at) % (part.len() + 1);
        let end = part.len().min(at + usize::from(self.remove));
        part.splice(at..end, self.insert.iter().copied());
    }
}
