//! What the smaller entry leaves out: reasons, lists, previews, snapshots as JSON, files of invites, grammar and catalog.

mod error;
mod input;
mod invites;
mod state;
mod workspace;

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::model::{GrantExpr, Role};
use crate::wire::grant::ScopeView;
use crate::wire::role::RoleView;

use error::{Failure, to_js};
use input::text;

pub use invites::parse_invites;
pub(super) use state::Kept;

/// A grant expression, read.
#[derive(Debug, Serialize)]
struct ParsedGrant {
    role: &'static str,
    scope: ScopeView,
    expression: String,
}

/// Reads a grant expression into its role and scope.
///
/// # Errors
/// Throws with the API's code, and the position, when it isn't one.
#[wasm_bindgen(js_name = parseGrant)]
pub fn parse_grant(grant: &JsValue) -> Result<JsValue, JsValue> {
    let grant: GrantExpr = text(grant, "grant")?.parse().map_err(|error| Failure::of(&error))?;
    to_js(&ParsedGrant { role: grant.role().as_str(), scope: grant.scope().into(), expression: grant.text() })
}

/// The catalog of roles: role, name, level, scopes, plan, actions.
///
/// # Errors
/// When the values can't cross into JavaScript.
#[wasm_bindgen]
pub fn catalog() -> Result<JsValue, JsValue> {
    to_js(&Role::all().map(RoleView::from).collect::<Vec<_>>())
}
