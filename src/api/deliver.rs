//! The delivery of owed mail: at least once, by one run at a time, until it is sent or given up.
//!
//! It runs after the answer to a request that owes mail, and by cron. The id of a mail is its idempotency key, so that
//! a provider which has it already sends it no second time.

use futures_util::future::join_all;

use crate::host::{Config, Db as _, Entropy as _, Host, Mailer, Sending};
use crate::model::{MailId, Timestamp, next_try};
use crate::store::outbox::{self, Claimed, Outcome};

use super::mail;
use super::problem::Problem;

/// How many mails go out right after the answer that owes them: the rest is the cron's.
const MOST_AT_ONCE: i64 = 24;
/// For how long a run of the cron goes on claiming, so that it is over before the next: milliseconds.
const RUN_MS: i64 = 50_000;

/// Sends what is due, as much as goes out right after an answer. Without a mailer everything waits in the outbox.
///
/// # Errors
/// When the database fails; what was claimed is tried again when its lease is over.
pub async fn deliver<H: Host>(host: &H, config: &Config, clock: impl Fn() -> Timestamp) -> Result<(), Problem> {
    up_to(host, config, MOST_AT_ONCE, clock).await
}

/// Sends what is due, as much as the deployment sends a minute: what the cron does each minute.
///
/// # Errors
/// As [`deliver`].
pub async fn deliver_for_a_minute<H: Host>(
    host: &H,
    config: &Config,
    clock: impl Fn() -> Timestamp,
) -> Result<(), Problem> {
    up_to(host, config, config.mails_a_minute, clock).await
}

/// Claims and sends a few mails at a time, until so many were tried, none is due or the time of a run is over.
async fn up_to<H: Host>(host: &H, config: &Config, most: i64, clock: impl Fn() -> Timestamp) -> Result<(), Problem> {
    let Some(mailer) = host.mailer() else { return Ok(()) };
    host.db().query(&outbox::close_over(clock())).await?;
    let (end, mut left) = (clock().as_ms() + RUN_MS, most);
    while left > 0 && clock().as_ms() < end {
        let (now, lease) = (clock(), lease(host));
        let claimed = outbox::claimed_from_rows(&host.db().query(&outbox::claim(&lease, left, now)).await?)?;
        if claimed.is_empty() {
            return Ok(());
        }
        let tries = claimed.iter().map(|claimed| attempt(mailer, config, claimed, now));
        host.db().query(&outbox::settle(&lease, &join_all(tries).await, now)).await?;
        left -= i64::try_from(claimed.len()).unwrap_or(left);
    }
    Ok(())
}

fn lease<H: Host>(host: &H) -> String {
    let mut random = [0; 16];
    host.entropy().fill(&mut random);
    base16ct::lower::encode_string(&random)
}

async fn attempt(mailer: &impl Mailer, config: &Config, claimed: &Claimed, now: Timestamp) -> (MailId, Outcome) {
    let outcome = match mail::unseal(config, &claimed.id, &claimed.sealed) {
        None => Outcome::Failed("it was sealed with another key".to_owned()),
        Some(message) => match mailer.send(&message).await {
            Sending::Sent => Outcome::Sent,
            Sending::Refused(why) => Outcome::Failed(why),
            Sending::Later(why) => match next_try(claimed.tries, now) {
                Some(at) => Outcome::Again(at, why),
                None => Outcome::Failed(why),
            },
        },
    };
    (claimed.id.clone(), outcome)
}
