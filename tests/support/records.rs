//! Reads the vector files: see `tests/vectors/README.md`. Whatever does not follow the format is a failure, so that
//! no record and no field can go unread.

use std::fs;
use std::path::PathBuf;

const NAMES: [&str; 25] = [
    "canonical",
    "digest",
    "encoding",
    "expect",
    "header",
    "id",
    "key",
    "key-base64",
    "key-id",
    "method",
    "nonce",
    "nonce-grammar",
    "now",
    "other",
    "offset",
    "payload",
    "profile",
    "refused",
    "signed",
    "string-to-sign",
    "target",
    "timestamp",
    "timestamp-format",
    "tolerance",
    "value",
];
const REPEATABLE: [&str; 3] = ["expect", "header", "other"];

pub struct Record {
    place: String,
    fields: Vec<(String, Vec<u8>)>,
}

impl Record {
    /// All records of a file.
    #[track_caller]
    pub fn all(file: &str) -> Vec<Self> {
        let text = fs::read_to_string(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let mut records: Vec<Self> = Vec::new();
        let mut open = false;
        for (index, line) in text.split('\n').enumerate() {
            let place = format!("{file}:{}", index + 1);
            if line.is_empty() {
                open = false;
            } else if !line.starts_with('#') {
                if !open {
                    records.push(Self { place: place.clone(), fields: Vec::new() });
                    open = true;
                }
                records.last_mut().unwrap().add(line, &place);
            }
        }
        assert!(!records.is_empty(), "{file} has no record");
        records
    }

    #[track_caller]
    fn add(&mut self, line: &str, place: &str) {
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("{place}: no \": \""));
        let (name, value) = match name.strip_suffix("-hex") {
            Some(name) => {
                (name, base16ct::mixed::decode_vec(value).unwrap_or_else(|error| panic!("{place}: {error}")))
            }
            None => (name, value.as_bytes().to_vec()),
        };
        assert!(NAMES.contains(&name), "{place}: unknown field {name}");
        assert!(!self.has(name) || REPEATABLE.contains(&name), "{place}: {name} stands twice");
        self.fields.push((name.to_owned(), value));
    }

    /// Where the record stands, and its id.
    pub fn place(&self) -> String {
        format!("{} ({})", self.place, self.text("id"))
    }

    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(other, _)| other == name)
    }

    /// The value of a field; empty when it is left out.
    pub fn bytes(&self, name: &str) -> &[u8] {
        self.fields.iter().find(|(other, _)| other == name).map_or(&[], |(_, value)| value)
    }

    #[track_caller]
    pub fn text(&self, name: &str) -> &str {
        core::str::from_utf8(self.bytes(name)).unwrap()
    }

    #[track_caller]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.has(name).then(|| self.text(name).parse().unwrap())
    }

    /// All values of a field that may stand several times.
    pub fn each(&self, name: &str) -> impl Iterator<Item = &str> {
        let values = self.fields.iter().filter(move |(other, _)| other == name);
        values.map(|(_, value)| core::str::from_utf8(value).unwrap())
    }
}

/// The names of all vector files.
pub fn files() -> Vec<String> {
    let entries =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    // Wycheproof's set is no file of records: a line of it is a test of HMAC alone.
    let is_ours = |name: &String| name.ends_with(".txt") && name != "wycheproof.txt";
    let mut files: Vec<String> = entries.filter(is_ours).collect();
    files.sort();
    files
}

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "vectors"].iter().collect()
}
