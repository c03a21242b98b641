//! The labels that a workspace knows, in SQL.

use crate::host::{Db, Row, Statement};
use crate::model::{Timestamp, WorkspaceId};

use super::page::{Page, Paged};
use super::row::{self, Read, StoreError};

/// A label that the workspace knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
    /// What it is for.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

fn read(row: &Row) -> Read<Label> {
    Ok(Label {
        key: row::text(row, "key")?.to_owned(),
        value: row::text(row, "value")?.to_owned(),
        description: row::opt_text(row, "description")?.map(str::to_owned),
        created_at: row::time(row, "created_at")?,
    })
}

/// A page of labels, by key and value.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl Db, workspace: &WorkspaceId, page: &Page) -> Result<Paged<Label>, StoreError> {
    let (key, value) = page.after.as_deref().and_then(|after| after.split_once(':')).unwrap_or(("", ""));
    let sql = "SELECT key, value, description, created_at FROM labels \
        WHERE workspace_id = ?1 AND (key, value) > (?2, ?3) ORDER BY key, value LIMIT ?4";
    let values = [workspace.as_str().into(), key.into(), value.into(), (page.limit + 1).into()];
    let rows = db.query(&Statement::new(sql, values)).await?;
    Ok(Paged::cut(rows.iter().map(read).collect::<Read<Vec<_>>>()?, page))
}

/// The label of this key and value.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl Db, workspace: &WorkspaceId, key: &str, value: &str) -> Result<Option<Label>, StoreError> {
    let sql =
        "SELECT key, value, description, created_at FROM labels WHERE workspace_id = ?1 AND key = ?2 AND value = ?3";
    let rows = db.query(&Statement::new(sql, [workspace.as_str().into(), key.into(), value.into()])).await?;
    rows.first().map(read).transpose()
}

/// Adds a label, or changes its description.
pub fn upsert(workspace: &WorkspaceId, label: &Label) -> Statement {
    Statement::new(
        "INSERT INTO labels (workspace_id, key, value, description, created_at) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (workspace_id, key, value) DO UPDATE SET description = ?4",
        [
            workspace.as_str().into(),
            label.key.as_str().into(),
            label.value.as_str().into(),
            label.description.as_deref().into(),
            label.created_at.as_ms().into(),
        ],
    )
}

/// Where a label is in use: the first of the resources that carry it and of the grants that name it.
///
/// # Errors
/// When the database fails.
pub async fn find_use(
    db: &impl Db,
    workspace: &WorkspaceId,
    key: &str,
    value: &str,
) -> Result<Option<String>, StoreError> {
    let rows = db.query(&uses(workspace, key, value)).await?;
    rows.first().map(|row| row::text(row, "used_by").map(str::to_owned)).transpose()
}

const CARRIED: &str =
    "SELECT kind || '/' || id AS used_by FROM resource_labels WHERE workspace_id = ?1 AND key = ?2 AND value = ?3";
/// Label scopes are few beside resource scopes, and the index tells them by their first characters.
const NAMED: &str = "SELECT role || scope FROM grants WHERE workspace_id = ?1 AND scope >= '@{' AND scope < '@|' \
    AND instr(replace(replace(scope, '{', ','), '}', ',') , ',' || ?2 || ':' || ?3 || ',') > 0";

fn uses(workspace: &WorkspaceId, key: &str, value: &str) -> Statement {
    let values = [workspace.as_str().into(), key.into(), value.into()];
    Statement::new(format!("{CARRIED} UNION ALL {NAMED} LIMIT 1"), values)
}

/// Deletes a label, and aborts when it is in use by then.
pub fn delete(workspace: &WorkspaceId, key: &str, value: &str) -> [Statement; 2] {
    let values = || [workspace.as_str().into(), key.into(), value.into()];
    let guard = format!("INSERT INTO guards (name) SELECT 'state' WHERE EXISTS ({CARRIED} UNION ALL {NAMED})");
    let sql = "DELETE FROM labels WHERE workspace_id = ?1 AND key = ?2 AND value = ?3";
    [Statement::new(guard, values()), Statement::new(sql, values())]
}
