//! A header of a profile: what it looks like when it is sent, and how its fields are read back.

use core::fmt;

use crate::header::{HeaderError, MAX_SIGNATURES, check_length};
use crate::header_form::{Form, FormError, Layout, frame};
use crate::shape::ByteSet;
use crate::template::{Field, Grammars, Piece};

/// What CGI puts in front of a header's name.
pub(crate) const CGI_PREFIX: &[u8] = b"HTTP_";

/// Longest template in bytes. Its fields together add less than 3072 bytes, which is what a header has room for besides.
const MAX_TEMPLATE_LENGTH: usize = 1024;

/// A header's name and its template.
#[derive(Clone, Debug)]
pub struct HeaderTemplate {
    name: Box<str>,
    text: Box<str>,
    layout: Layout,
}

impl HeaderTemplate {
    /// Parses a name and its template; `grammars` are those of the profile.
    ///
    /// # Errors
    ///
    /// [`HeaderTemplateError`] when the name is no HTTP field name, when the template is not valid, and when what it writes
    /// could not be read back.
    pub fn parse(name: &str, template: &str, grammars: Grammars<'_>) -> Result<Self, HeaderTemplateError> {
        if name.is_empty() || !name.bytes().all(|byte| ByteSet::TOKEN.contains(byte)) {
            return Err(HeaderTemplateError::Name);
        }
        if template.len() > MAX_TEMPLATE_LENGTH {
            return Err(HeaderTemplateError::TooLong);
        }
        if let Some(offset) = template.bytes().position(|byte| !(b' '..=b'~').contains(&byte)) {
            return Err(HeaderTemplateError::ForbiddenByte { offset });
        }
        let layout = Layout::of(template, grammars).map_err(HeaderTemplateError::Form)?;
        Ok(Self { name: name.into(), text: template.into(), layout })
    }

    /// The name as it is sent.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the header goes by this name: its own in any letter case, with `-` and `_` as one, which is how frameworks
    /// hand it on; or the one that CGI, and so `$_SERVER`, gives it, which is in upper case throughout.
    #[must_use]
    pub fn is_named(&self, name: &[u8]) -> bool {
        let own = self.name.as_bytes();
        if name.len() == own.len() {
            return name == own || name.iter().zip(own).all(|(name, own)| fold(*name) == fold(*own));
        }
        name.strip_prefix(CGI_PREFIX).is_some_and(|name| {
            name.len() == own.len() && name.iter().zip(own).all(|(name, own)| *name == fold(*own))
        })
    }

    /// The lengths of the two names, as bits, counted modulo 64.
    #[must_use]
    pub(crate) fn name_lengths(&self) -> u64 {
        let bit = |length: usize| 1 << (length % 64);
        bit(self.name.len()) | bit(self.name.len() + CGI_PREFIX.len())
    }

    /// The template as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) const fn form(&self) -> &Form {
        &self.layout.form
    }

    /// What stands before and behind the field, where there is one field and no list.
    pub(crate) fn frame(&self) -> Option<(&str, Field, &str)> {
        frame(&self.layout.pieces)
    }

    /// The fields that the header carries.
    pub fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.layout.pieces.iter().filter_map(Piece::field)
    }

    /// Whether the header carries the signature.
    #[must_use]
    pub fn has_signature(&self) -> bool {
        self.fields().any(|field| field == Field::Signature)
    }

    /// Whether a key id can stand where the header has it, if it has one.
    #[must_use]
    pub fn can_send_key_id(&self, id: &str) -> bool {
        !self.layout.quotes_key_id || !id.contains(['"', '\\'])
    }

    /// How many signatures the header may carry.
    #[must_use]
    pub fn max_signatures(&self) -> usize {
        match (self.has_signature(), &self.layout.between) {
            (false, _) => 0,
            (true, None) => 1,
            (true, Some(_)) => MAX_SIGNATURES,
        }
    }

    /// Writes the value that is sent: `value` gives each field but for the signature. Of the signatures, as many are taken as
    /// the header may carry.
    pub fn write<'v>(
        &self,
        value: impl Fn(Field) -> &'v [u8],
        signatures: impl IntoIterator<Item = &'v [u8]>,
        out: &mut Vec<u8>,
    ) {
        let mut signatures = signatures.into_iter();
        for piece in &self.layout.pieces {
            match piece {
                Piece::Literal(text) => out.extend_from_slice(text.as_bytes()),
                Piece::Field(Field::Signature) => {
                    out.extend_from_slice(signatures.next().unwrap_or_default());
                    if let Some(between) = &self.layout.between {
                        for signature in signatures.by_ref() {
                            out.extend_from_slice(between.as_bytes());
                            out.extend_from_slice(signature);
                        }
                    }
                }
                Piece::Field(field) => out.extend_from_slice(value(*field)),
            }
        }
    }

    /// Reads the fields back: calls `found` with each field, its text, and where that starts in the header. The signature may
    /// come several times.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] when the header does not follow its template, or whatever `found` returns.
    #[inline]
    pub fn read<'h>(
        &self,
        header: &'h [u8],
        found: impl FnMut(Field, &'h [u8], usize) -> Result<(), HeaderError>,
    ) -> Result<(), HeaderError> {
        if !matches!(self.layout.form, Form::Constant) {
            check_length(header)?;
        }
        self.layout.read(header, found)
    }
}

/// A byte of a name as CGI writes it.
const fn fold(byte: u8) -> u8 {
    match byte {
        b'-' => b'_',
        byte => byte.to_ascii_uppercase(),
    }
}

/// Why a header of a profile could not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderTemplateError {
    /// A byte that cannot stand in a header.
    ForbiddenByte {
        /// Bytes from the start of the template.
        offset: usize,
    },
    /// The template has no form that could be read back.
    Form(FormError),
    /// The name is no HTTP field name.
    Name,
    /// More than 1024 bytes: what the template writes has to stay below what may be read.
    TooLong,
}

impl fmt::Display for HeaderTemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForbiddenByte { offset } => write!(f, "a byte at {offset} that cannot stand in a header"),
            Self::Form(error) => error.fmt(f),
            Self::Name => f.write_str("no HTTP field name"),
            Self::TooLong => f.write_str("more than 1024 bytes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_goes_by_its_own_name_and_by_that_of_cgi() {
        let header = HeaderTemplate::parse("X-HW-SIGNATURE", "{signature}", Grammars::default()).unwrap();
        for name in
            ["X-HW-SIGNATURE", "x-hw-signature", "X_HW_SIGNATURE", "x_hw-Signature", "HTTP_X_HW_SIGNATURE"]
        {
            assert!(header.is_named(name.as_bytes()), "{name}");
        }
        for name in [
            "",
            "http_x_hw_signature",
            "Http_X_HW_SIGNATURE",
            "HTTP_X_HW_SIGNATURe",
            "HTTP-X-HW-SIGNATURE",
            "HTTP_X-HW-SIGNATURE",
            "X-HW-SIGNATURE ",
            "X HW-SIGNATURE",
            "HTTP_",
        ] {
            assert!(!header.is_named(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_refused() {
        for name in ["", "X Test", "X:", "X-T\u{e9}st", "X\n"] {
            let error = HeaderTemplate::parse(name, "{signature}", Grammars::default()).unwrap_err();
            assert_eq!(error, HeaderTemplateError::Name);
        }
        for template in ["a\nb", "\0{signature}", "caf\u{e9}"] {
            let error = HeaderTemplate::parse("X-Test", template, Grammars::default()).unwrap_err();
            assert!(matches!(error, HeaderTemplateError::ForbiddenByte { .. }), "{error}");
        }
        let long = format!("{}{{signature}}", "a".repeat(MAX_TEMPLATE_LENGTH));
        let error = HeaderTemplate::parse("X-Test", &long, Grammars::default()).unwrap_err();
        assert_eq!(error.to_string(), "more than 1024 bytes");
        let error = HeaderTemplate::parse("X-Test", "{payload}", Grammars::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "an unknown field \"{payload}\"; there are {timestamp}, {nonce}, {signature}, {key_id}, {signed_headers}"
        );
    }
}
