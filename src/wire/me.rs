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
}
