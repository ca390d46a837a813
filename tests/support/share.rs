//! How much is done of what takes long: all of it, or one case in `HW_SIGNATURE_ONE_IN`, which the environment sets where a
//! processor is emulated.

use std::num::NonZeroUsize;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

static ONE_IN: LazyLock<usize> = LazyLock::new(|| {
    std::env::var("HW_SIGNATURE_ONE_IN").map_or(1, |text| text.parse::<NonZeroUsize>().unwrap().get())
});

/// So many of so many cases.
pub fn share(cases: usize) -> usize {
    cases.div_ceil(*ONE_IN)
}

/// Whether it is the turn of this case, in a loop over all.
pub fn is_its_turn() -> bool {
    static CASE: AtomicUsize = AtomicUsize::new(0);
    CASE.fetch_add(1, Ordering::Relaxed).is_multiple_of(*ONE_IN)
}
