//! What becomes of a text on its way: through editors and shells, into files, out of forms and frameworks.
//!
//! Each function is a change that somebody's program makes, or takes back, and answers nothing where it changes nothing.
//! A secret and a payload go the same ways.

mod charset;
mod escape;
mod unseen;

pub(super) use charset::{
    CHARSETS, as_ascii, as_charset, as_latin1, as_windows_1252, cesu8, compatible, composed, decomposed,
    from_cesu8, from_charset, from_latin1, from_utf16, from_windows_1252, lossy_utf8, low_bytes, typed,
    utf16, without_astral,
};
pub(super) use escape::{
    add_slashes, escape_html, escape_html_quotes, expand_backticks, expand_commands, expand_percent,
    expand_shell, form_decode, form_encode, interpret_backslashes, json_text, of_json_text, of_python_bytes,
    percent_decode, percent_encode, python_bytes, spaces_to_pluses, strip_slashes, twice, unescape_html,
};

pub(super) use unseen::{INVISIBLE, invisible_in, white_space, without_invisible};

/// The byte order mark of UTF-8.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// The bytes with each `from` in them replaced.
pub(super) fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        if let Some(after) = rest.strip_prefix(from) {
            replaced.extend_from_slice(to);
            rest = after;
        } else {
            replaced.push(*first);
            rest = tail;
        }
    }
    replaced
}

/// The text, where it is another one than before.
fn changed(text: Vec<u8>, before: &[u8]) -> Option<Vec<u8>> {
    (text != before).then_some(text)
}
