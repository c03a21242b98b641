//! Sessions in SQL: a person signed in on one device.

use crate::host::{Row, Statement};
use crate::model::{AccountId, SecretHash, SessionId, Timestamp};

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
}

/// Reads the session that a cookie opens.
pub fn by_secret(hash: &SecretHash) -> Statement {
    Statement::new(
        "SELECT s.id AS session_id, s.expires_at, a.id, a.email, a.name FROM sessions s JOIN accounts a ON a.id = s.account_id \
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
        })
    };
    rows.first().map(read).transpose()
}

/// Opens a session.
pub fn insert(
    id: &SessionId,
    account: &AccountId,
    hash: &SecretHash,
    now: Timestamp,
    expires_at: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO sessions (id, account_id, secret_hash, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        [
            id.as_str().into(),
            account.as_str().into(),
            hash.as_str().into(),
            now.as_ms().into(),
            expires_at.as_ms().into(),
        ],
    )
}

/// Ends a session.
pub fn delete(id: &SessionId) -> Statement {
    Statement::new("DELETE FROM sessions WHERE id = ?1", [id.as_str().into()])
}

/// Ends all sessions of an account.
pub fn delete_all(account: &AccountId) -> Statement {
    Statement::new("DELETE FROM sessions WHERE account_id = ?1", [account.as_str().into()])
}

/// Deletes the sessions that are over, of everyone.
pub fn delete_over(now: Timestamp) -> Statement {
    Statement::new("DELETE FROM sessions WHERE expires_at <= ?1", [now.as_ms().into()])
}
