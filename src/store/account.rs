//! Accounts in SQL.

use crate::host::{Db, Row, Statement};
use crate::model::{AccountId, Email, Name, Timestamp};

use super::row::{self, StoreError};

/// A person, by verified address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The id.
    pub id: AccountId,
    /// The address.
    pub email: Email,
    /// The name.
    pub name: Name,
}

/// Reads the account with this address.
pub fn by_email(email: &Email) -> Statement {
    Statement::new("SELECT id, email, name FROM accounts WHERE email = ?1", [email.as_str().into()])
}

/// The account in the answer to [`by_email`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn from_rows(rows: &[Row]) -> Result<Option<Account>, StoreError> {
    let read = |row| {
        Ok(Account { id: row::parsed(row, "id")?, email: row::parsed(row, "email")?, name: row::parsed(row, "name")? })
    };
    rows.first().map(read).transpose()
}

/// The account with this address.
///
/// # Errors
/// When the database fails.
pub async fn find_by_email(db: &impl Db, email: &Email) -> Result<Option<Account>, StoreError> {
    from_rows(&db.query(&by_email(email)).await?)
}

/// Adds an account. Two first requests of one person at the same moment conflict; the second is tried again and finds it.
pub fn insert(account: &Account, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO accounts (id, email, name, created_at) VALUES (?1, ?2, ?3, ?4)",
        [account.id.as_str().into(), account.email.as_str().into(), account.name.as_str().into(), now.as_ms().into()],
    )
}
