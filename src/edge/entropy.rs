//! The clock and the random bytes: the one place that reads them.

use crate::host::Entropy;
use crate::model::Timestamp;

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

/// The moment of the request.
#[expect(clippy::disallowed_methods, reason = "the clock is read here, once a request")]
pub(super) fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch fit in 53 bits")]
    Timestamp::from_ms(js_sys::Date::now() as i64)
}
