//! What might have been in place of what was given, and which faults that would take.

use core::hash::{BuildHasher as _, Hash};
use core::ops::Deref;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::fault::Fault;

/// Most faults at once that are looked for.
pub const MAX_FAULTS: usize = 2;

/// How often people meet something. Two rare things at once are not looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Commonness {
    /// Looked for together with everything else.
    Everyday = 1,
    /// Looked for together with what is not rare.
    Common = 2,
    /// Looked for alone, and with what happens every day.
    Rare = 3,
}

impl Commonness {
    /// Whether two such things are looked for at once.
    pub(super) const fn meets(self, other: Self) -> bool {
        self as u8 + other as u8 <= 4
    }
}

/// Something in place of what was given.
#[derive(Clone, Debug)]
pub(super) struct Alternative<T> {
    pub(super) value: T,
    pub(super) faults: Vec<Fault>,
    pub(super) commonness: Commonness,
}

impl<T> Alternative<T> {
    /// What was given.
    pub(super) const fn given(value: T) -> Self {
        Self { value, faults: Vec::new(), commonness: Commonness::Everyday }
    }
}

/// The alternatives of one dimension while they are collected: no value is there twice.
#[derive(Debug)]
pub(super) struct Alternatives<T> {
    list: Vec<Alternative<T>>,
    /// Where a value with this hash stands: hundreds of long texts would take longer to compare than to try.
    places: FxHashMap<u64, usize>,
}

impl<T: Hash> Alternatives<T> {
    /// With what was given as the first.
    pub(super) fn of(given: T) -> Self {
        let places = core::iter::once((FxBuildHasher.hash_one(&given), 0)).collect();
        Self { list: vec![Alternative::given(given)], places }
    }

    pub(super) fn into_list(self) -> Vec<Alternative<T>> {
        self.list
    }
}

impl<T> Deref for Alternatives<T> {
    type Target = [Alternative<T>];

    fn deref(&self) -> &Self::Target {
        &self.list
    }
}

/// Adds an alternative that is common. See [`add_as`].
pub(super) fn add<T: Hash + PartialEq>(list: &mut Alternatives<T>, value: T, faults: Vec<Fault>) {
    add_as(Commonness::Common, list, value, faults);
}

/// Adds an alternative. Of two explanations for the same value, the one with fewer faults stays, or else the first.
pub(super) fn add_as<T: Hash + PartialEq>(
    commonness: Commonness,
    Alternatives { list, places }: &mut Alternatives<T>,
    value: T,
    faults: Vec<Fault>,
) {
    let place = *places.entry(FxBuildHasher.hash_one(&value)).or_insert(list.len());
    match list.get_mut(place) {
        Some(other) if other.value == value => {
            if faults.len() < other.faults.len() {
                (other.faults, other.commonness) = (faults, commonness);
            }
        }
        // At its place stands another value with the same hash, if any. Coming twice would do no harm.
        _ => list.push(Alternative { value, faults, commonness }),
    }
}
