//! `If-Match`: a write that was decided on one state of a thing doesn't happen on another.
//!
//! It names the tag of the thing as a read gives it, or the version of the whole workspace, quoted or bare.

use crate::host::Host;

use super::context::Context;
use super::problem::{Code, Problem};
use super::reply;

/// True when the request makes a condition.
pub(super) fn is_sent<H: Host>(cx: &Context<'_, H>) -> bool {
    cx.request.headers().contains_key("if-match")
}

/// Checks the condition, if there is one, against the workspace's version and the tag of what is there; `None` for what
/// is yet to be made.
///
/// # Errors
/// 412 when it names neither.
pub(super) fn check<H: Host>(cx: &Context<'_, H>, version: i64, tag: Option<&str>) -> Result<(), Problem> {
    let lines = cx.request.headers().get_all("if-match").iter().map(|line| line.to_str().unwrap_or_default());
    let is_met = |one: &str| {
        let is_version = one == version.to_string() || one == format!("\"{version}\"");
        is_version || tag.is_some_and(|tag| one == "*" || reply::is_same_state(one, tag))
    };
    if !is_sent(cx) || lines.flat_map(|line| line.split(',')).any(|one| is_met(one.trim())) {
        return Ok(());
    }
    let detail =
        format!("this is not what `If-Match` names; the workspace is at version {version}: read again and decide anew");
    Err(Problem::new(Code::VersionConflict, detail))
}
