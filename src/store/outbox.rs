//! The outbox: mail that a committed change owes to somebody.

use crate::host::Statement;
use crate::model::{Email, MailId, Timestamp, WorkspaceId};

/// A mail that waits, sealed: what it says holds a secret that the database must not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Its id, which is also what the mail provider hears as idempotency key.
    pub id: MailId,
    /// The invite or account that it is about.
    pub subject_id: String,
    /// To whom.
    pub to: Email,
    /// The subject line.
    pub subject: String,
    /// The whole mail as JSON, encrypted, in base64url.
    pub sealed: String,
}

/// Adds a mail.
pub fn insert(workspace: &WorkspaceId, mail: &Owed, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO outbox (id, workspace_id, subject_id, to_email, subject, sealed, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        [
            mail.id.as_str().into(),
            workspace.as_str().into(),
            mail.subject_id.as_str().into(),
            mail.to.as_str().into(),
            mail.subject.as_str().into(),
            mail.sealed.as_str().into(),
            now.as_ms().into(),
        ],
    )
}

/// Drops unsent mail about something that is over: a canceled invite, a dead link.
pub fn drop_unsent(workspace: &WorkspaceId, subject_id: &str) -> Statement {
    Statement::new(
        "DELETE FROM outbox WHERE workspace_id = ?1 AND subject_id = ?2 AND sent_at IS NULL",
        [workspace.as_str().into(), subject_id.into()],
    )
}
