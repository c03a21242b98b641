//! Retention: audit events that a deployment has kept for long enough are deleted, by cron alone, and the log says so.

use crate::host::{Config, Host};
use crate::model::Timestamp;
use crate::store::retention;

use super::problem::Problem;

/// Deletes a bounded number of the events that are older than the deployment keeps them, the oldest first; the next run goes on.
///
/// # Errors
/// When the database fails.
pub(super) async fn run<H: Host>(host: &H, config: &Config, now: Timestamp) -> Result<(), Problem> {
    if config.audit_retention_days <= 0 {
        return Ok(());
    }
    let horizon = now.plus_hours(config.audit_retention_days.saturating_mul(-24));
    let removed = retention::delete_older(host.db(), horizon).await?;
    if removed > 0 {
        host.note(&format!("audit retention: removed {removed} events older than {horizon}"));
    }
    Ok(())
}
