//! The template language: literals and `{field}`s, parsed once, written piece by piece.
//!
//! Built-in profiles and custom ones are written in it, the string to sign as well as the headers.

use core::fmt;

use crate::key::Hash;
use crate::nonce::Nonce;
use crate::shape::{ByteSet, Shape, ambiguity};
use crate::timestamp::Timestamp;

/// What a profile says of the fields whose texts are not the same in all profiles.
#[derive(Clone, Copy, Debug, Default)]
pub struct Grammars<'a> {
    /// What a nonce may be.
    pub nonce: Option<&'a Nonce>,
    /// What a timestamp may be; 1 to 19 digits where nothing is said.
    pub timestamp: Option<Timestamp>,
}

/// What a template can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The HTTP method, in upper case.
    Method,
    /// The path of the target, percent-decoded, as Django's `request.path` has it.
    Path,
    /// The canonical query: see [`crate::request::Target::canonical_query`].
    Query,
    /// The timestamp, as it is sent.
    Timestamp,
    /// The nonce, as it is sent.
    Nonce,
    /// The payload, byte for byte.
    Payload,
    /// The SHA-256 of the payload, in lower-case hex.
    PayloadSha256,
    /// The id of the key.
    KeyId,
    /// The digest as text. Only headers have it.
    Signature,
}

impl Field {
    /// What a string to sign can name.
    pub const SIGNED: &'static [Self] = &[
        Self::Method,
        Self::Path,
        Self::Query,
        Self::Timestamp,
        Self::Nonce,
        Self::Payload,
        Self::PayloadSha256,
        Self::KeyId,
    ];
    /// What a header can name.
    pub const SENT: &'static [Self] = &[Self::Timestamp, Self::Nonce, Self::Signature, Self::KeyId];

    /// The name between the braces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Path => "path",
            Self::Query => "query",
            Self::Timestamp => "timestamp",
            Self::Nonce => "nonce",
            Self::Payload => "payload",
            Self::PayloadSha256 => "payload_sha256",
            Self::KeyId => "key_id",
            Self::Signature => "signature",
        }
    }

    /// All texts that the field can be.
    #[must_use]
    pub fn shape(self, grammars: Grammars<'_>) -> Shape {
        let run = |set, min| Shape::Run { set, min };
        match self {
            Self::Method => run(ByteSet::TOKEN, 1),
            Self::Path => run(ByteSet::TEXT, 1),
            Self::Query => run(ByteSet::UNRESERVED.with(b"%&="), 0),
            Self::Timestamp => grammars.timestamp.map_or_else(|| run(ByteSet::DIGITS, 1), Timestamp::shape),
            Self::Nonce => grammars.nonce.map_or_else(|| run(ByteSet::ALL, 0), Nonce::shape),
            Self::Payload => run(ByteSet::ALL, 0),
            Self::PayloadSha256 => Shape::Fixed(vec![ByteSet::LOWER_HEX; 64]),
            Self::KeyId => run(ByteSet::PLAIN, 1),
            // Whatever the encoding, so that another one changes nothing here.
            Self::Signature => run(ByteSet::ENCODED, 1),
        }
    }
}

/// As in a template, braces included.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}", self.name())
    }
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that stands as it is.
    Literal(Box<str>),
    /// Something to fill in.
    Field(Field),
}

impl Piece {
    pub(crate) fn field(&self) -> Option<Field> {
        match self {
            Self::Field(field) => Some(*field),
            Self::Literal(_) => None,
        }
    }
}

/// Takes a template apart. Braces stand for fields only: there is no way to write one as itself.
///
/// # Errors
///
/// [`TemplateError`] for an unpaired brace, and for a field that is not among `known`.
pub fn parse(template: &str, known: &'static [Field]) -> Result<Vec<Piece>, TemplateError> {
    let mut pieces = Vec::new();
    let mut rest = template;
    let offset = |rest: &str| template.len() - rest.len();
    while !rest.is_empty() {
        let (literal, field) = match rest.find(['{', '}']) {
            None => (rest, None),
            Some(brace) => {
                let (literal, opened) = rest.split_at(brace);
                let error = TemplateError::Brace { offset: offset(opened) };
                let inner = opened.strip_prefix('{').ok_or_else(|| error.clone())?;
                let (name, after) = inner.split_once('}').ok_or(error)?;
                (literal, Some((name, after)))
            }
        };
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal.into()));
        }
        let Some((name, after)) = field else { break };
        match known.iter().find(|field| field.name() == name) {
            Some(field) => pieces.push(Piece::Field(*field)),
            None => {
                return Err(TemplateError::UnknownField { name: name.into(), known });
            }
        }
        rest = after;
    }
    Ok(pieces)
}

/// Why a text is not a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateError {
    /// A `{` without its `}`, or the reverse.
    Brace {
        /// Bytes from the start of the template.
        offset: usize,
    },
    /// A field that this kind of template does not have.
    UnknownField {
        /// The name between the braces.
        name: Box<str>,
        /// The names that would have been right.
        known: &'static [Field],
    },
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Brace { offset } => write!(f, "an unpaired brace at byte {offset}"),
            Self::UnknownField { name, known } => {
                write!(f, "an unknown field \"{{{name}}}\"; there are")?;
                for (index, field) in known.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma} {field}")?;
                }
                Ok(())
            }
        }
    }
}

/// What fills the fields of a string to sign, but for the payload.
#[derive(Clone, Copy, Debug, Default)]
pub struct Values<'a> {
    /// In upper case.
    pub method: &'a [u8],
    /// Percent-decoded.
    pub path: &'a [u8],
    /// In canonical form.
    pub query: &'a [u8],
    /// As it is sent.
    pub timestamp: &'a [u8],
    /// As it is sent.
    pub nonce: &'a [u8],
    /// As it is sent.
    pub key_id: &'a [u8],
}

impl<'a> Values<'a> {
    fn get(&self, field: Field) -> &'a [u8] {
        match field {
            Field::Method => self.method,
            Field::Path => self.path,
            Field::Query => self.query,
            Field::Timestamp => self.timestamp,
            Field::Nonce => self.nonce,
            Field::KeyId => self.key_id,
            Field::Payload | Field::PayloadSha256 | Field::Signature => &[],
        }
    }
}

/// The template of a string to sign, cut in two where the payload goes, so that a payload can also be streamed.
#[derive(Clone, Debug)]
pub struct StringToSign {
    text: Box<str>,
    before: Vec<Piece>,
    hashed: bool,
    after: Vec<Piece>,
    fields: Vec<Field>,
    signs_request: bool,
}

impl StringToSign {
    /// Parses the template.
    ///
    /// # Errors
    ///
    /// [`StringToSignError`] for a bad template, and when not exactly one of `{payload}` and `{payload_sha256}` is in it.
    pub fn parse(template: &str) -> Result<Self, StringToSignError> {
        let pieces = parse(template, Field::SIGNED).map_err(StringToSignError::Template)?;
        let fields: Vec<Field> = pieces.iter().filter_map(Piece::field).collect();
        let of_request = [Field::Method, Field::Path, Field::Query];
        let signs_request = fields.iter().any(|field| of_request.contains(field));
        let mut pieces = pieces.into_iter();
        let mut before = Vec::new();
        let hashed = loop {
            match pieces.next() {
                Some(Piece::Field(Field::Payload)) => break false,
                Some(Piece::Field(Field::PayloadSha256)) => break true,
                Some(piece) => before.push(piece),
                None => return Err(StringToSignError::Payload),
            }
        };
        let after: Vec<Piece> = pieces.collect();
        let again = [Field::Payload, Field::PayloadSha256].map(Piece::Field);
        if after.iter().any(|piece| again.contains(piece)) {
            return Err(StringToSignError::Payload);
        }
        Ok(Self { text: template.into(), before, hashed, after, fields, signs_request })
    }

    /// The template as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the template has the field.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        self.fields.contains(&field)
    }

    /// Whether the method is signed.
    #[must_use]
    pub fn signs_method(&self) -> bool {
        self.has(Field::Method)
    }

    /// Whether something of the target is signed.
    #[must_use]
    pub fn signs_target(&self) -> bool {
        self.has(Field::Path) || self.has(Field::Query)
    }

    /// Whether the method, the path or the query is signed.
    #[must_use]
    pub const fn signs_request(&self) -> bool {
        self.signs_request
    }

    /// The fields, from left to right.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Two fields that could trade bytes, if there are any.
    #[must_use]
    pub fn ambiguity(&self, grammars: Grammars<'_>) -> Option<(Field, Field)> {
        let pieces = self.pieces();
        let shapes: Vec<Shape> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => Shape::literal(text.as_bytes()),
                Piece::Field(field) => field.shape(grammars),
            })
            .collect();
        let (first, second) = ambiguity(&shapes)?;
        match (pieces.get(first)?, pieces.get(second)?) {
            (Piece::Field(first), Piece::Field(second)) => Some((*first, *second)),
            _ => None,
        }
    }

    /// What stands for the payload: itself, or its hash.
    #[must_use]
    #[inline]
    pub fn payload<'a>(&self, payload: &'a [u8]) -> PayloadText<'a> {
        if self.hashed { PayloadText::Sha256(Hash::hex(payload)) } else { PayloadText::Itself(payload) }
    }

    /// Writes the string to sign, piece by piece.
    #[inline]
    pub fn write(&self, values: &Values<'_>, payload: &[u8], sink: &mut impl FnMut(&[u8])) {
        self.write_before(values, sink);
        sink(payload);
        self.write_after(values, sink);
    }

    /// Writes what stands before the payload.
    #[inline]
    pub fn write_before(&self, values: &Values<'_>, sink: &mut impl FnMut(&[u8])) {
        write_pieces(&self.before, values, sink);
    }

    /// Writes what stands after the payload.
    #[inline]
    pub fn write_after(&self, values: &Values<'_>, sink: &mut impl FnMut(&[u8])) {
        write_pieces(&self.after, values, sink);
    }

    /// A hash to feed the payload into, when the string to sign has the hash instead of the payload.
    #[must_use]
    pub fn payload_hash(&self) -> Option<Hash> {
        self.hashed.then(Hash::default)
    }

    /// The whole template, in order.
    pub(crate) fn pieces(&self) -> Vec<Piece> {
        let payload = if self.hashed { Field::PayloadSha256 } else { Field::Payload };
        let before = self.before.iter().cloned();
        before.chain([Piece::Field(payload)]).chain(self.after.iter().cloned()).collect()
    }
}

/// Why a string to sign could not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StringToSignError {
    /// Not exactly one of `{payload}` and `{payload_sha256}`.
    Payload,
    /// It is no template.
    Template(TemplateError),
}

impl fmt::Display for StringToSignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payload => f.write_str(
                "must have {payload} or {payload_sha256}, one of them and once, or the payload would not be protected",
            ),
            Self::Template(error) => write!(f, "has {error}"),
        }
    }
}

#[inline]
pub(crate) fn write_pieces(pieces: &[Piece], values: &Values<'_>, sink: &mut impl FnMut(&[u8])) {
    for piece in pieces {
        match piece {
            Piece::Literal(text) => sink(text.as_bytes()),
            Piece::Field(field) => sink(values.get(*field)),
        }
    }
}

/// What stands for the payload in a string to sign.
#[derive(Clone, Copy, Debug)]
pub enum PayloadText<'a> {
    /// The payload, not copied.
    Itself(&'a [u8]),
    /// Its SHA-256, in lower-case hex.
    Sha256([u8; 64]),
}

impl PayloadText<'_> {
    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Itself(bytes) => bytes,
            Self::Sha256(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timestamp::TimestampFormat;

    #[track_caller]
    fn written(template: &str, payload: &[u8]) -> String {
        let string_to_sign = StringToSign::parse(template).unwrap();
        let values = Values {
            method: b"POST",
            path: b"/p",
            query: b"a=1",
            timestamp: b"17",
            nonce: b"n",
            key_id: b"k",
        };
        let mut text = Vec::new();
        let payload = string_to_sign.payload(payload);
        string_to_sign.write(&values, payload.as_bytes(), &mut |piece| {
            text.extend_from_slice(piece);
        });
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn every_field_is_filled_in() {
        assert_eq!(
            written("{method} {path}?{query} {timestamp} {nonce} {key_id} {payload}!", b"body"),
            "POST /p?a=1 17 n k body!"
        );
    }

    #[test]
    fn the_payload_can_stand_as_its_hash() {
        assert_eq!(
            written("v0:{payload_sha256}", b""),
            "v0:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn unpaired_braces_are_located() {
        for (template, offset) in [("{payload", 0), ("a}{payload}", 1), ("{payload}{", 9), ("ab{", 2)] {
            let error = StringToSign::parse(template).unwrap_err();
            let expected = StringToSignError::Template(TemplateError::Brace { offset });
            assert_eq!(error, expected, "{template}");
        }
    }

    #[test]
    fn an_unknown_field_is_named_with_the_ones_there_are() {
        let error = StringToSign::parse("{body}").unwrap_err();
        assert_eq!(
            error.to_string(),
            "has an unknown field \"{body}\"; there are {method}, {path}, {query}, {timestamp}, {nonce}, \
             {payload}, {payload_sha256}, {key_id}"
        );
        assert!(StringToSign::parse("{payload}{signature}").is_err());
        assert!(StringToSign::parse("{}{payload}").is_err());
        assert!(StringToSign::parse("{ payload }").is_err());
    }

    #[test]
    fn the_payload_must_be_signed_once() {
        for template in ["", "{timestamp}", "{payload}{payload}", "{payload}.{payload_sha256}"] {
            let error = StringToSign::parse(template).unwrap_err();
            assert_eq!(error, StringToSignError::Payload, "{template}");
        }
    }

    #[test]
    fn fields_that_can_trade_bytes_are_named() {
        let ambiguity_with = |template: &str, nonce: &str, timestamp: Timestamp| {
            let string_to_sign = StringToSign::parse(template).unwrap();
            string_to_sign
                .ambiguity(Grammars { nonce: Nonce::parse(nonce).as_ref(), timestamp: Some(timestamp) })
        };
        let seconds = Timestamp::new(TimestampFormat::Seconds);
        let ambiguity = |template: &str, nonce: &str| ambiguity_with(template, nonce, seconds);
        let both = Some((Field::Nonce, Field::Payload));
        assert_eq!(ambiguity("{nonce}{payload}", "[A-Za-z0-9+/]{64}"), None);
        assert_eq!(ambiguity("{nonce}{payload}", "[A-Za-z0-9]{32,128}"), both);
        assert_eq!(ambiguity("{nonce}.{payload}", "[A-Za-z0-9]{32,128}"), None);
        assert_eq!(ambiguity("{nonce}.{payload}", "[A-Za-z0-9.]{32,128}"), both);
        assert_eq!(ambiguity("{timestamp}{nonce}{payload}", ":"), None);
        assert_eq!(ambiguity("{timestamp}{nonce}{payload}", "uuid"), None);
        assert_eq!(
            ambiguity("{timestamp}{nonce}{payload}", "[0-9a-f]{36}"),
            Some((Field::Timestamp, Field::Payload))
        );
        assert_eq!(ambiguity("{method}{path}\n{payload}", "uuid"), Some((Field::Method, Field::Path)));
        let date = Timestamp::new(TimestampFormat::Rfc3339);
        assert_eq!(ambiguity_with("{timestamp}{payload}", ":", date), None);
        assert_eq!(ambiguity_with("{payload}{timestamp}", ":", date), None);
        assert_eq!(ambiguity_with("{nonce}{timestamp}{payload}", "uuid", date), None);
        assert_eq!(ambiguity_with("{nonce}{timestamp}{payload}", "[A-Za-z0-9]{8,128}", date), None);
        assert_eq!(ambiguity_with("{nonce}{timestamp}{payload}", "[A-Za-z0-9:-]{8,128}", date), both);
        assert_eq!(
            ambiguity_with("{payload}{timestamp}{nonce}", "[A-Za-z0-9]{8,128}", date),
            Some((Field::Payload, Field::Nonce))
        );
        let basic = Timestamp::new(TimestampFormat::Iso8601Basic);
        assert_eq!(ambiguity_with("{payload}{timestamp}", ":", basic), None);
        let fixed = seconds.with_fixed_digits().unwrap();
        assert_eq!(ambiguity_with("{timestamp}{payload}", ":", fixed), None);
        assert_eq!(ambiguity_with("{payload}{timestamp}", ":", fixed), None);
        assert_eq!(ambiguity("{timestamp}{payload}", ":"), Some((Field::Timestamp, Field::Payload)));
    }
}
