//! The clock: the one place that reads it.

use crate::model::Timestamp;

/// This moment. The platform's clock stands still between two waits.
#[expect(clippy::disallowed_methods, reason = "the clock is read here alone")]
pub(super) fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch fit in 53 bits")]
    Timestamp::from_ms(js_sys::Date::now() as i64)
}
