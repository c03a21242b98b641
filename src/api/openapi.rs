//! `GET /openapi.json`: the document at the top of the repository, which `tests/openapi` makes of the code.

use sha2::{Digest, Sha256};

use super::problem::Problem;
use super::reply::Reply;

/// The document without the blanks between its parts, as `build.rs` leaves it.
const DOCUMENT: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

/// Shows the document. It changes with a release alone, so anyone may keep it for an hour.
pub(super) fn show() -> Result<Reply, Problem> {
    let tag = base16ct::lower::encode_string(&Sha256::digest(DOCUMENT));
    let reply = Reply::written(DOCUMENT).header("etag", format!("\"{tag}\""));
    Ok(reply.header("cache-control", "public, max-age=3600"))
}
