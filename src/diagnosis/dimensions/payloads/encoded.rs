//! A payload that is encoded or escaped as a whole on one side and not on the other.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::rewritten::escape_unicode;
use super::{MAX_SMALL, Payloads};
use crate::diagnosis::alternative::Commonness::Rare;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;
use crate::diagnosis::transit::{
    add_slashes, escape_html, escape_html_quotes, form_decode, form_encode, interpret_backslashes, json_text,
    of_json_text, percent_decode, percent_encode, strip_slashes, twice, unescape_html,
};

/// Longest line with the size of a chunk.
const MAX_SIZE_LINE: usize = 64;
/// Most bytes that are decompressed.
const MAX_DECOMPRESSED: usize = 16 << 20;

impl Payloads<'_> {
    /// Base64 and compression.
    pub(super) fn encodings(&mut self) {
        let payload = self.given;
        if let Some(text) = dechunked(payload) {
            let detail = "what the payload is without the sizes of its chunks, which Transfer-Encoding: chunked puts between";
            let fix = "On the receiver, read the request with something that speaks HTTP, as php://input does: the lines with a size in \
                       hexadecimal, and the 0 at the end, are no part of the body.";
            self.fault(text, Fault::with(Cause::PayloadEncoded, detail).fixed_by(fix), Rare);
        }
        for (text, detail) in [
            (
                gunzip(payload),
                "what the payload is before it is compressed (gzip), as gzdecode($body) gives it",
            ),
            (
                inflate(payload),
                "what the payload is before it is compressed (deflate), as zlib_decode($body) gives it",
            ),
        ] {
            if let Some(text) = text {
                self.copy(text, Cause::PayloadEncoded, detail, Rare);
            }
        }
        if payload.len() > MAX_SMALL || payload.is_empty() {
            return;
        }
        let trimmed: Vec<u8> = payload.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let decoded = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD]
            .into_iter()
            .find_map(|engine| engine.decode(&trimmed).ok());
        let decoded = decoded.filter(|_| trimmed.len() >= 8);
        if let Some(text) = decoded.as_deref().and_then(|bytes| gunzip(bytes).or_else(|| inflate(bytes))) {
            let detail = "what the payload is once it is base64-decoded and no more compressed: gzdecode(base64_decode($body))";
            self.copy(text, Cause::PayloadEncoded, detail, Rare);
        }
        if let Some(decoded) = decoded {
            let detail =
                "what the payload is once it is base64-decoded, as gateways of functions (Lambda) pass it";
            let fix = "On the receiver, pass base64_decode($body, true) as $payload: the gateway encoded the body on its way \
                       (isBase64Encoded). Or on the sender, send the text that was signed.";
            let fault = Fault::with(Cause::PayloadFieldOnly, detail).fixed_by(fix);
            self.fault(decoded, fault, Rare);
        }
        if let Ok(decoded) = base16ct::mixed::decode_vec(&trimmed) {
            let detail = "what the payload is once it is decoded from hexadecimal";
            self.copy(decoded, Cause::PayloadEncoded, detail, Rare);
        }
        for (text, detail) in [
            (STANDARD.encode(payload), "the base64 text of the payload"),
            (URL_SAFE_NO_PAD.encode(payload), "the URL-safe base64 text of the payload"),
            (STANDARD_NO_PAD.encode(payload), "the base64 text of the payload without padding"),
            (base16ct::lower::encode_string(payload), "the hexadecimal text of the payload"),
        ] {
            self.copy(text.into_bytes(), Cause::PayloadEncoded, detail, Rare);
        }
        let base64 = STANDARD.encode(payload);
        for (width, end, detail) in [
            (
                76,
                "\r\n",
                "the base64 text of the payload in lines, as chunk_split(base64_encode($body)) writes it",
            ),
            (
                76,
                "\n",
                "the base64 text of the payload in lines, as the command base64 and Python's encodebytes() write it",
            ),
            (60, "\n", "the base64 text of the payload in lines, as Ruby's Base64.encode64() writes it"),
            (64, "\n", "the base64 text of the payload in lines, as openssl base64 writes it"),
        ] {
            let lines = base64.as_bytes().chunks(width).flat_map(|line| [line, end.as_bytes()]);
            let text = lines.collect::<Vec<_>>().concat();
            self.copy(text, Cause::PayloadEncoded, detail, Rare);
        }
    }

    /// Escapes over the whole text, put in or taken out by somebody's framework.
    pub(super) fn escapes(&mut self) {
        let payload = self.given;
        let here = "in the payload that was passed are taken back";
        for (text, detail) in [
            (strip_slashes(payload), format!("the backslashes {here}: wp_unslash(), stripslashes()")),
            (unescape_html(payload), format!("the entities of HTML {here}: html_entity_decode()")),
            (
                twice(unescape_html, payload),
                format!("the entities of HTML {here}, twice: html_entity_decode(html_entity_decode($body))"),
            ),
            (twice(percent_decode, payload), format!("the percent-encodings {here}, twice")),
            (form_decode(payload), format!("the escapes of a form {here}: urldecode()")),
            (percent_decode(payload), format!("the percent-encodings {here}: rawurldecode()")),
            (
                add_slashes(payload),
                "backslashes are put in front of quotation marks (addslashes()), as at the sender".into(),
            ),
            (escape_html(payload), "it is escaped as in HTML (htmlspecialchars()), as at the sender".into()),
            (
                escape_html_quotes(payload, "\"", "'"),
                "<, > and & are escaped as in HTML, as at the sender".into(),
            ),
            (escape_html_quotes(payload, "&quot;", "'"), "it is escaped as in HTML, as at the sender".into()),
            (
                escape_html_quotes(payload, "&#34;", "&#39;"),
                "it is escaped as in HTML, as at the sender".into(),
            ),
            (percent_encode(payload), "it is percent-encoded (rawurlencode()), as at the sender".into()),
            (form_encode(payload), "it is encoded as in a form (urlencode()), as at the sender".into()),
            (interpret_backslashes(payload), "\\n and the like are line breaks".into()),
        ] {
            if let Some(text) = text {
                self.copy(text, Cause::PayloadEscaped, detail, Rare);
            }
        }
        let once = "json_encode() before something that encodes it once more";
        let fix = "On the receiver, pass the body itself, and not json_encode($body). On the sender, give a text to an HTTP client as its body, \
                   and not as data to encode (json of Guzzle, of axios and of requests).";
        if let Some(text) = of_json_text(payload) {
            self.fault(text, Fault::with(Cause::PayloadReserialized, once).fixed_by(fix), Rare);
        }
        for slashes in [false, true] {
            let twice = "json_encode(json_encode($data)), which encodes it twice,";
            if let Some(text) = json_text(payload, true, slashes) {
                let ascii = String::from_utf8(text.clone()).ok().map(|text| escape_unicode(&text));
                self.copy(text, Cause::PayloadReserialized, twice, Rare);
                if let Some(text) = ascii {
                    self.copy(text.into_bytes(), Cause::PayloadReserialized, twice, Rare);
                }
            }
        }
    }
}

/// What chunks hold (RFC 9112, section 7.1), where the payload is nothing but chunks; the last one may be missing.
fn dechunked(payload: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let mut rest = payload;
    while !rest.is_empty() {
        let end = rest.iter().take(MAX_SIZE_LINE).position(|byte| *byte == b'\n')?;
        let (line, after) = rest.split_at_checked(end + 1)?;
        let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
        let digits = Some(digits).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
        let size = usize::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()?;
        if size == 0 {
            return after.trim_ascii().is_empty().then_some(text);
        }
        let (chunk, after) = after.split_at_checked(size)?;
        text.extend_from_slice(chunk);
        rest = after
            .strip_prefix(b"\r\n")
            .or_else(|| after.strip_prefix(b"\n"))
            .or(after.is_empty().then_some(after))?;
    }
    (!text.is_empty()).then_some(text)
}

fn gunzip(payload: &[u8]) -> Option<Vec<u8>> {
    payload.starts_with(b"\x1f\x8b").then(|| read(MultiGzDecoder::new(payload)))?
}

fn inflate(payload: &[u8]) -> Option<Vec<u8>> {
    if payload.first().is_some_and(|byte| byte & 0x0f == 8) {
        return read(ZlibDecoder::new(payload));
    }
    // Text is not what deflate writes.
    if payload.is_ascii() { None } else { read(DeflateDecoder::new(payload)) }
}

fn read(decoder: impl std::io::Read) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let limit = u64::try_from(MAX_DECOMPRESSED).ok()?;
    decoder.take(limit).read_to_end(&mut text).ok()?;
    (!text.is_empty() && text.len() < MAX_DECOMPRESSED).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_put_together_and_nothing_else_is_taken_for_chunks() {
        assert_eq!(dechunked(b"7\r\n{\"a\":1}\r\n0\r\n\r\n").unwrap(), b"{\"a\":1}");
        assert_eq!(dechunked(b"2;x=y\r\nab\r\nA\r\n0123456789\r\n0\r\n\r\n").unwrap(), b"ab0123456789");
        assert_eq!(dechunked(b"3\r\nabc\r\n").unwrap(), b"abc");
        assert_eq!(dechunked(b"0\r\n\r\n").unwrap(), b"");
        for other in [&b""[..], b"7", b"7\r\n{}", b"abc\ndef", b"2\r\nabcd\r\n", b"+1\r\na"] {
            assert_eq!(dechunked(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_bomb_is_not_decompressed() {
        let mut bomb = Vec::new();
        flate2::read::GzEncoder::new(std::io::repeat(0).take(64 << 20), flate2::Compression::fast())
            .read_to_end(&mut bomb)
            .unwrap();
        assert_eq!(gunzip(&bomb), None);
    }
}
