//! Seats: how many are taken, reserved, left, and held by people who are never seen.

use crate::host::{Db as _, Host};
use crate::model::Action;
use crate::store::seat;
use crate::wire::seat::SeatsView;

use super::context::Context;
use super::inside;
use super::problem::Problem;
use super::reply::Reply;

/// Shows the seats of a workspace.
pub(super) async fn show<H: Host>(cx: &Context<'_, H>) -> Result<Reply, Problem> {
    let inside = inside::enter(cx, Action::MemberView).await?;
    let stale_before = cx.now.plus_hours(-24 * inside.workspace.settings.stale_after_days);
    let rows = cx.db().query(&seat::count(&inside.workspace.id, cx.now, stale_before)).await?;
    let seat::Seats { active, pending, limit, inactive } = seat::from_rows(&rows)?;
    Ok(Reply::ok(&SeatsView { active, pending, limit, inactive })?.version(inside.workspace.version))
}
