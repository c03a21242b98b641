//! Stale access as JSON and as lines of a file.

use serde::Serialize;

use super::csv;
use super::grant::GrantView;

/// Something that has access which nobody uses.
#[derive(Debug, Serialize)]
pub struct StaleView {
    /// `member`, `token` or `invite`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// The address: of the member, of a personal token's member, of the invitee.
    pub email: Option<String>,
    /// The name of the person or token.
    pub name: Option<String>,
    /// When it was last used.
    pub last_active_at: Option<String>,
    /// Since when it is stale: since its last use, or else since it is there.
    pub since: String,
    /// What it holds or offers.
    pub grants: Vec<GrantView>,
    /// The single actions of a token.
    pub actions: Vec<&'static str>,
    /// Why it is here: `inactive`, `never_active`, `unused`, `never_used` or `never_opened`.
    pub reason: &'static str,
}

/// The first line of a CSV file of stale access.
pub const CSV_HEADER: &str = "kind,id,email,name,last_active_at,since,grants,actions,reason\r\n";

/// A row as one line of CSV (RFC 4180), with semicolons between grants and between actions.
pub fn to_csv(row: &StaleView) -> String {
    let grants: Vec<&str> = row.grants.iter().map(|grant| grant.expression.as_str()).collect();
    csv::line([
        row.kind,
        &row.id,
        row.email.as_deref().unwrap_or_default(),
        row.name.as_deref().unwrap_or_default(),
        row.last_active_at.as_deref().unwrap_or_default(),
        &row.since,
        &grants.join(";"),
        &row.actions.join(";"),
        row.reason,
    ])
}

/// A row as one line of JSON.
pub fn to_line(row: &StaleView) -> String {
    format!("{}\n", serde_json::to_string(row).unwrap_or_default())
}
