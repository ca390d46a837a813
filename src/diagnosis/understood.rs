//! The headers, read as far as they can be: what verification refuses may still be understood.

use super::case::Case;
use crate::header::MAX_SIGNATURES;
use crate::header_form::{Form, Part};
use crate::header_template::HeaderTemplate;
use crate::key::check_key_id;
use crate::profile::Profile;
use crate::received::{HeaderValue, Received};
use crate::request::{Request, RequestError};
use crate::template::Field;

/// What the headers seem to say.
#[derive(Clone, Debug, Default)]
pub(super) struct Understood<'a> {
    pub(super) timestamp: Option<&'a [u8]>,
    pub(super) nonce: Option<&'a [u8]>,
    pub(super) key_id: Option<&'a [u8]>,
    pub(super) signed_headers: Option<&'a [u8]>,
    /// In the order in which they came, equal ones once.
    pub(super) signatures: Vec<&'a [u8]>,
    /// The first header that says otherwise than one before it.
    pub(super) contradiction: Option<usize>,
}

impl<'a> Understood<'a> {
    pub(super) fn read(profile: &Profile, received: &Received<'a>) -> Self {
        let mut understood = Self::default();
        for (index, (header, value)) in profile.headers().iter().zip(received).enumerate() {
            if let HeaderValue::One(value) = value {
                for (field, text) in fields(header, value) {
                    let slot = match field {
                        Field::Timestamp => &mut understood.timestamp,
                        Field::Nonce => &mut understood.nonce,
                        Field::KeyId => &mut understood.key_id,
                        Field::SignedHeaders => &mut understood.signed_headers,
                        // There may be several signatures, but one of all else.
                        _ => {
                            understood.add_signature(text);
                            continue;
                        }
                    };
                    if *slot.get_or_insert(text) != text {
                        understood.contradiction.get_or_insert(index);
                    }
                }
            }
        }
        understood
    }

    fn add_signature(&mut self, text: &'a [u8]) {
        if self.signatures.len() < MAX_SIGNATURES && !self.signatures.contains(&text) {
            self.signatures.push(text);
        }
    }

    /// The request, with the headers that may be signed.
    pub(super) fn request(&self, case: &Case<'a>) -> Result<Request<'a>, RequestError> {
        let list = self.signed_headers.unwrap_or_else(|| case.profile.signed_headers_text().as_bytes());
        let request = Request::parse(case.method, case.target)?;
        Ok(request.with_headers(case.context.headers).with_signed_headers(list))
    }

    /// Whether all is there that the profile needs.
    pub(super) fn is_complete(&self, profile: &Profile) -> bool {
        !self.signatures.is_empty()
            && (self.timestamp.is_some() || !profile.sends(Field::Timestamp))
            && (self.nonce.is_some() || !profile.sends(Field::Nonce))
    }

    /// What a field of the string to sign holds, if its text follows the field's grammar. Any other text may hold the
    /// signature: where a separator is broken, a field runs on to the end of its header.
    pub(super) fn well_formed(&self, field: Field, profile: &Profile) -> Option<&'a [u8]> {
        let text = match field {
            Field::Timestamp => self.timestamp,
            Field::Nonce => self.nonce,
            Field::KeyId => self.key_id,
            _ => None,
        }?;
        let fits = match field {
            Field::Timestamp => profile.timestamp().is_some_and(|grammar| grammar.parse(text).is_ok()),
            Field::Nonce => profile.nonce().is_some_and(|nonce| nonce.accepts(text)),
            _ => check_key_id(text).is_ok(),
        };
        fits.then_some(text)
    }
}

fn fields<'a>(header: &HeaderTemplate, value: &'a [u8]) -> Vec<(Field, &'a [u8])> {
    match header.form() {
        Form::Constant => Vec::new(),
        Form::Sequence(_) => match header.frame() {
            Some((prefix, field, suffix)) => {
                // A + that became a space may be the first letter of the signature.
                let is_bare = field == Field::Signature && prefix.is_empty();
                let text = if is_bare { value.trim_ascii_end() } else { value.trim_ascii() };
                vec![(field, unframed(text, prefix, suffix))]
            }
            None => {
                let mut fields = Vec::new();
                let read = header.read(value.trim_ascii(), |field, text, _| {
                    fields.push((field, text));
                    Ok(())
                });
                if read.is_ok() { fields } else { Vec::new() }
            }
        },
        Form::Named(named) => value
            .split(|byte| *byte == named.separator)
            .filter_map(|part| {
                let equals = part.iter().position(|byte| *byte == b'=')?;
                let (name, text) = part.split_at(equals);
                // Before the first name, there may be a scheme.
                let name = name.trim_ascii().rsplit(|byte| *byte == b' ').next()?;
                let known = |known: &str| name.eq_ignore_ascii_case(known.trim_end_matches('=').as_bytes());
                let Part { prefix, field, suffix } =
                    named.parts.iter().find(|part| known(&part.name)).map(|part| &part.value)?;
                let field = (*field)?;
                let text = text.get(1..)?.trim_ascii_end();
                // A + that became a space may be the first letter of the signature.
                let text = if field == Field::Signature { text } else { text.trim_ascii_start() };
                Some((field, unframed(text, prefix, suffix)))
            })
            .collect(),
        Form::Positional(positional) => {
            let mut parts = value.split(|byte| *byte == positional.separator).map(<[u8]>::trim_ascii);
            let unframed =
                |part: &Part, text| Some((part.field?, unframed(text, &part.prefix, &part.suffix)));
            let first =
                positional.parts.iter().zip(parts.by_ref()).filter_map(|(part, text)| unframed(part, text));
            let mut fields: Vec<_> = first.collect();
            let repeated = &positional.repeated;
            let signatures = parts.filter(|text| text.starts_with(repeated.prefix.as_bytes()));
            fields.extend(signatures.filter_map(|text| unframed(repeated, text)));
            fields
        }
    }
}

/// Without what the profile puts around it, as far as that is there.
fn unframed<'a>(text: &'a [u8], prefix: &str, suffix: &str) -> &'a [u8] {
    let text = text.strip_prefix(prefix.as_bytes()).unwrap_or(text);
    text.strip_suffix(suffix.as_bytes()).unwrap_or(text)
}
