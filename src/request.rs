//! What is signed of a request: its method, and the path and the query of its target.

use alloc::borrow::Cow;
use core::cmp::Ordering;
use core::fmt;

use crate::shape::ByteSet;
use crate::signed_headers::{HeaderFault, RequestHeaders, SignedHeaders};
use crate::template::{Field, RareValues, StringToSign};

/// A method and a target, checked.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    method: &'a [u8],
    whole_target: &'a [u8],
    headers: RequestHeaders<'a>,
    signed_headers: &'a [u8],
    /// Where the request goes.
    pub target: Target<'a>,
}

impl<'a> Request<'a> {
    /// Checks a method and a target.
    ///
    /// # Errors
    ///
    /// [`RequestError`] says which of the two is not valid, and where.
    pub fn parse(method: &'a [u8], target: &'a [u8]) -> Result<Self, RequestError> {
        if method.is_empty() || !method.iter().all(|byte| ByteSet::TOKEN.contains(*byte)) {
            return Err(RequestError::Method);
        }
        let headers = RequestHeaders::default();
        Ok(Self {
            method,
            target: Target::parse(target)?,
            whole_target: target,
            headers,
            signed_headers: &[],
        })
    }

    /// The same with its headers.
    #[must_use]
    pub const fn with_headers(self, headers: RequestHeaders<'a>) -> Self {
        Self { headers, ..self }
    }

    /// The same with the list of the headers that are signed.
    #[must_use]
    pub const fn with_signed_headers(self, signed_headers: &'a [u8]) -> Self {
        Self { signed_headers, ..self }
    }

    /// The list of the headers that are signed, as it came.
    #[must_use]
    pub(crate) const fn signed_headers(&self) -> &'a [u8] {
        self.signed_headers
    }

    /// All headers, as they came.
    #[must_use]
    pub const fn headers(&self) -> RequestHeaders<'a> {
        self.headers
    }

    /// The host that an absolute target names, as a `Host` header has it: in lower case, and without the port that its
    /// scheme has anyway.
    ///
    /// # Errors
    ///
    /// [`RequestError::UserInfo`] for a target with a user name.
    pub fn host(&self) -> Result<Option<String>, RequestError> {
        let Some((scheme, authority)) = self.origin()? else { return Ok(None) };
        let lower = String::from_utf8_lossy(authority).to_ascii_lowercase();
        let port = match &*scheme.to_ascii_lowercase() {
            b"https" => ":443",
            b"http" => ":80",
            _ => return Ok(Some(lower)),
        };
        Ok(Some(lower.strip_suffix(port).map_or_else(|| lower.clone(), str::to_owned)))
    }

    /// The scheme and the authority of an absolute target.
    fn origin(&self) -> Result<Option<Origin<'a>>, RequestError> {
        let origin = self.whole_target.get(..self.target.path_offset).unwrap_or_default();
        let Some(colon) = origin.iter().position(|byte| *byte == b':') else { return Ok(None) };
        let (scheme, rest) = origin.split_at(colon);
        let authority = rest.strip_prefix(b"://").unwrap_or_default();
        if authority.contains(&b'@') { Err(RequestError::UserInfo) } else { Ok(Some((scheme, authority))) }
    }

    /// The method, in upper case.
    #[must_use]
    pub fn method(&self) -> Cow<'a, [u8]> {
        if self.method.iter().any(u8::is_ascii_lowercase) {
            Cow::Owned(self.method.to_ascii_uppercase())
        } else {
            Cow::Borrowed(self.method)
        }
    }

    /// Brings what the string to sign has of the request into its canonical form. What it does not have stays empty.
    ///
    /// # Errors
    ///
    /// [`RequestError::Control`] when the decoded path has a control byte.
    pub fn canonical(&self, string_to_sign: &StringToSign) -> Result<Canonical<'a>, RequestError> {
        let mut canonical = Canonical::default();
        if !string_to_sign.signs_request() {
            return Ok(canonical);
        }
        if string_to_sign.has(Field::Method) {
            canonical.method = self.method();
        }
        if string_to_sign.has(Field::Path) {
            canonical.path = self.target.decoded_path()?;
        }
        if string_to_sign.has(Field::Query) {
            canonical.query = self.target.canonical_query();
        }
        if string_to_sign.signs_rarely() {
            canonical.rare = Some(Box::new(self.rare_values(string_to_sign)?));
        }
        Ok(canonical)
    }

    fn rare_values(&self, string_to_sign: &StringToSign) -> Result<RareValues, RequestError> {
        let mut values = RareValues::default();
        if string_to_sign.has(Field::Target) {
            values.target = self.target.origin_form(self.whole_target);
        }
        if string_to_sign.has(Field::Url) {
            self.origin()?.ok_or(RequestError::Relative)?;
            values.url = self.whole_target.to_vec();
        }
        for name in string_to_sign.header_names() {
            let error = |fault| RequestError::Header { name: Some(name.clone()), fault };
            values.headers.push(self.headers.find(name.as_bytes()).map_err(error)?.to_vec());
        }
        if string_to_sign.has(Field::CanonicalPath) {
            values.canonical_path = self.target.canonical_request_path();
        }
        if string_to_sign.has(Field::CanonicalQuery) {
            values.canonical_query = self.target.canonical_request_query();
        }
        if string_to_sign.signs_header_list() {
            let list = SignedHeaders::parse(self.signed_headers).ok_or(RequestError::SignedHeaders)?;
            values.canonical_headers = list.canonical(&self.headers).map_err(|(name, fault)| {
                RequestError::Header { name: string_to_sign.required(name), fault }
            })?;
            values.signed_headers = self.signed_headers.to_vec();
        }
        Ok(values)
    }
}

/// A scheme and an authority.
type Origin<'a> = (&'a [u8], &'a [u8]);

/// The canonical forms of what is signed of a request.
#[derive(Clone, Debug, Default)]
pub struct Canonical<'a> {
    /// In upper case.
    pub method: Cow<'a, [u8]>,
    /// Percent-decoded.
    pub path: Cow<'a, [u8]>,
    /// See [`Target::canonical_query`].
    pub query: String,
    /// What few contracts sign.
    pub rare: Option<Box<RareValues>>,
}

impl Canonical<'_> {
    /// The same, without borrowing.
    #[must_use]
    pub fn into_owned(self) -> Canonical<'static> {
        Canonical {
            method: Cow::Owned(self.method.into_owned()),
            path: Cow::Owned(self.path.into_owned()),
            query: self.query,
            rare: self.rare,
        }
    }
}

/// A request target, split into path and query.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    path: &'a [u8],
    query: &'a [u8],
    path_offset: usize,
}

impl<'a> Target<'a> {
    /// Splits `/path?query` or `scheme://host/path?query`; of the latter, path and query are used.
    ///
    /// # Errors
    ///
    /// [`RequestError`] for a fragment, for white space and control bytes, and for anything that is neither form.
    pub fn parse(target: &'a [u8]) -> Result<Self, RequestError> {
        if let Some(offset) = target.iter().position(|byte| *byte <= b' ' || *byte == 0x7f) {
            return Err(RequestError::Control { offset });
        }
        if let Some(offset) = target.iter().position(|byte| *byte == b'#') {
            return Err(RequestError::Fragment { offset });
        }
        let origin_form = if target.starts_with(b"/") {
            target
        } else {
            strip_origin(target).ok_or(RequestError::Target)?
        };
        let path_offset = target.len() - origin_form.len();
        let (path, query) = match origin_form.iter().position(|byte| *byte == b'?') {
            Some(mark) => {
                let (path, query) = origin_form.split_at(mark);
                (path, query.strip_prefix(b"?").unwrap_or(query))
            }
            None => (origin_form, &[][..]),
        };
        Ok(Self { path: if path.is_empty() { b"/" } else { path }, query, path_offset })
    }

    /// Path and query as they are sent.
    fn origin_form(&self, whole: &[u8]) -> Vec<u8> {
        let sent = whole.get(self.path_offset..).unwrap_or_default();
        if sent.starts_with(b"/") { sent.to_vec() } else { [b"/", sent].concat() }
    }

    /// The path as it was given.
    #[must_use]
    pub const fn raw_path(&self) -> &'a [u8] {
        self.path
    }

    /// The query as it was given, without its `?`.
    #[must_use]
    pub const fn raw_query(&self) -> &'a [u8] {
        self.query
    }

    /// The path, percent-decoded once: what Django calls `request.path`. As there, a byte that is no part of UTF-8 is
    /// `%XX` again (`repercent_broken_unicode`).
    ///
    /// # Errors
    ///
    /// [`RequestError::Control`]: a decoded line feed could otherwise pass for the end of the path.
    pub fn decoded_path(&self) -> Result<Cow<'a, [u8]>, RequestError> {
        let path = if self.path.contains(&b'%') {
            Cow::Owned(percent_decode(self.path, false))
        } else {
            Cow::Borrowed(self.path)
        };
        if path.iter().all(|byte| ByteSet::TEXT.contains(*byte)) {
            return Ok(if core::str::from_utf8(&path).is_ok() {
                path
            } else {
                Cow::Owned(escape_broken(&path))
            });
        }
        let is_control = |escape: &[u8]| match percent_decode(escape, false).as_slice() {
            [byte] => !ByteSet::TEXT.contains(*byte),
            _ => false,
        };
        let offset = self.path.windows(3).position(is_control).unwrap_or(0);
        Err(RequestError::Control { offset: self.path_offset + offset })
    }

    /// The canonical query: split at `&`, empty parts left out, `+` read as a space, percent-decoded, encoded again as
    /// RFC 3986 has it (a space is `%20`), and sorted by encoded name, then by encoded value. Duplicates and empty
    /// values stay; a name without `=` gets one.
    ///
    /// The rule is Django's side of the Nextcloud contract: Python's `parse_qsl(keep_blank_values=True)` and
    /// `quote(safe='-_.~')`. One difference: bytes that are not UTF-8 stay as they are, where Python would replace them
    /// all by the same character.
    #[must_use]
    pub fn canonical_query(&self) -> String {
        let mut pairs = self.pairs();
        pairs.sort_unstable();
        self.joined(&pairs)
    }

    /// The path of a canonical request: percent-decoded once and encoded again as RFC 3986 has it, but for the slashes,
    /// with a slash at its end.
    #[must_use]
    pub fn canonical_request_path(&self) -> String {
        let decoded = percent_decode(self.path, false);
        let segments: Vec<String> = decoded.split(|byte| *byte == b'/').map(percent_encode).collect();
        let mut path = segments.join("/");
        if !path.ends_with('/') {
            path.push('/');
        }
        path
    }

    /// The query of a canonical request: as [`Self::canonical_query`], but sorted by decoded name, then by decoded value.
    #[must_use]
    pub fn canonical_request_query(&self) -> String {
        let mut pairs = self.decoded_pairs();
        pairs.sort_unstable();
        self.joined(&encoded(&pairs))
    }

    /// The same with the names and values that are numbers sorted as numbers, as PHP's `sort()` does.
    #[must_use]
    pub(crate) fn query_of_numbers(&self) -> String {
        let mut pairs = self.decoded_pairs();
        pairs.sort_by(|one, other| compare_numbers(&one.0, &other.0).then(compare_numbers(&one.1, &other.1)));
        self.joined(&encoded(&pairs))
    }

    /// The same sorted by name, with the values of one name in the order in which they were given.
    #[must_use]
    pub(crate) fn query_by_name(&self) -> String {
        let mut pairs = self.decoded_pairs();
        pairs.sort_by(|one, other| one.0.cmp(&other.0));
        self.joined(&encoded(&pairs))
    }

    /// The query encoded as the canonical one, and in the order in which it was given.
    #[must_use]
    pub(crate) fn encoded_query(&self) -> String {
        self.joined(&self.pairs())
    }

    /// Names and values, encoded again.
    fn pairs(&self) -> Vec<(String, String)> {
        encoded(&self.decoded_pairs())
    }

    /// Names and values. A `+` is a space.
    fn decoded_pairs(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let parts = self.query.split(|byte| *byte == b'&').filter(|part| !part.is_empty());
        parts
            .map(|part| {
                let equals = part.iter().position(|byte| *byte == b'=').unwrap_or(part.len());
                let (name, value) = part.split_at(equals);
                let value = value.strip_prefix(b"=").unwrap_or(value);
                (percent_decode(name, true), percent_decode(value, true))
            })
            .collect()
    }

    fn joined(&self, pairs: &[(String, String)]) -> String {
        let mut text = String::with_capacity(self.query.len());
        for (name, value) in pairs {
            if !text.is_empty() {
                text.push('&');
            }
            text.push_str(name);
            text.push('=');
            text.push_str(value);
        }
        text
    }
}

fn encoded(pairs: &[(Vec<u8>, Vec<u8>)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| (percent_encode(name), percent_encode(value))).collect()
}

/// Numbers by what they count, and other texts behind them.
fn compare_numbers(one: &[u8], other: &[u8]) -> Ordering {
    let number = |text: &[u8]| {
        let number: f64 = core::str::from_utf8(text).ok()?.parse().ok()?;
        number.is_finite().then_some(number)
    };
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => one.cmp(other),
    }
}

/// Why a method or a target is not one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// White space or a control byte in the target, as it stands or percent-encoded in the path.
    Control {
        /// Bytes from the start of the target.
        offset: usize,
    },
    /// A `#`: a fragment is never sent.
    Fragment {
        /// Bytes from the start of the target.
        offset: usize,
    },
    /// A header that is signed and cannot be.
    Header {
        /// Its name, in lower case, where the profile names it too: what a caller sends is not repeated.
        name: Option<Box<str>>,
        /// Why.
        fault: HeaderFault,
    },
    /// A header that signing writes itself.
    HeaderOwn(Box<str>),
    /// The method is not an HTTP token.
    Method,
    /// A target without a host, where the whole URL is signed.
    Relative,
    /// The headers that are signed have no list, or one with a name that cannot stand in it.
    SignedHeaders,
    /// Neither `/path` nor `scheme://host/path`.
    Target,
    /// A user name in the target, where the host is signed.
    UserInfo,
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Control { offset } => {
                write!(f, "must not contain white space or control characters (byte {offset})")
            }
            Self::Fragment { offset } => {
                write!(f, "must not contain a fragment (byte {offset})")
            }
            Self::Header { name: Some(name), fault } => {
                write!(f, "must have the header \"{name}\", because the profile signs it, and it {fault}")
            }
            Self::Header { name: None, fault } => {
                write!(f, "must have every header that is listed as signed, and one {fault}")
            }
            Self::HeaderOwn(name) => write!(f, "must not have \"{name}\", which is written by signing"),
            Self::Method => f.write_str("must be an HTTP method"),
            Self::Relative => {
                f.write_str("must be an absolute URL such as \"https://host/path?query\", because the profile signs it")
            }
            Self::SignedHeaders => f.write_str(
                "must have at most 64 names, each an HTTP field name without _ and once, whatever its letter case",
            ),
            Self::UserInfo => f.write_str("must not have a user name, because the profile signs the host"),
            Self::Target => f.write_str("must be \"/path?query\" or \"https://host/path?query\""),
        }
    }
}

/// Takes `scheme://host` off.
fn strip_origin(target: &[u8]) -> Option<&[u8]> {
    let colon = target.iter().position(|byte| *byte == b':')?;
    let (scheme, rest) = target.split_at(colon);
    let named = scheme.first()?.is_ascii_alphabetic()
        && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte));
    let authority = rest.strip_prefix(b"://").filter(|_| named)?;
    let end = authority.iter().position(|byte| b"/?".contains(byte)).unwrap_or(authority.len());
    let (host, path) = authority.split_at(end);
    (!host.is_empty()).then_some(path)
}

/// Decodes `%XX`. A `%` without two hex digits stays as it is, as Python's `unquote` leaves it.
#[must_use]
pub(crate) fn percent_decode(text: &[u8], plus_is_space: bool) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        decoded.push(match (byte, tail) {
            (b'%', [high, low, after @ ..]) => match (hex_digit(*high), hex_digit(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    high << 4 | low
                }
                _ => b'%',
            },
            (b'+', _) if plus_is_space => b' ',
            (byte, _) => *byte,
        });
    }
    decoded
}

/// Writes `%XX` for every byte that is no part of UTF-8.
fn escape_broken(path: &[u8]) -> Vec<u8> {
    let chunks = path.utf8_chunks();
    chunks
        .flat_map(|chunk| [chunk.valid().to_owned(), percent_encode(chunk.invalid())].concat().into_bytes())
        .collect()
}

pub(crate) fn percent_encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        if ByteSet::UNRESERVED.contains(*byte) {
            text.push(char::from(*byte));
        } else {
            text.push('%');
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from(if digit < 10 { b'0' + digit } else { b'A' - 10 + digit }));
            }
        }
    }
    text
}

/// What is percent-encoded, as PHP's `urlencode()` writes it: a space is `+`, and `~` is encoded too.
#[must_use]
pub(crate) fn form_spelling(encoded: &str) -> String {
    encoded.replace("%20", "+").replace('~', "%7E")
}

const fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn target(text: &str) -> Target<'_> {
        Target::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[track_caller]
    fn canonical(query: &str) -> String {
        target(&format!("/?{query}")).canonical_query()
    }

    #[test]
    fn the_published_examples() {
        assert_eq!(canonical("a=2&b=two%20words&plus=%2B&a=1"), "a=1&a=2&b=two%20words&plus=%2B");
        assert_eq!(canonical("q=a+b"), "q=a%20b");
        assert_eq!(canonical("z=1&%C3%A9=2"), "%C3%A9=2&z=1");
        assert_eq!(canonical("k=z&k=%C3%A9"), "k=%C3%A9&k=z");
    }

    #[test]
    fn duplicates_and_blanks_stay_and_empty_parts_go() {
        assert_eq!(canonical("b&a=&a=1&a=1&&"), "a=&a=1&a=1&b=");
        assert_eq!(canonical("=1"), "=1");
        assert_eq!(canonical("a=b=c"), "a=b%3Dc");
        assert_eq!(canonical(""), "");
    }

    #[test]
    fn escapes_come_out_in_one_spelling() {
        assert_eq!(canonical("a=%7e%2d%c3%a9"), "a=~-%C3%A9");
        assert_eq!(canonical("a=%zz%4"), "a=%25zz%254");
        assert_eq!(canonical("a=%ff"), "a=%FF");
        assert_eq!(canonical("a=\u{e9}"), "a=%C3%A9");
    }

    #[test]
    fn a_canonical_query_is_its_own_canonical_form() {
        for query in ["q=a+b", "%=1&b", "z=1&%C3%A9=2", "a==&=&%25zz"] {
            let once = canonical(query);
            assert_eq!(canonical(&once), once, "{query}");
        }
    }

    #[test]
    fn a_canonical_request_has_its_own_path_and_order_of_the_query() {
        let path = |text| target(text).canonical_request_path();
        for (text, expected) in [
            ("/", "/"),
            ("/a", "/a/"),
            ("/a/", "/a/"),
            ("https://host", "/"),
            ("https://host/a?b", "/a/"),
            ("//a//b", "//a//b/"),
            ("/caf%c3%a9/\u{e9}", "/caf%C3%A9/%C3%A9/"),
            ("/a%2Fb+c~%7e", "/a/b%2Bc~~/"),
            ("/%25%2525%zz", "/%25%2525%25zz/"),
            ("/%00%ff", "/%00%FF/"),
        ] {
            assert_eq!(path(text), expected, "{text}");
        }
        let query = |query: &str| target(&format!("/?{query}")).canonical_request_query();
        assert_eq!(query("b=2&a=1&a=0&c"), "a=0&a=1&b=2&c=");
        assert_eq!(query("10=a&9=b&1=c"), "1=c&10=a&9=b");
        assert_eq!(query("q=a+b&q=%2B"), "q=%2B&q=a%20b");
        // `{` stands behind the letters, its escape before them.
        assert_eq!(query("z=1&%7B=2"), "z=1&%7B=2");
        assert_eq!(canonical("z=1&%7B=2"), "%7B=2&z=1");
        assert_eq!(query("k=z&k=%C3%A9"), "k=z&k=%C3%A9");
    }

    #[test]
    fn a_target_in_origin_or_absolute_form() {
        for (text, path, query) in [
            ("/", "/", ""),
            ("/a/b?c=d?e", "/a/b", "c=d?e"),
            ("/a?", "/a", ""),
            ("//a", "//a", ""),
            ("https://host/a?b", "/a", "b"),
            ("http://host:8080", "/", ""),
            ("https://host?b", "/", "b"),
            ("/redirect?to=https://host/", "/redirect", "to=https://host/"),
        ] {
            let target = target(text);
            assert_eq!(target.raw_path(), path.as_bytes(), "{text}");
            assert_eq!(target.raw_query(), query.as_bytes(), "{text}");
        }
    }

    #[test]
    fn what_is_no_target() {
        for (text, error) in [
            ("", RequestError::Target),
            ("*", RequestError::Target),
            ("a/b", RequestError::Target),
            ("https://", RequestError::Target),
            ("https:///a", RequestError::Target),
            ("://host/", RequestError::Target),
            ("host:80", RequestError::Target),
            ("/a#b", RequestError::Fragment { offset: 2 }),
            ("/a b", RequestError::Control { offset: 2 }),
            ("/a\n", RequestError::Control { offset: 2 }),
            ("/\u{7f}", RequestError::Control { offset: 1 }),
        ] {
            assert_eq!(Target::parse(text.as_bytes()).unwrap_err(), error, "{text:?}");
        }
    }

    #[test]
    fn the_path_is_decoded_once_and_never_to_a_control_byte() {
        let decoded = |text| target(text).decoded_path().map(Cow::into_owned);
        assert_eq!(decoded("/caf%C3%A9"), Ok("/caf\u{e9}".into()));
        assert_eq!(decoded("/a+b%2Bc%2520"), Ok(b"/a+b+c%20".into()));
        // What Django 5.2 makes of them.
        for (path, expected) in [
            ("/%ff%2F", "/%FF/"),
            ("/a%e2%82", "/a%E2%82"),
            ("/%ED%A0%80", "/%ED%A0%80"),
            ("/%F5%80x%C3%A9", "/%F5%80x\u{e9}"),
        ] {
            assert_eq!(decoded(path), Ok(expected.into()), "{path}");
        }
        assert_eq!(Target::parse(b"/\xff").unwrap().decoded_path(), Ok(b"/%FF"[..].into()));
        for (path, offset) in
            [("/a%0Ab", 2), ("/%00", 1), ("/%25%7f", 4), ("/%c3%a9/%1b", 8), ("https://host/%00", 13)]
        {
            assert_eq!(decoded(path), Err(RequestError::Control { offset }), "{path}");
        }
    }

    #[test]
    fn a_method_is_a_token_and_signed_in_upper_case() {
        let request = Request::parse(b"post", b"/").unwrap();
        assert_eq!(&*request.method(), b"POST");
        for method in [&b""[..], b"GET ", b"PO\nST", b"\xff"] {
            assert_eq!(Request::parse(method, b"/").unwrap_err(), RequestError::Method);
        }
    }
}
