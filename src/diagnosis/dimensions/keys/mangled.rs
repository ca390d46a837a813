//! A secret that was escaped, expanded or cut on its way.

use super::Steps;
use super::named::name_length;
use crate::diagnosis::alternative::Commonness::{Common, Rare};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::transit::{
    add_slashes, escape_html, escape_html_quotes, expand_backticks, expand_commands, expand_percent,
    expand_shell, form_decode, form_encode, interpret_backslashes, json_text, of_json_text, percent_decode,
    percent_encode, replace, spaces_to_pluses, strip_slashes, twice, unescape_html,
};

/// Where columns, fields and block sizes end.
const LENGTHS: [usize; 18] = [8, 10, 12, 16, 20, 24, 30, 31, 32, 40, 48, 50, 60, 63, 64, 100, 128, 255];

/// Longest number that a secret is taken for.
const MAX_DIGITS: usize = 40;

impl Steps<'_> {
    /// This side's copy was escaped, or had its escapes taken for something else.
    pub(super) fn unescaped(&mut self) {
        let key = self.key;
        for (value, detail) in [
            (
                unescape_html(key),
                "the entities of HTML in it are decoded: html_entity_decode($secret, ENT_QUOTES)",
            ),
            (percent_decode(key), "it is decoded: rawurldecode($secret)"),
            (form_decode(key), "it is decoded: urldecode($secret)"),
            (
                spaces_to_pluses(key),
                "each space in it is the + that it was before urldecode(), parse_url() or $_GET",
            ),
            (of_json_text(key), "the escapes of JSON in it are decoded: json_decode()"),
            (strip_slashes(key), "the backslashes in it are taken out: stripslashes($secret)"),
            (
                interpret_backslashes(key),
                "\\n and the like in it are line breaks, as in double quotation marks",
            ),
        ] {
            if let Some(value) = value {
                self.push(value, Cause::KeyIsEscaped, detail, Common);
            }
        }
        if let Some(value) = twice(unescape_html, key) {
            let detail = "the entities of HTML in it are decoded twice: html_entity_decode(html_entity_decode($secret))";
            self.push(value, Cause::KeyIsEscaped, detail, Rare);
        }
        if let Some(value) = twice(percent_decode, key) {
            let detail = "it is decoded twice: rawurldecode(rawurldecode($secret))";
            self.push(value, Cause::KeyIsEscaped, detail, Rare);
        }
        self.respelled();
        for (double, once) in [("$$", "$"), ("%%", "%"), ("{{", "{"), ("##", "#")] {
            if key.windows(2).any(|pair| pair == double.as_bytes()) {
                let detail = format!("each {double} in it is {once}, as Compose, cron and templates have it");
                self.push(
                    replace(key, double.as_bytes(), once.as_bytes()),
                    Cause::KeyIsEscaped,
                    detail,
                    Rare,
                );
            }
        }
    }

    /// The same letters in another alphabet of base64, and a UUID with its hyphens or without.
    fn respelled(&mut self) {
        let key = self.key;
        let alphabet = |from: &[u8; 2], to: &[u8; 2]| {
            let letter =
                |byte: &u8| from.iter().zip(to).find(|(old, _)| *old == byte).map_or(*byte, |(_, new)| *new);
            key.iter().map(letter).collect::<Vec<u8>>()
        };
        let standard = alphabet(b"-_", b"+/");
        let is_base64 = standard.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte));
        let digits: Vec<u8> = key.iter().copied().filter(|byte| *byte != b'-').collect();
        let is_uuid = digits.len() == 32 && digits.iter().all(u8::is_ascii_hexdigit);
        for (value, what) in [
            (is_base64.then_some(standard), "the - and _ of URL-safe base64 in it are + and /"),
            (
                is_base64.then(|| alphabet(b"+/", b"-_")),
                "the + and / of base64 in it are - and _, as in URL-safe base64",
            ),
            (is_uuid.then_some(digits), "the hyphens of the UUID are taken out"),
            (hyphenated(key).map(String::into_bytes), "it is a UUID with its hyphens"),
        ] {
            if let Some(value) = value {
                self.push(value, Cause::KeyIsEscaped, what, Rare);
            }
        }
    }

    /// The sender's copy was.
    pub(super) fn escaped(&mut self) {
        let key = self.key;
        let sender = "which the sender's copy has";
        let html = [
            escape_html(key),
            escape_html_quotes(key, "&quot;", "'"),
            escape_html_quotes(key, "&#34;", "&#39;"),
            escape_html_quotes(key, "&quot;", "&#39;"),
            escape_html_quotes(key, "&quot;", "&#x27;"),
            escape_html_quotes(key, "\"", "'"),
            Some(replace(key, b"&", b"&#038;")),
            Some(replace(key, b"&", b"&#38;")),
            twice(escape_html, key),
            twice(|text| escape_html_quotes(text, "\"", "'"), key),
        ];
        for (lower, quotes) in [(true, false), (false, true), (false, false)] {
            let detail = format!("its <, > and & are escaped as \\u0026 and the like, {sender}");
            self.push(json_hex(key, lower, quotes), Cause::KeyIsEscaped, detail, Rare);
        }
        for value in html.into_iter().flatten() {
            let detail = format!("it is escaped as in HTML (htmlspecialchars()), {sender}");
            self.push(value, Cause::KeyIsEscaped, detail, Rare);
        }
        for (value, what) in [
            (percent_encode(key), "it is percent-encoded (rawurlencode())"),
            (form_encode(key), "it is encoded as in a form (urlencode())"),
            (json_text(key, false, false), "it is escaped as in JSON"),
            (json_text(key, false, true), "it is escaped as in PHP's JSON"),
            (json_text(key, true, false), "it is a string of JSON with its quotation marks"),
            (add_slashes(key), "backslashes are put in (addslashes())"),
            (strip_slashes(key), "its backslashes are taken out, as a shell does it"),
        ] {
            if let Some(value) = value {
                self.push(value, Cause::KeyIsEscaped, format!("{what}, {sender}"), Rare);
            }
        }
        for (value, what) in [
            (
                percent_decode(key),
                "what looks percent-encoded in it is decoded (rawurldecode(), a connection URL)",
            ),
            (form_decode(key), "what looks encoded in it is decoded, and + is a space (urldecode(), $_GET)"),
            (
                interpret_backslashes(key),
                "\\n and the like in it become line breaks (double quotation marks)",
            ),
            (Some(replace(key, b"$$", b"$")), "each $$ in it is a $ (Compose)"),
            (Some(replace(key, b"$", b"$$")), "each $ in it is doubled"),
            (Some(replace(key, b"%%", b"%")), "each %% in it is a % (cron, a format)"),
            (Some(replace(key, b"%", b"")), "the % in it is lost (cron)"),
            (Some(replace(key, b"%", b"%%")), "each % in it is doubled"),
            (Some(replace(key, b"\\", b"\\\\")), "each \\ in it is doubled"),
            (
                Some(replace(key, b"!", b"\\!")),
                "a \\ stands in front of each ! in it (double quotation marks in a shell)",
            ),
            (Some(replace(key, b"$", b"\\$")), "a \\ stands in front of each $ in it"),
            (Some(replace(key, b"\\", b"")), "each \\ in it is lost"),
            (Some(replace(key, b"!", b"")), "the ! in it is lost (a shell's history)"),
            (Some(replace(key, b"+", b" ")), "each + in it is a space (urldecode(), $_GET)"),
        ] {
            if let Some(value) = value {
                self.push(value, Cause::KeyWasExpanded, what, Rare);
            }
        }
        self.taken_for_number();
        if let Some(value) = expand_shell(key) {
            let what = "each $ in it and the name behind it is nothing (.env without single quotation marks, double ones in a shell)";
            self.push(value, Cause::KeyWasExpanded, what, Common);
        }
        for (value, what) in [
            (
                expand_backticks(key),
                "each ` in it escapes what stands behind it, as in double quotation marks of PowerShell",
            ),
            (
                expand_percent(key),
                "%…% in it is nothing, as cmd.exe and batch files have it where no variable has that name",
            ),
            (
                expand_commands(key),
                "a command in it, between backticks or in $(…), is nothing (double quotation marks in a shell)",
            ),
        ] {
            if let Some(value) = value {
                self.push(value, Cause::KeyWasExpanded, what, Rare);
            }
        }
    }

    /// A secret of digits that YAML, JSON or a spreadsheet took for a number.
    fn taken_for_number(&mut self) {
        let text = core::str::from_utf8(self.key).ok().filter(|text| text.len() <= MAX_DIGITS);
        let Some(text) = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())) else { return };
        let whole = text.trim_start_matches('0');
        let (first, rest) = whole.split_at_checked(1).unwrap_or(("0", ""));
        let fraction = rest.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        let power = rest.len();
        for (number, what) in [
            (whole.to_owned(), "the zeros in front of it are lost, as where it was taken for a number"),
            (format!("{whole}.0"), "it was taken for a float"),
            (
                format!("{first}{point}{fraction}e+{power:02}"),
                "it was taken for a float, as YAML in Helm takes it",
            ),
            (
                format!("{first}{point}{fraction}E+{power}"),
                "it was taken for a float, as a spreadsheet takes it",
            ),
            (format!("{first}{point}{fraction}E{power}"), "it was taken for a float, as in Java"),
        ] {
            self.push(number.into_bytes(), Cause::KeyWasExpanded, what, Rare);
        }
    }

    /// The sender has a part of the secret only.
    pub(super) fn cut(&mut self) {
        let key = self.key;
        // What stands in front of a secret is its name, and no part of it.
        let shortest = name_length(key);
        let mut until = |end: Option<usize>, detail: String| {
            if let Some(value) = end.and_then(|end| key.get(..end)).filter(|value| value.len() > shortest) {
                self.push(value.to_vec(), Cause::KeyTruncated, detail, Rare);
            }
        };
        let first = |byte: u8| key.iter().position(|other| *other == byte);
        let comment = key.windows(2).position(|pair| matches!(pair, b" #" | b" ;"));
        until(comment, "what stands before the comment sign in it".into());
        for (byte, name, why) in [
            (b'#', "#", "an unquoted value in .env or YAML ends there"),
            (b'\n', "line break", "the sender has its first line only"),
            (b'\r', "carriage return", "the sender has its first line only"),
            (b' ', "space", "an unquoted value ends there"),
            (b'$', "$", "a shell or .env took what follows for a name"),
            (b';', ";", "an INI file or a shell ends there"),
            (b'&', "&", "a query string or a shell ends there"),
            (b'%', "%", "cron ends there"),
            (b'"', "\"", "a quoted value ends there"),
            (b'\'', "'", "a quoted value ends there"),
            (b'\\', "\\", "an escape begins there"),
            (b'=', "=", "explode('=', $line) ends there"),
            (b':', ":", "explode(':', $line) ends there"),
            (b',', ",", "a list ends there"),
            (b'`', "`", "a shell ends there"),
            (b'!', "!", "a shell ends there"),
            (b'(', "(", "a shell ends there"),
            (b'<', "<", "strip_tags() ends there"),
            (b'@', "@", "the password in a connection URL ends there"),
            (b'/', "/", "the password in a connection URL ends there"),
            (b'?', "?", "the password in a connection URL ends there"),
            (b'|', "|", "a shell ends there"),
            (b'\0', "zero byte", "strings of C end there"),
        ] {
            until(first(byte), format!("what stands before the first {name} in it ({why})"));
        }
        let half = key.split_at_checked(key.len() / 2).filter(|(first, second)| first == second);
        let twice = half.map(|(once, _)| once.len());
        // Where a secret stands twice, its half is the whole of it.
        for length in LENGTHS.into_iter().filter(|length| twice != Some(*length)) {
            until((length < key.len()).then_some(length), format!("its first {length} bytes"));
        }
        until(key.len().checked_sub(1), "all but its last character, which was not copied".into());
        let behind = |byte: u8| key.iter().rposition(|other| *other == byte).and_then(|at| key.get(at + 1..));
        for (value, detail) in [
            ([key, key].concat(), "the secret itself, which the sender pasted twice"),
            (
                half.map_or_else(Vec::new, |(first, _)| first.to_vec()),
                "the secret itself, which was pasted twice here",
            ),
        ] {
            self.push(value, Cause::KeyHasPrefix, detail, Rare);
        }
        let without_zeros: Vec<u8> = key.iter().copied().filter(|byte| *byte != 0).collect();
        let detail = "all but its zero bytes, which bash drops from $(cat key.bin)";
        self.push(without_zeros, Cause::KeyTruncated, detail, Rare);
        for (value, detail) in [
            (key.get(1..), "all but its first character, which was not copied"),
            (behind(b'='), "what stands behind the = in it"),
            (behind(b':'), "what stands behind the : in it"),
            (behind(b'@'), "what stands behind the @ in it"),
            (behind(b'_'), "what stands behind the last _ in it"),
            (behind(b'.'), "what stands behind the last . in it"),
            (behind(b' '), "what stands behind the last space in it"),
            (behind(b'|'), "what stands behind the last | in it"),
            (behind(b'/'), "what stands behind the last / in it"),
            (behind(b'\n'), "its last line"),
            (key.strip_suffix(b"==").or_else(|| key.strip_suffix(b"=")), "all but the = at its end"),
        ] {
            if let Some(value) = value.filter(|value| value.len() >= 4) {
                self.push(value.to_vec(), Cause::KeyTruncated, detail, Rare);
            }
        }
        // The other way round: what base64 has lost here.
        for padding in ["=", "=="] {
            if key.len() % 4 + padding.len() == 4 {
                let detail = format!("all of it and the {padding} that it has lost at its end here");
                self.push([key, padding.as_bytes()].concat(), Cause::KeyTruncated, detail, Rare);
            }
        }
    }
}

/// `\u0026` for `&`, and so on: Go, and `json_encode()` with its flags.
fn json_hex(text: &[u8], lower: bool, quotes: bool) -> Vec<u8> {
    let escape = |byte: &u8| match byte {
        b'<' | b'>' | b'&' if lower => format!("\\u{byte:04x}").into_bytes(),
        b'<' | b'>' | b'&' => format!("\\u{byte:04X}").into_bytes(),
        b'"' | b'\'' if quotes => format!("\\u{byte:04X}").into_bytes(),
        byte => vec![*byte],
    };
    text.iter().flat_map(escape).collect()
}

/// 32 hexadecimal digits as a UUID is written.
pub(super) fn hyphenated(digits: &[u8]) -> Option<String> {
    let digits = core::str::from_utf8(digits).ok().filter(|text| text.len() == 32)?;
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| digits.get(range).unwrap_or_default());
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| parts.join("-"))
}
