//! The fixed list of roles: their level, the scopes they take and the plan they need. What each allows is in
//! [`crate::policy::catalog`].

use std::fmt;
use std::str::FromStr;

use super::{AddOn, AddOns, GrantError, Plan, ResourceKind, Workspace};

/// A predefined role. There are no custom ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "names and meanings stand in the tables below and in the catalog")]
pub enum Role {
    WorkspaceOwner,
    WorkspaceMember,
    SourceAdmin,
    SourceReadOnly,
    TrackingPlanAdmin,
    TrackingPlanReadOnly,
    EngageAdmin,
    EngageReadOnly,
    MinimalWorkspaceAccess,
    EngageUser,
    FunctionAdmin,
    FunctionReadOnly,
    WarehouseAdmin,
    WarehouseReadOnly,
    IdentityAdmin,
    EndUserPrivacyAdmin,
    EntitiesAdmin,
    EntitiesReadOnly,
    PiiAccess,
}

/// Where a role applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// To the workspace. Each member keeps at least one role of this level.
    Workspace,
    /// To resources.
    Resource,
    /// To what other grants already reach.
    Modifier,
}

/// A kind of scope that a role may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    /// The whole workspace.
    Workspace,
    /// One resource of this kind.
    Resource(ResourceKind),
    /// All sources or spaces with these labels.
    Labels,
}

impl ScopeKind {
    /// The kind as the catalog writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Resource(kind) => kind.as_str(),
            Self::Labels => "labels",
        }
    }
}

/// What a workspace must have for a role or a scope to be granted and to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Any plan.
    Nothing,
    /// The Business plan.
    Business,
    /// An add-on.
    AddOn(AddOn),
}

impl Need {
    /// The need as the catalog writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "all",
            Self::Business => "business",
            Self::AddOn(add_on) => add_on.as_str(),
        }
    }

    /// The need in words, after "needs".
    pub fn in_words(self) -> String {
        match self {
            Self::Nothing => "another plan".to_owned(),
            Self::Business => "the Business plan".to_owned(),
            Self::AddOn(add_on) => ["the add-on ", add_on.as_str()].concat(),
        }
    }

    /// True when the workspace has it.
    pub fn is_met(self, workspace: &Workspace) -> bool {
        self.comes_with(workspace.plan, workspace.add_ons)
    }

    /// True when a plan with these add-ons has it.
    pub fn comes_with(self, plan: Plan, add_ons: AddOns) -> bool {
        match self {
            Self::Nothing => true,
            Self::Business => plan == Plan::Business,
            Self::AddOn(add_on) => add_ons.contains(add_on),
        }
    }
}

const WORKSPACE: &[ScopeKind] = &[ScopeKind::Workspace];
const SOURCES: &[ScopeKind] = &[
    ScopeKind::Workspace,
    ScopeKind::Resource(ResourceKind::Source),
    ScopeKind::Resource(ResourceKind::Destination),
    ScopeKind::Labels,
];
const TRACKING_PLANS: &[ScopeKind] = &[ScopeKind::Workspace, ScopeKind::Resource(ResourceKind::TrackingPlan)];
const SPACES: &[ScopeKind] = &[ScopeKind::Workspace, ScopeKind::Resource(ResourceKind::Space), ScopeKind::Labels];
const FUNCTIONS: &[ScopeKind] = &[ScopeKind::Workspace, ScopeKind::Resource(ResourceKind::Function)];
const WAREHOUSES: &[ScopeKind] = &[ScopeKind::Workspace, ScopeKind::Resource(ResourceKind::Warehouse)];
const PII: &[ScopeKind] = &[
    ScopeKind::Workspace,
    ScopeKind::Resource(ResourceKind::Source),
    ScopeKind::Resource(ResourceKind::Space),
    ScopeKind::Labels,
];

/// One row of the list: role, text, name for people, level, scopes, need.
type Row = (Role, &'static str, &'static str, Level, &'static [ScopeKind], Need);

const PROTOCOLS: Need = Need::AddOn(AddOn::Protocols);
const ENGAGE: Need = Need::AddOn(AddOn::Engage);

/// The brief's eight first, then the vendor's newer roles.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    (Role::WorkspaceOwner, "workspace_owner", "Workspace Owner", Level::Workspace, WORKSPACE, Need::Nothing),
    (Role::WorkspaceMember, "workspace_member", "Workspace Member", Level::Workspace, WORKSPACE, Need::Nothing),
    (Role::SourceAdmin, "source_admin", "Source Admin", Level::Resource, SOURCES, Need::Nothing),
    (Role::SourceReadOnly, "source_read_only", "Source Read-only", Level::Resource, SOURCES, Need::Nothing),
    (Role::TrackingPlanAdmin, "tracking_plan_admin", "Tracking Plan Admin", Level::Resource, TRACKING_PLANS, PROTOCOLS),
    (Role::TrackingPlanReadOnly, "tracking_plan_read_only", "Tracking Plan Read-only", Level::Resource, TRACKING_PLANS, PROTOCOLS),
    (Role::EngageAdmin, "engage_admin", "Unify and Engage Admin", Level::Resource, SPACES, ENGAGE),
    (Role::EngageReadOnly, "engage_read_only", "Unify and Engage Read-only", Level::Resource, SPACES, ENGAGE),
    (Role::MinimalWorkspaceAccess, "minimal_workspace_access", "Minimal Workspace Access", Level::Workspace, WORKSPACE, Need::Nothing),
    (Role::EngageUser, "engage_user", "Unify Read-only, Engage User", Level::Resource, SPACES, ENGAGE),
    (Role::FunctionAdmin, "function_admin", "Function Admin", Level::Resource, FUNCTIONS, Need::Nothing),
    (Role::FunctionReadOnly, "function_read_only", "Function Read-only", Level::Resource, FUNCTIONS, Need::Nothing),
    (Role::WarehouseAdmin, "warehouse_admin", "Warehouse Admin", Level::Resource, WAREHOUSES, Need::Business),
    (Role::WarehouseReadOnly, "warehouse_read_only", "Warehouse Read-only", Level::Resource, WAREHOUSES, Need::Business),
    (Role::IdentityAdmin, "identity_admin", "Identity Admin", Level::Workspace, WORKSPACE, Need::Business),
    (Role::EndUserPrivacyAdmin, "end_user_privacy_admin", "End User Privacy Admin", Level::Workspace, WORKSPACE, Need::Business),
    (Role::EntitiesAdmin, "entities_admin", "Entities Admin", Level::Workspace, WORKSPACE, Need::Business),
    (Role::EntitiesReadOnly, "entities_read_only", "Entities Read-only", Level::Workspace, WORKSPACE, Need::Business),
    (Role::PiiAccess, "pii_access", "PII Access", Level::Modifier, PII, Need::Business),
];

impl Role {
    /// All roles, in the order of the catalog.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.0)
    }

    fn row(self) -> &'static Row {
        #[expect(clippy::indexing_slicing, reason = "a constant index of a constant list, checked when it is compiled")]
        const OWNER: &Row = &ROWS[0];
        ROWS.get(self as usize).unwrap_or(OWNER)
    }

    /// The role as it is written in a grant.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// The role's name for people.
    pub fn title(self) -> &'static str {
        self.row().2
    }

    /// Where it applies.
    pub fn level(self) -> Level {
        self.row().3
    }

    /// The kinds of scope that it takes.
    pub fn scopes(self) -> &'static [ScopeKind] {
        self.row().4
    }

    /// What the workspace must have for it.
    pub fn need(self) -> Need {
        self.row().5
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = GrantError;
    fn from_str(text: &str) -> Result<Self, GrantError> {
        let found = ROWS.iter().find(|row| row.1 == text);
        found.map(|row| row.0).ok_or_else(|| GrantError::UnknownRole { role: text.chars().take(80).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_stands_at_its_role() {
        for (index, row) in ROWS.iter().enumerate() {
            assert_eq!(row.0 as usize, index, "{}", row.1);
            assert_eq!(row.1.parse::<Role>(), Ok(row.0));
        }
    }
}
