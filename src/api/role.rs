//! The catalog of roles.

use crate::model::Role;
use crate::wire::Page;
use crate::wire::role::RoleView;

use super::problem::Problem;
use super::reply::Reply;

/// All roles. The list changes with a release alone, so anyone may keep it for an hour.
pub(super) fn list() -> Result<Reply, Problem> {
    let page = Page { data: Role::all().map(RoleView::from).collect(), next_cursor: None };
    Ok(Reply::ok(&page)?.tagged().header("cache-control", "public, max-age=3600"))
}
