//! Expiry: the record tells of each invite that time has ended, once for every time that it was sent.

use crate::host::{Db as _, Host};
use crate::model::EventId;
use crate::store::expiry;

use super::context::Context;
use super::problem::Problem;

/// Tells of a bounded number of expired invites; the next run goes on.
///
/// # Errors
/// When the database fails.
pub(super) async fn tell<H: Host>(cx: &Context<'_, H>) -> Result<(), Problem> {
    let untold = expiry::list_untold(cx.db()).await?;
    if untold.is_empty() {
        return Ok(());
    }
    let told: Vec<_> = untold.into_iter().map(|invite| (invite, cx.id(EventId::new))).collect();
    cx.db().batch(&expiry::tell(&told, cx.now, cx.request_id)).await?;
    Ok(())
}
