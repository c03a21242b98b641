//! The random bytes: the one place that reads them.

use crate::host::Entropy;

/// The platform's generator.
pub(super) struct Random;

impl Entropy for Random {
    fn fill(&self, bytes: &mut [u8]) {
        // The only failure is a platform without a generator, where no Worker runs: stop rather than hand out zeros.
        if getrandom::fill(bytes).is_err() {
            std::process::abort();
        }
    }
}
