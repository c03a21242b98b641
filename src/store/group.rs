//! Groups in SQL.

use crate::host::{Db, Row, Statement};
use crate::model::{Group, GroupId, Name, Timestamp, WorkspaceId};

use super::access::GroupName;
use super::page::{Page, Paged};
use super::row::{self, Read, StoreError};

const COLUMNS: &str = "g.id, g.name, g.managed_by, g.created_at";

/// Somebody in a group: a member by account, or an invitee by invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The account's or invite's id.
    pub holder: String,
    /// The address.
    pub email: String,
    /// The name, where one is known.
    pub name: Option<String>,
    /// True for a member, false for an invitee.
    pub is_member: bool,
}

fn read(row: &Row) -> Read<Group> {
    Ok(Group {
        id: row::parsed(row, "id")?,
        name: row::parsed(row, "name")?,
        is_managed: row::opt_text(row, "managed_by")?.is_some(),
        created_at: row::time(row, "created_at")?,
    })
}

/// Reads the names of these groups.
pub fn by_ids<T: ToString>(workspace: &WorkspaceId, ids: impl IntoIterator<Item = T>) -> Statement {
    let sql = "SELECT g.id, g.name FROM json_each(?2) i CROSS JOIN groups g ON g.workspace_id = ?1 AND g.id = i.value";
    Statement::new(sql, [workspace.as_str().into(), row::json_list(ids)])
}

/// Reads the groups of these ids or exact names that people may be let into by hand: no identity provider manages them.
pub fn by_keys<T: ToString>(workspace: &WorkspaceId, keys: impl IntoIterator<Item = T>) -> Statement {
    let sql = "SELECT g.id, g.name FROM json_each(?2) k CROSS JOIN groups g ON g.workspace_id = ?1 AND g.id = k.value \
         WHERE g.managed_by IS NULL UNION \
         SELECT g.id, g.name FROM json_each(?2) k CROSS JOIN groups g ON g.workspace_id = ?1 AND g.name = k.value \
         WHERE g.managed_by IS NULL";
    Statement::new(sql, [workspace.as_str().into(), row::json_list(keys)])
}

/// Reads which groups have one of these names.
pub fn by_names<T: ToString>(workspace: &WorkspaceId, names: impl IntoIterator<Item = T>) -> Statement {
    let sql =
        "SELECT g.id, g.name FROM json_each(?2) n CROSS JOIN groups g ON g.workspace_id = ?1 AND g.name = n.value";
    Statement::new(sql, [workspace.as_str().into(), row::json_list(names)])
}

/// The groups in the answer to [`by_ids`] or [`by_keys`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn names_from_rows(rows: &[Row]) -> Result<Vec<GroupName>, StoreError> {
    rows.iter().map(|row| Ok((row::parsed(row, "id")?, row::parsed(row, "name")?))).collect()
}

/// The groups of these ids, with their names, that people may be let into by hand.
///
/// # Errors
/// When the database fails.
pub async fn names(db: &impl Db, workspace: &WorkspaceId, ids: &[String]) -> Result<Vec<GroupName>, StoreError> {
    names_from_rows(&db.query(&by_keys(workspace, ids)).await?)
}

/// The group with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl Db, workspace: &WorkspaceId, id: &GroupId) -> Result<Option<Group>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM groups g WHERE g.workspace_id = ?1 AND g.id = ?2");
    db.query(&Statement::new(sql, [workspace.as_str().into(), id.as_str().into()])).await?.first().map(read).transpose()
}

/// The group of this name.
///
/// # Errors
/// When the database fails.
pub async fn find_by_name(db: &impl Db, workspace: &WorkspaceId, name: &Name) -> Result<Option<Group>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM groups g WHERE g.workspace_id = ?1 AND g.name = ?2");
    db.query(&Statement::new(sql, [workspace.as_str().into(), name.as_str().into()]))
        .await?
        .first()
        .map(read)
        .transpose()
}

/// A page of groups by name.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl Db, workspace: &WorkspaceId, page: &Page) -> Result<Paged<Group>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM groups g WHERE g.workspace_id = ?1 AND g.name > ?2 ORDER BY g.name LIMIT ?3");
    let values = [workspace.as_str().into(), page.after.as_deref().unwrap_or("").into(), (page.limit + 1).into()];
    let rows = db.query(&Statement::new(sql, values)).await?;
    Ok(Paged::cut(rows.iter().map(read).collect::<Read<Vec<_>>>()?, page))
}

/// A page of those in a group, members and invitees, by id.
///
/// # Errors
/// When the database fails.
pub async fn list_joined(
    db: &impl Db,
    workspace: &WorkspaceId,
    group: &GroupId,
    page: &Page,
) -> Result<Paged<Joined>, StoreError> {
    let sql = "SELECT gm.holder, coalesce(m.email, i.email) AS email, coalesce(m.name, i.name) AS name, \
            m.account_id IS NOT NULL AS is_member FROM group_members gm \
          LEFT JOIN members m ON m.workspace_id = gm.workspace_id AND m.account_id = gm.holder \
          LEFT JOIN invites i ON i.workspace_id = gm.workspace_id AND i.id = gm.holder \
         WHERE gm.workspace_id = ?1 AND gm.group_id = ?2 AND gm.holder > ?3 ORDER BY gm.holder LIMIT ?4";
    let after = page.after.as_deref().unwrap_or("");
    let values = [workspace.as_str().into(), group.as_str().into(), after.into(), (page.limit + 1).into()];
    let rows = db.query(&Statement::new(sql, values)).await?;
    let read = |row| {
        Ok(Joined {
            holder: row::text(row, "holder")?.to_owned(),
            email: row::text(row, "email")?.to_owned(),
            name: row::opt_text(row, "name")?.map(str::to_owned),
            is_member: row::int(row, "is_member")? == 1,
        })
    };
    Ok(Paged::cut(rows.iter().map(read).collect::<Read<Vec<_>>>()?, page))
}

/// Reads who goes by these account ids or addresses: members, and invitees whose invite is open.
pub fn holders_by_keys(workspace: &WorkspaceId, keys: &[String], now: Timestamp) -> Statement {
    let sql = "SELECT k.value AS key, m.account_id AS holder FROM json_each(?2) k \
           CROSS JOIN members m ON m.workspace_id = ?1 AND m.account_id = k.value \
         UNION ALL SELECT k.value, m.account_id FROM json_each(?2) k \
           CROSS JOIN members m ON m.workspace_id = ?1 AND m.email = k.value \
         UNION ALL SELECT k.value, i.id FROM json_each(?2) k \
           CROSS JOIN invites i ON i.workspace_id = ?1 AND i.email = k.value AND i.status = 'pending' AND i.expires_at > ?3";
    Statement::new(sql, [workspace.as_str().into(), row::json_list(keys), now.as_ms().into()])
}

/// Who goes by these account ids or addresses, as pairs of key and holder.
///
/// # Errors
/// When the database fails.
pub async fn holders(
    db: &impl Db,
    workspace: &WorkspaceId,
    keys: &[String],
    now: Timestamp,
) -> Result<Vec<(String, String)>, StoreError> {
    let rows = db.query(&holders_by_keys(workspace, keys, now)).await?;
    rows.iter().map(|row| Ok((row::text(row, "key")?.to_owned(), row::text(row, "holder")?.to_owned()))).collect()
}

/// Adds a group.
pub fn insert(workspace: &WorkspaceId, group: &Group) -> Statement {
    Statement::new(
        "INSERT INTO groups (workspace_id, id, name, created_at) VALUES (?1, ?2, ?3, ?4)",
        [
            workspace.as_str().into(),
            group.id.as_str().into(),
            group.name.as_str().into(),
            group.created_at.as_ms().into(),
        ],
    )
}

/// Renames a group.
pub fn rename(workspace: &WorkspaceId, id: &GroupId, name: &Name) -> Statement {
    let sql = "UPDATE groups SET name = ?3 WHERE workspace_id = ?1 AND id = ?2";
    Statement::new(sql, [workspace.as_str().into(), id.as_str().into(), name.as_str().into()])
}

/// Deletes a group: its members stay members, without what it gave.
pub fn delete(workspace: &WorkspaceId, id: &GroupId) -> Vec<Statement> {
    let values = || [workspace.as_str().into(), id.as_str().into()];
    vec![
        super::grant::delete_all(workspace, id.as_str()),
        Statement::new("DELETE FROM group_members WHERE workspace_id = ?1 AND group_id = ?2", values()),
        Statement::new("DELETE FROM groups WHERE workspace_id = ?1 AND id = ?2", values()),
    ]
}

/// Lets members and invitees into groups: pairs of a holder and a group.
pub fn join<'a>(
    workspace: &WorkspaceId,
    pairs: impl IntoIterator<Item = (&'a str, &'a GroupId)>,
    now: Timestamp,
) -> Vec<Statement> {
    let sql = "INSERT INTO group_members (workspace_id, group_id, holder, created_at) \
         SELECT ?1, value ->> 1, value ->> 0, ?3 FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING";
    let rows = pairs.into_iter().map(|(holder, group)| (holder, group.as_str()));
    let parts = row::parts(rows).into_iter();
    parts.map(|part| Statement::new(sql, [workspace.as_str().into(), part, now.as_ms().into()])).collect()
}

/// Lets members and invitees into a group.
pub fn admit(workspace: &WorkspaceId, group: &GroupId, holders: &[String], now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO group_members (workspace_id, group_id, holder, created_at) SELECT ?1, ?2, value, ?4 FROM json_each(?3) \
          WHERE true ON CONFLICT DO NOTHING",
        [workspace.as_str().into(), group.as_str().into(), row::json_list(holders), now.as_ms().into()],
    )
}

/// Takes a member or an invitee out of a group.
pub fn expel(workspace: &WorkspaceId, group: &GroupId, holder: &str) -> Statement {
    Statement::new(
        "DELETE FROM group_members WHERE workspace_id = ?1 AND group_id = ?2 AND holder = ?3",
        [workspace.as_str().into(), group.as_str().into(), holder.into()],
    )
}

/// Aborts unless each of these holders still is a member or an open invite.
pub fn guard_holders(workspace: &WorkspaceId, holders: &[String]) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'state' FROM json_each(?2) h WHERE \
           NOT EXISTS (SELECT 1 FROM members m WHERE m.workspace_id = ?1 AND m.account_id = h.value) AND \
           NOT EXISTS (SELECT 1 FROM invites i WHERE i.workspace_id = ?1 AND i.id = h.value AND i.status IN ('pending', 'expired'))",
        [workspace.as_str().into(), row::json_list(holders)],
    )
}

/// Aborts unless the group exists.
pub fn guard(workspace: &WorkspaceId, group: &GroupId) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'state' WHERE NOT EXISTS (SELECT 1 FROM groups WHERE workspace_id = ?1 AND id = ?2)",
        [workspace.as_str().into(), group.as_str().into()],
    )
}
