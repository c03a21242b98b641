//! What principals hold, and the slice of a workspace that a decision touches: a few indexed reads in one batch,
//! whatever the size of the workspace.

use std::collections::BTreeMap;

use crate::host::{Db, Row, Statement};
use crate::model::{ConnectionId, Grant, ResourceRef, Timestamp, Via, WorkspaceId};

use super::row::{self, Read, StoreError};

/// A grant in the hand of one of several holders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderGrant {
    /// The holder it reaches.
    pub holder: String,
    /// The grant.
    pub grant: Grant,
    /// Direct, or by which group.
    pub via: Via,
}

/// The grants that reach the holders of a JSON list, an SQL expression.
fn held(holders: &str) -> String {
    format!(
        "SELECT h.value AS holder, g.id AS id, g.role, g.scope, g.created_at AS created_at, g.created_by, \
            NULL AS group_id, NULL AS group_name \
           FROM json_each({holders}) h CROSS JOIN grants g ON g.workspace_id = ?1 AND g.holder = h.value \
         UNION ALL \
         SELECT h.value, g.id, g.role, g.scope, g.created_at, g.created_by, gr.id, gr.name \
           FROM json_each({holders}) h \
                CROSS JOIN group_members gm ON gm.workspace_id = ?1 AND gm.holder = h.value \
                CROSS JOIN groups gr ON gr.workspace_id = ?1 AND gr.id = gm.group_id \
                CROSS JOIN grants g ON g.workspace_id = ?1 AND g.holder = gm.group_id \
         ORDER BY holder, group_name, created_at, id"
    )
}

/// Reads all grants that reach these holders: their own first, then those of their groups by name; each in the order
/// in which they were given, so that two reads of the same grants look the same.
pub fn held_by(workspace: &WorkspaceId, holders: &[&str]) -> Statement {
    Statement::new(held("?2"), [workspace.as_str().into(), row::json_list(holders)])
}

/// As [`held_by`], of the open invites to an address.
pub fn held_by_invitee(workspace: &WorkspaceId, email: &str, now: Timestamp) -> Statement {
    let invites = "(SELECT json_group_array(i.id) FROM invites i WHERE i.workspace_id = ?1 AND i.email = ?2 \
        AND i.status = 'pending' AND i.expires_at > ?3)";
    Statement::new(held(invites), [workspace.as_str().into(), email.into(), now.as_ms().into()])
}

/// As [`held_by`], of the groups that a connection manages.
pub fn held_by_mapped(workspace: &WorkspaceId, connection: &ConnectionId) -> Statement {
    let groups = "(SELECT json_group_array(m.id) FROM groups m WHERE m.workspace_id = ?1 AND m.managed_by = ?2)";
    Statement::new(held(groups), [workspace.as_str().into(), connection.as_str().into()])
}

/// Reads all grants that reach the members with these account ids or addresses.
pub fn held_by_keys(workspace: &WorkspaceId, keys: &[&str]) -> Statement {
    Statement::new(
        "WITH named AS ( \
           SELECT m.account_id FROM json_each(?2) k CROSS JOIN members m ON m.workspace_id = ?1 AND m.account_id = k.value \
           UNION SELECT m.account_id FROM json_each(?2) k CROSS JOIN members m ON m.workspace_id = ?1 AND m.email = k.value) \
         SELECT n.account_id AS holder, g.id AS id, g.role, g.scope, g.created_at AS created_at, g.created_by, \
            NULL AS group_id, NULL AS group_name \
           FROM named n CROSS JOIN grants g ON g.workspace_id = ?1 AND g.holder = n.account_id \
         UNION ALL \
         SELECT n.account_id, g.id, g.role, g.scope, g.created_at, g.created_by, gr.id, gr.name \
           FROM named n \
                CROSS JOIN group_members gm ON gm.workspace_id = ?1 AND gm.holder = n.account_id \
                CROSS JOIN groups gr ON gr.workspace_id = ?1 AND gr.id = gm.group_id \
                CROSS JOIN grants g ON g.workspace_id = ?1 AND g.holder = gm.group_id \
         ORDER BY holder, group_name, created_at, id",
        [workspace.as_str().into(), row::json_list(keys)],
    )
}

/// The grants in the answer to [`held_by`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn held_from_rows(rows: &[Row]) -> Result<Vec<HolderGrant>, StoreError> {
    let read = |row| {
        Ok(HolderGrant { holder: row::text(row, "holder")?.to_owned(), grant: row::grant(row)?, via: row::via(row)? })
    };
    rows.iter().map(read).collect()
}

/// A resource's place in the registry, as decisions need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceRow {
    /// Its name.
    pub reference: ResourceRef,
    /// Its labels.
    pub labels: crate::model::Labels,
    /// Its parent.
    pub parent: Option<ResourceRef>,
}

/// Reads these resources and their parents.
pub fn resources(workspace: &WorkspaceId, references: &[ResourceRef]) -> Statement {
    Statement::new(
        "WITH named AS ( \
           SELECT r.kind, r.id, r.labels, r.parent FROM json_each(?2) n CROSS JOIN resources r ON r.workspace_id = ?1 \
              AND r.kind = substr(n.value, 1, instr(n.value, '/') - 1) AND r.id = substr(n.value, instr(n.value, '/') + 1)) \
         SELECT kind || '/' || id AS reference, labels, parent FROM named \
         UNION \
         SELECT p.kind || '/' || p.id, p.labels, p.parent FROM named n CROSS JOIN resources p ON p.workspace_id = ?1 \
            AND p.kind = 'source' AND p.id = substr(n.parent, 8) WHERE n.parent IS NOT NULL",
        [workspace.as_str().into(), row::json_list(references)],
    )
}

/// The resources in the answer to [`resources`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn resources_from_rows(rows: &[Row]) -> Result<Vec<ResourceRow>, StoreError> {
    let read = |row| {
        let (reference, parent) = (row::parsed(row, "reference")?, row::opt_parsed(row, "parent")?);
        Ok(ResourceRow { reference, labels: row::labels(row, "labels")?, parent })
    };
    rows.iter().map(read).collect()
}

/// Reads which groups these holders are in.
pub fn groups_of(workspace: &WorkspaceId, holders: &[&str]) -> Statement {
    Statement::new(
        "SELECT gm.holder, gr.id, gr.name FROM json_each(?2) h \
           CROSS JOIN group_members gm ON gm.workspace_id = ?1 AND gm.holder = h.value \
           CROSS JOIN groups gr ON gr.workspace_id = ?1 AND gr.id = gm.group_id ORDER BY gr.name",
        [workspace.as_str().into(), row::json_list(holders)],
    )
}

/// A group's id and name.
pub type GroupName = (crate::model::GroupId, crate::model::Name);

/// The groups by holder in the answer to [`groups_of`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn groups_from_rows(rows: &[Row]) -> Result<BTreeMap<String, Vec<GroupName>>, StoreError> {
    let mut groups: BTreeMap<String, Vec<GroupName>> = BTreeMap::new();
    for row in rows {
        let group: Read<GroupName> = Ok((row::parsed(row, "id")?, row::parsed(row, "name")?));
        groups.entry(row::text(row, "holder")?.to_owned()).or_default().push(group?);
    }
    Ok(groups)
}

/// True when somebody other than this member owns the workspace, directly or through a group.
///
/// # Errors
/// When the database fails.
pub async fn has_other_owner(db: &impl Db, workspace: &WorkspaceId, account: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 AS found FROM owners WHERE workspace_id = ?1 AND account_id <> ?2 LIMIT 1";
    let rows = db.query(&Statement::new(sql, [workspace.as_str().into(), account.into()])).await?;
    Ok(!rows.is_empty())
}

/// True when the holder is in the group.
///
/// # Errors
/// When the database fails.
pub async fn is_in_group(
    db: &impl Db,
    workspace: &WorkspaceId,
    group: &crate::model::GroupId,
    holder: &str,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 AS found FROM group_members WHERE workspace_id = ?1 AND group_id = ?2 AND holder = ?3";
    let rows =
        db.query(&Statement::new(sql, [workspace.as_str().into(), group.as_str().into(), holder.into()])).await?;
    Ok(!rows.is_empty())
}
