//! The slice of a workspace that a change touches: whom it concerns, and what their grants reach.

use crate::host::{Row, Statement};
use crate::model::{Email, Labels, Provision, ResourceRef, Timestamp, WorkspaceId};

use super::row::{self, StoreError};
use super::seat;

/// Reads the holders of grants with one of these roles, on one of these scopes, or, if wanted, on labels.
pub fn holders_of(
    workspace: &WorkspaceId,
    roles: &[&str],
    scopes: &[String],
    on_labels: bool,
    limit: i64,
) -> Statement {
    Statement::new(
        "SELECT holder FROM (SELECT holder FROM grants WHERE workspace_id = ?1 AND role IN (SELECT value FROM json_each(?2)) \
           UNION SELECT holder FROM grants WHERE workspace_id = ?1 AND scope IN (SELECT value FROM json_each(?3)) \
           UNION SELECT holder FROM grants WHERE workspace_id = ?1 AND ?4 AND scope >= '@{' AND scope < '@|') LIMIT ?5",
        [
            workspace.as_str().into(),
            row::json_list(roles),
            row::json_list(scopes),
            i64::from(on_labels).into(),
            limit.into(),
        ],
    )
}

/// Reads who is in these groups.
pub fn in_groups(workspace: &WorkspaceId, groups: &[&str], limit: i64) -> Statement {
    Statement::new(
        "SELECT DISTINCT gm.holder FROM json_each(?2) g CROSS JOIN group_members gm \
           ON gm.workspace_id = ?1 AND gm.group_id = g.value LIMIT ?3",
        [workspace.as_str().into(), row::json_list(groups), limit.into()],
    )
}

/// Reads which of these groups an identity provider fills.
pub fn managed(workspace: &WorkspaceId, groups: &[&str]) -> Statement {
    Statement::new(
        "SELECT g.id AS holder FROM json_each(?2) n CROSS JOIN groups g ON g.workspace_id = ?1 AND g.id = n.value \
           WHERE g.managed_by IS NOT NULL",
        [workspace.as_str().into(), row::json_list(groups)],
    )
}

/// Reads by which way an identity provider would bring a member back who is taken out here alone: one that has described them
/// and still has a token, or an active connection by which they have signed in.
pub fn returns_by(workspace: &WorkspaceId, account: &str, now: Timestamp) -> Statement {
    Statement::new(
        "SELECT CASE \
           WHEN EXISTS (SELECT 1 FROM scim_users WHERE workspace_id = ?1 AND id = ?2 AND document IS NOT NULL) AND EXISTS \
             (SELECT 1 FROM scim_tokens WHERE workspace_id = ?1 AND (expires_at IS NULL OR expires_at > ?3)) THEN 'scim' \
           WHEN EXISTS (SELECT 1 FROM sso_connections c CROSS JOIN identities i ON i.connection_id = c.id AND i.account_id = ?2 \
             WHERE c.workspace_id = ?1 AND c.active = 1) THEN 'jit' END AS way",
        [workspace.as_str().into(), account.into(), now.as_ms().into()],
    )
}

/// The way in the answer to [`returns_by`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn way_from_rows(rows: &[Row]) -> Result<Option<Provision>, StoreError> {
    Ok(rows.first().map(|row| row::opt_parsed(row, "way")).transpose()?.flatten())
}

/// The holders in the answers to the statements above, and to [`super::group::holders_by_keys`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn holders_from_rows(rows: &[Row]) -> Result<Vec<String>, StoreError> {
    rows.iter().map(|row| row::text(row, "holder").map(str::to_owned)).collect()
}

/// Reads the addresses of those among these invites that are pending.
pub fn pending(workspace: &WorkspaceId, invites: &[&str], now: Timestamp) -> Statement {
    Statement::new(
        "SELECT i.id AS holder, i.email FROM json_each(?2) k CROSS JOIN invites i ON i.workspace_id = ?1 AND i.id = k.value \
           WHERE i.status = 'pending' AND i.expires_at > ?3",
        [workspace.as_str().into(), row::json_list(invites), now.as_ms().into()],
    )
}

/// The invites and their addresses in the answer to [`pending`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn pending_from_rows(rows: &[Row]) -> Result<Vec<(String, Email)>, StoreError> {
    rows.iter().map(|row| Ok((row::text(row, "holder")?.to_owned(), row::parsed(row, "email")?))).collect()
}

/// Reads the seats in use, and whether somebody other than these accounts owns the workspace.
pub fn around(workspace: &WorkspaceId, accounts: &[&str], now: Timestamp) -> Statement {
    let sql = format!(
        "SELECT w.member_count, {pending} AS pending_count, \
           EXISTS (SELECT 1 FROM owners o WHERE o.workspace_id = ?1 \
             AND o.account_id NOT IN (SELECT value FROM json_each(?3))) AS has_other_owner \
         FROM workspaces w WHERE w.id = ?1",
        pending = seat::PENDING,
    );
    Statement::new(sql, [workspace.as_str().into(), now.as_ms().into(), row::json_list(accounts)])
}

/// What stands around a slice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Around {
    /// Members.
    pub active: i64,
    /// Pending invites.
    pub pending: i64,
    /// Somebody else owns the workspace.
    pub has_other_owner: bool,
}

/// The answer to [`around`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn around_from_rows(rows: &[Row]) -> Result<Around, StoreError> {
    let Some(row) = rows.first() else { return Ok(Around::default()) };
    let (active, pending) = (row::int(row, "member_count")?, row::int(row, "pending_count")?);
    Ok(Around { active, pending, has_other_owner: row::int(row, "has_other_owner")? != 0 })
}

/// Reads the resources that these scopes reach: those named, those that carry the first of each set's labels, and the
/// destinations of either. The caller decides which of them a whole set of labels reaches.
pub fn reached(workspace: &WorkspaceId, named: &[ResourceRef], labels: &[Labels]) -> Vec<Statement> {
    let firsts: Vec<String> =
        labels.iter().filter_map(|set| set.iter().next().map(|(key, value)| format!("{key}:{value}"))).collect();
    let carrying = "SELECT l.kind, l.id FROM json_each(?2) n CROSS JOIN resource_labels l ON l.workspace_id = ?1 \
        AND l.key = substr(n.value, 1, instr(n.value, ':') - 1) AND l.value = substr(n.value, instr(n.value, ':') + 1)";
    let naming = "SELECT substr(n.value, 1, instr(n.value, '/') - 1) AS kind, substr(n.value, instr(n.value, '/') + 1) AS id \
        FROM json_each(?2) n";
    let with_children = |first: &str, values| {
        let sql = format!(
            "WITH first AS ({first}) \
             SELECT r.kind || '/' || r.id AS reference, r.labels, r.parent FROM first f CROSS JOIN resources r \
               ON r.workspace_id = ?1 AND r.kind = f.kind AND r.id = f.id \
             UNION SELECT c.kind || '/' || c.id, c.labels, c.parent FROM first f CROSS JOIN resources c \
               ON c.workspace_id = ?1 AND c.parent = f.kind || '/' || f.id WHERE f.kind = 'source'"
        );
        Statement::new(sql, [workspace.as_str().into(), values])
    };
    vec![with_children(naming, row::json_list(named)), with_children(carrying, row::json_list(firsts))]
}

/// Reads what a member made: the resources that they registered and the tokens of the workspace that they created, as
/// `kind` and `name`. Both stay when the member leaves.
pub fn made_by(workspace: &WorkspaceId, account: &str) -> Statement {
    Statement::new(
        "SELECT kind || '/' || id AS name, NULL AS title FROM resources WHERE workspace_id = ?1 AND created_by = ?2 \
         UNION ALL SELECT id, name FROM tokens WHERE workspace_id = ?1 AND created_by = ?2 AND account_id IS NULL",
        [workspace.as_str().into(), account.into()],
    )
}

/// Resources, and tokens with their names.
pub type Made = (Vec<String>, Vec<(String, String)>);

/// The resources, and the tokens with their names, in the answer to [`made_by`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn made_from_rows(rows: &[Row]) -> Result<Made, StoreError> {
    let (mut resources, mut tokens) = (Vec::new(), Vec::new());
    for row in rows {
        let name = row::text(row, "name")?.to_owned();
        match row::opt_text(row, "title")? {
            Some(title) => tokens.push((name, title.to_owned())),
            None => resources.push(name),
        }
    }
    Ok((resources, tokens))
}
