//! Sign-in links in SQL. They belong to an address, not to a workspace.

use crate::host::{Db, Statement};
use crate::model::{LINKS_AN_HOUR, Link, LinkId, SecretHash, Timestamp};

use super::outbox::Owed;
use super::row::{self, StoreError};

/// How long a link that is over still says so, in hours; then it is unknown.
const KEPT_HOURS: i64 = 24;

/// Adds a link and the mail that carries it, unless the address had its share of the hour.
pub fn insert(link: &Link, hash: &SecretHash, mail: &Owed, now: Timestamp) -> [Statement; 2] {
    let sql = "INSERT INTO sign_in_links (id, email, secret_hash, created_at, expires_at) SELECT ?1, ?2, ?3, ?4, ?5 \
        WHERE (SELECT count(*) FROM sign_in_links WHERE email = ?2 AND created_at > ?6) < ?7";
    let values = [
        link.id.as_str().into(),
        link.email.as_str().into(),
        hash.as_str().into(),
        now.as_ms().into(),
        link.expires_at.as_ms().into(),
        now.plus_hours(-1).as_ms().into(),
        LINKS_AN_HOUR.into(),
    ];
    let owed = "INSERT INTO outbox (id, subject_id, to_email, subject, sealed, created_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6 \
        WHERE EXISTS (SELECT 1 FROM sign_in_links WHERE id = ?2)";
    let mail = [
        mail.id.as_str().into(),
        mail.subject_id.as_str().into(),
        mail.to.as_str().into(),
        mail.subject.as_str().into(),
        mail.sealed.as_str().into(),
        now.as_ms().into(),
    ];
    [Statement::new(sql, values), Statement::new(owed, mail)]
}

/// The link that a secret opens.
///
/// # Errors
/// When the database fails.
pub async fn find_by_secret(db: &impl Db, hash: &SecretHash) -> Result<Option<Link>, StoreError> {
    let sql = "SELECT id, email, expires_at, used_at FROM sign_in_links WHERE secret_hash = ?1";
    let rows = db.query(&Statement::new(sql, [hash.as_str().into()])).await?;
    let read = |row| {
        Ok(Link {
            id: row::parsed(row, "id")?,
            email: row::parsed(row, "email")?,
            expires_at: row::time(row, "expires_at")?,
            used_at: row::opt_int(row, "used_at")?.map(Timestamp::from_ms),
        })
    };
    rows.first().map(read).transpose()
}

/// Uses a link up, or aborts the batch when somebody was faster; its mail needn't go out any more.
pub fn use_up(id: &LinkId, now: Timestamp) -> [Statement; 3] {
    let guard = "INSERT INTO guards (name) SELECT 'state' WHERE NOT EXISTS \
        (SELECT 1 FROM sign_in_links WHERE id = ?1 AND used_at IS NULL)";
    let used = "UPDATE sign_in_links SET used_at = ?2 WHERE id = ?1";
    let mail = "DELETE FROM outbox WHERE workspace_id IS NULL AND subject_id = ?1 AND sent_at IS NULL";
    [
        Statement::new(guard, [id.as_str().into()]),
        Statement::new(used, [id.as_str().into(), now.as_ms().into()]),
        Statement::new(mail, [id.as_str().into()]),
    ]
}

/// Deletes the links that have been over for a day, and their mail.
pub fn delete_over(now: Timestamp) -> [Statement; 2] {
    let over = now.plus_hours(-KEPT_HOURS).as_ms();
    [
        Statement::new("DELETE FROM sign_in_links WHERE expires_at <= ?1", [over.into()]),
        Statement::new("DELETE FROM outbox WHERE workspace_id IS NULL AND created_at <= ?1", [over.into()]),
    ]
}
