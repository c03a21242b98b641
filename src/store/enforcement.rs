//! Where SSO is required, in SQL: whether a session came by it, and who was seen to come otherwise.

use crate::host::{Row, Statement};
use crate::model::{ConnectionId, SessionId, WorkspaceId};

use super::row::{self, StoreError};
use super::session::Session;

/// How a session stands to a workspace that requires SSO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// True when an active connection of the workspace opened it.
    pub is_by_sso: bool,
    /// True when it is told already that the session came otherwise.
    pub is_told: bool,
    /// The active connection that is there for longest.
    pub connection: Option<ConnectionId>,
}

/// Reads it; of no session, what a personal token has.
pub fn standing(workspace: &WorkspaceId, session: Option<&Session>) -> Statement {
    let connection = session.and_then(|session| session.connection.as_ref()).map_or("", ConnectionId::as_str);
    let id = session.map_or("", |session| session.id.as_str());
    Statement::new(
        "SELECT EXISTS (SELECT 1 FROM sso_connections WHERE workspace_id = ?1 AND id = ?2 AND active = 1) AS is_by_sso, \
           EXISTS (SELECT 1 FROM sso_bypasses WHERE session_id = ?3 AND workspace_id = ?1) AS is_told, \
           (SELECT id FROM sso_connections WHERE workspace_id = ?1 AND active = 1 ORDER BY id LIMIT 1) AS connection",
        [workspace.as_str().into(), connection.into(), id.into()],
    )
}

/// The standing in the answer to [`standing`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn from_rows(rows: &[Row]) -> Result<Standing, StoreError> {
    let row = rows.first().ok_or(StoreError::Corrupt("is_by_sso"))?;
    Ok(Standing {
        is_by_sso: row::int(row, "is_by_sso")? == 1,
        is_told: row::int(row, "is_told")? == 1,
        connection: row::opt_parsed(row, "connection")?,
    })
}

/// Notes that a session came otherwise; aborts the batch where that is noted.
pub fn insert(workspace: &WorkspaceId, session: &SessionId) -> Statement {
    let sql = "INSERT INTO sso_bypasses (session_id, workspace_id) VALUES (?1, ?2)";
    Statement::new(sql, [session.as_str().into(), workspace.as_str().into()])
}
