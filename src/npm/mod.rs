//! The npm package: the same decisions for a browser, Node or another Worker.
//!
//! Errors are `Error` objects with the `code` that the API uses. `entries/workspace.js` makes the classes that the package
//! shows of [`Core`], `types.ts` holds their types.

mod error;
mod input;
mod invites;
mod state;
mod workspace;

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::model::{Action, GrantExpr, Role};
use crate::wire::grant::ScopeView;
use crate::wire::role::RoleView;

use error::{Failure, to_js};

pub use invites::parse_invites;
pub use workspace::Core;

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
pub fn parse_grant(text: &JsValue) -> Result<JsValue, JsValue> {
    let grant: GrantExpr = input::text(text, "grant")?.parse().map_err(|error| Failure::of(&error))?;
    to_js(&ParsedGrant { role: grant.role().as_str(), scope: grant.scope().into(), expression: grant.to_string() })
}

/// The catalog of roles: role, name, level, scopes, plan, actions.
///
/// # Errors
/// When the values can't cross into JavaScript.
#[wasm_bindgen]
pub fn catalog() -> Result<JsValue, JsValue> {
    to_js(&Role::all().map(RoleView::from).collect::<Vec<_>>())
}

/// The name of every action.
#[wasm_bindgen]
pub fn actions() -> Vec<String> {
    Action::ALL.iter().map(|action| action.as_str().to_owned()).collect()
}
