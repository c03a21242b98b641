//! Groups as JSON.

use serde::{Deserialize, Serialize};

use crate::model::{GrantExpr, Group, Name};

use super::grant::{GrantView, expressions};
use super::issue::Issues;

/// `{name, grants?}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// The name.
    pub name: String,
    /// The grants.
    #[serde(default)]
    pub grants: Vec<String>,
}

impl NewGroup {
    /// The name and the grants.
    ///
    /// # Errors
    /// With each thing that is wrong.
    pub fn parse(&self) -> Result<(Name, Vec<GrantExpr>), Issues> {
        let mut issues = Issues::default();
        let name = issues.take("/name", self.name.parse());
        let grants = expressions(&mut issues, "/grants", &self.grants);
        issues.finish(name.map(|name| (name, grants)))
    }
}

/// `{name}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GroupPatch {
    /// The name.
    pub name: String,
}

impl GroupPatch {
    /// The name.
    ///
    /// # Errors
    /// When it isn't one.
    pub fn parse(&self) -> Result<Name, Issues> {
        let mut issues = Issues::default();
        let name = issues.take("/name", self.name.parse());
        issues.finish(name)
    }
}

/// `{members: [account id or address]}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "GroupJoin"))]
#[serde(deny_unknown_fields)]
pub struct JoinBody {
    /// Who joins.
    pub members: Vec<String>,
}

/// A group in an answer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Group"))]
pub struct GroupView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it gives to everyone in it.
    pub grants: Vec<GrantView>,
    /// True when an identity provider manages who is in it.
    pub managed: bool,
    /// When it was made.
    pub created_at: String,
}

impl GroupView {
    /// Of a group with its grants.
    pub fn new(group: &Group, grants: Vec<GrantView>) -> Self {
        Self {
            id: group.id.to_string(),
            name: group.name.to_string(),
            grants,
            managed: group.is_managed,
            created_at: group.created_at.to_string(),
        }
    }
}

/// Somebody in a group.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "GroupMember"))]
pub struct JoinedView {
    /// The account's id; `null` for an invitee.
    pub id: Option<String>,
    /// The invite's id; `null` for a member.
    pub invite: Option<String>,
    /// The address.
    pub email: String,
    /// The name, where one is known.
    pub name: Option<String>,
}
