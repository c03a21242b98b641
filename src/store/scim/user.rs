//! SCIM users in SQL: each member, and each whom the provider may bring back.

use crate::host::{Db, Row, Statement, Value};
use crate::model::{AccountId, Email, GroupId, Name, Provision, Timestamp, WorkspaceId};

use super::super::page::{Page, Paged};
use super::super::row::{self, Read, StoreError};
use super::{MOST, starts};

const COLUMNS: &str = "u.id, u.external_id, u.active, u.removed_here, u.document, u.revision, u.created_at, u.updated_at, u.left_at, \
    a.email AS email, coalesce(m.name, a.name) AS name, m.provisioned_by";
const TABLES: &str = "scim_users u JOIN accounts a ON a.id = u.id \
    LEFT JOIN members m ON m.workspace_id = u.workspace_id AND m.account_id = u.id";
/// Who is no member.
const AWAY: &str = "scim_users u INDEXED BY scim_users_inactive CROSS JOIN accounts a ON a.id = u.id \
    LEFT JOIN members m ON m.workspace_id = u.workspace_id AND m.account_id = u.id";

/// A user as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScimUser {
    /// The account's id.
    pub id: AccountId,
    /// The provider's own id.
    pub external_id: Option<String>,
    /// True for a member.
    pub is_active: bool,
    /// True for somebody who was taken out here, and not by the provider.
    pub is_removed_here: bool,
    /// What the provider sent; `None` of somebody of whom it said nothing yet.
    pub document: Option<String>,
    /// Rises with each change.
    pub revision: i64,
    /// Since when they are known.
    pub created_at: Timestamp,
    /// When they were changed last.
    pub updated_at: Timestamp,
    /// When they were taken out; `None` for who never was a member.
    pub left_at: Option<Timestamp>,
    /// The account's address.
    pub email: Email,
    /// The name in this workspace.
    pub name: Name,
    /// How the member came; `None` for who is none.
    pub provisioned_by: Option<Provision>,
}

fn read(row: &Row) -> Read<ScimUser> {
    Ok(ScimUser {
        id: row::parsed(row, "id")?,
        external_id: row::opt_text(row, "external_id")?.map(str::to_owned),
        is_active: row::int(row, "active")? == 1,
        is_removed_here: row::int(row, "removed_here")? == 1,
        document: row::opt_text(row, "document")?.map(str::to_owned),
        revision: row::int(row, "revision")?,
        created_at: row::time(row, "created_at")?,
        updated_at: row::time(row, "updated_at")?,
        left_at: row::opt_time(row, "left_at")?,
        email: row::parsed(row, "email")?,
        name: row::parsed(row, "name")?,
        provisioned_by: row::opt_parsed(row, "provisioned_by")?,
    })
}

/// The users in an answer.
///
/// # Errors
/// When a stored value is corrupt.
pub fn from_rows(rows: &[Row]) -> Result<Vec<ScimUser>, StoreError> {
    rows.iter().map(read).collect()
}

/// What an indexed look-up goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// The id.
    Id(String),
    /// The userName, without case.
    Name(String),
    /// The provider's id.
    External(String),
    /// An address.
    Email(String),
    /// The start of a userName, without case.
    NameStart(String),
    /// A change at this moment or later.
    ChangedSince(Timestamp),
}

impl Key {
    /// True for what may find many.
    pub const fn is_wide(&self) -> bool {
        matches!(self, Self::NameStart(_) | Self::ChangedSince(_))
    }
}

/// Reads the users that a key names: one or few; of a wide key one more than [`MOST`] at most.
pub fn by_key(workspace: &WorkspaceId, key: &Key) -> Statement {
    let by = |condition: &str| {
        format!("SELECT {COLUMNS} FROM {TABLES} WHERE u.workspace_id = ?1 AND {condition} LIMIT {}", MOST + 1)
    };
    let (sql, value) = match key {
        Key::Id(id) => (by("u.id = ?2"), id.as_str().into()),
        Key::Name(name) => (by("u.user_key = ?2"), name.to_lowercase().into()),
        Key::External(id) => (by("u.external_id = ?2"), id.as_str().into()),
        Key::NameStart(start) => (by(&starts("u.user_key")), start.to_lowercase().into()),
        Key::ChangedSince(at) => (by("u.updated_at >= ?2"), at.as_ms().into()),
        Key::Email(email) => {
            let sql = format!(
                "SELECT {COLUMNS} FROM (SELECT user_id FROM scim_emails WHERE workspace_id = ?1 AND value = ?2 \
                   UNION SELECT x.id FROM accounts y CROSS JOIN scim_users x ON x.workspace_id = ?1 AND x.id = y.id WHERE y.email = ?2) f \
                 CROSS JOIN scim_users u ON u.workspace_id = ?1 AND u.id = f.user_id JOIN accounts a ON a.id = u.id \
                 LEFT JOIN members m ON m.workspace_id = u.workspace_id AND m.account_id = u.id"
            );
            (sql, email.to_lowercase().into())
        }
    };
    Statement::new(sql, [workspace.as_str().into(), value])
}

/// Reads users in the order of their ids: so many after one, or from a place in the list on; where it is said, those alone who
/// are active or those who aren't.
pub fn page(workspace: &WorkspaceId, is_active: Option<bool>, after: &str, offset: i64, limit: i64) -> Statement {
    let (tables, key, id, inactive, listed) = match is_active {
        None => (TABLES, "u", "id", "", "scim_users"),
        Some(false) => (AWAY, "u", "id", " AND active = 0", "scim_users INDEXED BY scim_users_inactive"),
        Some(true) => (
            "members m CROSS JOIN scim_users u ON u.workspace_id = m.workspace_id AND u.id = m.account_id \
               CROSS JOIN accounts a ON a.id = m.account_id",
            "m",
            "account_id",
            "",
            "members",
        ),
    };
    // Who is passed over is counted in the index alone.
    let sql = format!(
        "SELECT {COLUMNS} FROM {tables} WHERE {key}.workspace_id = ?1{inactive} AND {key}.{id} >= \
           (SELECT {id} FROM {listed} WHERE workspace_id = ?1{inactive} AND {id} > ?2 ORDER BY {id} LIMIT 1 OFFSET ?4) \
         ORDER BY {key}.{id} LIMIT ?3"
    );
    Statement::new(sql, [workspace.as_str().into(), after.into(), limit.into(), offset.into()])
}

/// Reads people who are no members, those who were taken out here or those whom the provider took out, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn list_away(
    db: &impl Db,
    workspace: &WorkspaceId,
    is_removed_here: Option<bool>,
    page: &Page,
) -> Result<Paged<ScimUser>, StoreError> {
    let (tables, condition) = match is_removed_here {
        None => (AWAY.to_owned(), "?4 IS NULL"),
        Some(_) => (AWAY.replace("scim_users_inactive", "scim_users_away"), "u.removed_here = ?4"),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM {tables} WHERE u.workspace_id = ?1 AND u.active = 0 AND {condition} AND u.id > ?2 ORDER BY u.id LIMIT ?3"
    );
    let after = page.after.as_deref().unwrap_or_default();
    let values =
        [workspace.as_str().into(), after.into(), (page.limit + 1).into(), is_removed_here.map(i64::from).into()];
    Ok(Paged::cut(from_rows(&db.query(&Statement::new(sql, values)).await?)?, page))
}

/// Counts the users: the members, whose number is kept, and those who are none; or one of both.
pub fn count(workspace: &WorkspaceId, is_active: Option<bool>) -> Statement {
    let inactive =
        "(SELECT count(*) FROM scim_users INDEXED BY scim_users_inactive WHERE workspace_id = ?1 AND active = 0)";
    let total = match is_active {
        None => format!("member_count + {inactive}"),
        Some(true) => "member_count".to_owned(),
        Some(false) => inactive.to_owned(),
    };
    Statement::new(format!("SELECT {total} AS total FROM workspaces WHERE id = ?1"), [workspace.as_str().into()])
}

/// The number in an answer to a count.
///
/// # Errors
/// When there is none.
pub fn total_from_rows(rows: &[Row]) -> Result<i64, StoreError> {
    rows.first().map_or(Err(StoreError::Corrupt("total")), |row| row::int(row, "total"))
}

/// Reads the groups of the provider that these users are in or wait for.
pub fn groups_of(workspace: &WorkspaceId, users: &[&str]) -> Statement {
    Statement::new(
        "SELECT gm.holder AS user_id, g.id, g.name FROM json_each(?2) h \
           CROSS JOIN group_members gm ON gm.workspace_id = ?1 AND gm.holder = h.value \
           CROSS JOIN scim_groups s ON s.workspace_id = ?1 AND s.id = gm.group_id \
           CROSS JOIN groups g ON g.workspace_id = ?1 AND g.id = gm.group_id \
         UNION ALL SELECT p.user_id, g.id, g.name FROM json_each(?2) h \
           CROSS JOIN scim_parked p ON p.workspace_id = ?1 AND p.user_id = h.value \
           CROSS JOIN groups g ON g.workspace_id = ?1 AND g.id = p.group_id ORDER BY 3",
        [workspace.as_str().into(), row::json_list(users)],
    )
}

/// The groups in the answer to [`groups_of`]: user, group and its name.
///
/// # Errors
/// When a stored value is corrupt.
pub fn groups_from_rows(rows: &[Row]) -> Result<Vec<(String, GroupId, String)>, StoreError> {
    let read = |row| {
        let text = |column| row::text(row, column).map(str::to_owned);
        Ok((text("user_id")?, row::parsed(row, "id")?, text("name")?))
    };
    rows.iter().map(read).collect()
}

/// What the provider says of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described<'a> {
    /// The account's id.
    pub id: &'a AccountId,
    /// The userName.
    pub user_name: &'a str,
    /// The provider's id.
    pub external_id: Option<&'a str>,
    /// Whether they are to be a member.
    pub is_active: bool,
    /// All of it.
    pub document: String,
}

fn values(workspace: &WorkspaceId, user: &Described<'_>, now: Timestamp) -> Vec<Value> {
    vec![
        workspace.as_str().into(),
        user.id.as_str().into(),
        user.user_name.to_lowercase().into(),
        user.external_id.into(),
        i64::from(user.is_active).into(),
        user.document.as_str().into(),
        now.as_ms().into(),
    ]
}

/// Adds a user who is no member, or comes before the member that they are to be.
pub fn insert(workspace: &WorkspaceId, user: &Described<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO scim_users (workspace_id, id, user_key, external_id, active, created_at, updated_at) \
         SELECT ?1, ?2, ?3, ?4, ?5, ?7, ?7 WHERE ?6 IS NOT NULL",
        values(workspace, user, now),
    )
}

/// Writes down what the provider says of a user.
pub fn update(workspace: &WorkspaceId, user: &Described<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE scim_users SET user_key = ?3, external_id = ?4, active = ?5, document = ?6, \
           removed_here = CASE ?5 WHEN 1 THEN 0 ELSE removed_here END, \
           revision = revision + 1, updated_at = ?7 WHERE workspace_id = ?1 AND id = ?2",
        values(workspace, user, now),
    )
}

/// Aborts unless the user is as it was read.
pub fn guard(workspace: &WorkspaceId, user: &ScimUser) -> Statement {
    Statement::new(
        "INSERT INTO guards (name) SELECT 'state' WHERE NOT EXISTS \
           (SELECT 1 FROM scim_users WHERE workspace_id = ?1 AND id = ?2 AND revision = ?3)",
        [workspace.as_str().into(), user.id.as_str().into(), user.revision.into()],
    )
}

/// Has a user be no member from now on: the membership is deleted by the statements after this.
pub fn deactivate(workspace: &WorkspaceId, id: &AccountId) -> Statement {
    let sql = "UPDATE scim_users SET active = 0 WHERE workspace_id = ?1 AND id = ?2";
    Statement::new(sql, [workspace.as_str().into(), id.as_str().into()])
}

/// Notes that the provider no longer wants somebody in who was taken out here: it won't bring them back by itself.
pub fn let_go(workspace: &WorkspaceId, id: &AccountId) -> Statement {
    let sql = "UPDATE scim_users SET removed_here = 0 WHERE workspace_id = ?1 AND id = ?2";
    Statement::new(sql, [workspace.as_str().into(), id.as_str().into()])
}

/// Notes when somebody left. Comes before the membership is deleted, since a trigger then forgets whom the provider never described.
pub fn leave(workspace: &WorkspaceId, id: &AccountId, now: Timestamp) -> Statement {
    let sql = "UPDATE scim_users SET left_at = ?3, updated_at = ?3 WHERE workspace_id = ?1 AND id = ?2";
    Statement::new(sql, [workspace.as_str().into(), id.as_str().into(), now.as_ms().into()])
}

/// Forgets a user, with the groups that waited for them.
pub fn delete(workspace: &WorkspaceId, id: &AccountId) -> [Statement; 2] {
    let of = |sql: &'static str| Statement::new(sql, [workspace.as_str().into(), id.as_str().into()]);
    [
        of("DELETE FROM scim_parked WHERE workspace_id = ?1 AND user_id = ?2"),
        of("DELETE FROM scim_users WHERE workspace_id = ?1 AND id = ?2"),
    ]
}

/// Keeps in mind which groups of the provider somebody is in who is about to leave.
pub fn park(workspace: &WorkspaceId, id: &AccountId) -> Statement {
    Statement::new(
        "INSERT OR IGNORE INTO scim_parked (workspace_id, group_id, user_id) \
         SELECT ?1, gm.group_id, gm.holder FROM group_members gm \
           CROSS JOIN scim_groups s ON s.workspace_id = ?1 AND s.id = gm.group_id WHERE gm.workspace_id = ?1 AND gm.holder = ?2",
        [workspace.as_str().into(), id.as_str().into()],
    )
}

/// Ends the sessions of somebody that open this workspace alone, or were opened by one of its connections.
pub fn end_sessions(workspace: &WorkspaceId, id: &AccountId) -> Statement {
    Statement::new(
        "DELETE FROM sessions WHERE account_id = ?2 AND (workspace_id = ?1 \
           OR connection_id IN (SELECT id FROM sso_connections WHERE workspace_id = ?1))",
        [workspace.as_str().into(), id.as_str().into()],
    )
}

/// Reads whether an account belongs to another workspace too: as a member, or as somebody whom its provider knows.
pub fn elsewhere(workspace: &WorkspaceId, id: &AccountId) -> Statement {
    Statement::new(
        "SELECT 1 AS found FROM members WHERE account_id = ?2 AND workspace_id <> ?1 \
         UNION ALL SELECT 1 FROM scim_users WHERE id = ?2 AND workspace_id <> ?1 LIMIT 1",
        [workspace.as_str().into(), id.as_str().into()],
    )
}

/// Gives an account another address, unless it has come to belong to another workspace.
pub fn change_email(workspace: &WorkspaceId, id: &AccountId, email: &Email) -> [Statement; 3] {
    let values = || [workspace.as_str().into(), id.as_str().into(), email.as_str().into()];
    [
        Statement::new(
            "INSERT INTO guards (name) SELECT 'state' WHERE EXISTS (SELECT 1 FROM members WHERE account_id = ?2 AND workspace_id <> ?1) \
               OR EXISTS (SELECT 1 FROM scim_users WHERE id = ?2 AND workspace_id <> ?1) \
               OR EXISTS (SELECT 1 FROM accounts WHERE email = ?3 AND id <> ?2)",
            values(),
        ),
        Statement::new("UPDATE accounts SET email = ?3 WHERE id = ?2 AND ?1 IS NOT NULL", values()),
        Statement::new("UPDATE members SET email = ?3 WHERE workspace_id = ?1 AND account_id = ?2", values()),
    ]
}
