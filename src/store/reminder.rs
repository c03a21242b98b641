//! Reminders: invites that are due to be reminded of, each once for every time that it was sent.

use crate::host::{Db, Row, Statement, Value};
use crate::model::audit::EventType;
use crate::model::{EventId, Name, SecretHash, Timestamp};

use super::audit;
use super::expiry::Told;
use super::outbox::Owed;
use super::row::{self, Read, StoreError};

/// How many invites one run looks at: a mail each, whose secret is made and sealed.
const MOST: i64 = 50;

/// An invite that is due to be reminded of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The invite.
    pub invite: Told,
    /// Its revision: what was decided holds for that alone.
    pub revision: i64,
    /// The name of its workspace.
    pub workspace: Name,
    /// True when its last link was mailed and the mail went out. Whoever was handed a link isn't mailed, nor is an address that
    /// the mail can't reach, and a mail that still waits is its own reminder.
    pub was_mailed: bool,
}

/// Reads invites that are due, the longest first.
pub fn due(now: Timestamp) -> Statement {
    Statement::new(
        "SELECT i.workspace_id, i.id, i.email, i.expires_at, i.revision, w.name, w.deleted_at IS NULL AND EXISTS ( \
             SELECT 1 FROM outbox o WHERE o.workspace_id = i.workspace_id AND o.subject_id = i.id AND o.created_at >= i.sent_at \
               AND o.sent_at IS NOT NULL) AS was_mailed \
           FROM invites i INDEXED BY invites_to_remind_of CROSS JOIN workspaces w ON w.id = i.workspace_id \
          WHERE i.status = 'pending' AND i.remind_at IS NOT NULL AND i.remind_at <= ?1 AND i.expires_at > ?1 \
          ORDER BY i.remind_at LIMIT ?2",
        [now.as_ms().into(), MOST.into()],
    )
}

fn read(row: &Row) -> Read<Due> {
    Ok(Due {
        invite: Told::read(row)?,
        revision: row::int(row, "revision")?,
        workspace: row::parsed(row, "name")?,
        was_mailed: row::int(row, "was_mailed")? == 1,
    })
}

/// Invites that are due, so many that one batch can remind of them.
///
/// # Errors
/// When the database fails.
pub async fn list_due(db: &impl Db, now: Timestamp) -> Result<Vec<Due>, StoreError> {
    db.query(&due(now)).await?.iter().map(read).collect()
}

/// A reminder: the link's hash, the mail that carries it, and the event that tells of it.
#[derive(Debug)]
pub struct Reminder {
    /// The hash of the link's secret.
    pub hash: SecretHash,
    /// The mail.
    pub mail: Owed,
    /// The event's id.
    pub event: EventId,
}

/// Reminds of invites, or not of those that come without a reminder: none of them is due after it. Of one that another run took or
/// a request changed since, nothing is written: its reminder's hash isn't there, which mail and event ask for.
pub fn remind(due: &[(Due, Option<Reminder>)], now: Timestamp, request_id: &str) -> [Statement; 3] {
    let row = |(due, reminder): &(Due, Option<Reminder>)| {
        let Some(Reminder { hash, mail, event }) = reminder else {
            let Told { workspace, id, .. } = &due.invite;
            return serde_json::json!({ "workspace": workspace.as_str(), "invite": id.as_str(), "revision": due.revision });
        };
        let mut row = due.invite.event(event);
        let more = serde_json::json!({
            "revision": due.revision,
            "hash": hash.as_str(),
            "mail": mail.id.as_str(),
            "subject": mail.subject.as_str(),
            "sealed": mail.sealed.as_str(),
        });
        if let (Some(row), serde_json::Value::Object(more)) = (row.as_object_mut(), more) {
            row.extend(more);
        }
        row
    };
    let rows: Value = row::json(due.iter().map(row).collect());
    let take = "UPDATE invites AS i SET remind_at = NULL, reminder_hash = r.value ->> 'hash', \
            reminded_at = iif(r.value ->> 'hash' IS NULL, NULL, ?2) FROM json_each(?1) r \
        WHERE i.workspace_id = r.value ->> 'workspace' AND i.id = r.value ->> 'invite' AND i.status = 'pending' \
          AND i.revision = r.value ->> 'revision' AND i.remind_at IS NOT NULL AND i.expires_at > ?2";
    let mails = "INSERT INTO outbox (id, workspace_id, subject_id, to_email, subject, sealed, created_at) \
        SELECT r.value ->> 'mail', i.workspace_id, i.id, i.email, r.value ->> 'subject', r.value ->> 'sealed', ?2 \
          FROM json_each(?1) r CROSS JOIN invites i ON i.workspace_id = r.value ->> 'workspace' AND i.id = r.value ->> 'invite' \
         WHERE i.reminder_hash = r.value ->> 'hash'";
    let is_taken = "i.reminder_hash = r.value ->> 'hash'";
    [
        Statement::new(take, [rows.clone(), now.as_ms().into()]),
        Statement::new(mails, [rows.clone(), now.as_ms().into()]),
        audit::insert_about_invites(EventType::InviteReminded, &rows, is_taken, now, request_id),
    ]
}
