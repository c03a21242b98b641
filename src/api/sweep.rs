//! What time ends: run by cron, so that nothing waits for the next request to be seen as over.

use crate::host::{Config, Db as _, Host};
use crate::model::Timestamp;
use crate::store::{idempotency, invite, link, session};

use super::problem::Problem;
use super::retention;

/// Marks overdue invites expired, which frees their seats, and deletes what is over: sessions, sign-in links, kept answers,
/// and audit events that were kept long enough.
///
/// # Errors
/// When the database fails; the next run does what this one could not.
pub async fn sweep<H: Host>(host: &H, config: &Config, now: Timestamp) -> Result<(), Problem> {
    let mut batch = vec![invite::expire_all_due(now), session::delete_over(now)];
    batch.extend(link::delete_over(now));
    batch.push(idempotency::delete_over(now));
    host.db().batch(&batch).await?;
    retention::run(host, config, now).await
}
