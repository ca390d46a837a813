//! Which alternatives are tried together, and in which order.

use super::alternative::{Alternative, Commonness};

/// Most pairs of faults that one search tries, so that a kibibyte takes no longer than a few milliseconds.
const MAX_PAIRS: usize = 600;

/// One alternative from each dimension but that of the digest's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Choice {
    pub(super) key: usize,
    pub(super) payload: usize,
    pub(super) draft: usize,
    pub(super) algorithm: usize,
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

/// All that can be chosen.
pub(super) struct Choices {
    /// How many keys are held, which are the first ones.
    held: usize,
    // In both, what is common comes first, so that what meets nothing rare ends where the rare begins.
    keys: Vec<Single>,
    others: Vec<Single>,
}

impl Choices {
    /// In each dimension, the first alternative is what was given; of the keys, as many are given as take no fault.
    pub(super) fn new<K, P, D, A>(
        keys: &[Alternative<K>],
        payloads: &[Alternative<P>],
        drafts: &[Alternative<D>],
        algorithms: &[Alternative<A>],
    ) -> Self {
        let held = keys.iter().take_while(|key| key.faults.is_empty()).count();
        let none = Choice::default();
        let mut keys: Vec<Single> = singles(keys, held, |key| Choice { key, ..none }).collect();
        let mut others: Vec<Single> = singles(payloads, 1, |payload| Choice { payload, ..none })
            .chain(singles(drafts, 1, |draft| Choice { draft, ..none }))
            .chain(singles(algorithms, 1, |algorithm| Choice { algorithm, ..none }))
            .collect();
        keys.sort_by_key(|single| single.commonness);
        others.sort_by_key(|single| single.commonness);
        Self { held, keys, others }
    }

    /// All that take so many faults, what people meet most first.
    pub(super) fn of_cost(&self, cost: usize) -> Vec<Choice> {
        let with_key = |choice: Choice| (0..self.held).map(move |key| Choice { key, ..choice });
        if cost == 0 {
            return with_key(Choice::default()).collect();
        }
        let of_keys = self.keys.iter().filter(|single| single.faults == cost);
        let mut alone: Vec<(u32, Choice)> = of_keys.map(|single| (single.rank, single.choice)).collect();
        let mut pairs = Pairs::default();
        for (index, single) in self.others.iter().enumerate() {
            if single.faults == cost {
                alone.extend(with_key(single.choice).map(|choice| (single.rank, choice)));
            }
            let meets = |other: &&Single| single.commonness.meets(other.commonness);
            let adds_up = |other: &&Single| single.faults + other.faults == cost;
            for other in self.others.iter().skip(index + 1).take_while(meets).filter(adds_up) {
                if let Some(both) = single.choice.join(other.choice) {
                    let weight = single.weight(other, both);
                    with_key(both).for_each(|choice| pairs.add(weight, choice));
                }
            }
            for key in self.keys.iter().take_while(meets).filter(adds_up) {
                let choice = Choice { key: key.choice.key, ..single.choice };
                pairs.add(single.weight(key, choice), choice);
            }
        }
        alone.sort_by_key(|(rank, _)| *rank);
        alone.into_iter().map(|(_, choice)| choice).chain(pairs.in_order()).collect()
    }
}

/// An alternative in one dimension, and nothing else.
struct Single {
    choice: Choice,
    /// How many.
    faults: usize,
    commonness: Commonness,
    rank: u32,
}

/// Every alternative of one dimension that is not what was given.
fn singles<T>(
    list: &[Alternative<T>],
    given: usize,
    choice: impl Fn(usize) -> Choice,
) -> impl Iterator<Item = Single> {
    list.iter().enumerate().skip(given).map(move |(index, alternative)| Single {
        choice: choice(index),
        faults: alternative.faults.len(),
        commonness: alternative.commonness,
        rank: alternative.faults.iter().map(|fault| fault.cause as u32).sum(),
    })
}

/// How seldom people meet a pair: what is least comes first.
type Weight = (u8, u8, u32);

impl Single {
    /// How seldom people meet both.
    fn weight(&self, other: &Self, both: Choice) -> Weight {
        let (one, two) = (self.commonness as u8, other.commonness as u8);
        // A wrong key and a changed payload have causes of their own, and come together more often than others do.
        let apart = u8::from(both.draft != 0 || both.algorithm != 0);
        (one + two + apart, one.max(two), self.rank + other.rank)
    }
}

/// A pair with its number among all of them, so that of those that weigh the same the first ones are tried.
type Pair = (Weight, usize, Choice);

/// The pairs that people meet most, of all that there are.
#[derive(Default)]
struct Pairs {
    /// Up to twice as many as are tried, until all are known.
    list: Vec<Pair>,
    added: usize,
    /// From here on, none is tried.
    least: Option<Pair>,
}

impl Pairs {
    fn add(&mut self, weight: Weight, choice: Choice) {
        let pair = (weight, self.added, choice);
        self.added += 1;
        if self.least.is_none_or(|least| pair < least) {
            self.list.push(pair);
        }
        if self.list.len() == 2 * MAX_PAIRS {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.list.len() > MAX_PAIRS {
            let (_, least, _) = self.list.select_nth_unstable(MAX_PAIRS);
            self.least = Some(*least);
            self.list.truncate(MAX_PAIRS);
        }
    }

    fn in_order(mut self) -> impl Iterator<Item = Choice> {
        self.cut();
        self.list.sort_unstable();
        self.list.into_iter().map(|(_, _, choice)| choice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_pairs_those_that_weigh_least_stay_in_order() {
        for many in [0, 1, MAX_PAIRS, MAX_PAIRS + 1, 4 * MAX_PAIRS, 20 * MAX_PAIRS] {
            let mut pairs = Pairs::default();
            let mut all: Vec<(Weight, usize)> = Vec::new();
            for number in 0..many {
                let weight = (0, 0, u32::try_from(number * 7919 % 1009).unwrap());
                pairs.add(weight, Choice { key: number, ..Choice::default() });
                all.push((weight, number));
            }
            all.sort_unstable();
            let first: Vec<usize> = all.into_iter().map(|(_, number)| number).take(MAX_PAIRS).collect();
            assert_eq!(pairs.in_order().map(|choice| choice.key).collect::<Vec<_>>(), first);
        }
    }
}
