//! The forms of a header: how the fields of a template stand in it, and how they are read back.

use core::fmt;

use crate::header::{
    HeaderError, HeaderErrorKind, ListPart, MAX_PARTS, MAX_SIGNATURES, Parts, read_parameters,
};
use crate::shape::{ByteSet, Cuts, Shape};
use crate::template::{Field, Grammars, Piece, TemplateError, parse};

/// What stands at the end of a template, behind a separator, whose part with `{signature}` may come several times.
const REPEAT: &str = "...";
/// Longest text between two signatures, so that a header with as many as there may be stays below what may be read.
const MAX_BETWEEN: usize = 64;
/// How many pieces a template can have: each field once, and literals around them.
const MAX_PIECES: usize = 2 * Field::SENT.len() + 1;
/// What a text between quotation marks does not have, since it would have to be escaped there.
const UNQUOTABLE: &[u8] = b"\"\\";

/// How the fields stand in a header.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// No field. It is sent; when a request comes in, its value is not looked at, since nobody signs it.
    Constant,
    /// Parts that go by their names.
    Named(Named),
    /// Parts that go by their places.
    Positional(Positional),
    /// Fields and literals one after the other.
    Sequence(Sequence),
}

/// A template that was taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// How it is read.
    pub(crate) form: Form,
    /// What is written where there is one signature.
    pub(crate) pieces: Vec<Piece>,
    /// What is written between two signatures, where several may come.
    pub(crate) between: Option<Box<str>>,
    /// Whether the key id stands between quotation marks.
    pub(crate) quotes_key_id: bool,
}

impl Layout {
    /// Takes a template apart. It has the first of the forms that fits: named, positional, sequence.
    ///
    /// # Errors
    ///
    /// [`FormError`] when none fits, or when what it writes could not be read back.
    pub(crate) fn of(template: &str, grammars: Grammars<'_>) -> Result<Self, FormError> {
        let pieces = parse(template, Field::SENT).map_err(FormError::Template)?;
        let mut fields: Vec<Field> = Vec::new();
        for field in pieces.iter().filter_map(Piece::field) {
            if fields.contains(&field) {
                return Err(FormError::FieldTwice(field));
            }
            fields.push(field);
        }
        if template.starts_with(' ') || template.ends_with(' ') {
            return Err(FormError::Edge);
        }
        let plain = |form| Self { form, pieces: pieces.clone(), between: None, quotes_key_id: false };
        let layout = if fields.is_empty() {
            plain(Form::Constant)
        } else if let Some(list) = template.strip_suffix(REPEAT) {
            Self::repeating(list, grammars)?
        } else {
            let named = |separator| Named::of(template, separator, false, grammars);
            match named(b',').or_else(|| named(b';')) {
                Some(named) => plain(Form::Named(named)),
                None => plain(Form::Sequence(Sequence::of(&pieces, grammars)?)),
            }
        };
        if is_quoted(&layout.pieces, Field::Nonce)
            && grammars.nonce.is_some_and(|nonce| has_any(&nonce.shape(), UNQUOTABLE))
        {
            return Err(FormError::QuotedNonce);
        }
        let quotes_key_id = is_quoted(&layout.pieces, Field::KeyId);
        Ok(Self { quotes_key_id, ..layout })
    }

    /// A list whose part with the signature may come several times; `list` ends in the separator.
    fn repeating(list: &str, grammars: Grammars<'_>) -> Result<Self, FormError> {
        let trimmed = list.trim_end_matches(' ');
        let (body, separator) = match trimmed.as_bytes() {
            [body @ .., separator @ (b',' | b';')] => (body, *separator),
            body if list.len() == body.len() + 1 => (body, b' '),
            _ => return Err(FormError::Repetition),
        };
        let (body, joint) =
            list.split_at(list.get(..body.len()).unwrap_or_default().trim_end_matches(' ').len());
        let named = if separator == b' ' { None } else { Named::of(body, separator, true, grammars) };
        let (between, form) = match named {
            Some(named) => (named.between(joint), Form::Named(named)),
            None => {
                let positional = Positional::of(body, separator, grammars).ok_or(FormError::Repetition)?;
                (format!("{joint}{}", positional.repeated.prefix), Form::Positional(positional))
            }
        };
        if between.len() > MAX_BETWEEN {
            return Err(FormError::TooFarApart);
        }
        let pieces = parse(body, Field::SENT).map_err(FormError::Template)?;
        Ok(Self { form, pieces, between: Some(between.into()), quotes_key_id: false })
    }

    /// Reads the fields back: calls `found` with each field, its text, and where that starts in the header.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] when the header does not have the form, or whatever `found` returns.
    #[inline]
    pub(crate) fn read<'h>(
        &self,
        header: &'h [u8],
        mut found: impl FnMut(Field, &'h [u8], usize) -> Result<(), HeaderError>,
    ) -> Result<(), HeaderError> {
        let found = |field, text: &'h [u8], start| {
            if field == Field::KeyId
                && self.quotes_key_id
                && let Some((at, byte)) = text.iter().enumerate().find(|(_, byte)| UNQUOTABLE.contains(byte))
            {
                let kind = HeaderErrorKind::ForbiddenByte(*byte);
                return Err(HeaderError { offset: start + at, kind });
            }
            found(field, text, start)
        };
        match &self.form {
            Form::Constant => Ok(()),
            Form::Named(named) => named.read(header, found),
            Form::Positional(positional) => positional.read(header, found),
            Form::Sequence(sequence) => sequence.read(header, found),
        }
    }
}

/// `name=value` parts with `,` or `;` in between, in any order, perhaps behind a scheme and a space. A value is a field
/// between two literals, or always the same; one that is always the same may be missing.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    /// With its space; empty where there is none.
    scheme: Box<str>,
    pub(crate) separator: u8,
    pub(crate) parts: Vec<NamedPart>,
    /// Which one may come several times.
    repeated: Option<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct NamedPart {
    /// With its `=`.
    pub(crate) name: Box<str>,
    pub(crate) value: Part,
}

impl AsRef<str> for NamedPart {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

impl Named {
    fn of(template: &str, separator: u8, repeats: bool, grammars: Grammars<'_>) -> Option<Self> {
        let (scheme, list) = match template.find(' ') {
            Some(space) if template.bytes().take(space).all(|byte| ByteSet::TOKEN.contains(byte)) => {
                template.split_at(space + 1)
            }
            _ => ("", template),
        };
        let mut parts: Vec<NamedPart> = Vec::new();
        for text in list.split(char::from(separator)) {
            let text = if parts.is_empty() { text.trim_end_matches(' ') } else { text.trim_matches(' ') };
            let (name, value) = text.split_at(text.find('=')? + 1);
            let token =
                name.len() > 1 && name.bytes().rev().skip(1).all(|byte| ByteSet::TOKEN.contains(byte));
            let value = Part::of(value, separator, grammars)?;
            if !token || parts.iter().any(|part| part.name.eq_ignore_ascii_case(name)) {
                return None;
            }
            parts.push(NamedPart { name: name.into(), value });
        }
        let repeated = if repeats {
            Some(parts.iter().position(|part| part.value.field == Some(Field::Signature))?)
        } else {
            None
        };
        let is_list = repeats || parts.len() > 1;
        (is_list && parts.len() <= MAX_PARTS).then(|| Self {
            scheme: scheme.into(),
            separator,
            parts,
            repeated,
        })
    }

    /// From the end of one signature to the start of the next.
    fn between(&self, joint: &str) -> String {
        let repeated = self.repeated.and_then(|index| self.parts.get(index));
        repeated.map_or_else(String::new, |NamedPart { name, value }| {
            format!("{}{joint}{name}{}", value.suffix, value.prefix)
        })
    }

    #[inline]
    fn read<'h>(
        &self,
        header: &'h [u8],
        mut found: impl FnMut(Field, &'h [u8], usize) -> Result<(), HeaderError>,
    ) -> Result<(), HeaderError> {
        let scheme = self.scheme.as_bytes();
        if !scheme.is_empty()
            && !header.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        {
            return Err(HeaderError { offset: 0, kind: HeaderErrorKind::Frame });
        }
        let mut signatures = 0;
        let list = Parts::new(header, scheme.len(), self.separator);
        let seen = read_parameters(list, &self.parts, self.repeated, |index, value, start| {
            let Some(part) = self.parts.get(index) else { return Ok(()) };
            if self.repeated == Some(index) {
                count_signature(&mut signatures, start)?;
            }
            part.value.read(value, start, &mut found)
        })?;
        let is_missing =
            |(index, part): &(usize, &NamedPart)| part.value.field.is_some() && seen >> index & 1 == 0;
        match self.parts.iter().enumerate().find(is_missing) {
            None => Ok(()),
            Some((_, part)) => {
                let name = part.name.trim_end_matches('=');
                Err(HeaderError { offset: header.len(), kind: HeaderErrorKind::Missing(name.into()) })
            }
        }
    }
}

/// Parts that each have their place, with `,`, `;` or a space in between. The last one is a literal and the signature, and
/// may come several times; parts with another literal there are skipped.
#[derive(Clone, Debug)]
pub(crate) struct Positional {
    pub(crate) separator: u8,
    /// What comes before the signatures.
    pub(crate) parts: Vec<Part>,
    pub(crate) repeated: Part,
}

impl Positional {
    fn of(template: &str, separator: u8, grammars: Grammars<'_>) -> Option<Self> {
        let parts = template.split(char::from(separator)).map(|text| {
            let text = if separator == b' ' { text } else { text.trim_matches(' ') };
            Part::of(text, separator, grammars)
        });
        let mut parts: Vec<Part> = parts.collect::<Option<_>>()?;
        let repeated = parts.pop()?;
        let last = repeated.field == Some(Field::Signature) && repeated.suffix.is_empty();
        (last && parts.len() < MAX_PARTS).then_some(Self { separator, parts, repeated })
    }

    #[inline]
    fn read<'h>(
        &self,
        header: &'h [u8],
        mut found: impl FnMut(Field, &'h [u8], usize) -> Result<(), HeaderError>,
    ) -> Result<(), HeaderError> {
        let missing = |part: &Part| HeaderError {
            offset: header.len(),
            kind: HeaderErrorKind::Missing(part.to_string().into()),
        };
        let mut list = Parts::new(header, 0, self.separator);
        let mut next = || match list.next(&[])? {
            Some(ListPart { text: [], start, .. }) => {
                Err(HeaderError { offset: start, kind: HeaderErrorKind::Empty })
            }
            part => Ok(part),
        };
        for part in &self.parts {
            let ListPart { text, start, .. } = next()?.ok_or_else(|| missing(part))?;
            part.read(text, start, &mut found)?;
        }
        let mut signatures = 0;
        while let Some(ListPart { text, start, .. }) = next()? {
            let prefix = self.repeated.prefix.as_bytes();
            if let Some(signature) = text.strip_prefix(prefix) {
                count_signature(&mut signatures, start)?;
                found(Field::Signature, signature, start + prefix.len())?;
            }
        }
        if signatures == 0 { Err(missing(&self.repeated)) } else { Ok(()) }
    }
}

/// A part of a list: a field between two literals, or a literal alone.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) prefix: Box<str>,
    pub(crate) field: Option<Field>,
    pub(crate) suffix: Box<str>,
}

impl Part {
    fn of(text: &str, separator: u8, grammars: Grammars<'_>) -> Option<Self> {
        let pieces = parse(text, Field::SENT).ok()?;
        let (prefix, field, suffix) = match &*pieces {
            [Piece::Literal(literal)] => (&**literal, None, ""),
            pieces => frame(pieces).map(|(prefix, field, suffix)| (prefix, Some(field), suffix))?,
        };
        // A space could not be told from those around a separator.
        let visible = prefix.bytes().chain(suffix.bytes()).all(|byte| byte.is_ascii_graphic());
        let apart = field.is_none_or(|field| !has_any(&field.shape(grammars), &[separator]));
        (visible && apart).then(|| Self { prefix: prefix.into(), field, suffix: suffix.into() })
    }

    #[inline]
    fn read<'h>(
        &self,
        text: &'h [u8],
        start: usize,
        found: &mut impl FnMut(Field, &'h [u8], usize) -> Result<(), HeaderError>,
    ) -> Result<(), HeaderError> {
        let inner = unframe(text, self.prefix.as_bytes(), self.suffix.as_bytes());
        match (self.field, inner) {
            (Some(field), Some(inner)) => found(field, inner, start + self.prefix.len()),
            (None, Some([])) => Ok(()),
            (None, _) => Err(HeaderError { offset: start, kind: HeaderErrorKind::Constant }),
            (Some(_), None) => Err(HeaderError { offset: start, kind: HeaderErrorKind::Frame }),
        }
    }
}

/// As in the template.
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.prefix)?;
        if let Some(field) = self.field {
            field.fmt(f)?;
        }
        f.write_str(&self.suffix)
    }
}

/// What stands between a prefix and a suffix. Most are empty, and are not looked for: to compare nothing takes some C
/// libraries longer than to compare something, since they do it with all lanes of a vector masked out.
fn unframe<'h>(text: &'h [u8], prefix: &[u8], suffix: &[u8]) -> Option<&'h [u8]> {
    let rest = if prefix.is_empty() { text } else { text.strip_prefix(prefix)? };
    if suffix.is_empty() { Some(rest) } else { rest.strip_suffix(suffix) }
}

fn count_signature(signatures: &mut usize, start: usize) -> Result<(), HeaderError> {
    *signatures += 1;
    if *signatures > MAX_SIGNATURES {
        return Err(HeaderError { offset: start, kind: HeaderErrorKind::TooManySignatures });
    }
    Ok(())
}

/// Fields and literals one after the other: what a string to sign may be too, judged and taken apart in the same way.
#[derive(Clone, Debug)]
pub(crate) struct Sequence {
    pieces: Vec<Piece>,
    cuts: Cuts,
}

impl Sequence {
    fn of(pieces: &[Piece], grammars: Grammars<'_>) -> Result<Self, FormError> {
        let shape = |piece: &Piece| match piece {
            Piece::Literal(text) => Shape::literal(text.as_bytes()),
            Piece::Field(Field::KeyId) if is_quoted(pieces, Field::KeyId) => {
                Shape::Run { set: ByteSet::PLAIN.without(UNQUOTABLE), min: 1 }
            }
            Piece::Field(field) => field.shape(grammars),
        };
        let shapes: Vec<Shape> = pieces.iter().map(shape).collect();
        let field = |index: usize| pieces.get(index).and_then(Piece::field);
        match Cuts::of(&shapes) {
            Ok(cuts) => Ok(Self { pieces: pieces.to_vec(), cuts }),
            Err((first, second)) => Err(match (field(first), field(second)) {
                (Some(first), Some(second)) => FormError::Ambiguous { first, second },
                // What trades bytes has no fixed length, so it is no literal.
                _ => FormError::Repetition,
            }),
        }
    }

    #[inline]
    fn read<'h>(
        &self,
        header: &'h [u8],
        mut found: impl FnMut(Field, &'h [u8], usize) -> Result<(), HeaderError>,
    ) -> Result<(), HeaderError> {
        if let [Piece::Field(field)] = &*self.pieces {
            // Nearly all headers, and nothing to cut.
            return found(*field, header, 0);
        }
        let error = |offset| HeaderError { offset, kind: HeaderErrorKind::Frame };
        let mut texts = [(&[][..], 0); MAX_PIECES];
        let split = self.cuts.split(header, |index, text, start| {
            if let Some(place) = texts.get_mut(index) {
                *place = (text, start);
            }
        });
        split.map_err(error)?;
        for (piece, (text, start)) in self.pieces.iter().zip(texts) {
            match piece {
                Piece::Literal(literal) if literal.as_bytes() == text => {}
                Piece::Literal(_) => return Err(error(start)),
                Piece::Field(field) => found(*field, text, start)?,
            }
        }
        Ok(())
    }
}

/// The one field, and the literals around it, which may be empty.
pub(crate) fn frame(pieces: &[Piece]) -> Option<(&str, Field, &str)> {
    match pieces {
        [Piece::Field(field)] => Some(("", *field, "")),
        [Piece::Literal(prefix), Piece::Field(field)] => Some((prefix, *field, "")),
        [Piece::Field(field), Piece::Literal(suffix)] => Some(("", *field, suffix)),
        [Piece::Literal(prefix), Piece::Field(field), Piece::Literal(suffix)] => {
            Some((prefix, *field, suffix))
        }
        _ => None,
    }
}

/// Whether a quotation mark stands on either side of the field.
fn is_quoted(pieces: &[Piece], field: Field) -> bool {
    pieces.windows(3).any(|around| match around {
        [Piece::Literal(before), Piece::Field(between), Piece::Literal(after)] => {
            *between == field && before.ends_with('"') && after.starts_with('"')
        }
        _ => false,
    })
}

/// Whether one of the bytes can occur.
fn has_any(shape: &Shape, bytes: &[u8]) -> bool {
    let can_have = |set: &ByteSet| bytes.iter().any(|byte| set.contains(*byte));
    match shape {
        Shape::Fixed(sets) => sets.iter().any(can_have),
        Shape::Run { set, .. } => can_have(set),
        Shape::Closed(closed) => {
            let (mark, set) = closed.option;
            closed.start.iter().chain(closed.ends.iter().flatten()).any(can_have)
                || can_have(&set.with(&[mark]))
        }
    }
}

/// Why what a template writes could not be read back. Each says what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormError {
    /// Two fields that could trade bytes.
    Ambiguous {
        /// The one on the left.
        first: Field,
        /// The one on the right.
        second: Field,
    },
    /// White space at an end, where HTTP takes it off.
    Edge,
    /// A field that stands twice.
    FieldTwice(Field),
    /// A nonce between quotation marks, which its grammar allows in it.
    QuotedNonce,
    /// A `...` that does not repeat the part with the signature.
    Repetition,
    /// It is no template.
    Template(TemplateError),
    /// More than 64 bytes between two signatures.
    TooFarApart,
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ambiguous { first, second } => write!(
                f,
                "{first} and {second}, which could not be told apart again; put a separator between them that cannot occur \
                 in one of them, or write them as \"name={{…}}; name={{…}}\""
            ),
            Self::Edge => f.write_str("a space at an end, which HTTP takes off"),
            Self::FieldTwice(field) => write!(f, "{field} twice"),
            Self::QuotedNonce => {
                f.write_str("{nonce} between quotation marks, so that its grammar must not have \" and \\")
            }
            Self::Repetition => f.write_str(
                "\"...\", which repeats the part with {signature}: it stands behind a list whose parts have one field each, \
                 such as \"t={timestamp},v1={signature},...\" and \"v1,{signature} ...\"",
            ),
            Self::Template(error) => error.fmt(f),
            Self::TooFarApart => f.write_str("more than 64 bytes between two signatures"),
        }
    }
}
