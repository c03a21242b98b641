//! A workspace as JSON, with all that decisions need: written by the API, read back where decisions are made without it.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::model::{AddOn, AddOns, Grant, GroupId, Labels, ResourceRef, Settings, Timestamp, Workspace};
use crate::policy::{GroupAccess, InviteAccess, MemberAccess, ResourceFacts, Seats, Snapshot};

/// A snapshot that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the snapshot can't be read: {0}")]
pub struct SnapshotError(String);

/// A snapshot.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    #[serde(default)]
    pub invites: Vec<InviteView>,
    /// The seats; `null` for who may not see them.
    #[serde(default)]
    pub seats: Option<SeatsView>,
}

/// What decisions need to know of the workspace itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "SnapshotLabel"))]
pub struct LabelView {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// A grant in short: whose it is and whether it sleeps follows from the rest.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
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

/// Reads a snapshot from its JSON. Members that this version doesn't know are left out.
///
/// # Errors
/// With the place of what can't be read.
pub fn parse(json: &[u8]) -> Result<Snapshot, SnapshotError> {
    let deserializer = &mut serde_json::Deserializer::from_slice(json);
    let view: SnapshotView =
        serde_path_to_error::deserialize(deserializer).map_err(|error| SnapshotError(error.to_string()))?;
    Snapshot::try_from(&view)
}

/// A text as a value, or the place of it.
fn read<T: FromStr>(text: &str, place: &str) -> Result<T, SnapshotError> {
    text.parse().map_err(|_| SnapshotError(format!("{place} can't be `{text}`")))
}

fn time(text: &str) -> Result<Timestamp, SnapshotError> {
    Timestamp::parse(text).ok_or_else(|| SnapshotError(format!("created_at can't be `{text}`")))
}

impl TryFrom<&SnapshotView> for Snapshot {
    type Error = SnapshotError;
    fn try_from(view: &SnapshotView) -> Result<Self, SnapshotError> {
        let mut snapshot = Self::new(workspace(&view.workspace, view.version)?);
        for ResourceView { resource, labels, parent } in &view.resources {
            let labels = Labels::new(labels.clone()).map_err(|error| SnapshotError(format!("{resource}: {error}")))?;
            let parent: Option<ResourceRef> = parent.as_deref().map(|text| read(text, "parent")).transpose()?;
            snapshot.resources.insert(read(resource, "resource")?, ResourceFacts { labels, parent });
        }
        for GroupView { id, name, grants: given } in &view.groups {
            let access = GroupAccess { name: read(name, "name")?, grants: grants(given)? };
            snapshot.groups.insert(read(id, "group")?, access);
        }
        for member in &view.members {
            snapshot.members.insert(read(&member.id, "member")?, access(member)?);
        }
        for InviteView { email, grants: offered, groups: joined } in &view.invites {
            let access = InviteAccess { grants: grants(offered)?, groups: groups(joined)? };
            snapshot.invites.insert(read(email, "email")?, access);
        }
        snapshot.labels.extend(view.labels.iter().map(|label| (label.key.clone(), label.value.clone())));
        if let Some(seats) = &view.seats {
            snapshot.seats = Seats { active: seats.active, pending: seats.pending };
        }
        Ok(snapshot)
    }
}

fn access(member: &MemberView) -> Result<MemberAccess, SnapshotError> {
    Ok(MemberAccess {
        email: read(&member.email, "email")?,
        name: read(&member.name, "name")?,
        grants: grants(&member.grants)?,
        groups: groups(&member.groups)?,
    })
}

fn groups(ids: &[String]) -> Result<Vec<GroupId>, SnapshotError> {
    ids.iter().map(|id| read(id, "group")).collect()
}

fn grants(views: &[GrantView]) -> Result<Vec<Grant>, SnapshotError> {
    let grant = |view: &GrantView| {
        Ok(Grant {
            id: read(&view.id, "grant")?,
            expr: read(&view.expression, "expression")?,
            created_at: time(&view.created_at)?,
            created_by: view.created_by.clone(),
        })
    };
    views.iter().map(grant).collect()
}

fn workspace(facts: &WorkspaceFacts, version: i64) -> Result<Workspace, SnapshotError> {
    let add_ons: Vec<AddOn> = facts.add_ons.iter().map(|text| read(text, "add_ons")).collect::<Result<_, _>>()?;
    let provisioned = facts.settings.provisioned_grants.iter().map(|text| read(text, "provisioned_grants"));
    Ok(Workspace {
        id: read(&facts.id, "id")?,
        slug: read(&facts.slug, "slug")?,
        name: read(&facts.name, "name")?,
        plan: read(&facts.plan, "plan")?,
        add_ons: AddOns::of(add_ons),
        seat_limit: facts.seat_limit,
        settings: Settings {
            invite_ttl_hours: facts.settings.invite_ttl_hours,
            provisioned_grants: provisioned.collect::<Result<_, _>>()?,
            require_sso: facts.settings.require_sso,
            stale_after_days: facts.settings.stale_after_days,
            // No decision asks for it.
            invite_reminder_hours: None,
        },
        version,
        created_at: time(&facts.created_at)?,
    })
}
