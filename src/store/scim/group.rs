//! SCIM groups in SQL: the groups of a workspace that the provider manages.

use crate::host::{Row, Statement, Value};
use crate::model::{GroupId, Name, Timestamp, WorkspaceId};

use super::super::row::{self, Read, StoreError};
use super::{MOST, starts};

const COLUMNS: &str = "s.id, g.name, s.external_id, s.revision, s.created_at, s.updated_at";
const TABLES: &str = "scim_groups s JOIN groups g ON g.workspace_id = s.workspace_id AND g.id = s.id";

/// A group as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScimGroup {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: Name,
    /// The provider's own id.
    pub external_id: Option<String>,
    /// Rises with each change.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// Somebody in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupMember {
    /// The group.
    pub group: String,
    /// The user.
    pub user: String,
}

fn read(row: &Row) -> Read<ScimGroup> {
    Ok(ScimGroup {
        id: row::parsed(row, "id")?,
        name: row::parsed(row, "name")?,
        external_id: row::opt_text(row, "external_id")?.map(str::to_owned),
        revision: row::int(row, "revision")?,
        created_at: row::time(row, "created_at")?,
        updated_at: row::time(row, "updated_at")?,
    })
}

/// The groups in an answer.
///
/// # Errors
/// When a stored value is corrupt.
pub fn from_rows(rows: &[Row]) -> Result<Vec<ScimGroup>, StoreError> {
    rows.iter().map(read).collect()
}

/// What an indexed look-up goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// The id.
    Id(String),
    /// The displayName, without case.
    Name(String),
    /// The provider's id.
    External(String),
    /// The groups that a user is in.
    Member(String),
    /// The start of a displayName, without case.
    NameStart(String),
    /// A change at this moment or later.
    ChangedSince(Timestamp),
}

impl Key {
    /// True for what may find many.
    pub const fn is_wide(&self) -> bool {
        matches!(self, Self::Member(_) | Self::NameStart(_) | Self::ChangedSince(_))
    }
}

/// Reads the groups that a key names: one, or those of one user; of a wide key one more than [`MOST`] at most.
pub fn by_key(workspace: &WorkspaceId, key: &Key) -> Statement {
    let by = |condition: &str| {
        format!("SELECT {COLUMNS} FROM {TABLES} WHERE s.workspace_id = ?1 AND {condition} LIMIT {}", MOST + 1)
    };
    let (sql, value) = match key {
        Key::Id(id) => (by("s.id = ?2"), id.as_str().into()),
        Key::Name(name) => (by("s.name_key = ?2"), name.to_lowercase().into()),
        Key::External(id) => (by("s.external_id = ?2"), id.as_str().into()),
        Key::NameStart(start) => (by(&starts("s.name_key")), start.to_lowercase().into()),
        Key::ChangedSince(at) => (by("s.updated_at >= ?2"), at.as_ms().into()),
        Key::Member(user) => {
            let sql = format!(
                "SELECT {COLUMNS} FROM (SELECT group_id FROM group_members WHERE workspace_id = ?1 AND holder = ?2 \
                   UNION SELECT group_id FROM scim_parked WHERE workspace_id = ?1 AND user_id = ?2) f \
                 CROSS JOIN scim_groups s ON s.workspace_id = ?1 AND s.id = f.group_id \
                 JOIN groups g ON g.workspace_id = s.workspace_id AND g.id = s.id"
            );
            (sql, user.as_str().into())
        }
    };
    Statement::new(sql, [workspace.as_str().into(), value])
}

/// Reads groups in the order of their ids: so many after one, or from a place in the list on.
pub fn page(workspace: &WorkspaceId, after: &str, offset: i64, limit: i64) -> Statement {
    let sql = format!(
        "SELECT {COLUMNS} FROM {TABLES} WHERE s.workspace_id = ?1 AND s.id >= \
           (SELECT id FROM scim_groups WHERE workspace_id = ?1 AND id > ?2 ORDER BY id LIMIT 1 OFFSET ?4) \
         ORDER BY s.id LIMIT ?3"
    );
    Statement::new(sql, [workspace.as_str().into(), after.into(), limit.into(), offset.into()])
}

/// Counts the groups.
pub fn count(workspace: &WorkspaceId) -> Statement {
    Statement::new("SELECT count(*) AS total FROM scim_groups WHERE workspace_id = ?1", [workspace.as_str().into()])
}

/// Reads who is in these groups, members and those who wait to be one again; of each the given users alone where some are
/// given.
pub fn members(workspace: &WorkspaceId, groups: &[&str], users: Option<&[String]>) -> Statement {
    let (joined, parked) = match users {
        None => ("", ""),
        Some(_) => (
            " AND gm.holder IN (SELECT value FROM json_each(?3))",
            " AND p.user_id IN (SELECT value FROM json_each(?3))",
        ),
    };
    let sql = format!(
        "SELECT gm.group_id, gm.holder AS user_id FROM json_each(?2) g \
           CROSS JOIN group_members gm ON gm.workspace_id = ?1 AND gm.group_id = g.value{joined} \
         UNION ALL SELECT p.group_id, p.user_id FROM json_each(?2) g \
           CROSS JOIN scim_parked p ON p.workspace_id = ?1 AND p.group_id = g.value{parked}"
    );
    let mut values = vec![Value::from(workspace.as_str()), row::json_list(groups)];
    values.extend(users.map(row::json_list));
    Statement::new(sql, values)
}

/// Who is in the answer to [`members`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn members_from_rows(rows: &[Row]) -> Result<Vec<GroupMember>, StoreError> {
    let read = |row| {
        let text = |column| row::text(row, column).map(str::to_owned);
        Ok(GroupMember { group: text("group_id")?, user: text("user_id")? })
    };
    rows.iter().map(read).collect()
}

/// Reads which of these users there are.
pub fn known(workspace: &WorkspaceId, users: &[String]) -> Statement {
    Statement::new(
        "SELECT u.id, u.active FROM json_each(?2) k CROSS JOIN scim_users u ON u.workspace_id = ?1 AND u.id = k.value",
        [workspace.as_str().into(), row::json_list(users)],
    )
}

/// The users in the answer to [`known`], each with whether they are a member.
///
/// # Errors
/// When a stored value is corrupt.
pub fn known_from_rows(rows: &[Row]) -> Result<Vec<(String, bool)>, StoreError> {
    rows.iter().map(|row| Ok((row::text(row, "id")?.to_owned(), row::int(row, "active")? == 1))).collect()
}

/// Adds a group.
pub fn insert(workspace: &WorkspaceId, group: &ScimGroup) -> [Statement; 2] {
    let values = || {
        [
            workspace.as_str().into(),
            group.id.as_str().into(),
            group.name.as_str().into(),
            group.created_at.as_ms().into(),
            group.name.as_str().to_lowercase().into(),
            group.external_id.as_deref().into(),
        ]
    };
    [
        Statement::new(
            "INSERT INTO groups (workspace_id, id, name, managed_by, created_at) SELECT ?1, ?2, ?3, 'scim', ?4 \
              WHERE ?5 IS NOT NULL OR ?6 IS NOT NULL",
            values(),
        ),
        Statement::new(
            "INSERT INTO scim_groups (workspace_id, id, name_key, external_id, created_at, updated_at) \
             SELECT ?1, ?2, ?5, ?6, ?4, ?4 WHERE ?3 IS NOT NULL",
            values(),
        ),
    ]
}

/// Writes down a group's name and the provider's id, and that something about it has changed.
pub fn update(workspace: &WorkspaceId, group: &ScimGroup, now: Timestamp) -> [Statement; 2] {
    [
        super::super::group::rename(workspace, &group.id, &group.name),
        Statement::new(
            "UPDATE scim_groups SET name_key = ?3, external_id = ?4, revision = revision + 1, updated_at = ?5 \
              WHERE workspace_id = ?1 AND id = ?2",
            [
                workspace.as_str().into(),
                group.id.as_str().into(),
                group.name.as_str().to_lowercase().into(),
                group.external_id.as_deref().into(),
                now.as_ms().into(),
            ],
        ),
    ]
}

/// Notes that who is in a group has changed.
pub fn touch(workspace: &WorkspaceId, id: &GroupId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE scim_groups SET revision = revision + 1, updated_at = ?3 WHERE workspace_id = ?1 AND id = ?2",
        [workspace.as_str().into(), id.as_str().into(), now.as_ms().into()],
    )
}

/// Aborts unless the group is there; with a revision, unless it is as it was read.
pub fn guard(workspace: &WorkspaceId, id: &GroupId, revision: Option<i64>) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'state' WHERE NOT EXISTS \
           (SELECT 1 FROM scim_groups WHERE workspace_id = ?1 AND id = ?2 AND revision = coalesce(?3, revision))",
        [workspace.as_str().into(), id.as_str().into(), revision.into()],
    )
}

/// Lets users into a group: members at once, others once they are one.
pub fn admit(workspace: &WorkspaceId, id: &GroupId, users: &[String], now: Timestamp) -> [Statement; 2] {
    let values = || [workspace.as_str().into(), id.as_str().into(), row::json_list(users), now.as_ms().into()];
    [
        Statement::new(
            "INSERT INTO group_members (workspace_id, group_id, holder, created_at) SELECT ?1, ?2, m.account_id, ?4 \
               FROM json_each(?3) u CROSS JOIN members m ON m.workspace_id = ?1 AND m.account_id = u.value \
              WHERE true ON CONFLICT DO NOTHING",
            values(),
        ),
        Statement::new(
            "INSERT INTO scim_parked (workspace_id, group_id, user_id) SELECT ?1, ?2, s.id FROM json_each(?3) u \
               CROSS JOIN scim_users s ON s.workspace_id = ?1 AND s.id = u.value AND s.active = 0 \
              WHERE ?4 IS NOT NULL ON CONFLICT DO NOTHING",
            values(),
        ),
    ]
}

/// Takes users out of a group.
pub fn expel(workspace: &WorkspaceId, id: &GroupId, users: &[String]) -> [Statement; 2] {
    take_out(workspace, id, "IN", users)
}

/// Takes everyone out of a group but these users.
pub fn expel_others(workspace: &WorkspaceId, id: &GroupId, users: &[String]) -> [Statement; 2] {
    take_out(workspace, id, "NOT IN", users)
}

fn take_out(workspace: &WorkspaceId, id: &GroupId, which: &str, users: &[String]) -> [Statement; 2] {
    [("group_members", "holder"), ("scim_parked", "user_id")].map(|(table, column)| {
        let sql = format!(
            "DELETE FROM {table} WHERE workspace_id = ?1 AND group_id = ?2 AND {column} {which} (SELECT value FROM json_each(?3))"
        );
        Statement::new(sql, [workspace.as_str().into(), id.as_str().into(), row::json_list(users)])
    })
}

/// Deletes a group. Who was in it stays a member, without what it gave.
pub fn delete(workspace: &WorkspaceId, id: &GroupId) -> Vec<Statement> {
    let of = |sql: &'static str| Statement::new(sql, [workspace.as_str().into(), id.as_str().into()]);
    let mut statements = vec![
        of("DELETE FROM scim_parked WHERE workspace_id = ?1 AND group_id = ?2"),
        of("DELETE FROM scim_groups WHERE workspace_id = ?1 AND id = ?2"),
    ];
    statements.extend(super::super::group::delete(workspace, id));
    statements
}
