//! Workspaces in SQL.

use crate::host::{Db, Row, Statement, Value};
use crate::model::{AddOns, ConnectionId, Name, Settings, Slug, Timestamp, Workspace, WorkspaceId};

use super::row::{self, Read, StoreError};

const COLUMNS: &str = "id, slug, name, plan, protocols, engage, seat_limit, invite_ttl_hours, provisioned_grants, \
    require_sso, stale_after_days, invite_reminder_hours, version, created_at";

/// The columns, of the table under this name.
pub(super) fn columns_of(table: &str) -> String {
    COLUMNS.split(", ").map(|column| format!("{table}.{}", column.trim())).collect::<Vec<_>>().join(", ")
}

pub(super) fn read(row: &Row) -> Read<Workspace> {
    Ok(Workspace {
        id: row::parsed(row, "id")?,
        slug: row::parsed(row, "slug")?,
        name: row::parsed(row, "name")?,
        plan: row::parsed(row, "plan")?,
        add_ons: AddOns { protocols: row::int(row, "protocols")? == 1, engage: row::int(row, "engage")? == 1 },
        seat_limit: row::opt_int(row, "seat_limit")?,
        settings: Settings {
            invite_ttl_hours: row::int(row, "invite_ttl_hours")?,
            provisioned_grants: row::list(row, "provisioned_grants")?,
            require_sso: row::int(row, "require_sso")? == 1,
            stale_after_days: row::int(row, "stale_after_days")?,
            invite_reminder_hours: row::opt_int(row, "invite_reminder_hours")?,
        },
        version: row::int(row, "version")?,
        created_at: row::time(row, "created_at")?,
    })
}

/// A read of the workspaces that are as a condition says, unless they are closed.
pub(super) fn where_is(condition: &str) -> String {
    format!("SELECT {COLUMNS} FROM workspaces WHERE {condition} AND deleted_at IS NULL")
}

/// Reads the workspace of a connection.
pub fn of_connection(connection: &ConnectionId) -> Statement {
    let sql = where_is("id = (SELECT workspace_id FROM sso_connections WHERE id = ?1)");
    Statement::new(sql, [connection.as_str().into()])
}

/// Reads a workspace by id or by slug.
pub fn by_reference(reference: &str) -> Statement {
    let key = if reference.parse::<WorkspaceId>().is_ok() { "id" } else { "slug" };
    Statement::new(where_is(&format!("{key} = ?1")), [reference.into()])
}

/// The workspace in the answer to [`by_reference`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn from_rows(rows: &[Row]) -> Result<Option<Workspace>, StoreError> {
    rows.first().map(read).transpose()
}

/// Reads a workspace.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl Db, reference: &str) -> Result<Option<Workspace>, StoreError> {
    from_rows(&db.query(&by_reference(reference)).await?)
}

/// The workspaces that an account is a member of, at most 200 by id.
///
/// # Errors
/// When the database fails.
pub async fn list_of_account(db: &impl Db, account: &str) -> Result<Vec<Workspace>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM workspaces WHERE deleted_at IS NULL \
           AND id IN (SELECT workspace_id FROM members WHERE account_id = ?1) ORDER BY id LIMIT 200"
    );
    db.query(&Statement::new(sql, [account.into()])).await?.iter().map(read).collect()
}

fn flag(is_set: bool) -> Value {
    Value::Int(i64::from(is_set))
}

/// Adds a workspace.
pub fn insert(workspace: &Workspace) -> Statement {
    let Workspace { id, slug, name, plan, add_ons, seat_limit, settings, created_at, .. } = workspace;
    Statement::new(
        "INSERT INTO workspaces (id, slug, name, plan, protocols, engage, seat_limit, invite_ttl_hours, provisioned_grants, \
           require_sso, stale_after_days, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        [
            id.as_str().into(),
            slug.as_str().into(),
            name.as_str().into(),
            plan.as_str().into(),
            flag(add_ons.protocols),
            flag(add_ons.engage),
            (*seat_limit).into(),
            settings.invite_ttl_hours.into(),
            row::json_list(&settings.provisioned_grants),
            flag(settings.require_sso),
            settings.stale_after_days.into(),
            created_at.as_ms().into(),
        ],
    )
}

/// Changes what a workspace is called, has and sets.
pub fn update(workspace: &Workspace) -> Statement {
    let Workspace { id, name, plan, add_ons, seat_limit, settings, .. } = workspace;
    Statement::new(
        "UPDATE workspaces SET name = ?2, plan = ?3, protocols = ?4, engage = ?5, seat_limit = ?6, invite_ttl_hours = ?7, \
           provisioned_grants = ?8, require_sso = ?9, stale_after_days = ?10, invite_reminder_hours = ?11 WHERE id = ?1",
        [
            id.as_str().into(),
            name.as_str().into(),
            plan.as_str().into(),
            flag(add_ons.protocols),
            flag(add_ons.engage),
            (*seat_limit).into(),
            settings.invite_ttl_hours.into(),
            row::json_list(&settings.provisioned_grants),
            flag(settings.require_sso),
            settings.stale_after_days.into(),
            settings.invite_reminder_hours.into(),
        ],
    )
}

/// Closes a workspace: nothing finds it any more, its slug is free, its tokens open nothing.
pub fn delete(id: &WorkspaceId, now: Timestamp) -> Vec<Statement> {
    let close =
        Statement::new("UPDATE workspaces SET deleted_at = ?2 WHERE id = ?1", [id.as_str().into(), now.as_ms().into()]);
    let of = |sql: &'static str| Statement::new(sql, [id.as_str().into()]);
    vec![
        close,
        of("DELETE FROM tokens WHERE workspace_id = ?1"),
        of("DELETE FROM members WHERE workspace_id = ?1"),
        of("DELETE FROM scim_tokens WHERE workspace_id = ?1"),
        of("DELETE FROM scim_parked WHERE workspace_id = ?1"),
        of("DELETE FROM scim_users WHERE workspace_id = ?1"),
    ]
}

/// Raises the version and answers it: each access change ends with it, but for the answer that is kept of it.
pub fn raise_version(id: &WorkspaceId) -> Statement {
    Statement::new("UPDATE workspaces SET version = version + 1 WHERE id = ?1 RETURNING version", [id.as_str().into()])
}

/// The version in the answer to [`raise_version`].
///
/// # Errors
/// When the workspace is gone.
pub fn version_from_rows(rows: &[Row]) -> Result<i64, StoreError> {
    rows.first().map_or(Err(StoreError::Corrupt("version")), |row| row::int(row, "version"))
}

/// A workspace of these values, at version 1.
pub fn new(id: WorkspaceId, slug: Slug, name: Name, now: Timestamp) -> Workspace {
    let (plan, add_ons, settings) = (crate::model::Plan::Free, AddOns::default(), Settings::default());
    Workspace { id, slug, name, plan, add_ons, seat_limit: None, settings, version: 1, created_at: now }
}
