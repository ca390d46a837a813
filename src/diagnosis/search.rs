//! The search: combinations of alternatives, by the number of faults that they take, within a budget.

use alloc::borrow::Cow;

use super::alternative::{Alternative, MAX_FAULTS};
use super::cause::Cause;
use super::dimensions::algorithm::Algorithm;
use super::dimensions::digest_text::Reading;
use super::dimensions::keys::KeyBytes;
use super::draft::Draft;
use super::fault::Fault;
use crate::key::Hash;
use crate::template::{Field, Piece, Values, write_pieces};

/// Most digests that one search computes.
pub const MAX_DIGESTS: u64 = 10_000;
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

/// The dimensions. In each, the first alternative is what was given.
pub(super) struct Search<'a> {
    pub(super) keys: Vec<Alternative<KeyBytes>>,
    pub(super) payloads: Vec<Alternative<Cow<'a, [u8]>>>,
    pub(super) drafts: Vec<Alternative<Draft>>,
    pub(super) algorithms: Vec<Alternative<Algorithm>>,
    pub(super) readings: Vec<Alternative<Reading>>,
    pub(super) timestamp: &'a [u8],
    pub(super) nonce: &'a [u8],
    pub(super) key_id: &'a [u8],
    pub(super) effort: Effort,
}

/// One alternative from each dimension but that of the digest's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Choice {
    key: usize,
    payload: usize,
    draft: usize,
    algorithm: usize,
}

impl Search<'_> {
    /// The simplest explanation that reproduces the received digest: the fewest faults, and the most useful ones among
    /// as many. No fault at all when the digest is right.
    pub(super) fn run(&mut self) -> Option<Vec<Fault>> {
        let mut hashes = vec![None; self.payloads.len()];
        let mut best: Option<Vec<Fault>> = None;
        for cost in 0..=MAX_FAULTS {
            for choice in self.choices(cost) {
                let Some(digest) = self.digest(choice, &mut hashes) else { continue };
                let room = best.as_ref().map_or(MAX_FAULTS + 1, Vec::len);
                let readings = self.readings.iter().filter(|reading| cost + reading.faults.len() < room);
                if let Some(reading) = readings
                    .filter(|reading| reading.value.matches(&digest))
                    .min_by_key(|reading| (reading.faults.len(), first_cause(&reading.faults)))
                {
                    best = Some(self.faults(choice).chain(reading.faults.iter().cloned()).collect());
                }
                if best.as_ref().is_some_and(|best| best.len() == cost) {
                    return best;
                }
            }
            if best.is_some() {
                return best;
            }
        }
        None
    }

    /// All choices that take so many faults, the most useful first.
    fn choices(&self, cost: usize) -> Vec<Choice> {
        if cost == 0 {
            return vec![Choice::default()];
        }
        let singles = self.singles();
        let mut ranked: Vec<(u32, Choice)> = Vec::new();
        for (index, (choice, faults)) in singles.iter().enumerate() {
            if faults.len() == cost {
                ranked.push((rank(faults), *choice));
            }
            for (other, more) in singles.iter().skip(index + 1) {
                if faults.len() + more.len() == cost
                    && let Some(both) = choice.join(*other)
                {
                    ranked.push((rank(faults) + rank(more), both));
                }
            }
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, choice)| choice).collect()
    }

    /// Every alternative that differs from what was given in one dimension.
    fn singles(&self) -> Vec<(Choice, &[Fault])> {
        fn rest<T>(list: &[Alternative<T>]) -> impl Iterator<Item = (usize, &[Fault])> {
            list.iter().map(|alternative| alternative.faults.as_slice()).enumerate().skip(1)
        }
        let given = Choice::default();
        let keys = rest(&self.keys).map(|(key, faults)| (Choice { key, ..given }, faults));
        let payloads = rest(&self.payloads).map(|(payload, faults)| (Choice { payload, ..given }, faults));
        let drafts = rest(&self.drafts).map(|(draft, faults)| (Choice { draft, ..given }, faults));
        let algorithms =
            rest(&self.algorithms).map(|(algorithm, faults)| (Choice { algorithm, ..given }, faults));
        keys.chain(payloads).chain(drafts).chain(algorithms).collect()
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
    fn digest(&mut self, choice: Choice, hashes: &mut [Option<[u8; 64]>]) -> Option<Vec<u8>> {
        let algorithm = self.algorithms.get(choice.algorithm)?.value;
        if !self.readings.iter().any(|reading| reading.value.fits(algorithm.length())) {
            return None;
        }
        let key = &self.keys.get(choice.key)?.value;
        let payload = &self.payloads.get(choice.payload)?.value;
        let draft = &self.drafts.get(choice.draft)?.value;
        let payload_alone = [Piece::Field(Field::Payload)];
        let pieces = if !algorithm.leaves_the_rest_out() {
            &draft.pieces
        } else if choice.draft == 0 {
            &payload_alone[..]
        } else {
            // The same digest again.
            return None;
        };
        let values = Values {
            method: &draft.method,
            path: &draft.path,
            query: &draft.query,
            timestamp: self.timestamp,
            nonce: self.nonce,
            key_id: self.key_id,
        };
        let hashed = pieces.contains(&Piece::Field(Field::PayloadSha256));
        let known = hashes.get_mut(choice.payload)?;
        let mut cost = key.len();
        write_pieces(pieces, &values, &mut |bytes| cost += bytes.len());
        if !hashed || known.is_none() {
            cost += payload.len();
        }
        if !self.effort.spend(cost) {
            return None;
        }
        let text;
        let payload: &[u8] = if hashed {
            text = draft.hash.of(known.get_or_insert_with(|| Hash::hex(payload)));
            &text
        } else {
            payload
        };
        Some(algorithm.digest(key, |sink| {
            for piece in pieces {
                match piece {
                    Piece::Field(Field::Payload | Field::PayloadSha256) => sink(payload),
                    piece => write_pieces(core::slice::from_ref(piece), &values, &mut |bytes| sink(bytes)),
                }
            }
        }))
    }
}

impl Choice {
    /// Both choices at once, if they are about different dimensions.
    fn join(self, other: Self) -> Option<Self> {
        let one = |a: usize, b: usize| if a == 0 || b == 0 { Some(a.max(b)) } else { None };
        Some(Self {
            key: one(self.key, other.key)?,
            payload: one(self.payload, other.payload)?,
            draft: one(self.draft, other.draft)?,
            algorithm: one(self.algorithm, other.algorithm)?,
        })
    }
}

fn rank(faults: &[Fault]) -> u32 {
    faults.iter().map(|fault| fault.cause as u32).sum()
}

fn first_cause(faults: &[Fault]) -> Option<Cause> {
    faults.iter().map(|fault| fault.cause).min()
}
