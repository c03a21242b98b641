//! Stale access: what somebody could do and nobody does.

use std::str::FromStr;

/// What has access that may be stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StaleKind {
    /// A member who wasn't seen.
    Member,
    /// A token that wasn't used.
    Token,
    /// A pending invite that nobody looked at.
    Invite,
}

impl StaleKind {
    /// All kinds, in the order of the report.
    pub const ALL: [Self; 3] = [Self::Member, Self::Token, Self::Invite];

    /// The kind as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Token => "token",
            Self::Invite => "invite",
        }
    }

    /// Why something of this kind is stale: it was used once, or never.
    pub const fn reason(self, was_used: bool) -> &'static str {
        match (self, was_used) {
            (Self::Member, true) => "inactive",
            (Self::Member, false) => "never_active",
            (Self::Token, true) => "unused",
            (Self::Token, false) => "never_used",
            (Self::Invite, _) => "never_opened",
        }
    }
}

impl FromStr for StaleKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}
