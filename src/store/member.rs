//! Members in SQL.

use crate::host::{Db, Row, Statement, Value};
use crate::model::{AccountId, Email, InviteId, Member, Provision, ResourceRef, Role, Timestamp, WorkspaceId};

use super::page::{Page, Paged};
use super::row::{self, Read, StoreError};
use super::{access, grant};

pub(super) const COLUMNS: &str =
    "m.account_id, m.email, m.name, m.provisioned_by, m.joined_at, m.last_active_at, m.sso_exempt";

/// The order of a list of members.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By address.
    #[default]
    Email,
    /// The most recently active first, the never active last.
    LastActive,
    /// The first to join first.
    Joined,
}

/// Which members a list holds; an empty filter holds all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Address or name starts with this, without case.
    pub q: Option<String>,
    /// Holds this role, directly or through a group.
    pub role: Option<Role>,
    /// Is in this group.
    pub group: Option<String>,
    /// Holds a grant on this resource, directly or through a group.
    pub resource: Option<ResourceRef>,
    /// Wasn't active since; counts from joining for who never was.
    pub inactive_since: Option<Timestamp>,
    /// Came this way.
    pub provisioned_by: Option<Provision>,
}

/// The columns of a member.
pub(super) fn read(row: &Row) -> Read<Member> {
    Ok(Member {
        id: row::parsed(row, "account_id")?,
        email: row::parsed(row, "email")?,
        name: row::parsed(row, "name")?,
        provisioned_by: row::parsed(row, "provisioned_by")?,
        joined_at: row::time(row, "joined_at")?,
        last_active_at: row::opt_int(row, "last_active_at")?.map(Timestamp::from_ms),
        is_sso_exempt: row::int(row, "sso_exempt")? == 1,
    })
}

/// Reads the members with these account ids or addresses.
pub fn by_keys(workspace: &WorkspaceId, keys: &[&str]) -> Statement {
    let sql = format!(
        "SELECT {COLUMNS} FROM json_each(?2) k CROSS JOIN members m ON m.workspace_id = ?1 AND m.account_id = k.value \
         UNION SELECT {COLUMNS} FROM json_each(?2) k CROSS JOIN members m ON m.workspace_id = ?1 AND m.email = k.value"
    );
    Statement::new(sql, [workspace.as_str().into(), row::json_list(keys)])
}

/// The members in the answer to [`by_keys`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn from_rows(rows: &[Row]) -> Result<Vec<Member>, StoreError> {
    rows.iter().map(read).collect()
}

/// The member with this account id or address.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl Db, workspace: &WorkspaceId, key: &str) -> Result<Option<Member>, StoreError> {
    Ok(from_rows(&db.query(&by_keys(workspace, &[key])).await?)?.into_iter().next())
}

/// A page of members and the cursor key of the last one.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl Db,
    workspace: &WorkspaceId,
    filter: &Filter,
    sort: Sort,
    page: &Page,
) -> Result<(Paged<Member>, Option<String>), StoreError> {
    let rows = db.query(&list_statement(workspace, filter, sort, page)).await?;
    let paged = Paged::cut(rows.iter().map(read).collect::<Read<Vec<_>>>()?, page);
    let next = paged.rows.last().filter(|_| paged.has_more).map(|last| key(last, sort));
    Ok((paged, next))
}

/// What the next page starts after: the sorted value and the id.
fn key(member: &Member, sort: Sort) -> String {
    match sort {
        Sort::Email => member.email.to_string(),
        Sort::LastActive => format!("{}:{}", member.last_active_at.map_or(-1, Timestamp::as_ms), member.id),
        Sort::Joined => format!("{}:{}", member.joined_at.as_ms(), member.id),
    }
}

/// SQL conditions with their values, numbered as they come.
struct Conditions {
    sql: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    /// Adds a condition; each `?` in it is one of the values.
    fn add(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        let mut numbered = String::new();
        let mut values = values.into_iter();
        for part in sql.split_inclusive('?') {
            numbered.push_str(part);
            if part.ends_with('?') {
                self.values.extend(values.next());
                numbered.push_str(&self.values.len().to_string());
            }
        }
        self.sql.push(numbered);
    }
}

fn list_statement(workspace: &WorkspaceId, filter: &Filter, sort: Sort, page: &Page) -> Statement {
    let mut conditions = Conditions { sql: Vec::new(), values: Vec::new() };
    conditions.add("m.workspace_id = ?", [workspace.as_str().into()]);
    add_filter(&mut conditions, filter);
    add_start(&mut conditions, sort, page.after.as_deref());
    let order = match sort {
        Sort::Email => "m.email",
        Sort::LastActive => "coalesce(m.last_active_at, -1) DESC, m.account_id DESC",
        Sort::Joined => "m.joined_at, m.account_id",
    };
    let Conditions { sql, mut values } = conditions;
    values.push((page.limit + 1).into());
    let filters = sql.join(" AND ");
    let text = format!("SELECT {COLUMNS} FROM members m WHERE {filters} ORDER BY {order} LIMIT ?{}", values.len());
    Statement::new(text, values)
}

fn add_filter(conditions: &mut Conditions, filter: &Filter) {
    const HELD: &str = "SELECT 1 FROM grants g WHERE g.workspace_id = m.workspace_id AND (g.holder = m.account_id \
        OR g.holder IN (SELECT group_id FROM group_members gm WHERE gm.workspace_id = m.workspace_id AND gm.holder = m.account_id))";
    if let Some(q) = &filter.q {
        let (from, to): (Value, Value) = (q.to_lowercase().into(), format!("{}\u{10FFFF}", q.to_lowercase()).into());
        let sql = "((m.email >= ? AND m.email < ?) OR (m.name_key >= ? AND m.name_key < ?))";
        conditions.add(sql, [from.clone(), to.clone(), from, to]);
    }
    if let Some(role) = filter.role {
        conditions.add(&format!("EXISTS ({HELD} AND g.role = ?)"), [role.as_str().into()]);
    }
    if let Some(resource) = &filter.resource {
        conditions.add(&format!("EXISTS ({HELD} AND g.scope = ?)"), [format!("@{resource}").into()]);
    }
    if let Some(group) = &filter.group {
        let sql = "EXISTS (SELECT 1 FROM group_members gm WHERE gm.workspace_id = m.workspace_id AND gm.holder = m.account_id AND gm.group_id = ?)";
        conditions.add(sql, [group.as_str().into()]);
    }
    if let Some(since) = filter.inactive_since {
        conditions.add("coalesce(m.last_active_at, m.joined_at) < ?", [since.as_ms().into()]);
    }
    if let Some(way) = filter.provisioned_by {
        conditions.add("m.provisioned_by = ?", [way.as_str().into()]);
    }
}

fn add_start(conditions: &mut Conditions, sort: Sort, after: Option<&str>) {
    let Some(after) = after else { return };
    let (value, id) = after.split_once(':').unwrap_or((after, ""));
    let number = || Value::Int(value.parse().unwrap_or(i64::MAX));
    match sort {
        Sort::Email => conditions.add("m.email > ?", [after.into()]),
        Sort::LastActive => {
            conditions.add("(coalesce(m.last_active_at, -1), m.account_id) < (?, ?)", [number(), id.into()]);
        }
        Sort::Joined => conditions.add("(m.joined_at, m.account_id) > (?, ?)", [number(), id.into()]),
    }
}

/// Adds a member. With an invite they take the seat that it reserved.
pub fn insert(workspace: &WorkspaceId, member: &Member, invite: Option<&InviteId>) -> Statement {
    Statement::new(
        "INSERT INTO members (workspace_id, account_id, email, name, name_key, provisioned_by, invite_id, joined_at, last_active_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        [
            workspace.as_str().into(),
            member.id.as_str().into(),
            member.email.as_str().into(),
            member.name.as_str().into(),
            member.name.as_str().to_lowercase().into(),
            member.provisioned_by.as_str().into(),
            invite.map(InviteId::as_str).into(),
            member.joined_at.as_ms().into(),
            member.last_active_at.map(Timestamp::as_ms).into(),
        ],
    )
}

/// Takes a member out: their grants, groups and personal tokens end; what they created stays.
pub fn delete(workspace: &WorkspaceId, account: &AccountId, now: Timestamp) -> Vec<Statement> {
    let values = || [workspace.as_str().into(), account.as_str().into()];
    vec![
        // Without its index SQLite 3.51 walks the workspace.
        Statement::new(
            "DELETE FROM tokens INDEXED BY tokens_by_account WHERE workspace_id = ?1 AND account_id = ?2",
            values(),
        ),
        super::scim::user::park(workspace, account),
        super::scim::user::leave(workspace, account, now),
        grant::leave_groups(workspace, account.as_str()),
        grant::delete_all(workspace, account.as_str()),
        Statement::new("DELETE FROM members WHERE workspace_id = ?1 AND account_id = ?2", values()),
    ]
}

/// Renames a member within the workspace.
pub fn rename(workspace: &WorkspaceId, account: &AccountId, name: &str) -> Statement {
    Statement::new(
        "UPDATE members SET name = ?3, name_key = ?4 WHERE workspace_id = ?1 AND account_id = ?2",
        [workspace.as_str().into(), account.as_str().into(), name.into(), name.to_lowercase().into()],
    )
}

/// Says whether a member may sign in otherwise where the workspace requires SSO.
pub fn exempt(workspace: &WorkspaceId, account: &AccountId, is_exempt: bool) -> Statement {
    Statement::new(
        "UPDATE members SET sso_exempt = ?3 WHERE workspace_id = ?1 AND account_id = ?2",
        [workspace.as_str().into(), account.as_str().into(), i64::from(is_exempt).into()],
    )
}

/// Of these addresses, those that are members'.
pub fn emails_present(workspace: &WorkspaceId, emails: &[&Email]) -> Statement {
    Statement::new(
        "SELECT m.email FROM json_each(?2) e CROSS JOIN members m ON m.workspace_id = ?1 AND m.email = e.value",
        [workspace.as_str().into(), row::json_list(emails)],
    )
}

/// The column `email` of each row.
///
/// # Errors
/// When a stored value is corrupt.
pub fn emails_from_rows(rows: &[Row]) -> Result<Vec<Email>, StoreError> {
    rows.iter().map(|row| row::parsed(row, "email")).collect()
}

/// Reads all that answers about these members need: their grants and their groups.
pub fn holdings(workspace: &WorkspaceId, members: &[Member]) -> Vec<Statement> {
    let ids: Vec<&str> = members.iter().map(|member| member.id.as_str()).collect();
    vec![access::held_by(workspace, &ids), access::groups_of(workspace, &ids)]
}
