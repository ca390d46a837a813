//! Which other target or URL the sender may have signed, where a contract signs it as it was sent.

use alloc::rc::Rc;

use super::canonical::values::hosts_besides;
use super::permutations::permutations;
use super::requests::{Paths, encoded_segments, origins, other_queries, query_fix};
use crate::diagnosis::alternative::Commonness::{self, Common, Everyday, Rare};
use crate::diagnosis::alternative::{Alternatives, add_as};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::draft::{Draft, Parts};
use crate::diagnosis::fault::{Fault, Words};
use crate::diagnosis::transit::replace;
use crate::request::percent_decode;
use crate::template::{Field, RareValues};

/// Ports that a container or a development server has, and those that a scheme has anyway.
const PORTS: [&str; 6] = ["443", "80", "8080", "8443", "3000", "8000"];

/// What `HubSpot` decodes of a URL before it signs it, and nothing else.
const DELIMITERS: &[u8] = b":/?@!$'()*,;";

/// Another target, another URL, with the rest as it is.
pub(super) fn alternatives(own: &Draft, parts: &Parts<'_>, list: &mut Alternatives<Draft>) {
    let Some(rare) = own.rare.as_deref() else { return };
    if own.has(Field::Target) {
        let mut texts = Texts::of(b"", &rare.target);
        texts.spellings(parts);
        for origin in origins(parts) {
            let fix = "On the sender, sign path and query alone, as they are sent: the URL from its third slash on.";
            texts.push(&[&*origin, &rare.target].concat(), Some(fix), Common);
        }
        texts.into_drafts(own, list, |target| RareValues { target, ..rare.clone() });
    }
    if own.has(Field::Url) {
        let path = rare.url.windows(3).position(|three| three == b"://").map_or(0, |colon| colon + 3);
        let end = rare.url.iter().skip(path).position(|byte| b"/?".contains(byte));
        let (origin, target) = rare.url.split_at(end.map_or(rare.url.len(), |end| path + end));
        let mut texts = Texts::of(origin, target);
        texts.origins(parts);
        texts.spellings(parts);
        texts.into_drafts(own, list, |url| RareValues { url, ..rare.clone() });
        // Behind a proxy that ends TLS, whatever else is wrong comes with http besides.
        if let Some(other) = other_scheme(origin) {
            let mut texts = Texts::of(&other, target);
            texts.spellings(parts);
            let fault = Fault::with(Cause::TargetDiffers, Words::quoting(&other)).fixed_by(SCHEME_FIX);
            texts.list.iter_mut().for_each(|(_, faults, commonness)| {
                faults.push(fault.clone());
                *commonness = Rare;
            });
            texts.into_drafts(own, list, |url| RareValues { url, ..rare.clone() });
        }
    }
}

/// Other texts in the place of the own one, while the list is made.
struct Texts<'a> {
    /// Scheme, host and port, where they are signed.
    origin: &'a [u8],
    /// Path and query, as they were passed.
    target: &'a [u8],
    list: Vec<(Vec<u8>, Vec<Fault>, Commonness)>,
}

impl<'a> Texts<'a> {
    const fn of(origin: &'a [u8], target: &'a [u8]) -> Self {
        Self { origin, target, list: Vec::new() }
    }

    fn push(&mut self, text: &[u8], fix: Option<&'static str>, commonness: Commonness) {
        let fault = Fault::with(Cause::TargetDiffers, Words::quoting(text));
        let fault = match fix {
            Some(fix) => fault.fixed_by(fix),
            None if self.origin.is_empty() => fault,
            None => fault.fixed_by(URL_FIX),
        };
        self.list.push((text.to_vec(), vec![fault], commonness));
    }

    /// The same path and query at another place.
    fn origins(&mut self, parts: &Parts<'_>) {
        let colon = self.origin.iter().position(|byte| *byte == b':').unwrap_or(0);
        let (scheme, authority) = self.origin.split_at(colon);
        let authority = authority.strip_prefix(b"://").unwrap_or_default();
        let target = self.target;
        let at = |scheme: &[u8], authority: &[u8]| [scheme, b"://", authority, target].concat();
        let other: &[u8] = if scheme.eq_ignore_ascii_case(b"https") { b"http" } else { b"https" };
        self.push(&at(other, authority), Some(SCHEME_FIX), Everyday);
        let port = authority.iter().rposition(|byte| *byte == b':');
        let bare = port.and_then(|colon| authority.get(..colon)).unwrap_or(authority);
        let www = bare.strip_prefix(b"www.").map_or_else(|| [b"www.", bare].concat(), <[u8]>::to_vec);
        let mut hosts = vec![bare.to_vec(), www, bare.to_ascii_lowercase()];
        hosts.extend(PORTS.map(|port| [bare, b":", port.as_bytes()].concat()));
        hosts.extend(parts.context.host.map(<[u8]>::to_vec));
        hosts.extend(hosts_besides(b"", &parts.context).into_iter().map(|(host, _)| host));
        for host in hosts {
            self.push(&at(scheme, &host), None, Common);
            self.push(&at(other, &host), None, Rare);
        }
        let whole = "On the sender, sign the whole URL, with https:// and the host, as it is requested.";
        self.push(target, Some(whole), Common);
        self.push(&[authority, target].concat(), Some(whole), Common);
        self.push(self.origin, None, Rare);
        self.push(parts.target.raw_path(), Some(whole), Rare);
    }

    /// Path or query in another spelling, or another of these, at the same place.
    fn spellings(&mut self, parts: &Parts<'_>) {
        let (origin, target) = (self.origin, self.target);
        let mark = target.iter().position(|byte| *byte == b'?').unwrap_or(target.len());
        let (path, query) = target.split_at(mark);
        let mut paths = Paths::of(path);
        paths.slashes();
        paths.prefixes(parts);
        paths.moved();
        for (other, faults, commonness) in paths.into_list() {
            self.list.push(([origin, &*other, query].concat(), faults, commonness));
        }
        self.slashes_of_names(path, query);
        self.orders_of_query(path, query);
        let canonical = parts.target.canonical_query();
        let others = other_queries(parts.target, canonical.as_bytes());
        for (other, detail, commonness) in others {
            let other: &[u8] = other.strip_prefix(b"?").unwrap_or(&other);
            let fault = Fault::with(Cause::QueryNotCanonical, detail);
            let fault = fault.fixed_by(query_fix(detail).unwrap_or(QUERY_FIX));
            let mark: &[u8] = if other.is_empty() { b"" } else { b"?" };
            self.list.push(([origin, path, mark, other].concat(), vec![fault], commonness));
        }
        let decoded = [percent_decode(target, false), percent_decode(target, true)];
        let encoded = [&*encoded_segments(path), query].concat();
        let delimiters = decoded_delimiters(target);
        for text in decoded.into_iter().chain([encoded, delimiters]) {
            self.push(&[origin, &*text].concat(), Some(SPELLING_FIX), Common);
        }
        for known in [parts.context.target, parts.context.original_target].into_iter().flatten() {
            if known.starts_with(b"/") {
                self.push(&[origin, known].concat(), None, Common);
            }
        }
        let fix = "On both sides, take the question mark for a part of the query: where there is no query, there is none.";
        self.push(&[origin, target, b"?"].concat(), Some(fix), Rare);
    }

    /// A slash that is part of a name, `%2F`, which something on the way decoded.
    fn slashes_of_names(&mut self, path: &[u8], query: &[u8]) {
        let fix = "On the receiver, keep the proxy from decoding the path (proxy_pass without a path behind the host in nginx, \
                   AllowEncodedSlashes NoDecode in Apache), and pass $_SERVER['REQUEST_URI'].";
        let slashes = path.iter().enumerate().skip(1).filter(|(_, byte)| **byte == b'/');
        for (index, _) in slashes.take(MAX_SLASHES) {
            let (before, after) = path.split_at(index);
            let text = [self.origin, before, b"%2F", after.get(1..).unwrap_or_default(), query].concat();
            self.push(&text, Some(fix), Rare);
        }
    }

    /// The parameters in the order in which they came before something sorted them.
    fn orders_of_query(&mut self, path: &[u8], query: &[u8]) {
        let parameters: Vec<&[u8]> = query.get(1..).unwrap_or_default().split(|byte| *byte == b'&').collect();
        if !(2..=MAX_PARAMETERS).contains(&parameters.len()) || !parameters.is_sorted() {
            return;
        }
        for order in permutations(&parameters) {
            let query = order.join(&b'&');
            // What sorts them writes a space as %20, too.
            let plus = replace(&query, b"%20", b"+");
            let detail = "with its parameters in another order: something sorted them here, as fullUrl() of Laravel and getUri() of \
                          Symfony do";
            let queries = [Some(&query), Some(&plus).filter(|plus| **plus != query)];
            for query in queries.into_iter().flatten() {
                let fault = Fault::with(Cause::QueryNotCanonical, detail).fixed_by(QUERY_FIX);
                self.list.push(([self.origin, path, b"?", &**query].concat(), vec![fault], Rare));
            }
        }
    }

    fn into_drafts(self, own: &Draft, list: &mut Alternatives<Draft>, rare: impl Fn(Vec<u8>) -> RareValues) {
        for (text, faults, commonness) in self.list {
            let draft = Draft { rare: Some(Rc::new(rare(text))), ..own.clone() };
            add_as(commonness, list, draft, faults);
        }
    }
}

/// Most parameters of which every order is tried: 24 orders.
const MAX_PARAMETERS: usize = 4;
/// Most slashes of a path that are taken for a part of a name.
const MAX_SLASHES: usize = 8;

/// The same origin with http in place of https, or the other way round.
fn other_scheme(origin: &[u8]) -> Option<Vec<u8>> {
    let colon = origin.iter().position(|byte| *byte == b':')?;
    let (scheme, rest) = origin.split_at(colon);
    let other: &[u8] = if scheme.eq_ignore_ascii_case(b"https") { b"http" } else { b"https" };
    Some([other, rest].concat())
}

const SCHEME_FIX: &str = "On the receiver, pass the URL that the provider calls, from the configuration: behind a proxy that \
                          ends TLS, what PHP sees begins with http. On the sender, sign the URL that is requested.";
const URL_FIX: &str = "On the receiver, pass the URL that is registered with the provider, letter for letter, from the \
                       configuration, and not one that is put together from Host. On the sender, sign the URL that is requested.";
const QUERY_FIX: &str = "On the sender, sign the query as it is sent, and all of it. On the receiver, pass what \
                         $_SERVER['REQUEST_URI'] has from its question mark on, as it is.";
const SPELLING_FIX: &str = "On both sides, sign the target as it is sent: nothing decoded, and nothing encoded once more. In \
                            PHP that is $_SERVER['REQUEST_URI'].";

/// The same with the escapes of [`DELIMITERS`] decoded, and no others.
fn decoded_delimiters(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        let escaped = rest.get(..3).filter(|_| *byte == b'%').map(|escape| percent_decode(escape, false));
        match escaped.as_deref() {
            Some([delimiter]) if DELIMITERS.contains(delimiter) => {
                decoded.push(*delimiter);
                rest = rest.get(3..).unwrap_or_default();
            }
            _ => {
                decoded.push(*byte);
                rest = tail;
            }
        }
    }
    decoded
}
