//! What people get wrong, a file for each kind: what else may have stood in the place of what was given.

pub(super) mod algorithm;
pub(super) mod canonical;
pub(super) mod digest_text;
pub(super) mod drafts;
mod fields;
mod header_values;
pub(super) mod headers;
pub(super) mod keys;
pub(super) mod listed;
mod nonces;
pub(super) mod payloads;
mod permutations;
mod requests;
mod targets;
pub(super) mod time;
