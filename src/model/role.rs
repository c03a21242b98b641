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

/// One row of the list: role, level, scopes, need. The names stand apart: a build that names no role is without them.
type Row = (Role, Level, &'static [ScopeKind], Need);

const PROTOCOLS: Need = Need::AddOn(AddOn::Protocols);
const ENGAGE: Need = Need::AddOn(AddOn::Engage);

/// The brief's eight first, then the vendor's newer roles.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    (Role::WorkspaceOwner, Level::Workspace, WORKSPACE, Need::Nothing),
    (Role::WorkspaceMember, Level::Workspace, WORKSPACE, Need::Nothing),
    (Role::SourceAdmin, Level::Resource, SOURCES, Need::Nothing),
    (Role::SourceReadOnly, Level::Resource, SOURCES, Need::Nothing),
    (Role::TrackingPlanAdmin, Level::Resource, TRACKING_PLANS, PROTOCOLS),
    (Role::TrackingPlanReadOnly, Level::Resource, TRACKING_PLANS, PROTOCOLS),
    (Role::EngageAdmin, Level::Resource, SPACES, ENGAGE),
    (Role::EngageReadOnly, Level::Resource, SPACES, ENGAGE),
    (Role::MinimalWorkspaceAccess, Level::Workspace, WORKSPACE, Need::Nothing),
    (Role::EngageUser, Level::Resource, SPACES, ENGAGE),
    (Role::FunctionAdmin, Level::Resource, FUNCTIONS, Need::Nothing),
    (Role::FunctionReadOnly, Level::Resource, FUNCTIONS, Need::Nothing),
    (Role::WarehouseAdmin, Level::Resource, WAREHOUSES, Need::Business),
    (Role::WarehouseReadOnly, Level::Resource, WAREHOUSES, Need::Business),
    (Role::IdentityAdmin, Level::Workspace, WORKSPACE, Need::Business),
    (Role::EndUserPrivacyAdmin, Level::Workspace, WORKSPACE, Need::Business),
    (Role::EntitiesAdmin, Level::Workspace, WORKSPACE, Need::Business),
    (Role::EntitiesReadOnly, Level::Workspace, WORKSPACE, Need::Business),
    (Role::PiiAccess, Level::Modifier, PII, Need::Business),
];

/// Of each role how it is written, and its name for people.
#[rustfmt::skip]
const NAMES: &[(&str, &str)] = &[
    ("workspace_owner", "Workspace Owner"),
    ("workspace_member", "Workspace Member"),
    ("source_admin", "Source Admin"),
    ("source_read_only", "Source Read-only"),
    ("tracking_plan_admin", "Tracking Plan Admin"),
    ("tracking_plan_read_only", "Tracking Plan Read-only"),
    ("engage_admin", "Unify and Engage Admin"),
    ("engage_read_only", "Unify and Engage Read-only"),
    ("minimal_workspace_access", "Minimal Workspace Access"),
    ("engage_user", "Unify Read-only, Engage User"),
    ("function_admin", "Function Admin"),
    ("function_read_only", "Function Read-only"),
    ("warehouse_admin", "Warehouse Admin"),
    ("warehouse_read_only", "Warehouse Read-only"),
    ("identity_admin", "Identity Admin"),
    ("end_user_privacy_admin", "End User Privacy Admin"),
    ("entities_admin", "Entities Admin"),
    ("entities_read_only", "Entities Read-only"),
    ("pii_access", "PII Access"),
];

#[expect(clippy::indexing_slicing, reason = "evaluated when it is compiled")]
const fn listed() -> [Role; ROWS.len()] {
    let mut all = [Role::WorkspaceOwner; ROWS.len()];
    let mut nth = 0;
    while nth < ROWS.len() {
        all[nth] = ROWS[nth].0;
        nth += 1;
    }
    all
}

impl Role {
    /// All roles, in the order of the catalog.
    pub const ALL: &'static [Self] = &listed();

    /// See [`Self::ALL`].
    pub fn all() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied()
    }

    fn row(self) -> &'static Row {
        #[expect(clippy::indexing_slicing, reason = "a constant index of a constant list, checked when it is compiled")]
        const OWNER: &Row = &ROWS[0];
        ROWS.get(self as usize).unwrap_or(OWNER)
    }

    fn names(self) -> (&'static str, &'static str) {
        NAMES.get(self as usize).copied().unwrap_or_default()
    }

    /// The role as it is written in a grant.
    pub fn as_str(self) -> &'static str {
        self.names().0
    }

    /// The role's name for people.
    pub fn title(self) -> &'static str {
        self.names().1
    }

    /// Where it applies.
    pub fn level(self) -> Level {
        self.row().1
    }

    /// The kinds of scope that it takes.
    pub fn scopes(self) -> &'static [ScopeKind] {
        self.row().2
    }

    /// What the workspace must have for it.
    pub fn need(self) -> Need {
        self.row().3
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
        Self::all()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| GrantError::UnknownRole { role: text.chars().take(80).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_stands_at_its_role() {
        for (index, row) in ROWS.iter().enumerate() {
            assert_eq!(row.0 as usize, index, "{}", row.0);
            assert_eq!(row.0.as_str().parse::<Role>(), Ok(row.0));
        }
    }
}
