//! What JavaScript passes in: never trusted to be of the type that it is declared with.

use js_sys::{ArrayBuffer, JsString, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::model::{Action, Target, TargetError};

use super::error::Failure;

/// The bytes of a `Uint8Array` or an `ArrayBuffer`, where they lie; `None` for anything else.
pub(super) fn array(value: &JsValue) -> Option<Uint8Array> {
    let buffer = || value.dyn_ref::<ArrayBuffer>().map(|buffer| Uint8Array::new(buffer));
    value.dyn_ref::<Uint8Array>().cloned().or_else(buffer)
}

/// A text, where it lies.
pub(super) fn js_text<'a>(value: &'a JsValue, name: &str) -> Result<&'a JsString, Failure> {
    value.dyn_ref::<JsString>().ok_or_else(|| Failure::new("invalid_type", ["`", name, "` is a text"].concat()))
}

/// A text.
pub(super) fn text(value: &JsValue, name: &str) -> Result<String, Failure> {
    js_text(value, name).map(String::from)
}

/// An action and what it is asked of; nothing for the workspace as a whole.
pub(super) fn question(action: &JsValue, resource: &JsValue) -> Result<(Action, Target), Failure> {
    let action: Action = text(action, "action")?.parse().map_err(|error| Failure::of(&error))?;
    let target = target(resource)?;
    if target.fits(action) {
        return Ok((action, target));
    }
    // Whatever doesn't fit was named.
    Err(Failure::of(&TargetError::mismatch(action, &text(resource, "resource")?)))
}

/// What a question is asked of; nothing for the workspace as a whole.
pub(super) fn target(resource: &JsValue) -> Result<Target, Failure> {
    let resource = match resource {
        nothing if nothing.is_undefined() || nothing.is_null() => None,
        named => Some(text(named, "resource")?),
    };
    Target::named(resource.as_deref()).map_err(|error| Failure::of(&error))
}
