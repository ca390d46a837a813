//! Which other bytes the sender may have used as the key: what editors, shells, files and forms make of a secret, on the
//! sender's side or on this one.

mod encoded;
mod listed;
mod mangled;
mod named;
mod placeholders;
mod request;
mod surrounded;

use rustc_hash::FxHashMap;
use zeroize::Zeroizing;

use crate::diagnosis::alternative::{Alternative, Commonness};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::fault::{Fault, Words};

/// Key bytes, wiped when they are dropped.
pub(in crate::diagnosis) type KeyBytes = Zeroizing<Vec<u8>>;

/// Longest secret that is taken for one that went through somebody's hands.
const MAX_LENGTH: usize = 4096;
/// What editors and echo put at the end of a secret.
const LINE_BREAKS: &[&[u8]] = &[LINE_FEED, b"\r\n"];
const LINE_FEED: &[u8] = b"\n";

/// One of the keys that are held, or what may have been in its place.
#[derive(Clone, Debug)]
pub(in crate::diagnosis) struct SoughtKey {
    pub(in crate::diagnosis) bytes: KeyBytes,
    /// Which one of those that are held.
    pub(in crate::diagnosis) index: usize,
}

/// The keys as they were given, and then what may have been in the place of each: by one fault, and by two.
pub(in crate::diagnosis) fn alternatives(keys: &[&[u8]]) -> Vec<Alternative<SoughtKey>> {
    let held = |(index, bytes): (usize, &&[u8])| {
        Alternative::given(SoughtKey { bytes: Zeroizing::new(bytes.to_vec()), index })
    };
    let mut list: Vec<_> = keys.iter().enumerate().map(held).collect();
    for (index, key) in keys.iter().enumerate().filter(|(_, key)| key.len() <= MAX_LENGTH) {
        let others = of_one(key).into_iter().skip(1);
        list.extend(others.map(|Alternative { value, faults, commonness }| Alternative {
            value: SoughtKey { bytes: value, index },
            faults,
            commonness,
        }));
    }
    list
}

fn of_one(key: &[u8]) -> Vec<Alternative<KeyBytes>> {
    let given = Alternative::given(Zeroizing::new(key.to_vec()));
    let mut found = Found::default();
    found.push(given.clone());
    let mut off = Steps::of(key);
    off.take_off();
    found.add(off, &given);
    let taken_off = found.list.len();
    let mut on = Steps::of(key);
    on.put_on();
    found.add(on, &given);
    for index in 1..found.list.len() {
        let Some(base) = found.list.get(index).cloned() else { continue };
        let mut steps = Steps::of(&base.value);
        // A secret without a line break may have got one after anything else, as one with a line break may have got it
        // after anything else. What was put on is not taken off again.
        if base.value.as_slice() == key.trim_ascii() {
            steps.take_off();
            steps.put_on();
        } else if index < taken_off {
            steps.take_off();
            steps.line_breaks(LINE_BREAKS);
        } else if base.faults.iter().all(|fault| fault.cause != Cause::KeyIsPlaceholder) {
            // What stands in the place of a secret that is not there was not read out of its file. And what Windows puts there
            // is too rare for what is rare itself.
            let is_rare = base.commonness == Commonness::Rare;
            steps.line_breaks(if is_rare { &[LINE_FEED] } else { LINE_BREAKS });
        }
        found.add(steps, &base);
    }
    found.list
}

/// The list while it is made.
#[derive(Default)]
struct Found {
    list: Vec<Alternative<KeyBytes>>,
    /// Where those of one length stand. No hash of a secret is left in memory so.
    places: FxHashMap<usize, Vec<usize>>,
}

impl Found {
    /// Adds what is news to what took other faults before.
    fn add(&mut self, steps: Steps<'_>, base: &Alternative<KeyBytes>) {
        for Step { value, fault, commonness } in steps.list {
            // The same fault twice explains nothing: a key is not trimmed or decoded in two ways at once.
            let again = base.faults.iter().any(|other| other.cause == fault.cause);
            if again || self.has(&value) {
                continue;
            }
            let (commonness, fault) = match &*base.faults {
                [] => (commonness, fault),
                _ => (Commonness::Rare, fault.introduced_by("Once that is done:")),
            };
            let faults = base.faults.iter().cloned().chain([fault]).collect();
            self.push(Alternative { value, faults, commonness });
        }
    }

    fn has(&self, value: &KeyBytes) -> bool {
        let same_length = self.places.get(&value.len()).into_iter().flatten();
        same_length.filter_map(|place| self.list.get(*place)).any(|other| other.value == *value)
    }

    fn push(&mut self, key: Alternative<KeyBytes>) {
        self.places.entry(key.value.len()).or_default().push(self.list.len());
        self.list.push(key);
    }
}

/// Another key, and what it takes.
struct Step {
    value: KeyBytes,
    fault: Fault,
    commonness: Commonness,
}

/// The other keys that one fault makes of a key.
struct Steps<'k> {
    key: &'k [u8],
    list: Vec<Step>,
}

impl<'k> Steps<'k> {
    const fn of(key: &'k [u8]) -> Self {
        Self { key, list: Vec::new() }
    }

    /// What the key has that the secret has not.
    fn take_off(&mut self) {
        self.without_surroundings();
        self.without_names();
        self.listed();
        self.decoded();
        self.unescaped();
    }

    /// What the secret has that the key has not, and what else may have become of it.
    fn put_on(&mut self) {
        self.line_breaks(LINE_BREAKS);
        self.surroundings();
        self.names();
        self.encoded();
        self.escaped();
        self.cut();
        self.hashed();
        self.no_secret_at_all();
    }

    fn push(&mut self, value: Vec<u8>, cause: Cause, detail: impl Into<Words>, commonness: Commonness) {
        self.step(value, Fault::with(cause, detail), commonness);
    }

    fn step(&mut self, value: Vec<u8>, fault: Fault, commonness: Commonness) {
        let without_secret = fault.cause == Cause::KeyIsPlaceholder;
        if value != self.key && (without_secret || !value.is_empty()) {
            self.list.push(Step { value: Zeroizing::new(value), fault, commonness });
        }
    }
}

pub(in crate::diagnosis) use placeholders::placeholder;
pub(in crate::diagnosis) use request::of_request;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_any_kind_has_a_few_hundred_alternatives() {
        for key in [
            &b"Tq7mZp2Kd9Wb4Rx6Nh3Vy8Lc5Jf1Gs0Ae"[..],
            b"\"whsec_dGVzdCBzZWNyZXQgd2l0aCAzMiBieXRlcyE=\" # a comment\r\n",
            &[0xff; 64],
            &[b'$'; 4096],
        ] {
            let list = of_one(key);
            assert!((40..1000).contains(&list.len()), "{}", list.len());
        }
    }
}
