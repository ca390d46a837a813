//! XML that was written again, and a text that was put into it.

use super::Payloads;
use crate::diagnosis::alternative::Commonness::Rare;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::transit::unescape_html;

/// The first line of XML as most programs write it.
const XML_DECLARATIONS: [&str; 3] = [
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
    "<?xml version=\"1.0\"?>",
];

impl Payloads<'_> {
    /// XML without what stands between its tags, and without its first line.
    pub(super) fn xml(&mut self) {
        let payload = self.given;
        if !payload.trim_ascii_start().starts_with(b"<") {
            return;
        }
        let mut dense = Vec::with_capacity(payload.len());
        for (number, part) in payload.trim_ascii().split(|byte| *byte == b'>').enumerate() {
            if number > 0 {
                dense.push(b'>');
            }
            let text = part.trim_ascii_start();
            dense.extend_from_slice(if number == 0 || text.starts_with(b"<") || text.is_empty() {
                text
            } else {
                part
            });
        }
        let how = "an XML writer that puts no white space between the tags";
        self.copy(dense, Cause::PayloadReserialized, how, Rare);
        if let Some(end) = payload.windows(2).position(|pair| pair == b"?>") {
            let rest = payload.get(end + 2..).unwrap_or_default().trim_ascii_start();
            self.part(rest, Cause::PayloadReserialized, "an XML writer that leaves <?xml …?> out", Rare);
            return;
        }
        for declaration in XML_DECLARATIONS {
            for end in ["", "\n"] {
                let text = [declaration.as_bytes(), end.as_bytes(), payload].concat();
                self.copy(
                    text,
                    Cause::PayloadReserialized,
                    "an XML writer that puts <?xml …?> in front",
                    Rare,
                );
            }
        }
    }

    /// What stands in the outermost element of XML that has no other in it: a gateway wrapped a text.
    pub(super) fn text_of_element(&mut self) {
        let text = self.given.trim_ascii();
        let name = text.strip_prefix(b"<").and_then(|rest| rest.split(|byte| b"> ".contains(byte)).next());
        let Some(rest) = name.and_then(|name| text.strip_suffix(&*[b"</", name, b">"].concat())) else {
            return;
        };
        let start = rest.iter().position(|byte| *byte == b'>').map_or(rest.len(), |end| end + 1);
        let Some(inner) = rest.get(start..).filter(|inner| !inner.contains(&b'<')) else { return };
        let inner = unescape_html(inner).unwrap_or_else(|| inner.to_vec());
        let detail = "only the text that stands in the element of XML, and not the whole body";
        self.copy(inner, Cause::PayloadFieldOnly, detail, Rare);
    }
}
