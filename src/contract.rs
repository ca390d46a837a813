//! A contract as a file: the row of a profile as JSON, for the other side to read, whatever that is written in.
//!
//! A file has more than the row: the rules in words, and vectors. They are for the other side; here it is only looked whether
//! they are what they should be.

use core::fmt;

use serde_json::{Map, Value, json};

use crate::digest::Encoding;
use crate::freshness::Tolerance;
use crate::profile::{About, Profile, ProfileError, Row};
use crate::timestamp::{Timestamp, TimestampFormat};

/// The version of the file format, and the only one that is read.
pub const VERSION: u64 = 1;

/// The JSON Schema, which lies beside the files.
const SCHEMA: &str = "contract.schema.json";

/// What a file may have. Those that are `true` must be there, and are not null.
const FIELDS: [(&str, bool); 19] = [
    ("$schema", false),
    ("contract_version", true),
    ("name", true),
    ("title", false),
    ("source", false),
    ("payload", false),
    ("string_to_sign", true),
    ("headers", true),
    ("encoding", true),
    ("timestamp_format", false),
    ("timestamp_digits", false),
    ("tolerance", false),
    ("nonce", false),
    ("methods_without_payload", false),
    ("ambiguous", false),
    ("canonical_request", false),
    ("signed_headers", false),
    ("rules", false),
    ("vectors", false),
];

impl Profile {
    /// Reads a contract file: one object of JSON. What is not said in it is as in a row without it.
    ///
    /// # Errors
    ///
    /// [`ContractError`] says where in the file, and what is wrong there.
    pub fn from_contract(json: &[u8]) -> Result<Self, ContractError> {
        let value: Value = serde_json::from_slice(json)
            .map_err(|error| ContractError::Json { line: error.line(), column: error.column() })?;
        let Value::Object(file) = value else {
            return Err(ContractError::NoObject);
        };
        let known = |name: &String| FIELDS.iter().any(|(known, _)| known == name);
        if let Some(name) = file.keys().find(|name| !known(name)) {
            return Err(ContractError::Unknown(name.as_str().into()));
        }
        for (name, _) in FIELDS.iter().filter(|(_, needed)| *needed) {
            if file.get(*name).is_none_or(Value::is_null) {
                return Err(ContractError::Missing(name));
            }
        }
        if file.get("contract_version").and_then(Value::as_u64) != Some(VERSION) {
            return Err(ContractError::Version);
        }
        check_ignored(&file)?;
        let fields = Fields(&file);
        let headers = fields.headers()?;
        let methods = fields.list("methods_without_payload")?;
        let signed_headers = fields.list("signed_headers")?;
        let row = Row {
            name: fields.text("name")?.unwrap_or_default(),
            about: About {
                title: fields.text("title")?,
                source: fields.text("source")?,
                payload: fields.text("payload")?,
            },
            string_to_sign: fields.text("string_to_sign")?.unwrap_or_default(),
            headers: &headers,
            encoding: fields.one_of("encoding", &Encoding::ALL, Encoding::name)?.unwrap_or(Encoding::Hex),
            timestamp_format: fields.one_of(
                "timestamp_format",
                &TimestampFormat::ALL,
                TimestampFormat::name,
            )?,
            timestamp_digits: fields.number("timestamp_digits", ProfileError::TimestampDigits)?,
            tolerance: fields.number("tolerance", ProfileError::Tolerance)?,
            nonce: fields.text("nonce")?,
            methods_without_payload: &methods,
            ambiguous: fields.flag("ambiguous")?,
            canonical_request: fields.text("canonical_request")?,
            signed_headers: &signed_headers,
        };
        Self::new(&row).map_err(ContractError::Profile)
    }

    /// Writes the row as a contract file, without rules and vectors.
    #[must_use]
    pub fn to_contract(&self) -> String {
        let tolerance = self.tolerance().and_then(|tolerance| match tolerance {
            Tolerance::Seconds(seconds) => Some(seconds),
            Tolerance::AnyAge => None,
        });
        let about = self.about();
        let headers: Map<String, Value> =
            self.headers().iter().map(|header| (header.name().to_owned(), header.text().into())).collect();
        let file = json!({
            "$schema": SCHEMA,
            "contract_version": VERSION,
            "name": self.name(),
            "title": about.title,
            "source": about.source,
            "payload": about.payload,
            "string_to_sign": self.string_to_sign().text(),
            "headers": headers,
            "encoding": self.encoding().name(),
            "timestamp_format": self.timestamp_format().map(TimestampFormat::name),
            "timestamp_digits": self.timestamp().and_then(Timestamp::digits),
            "tolerance": tolerance,
            "nonce": self.nonce_grammar(),
            "methods_without_payload": self.methods_without_payload(),
            "ambiguous": self.is_ambiguous(),
            "canonical_request": self.string_to_sign().canonical_request(),
            "signed_headers": self.signed_headers(),
        });
        format!("{file:#}")
    }
}

/// What the other side reads: it changes nothing here, and has to be what it should be.
fn check_ignored(file: &Map<String, Value>) -> Result<(), ContractError> {
    let wrong = |place: &str, expected| ContractError::Type { place: place.into(), expected };
    if file.get("$schema").is_some_and(|schema| !schema.is_string()) {
        return Err(wrong("$schema", TEXT));
    }
    match file.get("rules") {
        Some(Value::Object(rules)) => {
            if let Some((name, _)) = rules.iter().find(|(_, rule)| !rule.is_string()) {
                return Err(wrong(&format!("rules.{name}"), TEXT));
            }
        }
        // PHP writes an empty object so.
        Some(Value::Array(rules)) if rules.is_empty() => {}
        Some(_) => return Err(wrong("rules", "an object of texts")),
        None => {}
    }
    match file.get("vectors") {
        Some(Value::Array(vectors)) => match vectors.iter().position(|vector| !vector.is_object()) {
            Some(index) => Err(wrong(&format!("vectors[{index}]"), "an object")),
            None => Ok(()),
        },
        Some(_) => Err(wrong("vectors", "a list of objects")),
        None => Ok(()),
    }
}

const TEXT: &str = "a text";

/// The fields of a file, by what they have to be. A null says no more than a field that is not there.
struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn read<T>(
        &self,
        name: &'static str,
        expected: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, ContractError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| ContractError::Type { place: name.into(), expected })
    }

    fn text(&self, name: &'static str) -> Result<Option<&'a str>, ContractError> {
        self.read(name, TEXT, Value::as_str)
    }

    fn flag(&self, name: &'static str) -> Result<bool, ContractError> {
        Ok(self.read(name, "true or false", Value::as_bool)?.unwrap_or_default())
    }

    fn number<T: TryFrom<i64>>(
        &self,
        name: &'static str,
        out_of_range: ProfileError,
    ) -> Result<Option<T>, ContractError> {
        let number = self.read(name, "a whole number", Value::as_i64)?;
        number.map(|number| T::try_from(number).map_err(|_| ContractError::Profile(out_of_range))).transpose()
    }

    fn list(&self, name: &'static str) -> Result<Vec<&'a str>, ContractError> {
        let texts = |value: &'a Value| value.as_array()?.iter().map(Value::as_str).collect();
        Ok(self.read(name, "a list of texts", texts)?.unwrap_or_default())
    }

    fn headers(&self) -> Result<Vec<(&'a str, &'a str)>, ContractError> {
        let texts = |value: &'a Value| {
            value.as_object()?.iter().map(|(name, text)| Some((name.as_str(), text.as_str()?))).collect()
        };
        Ok(self.read("headers", "an object of texts", texts)?.unwrap_or_default())
    }

    fn one_of<T: Copy>(
        &self,
        name: &'static str,
        all: &[T],
        text: fn(T) -> &'static str,
    ) -> Result<Option<T>, ContractError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let found = all.iter().find(|one| value == text(**one)).copied();
        found.map(Some).ok_or_else(|| ContractError::Choice {
            place: name,
            choices: all.iter().map(|one| text(*one)).collect(),
        })
    }
}

/// Why a text is not a contract, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContractError {
    /// A text that is none of those that may stand there.
    Choice {
        /// The field.
        place: &'static str,
        /// What it may be.
        choices: Vec<&'static str>,
    },
    /// Not JSON. Both numbers start at 1.
    Json {
        /// The line.
        line: usize,
        /// The byte in it.
        column: usize,
    },
    /// A field that must be there is missing, or null.
    Missing(&'static str),
    /// JSON, but no object.
    NoObject,
    /// The row cannot be kept.
    Profile(ProfileError),
    /// A value of another type.
    Type {
        /// The field, and where in it.
        place: Box<str>,
        /// What it has to be.
        expected: &'static str,
    },
    /// A field that no contract has.
    Unknown(Box<str>),
    /// Another version than [`VERSION`].
    Version,
}

impl fmt::Display for ContractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Choice { place, choices } => write!(f, "{place} must be one of {}", choices.join(", ")),
            Self::Json { line, column } => write!(f, "it is not JSON (line {line}, byte {column})"),
            Self::Missing(name) => write!(f, "{name} is missing"),
            Self::NoObject => f.write_str("it is not an object of JSON"),
            Self::Profile(error) => write!(f, "{} {error}", error.field()),
            Self::Type { place, expected } => write!(f, "{place} must be {expected}"),
            Self::Unknown(name) => write!(f, "the field {} is unknown", Value::from(&**name)),
            Self::Version => write!(f, "contract_version must be {VERSION}, the one that is known here"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = r#"{"contract_version":1,"name":"a","string_to_sign":"{payload}","headers":{"X-S":"{signature}"},"encoding":"hex"}"#;

    /// The least contract with a field replaced or added.
    fn with(name: &str, value: Value) -> String {
        let mut file: Map<String, Value> = serde_json::from_str(LEAST).unwrap();
        file.insert(name.to_owned(), value);
        Value::from(file).to_string()
    }

    #[track_caller]
    fn refused(json: &str, message: &str) {
        let error = Profile::from_contract(json.as_bytes()).map(|profile| profile.to_contract()).unwrap_err();
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn every_built_in_profile_comes_back_as_itself() {
        for profile in Profile::all() {
            let text = profile.to_contract();
            let read = Profile::from_contract(text.as_bytes()).unwrap();
            assert_eq!(read.to_contract(), text);
            assert_eq!(read.name(), profile.name());
            assert_eq!(read.about(), profile.about());
        }
    }

    #[test]
    fn what_is_not_said_is_as_in_a_row_without_it() {
        let profile = Profile::from_contract(LEAST.as_bytes()).unwrap();
        assert_eq!(profile.about(), About::default());
        assert!(!profile.is_ambiguous());
        let spelled_out = profile.to_contract();
        assert!(spelled_out.contains("\"tolerance\": null"), "{spelled_out}");
        assert_eq!(Profile::from_contract(spelled_out.as_bytes()).unwrap().to_contract(), spelled_out);
    }

    #[test]
    fn what_the_other_side_reads_changes_nothing() {
        let plain = Profile::from_contract(LEAST.as_bytes()).unwrap().to_contract();
        for (name, value) in [
            ("rules", json!({"payload": "byte for byte"})),
            ("rules", json!([])),
            ("vectors", json!([{"id": "plain", "anything": [1, null]}])),
            ("$schema", json!("https://example.com/schema.json")),
        ] {
            let read = Profile::from_contract(with(name, value).as_bytes()).unwrap();
            assert_eq!(read.to_contract(), plain);
        }
    }

    #[test]
    fn what_is_no_contract_is_refused_with_its_place() {
        refused("", "it is not JSON (line 1, byte 0)");
        refused("{\n  \"name\": x}", "it is not JSON (line 2, byte 11)");
        refused("[]", "it is not an object of JSON");
        refused(&with("tolerence", json!(5)), "the field \"tolerence\" is unknown");
        refused(&with("a\"\n", json!(5)), "the field \"a\\\"\\n\" is unknown");
        refused(&with("name", Value::Null), "name is missing");
        refused("{}", "contract_version is missing");
        for version in [json!(2), json!("1"), json!(1.0), json!(0)] {
            refused(
                &with("contract_version", version),
                "contract_version must be 1, the one that is known here",
            );
        }
        refused(&with("name", json!(1)), "name must be a text");
        refused(&with("title", json!(["a"])), "title must be a text");
        refused(&with("headers", json!(["a"])), "headers must be an object of texts");
        refused(&with("headers", json!({"X-S": 1})), "headers must be an object of texts");
        refused(&with("encoding", json!("base32")), "encoding must be one of base64, base64-url, hex");
        refused(
            &with("timestamp_format", json!(1)),
            "timestamp_format must be one of seconds, milliseconds, rfc3339, iso8601-basic",
        );
        refused(&with("tolerance", json!(1.5)), "tolerance must be a whole number");
        refused(&with("ambiguous", json!("no")), "ambiguous must be true or false");
        refused(
            &with("methods_without_payload", json!("GET")),
            "methods_without_payload must be a list of texts",
        );
        refused(&with("rules", json!(["a"])), "rules must be an object of texts");
        refused(&with("rules", json!({"a": 1})), "rules.a must be a text");
        refused(&with("vectors", json!({})), "vectors must be a list of objects");
        refused(&with("vectors", json!([{}, 1])), "vectors[1] must be an object");
        refused(&with("$schema", Value::Null), "$schema must be a text");
    }

    #[test]
    fn a_row_that_cannot_be_kept_names_its_field() {
        refused(&with("name", json!("A")), "name must be 1 to 64 characters of a-z, 0-9 and -");
        refused(&with("tolerance", json!(-1)), "tolerance must be between 0 and 604800");
        refused(
            &with("tolerance", json!(5)),
            "tolerance must be null, because the profile has no {timestamp}",
        );
        refused(&with("headers", json!({})), "headers must have {signature}");
        refused(
            &with("string_to_sign", json!("{nonce}{payload}")),
            "headers must carry {nonce}, because the string to sign has it and a receiver could not know it",
        );
    }
}
