//! The outbox: mail that a committed change owes to somebody, and how far its delivery has come.

use std::collections::BTreeMap;

use crate::host::{Row, Statement};
use crate::model::{Delivery, DeliveryStatus, Email, MOST_TRIES, MailId, Timestamp, WorkspaceId};

use super::row::{self, Read, StoreError};

/// How many mails one run claims at once: as many as a Worker may have connections open.
const MOST_CLAIMED: i64 = 6;
/// For how many minutes a claimed mail is its run's alone; a run that died is followed by another after that.
const LEASE_MINUTES: i64 = 2;
/// How many mails that needn't go out any more are closed at once.
const MOST_CLOSED: i64 = 50;
/// How many of the mails that wait are looked at for that: a long queue of mail that is owed costs no more.
const MOST_LOOKED_AT: i64 = 200;

/// What waits for delivery, and what of it is still owed at `?1`: the mail of a live invite, of a request that was decided, of a live link
/// to somebody known.
const WAITS: &str = "o.sent_at IS NULL AND o.failed_at IS NULL AND o.due_at <= ?1";
const IS_OWED: &str = "(EXISTS (SELECT 1 FROM invites i JOIN workspaces w ON w.id = i.workspace_id \
        WHERE i.workspace_id = o.workspace_id AND i.id = o.subject_id AND i.status = 'pending' AND i.expires_at > ?1 \
          AND w.deleted_at IS NULL) \
    OR EXISTS (SELECT 1 FROM join_requests r JOIN workspaces w ON w.id = r.workspace_id \
        WHERE r.workspace_id = o.workspace_id AND r.id = o.subject_id AND r.status <> 'pending' AND w.deleted_at IS NULL) \
    OR (o.workspace_id IS NULL AND EXISTS (SELECT 1 FROM sign_in_links l JOIN accounts a ON a.email = l.email \
        WHERE l.id = o.subject_id AND l.used_at IS NULL AND l.expires_at > ?1)))";

/// A mail that waits, sealed: what it says holds a secret that the database must not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Its id, which is also what the mail provider hears as idempotency key.
    pub id: MailId,
    /// The invite, request or link that it is about.
    pub subject_id: String,
    /// To whom.
    pub to: Email,
    /// The subject line.
    pub subject: String,
    /// The whole mail as JSON, encrypted, in base64url.
    pub sealed: String,
}

/// A mail that a run has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Its id.
    pub id: MailId,
    /// What it says, sealed.
    pub sealed: String,
    /// Which try this is, the first being 1.
    pub tries: i64,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The provider took it.
    Sent,
    /// It is tried again at this moment, for this reason.
    Again(Timestamp, String),
    /// It is given up for this reason.
    Failed(String),
}

/// Adds mails.
pub fn insert(workspace: &WorkspaceId, mails: &[Owed], now: Timestamp) -> Vec<Statement> {
    let sql = "INSERT INTO outbox (id, workspace_id, subject_id, to_email, subject, sealed, created_at) \
         SELECT value ->> 0, ?1, value ->> 1, value ->> 2, value ->> 3, value ->> 4, ?3 FROM json_each(?2)";
    let rows =
        mails.iter().map(|mail| (mail.id.as_str(), &mail.subject_id, mail.to.as_str(), &mail.subject, &mail.sealed));
    let parts = row::parts(rows).into_iter();
    parts.map(|part| Statement::new(sql, [workspace.as_str().into(), part, now.as_ms().into()])).collect()
}

/// Drops unsent mail about something that is over: a canceled invite, a dead link.
pub fn drop_unsent(workspace: &WorkspaceId, subject_id: &str) -> Statement {
    Statement::new(
        "DELETE FROM outbox WHERE workspace_id = ?1 AND subject_id = ?2 AND sent_at IS NULL",
        [workspace.as_str().into(), subject_id.into()],
    )
}

/// Closes mail that was tried often enough, or whose invite or link is over: its content goes with it.
pub fn close_over(now: Timestamp) -> Statement {
    let sql = format!(
        "UPDATE outbox SET failed_at = ?1, sealed = NULL, lease = NULL, last_error = CASE WHEN tries >= ?2 \
             THEN coalesce(last_error, 'the last try never came to an end') ELSE 'it was over before it was sent' END \
          WHERE id IN (SELECT o.id FROM outbox o WHERE {WAITS} AND (o.tries >= ?2 OR NOT {IS_OWED}) \
             AND o.id IN (SELECT o.id FROM outbox o WHERE {WAITS} ORDER BY o.due_at, o.id LIMIT ?4) LIMIT ?3)"
    );
    Statement::new(sql, [now.as_ms().into(), MOST_TRIES.into(), MOST_CLOSED.into(), MOST_LOOKED_AT.into()])
}

/// Claims links to sign in, which live for minutes, and then the mail that has waited longest, at most so many, and answers it: what others claimed is theirs until their
/// lease is over.
pub fn claim(lease: &str, most: i64, now: Timestamp) -> Statement {
    let sql = format!(
        "UPDATE outbox SET lease = ?2, due_at = ?3, tries = tries + 1, tried_at = ?1 \
          WHERE id IN (SELECT o.id FROM outbox o WHERE {WAITS} AND o.tries < ?4 AND {IS_OWED} ORDER BY o.workspace_id IS NOT NULL, o.due_at, o.id LIMIT ?5) \
         RETURNING id, sealed, tries"
    );
    let until = now.plus_minutes(LEASE_MINUTES).as_ms();
    Statement::new(
        sql,
        [now.as_ms().into(), lease.into(), until.into(), MOST_TRIES.into(), most.min(MOST_CLAIMED).into()],
    )
}

/// The mail in the answer to [`claim`].
///
/// # Errors
/// When a stored value is corrupt.
pub fn claimed_from_rows(rows: &[Row]) -> Result<Vec<Claimed>, StoreError> {
    let read = |row| {
        let sealed = row::opt_text(row, "sealed")?.unwrap_or_default().to_owned();
        Ok(Claimed { id: row::parsed(row, "id")?, sealed, tries: row::int(row, "tries")? })
    };
    rows.iter().map(read).collect()
}

/// Writes down what came of the mail that a run claimed, where it is still that run's.
pub fn settle(lease: &str, outcomes: &[(MailId, Outcome)], now: Timestamp) -> Statement {
    let row = |(id, outcome): &(MailId, Outcome)| {
        let at = now.as_ms();
        match outcome {
            Outcome::Sent => serde_json::json!({ "id": id.as_str(), "sent_at": at }),
            Outcome::Again(due, error) => {
                serde_json::json!({ "id": id.as_str(), "due_at": due.as_ms(), "error": error })
            }
            Outcome::Failed(error) => serde_json::json!({ "id": id.as_str(), "failed_at": at, "error": error }),
        }
    };
    let sql = "UPDATE outbox SET lease = NULL, sent_at = o.value ->> 'sent_at', failed_at = o.value ->> 'failed_at', \
            due_at = coalesce(o.value ->> 'due_at', due_at), last_error = o.value ->> 'error', \
            sealed = CASE WHEN o.value ->> 'due_at' IS NULL THEN NULL ELSE sealed END \
        FROM json_each(?1) o WHERE outbox.id = o.value ->> 'id' AND outbox.lease = ?2";
    Statement::new(sql, [row::json(outcomes.iter().map(row).collect()), lease.into()])
}

/// Reads how far the last mails of invites have come.
pub fn deliveries(workspace: &WorkspaceId, invites: &[&str]) -> Statement {
    Statement::new(
        "SELECT o.subject_id, o.tries, o.created_at, o.tried_at, o.sent_at, o.failed_at, o.last_error FROM json_each(?2) n \
            CROSS JOIN invites i ON i.workspace_id = ?1 AND i.id = n.value \
            CROSS JOIN outbox o ON o.workspace_id = ?1 AND o.subject_id = i.id AND o.created_at >= i.sent_at ORDER BY o.id",
        [workspace.as_str().into(), row::json_list(invites)],
    )
}

/// The deliveries in the answer to [`deliveries`], by invite.
///
/// # Errors
/// When a stored value is corrupt.
pub fn deliveries_from_rows(rows: &[Row]) -> Result<BTreeMap<String, Delivery>, StoreError> {
    rows.iter().map(|row| Ok((row::text(row, "subject_id")?.to_owned(), delivery(row)?))).collect()
}

fn delivery(row: &Row) -> Read<Delivery> {
    let waited = row::opt_time(row, "tried_at")?.unwrap_or(row::time(row, "created_at")?);
    let (status, at) = match (row::opt_time(row, "sent_at")?, row::opt_time(row, "failed_at")?) {
        (Some(at), _) => (DeliveryStatus::Sent, at),
        (None, Some(at)) => (DeliveryStatus::Failed, at),
        (None, None) => (DeliveryStatus::Queued, waited),
    };
    let last_error = row::opt_text(row, "last_error")?.map(str::to_owned);
    Ok(Delivery { status, tries: row::int(row, "tries")?, last_error, at })
}
