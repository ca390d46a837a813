//! A header of a profile: what it looks like when it is sent, and how its fields are read back.

use core::fmt;

use crate::header::{HeaderError, HeaderErrorKind, Parameters, check_length, visible_length};
use crate::shape::ByteSet;
use crate::template::{Field, Piece, TemplateError, parse};

/// What CGI puts in front of a header's name.
pub(crate) const CGI_PREFIX: &[u8] = b"HTTP_";

/// Longest template in bytes. Its fields together add less than 3072 bytes, which is what a header has room for besides.
const MAX_TEMPLATE_LENGTH: usize = 1024;

/// How many fields a header can have, if it has none twice.
const MAX_FIELDS: usize = Field::SENT.len();

/// The texts of a header's fields, and where they start in it.
type FoundFields<'h> = [(&'h [u8], usize); MAX_FIELDS];

/// A header's name and its template.
#[derive(Clone, Debug)]
pub struct HeaderTemplate {
    name: Box<str>,
    text: Box<str>,
    pieces: Vec<Piece>,
    form: Form,
}

/// How the fields are read back.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// No field. It is sent; when a request comes in, its value is not looked at, since nobody signs it.
    Constant,
    /// One field between two literals, either of which may be empty.
    Value { prefix: Box<str>, field: Field, suffix: Box<str> },
    /// `name={field}; name={field}`, with `;` or `,` in between.
    List { separator: u8, parameters: Vec<(Box<str>, Field)> },
}

impl HeaderTemplate {
    /// Parses a name and its template.
    ///
    /// # Errors
    ///
    /// [`HeaderTemplateError`] when the name is no HTTP field name, when the template is not valid, and when it has several
    /// fields without being a parameter list.
    pub fn parse(name: &str, template: &str) -> Result<Self, HeaderTemplateError> {
        if name.is_empty() || !name.bytes().all(|byte| ByteSet::TOKEN.contains(byte)) {
            return Err(HeaderTemplateError::Name);
        }
        if template.len() > MAX_TEMPLATE_LENGTH {
            return Err(HeaderTemplateError::TooLong);
        }
        if let Some(offset) = template.bytes().position(|byte| !(b' '..=b'~').contains(&byte)) {
            return Err(HeaderTemplateError::ForbiddenByte { offset });
        }
        let pieces = parse(template, Field::SENT).map_err(HeaderTemplateError::Template)?;
        let form = Form::of(&pieces).ok_or(HeaderTemplateError::Shape)?;
        Ok(Self { name: name.into(), text: template.into(), pieces, form })
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

    /// Reads a list that is spelled exactly as [`Self::write`] spells it, which is how nearly all of them come, at a
    /// fraction of what the grammar costs. False for every other spelling, and for whatever is wrong: the grammar knows
    /// what to say. What is read here, the grammar reads in the same way.
    fn read_as_written<'h>(&self, header: &'h [u8], separator: u8, found: &mut FoundFields<'h>) -> bool {
        if check_length(header).is_err() {
            return false;
        }
        let mut rest = header;
        let (parameters, _) = self.pieces.as_chunks::<2>();
        for (parameter, found) in parameters.iter().zip(found) {
            let [Piece::Literal(name), Piece::Field(_)] = parameter else { return false };
            let Some(behind) = rest.strip_prefix(name.as_bytes()) else { return false };
            let (text, behind) = behind.split_at(visible_length(behind, separator));
            if text.is_empty() {
                return false;
            }
            *found = (text, header.len() - behind.len() - text.len());
            rest = behind;
        }
        rest.is_empty()
    }

    pub(crate) const fn form(&self) -> &Form {
        &self.form
    }

    /// The fields that the header carries.
    pub fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Field(field) => Some(*field),
            Piece::Literal(_) => None,
        })
    }

    /// Writes the value that is sent. `value` gives each field.
    pub fn write<'v>(&self, value: impl Fn(Field) -> &'v [u8], out: &mut Vec<u8>) {
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => out.extend_from_slice(text.as_bytes()),
                Piece::Field(field) => out.extend_from_slice(value(*field)),
            }
        }
    }

    /// Reads the fields back: calls `found` with each field, its text, and where that starts in the header.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] when the header does not follow its template, or whatever `found` returns.
    pub fn read<'h>(
        &self,
        header: &'h [u8],
        mut found: impl FnMut(Field, &'h [u8], usize) -> Result<(), HeaderError>,
    ) -> Result<(), HeaderError> {
        match &self.form {
            Form::Constant => Ok(()),
            Form::Value { prefix, field, suffix } => {
                check_length(header)?;
                let inner = unframe(header, prefix.as_bytes(), suffix.as_bytes())
                    .ok_or(HeaderError { offset: 0, kind: HeaderErrorKind::Frame })?;
                found(*field, inner, prefix.len())
            }
            Form::List { separator, parameters } => {
                let mut texts = FoundFields::default();
                if self.read_as_written(header, *separator, &mut texts) {
                    let mut fields = self.fields().zip(texts);
                    return fields.try_for_each(|(field, (text, offset))| found(field, text, offset));
                }
                let list = Parameters::parse(header, *separator)?;
                for (name, field) in parameters {
                    let parameter = list.require(name)?;
                    found(*field, parameter.value, parameter.offset)?;
                }
                Ok(())
            }
        }
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
    /// The name is no HTTP field name.
    Name,
    /// Several fields in a header that is no parameter list: they could not be told apart again.
    Shape,
    /// It is no template.
    Template(TemplateError),
    /// More than 1024 bytes: what the template writes has to stay below what may be read.
    TooLong,
}

impl fmt::Display for HeaderTemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForbiddenByte { offset } => write!(f, "a byte at {offset} that cannot stand in a header"),
            Self::Name => f.write_str("no HTTP field name"),
            Self::Shape => f.write_str("several fields that could not be told apart again"),
            Self::Template(error) => error.fmt(f),
            Self::TooLong => f.write_str("more than 1024 bytes"),
        }
    }
}

/// What stands between a prefix and a suffix. Most are empty, and are not looked for: to compare nothing takes some C
/// libraries longer than to compare something, since they do it with all lanes of a vector masked out.
fn unframe<'h>(header: &'h [u8], prefix: &[u8], suffix: &[u8]) -> Option<&'h [u8]> {
    let rest = if prefix.is_empty() { header } else { header.strip_prefix(prefix)? };
    if suffix.is_empty() { Some(rest) } else { rest.strip_suffix(suffix) }
}

impl Form {
    fn of(pieces: &[Piece]) -> Option<Self> {
        match pieces {
            [] | [Piece::Literal(_)] => Some(Self::Constant),
            [Piece::Field(field)] => Some(Self::value("", *field, "")),
            [Piece::Literal(prefix), Piece::Field(field)] => Some(Self::value(prefix, *field, "")),
            [Piece::Field(field), Piece::Literal(suffix)] => Some(Self::value("", *field, suffix)),
            [Piece::Literal(prefix), Piece::Field(field), Piece::Literal(suffix)] => {
                Some(Self::value(prefix, *field, suffix))
            }
            _ => Self::list(pieces),
        }
    }

    fn value(prefix: &str, field: Field, suffix: &str) -> Self {
        Self::Value { prefix: prefix.into(), field, suffix: suffix.into() }
    }

    fn list(pieces: &[Piece]) -> Option<Self> {
        let mut separator = None;
        let mut parameters: Vec<(Box<str>, Field)> = Vec::new();
        let mut rest = pieces;
        while let [Piece::Literal(literal), Piece::Field(field), tail @ ..] = rest {
            let mut name = literal.strip_suffix('=')?;
            if !parameters.is_empty() {
                let first = *name.as_bytes().first().filter(|byte| b";,".contains(byte))?;
                if *separator.get_or_insert(first) != first {
                    return None;
                }
                name = name.get(1..)?.trim_start_matches(' ');
            }
            let token = !name.is_empty() && name.bytes().all(|byte| ByteSet::TOKEN.contains(byte));
            let same =
                |(other, known): &(Box<str>, Field)| other.eq_ignore_ascii_case(name) || known == field;
            let twin = parameters.iter().any(same);
            if !token || twin {
                return None;
            }
            parameters.push((name.into(), *field));
            rest = tail;
        }
        rest.is_empty().then_some(Self::List { separator: separator?, parameters })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn read(template: &str, header: &str) -> Result<Vec<(Field, String, usize)>, HeaderErrorKind> {
        let template = HeaderTemplate::parse("X-Test", template).unwrap();
        let mut fields = Vec::new();
        template
            .read(header.as_bytes(), |field, text, offset| {
                fields.push((field, String::from_utf8_lossy(text).into_owned(), offset));
                Ok(())
            })
            .map(|()| fields)
            .map_err(|error| error.kind)
    }

    #[test]
    fn one_field_in_its_frame() {
        let signature = |text: &str, offset| Ok(vec![(Field::Signature, text.to_owned(), offset)]);
        assert_eq!(read("{signature}", "abc"), signature("abc", 0));
        assert_eq!(read("sha256={signature}", "sha256=abc"), signature("abc", 7));
        assert_eq!(read("v1,{signature}", "v1,abc"), signature("abc", 3));
        assert_eq!(read("sha256={signature}", "sha1=abc"), Err(HeaderErrorKind::Frame));
        assert_eq!(read("sha256={signature}", "SHA256=abc"), Err(HeaderErrorKind::Frame));
        assert_eq!(read("HMAC {signature}", "HMAC abc"), signature("abc", 5));
    }

    #[test]
    fn a_parameter_list_with_either_separator() {
        let expected =
            |a, b| Ok(vec![(Field::Timestamp, "1".to_owned(), a), (Field::Signature, "abc".to_owned(), b)]);
        let huawei = "timestamp={timestamp}; value={signature}";
        assert_eq!(read(huawei, "timestamp=1; value=abc"), expected(10, 19));
        assert_eq!(read(huawei, "VALUE=abc;x=1;timestamp=1"), expected(24, 6));
        let stripe = "t={timestamp},v1={signature}";
        assert_eq!(read(stripe, "t=1,v1=abc,v0=def"), expected(2, 7));
        assert_eq!(read(stripe, "t=1,v1=abc,v1=def"), Err(HeaderErrorKind::Repeated));
    }

    #[test]
    fn a_header_goes_by_its_own_name_and_by_that_of_cgi() {
        let header = HeaderTemplate::parse("X-HW-SIGNATURE", "{signature}").unwrap();
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
    fn the_way_it_is_written_reads_as_the_grammar_reads_it() {
        let template = "timestamp={timestamp}; nonce={nonce}; value={signature}";
        let header = HeaderTemplate::parse("X-Test", template).unwrap();
        let as_written =
            |text: &str| header.read_as_written(text.as_bytes(), b';', &mut FoundFields::default());
        assert!(as_written("timestamp=1; nonce=:; value=abc="));
        for text in [
            "",
            "timestamp=1;nonce=:; value=abc",
            "timestamp=; nonce=:; value=abc",
            "timestamp=1; nonce=:; value=",
            "timestamp=1; nonce=:; value=abc; x=1",
            "timestamp=1; nonce=:; value=a bc",
            "timestamp=1\0; nonce=:; value=abc",
            "Timestamp=1; nonce=:; value=abc",
        ] {
            assert!(!as_written(text), "{text}");
        }
        let spelled_otherwise = "Value=abc=;nonce=:;timestamp=1";
        let sorted =
            |text| read(template, text).map(|fields| fields.into_iter().map(|(f, t, _)| (f, t)).collect());
        let (a, b): (Result<Vec<_>, _>, Result<Vec<_>, _>) =
            (sorted("timestamp=1; nonce=:; value=abc="), sorted(spelled_otherwise));
        assert_eq!(a, b);
    }

    #[test]
    fn a_constant_is_not_read() {
        assert_eq!(read("true", "false"), Ok(vec![]));
    }

    #[test]
    fn fields_that_cannot_be_told_apart_are_refused() {
        for template in [
            "{timestamp}{signature}",
            "{timestamp}.{signature}",
            "t={timestamp} v={signature}",
            "t={timestamp};v={signature},n={nonce}",
            "t={timestamp}; t={signature}",
            "t={timestamp}; u={timestamp}",
            "t={timestamp}; v={signature};",
            "{timestamp}; v={signature}",
            "=t={timestamp}; v={signature}",
        ] {
            assert_eq!(
                HeaderTemplate::parse("X-Test", template).unwrap_err(),
                HeaderTemplateError::Shape,
                "{template}"
            );
        }
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_refused() {
        for name in ["", "X Test", "X:", "X-T\u{e9}st", "X\n"] {
            let error = HeaderTemplate::parse(name, "{signature}").unwrap_err();
            assert_eq!(error, HeaderTemplateError::Name);
        }
        for template in ["a\nb", "\0{signature}", "caf\u{e9}"] {
            let error = HeaderTemplate::parse("X-Test", template).unwrap_err();
            assert!(matches!(error, HeaderTemplateError::ForbiddenByte { .. }), "{error}");
        }
        let long = format!("{}{{signature}}", "a".repeat(MAX_TEMPLATE_LENGTH));
        let error = HeaderTemplate::parse("X-Test", &long).unwrap_err();
        assert_eq!(error.to_string(), "more than 1024 bytes");
        let error = HeaderTemplate::parse("X-Test", "{payload}").unwrap_err();
        assert_eq!(
            error.to_string(),
            "an unknown field \"{payload}\"; there are {timestamp}, {nonce}, {signature}, {key_id}"
        );
    }
}
