//! The template language: literals and `{field}`s, parsed once, written piece by piece.
//!
//! Built-in profiles and custom ones are written in it, the string to sign as well as the headers.

use alloc::sync::Arc;
use core::fmt;

use crate::key::Hash;
use crate::nonce::Nonce;
use crate::shape::{ByteSet, Shape, ambiguity};
use crate::signed_headers::NAME;
use crate::timestamp::Timestamp;

/// Longest template of what is signed, in bytes.
const MAX_TEMPLATE_LENGTH: usize = 1024;
/// What stands in front of the name of another header.
const HEADER_PREFIX: &str = "header:";

/// What a profile says of the fields whose texts are not the same in all profiles.
#[derive(Clone, Copy, Debug, Default)]
pub struct Grammars<'a> {
    /// What a nonce may be.
    pub nonce: Option<&'a Nonce>,
    /// What a timestamp may be; 1 to 19 digits where nothing is said.
    pub timestamp: Option<Timestamp>,
}

/// What a template can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The HTTP method, in upper case.
    Method,
    /// The path of the target, percent-decoded, as Django's `request.path` has it.
    Path,
    /// The canonical query: see [`crate::request::Target::canonical_query`].
    Query,
    /// The path and the query, as they are sent.
    Target,
    /// The whole URL, as it was given.
    Url,
    /// The value of another header, without white space at its ends: which, is the place of its name in
    /// [`StringToSign::header_names`].
    Header(u8),
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
    /// See [`crate::request::Target::canonical_request_path`].
    CanonicalPath,
    /// See [`crate::request::Target::canonical_request_query`].
    CanonicalQuery,
    /// A line for each header that is signed: see [`crate::signed_headers::SignedHeaders::canonical`].
    CanonicalHeaders,
    /// The names of the headers that are signed, in lower case, with `;` in between.
    SignedHeaders,
    /// The SHA-256 of the canonical request, in lower-case hex.
    CanonicalRequestSha256,
    /// The digest as text. Only headers have it.
    Signature,
}

impl Field {
    /// What a string to sign can name.
    pub const SIGNED: &'static [Self] = &[
        Self::Method,
        Self::Path,
        Self::Query,
        Self::Target,
        Self::Url,
        Self::Header(0),
        Self::Timestamp,
        Self::Nonce,
        Self::Payload,
        Self::PayloadSha256,
        Self::KeyId,
        Self::CanonicalPath,
        Self::CanonicalQuery,
        Self::CanonicalHeaders,
        Self::SignedHeaders,
        Self::CanonicalRequestSha256,
    ];
    /// What a canonical request can name.
    pub const CANONICAL: &'static [Self] = &[
        Self::Method,
        Self::Path,
        Self::Query,
        Self::Target,
        Self::Url,
        Self::Header(0),
        Self::Timestamp,
        Self::Nonce,
        Self::PayloadSha256,
        Self::KeyId,
        Self::CanonicalPath,
        Self::CanonicalQuery,
        Self::CanonicalHeaders,
        Self::SignedHeaders,
    ];
    /// What a header can name.
    pub const SENT: &'static [Self] =
        &[Self::Timestamp, Self::Nonce, Self::Signature, Self::KeyId, Self::SignedHeaders];

    /// The name between the braces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Path => "path",
            Self::Query => "query",
            Self::Target => "target",
            Self::Url => "url",
            Self::Header(_) => "header:Name",
            Self::Timestamp => "timestamp",
            Self::Nonce => "nonce",
            Self::Payload => "payload",
            Self::PayloadSha256 => "payload_sha256",
            Self::KeyId => "key_id",
            Self::CanonicalPath => "canonical_path",
            Self::CanonicalQuery => "canonical_query",
            Self::CanonicalHeaders => "canonical_headers",
            Self::SignedHeaders => "signed_headers",
            Self::CanonicalRequestSha256 => "canonical_request_sha256",
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
            Self::Query | Self::CanonicalQuery => run(ByteSet::UNRESERVED.with(b"%&="), 0),
            Self::Target | Self::Url => run(ByteSet::TEXT.without(b" #"), 1),
            Self::Header(_) => run(ByteSet::TEXT, 0),
            Self::Timestamp => grammars.timestamp.map_or_else(|| run(ByteSet::DIGITS, 1), Timestamp::shape),
            Self::Nonce => grammars.nonce.map_or_else(|| run(ByteSet::ALL, 0), Nonce::shape),
            Self::Payload => run(ByteSet::ALL, 0),
            Self::PayloadSha256 | Self::CanonicalRequestSha256 => Shape::Fixed(vec![ByteSet::LOWER_HEX; 64]),
            Self::CanonicalPath => run(ByteSet::UNRESERVED.with(b"%/"), 1),
            Self::CanonicalHeaders => run(ByteSet::TEXT.with(b"\n"), 0),
            Self::SignedHeaders => run(NAME.with(b";"), 1),
            Self::KeyId => run(ByteSet::PLAIN, 1),
            // In every encoding, so that another encoding changes nothing in the headers.
            Self::Signature => run(ByteSet::ENCODED, 1),
        }
    }

    /// Whether few contracts sign it, so that its value is worked out apart.
    const fn is_rare(self) -> bool {
        matches!(
            self,
            Self::Target
                | Self::Url
                | Self::Header(_)
                | Self::CanonicalPath
                | Self::CanonicalQuery
                | Self::CanonicalHeaders
                | Self::SignedHeaders
        )
    }
}

/// As in a template, braces included.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}", self.name())
    }
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Text that stands as it is.
    Literal(Arc<str>),
    /// Something to fill in.
    Field(Field),
}

impl Piece {
    fn is(&self, field: Field) -> bool {
        *self == Self::Field(field)
    }

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
    parse_with(template, known, &mut Vec::new())
}

/// The same; the names of other headers are added to `header_names`.
fn parse_with(
    template: &str,
    known: &'static [Field],
    header_names: &mut Vec<Box<str>>,
) -> Result<Vec<Piece>, TemplateError> {
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
        let field = match name.strip_prefix(HEADER_PREFIX) {
            Some(header) if known.contains(&Field::Header(0)) => header_field(header, header_names)?,
            _ => *known
                .iter()
                .find(|field| field.name() == name)
                .ok_or_else(|| TemplateError::UnknownField { name: name.into(), known })?,
        };
        pieces.push(Piece::Field(field));
        rest = after;
    }
    Ok(pieces)
}

/// The field for the header of that name, which is added to the names if it is not among them.
fn header_field(name: &str, names: &mut Vec<Box<str>>) -> Result<Field, TemplateError> {
    let lower = name.to_ascii_lowercase();
    if lower.is_empty() || !lower.bytes().all(|byte| NAME.contains(byte)) {
        return Err(TemplateError::HeaderName(name.into()));
    }
    let index = names.iter().position(|known| **known == *lower).unwrap_or(names.len());
    if index == names.len() {
        names.push(lower.into());
    }
    u8::try_from(index).map(Field::Header).map_err(|_| TemplateError::TooLong)
}

/// What the language leaves out, by a part of the name that somebody may try, and what to do instead.
const LEFT_OUT: [(&[&str], &str); 9] = [
    (
        &["sha1", "sha_1", "md5"],
        "SHA-1 and MD5 are left out, because other payloads with the same hash can be made: sign {payload} or {payload_sha256}",
    ),
    (&["sha512", "sha384", "sha224"], "the only hash is SHA-256: sign {payload} or {payload_sha256}"),
    (
        &["unsigned"],
        "a payload that is not signed is left out, because anybody could change it: sign {payload} or {payload_sha256}",
    ),
    (
        &["scope", "region", "service", "derived", "credential"],
        "keys that are derived for a day or a region are left out: write a function that makes the Profile and the Key of a \
         day, with what is fixed that day as literal text",
    ),
    (
        &["form", "param", "post", "cookie", "query_"],
        "fields of a form or of the query are left out: take the value out yourself, and pass it as a header",
    ),
    (
        &["time", "date", "stamp", "epoch"],
        "the time is {timestamp}, and the timestamp format says what it counts and how it is written",
    ),
    (
        &["body", "content", "data", "message", "payload"],
        "what is signed of the body is {payload} or {payload_sha256}",
    ),
    (
        &["uri", "host", "origin"],
        "the target is {path}, {query}, {target} or {url}, another header is {header:Name}",
    ),
    (
        &["nonce", "id", "random", "salt"],
        "what makes a request unique is {nonce}, what names the key is {key_id}",
    ),
];

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
    /// A field that stands twice.
    FieldTwice(Field),
    /// A name in `{header:…}` that is no HTTP field name, or has a `_`.
    HeaderName(Box<str>),
    /// More than 1024 bytes.
    TooLong,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Brace { offset } => write!(f, "an unpaired brace at byte {offset}"),
            Self::UnknownField { name, known } => {
                write!(f, "an unknown field \"{{{name}}}\"; ")?;
                let lower = name.to_ascii_lowercase();
                if let Some(field) = known.iter().find(|field| field.name() == lower) {
                    return write!(f, "it is written {field}");
                }
                // What stands elsewhere is no other name for something.
                let is_field = Field::SIGNED.iter().chain(Field::SENT).any(|field| field.name() == lower);
                let tried = |parts: &[&str]| !is_field && parts.iter().any(|part| lower.contains(part));
                if let Some((_, instead)) = LEFT_OUT.iter().find(|(parts, _)| tried(parts)) {
                    return f.write_str(instead);
                }
                f.write_str("there are")?;
                for (index, field) in known.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma} {field}")?;
                }
                Ok(())
            }
            Self::FieldTwice(field) => write!(f, "{field} twice"),
            Self::HeaderName(name) => {
                write!(f, "\"{{header:{name}}}\", which is no HTTP field name without _")
            }
            Self::TooLong => write!(f, "more than {MAX_TEMPLATE_LENGTH} bytes"),
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
    /// What few contracts sign.
    pub rare: Option<&'a RareValues>,
}

/// What fills the fields that few contracts have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RareValues {
    /// Path and query, as they are sent.
    pub target: Vec<u8>,
    /// As it was given.
    pub url: Vec<u8>,
    /// The values of [`StringToSign::header_names`].
    pub headers: Vec<Vec<u8>>,
    /// The path of a canonical request.
    pub canonical_path: String,
    /// The query of a canonical request.
    pub canonical_query: String,
    /// A line for each header that is signed.
    pub canonical_headers: Vec<u8>,
    /// Their names.
    pub signed_headers: Vec<u8>,
}

impl<'a> Values<'a> {
    #[inline]
    fn get(&self, field: Field) -> &'a [u8] {
        match field {
            Field::Method => self.method,
            Field::Path => self.path,
            Field::Query => self.query,
            Field::Timestamp => self.timestamp,
            Field::Nonce => self.nonce,
            Field::KeyId => self.key_id,
            _ => self.rare.map_or(&[], |rare| rare.get(field)),
        }
    }
}

impl RareValues {
    fn get(&self, field: Field) -> &[u8] {
        match field {
            Field::Target => &self.target,
            Field::Url => &self.url,
            Field::Header(index) => self.headers.get(usize::from(index)).map_or(&[], Vec::as_slice),
            Field::CanonicalPath => self.canonical_path.as_bytes(),
            Field::CanonicalQuery => self.canonical_query.as_bytes(),
            Field::CanonicalHeaders => &self.canonical_headers,
            Field::SignedHeaders => &self.signed_headers,
            _ => &[],
        }
    }
}

/// The template of a string to sign, cut in two where the payload goes, so that a payload can also be streamed. In place of
/// the payload, it may have the hash of a canonical request that has the payload's hash.
#[derive(Clone, Debug)]
pub struct StringToSign {
    text: Box<str>,
    before: Vec<Piece>,
    middle: Middle,
    after: Vec<Piece>,
    canonical_request: Option<Box<CanonicalRequest>>,
    fields: Vec<Field>,
    header_names: Vec<Box<str>>,
    required_headers: Vec<Box<str>>,
    signs_request: bool,
    signs_rarely: bool,
}

/// What a string to sign has of the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Middle {
    Payload,
    PayloadSha256,
    CanonicalRequestSha256,
}

impl Middle {
    const ALL: [Self; 3] = [Self::Payload, Self::PayloadSha256, Self::CanonicalRequestSha256];

    const fn field(self) -> Field {
        match self {
            Self::Payload => Field::Payload,
            Self::PayloadSha256 => Field::PayloadSha256,
            Self::CanonicalRequestSha256 => Field::CanonicalRequestSha256,
        }
    }
}

/// The template of a canonical request, cut in two where the payload's hash goes.
#[derive(Clone, Debug)]
struct CanonicalRequest {
    text: Box<str>,
    before: Vec<Piece>,
    after: Vec<Piece>,
}

impl StringToSign {
    /// Parses the template, and that of the canonical request whose hash is in it.
    ///
    /// # Errors
    ///
    /// [`StringToSignError`] for a bad template, and when not exactly one of `{payload}`, `{payload_sha256}` and
    /// `{canonical_request_sha256}` is in it; [`StringToSignError::CanonicalRequest`] for the other one.
    pub fn parse(template: &str, canonical_request: Option<&str>) -> Result<Self, StringToSignError> {
        let mut header_names = Vec::new();
        let pieces = parse_signed(template, Field::SIGNED, &mut header_names)?;
        let middle = |piece: &Piece| Middle::ALL.into_iter().find(|middle| piece.is(middle.field()));
        let mut found = pieces.iter().enumerate().filter_map(|(at, piece)| Some((at, middle(piece)?)));
        let (Some((at, middle)), None) = (found.next(), found.next()) else {
            return Err(StringToSignError::Payload);
        };
        let (before, after) = split_around(&pieces, at);
        let mut fields: Vec<Field> = pieces.iter().filter_map(Piece::field).collect();
        require_once(&fields)?;
        let canonical_request = match (canonical_request, middle) {
            (None, Middle::CanonicalRequestSha256) => Err(CanonicalRequestError::Missing),
            (Some(_), Middle::Payload | Middle::PayloadSha256) => Err(CanonicalRequestError::Unused),
            (None, _) => Ok(None),
            (Some(template), _) => CanonicalRequest::parse(template, &mut header_names).map(Some),
        };
        let canonical_request = canonical_request.map_err(StringToSignError::CanonicalRequest)?.map(Box::new);
        fields.extend(
            canonical_request.iter().flat_map(|request| request.pieces()).filter_map(|piece| piece.field()),
        );
        let of_request = [Field::Method, Field::Path, Field::Query];
        let signs_rarely = fields.iter().any(|field| field.is_rare());
        Ok(Self {
            text: template.into(),
            before,
            middle,
            after,
            canonical_request,
            header_names,
            required_headers: Vec::new(),
            signs_request: signs_rarely || fields.iter().any(|field| of_request.contains(field)),
            signs_rarely,
            fields,
        })
    }

    /// The template as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The template of the canonical request as it was written, if there is one.
    #[must_use]
    pub fn canonical_request(&self) -> Option<&str> {
        self.canonical_request.as_ref().map(|request| &*request.text)
    }

    /// Whether the template, or that of the canonical request, has the field.
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
        let of_target = [
            Field::Path,
            Field::Query,
            Field::Target,
            Field::Url,
            Field::CanonicalPath,
            Field::CanonicalQuery,
        ];
        self.fields.iter().any(|field| of_target.contains(field))
    }

    /// Whether something of the request is signed: its method, its target, or other headers.
    #[must_use]
    pub const fn signs_request(&self) -> bool {
        self.signs_request
    }

    /// Whether a field is signed that few contracts have.
    #[must_use]
    pub(crate) const fn signs_rarely(&self) -> bool {
        self.signs_rarely
    }

    /// Whether headers are signed besides what those of the profile carry.
    #[must_use]
    pub fn signs_headers(&self) -> bool {
        !self.header_names.is_empty() || self.signs_header_list()
    }

    /// Whether a list of headers is signed.
    #[must_use]
    pub fn signs_header_list(&self) -> bool {
        self.signs_rarely && (self.has(Field::CanonicalHeaders) || self.has(Field::SignedHeaders))
    }

    /// The headers that the templates name, each once, in lower case.
    #[must_use]
    pub fn header_names(&self) -> &[Box<str>] {
        &self.header_names
    }

    /// The same with the names of the headers that must be in the list.
    #[must_use]
    pub(crate) fn requiring(self, names: &[&str]) -> Self {
        Self { required_headers: names.iter().map(|name| Box::from(*name)).collect(), ..self }
    }

    /// The name, if it is one of those that must be in the list.
    pub(crate) fn required(&self, name: &[u8]) -> Option<Box<str>> {
        self.required_headers.iter().find(|required| required.as_bytes() == name).cloned()
    }

    /// The headers that must be in the list of those that are signed, in lower case.
    #[must_use]
    pub fn required_headers(&self) -> &[Box<str>] {
        &self.required_headers
    }

    /// The fields, those of the canonical request last.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Two fields of one template that could trade bytes, if there are any.
    #[must_use]
    pub fn ambiguity(&self, grammars: Grammars<'_>) -> Option<Ambiguity> {
        let of = |pieces: &[Piece], in_canonical_request| {
            let shape = |piece: &Piece| match piece {
                Piece::Literal(text) => Shape::literal(text.as_bytes()),
                Piece::Field(field) => field.shape(grammars),
            };
            let shapes: Vec<Shape> = pieces.iter().map(shape).collect();
            let (first, second) = ambiguity(&shapes)?;
            let name = |index: usize| Some(self.named(pieces.get(index)?.field()?));
            Some(Ambiguity { first: name(first)?, second: name(second)?, in_canonical_request })
        };
        of(&self.pieces(), false).or_else(|| of(&self.canonical_request.as_ref()?.pieces(), true))
    }

    /// A field as the template has it, braces included.
    fn named(&self, field: Field) -> Box<str> {
        match field {
            Field::Header(index) => {
                let name = self.header_names.get(usize::from(index)).map_or("", |name| &**name);
                format!("{{header:{name}}}").into()
            }
            field => field.to_string().into(),
        }
    }

    /// What stands for the payload: itself, its hash, or the hash of the canonical request that has its hash.
    #[must_use]
    #[inline]
    pub fn payload<'a>(&self, values: &Values<'_>, payload: &'a [u8]) -> PayloadText<'a> {
        match self.middle {
            Middle::Payload => PayloadText::Itself(payload),
            Middle::PayloadSha256 => PayloadText::Sha256(Hash::hex(payload)),
            Middle::CanonicalRequestSha256 => PayloadText::Sha256(self.wrapped(values, Hash::hex(payload))),
        }
    }

    /// What stands for a payload of that hash: the hash itself, or that of the canonical request.
    #[must_use]
    pub fn wrapped(&self, values: &Values<'_>, payload_sha256: [u8; 64]) -> [u8; 64] {
        let Some(request) = &self.canonical_request else { return payload_sha256 };
        let mut hash = Hash::default();
        write_pieces(&request.before, values, &mut |piece| hash.update(piece));
        hash.update(&payload_sha256);
        write_pieces(&request.after, values, &mut |piece| hash.update(piece));
        hash.finish_hex()
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

    /// A hash to feed the payload into, when the string to sign has a hash instead of the payload.
    #[must_use]
    pub fn payload_hash(&self) -> Option<Hash> {
        (self.middle != Middle::Payload).then(Hash::default)
    }

    /// What stands in the canonical request before the payload's hash and after it, if there is a canonical request.
    #[must_use]
    pub fn canonical_ends(&self, values: &Values<'_>) -> Option<[Vec<u8>; 2]> {
        let request = self.canonical_request.as_ref()?;
        Some([&request.before, &request.after].map(|pieces| {
            let mut text = Vec::new();
            write_pieces(pieces, values, &mut |piece| text.extend_from_slice(piece));
            text
        }))
    }

    /// The whole template, in order.
    pub(crate) fn pieces(&self) -> Vec<Piece> {
        let before = self.before.iter().cloned();
        before.chain([Piece::Field(self.middle.field())]).chain(self.after.iter().cloned()).collect()
    }

    /// The whole template of the canonical request; nothing where there is none.
    pub(crate) fn canonical_pieces(&self) -> Vec<Piece> {
        self.canonical_request.as_ref().map_or_else(Vec::new, |request| request.pieces())
    }
}

impl CanonicalRequest {
    fn parse(template: &str, header_names: &mut Vec<Box<str>>) -> Result<Self, CanonicalRequestError> {
        let pieces = parse_signed(template, Field::CANONICAL, header_names)
            .map_err(CanonicalRequestError::Template)?;
        let mut found = pieces.iter().enumerate().filter(|(_, piece)| piece.is(Field::PayloadSha256));
        let (Some((at, _)), None) = (found.next(), found.next()) else {
            return Err(CanonicalRequestError::Payload);
        };
        let fields: Vec<Field> = pieces.iter().filter_map(Piece::field).collect();
        require_once(&fields).map_err(CanonicalRequestError::Template)?;
        let (before, after) = split_around(&pieces, at);
        Ok(Self { text: template.into(), before, after })
    }

    fn pieces(&self) -> Vec<Piece> {
        let before = self.before.iter().cloned();
        before.chain([Piece::Field(Field::PayloadSha256)]).chain(self.after.iter().cloned()).collect()
    }
}

/// A template of at most 1024 bytes.
fn parse_signed(
    template: &str,
    known: &'static [Field],
    header_names: &mut Vec<Box<str>>,
) -> Result<Vec<Piece>, TemplateError> {
    if template.len() > MAX_TEMPLATE_LENGTH {
        return Err(TemplateError::TooLong);
    }
    parse_with(template, known, header_names)
}

fn require_once(fields: &[Field]) -> Result<(), TemplateError> {
    let twice = |(index, field): (usize, &Field)| fields.iter().skip(index + 1).any(|other| other == field);
    match fields.iter().enumerate().find(|entry| twice(*entry)) {
        Some((_, field)) => Err(TemplateError::FieldTwice(*field)),
        None => Ok(()),
    }
}

fn split_around(pieces: &[Piece], at: usize) -> (Vec<Piece>, Vec<Piece>) {
    let after = pieces.get(at + 1..).unwrap_or_default();
    (pieces.get(..at).unwrap_or_default().to_vec(), after.to_vec())
}

/// Two fields that could trade bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguity {
    /// The one on the left, as the template has it.
    pub first: Box<str>,
    /// The one on the right.
    pub second: Box<str>,
    /// Whether they stand in the canonical request.
    pub in_canonical_request: bool,
}

/// Why a string to sign could not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StringToSignError {
    /// The canonical request could not.
    CanonicalRequest(CanonicalRequestError),
    /// Not exactly one of `{payload}`, `{payload_sha256}` and `{canonical_request_sha256}`.
    Payload,
    /// It is no template.
    Template(TemplateError),
}

impl From<TemplateError> for StringToSignError {
    fn from(error: TemplateError) -> Self {
        Self::Template(error)
    }
}

impl fmt::Display for StringToSignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CanonicalRequest(error) => error.fmt(f),
            Self::Payload => f.write_str(
                "must have {payload}, {payload_sha256} or {canonical_request_sha256}, one of them and once, or the payload \
                 would not be protected",
            ),
            Self::Template(error) => write!(f, "has {error}"),
        }
    }
}

/// Why a canonical request could not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CanonicalRequestError {
    /// The string to sign has `{canonical_request_sha256}`, and there is no canonical request.
    Missing,
    /// `{payload_sha256}` is not in it exactly once.
    Payload,
    /// It is no template.
    Template(TemplateError),
    /// The string to sign has no `{canonical_request_sha256}`.
    Unused,
}

impl fmt::Display for CanonicalRequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => {
                f.write_str("must not be null, because the string to sign has {canonical_request_sha256}")
            }
            Self::Payload => {
                f.write_str("must have {payload_sha256} once, or the payload would not be protected")
            }
            Self::Template(error) => write!(f, "has {error}"),
            Self::Unused => {
                f.write_str("must be null, because the string to sign has no {canonical_request_sha256}")
            }
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
        let string_to_sign = StringToSign::parse(template, None).unwrap();
        let values = Values {
            method: b"POST",
            path: b"/p",
            query: b"a=1",
            timestamp: b"17",
            nonce: b"n",
            key_id: b"k",
            rare: None,
        };
        let mut text = Vec::new();
        let payload = string_to_sign.payload(&values, payload);
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
            let error = StringToSign::parse(template, None).unwrap_err();
            let expected = StringToSignError::Template(TemplateError::Brace { offset });
            assert_eq!(error, expected, "{template}");
        }
    }

    #[test]
    fn an_unknown_field_is_named_with_the_ones_there_are() {
        let error = StringToSign::parse("{nothing}", None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "has an unknown field \"{nothing}\"; there are {method}, {path}, {query}, {target}, {url}, {header:Name}, \
             {timestamp}, {nonce}, {payload}, {payload_sha256}, {key_id}, {canonical_path}, {canonical_query}, \
             {canonical_headers}, {signed_headers}, {canonical_request_sha256}"
        );
        assert!(StringToSign::parse("{payload}{signature}", None).is_err());
        assert!(StringToSign::parse("{}{payload}", None).is_err());
        assert!(StringToSign::parse("{ payload }", None).is_err());
    }

    #[test]
    fn the_payload_must_be_signed_once() {
        for template in ["", "{timestamp}", "{payload}{payload}", "{payload}.{payload_sha256}"] {
            let error = StringToSign::parse(template, None).unwrap_err();
            assert_eq!(error, StringToSignError::Payload, "{template}");
        }
    }

    #[test]
    fn fields_that_can_trade_bytes_are_named() {
        let ambiguity_with = |template: &str, nonce: &str, timestamp: Timestamp| {
            let string_to_sign = StringToSign::parse(template, None).unwrap();
            let nonce = Nonce::parse(nonce);
            string_to_sign
                .ambiguity(Grammars { nonce: nonce.as_ref(), timestamp: Some(timestamp) })
                .map(|both| (both.first.into_string(), both.second.into_string()))
        };
        let seconds = Timestamp::new(TimestampFormat::Seconds);
        let ambiguity = |template: &str, nonce: &str| ambiguity_with(template, nonce, seconds);
        let pair = |first: Field, second: Field| Some((first.to_string(), second.to_string()));
        let both = pair(Field::Nonce, Field::Payload);
        assert_eq!(ambiguity("{nonce}{payload}", "[A-Za-z0-9+/]{64}"), None);
        assert_eq!(ambiguity("{nonce}{payload}", "[A-Za-z0-9]{32,128}"), both.clone());
        assert_eq!(ambiguity("{nonce}.{payload}", "[A-Za-z0-9]{32,128}"), None);
        assert_eq!(ambiguity("{nonce}.{payload}", "[A-Za-z0-9.]{32,128}"), both.clone());
        assert_eq!(ambiguity("{timestamp}{nonce}{payload}", ":"), None);
        assert_eq!(ambiguity("{timestamp}{nonce}{payload}", "uuid"), None);
        assert_eq!(
            ambiguity("{timestamp}{nonce}{payload}", "[0-9a-f]{36}"),
            pair(Field::Timestamp, Field::Payload)
        );
        assert_eq!(ambiguity("{method}{path}\n{payload}", "uuid"), pair(Field::Method, Field::Path));
        let date = Timestamp::new(TimestampFormat::Rfc3339);
        assert_eq!(ambiguity_with("{timestamp}{payload}", ":", date), None);
        assert_eq!(ambiguity_with("{payload}{timestamp}", ":", date), None);
        assert_eq!(ambiguity_with("{nonce}{timestamp}{payload}", "uuid", date), None);
        assert_eq!(ambiguity_with("{nonce}{timestamp}{payload}", "[A-Za-z0-9]{8,128}", date), None);
        assert_eq!(ambiguity_with("{nonce}{timestamp}{payload}", "[A-Za-z0-9:-]{8,128}", date), both.clone());
        assert_eq!(
            ambiguity_with("{payload}{timestamp}{nonce}", "[A-Za-z0-9]{8,128}", date),
            pair(Field::Payload, Field::Nonce)
        );
        let basic = Timestamp::new(TimestampFormat::Iso8601Basic);
        assert_eq!(ambiguity_with("{payload}{timestamp}", ":", basic), None);
        let fixed = seconds.with_fixed_digits().unwrap();
        assert_eq!(ambiguity_with("{timestamp}{payload}", ":", fixed), None);
        assert_eq!(ambiguity_with("{payload}{timestamp}", ":", fixed), None);
        assert_eq!(ambiguity("{timestamp}{payload}", ":"), pair(Field::Timestamp, Field::Payload));
    }
}
