//! Several secrets in one text, as people keep them while a secret is changed.

use super::Steps;
use crate::diagnosis::alternative::Commonness::Common;
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::Fault;

/// Fewest letters of each, and most of them that are tried.
const MIN_SECRET: usize = 8;
const MAX_SECRETS: usize = 8;

impl Steps<'_> {
    /// One of them.
    pub(super) fn listed(&mut self) {
        for (separator, name, pattern) in [
            (b',', "commas", "/\\s*,\\s*/"),
            (b'\n', "line breaks", "/\\s+/"),
            (b';', "semicolons", "/\\s*;\\s*/"),
            (b'|', "bars", "/\\s*\\|\\s*/"),
        ] {
            let parts = self.key.split(|byte| *byte == separator).map(<[u8]>::trim_ascii);
            let secrets: Vec<&[u8]> = parts.filter(|part| !part.is_empty()).collect();
            if secrets.len() < 2 || secrets.iter().any(|secret| secret.len() < MIN_SECRET) {
                continue;
            }
            for (place, secret) in (1..=MAX_SECRETS).zip(&secrets) {
                let detail = format!(
                    "number {place} of the {} secrets in it, which stand there with {name} between",
                    secrets.len()
                );
                let fix = format!(
                    "On the receiver, hold each of them as a key of its own: new Verifier($profile, array_map(fn ($one) => \
                     Key::fromBytes($one), preg_split('{pattern}', trim($secret)))). Or on the sender, set the secret whole, where it is \
                     one: between quotation marks in .env or YAML."
                );
                let fault = Fault::with(Cause::KeyTruncated, detail).fixed_by(fix);
                self.step(secret.to_vec(), fault, Common);
            }
        }
    }
}
