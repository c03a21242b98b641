//! Groups: sets of members and invitees that hold grants together.

use super::{GroupId, Name, Timestamp};

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name, unique in the workspace.
    pub name: Name,
    /// True when an identity provider manages who is in it.
    pub is_managed: bool,
    /// When it was made.
    pub created_at: Timestamp,
}
