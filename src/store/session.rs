//! Sessions in SQL: a person signed in on one device.

use crate::host::{Row, Statement};
use crate::model::{AccountId, ConnectionId, SecretHash, SessionId, Timestamp, WorkspaceId};

use super::account::Account;
use super::row::{self, StoreError};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who is signed in.
    pub account: Account,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The connection that opened it; `None` for a mail or an invite.
    pub connection: Option<ConnectionId>,
    /// The one workspace that it opens; `None` for each that the person is in.
    pub workspace: Option<WorkspaceId>,
}

/// A session that is about to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its id.
    pub id: SessionId,
    /// Who signs in.
    pub account: AccountId,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The connection that opens it.
    pub connection: Option<ConnectionId>,
    /// The one workspace that it opens.
    pub workspace: Option<WorkspaceId>,
}

/// Reads the session that a cookie opens.
pub fn by_secret(hash: &SecretHash) -> Statement {
    Statement::new(
        "SELECT s.id AS session_id, s.expires_at, s.connection_id, s.workspace_id, a.id, a.email, a.name FROM sessions s JOIN accounts a ON a.id = s.account_id \
          WHERE s.secret_hash = ?1",
        [hash.as_str().into()],
    )
}

/// The session in the answer to [`by_secret`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn from_rows(rows: &[Row]) -> Result<Option<Session>, StoreError> {
    let read = |row| {
        Ok(Session {
            id: row::parsed(row, "session_id")?,
            account: Account {
                id: row::parsed(row, "id")?,
                email: row::parsed(row, "email")?,
                name: row::parsed(row, "name")?,
            },
            expires_at: row::time(row, "expires_at")?,
            connection: row::opt_parsed(row, "connection_id")?,
            workspace: row::opt_parsed(row, "workspace_id")?,
        })
    };
    rows.first().map(read).transpose()
}

/// Opens a session.
pub fn insert(session: &Opened, hash: &SecretHash, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO sessions (id, account_id, secret_hash, created_at, expires_at, connection_id, workspace_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        [
            session.id.as_str().into(),
            session.account.as_str().into(),
            hash.as_str().into(),
            now.as_ms().into(),
            session.expires_at.as_ms().into(),
            session.connection.as_ref().map(ConnectionId::as_str).into(),
            session.workspace.as_ref().map(WorkspaceId::as_str).into(),
        ],
    )
}

/// Ends a session.
pub fn delete(id: &SessionId) -> Statement {
    Statement::new("DELETE FROM sessions WHERE id = ?1", [id.as_str().into()])
}

/// Ends all sessions of an account; of one that opens a single workspace, those alone that open no other.
pub fn delete_all(session: &Session) -> Statement {
    let sql = "DELETE FROM sessions WHERE account_id = ?1 AND (?2 IS NULL OR workspace_id = ?2)";
    let workspace = session.workspace.as_ref().map(WorkspaceId::as_str).into();
    Statement::new(sql, [session.account.id.as_str().into(), workspace])
}

/// Deletes the sessions that are over, of everyone.
pub fn delete_over(now: Timestamp) -> Statement {
    Statement::new("DELETE FROM sessions WHERE expires_at <= ?1", [now.as_ms().into()])
}
