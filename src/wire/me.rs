//! The caller as JSON.

use serde::Serialize;

use super::workspace::WorkspaceView;

/// The caller's account.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Account"))]
pub struct AccountView {
    /// The id.
    pub id: String,
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
}

/// A workspace and what the caller may do in the whole of it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WorkspaceAccess {
    /// The workspace.
    #[serde(flatten)]
    pub workspace: WorkspaceView,
    /// The actions that the caller may take on the workspace as a whole.
    pub actions: Vec<&'static str>,
}

/// The token that a machine presented.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TokenName {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A workspace that the caller may join, by the domain of their address.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Joinable {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// `join`, `request`, `requested` (somebody has to approve it) or `denied`.
    pub how: String,
}

/// The caller.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Me"))]
pub struct MeView {
    /// The person; `null` for a token of a workspace.
    pub account: Option<AccountView>,
    /// The token, where one was presented.
    pub token: Option<TokenName>,
    /// The workspaces, with the effective actions in each.
    pub workspaces: Vec<WorkspaceAccess>,
    /// The workspaces that a person may join by the domain of their address.
    pub joinable: Vec<Joinable>,
}
