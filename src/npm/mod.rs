//! The npm package: the same decisions for a browser, Node or another Worker.
//!
//! Errors are `Error` objects with the `code` that the API uses.

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::model::{GrantExpr, Role};
use crate::wire::grant::ScopeView;
use crate::wire::issue::Coded;
use crate::wire::role::RoleView;

/// A grant expression, read.
#[derive(Debug, Serialize)]
struct ParsedGrant {
    role: &'static str,
    scope: ScopeView,
    expression: String,
}

fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(Into::into)
}

/// An `Error` with a code.
fn error(code: &str, message: &str) -> JsValue {
    let error = js_sys::Error::new(message);
    // Setting a property of a fresh object can't fail.
    let _ = js_sys::Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}

/// Reads a grant expression into its role and scope.
///
/// # Errors
/// Throws with the API's code, and the position, when it isn't one.
#[wasm_bindgen(js_name = parseGrant)]
pub fn parse_grant(text: &str) -> Result<JsValue, JsValue> {
    let grant: GrantExpr = text.parse().map_err(|problem| error(Coded::code(&problem), &format!("{problem}")))?;
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
