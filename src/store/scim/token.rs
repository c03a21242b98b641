//! SCIM tokens in SQL, and what a request by one rests on.

use crate::host::{Db, Row, Statement};
use crate::model::{Name, SecretHash, Timestamp, TokenId, Workspace, WorkspaceId};

use super::super::row::{self, Read, StoreError};
use super::super::workspace;

const COLUMNS: &str = "t.id, t.name, t.created_by, t.created_at, t.expires_at, t.last_used_at";

/// A SCIM token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScimToken {
    /// Its id.
    pub id: TokenId,
    /// What it is for.
    pub name: Name,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When the provider last came by it.
    pub last_used_at: Option<Timestamp>,
}

/// A token that a request presented, with what decides whether it may be used.
#[derive(Debug, Clone)]
pub struct Presented {
    /// The token.
    pub token: ScimToken,
    /// Its workspace.
    pub workspace: Workspace,
    /// True when people can sign in to the workspace by SSO.
    pub has_connection: bool,
}

fn read(row: &Row) -> Read<ScimToken> {
    Ok(ScimToken {
        id: row::parsed(row, "id")?,
        name: row::parsed(row, "name")?,
        created_by: row::text(row, "created_by")?.to_owned(),
        created_at: row::time(row, "created_at")?,
        expires_at: row::opt_time(row, "expires_at")?,
        last_used_at: row::opt_time(row, "last_used_at")?,
    })
}

/// The token that a secret opens, its workspace and whether that has an active connection: one batch.
///
/// # Errors
/// When the database fails.
pub async fn find_by_secret(db: &impl Db, hash: &SecretHash) -> Result<Option<Presented>, StoreError> {
    const WORKSPACE: &str = "(SELECT workspace_id FROM scim_tokens WHERE secret_hash = ?1)";
    let of = |sql: String| Statement::new(sql, [hash.as_str().into()]);
    let answers = db
        .batch(&[
            of(format!("SELECT {COLUMNS} FROM scim_tokens t WHERE t.secret_hash = ?1")),
            of(workspace::where_is(&format!("id = {WORKSPACE}"))),
            of(format!(
                "SELECT 1 AS found FROM sso_connections WHERE workspace_id = {WORKSPACE} AND active = 1 LIMIT 1"
            )),
        ])
        .await?;
    let rows = |index: usize| answers.get(index).map_or(&[][..], Vec::as_slice);
    let (token, workspace) = (rows(0).first().map(read).transpose()?, workspace::from_rows(rows(1))?);
    let has_connection = !rows(2).is_empty();
    Ok(token.zip(workspace).map(|(token, workspace)| Presented { token, workspace, has_connection }))
}

/// All tokens of a workspace, the oldest first: there are few.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl Db, workspace: &WorkspaceId) -> Result<Vec<ScimToken>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM scim_tokens t WHERE t.workspace_id = ?1 ORDER BY t.id");
    db.query(&Statement::new(sql, [workspace.as_str().into()])).await?.iter().map(read).collect()
}

/// Reads whether a token of the workspace works at this moment.
///
/// # Errors
/// When the database fails.
pub async fn is_on(db: &impl Db, workspace: &WorkspaceId, now: Timestamp) -> Result<bool, StoreError> {
    let sql =
        "SELECT 1 AS found FROM scim_tokens WHERE workspace_id = ?1 AND coalesce(expires_at, ?2 + 1) > ?2 LIMIT 1";
    Ok(!db.query(&Statement::new(sql, [workspace.as_str().into(), now.as_ms().into()])).await?.is_empty())
}

/// Adds a token.
pub fn insert(workspace: &WorkspaceId, token: &ScimToken, hash: &SecretHash) -> Statement {
    Statement::new(
        "INSERT INTO scim_tokens (workspace_id, id, name, secret_hash, created_by, created_at, expires_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        [
            workspace.as_str().into(),
            token.id.as_str().into(),
            token.name.as_str().into(),
            hash.as_str().into(),
            token.created_by.as_str().into(),
            token.created_at.as_ms().into(),
            token.expires_at.map(Timestamp::as_ms).into(),
        ],
    )
}

/// Has a token stop working at a moment.
pub fn expire(workspace: &WorkspaceId, id: &TokenId, at: Timestamp) -> Statement {
    let sql = "UPDATE scim_tokens SET expires_at = ?3 WHERE workspace_id = ?1 AND id = ?2";
    Statement::new(sql, [workspace.as_str().into(), id.as_str().into(), at.as_ms().into()])
}

/// Deletes a token.
pub fn delete(workspace: &WorkspaceId, id: &TokenId) -> Statement {
    let sql = "DELETE FROM scim_tokens WHERE workspace_id = ?1 AND id = ?2";
    Statement::new(sql, [workspace.as_str().into(), id.as_str().into()])
}

/// Notes that the provider came by a token, unless it was noted since `due`.
pub fn touch(workspace: &WorkspaceId, id: &TokenId, now: Timestamp, due: Timestamp) -> Statement {
    Statement::new(
        "UPDATE scim_tokens SET last_used_at = ?3 WHERE workspace_id = ?1 AND id = ?2 AND coalesce(last_used_at, 0) <= ?4",
        [workspace.as_str().into(), id.as_str().into(), now.as_ms().into(), due.as_ms().into()],
    )
}

/// Aborts unless the token still works, and the workspace still takes SCIM.
pub fn guard(workspace: &WorkspaceId, id: &TokenId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'authority' WHERE NOT EXISTS (SELECT 1 FROM scim_tokens t \
           CROSS JOIN workspaces w ON w.id = t.workspace_id AND w.plan = 'business' AND w.deleted_at IS NULL \
          WHERE t.workspace_id = ?1 AND t.id = ?2 AND coalesce(t.expires_at, ?3 + 1) > ?3 \
            AND EXISTS (SELECT 1 FROM sso_connections c WHERE c.workspace_id = ?1 AND c.active = 1))",
        [workspace.as_str().into(), id.as_str().into(), now.as_ms().into()],
    )
}

/// Aborts where a SCIM token works and no active connection is there. Comes after the change that it guards.
pub fn guard_connection_remains(workspace: &WorkspaceId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'state' WHERE EXISTS \
           (SELECT 1 FROM scim_tokens WHERE workspace_id = ?1 AND coalesce(expires_at, ?2 + 1) > ?2) \
         AND NOT EXISTS (SELECT 1 FROM sso_connections WHERE workspace_id = ?1 AND active = 1)",
        [workspace.as_str().into(), now.as_ms().into()],
    )
}
