//! JSON as various programs write it: what becomes of a payload that is decoded and encoded again.

mod distinct;
mod literal;
mod names;
mod number;
mod object;
mod style;
mod token;
mod value;

pub(super) use distinct::distinct;
pub(super) use literal::literal;
pub(super) use names::Naming;
pub(super) use object::texts;
pub(super) use style::{COMPACT, JAVASCRIPT, PHP, PHP_UNESCAPED, PYTHON, STYLES, Style};
pub(super) use token::{braced, join_lines_back, nested, respaced, whole_numbers, with_two_decimals};
pub(super) use value::{Change, forms};

use serde_json::Value;

/// Longest payload that is read as JSON, in bytes.
pub(super) const MAX_LENGTH: usize = 1 << 20;

/// Longest text that is written, in bytes: indentation can make a payload hundreds of times as long.
const MAX_WRITTEN: usize = 4 * MAX_LENGTH;

/// Reads a payload, if it is JSON of a reasonable size and depth.
pub(super) fn parse(payload: &[u8]) -> Option<Value> {
    if payload.len() > MAX_LENGTH {
        return None;
    }
    // serde_json gives up at a depth of 128, so that no payload can exhaust the stack.
    serde_json::from_slice(payload).ok()
}
