//! Logins that try a connection, in SQL.

use crate::host::{Db, Row, Statement};
use crate::model::{ConnectionId, TestId, Timestamp, WorkspaceId};

use super::row::{self, StoreError};

/// A login that tries a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Its id.
    pub id: TestId,
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// The connection that it tries.
    pub connection: ConnectionId,
    /// Where the person goes afterwards.
    pub return_to: String,
    /// When it can't be begun any more.
    pub expires_at: Timestamp,
    /// What came of it, as JSON.
    pub result: Option<String>,
}

/// Reads a trial that can still be begun.
pub fn by_id(id: &str, now: Timestamp) -> Statement {
    let sql = "SELECT id, workspace_id, connection_id, return_to, expires_at, result FROM sso_tests WHERE id = ?1 AND expires_at > ?2";
    Statement::new(sql, [id.into(), now.as_ms().into()])
}

/// The trial in an answer.
///
/// # Errors
/// When a stored value is corrupt.
pub fn from_rows(rows: &[Row]) -> Result<Option<Trial>, StoreError> {
    let read = |row| {
        Ok(Trial {
            id: row::parsed(row, "id")?,
            workspace: row::parsed(row, "workspace_id")?,
            connection: row::parsed(row, "connection_id")?,
            return_to: row::text(row, "return_to")?.to_owned(),
            expires_at: row::time(row, "expires_at")?,
            result: row::opt_text(row, "result")?.map(str::to_owned),
        })
    };
    rows.first().map(read).transpose()
}

/// The trial of this id, begun or not.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl Db, workspace: &WorkspaceId, id: &TestId) -> Result<Option<Trial>, StoreError> {
    let sql = "SELECT id, workspace_id, connection_id, return_to, expires_at, result FROM sso_tests \
        WHERE workspace_id = ?1 AND id = ?2";
    from_rows(&db.query(&Statement::new(sql, [workspace.as_str().into(), id.as_str().into()])).await?)
}

/// Adds a trial.
pub fn insert(trial: &Trial, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO sso_tests (workspace_id, id, connection_id, return_to, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [
            trial.workspace.as_str().into(),
            trial.id.as_str().into(),
            trial.connection.as_str().into(),
            trial.return_to.as_str().into(),
            now.as_ms().into(),
            trial.expires_at.as_ms().into(),
        ],
    )
}

/// Notes what came of a trial: the first answer that came counts.
pub fn settle(workspace: &WorkspaceId, id: &TestId, result: &str) -> Statement {
    let sql = "UPDATE sso_tests SET result = ?3 WHERE workspace_id = ?1 AND id = ?2 AND result IS NULL";
    Statement::new(sql, [workspace.as_str().into(), id.as_str().into(), result.into()])
}
