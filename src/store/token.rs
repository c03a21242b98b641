//! Tokens in SQL.

use crate::host::{Db, Row, Statement};
use crate::model::{AccountId, Action, ActionSet, Email, SecretHash, Timestamp, Token, TokenId, WorkspaceId};

use super::page::{Page, Paged};
use super::row::{self, Read, StoreError};

const COLUMNS: &str = "t.id, t.name, t.account_id, t.actions, t.created_by, t.created_at, t.expires_at, t.last_used_at";

/// Made by a person who is no longer a member.
const ORPHANED: &str = "(t.created_by LIKE 'acc%' AND NOT EXISTS (SELECT 1 FROM members m \
    WHERE m.workspace_id = t.workspace_id AND m.account_id = t.created_by)) AS orphaned";

/// A token as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The token.
    pub token: Token,
    /// True when the person who made it is no longer a member.
    pub is_orphaned: bool,
}

/// A token that a request presented, with the workspace that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The token.
    pub token: Token,
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// The address of its member, for a personal token.
    pub email: Option<Email>,
}

fn read(row: &Row) -> Read<Token> {
    let actions: Vec<Action> = row::list(row, "actions")?;
    Ok(Token {
        id: row::parsed(row, "id")?,
        name: row::parsed(row, "name")?,
        account: row::opt_parsed(row, "account_id")?,
        actions: ActionSet::of(&actions),
        created_by: row::text(row, "created_by")?.to_owned(),
        created_at: row::time(row, "created_at")?,
        expires_at: row::opt_int(row, "expires_at")?.map(Timestamp::from_ms),
        last_used_at: row::opt_int(row, "last_used_at")?.map(Timestamp::from_ms),
    })
}

/// Reads the single actions of those of these holders that are tokens.
pub fn actions_of(workspace: &WorkspaceId, ids: &[&str]) -> Statement {
    let sql =
        "SELECT t.id, t.actions FROM json_each(?2) i CROSS JOIN tokens t ON t.workspace_id = ?1 AND t.id = i.value";
    Statement::new(sql, [workspace.as_str().into(), row::json_list(ids)])
}

/// The actions in the answer to [`actions_of`], by token.
///
/// # Errors
/// When a stored value is corrupt.
pub fn actions_from_rows(rows: &[Row]) -> Result<Vec<(String, ActionSet)>, StoreError> {
    let read = |row: &Row| {
        let actions: Vec<Action> = row::list(row, "actions")?;
        Ok((row::text(row, "id")?.to_owned(), ActionSet::of(&actions)))
    };
    rows.iter().map(read).collect()
}

/// Reads the token that a secret opens.
pub fn by_secret(hash: &SecretHash) -> Statement {
    let sql = format!(
        "SELECT {COLUMNS}, t.workspace_id, m.email FROM tokens t \
           LEFT JOIN members m ON m.workspace_id = t.workspace_id AND m.account_id = t.account_id WHERE t.secret_hash = ?1"
    );
    Statement::new(sql, [hash.as_str().into()])
}

/// The token in the answer to [`by_secret`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn presented_from_rows(rows: &[Row]) -> Result<Option<Presented>, StoreError> {
    let read = |row| {
        Ok(Presented {
            token: read(row)?,
            workspace: row::parsed(row, "workspace_id")?,
            email: row::opt_parsed(row, "email")?,
        })
    };
    rows.first().map(read).transpose()
}

/// A page of a workspace's tokens, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl Db, workspace: &WorkspaceId, page: &Page) -> Result<Paged<Listed>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, {ORPHANED} FROM tokens t WHERE t.workspace_id = ?1 AND t.id > ?2 ORDER BY t.id LIMIT ?3"
    );
    let values = [workspace.as_str().into(), page.after.as_deref().unwrap_or("").into(), (page.limit + 1).into()];
    let rows = db.query(&Statement::new(sql, values)).await?;
    Ok(Paged::cut(rows.iter().map(listed).collect::<Read<Vec<_>>>()?, page))
}

fn listed(row: &Row) -> Read<Listed> {
    Ok(Listed { token: read(row)?, is_orphaned: row::int(row, "orphaned")? == 1 })
}

/// The token with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl Db, workspace: &WorkspaceId, id: &TokenId) -> Result<Option<Listed>, StoreError> {
    let sql = format!("SELECT {COLUMNS}, {ORPHANED} FROM tokens t WHERE t.workspace_id = ?1 AND t.id = ?2");
    db.query(&Statement::new(sql, [workspace.as_str().into(), id.as_str().into()]))
        .await?
        .first()
        .map(listed)
        .transpose()
}

/// Adds a token.
pub fn insert(workspace: &WorkspaceId, token: &Token, hash: &SecretHash) -> Statement {
    Statement::new(
        "INSERT INTO tokens (workspace_id, id, account_id, name, secret_hash, actions, created_by, created_at, expires_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        [
            workspace.as_str().into(),
            token.id.as_str().into(),
            token.account.as_ref().map(AccountId::as_str).into(),
            token.name.as_str().into(),
            hash.as_str().into(),
            row::json_list(token.actions.iter()),
            token.created_by.as_str().into(),
            token.created_at.as_ms().into(),
            token.expires_at.map(Timestamp::as_ms).into(),
        ],
    )
}

/// Deletes a token.
pub fn delete(workspace: &WorkspaceId, id: &TokenId) -> Statement {
    let sql = "DELETE FROM tokens WHERE workspace_id = ?1 AND id = ?2";
    Statement::new(sql, [workspace.as_str().into(), id.as_str().into()])
}
