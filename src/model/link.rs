//! Sign-in links: they prove that somebody reads the mail of an address.

use thiserror::Error;

use super::{Email, LinkId, Timestamp};

/// How long a link works, in minutes.
pub const LINK_MINUTES: i64 = 15;
/// How many links an address gets an hour.
pub const LINKS_AN_HOUR: i64 = 5;

/// A link that signs a person in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// The address that it was mailed to.
    pub email: Email,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// Why a link signs nobody in.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LinkError {
    /// It was opened before.
    #[error("the link was used; ask for a new one")]
    Used,
    /// Its time is over.
    #[error("the link expired at {at}; ask for a new one")]
    Expired {
        /// When it stopped working.
        at: Timestamp,
    },
}

impl Link {
    /// Checks that the link still signs in.
    ///
    /// # Errors
    /// When it was used or its time is over.
    pub fn check_open(&self, now: Timestamp) -> Result<(), LinkError> {
        match self.used_at {
            Some(_) => Err(LinkError::Used),
            None if self.expires_at <= now => Err(LinkError::Expired { at: self.expires_at }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_works_until_its_end_and_once() {
        let at = Timestamp::from_ms(1_000);
        let id = LinkId::new(at, [0; 10]);
        let link = Link { id, email: "ann@example.com".parse().unwrap(), expires_at: at, used_at: None };
        assert_eq!(link.check_open(Timestamp::from_ms(999)), Ok(()));
        assert_eq!(link.check_open(at), Err(LinkError::Expired { at }));
        let used = Link { used_at: Some(at), ..link };
        assert_eq!(used.check_open(Timestamp::from_ms(999)), Err(LinkError::Used));
    }
}
