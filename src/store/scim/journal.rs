//! The provisioning journal in SQL: what the provider asked for, what it changed, what was refused and why.

use crate::host::{Db, Row, Statement, Value};
use crate::model::{Timestamp, WorkspaceId};

use super::super::page::{Page, Paged};
use super::super::row::{self, Read, StoreError};

const COLUMNS: &str =
    "id, at, token_id, request_id, method, path, resource_id, outcome, status, error, detail, request, changes";

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id, which sorts by time.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// The token that it came by.
    pub token: String,
    /// The id of the request; the parts of a bulk request share one.
    pub request_id: String,
    /// The method.
    pub method: String,
    /// The path below `/scim/v2`.
    pub path: String,
    /// The user or group, where one is known.
    pub resource: Option<String>,
    /// `applied`, `unchanged` or `refused`.
    pub outcome: String,
    /// The status that it was answered.
    pub status: i64,
    /// Which kind of error.
    pub error: Option<String>,
    /// Why it was refused.
    pub detail: Option<String>,
    /// What was asked, as JSON.
    pub request: Option<String>,
    /// What it changed of people's access, as JSON.
    pub changes: String,
}

/// Which entries a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// About this user or group.
    pub resource: Option<String>,
    /// With this outcome.
    pub outcome: Option<String>,
}

/// Adds an entry.
pub fn insert(workspace: &WorkspaceId, entry: &Entry) -> Statement {
    Statement::new(
        "INSERT INTO scim_journal (workspace_id, id, at, token_id, request_id, method, path, resource_id, outcome, status, \
           error, detail, request, changes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        [
            workspace.as_str().into(),
            entry.id.as_str().into(),
            entry.at.as_ms().into(),
            entry.token.as_str().into(),
            entry.request_id.as_str().into(),
            entry.method.as_str().into(),
            entry.path.as_str().into(),
            entry.resource.as_deref().into(),
            entry.outcome.as_str().into(),
            entry.status.into(),
            entry.error.as_deref().into(),
            entry.detail.as_deref().into(),
            entry.request.as_deref().into(),
            entry.changes.as_str().into(),
        ],
    )
}

fn read(row: &Row) -> Read<Entry> {
    let text = |column| row::text(row, column).map(str::to_owned);
    let opt_text = |column| row::opt_text(row, column).map(|text| text.map(str::to_owned));
    Ok(Entry {
        id: text("id")?,
        at: row::time(row, "at")?,
        token: text("token_id")?,
        request_id: text("request_id")?,
        method: text("method")?,
        path: text("path")?,
        resource: opt_text("resource_id")?,
        outcome: text("outcome")?,
        status: row::int(row, "status")?,
        error: opt_text("error")?,
        detail: opt_text("detail")?,
        request: opt_text("request")?,
        changes: text("changes")?,
    })
}

/// A page of entries, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl Db,
    workspace: &WorkspaceId,
    filter: &Filter,
    page: &Page,
) -> Result<Paged<Entry>, StoreError> {
    let mut sql = "workspace_id = ?1".to_owned();
    let mut values: Vec<Value> = vec![workspace.as_str().into()];
    let after = page.after.clone();
    let conditions =
        [("resource_id = ", filter.resource.clone()), ("outcome = ", filter.outcome.clone()), ("id < ", after)];
    for (condition, value) in conditions {
        if let Some(value) = value {
            values.push(value.into());
            sql.push_str(&format!(" AND {condition}?{}", values.len()));
        }
    }
    let index = match filter {
        Filter { resource: Some(_), .. } => " INDEXED BY scim_journal_by_resource",
        Filter { outcome: Some(_), .. } => " INDEXED BY scim_journal_by_outcome",
        Filter { .. } => "",
    };
    values.push((page.limit + 1).into());
    let sql = format!("SELECT {COLUMNS} FROM scim_journal{index} WHERE {sql} ORDER BY id DESC LIMIT ?{}", values.len());
    let rows = db.query(&Statement::new(sql, values)).await?;
    Ok(Paged::cut(rows.iter().map(read).collect::<Read<Vec<_>>>()?, page))
}

/// Deletes the oldest entries from before a moment, a bounded number.
pub fn delete_over(horizon: Timestamp) -> Statement {
    Statement::new(
        "DELETE FROM scim_journal WHERE (workspace_id, id) IN (SELECT workspace_id, id FROM scim_journal \
           INDEXED BY scim_journal_by_age WHERE at < ?1 ORDER BY at LIMIT 5000)",
        [horizon.as_ms().into()],
    )
}
