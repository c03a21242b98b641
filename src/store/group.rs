//! Groups in SQL.

use crate::host::{Db, Statement};
use crate::model::{GroupId, Name, Timestamp, WorkspaceId};

use super::row::{self, StoreError};

/// The groups of these ids, with their names.
///
/// # Errors
/// When the database fails.
pub async fn names(db: &impl Db, workspace: &WorkspaceId, ids: &[String]) -> Result<Vec<(GroupId, Name)>, StoreError> {
    let sql = "SELECT g.id, g.name FROM json_each(?2) i CROSS JOIN groups g ON g.workspace_id = ?1 AND g.id = i.value";
    let rows = db.query(&Statement::new(sql, [workspace.as_str().into(), row::json_list(ids)])).await?;
    rows.iter().map(|row| Ok((row::parsed(row, "id")?, row::parsed(row, "name")?))).collect()
}

/// Lets a member or an invitee into groups.
pub fn join<'a>(
    workspace: &WorkspaceId,
    groups: impl Iterator<Item = &'a GroupId>,
    holder: &str,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO group_members (workspace_id, group_id, holder, created_at) SELECT ?1, value, ?3, ?4 FROM json_each(?2) WHERE true \
         ON CONFLICT DO NOTHING",
        [workspace.as_str().into(), row::json_list(groups), holder.into(), now.as_ms().into()],
    )
}
