//! Grants in SQL: added, moved and deleted; read with their holders in [`super::access`].

use crate::host::{Db, Statement};
use crate::model::{Grant, GrantId, Holder, WorkspaceId};

use super::row::{self, StoreError};

/// Adds grants to a holder. One that it has by then aborts the batch: the answer would tell another grant than is there.
pub fn insert(workspace: &WorkspaceId, holder: &Holder, grants: &[Grant]) -> Vec<Statement> {
    insert_all(workspace, grants.iter().map(|grant| (holder.as_str(), grant)))
}

/// As [`insert`], of several holders.
pub fn insert_all<'a>(
    workspace: &WorkspaceId,
    grants: impl IntoIterator<Item = (&'a str, &'a Grant)>,
) -> Vec<Statement> {
    let rows = grants.into_iter().map(|(holder, grant)| {
        let (role, scope) = (grant.expr.role().as_str(), grant.expr.scope().text());
        (holder, grant.id.as_str(), role, scope, grant.created_at.as_ms(), grant.created_by.as_str())
    });
    let sql = "INSERT INTO grants (workspace_id, holder, id, role, scope, created_at, created_by) \
         SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?2)";
    let parts = row::parts(rows).into_iter();
    parts.map(|part| Statement::new(sql, [workspace.as_str().into(), part])).collect()
}

/// Deletes some of a holder's grants.
pub fn delete<'a>(workspace: &WorkspaceId, holder: &Holder, ids: impl IntoIterator<Item = &'a GrantId>) -> Statement {
    delete_of(workspace, holder.as_str(), ids)
}

/// As [`delete`], of what isn't a principal.
pub fn delete_of<'a>(workspace: &WorkspaceId, holder: &str, ids: impl IntoIterator<Item = &'a GrantId>) -> Statement {
    Statement::new(
        "DELETE FROM grants WHERE workspace_id = ?1 AND holder = ?2 AND id IN (SELECT value FROM json_each(?3))",
        [workspace.as_str().into(), holder.into(), row::json_list(ids)],
    )
}

/// Deletes all of a holder's grants.
pub fn delete_all(workspace: &WorkspaceId, holder: &str) -> Statement {
    Statement::new(
        "DELETE FROM grants WHERE workspace_id = ?1 AND holder = ?2",
        [workspace.as_str().into(), holder.into()],
    )
}

/// Takes a holder out of all its groups.
pub fn leave_groups(workspace: &WorkspaceId, holder: &str) -> Statement {
    Statement::new(
        "DELETE FROM group_members INDEXED BY group_members_by_holder WHERE workspace_id = ?1 AND holder = ?2",
        [workspace.as_str().into(), holder.into()],
    )
}

/// Gives all that one holder has, grants and groups, to another: what an acceptance does. What the new holder has
/// already stays, and nothing is left with the old one.
pub fn hand_over(workspace: &WorkspaceId, from: &str, to: &str) -> Vec<Statement> {
    let values = || [workspace.as_str().into(), from.into(), to.into()];
    let grants = "UPDATE OR IGNORE grants SET holder = ?3 WHERE workspace_id = ?1 AND holder = ?2";
    let groups = "UPDATE OR IGNORE group_members INDEXED BY group_members_by_holder SET holder = ?3 \
        WHERE workspace_id = ?1 AND holder = ?2";
    vec![
        Statement::new(grants, values()),
        Statement::new(groups, values()),
        delete_all(workspace, from),
        leave_groups(workspace, from),
    ]
}

/// Ends all grants on these scopes, whoever holds them.
pub fn delete_on_scopes(workspace: &WorkspaceId, scopes: &[String]) -> Statement {
    Statement::new(
        "DELETE FROM grants WHERE workspace_id = ?1 AND scope IN (SELECT value FROM json_each(?2))",
        [workspace.as_str().into(), row::json_list(scopes)],
    )
}

/// Aborts when there is a grant on these scopes beside the known ones, which are given as [`list_on_scopes`] tells them.
pub fn guard_on_scopes(workspace: &WorkspaceId, scopes: &[String], known: &[String]) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'state' WHERE EXISTS (SELECT 1 FROM grants WHERE workspace_id = ?1 \
           AND scope IN (SELECT value FROM json_each(?2)) \
           AND holder || ' ' || role || scope NOT IN (SELECT value FROM json_each(?3)))",
        [workspace.as_str().into(), row::json_list(scopes), row::json_list(known)],
    )
}

/// The grants on these scopes, as `holder expression`.
///
/// # Errors
/// When the database fails.
pub async fn list_on_scopes(
    db: &impl Db,
    workspace: &WorkspaceId,
    scopes: &[String],
) -> Result<Vec<String>, StoreError> {
    let sql =
        "SELECT holder, role, scope FROM grants WHERE workspace_id = ?1 AND scope IN (SELECT value FROM json_each(?2))";
    let rows = db.query(&Statement::new(sql, [workspace.as_str().into(), row::json_list(scopes)])).await?;
    rows.iter().map(|row| Ok(format!("{} {}", row::text(row, "holder")?, row::expr(row)?))).collect()
}
