//! What JavaScript passes in: never trusted to be of the type that it is declared with.

use js_sys::{ArrayBuffer, JSON, JsString, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::model::{Action, Target};
use crate::wire::issue::Coded as _;

use super::error::Failure;

/// The bytes of a text, a `Uint8Array` or an `ArrayBuffer`; `None` for anything else.
pub(super) fn bytes(value: &JsValue) -> Option<Vec<u8>> {
    if let Some(text) = value.as_string() {
        return Some(text.into_bytes());
    }
    if let Some(array) = value.dyn_ref::<Uint8Array>() {
        return Some(array.to_vec());
    }
    value.dyn_ref::<ArrayBuffer>().map(|buffer| Uint8Array::new(buffer).to_vec())
}

/// JSON: the text of it, its bytes, or the object.
pub(super) fn json(value: &JsValue) -> Result<Vec<u8>, Failure> {
    if let Some(bytes) = bytes(value) {
        return Ok(bytes);
    }
    // `stringify` throws for what has no JSON and gives `undefined` for functions and the like.
    let text = JSON::stringify(value).ok().map(JsValue::from).and_then(|text| text.as_string());
    text.map(String::into_bytes).ok_or_else(|| Failure::new("invalid_json", "this value has no JSON"))
}

/// A text.
pub(super) fn text(value: &JsValue, name: &str) -> Result<String, Failure> {
    let found = value.dyn_ref::<JsString>().and_then(|text| JsValue::from(text).as_string());
    found.ok_or_else(|| Failure::new("invalid_type", format!("`{name}` is a text")))
}

/// An action and what it is asked of; nothing for the workspace as a whole.
pub(super) fn question(action: &JsValue, resource: &JsValue) -> Result<(Action, Target), Failure> {
    let action: Action = text(action, "action")?.parse().map_err(|error| Failure::of(&error))?;
    let resource = match resource {
        nothing if nothing.is_undefined() || nothing.is_null() => None,
        named => Some(text(named, "resource")?),
    };
    let target = Target::parse(action, resource.as_deref()).map_err(|error| Failure::new(error.code(), error))?;
    Ok((action, target))
}
