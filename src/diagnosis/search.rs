//! The search: combinations of alternatives, by the number of faults that they take, within a budget.

use alloc::borrow::Cow;

use super::alternative::{Alternative, MAX_FAULTS};
use super::cause::Cause;
use super::choices::{Choice, Choices};
use super::dimensions::algorithm::{Algorithm, Mac, Part};
use super::dimensions::digest_text::Reading;
use super::dimensions::keys::SoughtKey;
use super::draft::Draft;
use super::fault::Fault;
use crate::key::Hash;
use crate::template::{Field, Piece, Values, write_pieces};

/// Most digests that one search computes.
pub const MAX_DIGESTS: u64 = 10_000;
/// Most other explanations that are told beside the one that is met most.
const MAX_OTHERS: usize = 3;
/// Most bytes that one search hashes: half a second's work, or two on a CPU without SHA instructions.
pub const MAX_BYTES: u64 = 512 << 20;

/// What a search may spend, and what it has spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Digests that were computed.
    pub digests: u64,
    /// Bytes that were hashed.
    pub bytes: u64,
    /// Whether the budget ended the search before all was tried.
    pub exhausted: bool,
}

impl Effort {
    /// Takes a digest over so many bytes out of the budget, if it is still in there. What is too long may be followed by
    /// something short that is not.
    fn spend(&mut self, bytes: usize) -> bool {
        let bytes = self.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        // The first digest is computed whatever it costs: it is the one that verification computes.
        if self.digests > 0 && (self.digests >= MAX_DIGESTS || bytes > MAX_BYTES) {
            self.exhausted = true;
            return false;
        }
        self.digests += 1;
        self.bytes = bytes;
        true
    }
}

/// The dimensions. In each, the first alternative is what was given; of the keys, as many are given as are held.
pub(super) struct Search<'a> {
    pub(super) keys: Vec<Alternative<SoughtKey>>,
    pub(super) payloads: Vec<Alternative<Cow<'a, [u8]>>>,
    pub(super) drafts: Vec<Alternative<Draft>>,
    pub(super) algorithms: Vec<Alternative<Algorithm>>,
    pub(super) readings: Vec<SentReading>,
    pub(super) timestamp: &'a [u8],
    pub(super) nonce: &'a [u8],
    pub(super) key_id: &'a [u8],
    pub(super) effort: Effort,
    /// The right algorithm with each of the keys, once it was needed.
    pub(super) macs: Vec<Option<Mac>>,
}

/// What one of the signatures that came may stand for.
pub(super) struct SentReading {
    /// Which signature.
    pub(super) signature: usize,
    pub(super) reading: Alternative<Reading>,
}

/// What reproduces the received digest.
#[derive(Clone, Debug)]
pub(super) struct Explanation {
    /// None where the digest is right.
    pub(super) faults: Vec<Fault>,
    /// Which of the keys that are held.
    pub(super) key: usize,
    /// Which of the signatures that came.
    pub(super) signature: usize,
    /// What would explain it as simply, and is met less often.
    pub(super) others: Vec<Vec<Cause>>,
}

impl Search<'_> {
    /// The simplest explanation that reproduces the received digest: the fewest faults, and those that people meet most
    /// among as many.
    pub(super) fn run(&mut self) -> Option<Explanation> {
        let choices = Choices::new(&self.keys, &self.payloads, &self.drafts, &self.algorithms);
        let mut hashes = Hashes { payloads: vec![None; self.payloads.len()], request: None };
        let mut best: Option<Explanation> = None;
        for cost in 0..=MAX_FAULTS {
            for choice in choices.of_cost(cost) {
                if let Some(digest) = self.digest(choice, &mut hashes) {
                    self.weigh(choice, cost, &digest, &mut best);
                }
                // A digest that is right needs no other explanation.
                if best.as_ref().is_some_and(|best| best.faults.is_empty() || best.others.len() == MAX_OTHERS)
                {
                    return best;
                }
            }
            if best.is_some() {
                return best;
            }
        }
        None
    }

    /// Whether the digest is the received one in some reading, and better explained so than by what was found before.
    fn weigh(&self, choice: Choice, cost: usize, digest: &[u8], best: &mut Option<Explanation>) {
        let room = best.as_ref().map_or(MAX_FAULTS, |best| best.faults.len());
        let readings = self.readings.iter().filter(|sent| cost + sent.reading.faults.len() <= room);
        let found = readings
            .filter(|sent| sent.reading.value.fits(digest.len()) && sent.reading.value.matches(digest))
            .min_by_key(|sent| (sent.reading.faults.len(), first_cause(&sent.reading.faults)));
        let Some(SentReading { signature, reading }) = found else { return };
        let faults: Vec<Fault> = self.faults(choice).chain(reading.faults.iter().cloned()).collect();
        let causes = |faults: &[Fault]| {
            let mut causes: Vec<Cause> = faults.iter().map(|fault| fault.cause).collect();
            causes.sort_unstable();
            causes
        };
        match best {
            Some(best) if best.faults.len() == faults.len() => {
                let other = causes(&faults);
                if other != causes(&best.faults) && !best.others.contains(&other) {
                    best.others.push(other);
                }
            }
            best => {
                let key = self.keys.get(choice.key).map_or(0, |key| key.value.index);
                *best = Some(Explanation { faults, key, signature: *signature, others: Vec::new() });
            }
        }
    }

    fn faults(&self, choice: Choice) -> impl Iterator<Item = Fault> {
        let lists = [
            self.keys.get(choice.key).map(|key| &key.faults),
            self.payloads.get(choice.payload).map(|payload| &payload.faults),
            self.drafts.get(choice.draft).map(|draft| &draft.faults),
            self.algorithms.get(choice.algorithm).map(|algorithm| &algorithm.faults),
        ];
        lists.into_iter().flatten().flatten().cloned()
    }

    /// Computes a digest, unless no reading could match it or the budget is spent.
    fn digest(&mut self, choice: Choice, hashes: &mut Hashes) -> Option<Vec<u8>> {
        let algorithm = &self.algorithms.get(choice.algorithm)?.value;
        if !self.readings.iter().any(|sent| sent.reading.value.fits(algorithm.length())) {
            return None;
        }
        let key: &[u8] = &self.keys.get(choice.key)?.value.bytes;
        let payload = &self.payloads.get(choice.payload)?.value;
        let draft = &self.drafts.get(choice.draft)?.value;
        let parts = algorithm.parts();
        if parts.is_some() && choice.draft != 0 {
            // The same digest again.
            return None;
        }
        let values = Values {
            method: &draft.method,
            path: &draft.path,
            query: &draft.query,
            timestamp: self.timestamp,
            nonce: draft.nonce.as_deref().unwrap_or(self.nonce),
            key_id: self.key_id,
            rare: draft.rare.as_deref(),
        };
        let wrapped = parts.is_none() && draft.has(Field::CanonicalRequestSha256);
        let hashed = wrapped || parts.is_none() && draft.has(Field::PayloadSha256);
        let known = hashes.payloads.get_mut(choice.payload)?;
        let of_request = (choice.draft, choice.payload);
        let request = hashes.request.filter(|(of, _)| wrapped && *of == of_request).map(|(_, hash)| hash);
        let mut cost = key.len();
        let whole = Piece::Field(Field::Payload);
        let mut count = |pieces: &[Piece]| {
            write_pieces(pieces, &values, &mut |bytes| cost += bytes.len());
        };
        if wrapped && request.is_none() {
            count(&draft.request);
        }
        match parts {
            None => count(&draft.pieces),
            Some(parts) => parts.iter().for_each(|part| match part {
                Part::Key => {}
                Part::Piece(piece) => count(core::slice::from_ref(piece)),
            }),
        }
        let takes_payload =
            parts.is_none_or(|parts| parts.iter().any(|part| *part == Part::Piece(whole.clone())));
        let in_request = wrapped && request.is_none() && draft.requests(Field::Payload);
        if takes_payload && (!hashed || known.is_none() || in_request) {
            cost += payload.len();
        }
        if !self.effort.spend(cost) {
            return None;
        }
        let text;
        let payload: &[u8] = if hashed {
            let mut hash = *known.get_or_insert_with(|| Hash::hex(payload));
            if wrapped {
                hash = request.unwrap_or_else(|| draft.hash_request(&values, payload, &hash));
                hashes.request = Some((of_request, hash));
            }
            text = draft.hash.of(&hash);
            &text
        } else {
            payload
        };
        let write = |piece: &Piece, sink: &mut dyn FnMut(&[u8])| match piece {
            Piece::Field(Field::Payload | Field::PayloadSha256 | Field::CanonicalRequestSha256) => {
                sink(payload);
            }
            piece => write_pieces(core::slice::from_ref(piece), &values, &mut |bytes| sink(bytes)),
        };
        let write_all = |sink: &mut dyn FnMut(&[u8])| match parts {
            None => draft.pieces.iter().for_each(|piece| write(piece, sink)),
            Some(parts) => parts.iter().for_each(|part| match part {
                Part::Key => sink(key),
                Part::Piece(piece) => write(piece, sink),
            }),
        };
        if *algorithm == Algorithm::RIGHT {
            let mac = self.macs.get_mut(choice.key)?.get_or_insert_with(|| Mac::new(key));
            return Some(mac.digest(write_all));
        }
        Some(algorithm.digest(key, write_all))
    }
}

/// Hashes that are needed again and again, in lower-case hex.
struct Hashes {
    /// Of each payload, once it was needed.
    payloads: Vec<Option<[u8; 64]>>,
    /// Of the last canonical request, which is the same for hundreds of keys, and of which draft and which payload it is.
    request: Option<((usize, usize), [u8; 64])>,
}

fn first_cause(faults: &[Fault]) -> Option<Cause> {
    faults.iter().map(|fault| fault.cause).min()
}
