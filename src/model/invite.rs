//! Invites: an offer of membership to an address, as a state machine that takes `now`.

use std::str::FromStr;

use thiserror::Error;

use super::{AccountId, Email, InviteId, Name, Timestamp};

/// Where an invite stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteStatus {
    /// Waiting to be accepted; holds a seat.
    Pending,
    /// Became a membership.
    Accepted,
    /// Taken back.
    Canceled,
    /// Its time is over; can be sent again.
    Expired,
    /// The person came in another way and kept what it offered.
    Superseded,
}

impl InviteStatus {
    const ALL: [Self; 5] = [Self::Pending, Self::Accepted, Self::Canceled, Self::Expired, Self::Superseded];

    /// The status as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Canceled => "canceled",
            Self::Expired => "expired",
            Self::Superseded => "superseded",
        }
    }
}

impl FromStr for InviteStatus {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(())
    }
}

/// An invite. What it offers are the grants and groups that its id holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Its id.
    pub id: InviteId,
    /// The address that it is bound to.
    pub email: Email,
    /// The invitee's name, where the inviter gave one.
    pub name: Option<Name>,
    /// The status as stored; [`Invite::status`] is the one that counts.
    pub stored: InviteStatus,
    /// Who invites: an account or a token.
    pub invited_by: String,
    /// When it was first made.
    pub created_at: Timestamp,
    /// When its last link was sent.
    pub sent_at: Timestamp,
    /// How many links were sent; the last one alone works.
    pub sent_count: i64,
    /// When its last link stops working.
    pub expires_at: Timestamp,
    /// Rises with each change of the offer or the link.
    pub revision: i64,
    /// The member that it became.
    pub accepted_by: Option<AccountId>,
    /// When the offer was first looked at.
    pub opened_at: Option<Timestamp>,
    /// When the invitee was reminded of the last sending.
    pub reminded_at: Option<Timestamp>,
}

/// Why an invite can't be accepted, sent again, changed or canceled.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AcceptError {
    /// Its time was over.
    #[error("the invite expired at {at}; ask for it to be sent again")]
    Expired {
        /// When it expired.
        at: Timestamp,
    },
    /// It was taken back.
    #[error("the invite was canceled; ask for a new one")]
    Canceled,
    /// It became a membership already.
    #[error("the invite was used; sign in instead")]
    Used,
}

impl Invite {
    /// Where the invite stands at `now`: time expires it, not a job.
    pub fn status(&self, now: Timestamp) -> InviteStatus {
        match self.stored {
            InviteStatus::Pending if self.expires_at <= now => InviteStatus::Expired,
            stored => stored,
        }
    }

    /// Checks that the invite can be accepted.
    ///
    /// # Errors
    /// When it is expired, canceled or used.
    pub fn check_acceptable(&self, now: Timestamp) -> Result<(), AcceptError> {
        match self.status(now) {
            InviteStatus::Pending => Ok(()),
            InviteStatus::Expired => Err(AcceptError::Expired { at: self.expires_at }),
            InviteStatus::Canceled => Err(AcceptError::Canceled),
            InviteStatus::Accepted | InviteStatus::Superseded => Err(AcceptError::Used),
        }
    }

    /// Checks that the invite can still be changed, sent again or canceled: while pending or expired.
    ///
    /// # Errors
    /// When it is canceled or used.
    pub fn check_open(&self, now: Timestamp) -> Result<(), AcceptError> {
        match self.check_acceptable(now) {
            Err(AcceptError::Expired { .. }) => Ok(()),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invite(stored: InviteStatus) -> Invite {
        let at = Timestamp::from_ms(1_000);
        Invite {
            id: InviteId::new(at, [0; 10]),
            email: "ann@example.com".parse().unwrap(),
            name: None,
            stored,
            invited_by: String::new(),
            created_at: at,
            sent_at: at,
            sent_count: 1,
            expires_at: Timestamp::from_ms(2_000),
            revision: 1,
            accepted_by: None,
            opened_at: None,
            reminded_at: None,
        }
    }

    #[test]
    fn an_invite_expires_at_its_hour_and_not_before() {
        let pending = invite(InviteStatus::Pending);
        assert_eq!(pending.check_acceptable(Timestamp::from_ms(1_999)), Ok(()));
        let expired = AcceptError::Expired { at: pending.expires_at };
        assert_eq!(pending.check_acceptable(Timestamp::from_ms(2_000)), Err(expired));
        assert_eq!(pending.check_open(Timestamp::from_ms(2_000)), Ok(()));
    }

    #[test]
    fn a_closed_invite_stays_closed() {
        let before = Timestamp::from_ms(1_500);
        for (stored, error) in [
            (InviteStatus::Accepted, AcceptError::Used),
            (InviteStatus::Superseded, AcceptError::Used),
            (InviteStatus::Canceled, AcceptError::Canceled),
        ] {
            assert_eq!(invite(stored).check_acceptable(before), Err(error.clone()));
            assert_eq!(invite(stored).check_open(before), Err(error));
        }
    }
}
