//! What time ends: run by cron, so that nothing waits for the next request to be seen as over.

use std::cell::OnceCell;

use http::Request;

use crate::host::{Config, Db as _, Host};
use crate::model::Timestamp;
use crate::store::scim::journal;
use crate::store::{idempotency, invite, link, login, session};

use super::context::Context;
use super::problem::Problem;
use super::{expiry, reminder, retention};

/// How long the provisioning journal is kept.
const JOURNAL_DAYS: i64 = 90;

/// Marks overdue invites expired, which frees their seats, and deletes what is over: sessions, sign-in links, logins, kept answers. Tells
/// of invites that expired, reminds of those that will, and deletes audit events that were kept long enough.
///
/// # Errors
/// When the database fails; the next run does what this one could not.
pub async fn sweep<H: Host>(host: &H, config: &Config, now: Timestamp) -> Result<(), Problem> {
    let mut batch = vec![invite::expire_all_due(now), session::delete_over(now)];
    batch.extend(link::delete_over(now));
    batch.extend(login::delete_over(now));
    batch.push(idempotency::delete_over(now));
    batch.push(journal::delete_over(now.plus_hours(-24 * JOURNAL_DAYS)));
    host.db().batch(&batch).await?;
    let (request, request_id) = (Request::new(Vec::new()), super::request_id(host));
    let (key, claim) = (None, OnceCell::new());
    let (path, request, request_id) = (Vec::new(), &request, request_id.as_str());
    let cx = Context { host, config, now, request, request_id, path, is_dry_run: false, key, claim };
    // None of them waits for another that fails.
    let done = [expiry::tell(&cx).await, reminder::remind(&cx).await, retention::run(host, config, now).await];
    done.into_iter().collect()
}
