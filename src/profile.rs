//! A profile: everything two servers must agree on, as data.

use core::fmt;

use crate::digest::Encoding;
use crate::freshness::{MAX_TOLERANCE, Tolerance};
use crate::header_template::{CGI_PREFIX, HeaderTemplate, HeaderTemplateError};
use crate::nonce::Nonce;
use crate::shape::ByteSet;
use crate::signed_headers::SignedHeaders;
use crate::template::{Ambiguity, Field, Grammars, StringToSign, StringToSignError};
use crate::timestamp::{Timestamp, TimestampFormat};

/// Most headers that a profile may have.
pub const MAX_HEADERS: usize = 8;
/// Longest name of a profile.
const MAX_NAME_LENGTH: usize = 64;
/// The two headers whose names CGI puts nothing in front of (RFC 3875, section 4.1). They would not be found.
const CGI_BARE: [&str; 2] = ["CONTENT_TYPE", "CONTENT_LENGTH"];

/// The tolerance in seconds where a profile names none.
const DEFAULT_TOLERANCE: u64 = 300;

/// A profile as it is written down: a row of the built-in table, or what a user passes to the constructor.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// 1 to 64 characters of `a-z0-9-`.
    pub name: &'a str,
    /// What it is, for people.
    pub about: About<'a>,
    /// A template: see [`Field::SIGNED`].
    pub string_to_sign: &'a str,
    /// Names and templates: see [`Field::SENT`].
    pub headers: &'a [(&'a str, &'a str)],
    /// How the digest is written.
    pub encoding: Encoding,
    /// How the timestamp is written; `None` without a timestamp.
    pub timestamp_format: Option<TimestampFormat>,
    /// How many digits the timestamp has exactly: 10 for seconds, 13 for milliseconds. `None` for 1 to 19; but where that
    /// would be ambiguous, and a fixed number is not, it is fixed.
    pub timestamp_digits: Option<usize>,
    /// How many seconds a request may be old or ahead, at most [`MAX_TOLERANCE`]; `None` for 300, or without a timestamp.
    pub tolerance: Option<u64>,
    /// A grammar: see [`Nonce::parse`]; `None` without a nonce.
    pub nonce: Option<&'a str>,
    /// Methods for which no payload is signed, so that none may come with them.
    pub methods_without_payload: &'a [&'a str],
    /// The author knows that fields of the string to sign can trade bytes.
    pub ambiguous: bool,
    /// A template, whose hash the string to sign has: see [`Field::CANONICAL`].
    pub canonical_request: Option<&'a str>,
    /// The headers that must be signed, in lower case. Where a header carries `{signed_headers}`, more may be.
    pub signed_headers: &'a [&'a str],
}

/// What a profile is, in words. It changes nothing about what is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About<'a> {
    /// Whose contract it is, and between whom.
    pub title: Option<&'a str>,
    /// Where it is written down.
    pub source: Option<&'a str>,
    /// What the payload is, where it is not the body.
    pub payload: Option<&'a str>,
}

impl Row<'_> {
    /// Nothing yet: what a row starts from.
    pub const EMPTY: Row<'static> = Row {
        name: "",
        about: About { title: None, source: None, payload: None },
        string_to_sign: "",
        headers: &[],
        encoding: Encoding::Hex,
        timestamp_format: None,
        timestamp_digits: None,
        tolerance: None,
        nonce: None,
        methods_without_payload: &[],
        ambiguous: false,
        canonical_request: None,
        signed_headers: &[],
    };
}

/// A row that was checked and taken apart.
#[derive(Clone, Debug)]
pub struct Profile {
    name: Box<str>,
    title: Option<Box<str>>,
    source: Option<Box<str>>,
    payload_is: Option<Box<str>>,
    string_to_sign: StringToSign,
    headers: Vec<HeaderTemplate>,
    encoding: Encoding,
    timestamp: Option<Timestamp>,
    tolerance: u64,
    nonce: Option<(Box<str>, Nonce)>,
    methods_without_payload: Vec<Box<str>>,
    ambiguous: bool,
    signed_headers_text: Box<str>,
    several_signature_headers: bool,
    name_lengths: u64,
}

impl Profile {
    /// Checks a row.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] says what cannot work, and why.
    pub fn new(row: &Row<'_>) -> Result<Self, ProfileError> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=MAX_NAME_LENGTH).contains(&row.name.len()) || !row.name.bytes().all(plain) {
            return Err(ProfileError::Name);
        }
        let nonce = row
            .nonce
            .map(|grammar| {
                let nonce = Nonce::parse(grammar).ok_or(ProfileError::NonceGrammar)?;
                Ok((grammar.into(), nonce))
            })
            .transpose()?;
        if row.tolerance.is_some_and(|tolerance| tolerance > MAX_TOLERANCE) {
            return Err(ProfileError::Tolerance);
        }
        let mentions = |field: &str| row.headers.iter().any(|(_, template)| template.contains(field));
        if nonce.is_none() && mentions("{nonce}") {
            return Err(ProfileError::NonceGrammarMissing);
        }
        if row.timestamp_format.is_none() && mentions("{timestamp}") {
            return Err(ProfileError::TimestampFormatMissing);
        }
        let string_to_sign = StringToSign::parse(row.string_to_sign, row.canonical_request)
            .map_err(ProfileError::StringToSign)?
            .requiring(row.signed_headers);
        let grammars = grammars(row, &string_to_sign, nonce.as_ref().map(|(_, nonce)| nonce))?;
        let headers = parse_headers(row.headers, grammars)?;
        let several_signature_headers = headers.iter().filter(|header| header.has_signature()).count() > 1;
        let timestamp = grammars.timestamp;
        let profile = Self {
            name: row.name.into(),
            title: row.about.title.map(Into::into),
            source: row.about.source.map(Into::into),
            payload_is: row.about.payload.map(Into::into),
            string_to_sign,
            name_lengths: headers.iter().fold(0, |lengths, header| lengths | header.name_lengths()),
            headers,
            encoding: row.encoding,
            timestamp,
            tolerance: row.tolerance.unwrap_or(DEFAULT_TOLERANCE),
            nonce,
            methods_without_payload: parse_methods(row.methods_without_payload)?,
            ambiguous: row.ambiguous,
            signed_headers_text: sorted_list(row.signed_headers),
            several_signature_headers,
        };
        profile.check(row)?;
        match profile.string_to_sign.ambiguity(profile.grammars()) {
            Some(ambiguity) if !row.ambiguous => Err(ProfileError::Ambiguous(ambiguity)),
            _ => Ok(profile),
        }
    }

    fn check(&self, row: &Row<'_>) -> Result<(), ProfileError> {
        let carried: Vec<Field> = self.headers.iter().flat_map(HeaderTemplate::fields).collect();
        if !carried.contains(&Field::Signature) {
            return Err(ProfileError::Signature);
        }
        self.check_signature_headers()?;
        for field in [Field::Timestamp, Field::Nonce, Field::KeyId] {
            if self.string_to_sign.has(field) && !carried.contains(&field) {
                return Err(ProfileError::NotCarried(field));
            }
        }
        match (carried.contains(&Field::Timestamp), row.timestamp_format.is_some()) {
            (false, true) => return Err(ProfileError::TimestampFormatUnused),
            (true, _) => {}
            (false, false) if row.tolerance.is_none() => {}
            (false, false) => return Err(ProfileError::ToleranceUnused),
        }
        if self.nonce.is_some() && !carried.contains(&Field::Nonce) {
            return Err(ProfileError::NonceGrammarUnused);
        }
        // A timestamp or a nonce that is sent and not signed protects nothing: anybody can change it.
        for field in [Field::Timestamp, Field::Nonce, Field::SignedHeaders] {
            if carried.contains(&field) && !self.string_to_sign.has(field) {
                return Err(ProfileError::NotSigned(field));
            }
        }
        if !self.methods_without_payload.is_empty() && !self.string_to_sign.signs_method() {
            return Err(ProfileError::MethodNotSigned);
        }
        self.check_signed_headers()
    }

    fn check_signed_headers(&self) -> Result<(), ProfileError> {
        let own = |name: &str| self.headers.iter().find(|header| header.is_named(name.as_bytes()));
        if let Some(name) = self.string_to_sign.header_names().iter().find(|name| own(name).is_some()) {
            return Err(ProfileError::HeaderOwn(name.clone()));
        }
        if self.string_to_sign.signs_header_list() == self.signed_headers().is_empty() {
            return Err(ProfileError::SignedHeadersMissing { wanted: self.signed_headers().is_empty() });
        }
        let list = self.signed_headers_text.as_bytes();
        let circular = |name: &str| own(name).is_some_and(HeaderTemplate::has_signature);
        let wrong =
            self.signed_headers().iter().any(|name| circular(name)) || SignedHeaders::parse(list).is_none();
        if wrong && !self.signed_headers().is_empty() { Err(ProfileError::SignedHeaders) } else { Ok(()) }
    }

    /// Of several headers with a signature, all but one may be missing, so that what they carry besides must not depend on
    /// which one comes.
    fn check_signature_headers(&self) -> Result<(), ProfileError> {
        let (signatures, others): (Vec<_>, Vec<_>) =
            self.headers.iter().partition(|header| header.has_signature());
        let has = |header: &HeaderTemplate, field| header.fields().any(|other| other == field);
        for field in signatures.iter().flat_map(|header| header.fields()) {
            let always = signatures.iter().all(|header| has(header, field));
            if !always && !others.iter().any(|header| has(header, field)) {
                return Err(ProfileError::NotInEvery(field));
            }
        }
        Ok(())
    }

    fn grammars(&self) -> Grammars<'_> {
        Grammars { nonce: self.nonce(), timestamp: self.timestamp }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is, for people.
    #[must_use]
    pub fn about(&self) -> About<'_> {
        About {
            title: self.title.as_deref(),
            source: self.source.as_deref(),
            payload: self.payload_is.as_deref(),
        }
    }

    /// What is signed.
    #[must_use]
    pub const fn string_to_sign(&self) -> &StringToSign {
        &self.string_to_sign
    }

    /// What is sent, in order.
    #[must_use]
    pub fn headers(&self) -> &[HeaderTemplate] {
        &self.headers
    }

    /// The index of the header that goes by this name, whatever its letter case. `HTTP_X_HW_SIGNATURE`, which is how
    /// `$_SERVER` calls `X-HW-SIGNATURE`, is one of the names.
    #[must_use]
    #[inline]
    pub fn find_header(&self, name: &[u8]) -> Option<usize> {
        // Most names of a request have a length that none of ours has.
        if self.name_lengths >> (name.len() % 64) & 1 == 0 {
            return None;
        }
        self.headers.iter().position(|header| header.is_named(name))
    }

    /// How the digest is written.
    #[must_use]
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The same contract with the digest written otherwise.
    #[must_use]
    pub fn with_encoding(&self, encoding: Encoding) -> Self {
        Self { encoding, ..self.clone() }
    }

    /// The grammar of the timestamp, if there is one.
    #[must_use]
    #[inline]
    pub const fn timestamp(&self) -> Option<Timestamp> {
        self.timestamp
    }

    /// How the timestamp is written, if there is one.
    #[must_use]
    pub fn timestamp_format(&self) -> Option<TimestampFormat> {
        self.timestamp.map(Timestamp::format)
    }

    /// How old and how far ahead a request may be, if it has a timestamp.
    #[must_use]
    pub fn tolerance(&self) -> Option<Tolerance> {
        self.timestamp.map(|_| Tolerance::Seconds(self.tolerance))
    }

    /// The grammar of the nonce, if there is one.
    #[must_use]
    pub fn nonce(&self) -> Option<&Nonce> {
        self.nonce.as_ref().map(|(_, nonce)| nonce)
    }

    /// The grammar of the nonce as it was written.
    #[must_use]
    pub fn nonce_grammar(&self) -> Option<&str> {
        self.nonce.as_ref().map(|(grammar, _)| grammar.as_ref())
    }

    /// Whether a header carries the field.
    #[must_use]
    pub fn sends(&self, field: Field) -> bool {
        self.headers.iter().flat_map(HeaderTemplate::fields).any(|other| other == field)
    }

    /// Whether several headers carry a signature, so that all but one of them may be missing.
    #[must_use]
    pub const fn has_several_signature_headers(&self) -> bool {
        self.several_signature_headers
    }

    /// How many signatures the headers may carry.
    #[must_use]
    pub fn max_signatures(&self) -> usize {
        self.headers.iter().map(HeaderTemplate::max_signatures).sum()
    }

    /// Whether a key id can stand where the headers have one. It must be one: see [`crate::key::check_key_id`].
    #[must_use]
    pub fn can_send_key_id(&self, id: &str) -> bool {
        self.headers.iter().all(|header| header.can_send_key_id(id))
    }

    /// The methods for which no payload is signed, in upper case.
    #[must_use]
    pub fn methods_without_payload(&self) -> &[Box<str>] {
        &self.methods_without_payload
    }

    /// Whether a payload may come with the method.
    #[must_use]
    pub fn signs_payload(&self, method: &[u8]) -> bool {
        !self.methods_without_payload.iter().any(|without| without.as_bytes().eq_ignore_ascii_case(method))
    }

    /// The headers that must be signed, in lower case.
    #[must_use]
    pub fn signed_headers(&self) -> &[Box<str>] {
        self.string_to_sign.required_headers()
    }

    /// The same as a list, sorted, with `;` in between.
    #[must_use]
    pub fn signed_headers_text(&self) -> &str {
        &self.signed_headers_text
    }

    /// Whether a list of signed headers has those that must be signed, and none that has the signature itself.
    #[must_use]
    pub fn takes_signed_headers(&self, list: &[u8]) -> bool {
        let signature =
            |name: &[u8]| self.headers.iter().any(|header| header.has_signature() && header.is_named(name));
        SignedHeaders::parse(list).is_some_and(|list| {
            self.signed_headers().iter().all(|name| list.has(name.as_bytes())) && !list.names().any(signature)
        })
    }

    /// Whether fields of the string to sign can trade bytes.
    #[must_use]
    pub const fn is_ambiguous(&self) -> bool {
        self.ambiguous
    }
}

/// Why a profile is not a contract that could be kept. Each names what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileError {
    /// Two fields of the string to sign, or of the canonical request, could trade bytes without changing it.
    Ambiguous(Ambiguity),
    /// A header template that is not valid.
    Header {
        /// The header's name.
        name: Box<str>,
        /// What is wrong.
        error: HeaderTemplateError,
    },
    /// A name that is no HTTP field name, or stands twice.
    HeaderName(Box<str>),
    /// A method in the list of those without payload is no HTTP token.
    Method,
    /// A header that the string to sign names, and that is one of the profile's own.
    HeaderOwn(Box<str>),
    /// There are methods without payload, and the method is not signed.
    MethodNotSigned,
    /// A list of headers that must be signed with a name that cannot stand in it.
    SignedHeaders,
    /// No list of headers that must be signed, where a list is signed; or one where none is.
    SignedHeadersMissing {
        /// Whether there has to be one.
        wanted: bool,
    },
    /// The name is not 1 to 64 characters of `a-z0-9-`.
    Name,
    /// A nonce grammar that is not valid.
    NonceGrammar,
    /// The profile sends a nonce but has no grammar for it.
    NonceGrammarMissing,
    /// The profile has a nonce grammar but sends no nonce.
    NonceGrammarUnused,
    /// A field of the string to sign that no header carries, so that a verifier could not know it.
    NotCarried(Field),
    /// A field that not every header with `{signature}` carries, while all but one of them may be missing.
    NotInEvery(Field),
    /// A field that is sent and not signed, so that anybody could change it.
    NotSigned(Field),
    /// No header carries `{signature}`.
    Signature,
    /// A string to sign that is not valid.
    StringToSign(StringToSignError),
    /// A number of digits that the timestamp's format does not have.
    TimestampDigits,
    /// The profile has a timestamp but no format for it.
    TimestampFormatMissing,
    /// The profile has a format but no timestamp.
    TimestampFormatUnused,
    /// More than eight headers.
    TooManyHeaders,
    /// A negative tolerance.
    Tolerance,
    /// A tolerance without a timestamp.
    ToleranceUnused,
}

impl ProfileError {
    /// The field of the row that is to blame.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Ambiguous(Ambiguity { in_canonical_request: true, .. })
            | Self::StringToSign(StringToSignError::CanonicalRequest(_)) => "canonical_request",
            Self::SignedHeaders | Self::SignedHeadersMissing { .. } => "signed_headers",
            Self::Ambiguous(_) | Self::HeaderOwn(_) | Self::NotSigned(_) | Self::StringToSign(_) => {
                "string_to_sign"
            }
            Self::Header { .. }
            | Self::HeaderName(_)
            | Self::NotCarried(_)
            | Self::NotInEvery(_)
            | Self::Signature
            | Self::TooManyHeaders => "headers",
            Self::TimestampDigits => "timestamp_digits",
            Self::TimestampFormatMissing | Self::TimestampFormatUnused => "timestamp_format",
            Self::Tolerance | Self::ToleranceUnused => "tolerance",
            Self::NonceGrammar | Self::NonceGrammarMissing | Self::NonceGrammarUnused => "nonce",
            Self::Method | Self::MethodNotSigned => "methods_without_payload",
        }
    }
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ambiguous(Ambiguity { first, second, .. }) => write!(
                f,
                "is ambiguous: {first} and {second} can trade bytes and give the same string to sign; \
                 put a separator between them that cannot occur in one of them, or pass ambiguous: true"
            ),
            Self::Header { name, error } => write!(f, "has in \"{name}\" {error}"),
            Self::HeaderName(name) => write!(
                f,
                "must have HTTP field names as keys, each once, and for fields those that $_SERVER has with HTTP_ in front; \
                 \"{name}\" is not"
            ),
            Self::HeaderOwn(name) => write!(
                f,
                "must not have {{header:{name}}}, which is one of the profile's own headers; write the fields that it carries"
            ),
            Self::MethodNotSigned => f.write_str(
                "must be empty, because the string to sign has no {method}, so that anybody could change it and leave the \
                 payload out",
            ),
            Self::SignedHeaders => f.write_str(
                "must be a list of header names in lower case, without _, each once, and none that carries {signature}",
            ),
            Self::SignedHeadersMissing { wanted: true } => {
                f.write_str("must not be empty, because the profile has {canonical_headers} or {signed_headers}")
            }
            Self::SignedHeadersMissing { wanted: false } => {
                f.write_str("must be empty, because the profile has neither {canonical_headers} nor {signed_headers}")
            }
            Self::Method => f.write_str("must be a list of HTTP methods"),
            Self::Name => f.write_str("must be 1 to 64 characters of a-z, 0-9 and -"),
            Self::NonceGrammar => f.write_str(
                "must be \"uuid\", a set with a length such as \"[A-Za-z0-9]{8,128}\", or the one text that is sent",
            ),
            Self::NonceGrammarMissing => {
                f.write_str("must not be null, because the profile has a {nonce}")
            }
            Self::NonceGrammarUnused => f.write_str("must be null, because the profile has no {nonce}"),
            Self::NotCarried(field) => write!(
                f,
                "must carry {field}, because the string to sign has it and a receiver could not know it"
            ),
            Self::NotInEvery(field) => write!(
                f,
                "must carry {field} in every header that has {{signature}}, because all but one of them may be missing"
            ),
            Self::NotSigned(field) => write!(
                f,
                "must have {field}, because a header carries it and it would not be protected"
            ),
            Self::Signature => f.write_str("must have {signature}"),
            Self::StringToSign(error) => error.fmt(f),
            Self::TimestampDigits => {
                f.write_str("must be null, or 10 for a timestamp in seconds, or 13 for one in milliseconds")
            }
            Self::TimestampFormatMissing => {
                f.write_str("must not be null, because the profile has a {timestamp}")
            }
            Self::TimestampFormatUnused => {
                f.write_str("must be null, because the profile has no {timestamp}")
            }
            Self::TooManyHeaders => f.write_str("must have at most 8 headers"),
            Self::Tolerance => write!(f, "must be between 0 and {MAX_TOLERANCE}"),
            Self::ToleranceUnused => {
                f.write_str("must be null, because the profile has no {timestamp}")
            }
        }
    }
}

/// What nonce and timestamp may be. The number of digits is fixed where the row asks for it, and where only that keeps the
/// string to sign from being ambiguous.
fn grammars<'a>(
    row: &Row<'_>,
    string_to_sign: &StringToSign,
    nonce: Option<&'a Nonce>,
) -> Result<Grammars<'a>, ProfileError> {
    let any = Grammars { nonce, timestamp: row.timestamp_format.map(Timestamp::new) };
    let fixed = Grammars { timestamp: any.timestamp.and_then(Timestamp::with_fixed_digits), ..any };
    let digits = fixed.timestamp.and_then(Timestamp::digits);
    if row.timestamp_digits.is_some() {
        return if row.timestamp_digits == digits { Ok(fixed) } else { Err(ProfileError::TimestampDigits) };
    }
    let is_ambiguous = |grammars| string_to_sign.ambiguity(grammars).is_some();
    Ok(if digits.is_some() && is_ambiguous(any) && !is_ambiguous(fixed) { fixed } else { any })
}

fn parse_headers(
    headers: &[(&str, &str)],
    grammars: Grammars<'_>,
) -> Result<Vec<HeaderTemplate>, ProfileError> {
    if headers.len() > MAX_HEADERS {
        return Err(ProfileError::TooManyHeaders);
    }
    let mut parsed: Vec<HeaderTemplate> = Vec::with_capacity(headers.len());
    for (name, template) in headers {
        let in_cgi = cgi(name);
        let template = HeaderTemplate::parse(name, template, grammars).map_err(|error| match error {
            HeaderTemplateError::Name => ProfileError::HeaderName((*name).into()),
            error => ProfileError::Header { name: (*name).into(), error },
        })?;
        // A constant is not looked for.
        let found = !in_cgi.as_bytes().starts_with(CGI_PREFIX) && !CGI_BARE.contains(&in_cgi.as_str());
        if !found && template.fields().next().is_some()
            || parsed.iter().any(|other| cgi(other.name()) == in_cgi)
        {
            return Err(ProfileError::HeaderName((*name).into()));
        }
        parsed.push(template);
    }
    Ok(parsed)
}

/// The name under which CGI, and so `$_SERVER`, has a header, without its `HTTP_`: two headers must not share it.
fn cgi(name: &str) -> String {
    name.to_ascii_uppercase().replace('-', "_")
}

fn sorted_list(names: &[&str]) -> Box<str> {
    let mut names = names.to_vec();
    names.sort_unstable();
    names.join(";").into()
}

fn parse_methods(methods: &[&str]) -> Result<Vec<Box<str>>, ProfileError> {
    methods
        .iter()
        .map(|method| {
            let token = !method.is_empty() && method.bytes().all(|byte| ByteSet::TOKEN.contains(byte));
            token.then(|| method.to_ascii_uppercase().into_boxed_str()).ok_or(ProfileError::Method)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::CanonicalRequestError;

    const DJANGO_LIKE: Row<'static> = Row {
        name: "custom",
        string_to_sign: "{timestamp}.{payload}",
        headers: &[("X-Time", "{timestamp}"), ("X-Signature", "{signature}")],
        timestamp_format: Some(TimestampFormat::Seconds),
        ..Row::EMPTY
    };

    #[track_caller]
    fn refused(row: &Row<'_>, error: ProfileError) {
        assert_eq!(Profile::new(row).unwrap_err(), error);
    }

    #[test]
    fn a_row_that_works() {
        let profile = Profile::new(&DJANGO_LIKE).unwrap();
        assert_eq!(profile.tolerance(), Some(Tolerance::Seconds(300)));
        assert!(profile.sends(Field::Timestamp));
        assert!(!profile.sends(Field::Nonce));
    }

    #[test]
    fn a_contract_that_could_not_be_kept_is_refused() {
        use ProfileError as E;
        let row = DJANGO_LIKE;
        refused(&Row { name: "Custom", ..row }, E::Name);
        refused(&Row { headers: &[("X-Time", "{timestamp}")], ..row }, E::Signature);
        refused(&Row { headers: &[("X-Signature", "{signature}")], ..row }, E::NotCarried(Field::Timestamp));
        refused(&Row { timestamp_format: None, ..row }, E::TimestampFormatMissing);
        refused(&Row { nonce: Some("uuid"), ..row }, E::NonceGrammarUnused);
        refused(&Row { nonce: Some("[]"), ..row }, E::NonceGrammar);
        refused(&Row { methods_without_payload: &["GE T"], ..row }, E::Method);
        refused(&Row { string_to_sign: "{payload}", ..row }, E::NotSigned(Field::Timestamp));
        let twice = [("X-S", "{signature}"), ("x-s", "{timestamp}")];
        refused(&Row { headers: &twice, ..row }, E::HeaderName("x-s".into()));
        for name in ["HTTP_X_S", "http-x-s", "Content-Type", "content-length"] {
            let headers = [("X-Time", "{timestamp}"), (name, "{signature}")];
            refused(&Row { headers: &headers, ..row }, E::HeaderName(name.into()));
        }
        let constant = [("X-S", "{signature}"), ("X-T", "{timestamp}"), ("Content-Type", "application/json")];
        assert!(Profile::new(&Row { headers: &constant, ..row }).is_ok());
        let same_to_cgi = [("X-S", "{signature}"), ("X_s", "{timestamp}")];
        refused(&Row { headers: &same_to_cgi, ..row }, E::HeaderName("X_s".into()));
        let signature_only = Row { string_to_sign: "{payload}", headers: &[("X-S", "{signature}")], ..row };
        refused(&signature_only, E::TimestampFormatUnused);
        let tolerant = Row { timestamp_format: None, tolerance: Some(1), ..signature_only };
        refused(&tolerant, E::ToleranceUnused);
        let with_nonce = [("X-N", "{nonce}"), ("X-S", "{signature}")];
        let no_grammar =
            Row { string_to_sign: "{nonce}{payload}", headers: &with_nonce, timestamp_format: None, ..row };
        refused(&no_grammar, E::NonceGrammarMissing);
        let nine = [("X-S", "{signature}"); 9];
        refused(&Row { headers: &nine, ..row }, E::TooManyHeaders);
    }

    #[test]
    fn an_ambiguous_string_to_sign_needs_its_authors_word() {
        let row = Row {
            string_to_sign: "{nonce}{payload}",
            headers: &[("X-N", "{nonce}"), ("X-S", "{signature}")],
            timestamp_format: None,
            nonce: Some("[A-Za-z0-9]{32,128}"),
            ..DJANGO_LIKE
        };
        let error = ProfileError::Ambiguous(Ambiguity {
            first: "{nonce}".into(),
            second: "{payload}".into(),
            in_canonical_request: false,
        });
        refused(&row, error);
        assert!(Profile::new(&Row { ambiguous: true, ..row }).is_ok());
    }

    #[test]
    fn the_digits_of_a_timestamp_are_fixed_where_nothing_else_shows_where_it_ends() {
        let digits = |row: &Row<'_>| Profile::new(row).unwrap().timestamp().unwrap().digits();
        let seconds = Row { string_to_sign: "{timestamp}{payload}", ..DJANGO_LIKE };
        let milliseconds = Row { timestamp_format: Some(TimestampFormat::Milliseconds), ..seconds };
        assert_eq!(digits(&DJANGO_LIKE), None);
        assert_eq!(digits(&seconds), Some(10));
        assert_eq!(digits(&milliseconds), Some(13));
        assert_eq!(digits(&Row { string_to_sign: "{payload}{timestamp}", ..seconds }), Some(10));
        assert_eq!(digits(&Row { ambiguous: true, ..seconds }), Some(10));
        // Where it does not help, it is not done.
        let headers = [("X-T", "{timestamp}"), ("X-N", "{nonce}"), ("X-S", "{signature}")];
        let nonce = Some("[a-z]{1,9}");
        let row = Row { string_to_sign: "{timestamp}.{nonce}{payload}", headers: &headers, nonce, ..seconds };
        refused(
            &row,
            ProfileError::Ambiguous(Ambiguity {
                first: "{nonce}".into(),
                second: "{payload}".into(),
                in_canonical_request: false,
            }),
        );
        assert_eq!(digits(&Row { ambiguous: true, ..row }), None);
    }

    #[test]
    fn a_row_can_ask_for_the_digits_that_its_format_has() {
        let row = Row { timestamp_digits: Some(10), ..DJANGO_LIKE };
        assert_eq!(Profile::new(&row).unwrap().timestamp().unwrap().digits(), Some(10));
        refused(&Row { timestamp_digits: Some(13), ..row }, ProfileError::TimestampDigits);
        let date = Some(TimestampFormat::Rfc3339);
        refused(&Row { timestamp_format: date, ..row }, ProfileError::TimestampDigits);
        let without = Row {
            string_to_sign: "{payload}",
            headers: &[("X-S", "{signature}")],
            timestamp_format: None,
            ..row
        };
        refused(&without, ProfileError::TimestampDigits);
    }

    const APIG: Row<'static> = Row {
        name: "canonical",
        string_to_sign: "{timestamp}\n{canonical_request_sha256}",
        headers: &[("X-Date", "{timestamp}"), ("Authorization", "H={signed_headers}, S={signature}")],
        timestamp_format: Some(TimestampFormat::Iso8601Basic),
        canonical_request: Some("{method}\n{canonical_headers}\n{signed_headers}\n{payload_sha256}"),
        signed_headers: &["host", "x-date"],
        ..Row::EMPTY
    };

    #[test]
    fn a_canonical_request_that_could_not_be_kept_is_refused() {
        use CanonicalRequestError as C;
        use ProfileError as E;
        let canonical = |error| E::StringToSign(StringToSignError::CanonicalRequest(error));
        let profile = Profile::new(&APIG).unwrap();
        assert_eq!(profile.signed_headers_text(), "host;x-date");
        assert!(profile.takes_signed_headers(b"x-date;a;host"));
        for list in [
            "",
            "host",
            "x-date",
            "host;x-date;host",
            "Host;x-date",
            "host;x-date;authorization",
            "host;x-date;",
        ] {
            assert!(!profile.takes_signed_headers(list.as_bytes()), "{list}");
        }
        refused(&Row { canonical_request: None, ..APIG }, canonical(C::Missing));
        refused(&Row { string_to_sign: "{timestamp}\n{payload}", ..APIG }, canonical(C::Unused));
        refused(&Row { canonical_request: Some("{signed_headers}"), ..APIG }, canonical(C::Payload));
        let twice = Some("{payload_sha256}{payload_sha256}");
        refused(&Row { canonical_request: twice, ..APIG }, canonical(C::Payload));
        refused(&Row { signed_headers: &[], ..APIG }, E::SignedHeadersMissing { wanted: true });
        refused(&Row { signed_headers: &["Host"], ..APIG }, E::SignedHeaders);
        refused(&Row { signed_headers: &["host", "host"], ..APIG }, E::SignedHeaders);
        refused(&Row { signed_headers: &["host", "authorization"], ..APIG }, E::SignedHeaders);
        let unsigned = Some("{method}\n{payload_sha256}");
        refused(&Row { canonical_request: unsigned, ..APIG }, E::NotSigned(Field::SignedHeaders));
        refused(&Row { signed_headers: &["host"], ..DJANGO_LIKE }, E::SignedHeadersMissing { wanted: false });
        // Both templates are judged.
        let close = Some("{method}{canonical_path}\n{canonical_headers}{signed_headers}\n{payload_sha256}");
        let error = Profile::new(&Row { canonical_request: close, ..APIG }).unwrap_err();
        assert!(matches!(error, E::Ambiguous(Ambiguity { in_canonical_request: true, .. })), "{error:?}");
        // No list with that separator, which stands between the names too, but a sequence: the last one counts.
        let headers = [("X-Date", "{timestamp}"), ("Authorization", "H={signed_headers}; S={signature}")];
        let profile = Profile::new(&Row { headers: &headers, ..APIG }).unwrap();
        let mut found = Vec::new();
        let read = profile.headers()[1].read(b"H=host;x-date; S=abc", |field, text, _| {
            found.push((field, text.to_vec()));
            Ok(())
        });
        let expected = [(Field::SignedHeaders, b"host;x-date".to_vec()), (Field::Signature, b"abc".to_vec())];
        assert_eq!((read, found.as_slice()), (Ok(()), &expected[..]));
    }

    #[test]
    fn another_header_is_none_of_the_profiles_own() {
        let row = Row { string_to_sign: "{timestamp}\n{header:Host}\n{payload}", ..DJANGO_LIKE };
        assert_eq!(Profile::new(&row).unwrap().string_to_sign().header_names(), [Box::from("host")]);
        let row = Row { string_to_sign: "{timestamp}\n{header:X-Time}\n{payload}", ..DJANGO_LIKE };
        refused(&row, ProfileError::HeaderOwn("x-time".into()));
    }

    #[test]
    fn methods_without_payload_are_told_in_any_letter_case() {
        let string_to_sign = "{method}\n{timestamp}.{payload}";
        let row = Row { string_to_sign, methods_without_payload: &["get"], ..DJANGO_LIKE };
        refused(&Row { string_to_sign: DJANGO_LIKE.string_to_sign, ..row }, ProfileError::MethodNotSigned);
        let profile = Profile::new(&row).unwrap();
        assert!(!profile.signs_payload(b"GET"));
        assert!(!profile.signs_payload(b"Get"));
        assert!(profile.signs_payload(b"POST"));
    }
}
