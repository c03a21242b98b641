//! Members as JSON.

use serde::{Deserialize, Serialize};

use crate::model::{Grant, GroupId, Member, Name, Role, Via, Workspace};

use super::grant::{GrantView, GroupView};
use super::issue::Issues;

/// A member in an answer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Member"))]
pub struct MemberView {
    /// The account's id.
    pub id: String,
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// Each grant, own ones first.
    pub grants: Vec<GrantView>,
    /// The groups.
    pub groups: Vec<GroupView>,
    /// True for an owner, direct or through a group.
    pub is_owner: bool,
    /// How they came.
    pub provisioned_by: &'static str,
    /// When they came.
    pub joined_at: String,
    /// When they were last seen here.
    pub last_active_at: Option<String>,
    /// Whether they may sign in otherwise where the workspace requires SSO.
    pub sso_exempt: bool,
}

impl MemberView {
    /// Of a member with what they hold.
    pub fn new(member: &Member, grants: &[(Grant, Via)], groups: &[(GroupId, Name)], workspace: &Workspace) -> Self {
        Self {
            id: member.id.to_string(),
            email: member.email.to_string(),
            name: member.name.to_string(),
            grants: grants.iter().map(|(grant, via)| GrantView::new(grant, via, workspace)).collect(),
            groups: groups.iter().map(|(id, name)| GroupView::new(id, name)).collect(),
            is_owner: grants.iter().any(|(grant, _)| grant.expr.role() == Role::WorkspaceOwner),
            provisioned_by: member.provisioned_by.as_str(),
            joined_at: member.joined_at.to_string(),
            last_active_at: member.last_active_at.map(|at| at.to_string()),
            sso_exempt: member.is_sso_exempt,
        }
    }
}

/// What was changed of a member, for the record.
#[derive(Debug, Serialize)]
pub struct UpdatedView<'a> {
    /// The name.
    pub name: &'a str,
    /// Whether they may sign in otherwise where the workspace requires SSO.
    pub sso_exempt: bool,
}

/// What can be changed of a member beside their grants.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MemberPatch {
    /// The name in this workspace.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether they may sign in otherwise where the workspace requires SSO.
    #[serde(default)]
    pub sso_exempt: Option<bool>,
}

impl MemberPatch {
    /// The new name, where there is one.
    ///
    /// # Errors
    /// When it isn't one, or nothing is to be changed.
    pub fn parse(&self) -> Result<Option<Name>, Issues> {
        let mut issues = Issues::default();
        if self.name.is_none() && self.sso_exempt.is_none() {
            issues.add("/name", "required", "say what to change: `name` or `sso_exempt`");
        }
        let name = self.name.as_ref().and_then(|name| issues.take("/name", name.parse()));
        issues.finish(Some(name))
    }
}
