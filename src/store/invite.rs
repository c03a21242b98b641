//! Invites in SQL.

use crate::host::{Db, Row, Statement, Value};
use crate::model::{AccountId, Email, Invite, InviteId, InviteStatus, SecretHash, Timestamp, WorkspaceId};

use super::grant;
use super::page::{Page, Paged};
use super::row::{self, Read, StoreError};

const COLUMNS: &str = "id, email, name, status, invited_by, created_at, sent_at, \
    sent_count, expires_at, revision, accepted_by, opened_at, reminded_at";

const BY_STATUS: &str = " INDEXED BY invites_by_status";

fn read(row: &Row) -> Read<Invite> {
    Ok(Invite {
        id: row::parsed(row, "id")?,
        email: row::parsed(row, "email")?,
        name: row::opt_parsed(row, "name")?,
        stored: row::parsed(row, "status")?,
        invited_by: row::text(row, "invited_by")?.to_owned(),
        created_at: row::time(row, "created_at")?,
        sent_at: row::time(row, "sent_at")?,
        sent_count: row::int(row, "sent_count")?,
        expires_at: row::time(row, "expires_at")?,
        revision: row::int(row, "revision")?,
        accepted_by: row::opt_parsed(row, "accepted_by")?,
        opened_at: row::opt_time(row, "opened_at")?,
        reminded_at: row::opt_time(row, "reminded_at")?,
    })
}

/// The invite with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl Db, workspace: &WorkspaceId, id: &InviteId) -> Result<Option<Invite>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM invites WHERE workspace_id = ?1 AND id = ?2");
    db.query(&Statement::new(sql, [workspace.as_str().into(), id.as_str().into()])).await?.first().map(read).transpose()
}

/// Reads the open invite to an address.
pub fn open_of(workspace: &WorkspaceId, email: &str, now: Timestamp) -> Statement {
    let sql = format!(
        "SELECT {COLUMNS} FROM invites INDEXED BY invites_one_live \
          WHERE workspace_id = ?1 AND email = ?2 AND status = 'pending' AND expires_at > ?3"
    );
    Statement::new(sql, [workspace.as_str().into(), email.into(), now.as_ms().into()])
}

/// The invites in an answer.
///
/// # Errors
/// When a stored value is corrupt.
pub fn from_rows(rows: &[Row]) -> Result<Vec<Invite>, StoreError> {
    rows.iter().map(read).collect()
}

/// Finds the invite that a secret opens, that of its link or of the reminder of it.
pub fn by_secret(hash: &SecretHash) -> Statement {
    let sql = format!(
        "SELECT workspace_id, {COLUMNS} FROM invites WHERE secret_hash = ?1 UNION ALL \
         SELECT workspace_id, {COLUMNS} FROM invites INDEXED BY invites_by_reminder WHERE reminder_hash = ?1"
    );
    Statement::new(sql, [hash.as_str().into()])
}

/// The invite that a secret opens, with its workspace.
///
/// # Errors
/// When the database fails.
pub async fn find_by_secret(db: &impl Db, hash: &SecretHash) -> Result<Option<(WorkspaceId, Invite)>, StoreError> {
    let rows = db.query(&by_secret(hash)).await?;
    rows.first().map(|row| Ok((row::parsed(row, "workspace_id")?, read(row)?))).transpose()
}

/// Reads a page of invites, the oldest first. `pending` and `expired` are told apart by the clock: what is overdue comes from an
/// index of its own, so that it needn't be looked for among all that are pending. D1 has to be told the indexes: left alone it
/// walks over all invites in the order of their ids.
pub fn page_of(workspace: &WorkspaceId, status: Option<InviteStatus>, now: Timestamp, page: &Page) -> Statement {
    let select = |from: &str| format!("SELECT {COLUMNS} FROM invites{from} WHERE workspace_id = ?1 AND id > ?2");
    let sql = match status {
        None => select(""),
        Some(InviteStatus::Pending) => format!("{} AND status = 'pending' AND expires_at > ?4", select(BY_STATUS)),
        Some(InviteStatus::Expired) => format!(
            "{} AND status = 'expired' UNION ALL {} AND status = 'pending' AND expires_at <= ?4",
            select(BY_STATUS),
            select(" INDEXED BY invites_by_expiry")
        ),
        Some(_) => format!("{} AND status = ?5", select(BY_STATUS)),
    };
    let mut values: Vec<Value> =
        vec![workspace.as_str().into(), page.after.as_deref().unwrap_or("").into(), (page.limit + 1).into()];
    if status.is_some() {
        values.push(now.as_ms().into());
    }
    if let Some(other @ (InviteStatus::Accepted | InviteStatus::Canceled | InviteStatus::Superseded)) = status {
        values.push(other.as_str().into());
    }
    Statement::new(format!("{sql} ORDER BY id LIMIT ?3"), values)
}

/// A page of invites, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl Db,
    workspace: &WorkspaceId,
    status: Option<InviteStatus>,
    now: Timestamp,
    page: &Page,
) -> Result<Paged<Invite>, StoreError> {
    let rows = db.query(&page_of(workspace, status, now, page)).await?;
    Ok(Paged::cut(rows.iter().map(read).collect::<Read<Vec<_>>>()?, page))
}

/// Marks overdue invites expired, which frees their seats and addresses: first in each batch that needs either.
pub fn expire_due(workspace: &WorkspaceId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE invites SET status = 'expired' WHERE workspace_id = ?1 AND status = 'pending' AND expires_at <= ?2",
        [workspace.as_str().into(), now.as_ms().into()],
    )
}

/// As [`expire_due`], in every workspace.
pub fn expire_all_due(now: Timestamp) -> Statement {
    let sql = "UPDATE invites SET status = 'expired' WHERE status = 'pending' AND expires_at <= ?1";
    Statement::new(sql, [now.as_ms().into()])
}

/// Of these addresses, those with a live invite.
pub fn emails_live(workspace: &WorkspaceId, emails: &[&Email], now: Timestamp) -> Statement {
    Statement::new(
        "SELECT i.email FROM json_each(?2) e CROSS JOIN invites i ON i.workspace_id = ?1 AND i.email = e.value \
            AND i.status = 'pending' AND i.expires_at > ?3",
        [workspace.as_str().into(), row::json_list(emails), now.as_ms().into()],
    )
}

/// Adds invites, each with the hash of its link's secret.
pub fn insert<'a>(
    workspace: &WorkspaceId,
    invites: impl IntoIterator<Item = (&'a Invite, SecretHash)>,
) -> Vec<Statement> {
    let rows = invites.into_iter().map(|(invite, hash)| {
        let (name, hash) = (invite.name.as_ref().map(|name| name.as_str()), hash.as_str().to_owned());
        let (created, sent, expires) = (invite.created_at.as_ms(), invite.sent_at.as_ms(), invite.expires_at.as_ms());
        (invite.id.as_str(), invite.email.as_str(), name, hash, invite.invited_by.as_str(), created, sent, expires)
    });
    let sql = "INSERT INTO invites (workspace_id, id, email, name, status, secret_hash, invited_by, created_at, sent_at, expires_at) \
         SELECT ?1, value ->> 0, value ->> 1, value ->> 2, 'pending', value ->> 3, value ->> 4, value ->> 5, value ->> 6, \
           value ->> 7 FROM json_each(?2)";
    let parts = row::parts(rows).into_iter();
    parts.map(|part| Statement::new(sql, [workspace.as_str().into(), part])).collect()
}

/// Writes an invite's new link down: another secret, another expiry, another sender. The old link is dead, that of a reminder
/// too, and what the invite offers is from now on the sender's to give.
pub fn renew(workspace: &WorkspaceId, invite: &Invite, hash: &SecretHash) -> [Statement; 2] {
    let link = Statement::new(
        "UPDATE invites SET secret_hash = ?3, sent_at = ?4, expires_at = ?5, sent_count = ?6, invited_by = ?7, \
           revision = revision + 1, status = 'pending', expiry_told = 0, reminded_at = NULL, reminder_hash = NULL WHERE workspace_id = ?1 AND id = ?2",
        [
            workspace.as_str().into(),
            invite.id.as_str().into(),
            hash.as_str().into(),
            invite.sent_at.as_ms().into(),
            invite.expires_at.as_ms().into(),
            invite.sent_count.into(),
            invite.invited_by.as_str().into(),
        ],
    );
    let sql = "UPDATE grants SET created_by = ?3 WHERE workspace_id = ?1 AND holder = ?2";
    let values = [workspace.as_str().into(), invite.id.as_str().into(), invite.invited_by.as_str().into()];
    [link, Statement::new(sql, values)]
}

/// Notes that the offer changed, so that an acceptance at the same moment is decided again.
pub fn touch(workspace: &WorkspaceId, id: &InviteId) -> Statement {
    let sql = "UPDATE invites SET revision = revision + 1 WHERE workspace_id = ?1 AND id = ?2";
    Statement::new(sql, [workspace.as_str().into(), id.as_str().into()])
}

/// Closes an invite and writes down what it offered. Its grants and groups are still there to be handed over or deleted.
pub fn close(
    workspace: &WorkspaceId,
    id: &InviteId,
    status: InviteStatus,
    accepted_by: Option<&AccountId>,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "UPDATE invites SET status = ?3, accepted_by = ?4, closed_at = ?5, revision = revision + 1, offer = json_object( \
           'grants', (SELECT json_group_array(json_object('id', id, 'role', role, 'scope', scope, 'created_at', created_at, \
               'created_by', created_by)) FROM grants WHERE workspace_id = ?1 AND holder = ?2), \
           'groups', (SELECT json_group_array(json_object('id', gr.id, 'name', gr.name)) FROM group_members gm \
               JOIN groups gr ON gr.workspace_id = gm.workspace_id AND gr.id = gm.group_id \
               WHERE gm.workspace_id = ?1 AND gm.holder = ?2)) \
         WHERE workspace_id = ?1 AND id = ?2",
        [
            workspace.as_str().into(),
            id.as_str().into(),
            status.as_str().into(),
            accepted_by.map(AccountId::as_str).into(),
            now.as_ms().into(),
        ],
    )
}

/// Cancels an invite: its grants and groups end with it.
pub fn cancel(workspace: &WorkspaceId, id: &InviteId, now: Timestamp) -> Vec<Statement> {
    vec![
        close(workspace, id, InviteStatus::Canceled, None, now),
        grant::delete_all(workspace, id.as_str()),
        grant::leave_groups(workspace, id.as_str()),
    ]
}

/// Reads what closed invites had offered.
pub fn offers(workspace: &WorkspaceId, ids: &[&str]) -> Vec<Statement> {
    let grants = "SELECT i.id AS holder, o.value ->> 'id' AS id, o.value ->> 'role' AS role, o.value ->> 'scope' AS scope, \
            o.value ->> 'created_at' AS created_at, o.value ->> 'created_by' AS created_by, NULL AS group_id, NULL AS group_name \
        FROM json_each(?2) n CROSS JOIN invites i ON i.workspace_id = ?1 AND i.id = n.value \
             CROSS JOIN json_each(i.offer, '$.grants') o WHERE i.offer IS NOT NULL";
    let groups = "SELECT i.id AS holder, o.value ->> 'id' AS id, o.value ->> 'name' AS name \
        FROM json_each(?2) n CROSS JOIN invites i ON i.workspace_id = ?1 AND i.id = n.value \
             CROSS JOIN json_each(i.offer, '$.groups') o WHERE i.offer IS NOT NULL";
    let values = || [workspace.as_str().into(), row::json_list(ids)];
    vec![Statement::new(grants, values()), Statement::new(groups, values())]
}
