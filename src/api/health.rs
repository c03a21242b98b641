//! `GET /healthz`.

use super::problem::Problem;
use super::reply::Reply;

/// Says that the Worker answers; it asks nothing of the database.
pub(super) fn show() -> Result<Reply, Problem> {
    Reply::ok(&serde_json::json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}
