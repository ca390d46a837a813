//! JSON with other white space between its tokens, each of which stays as it is: `1.50`, `1e3`, `\/` and all.

/// The text of a JSON document with nothing between the tokens but these, or nothing at all. The document is valid.
pub(in crate::diagnosis) fn respaced(json: &[u8], comma: &str, colon: &str) -> Vec<u8> {
    between_strings(json, |byte, text| match byte {
        b',' => text.extend_from_slice(comma.as_bytes()),
        b':' => text.extend_from_slice(colon.as_bytes()),
        byte if byte.is_ascii_whitespace() => {}
        byte => text.push(byte),
    })
}

/// A document in one line with a space inside each pair of braces.
pub(in crate::diagnosis) fn braced(json: &[u8]) -> Vec<u8> {
    between_strings(json, |byte, text| match byte {
        b'{' => text.extend_from_slice(b"{ "),
        b'}' => text.extend_from_slice(if text.ends_with(b"{ ") { b"}" } else { b" }" }),
        byte => text.push(byte),
    })
}

/// A valid document with its strings as they are, and each byte between them as `write` has it.
fn between_strings(json: &[u8], write: impl Fn(u8, &mut Vec<u8>)) -> Vec<u8> {
    let mut text = Vec::with_capacity(json.len());
    let mut in_string = false;
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => {
                in_string = !in_string;
                text.push(b'"');
            }
            b'\\' => text.extend([b'\\'].iter().chain(bytes.next())),
            byte if in_string => text.push(*byte),
            byte => write(*byte, &mut text),
        }
    }
    text
}

/// Where the numbers of a JSON document end that have digits only. The document is valid.
pub(in crate::diagnosis) fn whole_numbers(json: &[u8]) -> Vec<usize> {
    let mut ends = Vec::new();
    let (mut in_string, mut place) = (false, 0);
    while let Some(byte) = json.get(place) {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' => place += 1,
            b'-' | b'0'..=b'9' if !in_string => {
                let rest = json.get(place..).unwrap_or_default();
                let length = rest
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
                    .count();
                let number = rest.get(..length).unwrap_or_default();
                place += length - 1;
                if number.iter().skip(1).all(u8::is_ascii_digit) {
                    ends.push(place + 1);
                }
            }
            _ => {}
        }
        place += 1;
    }
    ends
}

/// A document whose numbers with one decimal have two.
pub(in crate::diagnosis) fn with_two_decimals(json: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(json.len());
    let mut in_string = false;
    let mut rest = json;
    while let [first, tail @ ..] = rest {
        match rest {
            [b'"', ..] => in_string = !in_string,
            [b'\\', escaped, after @ ..] => {
                text.extend_from_slice(&[b'\\', *escaped]);
                rest = after;
                continue;
            }
            [b'.', digit, after @ ..]
                if !in_string
                    && digit.is_ascii_digit()
                    && !matches!(after, [b'0'..=b'9' | b'e' | b'E', ..]) =>
            {
                text.extend_from_slice(&[b'.', *digit, b'0']);
                rest = after;
                continue;
            }
            _ => {}
        }
        text.push(*first);
        rest = tail;
    }
    text
}

/// An indented document whose line breaks were taken out: a run of two spaces or more, or a tab, was the beginning of a
/// line. Nothing where no such run is, or a line break is left.
pub(in crate::diagnosis) fn join_lines_back(json: &[u8]) -> Option<Vec<u8>> {
    let json = json.trim_ascii();
    if json.contains(&b'\n') {
        return None;
    }
    let mut text = Vec::with_capacity(json.len() + 16);
    let (mut in_string, mut lines) = (false, 0);
    let mut rest = json;
    while let [first, tail @ ..] = rest {
        let spaces = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let closes = matches!(tail, []) && matches!(first, b'}' | b']');
        match first {
            b'"' => in_string = !in_string,
            b'\\' => {
                text.push(b'\\');
                text.extend(tail.first());
                rest = tail.get(1..).unwrap_or_default();
                continue;
            }
            _ if !in_string && (spaces > 1 || *first == b'\t' || closes && lines > 0) => {
                text.push(b'\n');
                lines += 1;
                if spaces > 0 {
                    let (run, after) = rest.split_at(spaces);
                    text.extend_from_slice(run);
                    rest = after;
                    continue;
                }
            }
            _ => {}
        }
        text.push(*first);
        rest = tail;
    }
    (lines > 0).then_some(text)
}

/// The objects and lists in a document as they stand there, the outer ones first, and so many at most. The document is valid.
pub(in crate::diagnosis) fn nested(json: &[u8], most: usize) -> Vec<&[u8]> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let (mut in_string, mut escaped) = (false, false);
    for (place, byte) in json.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                open.push(ranges.len());
                ranges.push((place, place));
            }
            b'}' | b']' if !in_string => {
                if let Some(range) = open.pop().and_then(|index| ranges.get_mut(index)) {
                    range.1 = place + 1;
                }
            }
            _ => {}
        }
    }
    // The first is the document.
    ranges.into_iter().skip(1).take(most).filter_map(|(start, end)| json.get(start..end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_and_whole_numbers() {
        assert_eq!(braced(br#"{"a": {"b": "{"}, "c": {}}"#), br#"{ "a": { "b": "{" }, "c": { } }"#);
        let json = br#"{"1":[10,-2,3.5,1e3,"4"],"b":7}"#;
        assert_eq!(
            with_two_decimals(br#"[1.5,2,"3.5\"",4.25,6.5e1,7.5]"#),
            br#"[1.50,2,"3.5\"",4.25,6.5e1,7.50]"#
        );
        let numbers = whole_numbers(json).into_iter().map(|end| &json[..end]);
        let ends = [&br#"{"1":[10"#[..], br#"{"1":[10,-2"#, br#"{"1":[10,-2,3.5,1e3,"4"],"b":7"#];
        assert_eq!(numbers.collect::<Vec<_>>(), ends);
    }

    #[test]
    fn only_what_stands_between_the_tokens_changes() {
        let json = b"{ \"a, b\" : [1.50 ,\n1e3],\t\"c\\\"\": \"\\/ \" }";
        assert_eq!(respaced(json, ",", ":"), b"{\"a, b\":[1.50,1e3],\"c\\\"\":\"\\/ \"}");
        assert_eq!(respaced(json, ", ", ": "), b"{\"a, b\": [1.50, 1e3], \"c\\\"\": \"\\/ \"}");
    }

    #[test]
    fn what_is_nested_stands_as_it_is() {
        let json = b"{\"a\": [1.50, {\"b\\\"}\":  {}}],\"c\":2}";
        let texts: [&[u8]; 3] = [b"[1.50, {\"b\\\"}\":  {}}]", b"{\"b\\\"}\":  {}}", b"{}"];
        assert_eq!(nested(json, 9), texts);
        assert_eq!(nested(json, 1), texts[..1]);
    }

    #[test]
    fn line_breaks_stand_before_indentation() {
        let json = b"{\n  \"a\": [\n    \"x  y\",\n    2\n  ],\n  \"b\\\"\": {}\n}";
        let joined: Vec<u8> = json.iter().copied().filter(|byte| *byte != b'\n').collect();
        assert_eq!(join_lines_back(&joined).unwrap(), json);
        assert_eq!(join_lines_back(b"{\"a\": 1}"), None);
    }
}
