//! Workspaces: the tenant, its plan, its add-ons and its settings.

use std::str::FromStr;

use super::{GrantExpr, Name, Role, Slug, Timestamp, WorkspaceId};

/// What a workspace pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plan {
    /// Free.
    Free,
    /// Team.
    Team,
    /// Business: labels as scopes, SSO, SCIM and the roles that need it.
    Business,
}

impl Plan {
    /// The plan as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Team => "team",
            Self::Business => "business",
        }
    }
}

impl FromStr for Plan {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Free, Self::Team, Self::Business].into_iter().find(|plan| plan.as_str() == text).ok_or(())
    }
}

/// Something bought beside the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddOn {
    /// Tracking plans and their roles.
    Protocols,
    /// Spaces and their roles.
    Engage,
}

impl AddOn {
    /// The add-on as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Protocols => "protocols",
            Self::Engage => "engage",
        }
    }
}

impl FromStr for AddOn {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Protocols, Self::Engage].into_iter().find(|add_on| add_on.as_str() == text).ok_or(())
    }
}

/// The add-ons of a workspace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AddOns {
    /// Has Protocols.
    pub protocols: bool,
    /// Has Engage.
    pub engage: bool,
}

impl AddOns {
    /// These add-ons.
    pub fn of(add_ons: impl IntoIterator<Item = AddOn>) -> Self {
        let mut set = Self::default();
        for add_on in add_ons {
            match add_on {
                AddOn::Protocols => set.protocols = true,
                AddOn::Engage => set.engage = true,
            }
        }
        set
    }

    /// True when the add-on is there.
    pub const fn contains(self, add_on: AddOn) -> bool {
        match add_on {
            AddOn::Protocols => self.protocols,
            AddOn::Engage => self.engage,
        }
    }

    /// The add-ons that are there.
    pub fn iter(self) -> impl Iterator<Item = AddOn> {
        [AddOn::Protocols, AddOn::Engage].into_iter().filter(move |add_on| self.contains(*add_on))
    }
}

/// What an owner can set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How long an invite lives, in hours: 1 to 720.
    pub invite_ttl_hours: i64,
    /// What a person gets who came by SSO, SCIM or domain without a mapping.
    pub provisioned_grants: Vec<GrantExpr>,
    /// Refuses sessions of non-owners that didn't come by SSO.
    pub require_sso: bool,
    /// After how many days without activity a seat counts as inactive.
    pub stale_after_days: i64,
    /// How many hours before it expires an invitee is reminded of an invite, 1 to 720; `None` for no reminder.
    pub invite_reminder_hours: Option<i64>,
}

impl Default for Settings {
    fn default() -> Self {
        let provisioned_grants = vec![GrantExpr::workspace(Role::SourceReadOnly)];
        Self {
            invite_ttl_hours: 168,
            provisioned_grants,
            require_sso: false,
            stale_after_days: 90,
            invite_reminder_hours: None,
        }
    }
}

/// A workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name in addresses, unique.
    pub slug: Slug,
    /// Its name for people.
    pub name: Name,
    /// Its plan.
    pub plan: Plan,
    /// Its add-ons.
    pub add_ons: AddOns,
    /// How many members and pending invites fit; `None` for no limit.
    pub seat_limit: Option<i64>,
    /// What an owner can set.
    pub settings: Settings,
    /// Rises with each access change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}
