//! What a header may have held where it was signed: what proxies, clients and frameworks make of the values of the few
//! headers that are often signed.

use crate::diagnosis::alternative::Commonness::{self, Common, Rare};
use crate::diagnosis::case::Context;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};
use crate::signed_headers::header_name;

/// Longest value of which others are made.
const MAX_LENGTH: usize = 1024;

/// Another value of a header.
pub(in crate::diagnosis) struct OtherValue {
    pub(in crate::diagnosis) value: Vec<u8>,
    pub(in crate::diagnosis) commonness: Commonness,
    what: &'static str,
    fix: Option<&'static str>,
    is_hidden: bool,
}

impl OtherValue {
    fn new(value: impl Into<Vec<u8>>, commonness: Commonness) -> Self {
        Self { value: value.into(), commonness, what: "", fix: None, is_hidden: false }
    }

    fn which_is(self, what: &'static str) -> Self {
        Self { what, ..self }
    }

    fn fixed_by(self, fix: &'static str) -> Self {
        Self { fix: Some(fix), ..self }
    }

    fn hidden(self) -> Self {
        Self { is_hidden: true, ..self }
    }

    /// That the sender signed this one.
    pub(in crate::diagnosis::dimensions) fn fault(&self, name: &[u8]) -> Fault {
        let fault = Fault::with(Cause::HeaderDiffers, self.words(name));
        match self.fix {
            Some(fix) => fault.fixed_by(fix),
            None => fault,
        }
    }

    /// The name, and the value.
    pub(in crate::diagnosis) fn words(&self, name: &[u8]) -> Words {
        let words = Words::quoting(name);
        if self.is_hidden {
            return words.and(", signed in lower case");
        }
        if self.value.is_empty() {
            return words.and(", signed as an empty text");
        }
        words.and(", signed as \"").and_quoting(&self.value).and("\"").and(self.what)
    }
}

const HOST: &str = "On the receiver, let each proxy pass the host on as the client sent it, with its port: proxy_set_header Host \
                    $http_host; in nginx, and fastcgi_param HTTP_HOST $http_host;. On the sender, sign the Host that is sent, \
                    without the port that its scheme has anyway.";

const CONTENT_TYPE: &str = "On the sender, send the very text that was signed: a client that adds or changes the charset does so after \
                            signing, and a client that gets no Content-Type may write one of its own. On the receiver, look for a proxy \
                            that changes it.";

/// Values that may have been signed in place of the one that arrived, or of none.
pub(in crate::diagnosis) fn others(
    name: &[u8],
    value: Option<&[u8]>,
    target: &[u8],
    context: &Context<'_>,
    payload: &[u8],
) -> Vec<OtherValue> {
    let given = value.unwrap_or_default();
    if given.len() > MAX_LENGTH {
        return Vec::new();
    }
    let mut others = match name {
        b"host" => hosts(given, target, context),
        b"content-type" => content_types(given),
        b"content-length" => vec![
            OtherValue::new(payload.len().to_string(), Common).which_is(", the length of the payload"),
            OtherValue::new("0", Rare),
        ],
        b"accept-encoding" => constants(&[
            "gzip",
            "gzip, deflate",
            "gzip, deflate, br",
            "gzip,deflate",
            "deflate, gzip",
            "identity",
        ]),
        b"connection" => constants(&["keep-alive", "Keep-Alive", "close", "upgrade"]),
        b"accept" => constants(&["*/*", "application/json", "application/json, */*"]),
        b"transfer-encoding" => constants(&["chunked"]),
        _ => Vec::new(),
    };
    others.push(OtherValue::new("", Rare));
    // What a header of another name holds may be a secret.
    others.push(OtherValue::new(given.to_ascii_lowercase(), Rare).hidden());
    others.retain(|other| value != Some(other.value.as_slice()));
    others
}

fn constants(values: &[&str]) -> Vec<OtherValue> {
    values.iter().map(|value| OtherValue::new(*value, Rare)).collect()
}

fn hosts(given: &[u8], target: &[u8], context: &Context<'_>) -> Vec<OtherValue> {
    let mut hosts = Vec::new();
    let text = String::from_utf8_lossy(given);
    let port = text.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    match port {
        Some((bare, _)) => hosts.push(OtherValue::new(bare, Common).which_is(", without its port")),
        None if given.is_empty() => {}
        None => {
            for (port, commonness) in
                [("443", Common), ("80", Common), ("8443", Rare), ("8080", Rare), ("8000", Rare)]
            {
                hosts.push(OtherValue::new(format!("{text}:{port}"), commonness).which_is(", with a port"));
            }
        }
    }
    for (host, what) in hosts_besides(target, context) {
        hosts.push(OtherValue::new(host, Common).which_is(what));
    }
    hosts.push(OtherValue::new(text.to_ascii_lowercase(), Common).which_is(", in lower case"));
    hosts.push(OtherValue::new(text.to_ascii_uppercase(), Rare).which_is(", in upper case"));
    for scheme in ["https://", "http://"] {
        hosts.push(OtherValue::new(format!("{scheme}{text}"), Rare).which_is(", with its scheme"));
    }
    hosts.into_iter().map(|host| host.fixed_by(HOST)).collect()
}

/// What else names a host in the request.
pub(in crate::diagnosis::dimensions) fn hosts_besides(
    target: &[u8],
    context: &Context<'_>,
) -> Vec<(Vec<u8>, &'static str)> {
    let mut hosts = Vec::new();
    let authority = target.split(|byte| *byte == b'/').nth(2);
    if let Some(authority) = authority.filter(|_| !target.starts_with(b"/")) {
        hosts.push((authority.to_vec(), ", as the target that was passed has it"));
    }
    for (name, value) in context.entries {
        let what = match header_name(name).as_deref() {
            Some(b"x-forwarded-host") => ", as the header X-Forwarded-Host has it",
            Some(b"x-original-host") => ", as the header X-Original-Host has it",
            _ if *name == b"SERVER_NAME" => ", as $_SERVER['SERVER_NAME'] has it",
            _ => continue,
        };
        // Each proxy adds one.
        let first = value.split(|byte| *byte == b',').next().unwrap_or_default().trim_ascii();
        hosts.push((first.to_vec(), what));
    }
    hosts.retain(|(host, _)| !host.is_empty() && host.len() <= MAX_LENGTH);
    hosts
}

fn content_types(given: &[u8]) -> Vec<OtherValue> {
    let text = String::from_utf8_lossy(given);
    let mut types = Vec::new();
    let (bare, parameters) = text.split_once(';').unwrap_or((&text, ""));
    let bare = bare.trim_ascii();
    if !parameters.is_empty() {
        types.push(OtherValue::new(bare, Common).which_is(", without a charset"));
    }
    if !bare.is_empty() {
        for charset in
            ["; charset=utf-8", "; charset=UTF-8", ";charset=utf-8", ";charset=UTF-8", ";charset=utf8"]
        {
            types.push(OtherValue::new(format!("{bare}{charset}"), Common).which_is(", with a charset"));
        }
    }
    for other in [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=utf8",
        "application/json;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-8",
        "text/plain",
        "text/plain;charset=UTF-8",
        "text/html",
        "application/octet-stream",
        "application/xml",
        "text/xml",
        "application/problem+json",
    ] {
        types.push(OtherValue::new(other, Rare));
    }
    types.into_iter().map(|other| other.fixed_by(CONTENT_TYPE)).collect()
}
