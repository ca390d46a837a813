//! Which other path the sender may have signed.

use alloc::rc::Rc;

use super::{MAX_HOST, lower_escapes, origins, other_origins};
use crate::diagnosis::alternative::Commonness::{self, Common, Everyday, Rare};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::draft::{Draft, Parts, signs_instead};
use crate::diagnosis::fault::{Fault, Words};
use crate::request::{form_spelling, percent_decode, percent_encode};
use crate::template::Field;

/// What a proxy or a front controller takes off or puts on.
const PREFIXES: [&str; 10] = [
    "/index.php",
    "/api",
    "/v1",
    "/api/v1",
    "/app",
    "/public",
    "/backend",
    "/webhooks",
    "/nextcloud",
    "/nextcloud/index.php",
];

/// Which other path may have been signed.
pub(super) fn other_paths(own: &Draft, parts: &Parts<'_>) -> Vec<(Rc<[u8]>, Vec<Fault>, Commonness)> {
    let raw = parts.target.raw_path();
    if signs_instead(parts.profile.string_to_sign(), Field::CanonicalPath, Field::Path) {
        let decoded = percent_decode(raw, false);
        let mut paths = Paths { canonical: true, ..Paths::of(&decoded) };
        paths.canonical_spellings(raw);
        paths.slashes();
        paths.prefixes(parts);
        paths.origins(parts);
        return paths.list;
    }
    let mut paths = Paths::of(&own.path);
    paths.slashes();
    paths.spellings(raw);
    paths.prefixes(parts);
    paths.origins(parts);
    paths.moved();
    paths.list
}

/// Other paths, while the list is made.
pub(in crate::diagnosis::dimensions) struct Paths<'a> {
    own: &'a [u8],
    /// Whether what is signed is the path of a canonical request, in place of the decoded one.
    canonical: bool,
    list: Vec<(Rc<[u8]>, Vec<Fault>, Commonness)>,
}

impl<'a> Paths<'a> {
    pub(in crate::diagnosis::dimensions) const fn of(path: &'a [u8]) -> Self {
        Self { own: path, canonical: false, list: Vec::new() }
    }

    /// Path, faults, and how common that is.
    pub(in crate::diagnosis::dimensions) fn into_list(self) -> Vec<(Rc<[u8]>, Vec<Fault>, Commonness)> {
        self.list
    }

    fn push(&mut self, path: Vec<u8>, cause: Cause, commonness: Commonness) {
        self.fixed(path, cause, None, commonness);
    }

    fn fixed(&mut self, path: Vec<u8>, cause: Cause, fix: Option<Words>, commonness: Commonness) {
        let path = if self.canonical { slashed(encoded_segments(&path)) } else { path };
        // One copy for the draft and for the words: a path may be long.
        let path: Rc<[u8]> = path.into();
        let fault = Fault::with(cause, Words::quoting_shared(&path));
        self.list.push((path, vec![Fault { fix: fix.map(Box::new), ..fault }], commonness));
    }

    /// Of the path of a canonical request, which is encoded once and ends in a slash: other spellings, with that slash and
    /// without it.
    fn canonical_spellings(&mut self, raw: &[u8]) {
        let own = encoded_segments(self.own);
        let text = String::from_utf8_lossy(&own).into_owned();
        let by_segment = |spell: fn(&[u8]) -> Vec<u8>| {
            let segments: Vec<_> = raw.split(|byte| *byte == b'/').map(spell).collect();
            segments.join(&b'/')
        };
        let of_javascript = |left: &[(&str, &str)]| {
            left.iter().fold(text.clone(), |text, (escape, letter)| text.replace(escape, letter)).into_bytes()
        };
        for (path, what, commonness) in [
            (own.clone(), "", Everyday),
            (raw.to_vec(), ", as it stands in the URL", Common),
            (self.own.to_vec(), ", decoded", Common),
            (encoded_segments(raw), ", encoded twice", Common),
            (
                by_segment(|segment| percent_encode(&percent_decode(segment, false)).into_bytes()),
                ", with %2F left as it is",
                Common,
            ),
            (percent_encode(self.own).into_bytes(), ", with its slashes encoded", Rare),
            (form_spelling(&text).into_bytes(), ", as urlencode() writes it", Common),
            (text.replace('~', "%7E").into_bytes(), ", with ~ encoded", Rare),
            (of_javascript(&IN_COMPONENT), ", as encodeURIComponent() writes it", Rare),
            (of_javascript(&[&IN_COMPONENT[..], &IN_URI].concat()), ", as encodeURI() writes it", Rare),
            (lower_escapes(&own), ", with its escapes in lower case", Rare),
            (without_dots(&own), ", without its dots", Rare),
        ] {
            let mut without = path;
            if without.len() > 1 && without.ends_with(b"/") {
                without.pop();
            }
            let (with, without): (Rc<[u8]>, Rc<[u8]>) = (slashed(without.clone()).into(), without.into());
            let fault = |path, cause| Fault::with(cause, Words::quoting_shared(path).and(what));
            let slash = fault(&without, Cause::PathTrailingSlash).fixed_by(
                "On the sender, put a slash at the end of the path for signing, where it has none; it is not sent. hw_sign() and \
                 Signer do so by themselves.",
            );
            if what.is_empty() {
                self.list.push((without, vec![slash], commonness));
                continue;
            }
            self.list.push((with.clone(), vec![fault(&with, Cause::PathNotCanonical)], commonness));
            let both = vec![fault(&with, Cause::PathNotCanonical), slash];
            self.list.push((without, both, commonness));
        }
    }

    /// A slash at the end, and two slashes for one.
    pub(in crate::diagnosis::dimensions) fn slashes(&mut self) {
        let own = self.own;
        let toggled = match own.strip_suffix(b"/") {
            Some(without) => without.to_vec(),
            None => [own, b"/"].concat(),
        };
        self.push(toggled, Cause::PathTrailingSlash, Everyday);
        let mut merged = own.to_vec();
        merged.dedup_by(|next, last| (*next, *last) == (b'/', b'/'));
        self.push(merged, Cause::PathSlashesMerged, Common);
        let slashes = own.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        for (index, _) in slashes.take(MAX_SLASHES) {
            let (before, after) = own.split_at(index);
            self.push([before, b"/", after].concat(), Cause::PathSlashesMerged, Rare);
            let behind = after.get(1..).unwrap_or_default();
            if index > 0 && !behind.is_empty() {
                let fix = "On the sender, join the base URL and the path with a slash between, and sign the path that is requested.";
                self.fixed([before, behind].concat(), Cause::TargetDiffers, Some(fix.into()), Rare);
            }
        }
    }

    /// Encoded, encoded again, or decoded otherwise.
    fn spellings(&mut self, raw: &[u8]) {
        self.push(raw.to_vec(), Cause::PathDecoded, Common);
        let encoded = encoded_segments(self.own);
        self.push(encoded.clone(), Cause::PathDecoded, Rare);
        self.push(lower_escapes(raw), Cause::PathDecoded, Rare);
        self.push(lower_escapes(&encoded), Cause::PathDecoded, Rare);
        self.push(encoded_segments(raw), Cause::PathDecoded, Rare);
        self.push(percent_decode(raw, true), Cause::PathDecoded, Rare);
        self.push(percent_decode(self.own, false), Cause::PathDecoded, Rare);
    }

    /// What a proxy, a front controller or a sub-folder puts on and takes off.
    pub(in crate::diagnosis::dimensions) fn prefixes(&mut self, parts: &Parts<'_>) {
        let own = self.own;
        for (prefix, name) in known_prefixes(parts) {
            let fix = format!(
                "The receiver puts back what was taken off, which {name} has here: verify that prefix and then \
                 $_SERVER['REQUEST_URI'], for a server of your own by its configured address. Or the sender signs the \
                 path that the receiver sees."
            );
            self.fixed([prefix, own].concat(), Cause::PathPrefix, Some(fix.into()), Common);
            if let Some(rest) = own.strip_prefix(prefix).filter(|rest| rest.starts_with(b"/")) {
                self.push(rest.to_vec(), Cause::PathPrefix, Common);
            }
        }
        // Each tail that begins with a slash: /index.php/apps/x becomes /apps/x, then /x.
        let tails = (1..own.len()).filter_map(|start| own.get(start..));
        for tail in tails.filter(|tail| tail.starts_with(b"/")).take(MAX_SLASHES) {
            self.push(tail.to_vec(), Cause::PathPrefix, Common);
        }
        for prefix in PREFIXES {
            let fix = format!(
                "On the sender, sign the path that the receiver sees. Or on the receiver, verify '{prefix}' . $_SERVER['REQUEST_URI'], \
                 which gives back the prefix that a proxy, a front controller or a sub-folder takes off."
            );
            self.fixed([prefix.as_bytes(), own].concat(), Cause::PathPrefix, Some(fix.into()), Common);
        }
        self.push([own, b"index.php"].concat(), Cause::PathPrefix, Rare);
        if let Some(rest) = own.strip_prefix(b"/") {
            self.push(rest.to_vec(), Cause::PathPrefix, Rare);
        }
        self.push([b"/", own].concat(), Cause::PathSlashesMerged, Rare);
    }

    /// The path as part of a full URL.
    fn origins(&mut self, parts: &Parts<'_>) {
        for origin in origins(parts).into_iter().chain(other_origins(parts)) {
            let fix = "On the sender, sign the path alone: parse_url($url, PHP_URL_PATH), decoded.";
            self.fixed([&*origin, self.own].concat(), Cause::PathPrefix, Some(fix.into()), Common);
        }
    }

    /// What a client or a server makes of the path itself.
    pub(in crate::diagnosis::dimensions) fn moved(&mut self) {
        let own = self.own;
        let fix = "On both sides, sign the path as it is requested, letter for letter.";
        let mut moved = |path: Vec<u8>| self.fixed(path, Cause::TargetDiffers, Some(fix.into()), Rare);
        moved(own.to_ascii_lowercase());
        moved(without_dots(own));
        let session = own.iter().position(|byte| *byte == b';').and_then(|end| own.get(..end));
        moved(session.unwrap_or(own).to_vec());
    }
}

/// What JavaScript's `encodeURIComponent()` leaves alone besides.
const IN_COMPONENT: [(&str, &str); 5] =
    [("%21", "!"), ("%27", "'"), ("%28", "("), ("%29", ")"), ("%2A", "*")];

/// What its `encodeURI()` leaves alone besides.
const IN_URI: [(&str, &str); 8] = [
    ("%3B", ";"),
    ("%2C", ","),
    ("%3A", ":"),
    ("%40", "@"),
    ("%26", "&"),
    ("%3D", "="),
    ("%2B", "+"),
    ("%24", "$"),
];

/// Each segment of a path percent-encoded, as it is in a canonical request.
pub(in crate::diagnosis::dimensions) fn encoded_segments(path: &[u8]) -> Vec<u8> {
    percent_encode(path).replace("%2F", "/").into_bytes()
}

/// With a slash at the end.
fn slashed(mut path: Vec<u8>) -> Vec<u8> {
    if !path.ends_with(b"/") {
        path.push(b'/');
    }
    path
}

/// A path without the segments `.` and `..`, which a client takes out before it sends (RFC 3986, section 5.2.4).
fn without_dots(path: &[u8]) -> Vec<u8> {
    let mut kept: Vec<&[u8]> = Vec::new();
    for segment in path.split(|byte| *byte == b'/') {
        match segment {
            b"." => {}
            b".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    kept.join(&b'/')
}

/// Most slashes of a path that are looked at.
const MAX_SLASHES: usize = 8;

/// What the web server and a proxy say that they took off the path.
fn known_prefixes<'a>(parts: &Parts<'a>) -> Vec<(&'a [u8], &'static str)> {
    let mut prefixes = Vec::new();
    if let Some(prefix) = parts.context.prefix {
        prefixes.push((prefix.strip_suffix(b"/").unwrap_or(prefix), "the header X-Forwarded-Prefix"));
    }
    if let Some(script) = parts.context.script {
        let folder = script.iter().rposition(|byte| *byte == b'/').and_then(|end| script.get(..end));
        prefixes.extend(folder.map(|folder| (folder, "$_SERVER['SCRIPT_NAME']")));
        prefixes.push((script, "$_SERVER['SCRIPT_NAME']"));
    }
    prefixes.retain(|(prefix, _)| !prefix.is_empty() && prefix.len() <= MAX_HOST);
    prefixes
}
