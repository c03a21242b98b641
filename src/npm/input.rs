//! What JavaScript passes in: never trusted to be of the type that it is declared with.

use js_sys::{ArrayBuffer, JSON, JsString, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::model::{Action, Target, TargetError};
use crate::policy::Change;
use crate::wire::change::PreviewBody;

use super::error::Failure;

/// The bytes of a `Uint8Array` or an `ArrayBuffer`, where they lie; `None` for anything else.
pub(super) fn array(value: &JsValue) -> Option<Uint8Array> {
    let buffer = || value.dyn_ref::<ArrayBuffer>().map(|buffer| Uint8Array::new(buffer));
    value.dyn_ref::<Uint8Array>().cloned().or_else(buffer)
}

/// The bytes of a text, a `Uint8Array` or an `ArrayBuffer`; `None` for anything else.
pub(super) fn bytes(value: &JsValue) -> Option<Vec<u8>> {
    value.as_string().map(String::into_bytes).or_else(|| array(value).map(|array| array.to_vec()))
}

/// JSON: the text of it, its bytes, or the object.
pub(super) fn json(value: &JsValue) -> Result<Vec<u8>, Failure> {
    if let Some(bytes) = bytes(value) {
        return Ok(bytes);
    }
    // `stringify` throws for what has no JSON and gives `undefined` for functions and the like.
    let text = JSON::stringify(value).ok().map(JsValue::from).and_then(|text| text.as_string());
    text.map(String::into_bytes).ok_or_else(|| Failure::new("invalid_json", &"this value has no JSON"))
}

/// A text.
pub(super) fn text(value: &JsValue, name: &str) -> Result<String, Failure> {
    let found = value.dyn_ref::<JsString>().and_then(|text| JsValue::from(text).as_string());
    found.ok_or_else(|| Failure::new("invalid_type", &format_args!("`{name}` is a text")))
}

/// An action and what it is asked of; nothing for the workspace as a whole.
pub(super) fn question(action: &JsValue, resource: &JsValue) -> Result<(Action, Target), Failure> {
    let action: Action = text(action, "action")?.parse().map_err(|error| Failure::of(&error))?;
    let target = target(resource)?;
    if target.fits(action) {
        return Ok((action, target));
    }
    Err(Failure::of(&TargetError::mismatch(action, &target.to_string())))
}

/// What a question is asked of; nothing for the workspace as a whole.
pub(super) fn target(resource: &JsValue) -> Result<Target, Failure> {
    let resource = match resource {
        nothing if nothing.is_undefined() || nothing.is_null() => None,
        named => Some(text(named, "resource")?),
    };
    Target::named(resource.as_deref()).map_err(|error| Failure::of(&error))
}

/// A list of changes.
pub(super) fn changes(changes: &JsValue) -> Result<Vec<Change>, Failure> {
    Ok(PreviewBody::read(&json(changes)?)?.parse()?)
}
