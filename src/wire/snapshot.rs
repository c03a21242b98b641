//! A workspace as JSON, with all that decisions need: written by the API, read back by `loaded` where decisions are made
//! without it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Grant, Settings, Workspace};

/// A snapshot.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Snapshot"))]
pub struct SnapshotView {
    /// The version of the workspace that all of this was read at.
    pub version: i64,
    /// The workspace.
    pub workspace: WorkspaceFacts,
    /// The registry.
    pub resources: Vec<ResourceView>,
    /// The labels that the workspace knows.
    pub labels: Vec<LabelView>,
    /// The groups.
    pub groups: Vec<GroupView>,
    /// The members.
    pub members: Vec<MemberView>,
    /// The invites that are pending.
    pub invites: Vec<InviteView>,
    /// The seats; `null` for who may not see them.
    pub seats: Option<SeatsView>,
}

/// What decisions need to know of the workspace itself.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "SnapshotWorkspace"))]
pub struct WorkspaceFacts {
    /// Its id.
    pub id: String,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its plan.
    pub plan: String,
    /// Its add-ons.
    pub add_ons: Vec<String>,
    /// Its seats; `null` for no limit.
    pub seat_limit: Option<i64>,
    /// Its settings.
    pub settings: SettingsFacts,
    /// When it was made.
    pub created_at: String,
}

/// The settings.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "SnapshotSettings"))]
pub struct SettingsFacts {
    /// Hours that an invite lives.
    pub invite_ttl_hours: i64,
    /// Grants of people who come by SSO, SCIM or domain.
    pub provisioned_grants: Vec<String>,
    /// Refuses sessions that didn't come by SSO.
    pub require_sso: bool,
    /// Days without activity after which a seat counts as inactive.
    pub stale_after_days: i64,
}

/// A resource.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "SnapshotResource"))]
pub struct ResourceView {
    /// Its name in the registry.
    pub resource: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The source that it belongs to.
    pub parent: Option<String>,
}

/// A label.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "SnapshotLabel"))]
pub struct LabelView {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// A grant in short: whose it is and whether it sleeps follows from the rest.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "SnapshotGrant"))]
pub struct GrantView {
    /// Its id.
    pub id: String,
    /// Its role and scope.
    pub expression: String,
    /// When it was given.
    pub created_at: String,
    /// Who gave it.
    pub created_by: String,
}

/// A group.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "SnapshotGroup"))]
pub struct GroupView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it gives.
    pub grants: Vec<GrantView>,
}

/// A member.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "SnapshotMember"))]
pub struct MemberView {
    /// The account's id.
    pub id: String,
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// Their own grants.
    pub grants: Vec<GrantView>,
    /// The ids of their groups.
    pub groups: Vec<String>,
}

/// A pending invite.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "SnapshotInvite"))]
pub struct InviteView {
    /// The address.
    pub email: String,
    /// What it offers.
    pub grants: Vec<GrantView>,
    /// The ids of the groups that it offers.
    pub groups: Vec<String>,
}

/// The seats.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "SnapshotSeats"))]
pub struct SeatsView {
    /// Taken by members.
    pub active: i64,
    /// Reserved by pending invites.
    pub pending: i64,
    /// How many there are; `null` for no limit.
    pub limit: Option<i64>,
}

impl From<&Grant> for GrantView {
    fn from(grant: &Grant) -> Self {
        Self {
            id: grant.id.to_string(),
            expression: grant.expr.to_string(),
            created_at: grant.created_at.to_string(),
            created_by: grant.created_by.clone(),
        }
    }
}

impl From<&Workspace> for WorkspaceFacts {
    fn from(workspace: &Workspace) -> Self {
        let Settings { invite_ttl_hours, provisioned_grants, require_sso, stale_after_days, .. } = &workspace.settings;
        Self {
            id: workspace.id.to_string(),
            slug: workspace.slug.to_string(),
            name: workspace.name.to_string(),
            plan: workspace.plan.as_str().to_owned(),
            add_ons: workspace.add_ons.iter().map(|add_on| add_on.as_str().to_owned()).collect(),
            seat_limit: workspace.seat_limit,
            settings: SettingsFacts {
                invite_ttl_hours: *invite_ttl_hours,
                provisioned_grants: provisioned_grants.iter().map(ToString::to_string).collect(),
                require_sso: *require_sso,
                stale_after_days: *stale_after_days,
            },
            created_at: workspace.created_at.to_string(),
        }
    }
}
