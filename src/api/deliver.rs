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

/// How many times one run claims: D1 and the platform limit what one invocation may ask.
const ROUNDS: usize = 4;

/// Sends what is due, a few mails at once. Without a mailer everything waits in the outbox.
///
/// # Errors
/// When the database fails; what was claimed is tried again when its lease is over.
pub async fn deliver<H: Host>(host: &H, config: &Config, now: Timestamp) -> Result<(), Problem> {
    let Some(mailer) = host.mailer() else { return Ok(()) };
    for _ in 0..ROUNDS {
        let lease = lease(host);
        let answers = host.db().batch(&[outbox::close_over(now), outbox::claim(&lease, now)]).await?;
        let claimed = outbox::claimed_from_rows(answers.get(1).map_or(&[][..], Vec::as_slice))?;
        if claimed.is_empty() {
            return Ok(());
        }
        let tries = claimed.iter().map(|claimed| attempt(mailer, config, claimed, now));
        host.db().query(&outbox::settle(&lease, &join_all(tries).await, now)).await?;
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
