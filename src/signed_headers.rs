//! The headers that are signed besides those of the profile: the list of their names, where their values are found, and
//! the canonical text of all of them.

use core::fmt;

use crate::shape::ByteSet;

/// Most headers that a request may list as signed.
pub const MAX_SIGNED_HEADERS: usize = 64;

/// The bytes of a name in the list: an HTTP token in lower case. Without `_`, because `$_SERVER` does not tell it from
/// `-`.
pub(crate) const NAME: ByteSet = ByteSet::DIGITS.with_range(b'a', b'z').with(b"!#$%&'*+-.^`|~");

/// What CGI, and so `$_SERVER`, puts in front of a header's name.
const CGI_PREFIX: &[u8] = b"HTTP_";
/// The two that it puts nothing in front of (RFC 3875, section 4.1). Many servers give both names to one header.
const CGI_BARE: [(&[u8], &[u8]); 2] =
    [(b"content-type", b"CONTENT_TYPE"), (b"content-length", b"CONTENT_LENGTH")];

/// A name as it came, in whatever spelling, and its value; `None` for one that is no text.
pub type NamedValue<'a> = (&'a [u8], Option<&'a [u8]>);

/// All headers of a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct RequestHeaders<'a>(pub &'a [NamedValue<'a>]);

impl<'a> RequestHeaders<'a> {
    /// The value of the header of that name, which is in lower case, without spaces and tabs at its ends.
    ///
    /// A header that the web server knows under two names, `CONTENT_TYPE` and `HTTP_CONTENT_TYPE`, is one where both say
    /// the same. `CONTENT_TYPE` alone is also there, and empty, where the request has no such header.
    ///
    /// # Errors
    ///
    /// [`HeaderFault`] where there is not exactly one value, or where it is no text or has control bytes.
    pub fn find(&self, name: &[u8]) -> Result<&'a [u8], HeaderFault> {
        let bare_name = CGI_BARE.iter().find(|(known, _)| *known == name).map(|(_, bare)| *bare);
        let (mut named, mut bare) = (None, None);
        for (other, value) in self.0 {
            let slot = if bare_name == Some(*other) {
                if value.is_some_and(<[u8]>::is_empty) {
                    continue;
                }
                &mut bare
            } else if is_spelling_of(other, name) {
                &mut named
            } else {
                continue;
            };
            if slot.replace(*value).is_some() {
                return Err(HeaderFault::Repeated);
            }
        }
        let value = match (named, bare) {
            (None, None) => return Err(HeaderFault::Missing),
            (Some(named), Some(bare)) if named != bare => return Err(HeaderFault::Repeated),
            (Some(value), _) | (None, Some(value)) => value,
        };
        let value = trim(value.ok_or(HeaderFault::NotText)?);
        if value.iter().all(|byte| ByteSet::TEXT.contains(*byte)) {
            Ok(value)
        } else {
            Err(HeaderFault::Control)
        }
    }
}

/// Whether two names are those of one header, the second in lower case.
#[must_use]
pub fn is_same_name(one: &[u8], lower: &[u8]) -> bool {
    is_spelling_of(one, lower)
}

/// Whether a name, as it came, is a spelling of one in lower case: in any letter case, with `_` for `-`, and with what CGI
/// puts in front. In upper case with `_` and without that, it is a variable of CGI and no header.
fn is_spelling_of(other: &[u8], name: &[u8]) -> bool {
    let variable = other.contains(&b'_') && !other.iter().any(u8::is_ascii_lowercase);
    let same = |other: &[u8]| {
        other.len() == name.len()
            && other.iter().zip(name).all(|(byte, own)| match byte {
                b'_' => *own == b'-',
                byte => byte.eq_ignore_ascii_case(own),
            })
    };
    same(other) && !variable
        || other
            .split_at_checked(CGI_PREFIX.len())
            .is_some_and(|(prefix, rest)| prefix.eq_ignore_ascii_case(CGI_PREFIX) && same(rest))
}

/// The name of the header, in lower case and with `-`, that a name as it came is a spelling of; `None` for a variable of CGI.
#[must_use]
pub fn header_name(name: &[u8]) -> Option<Vec<u8>> {
    let bare = CGI_BARE.iter().find(|(_, bare)| *bare == name).map(|(known, _)| known.to_vec());
    bare.or_else(|| {
        let prefixed = name.split_at_checked(CGI_PREFIX.len());
        let rest = prefixed
            .filter(|(prefix, _)| prefix.eq_ignore_ascii_case(CGI_PREFIX))
            .map_or(name, |(_, rest)| rest);
        let lower: Vec<u8> =
            rest.iter().map(|byte| if *byte == b'_' { b'-' } else { byte.to_ascii_lowercase() }).collect();
        (!lower.is_empty() && is_spelling_of(name, &lower)).then_some(lower)
    })
}

fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// Why a header cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderFault {
    /// Its value has a control byte.
    Control,
    /// It is not there.
    Missing,
    /// It is something other than text.
    NotText,
    /// It is there more than once, or under two names with different values.
    Repeated,
}

impl fmt::Display for HeaderFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Control => "has a control character",
            Self::Missing => "is missing",
            Self::NotText => "is not a string",
            Self::Repeated => "stands more than once",
        })
    }
}

/// The names of the headers that are signed, in the order in which they are signed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedHeaders<'a>(Vec<&'a [u8]>);

impl<'a> SignedHeaders<'a> {
    /// Reads a list: names in lower case with `;` between them, each once, 64 at most.
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        let mut names: Vec<&[u8]> = Vec::new();
        for name in text.split(|byte| *byte == b';') {
            let fits = !name.is_empty() && name.iter().all(|byte| NAME.contains(*byte));
            if !fits || names.contains(&name) || names.len() == MAX_SIGNED_HEADERS {
                return None;
            }
            names.push(name);
        }
        Some(Self(names))
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        self.0.iter().copied()
    }

    /// Whether the name is in the list.
    #[must_use]
    pub fn has(&self, name: &[u8]) -> bool {
        self.0.contains(&name)
    }

    /// A line for each header, in the order of the list: its name, a colon, its value, and a line feed.
    ///
    /// # Errors
    ///
    /// [`HeaderFault`] for one that cannot be signed, and its name.
    pub fn canonical(&self, headers: &RequestHeaders<'_>) -> Result<Vec<u8>, (&'a [u8], HeaderFault)> {
        let mut text = Vec::new();
        for name in &self.0 {
            let value = headers.find(name).map_err(|fault| (*name, fault))?;
            for part in [name, &b":"[..], value, b"\n"] {
                text.extend_from_slice(part);
            }
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pair = (&'static str, &'static str);

    #[track_caller]
    fn find(headers: &[Pair], name: &str) -> Result<String, HeaderFault> {
        let headers: Vec<(&[u8], Option<&[u8]>)> =
            headers.iter().map(|(name, value)| (name.as_bytes(), Some(value.as_bytes()))).collect();
        RequestHeaders(&headers)
            .find(name.as_bytes())
            .map(|value| String::from_utf8_lossy(value).into_owned())
    }

    #[test]
    fn a_header_is_found_under_each_of_its_names() {
        for name in ["X-Sdk-Date", "x-sdk-date", "HTTP_X_SDK_DATE", "x_sdk_date", "X_Sdk_Date"] {
            assert_eq!(find(&[("A", "b"), (name, "1")], "x-sdk-date"), Ok("1".into()), "{name}");
        }
        for name in
            ["", "X-Sdk-Dat", "X-Sdk-Date ", "HTTP_", "HTTP-X-SDK-DATE", "HTTPX_SDK_DATE", "X_SDK_DATE"]
        {
            assert_eq!(find(&[(name, "1")], "x-sdk-date"), Err(HeaderFault::Missing), "{name}");
        }
    }

    #[test]
    fn a_value_loses_spaces_and_tabs_at_its_ends_and_nothing_inside() {
        assert_eq!(find(&[("A", " \tx  y\t ")], "a"), Ok("x  y".into()));
        assert_eq!(find(&[("A", " \t ")], "a"), Ok(String::new()));
        assert_eq!(find(&[("A", "\u{e9}")], "a"), Ok("\u{e9}".into()));
        for control in ["x\ty", "x\ny", "x\0", "\u{7f}", "\r"] {
            assert_eq!(find(&[("A", control)], "a"), Err(HeaderFault::Control), "{control:?}");
        }
    }

    #[test]
    fn a_header_that_is_there_twice_is_refused() {
        assert_eq!(find(&[("A", "1"), ("a", "1")], "a"), Err(HeaderFault::Repeated));
        assert_eq!(find(&[("HTTP_A", "1"), ("A", "1")], "a"), Err(HeaderFault::Repeated));
        assert_eq!(find(&[("x_a", "1"), ("X-A", "1")], "x-a"), Err(HeaderFault::Repeated));
    }

    #[test]
    fn the_two_headers_that_cgi_knows_under_two_names() {
        for (name, bare, prefixed) in [
            ("content-type", "CONTENT_TYPE", "HTTP_CONTENT_TYPE"),
            ("content-length", "CONTENT_LENGTH", "HTTP_CONTENT_LENGTH"),
        ] {
            assert_eq!(find(&[(bare, "a"), (prefixed, "a")], name), Ok("a".into()));
            assert_eq!(find(&[(bare, "a")], name), Ok("a".into()));
            assert_eq!(find(&[(prefixed, "a")], name), Ok("a".into()));
            assert_eq!(find(&[(bare, ""), (prefixed, "a")], name), Ok("a".into()));
            assert_eq!(find(&[(bare, ""), (prefixed, "")], name), Ok(String::new()));
            assert_eq!(find(&[(bare, "")], name), Err(HeaderFault::Missing));
            assert_eq!(find(&[(bare, "a"), (prefixed, "b")], name), Err(HeaderFault::Repeated));
            assert_eq!(find(&[(bare, "a"), (prefixed, "")], name), Err(HeaderFault::Repeated));
            assert_eq!(find(&[(prefixed, "a"), (name, "a")], name), Err(HeaderFault::Repeated));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let headers: [(&[u8], Option<&[u8]>); 1] = [(b"A", None)];
        assert_eq!(RequestHeaders(&headers).find(b"a"), Err(HeaderFault::NotText));
    }

    #[test]
    fn a_list_has_names_in_lower_case_each_once_in_any_order() {
        let names = |text: &'static str| {
            SignedHeaders::parse(text.as_bytes()).map(|list| {
                list.names().map(|name| String::from_utf8_lossy(name).into_owned()).collect::<Vec<_>>()
            })
        };
        assert_eq!(names("host"), Some(vec!["host".to_owned()]));
        assert_eq!(names("x-b;a"), Some(vec!["x-b".to_owned(), "a".to_owned()]));
        for text in
            ["", ";", "a;", ";a", "a;;b", "a;a", "A", "a b", "a; b", "x_a", "a,b", "a:", "\u{e9}", "a\n"]
        {
            assert_eq!(names(text), None, "{text:?}");
        }
        let list = |count: usize| (0..count).map(|n| format!("x{n}")).collect::<Vec<_>>().join(";");
        assert!(SignedHeaders::parse(list(MAX_SIGNED_HEADERS).as_bytes()).is_some());
        assert!(SignedHeaders::parse(list(MAX_SIGNED_HEADERS + 1).as_bytes()).is_none());
    }

    #[test]
    fn the_canonical_text_has_a_line_for_each_name_of_the_list() {
        let headers: [(&[u8], Option<&[u8]>); 3] =
            [(b"Host", Some(b"a.example")), (b"X-B", Some(b" 1 ")), (b"X-C", Some(b"2"))];
        let canonical =
            |list: &'static [u8]| SignedHeaders::parse(list).unwrap().canonical(&RequestHeaders(&headers));
        assert_eq!(canonical(b"x-b;host"), Ok(b"x-b:1\nhost:a.example\n".to_vec()));
        assert_eq!(canonical(b"x-b;x-d"), Err((&b"x-d"[..], HeaderFault::Missing)));
    }
}
