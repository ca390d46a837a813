//! The search: combinations of alternatives, by the number of faults that they take, within a budget.

use alloc::borrow::Cow;

use super::alternative::{Alternative, Commonness, MAX_FAULTS};
use super::cause::Cause;
use super::dimensions::algorithm::{Algorithm, Mac, Part};
use super::dimensions::digest_text::Reading;
use super::dimensions::keys::SoughtKey;
use super::draft::Draft;
use super::fault::Fault;
use crate::key::Hash;
use crate::template::{Field, Piece, Values, write_pieces};

/// Most digests that one search computes.
pub const MAX_DIGESTS: u64 = 10_000;
/// Most pairs of faults that one search tries, so that a kibibyte takes no longer than a few milliseconds.
const MAX_PAIRS: usize = 900;
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

/// One alternative from each dimension but that of the digest's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Choice {
    key: usize,
    payload: usize,
    draft: usize,
    algorithm: usize,
}

/// An alternative in one dimension, and nothing else.
struct Single<'s> {
    choice: Choice,
    faults: &'s [Fault],
    commonness: Commonness,
    rank: u32,
}

/// How seldom people meet a pair: what is least comes first.
type Weight = (u8, u8, u8, u32);
/// With its number among all of them.
type Pair = (Weight, usize, Choice);

impl Search<'_> {
    /// The simplest explanation that reproduces the received digest: the fewest faults, and those that people meet most
    /// among as many.
    pub(super) fn run(&mut self) -> Option<Explanation> {
        let mut hashes = vec![None; self.payloads.len()];
        let mut best: Option<Explanation> = None;
        for cost in 0..=MAX_FAULTS {
            for choice in self.choices(cost) {
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

    /// All choices that take so many faults, what people meet most first.
    fn choices(&self, cost: usize) -> Vec<Choice> {
        let held = self.keys.iter().take_while(|key| key.faults.is_empty()).count();
        let with_key = |choice: Choice| (0..held).map(move |key| Choice { key, ..choice });
        if cost == 0 {
            return with_key(Choice::default()).collect();
        }
        let mut keys: Vec<Single<'_>> =
            singles(&self.keys, held, |key| Choice { key, ..Choice::default() }).collect();
        let mut others: Vec<Single<'_>> =
            singles(&self.payloads, 1, |payload| Choice { payload, ..Choice::default() })
                .chain(singles(&self.drafts, 1, |draft| Choice { draft, ..Choice::default() }))
                .chain(singles(&self.algorithms, 1, |algorithm| Choice { algorithm, ..Choice::default() }))
                .collect();
        // What is common first, so that what meets nothing rare ends where the rare begins.
        keys.sort_by_key(|single| single.commonness);
        others.sort_by_key(|single| single.commonness);
        let mut alone: Vec<(u32, Choice)> = Vec::new();
        let mut pairs = Pairs::default();
        for single in keys.iter().filter(|single| single.faults.len() == cost) {
            alone.push((single.rank, single.choice));
        }
        for (index, single) in others.iter().enumerate() {
            if single.faults.len() == cost {
                alone.extend(with_key(single.choice).map(|choice| (single.rank, choice)));
            }
            let meets = |other: &&Single<'_>| single.commonness.meets(other.commonness);
            let adds_up = |other: &&Single<'_>| single.faults.len() + other.faults.len() == cost;
            for other in others.iter().skip(index + 1).take_while(meets).filter(adds_up) {
                if let Some(both) = single.choice.join(other.choice) {
                    let weight = single.weight(other, both);
                    with_key(both).for_each(|choice| pairs.add(weight, choice));
                }
            }
            for key in keys.iter().take_while(meets).filter(adds_up) {
                let choice = Choice { key: key.choice.key, ..single.choice };
                pairs.add(single.weight(key, choice), choice);
            }
        }
        alone.sort_by_key(|(rank, _)| *rank);
        alone.into_iter().map(|(_, choice)| choice).chain(pairs.in_order()).collect()
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
        let known = hashes.get_mut(choice.payload)?;
        let mut cost = key.len();
        let whole = Piece::Field(Field::Payload);
        let mut count = |pieces: &[Piece]| {
            write_pieces(pieces, &values, &mut |bytes| cost += bytes.len());
        };
        if wrapped {
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
        if takes_payload && (!hashed || known.is_none() || wrapped && draft.requests(Field::Payload)) {
            cost += payload.len();
        }
        if !self.effort.spend(cost) {
            return None;
        }
        let text;
        let payload: &[u8] = if hashed {
            let hash = known.get_or_insert_with(|| Hash::hex(payload));
            text = draft.hash.of(&if wrapped { draft.hash_request(&values, payload, hash) } else { *hash });
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

/// The pairs that people meet most, of all that there are.
#[derive(Default)]
struct Pairs {
    /// A few times as many as are tried, while there may be others that are met more.
    list: Vec<Pair>,
    added: usize,
    /// From here on, none is tried.
    least: Option<Pair>,
}

impl Pairs {
    fn add(&mut self, weight: Weight, choice: Choice) {
        // Of those that weigh the same, the first ones stay.
        let pair = (weight, self.added, choice);
        self.added += 1;
        if self.least.is_none_or(|least| pair < least) {
            self.list.push(pair);
        }
        if self.list.len() == 4 * MAX_PAIRS {
            self.least = self.cut();
        }
    }

    /// Drops what is met least, and gives the first of it.
    fn cut(&mut self) -> Option<Pair> {
        if self.list.len() <= MAX_PAIRS {
            return None;
        }
        let (_, least, _) = self.list.select_nth_unstable(MAX_PAIRS);
        let least = *least;
        self.list.truncate(MAX_PAIRS);
        Some(least)
    }

    fn in_order(mut self) -> impl Iterator<Item = Choice> {
        self.cut();
        self.list.sort_unstable();
        self.list.into_iter().map(|(_, _, choice)| choice)
    }
}

/// Every alternative of one dimension that is not what was given.
fn singles<'s, T>(
    list: &'s [Alternative<T>],
    given: usize,
    choice: impl Fn(usize) -> Choice,
) -> impl Iterator<Item = Single<'s>> {
    list.iter().enumerate().skip(given).map(move |(index, alternative)| Single {
        choice: choice(index),
        faults: &alternative.faults,
        commonness: alternative.commonness,
        rank: rank(&alternative.faults),
    })
}

impl Single<'_> {
    /// How seldom people meet both.
    fn weight(&self, other: &Self, both: Choice) -> Weight {
        let (one, two) = (self.commonness as u8, other.commonness as u8);
        // A wrong key and a changed payload have causes of their own, and come together more often than others do.
        let apart = u8::from(both.draft != 0 || both.algorithm != 0);
        (one + two, apart, one.max(two), self.rank + other.rank)
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
