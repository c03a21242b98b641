//! The delivery of a mail: tried until it is sent, with longer and longer pauses, and given up in the end.

use super::Timestamp;

/// How often a mail is tried: with these pauses for about a week, the time that an invite lives if nothing else is set.
pub const MOST_TRIES: i64 = 36;
/// In minutes.
const LONGEST_PAUSE: i64 = 6 * 60;

/// Where the delivery of a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// Waiting for its first or next try.
    Queued,
    /// Taken by the provider.
    Sent,
    /// Given up, refused, or over before it was sent.
    Failed,
}

impl DeliveryStatus {
    /// The status as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }
}

/// How far the delivery of a mail has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Where it stands.
    pub status: DeliveryStatus,
    /// How often it was tried.
    pub tries: i64,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it came to stand there.
    pub at: Timestamp,
}

/// When a mail that failed for the `tries`-th time is tried again: after a minute, then after twice as long each time, six
/// hours at most; `None` when it is given up.
pub fn next_try(tries: i64, now: Timestamp) -> Option<Timestamp> {
    let doublings = u32::try_from(tries.saturating_sub(1)).unwrap_or(0).min(16);
    let pause = 1_i64.saturating_mul(1 << doublings).min(LONGEST_PAUSE);
    (tries < MOST_TRIES).then(|| now.plus_minutes(pause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_from_a_minute_to_six_hours_and_end_after_a_week() {
        let pause = |tries| next_try(tries, Timestamp::from_ms(0)).map(|at| at.as_ms() / 60_000);
        let pauses: Vec<_> = (1..=35).filter_map(pause).collect();
        assert_eq!(pauses.first_chunk(), Some(&[1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]));
        assert_eq!((pauses.iter().sum::<i64>() + 720) / 1_440, 7, "days");
        assert_eq!((pause(36), pause(99)), (None, None));
    }
}
