//! Seats as JSON.

use serde::Serialize;

/// The seats of a workspace.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Seats"))]
pub struct SeatsView {
    /// Taken by members.
    pub active: i64,
    /// Reserved by invites that are pending.
    pub pending: i64,
    /// How many there are; `null` for no limit.
    pub limit: Option<i64>,
    /// Of the active, those of members who were not seen for as long as the settings say.
    pub inactive: i64,
}
