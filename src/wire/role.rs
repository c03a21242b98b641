//! The catalog as JSON.

use serde::Serialize;

use crate::model::{Level, Role};
use crate::policy::catalog;

/// A role of the catalog.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "CatalogRole"))]
pub struct RoleView {
    /// The role as it is written in a grant.
    pub role: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// `workspace`, `resource` or `modifier`.
    pub level: &'static str,
    /// The kinds of scope that it takes.
    pub scopes: Vec<&'static str>,
    /// What the workspace must have: `all`, `business`, `protocols` or `engage`. Labels as a scope need `business`.
    pub plan: &'static str,
    /// What it allows within its scope.
    pub actions: Vec<&'static str>,
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        let level = match role.level() {
            Level::Workspace => "workspace",
            Level::Resource => "resource",
            Level::Modifier => "modifier",
        };
        Self {
            role: role.as_str(),
            name: role.title(),
            level,
            scopes: role.scopes().iter().map(|scope| scope.as_str()).collect(),
            plan: role.need().as_str(),
            actions: catalog::actions(role).iter().map(|action| action.as_str()).collect(),
        }
    }
}
