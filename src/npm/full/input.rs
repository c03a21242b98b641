//! What JavaScript passes in: never trusted to be of the type that it is declared with.

use js_sys::{ArrayBuffer, JSON, JsString, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::model::{Action, Target};
use crate::policy::Change;
use crate::wire::change::PreviewBody;

use super::super::input;
use super::error::Failure;

/// The bytes of a `Uint8Array` or an `ArrayBuffer`, where they lie; `None` for anything else.
pub(super) fn array(value: &JsValue) -> Option<Uint8Array> {
    let buffer = || value.dyn_ref::<ArrayBuffer>().map(|buffer| Uint8Array::new(buffer));
    value.dyn_ref::<Uint8Array>().cloned().or_else(buffer)
}

fn js_text<'a>(value: &'a JsValue, name: &str) -> Result<&'a JsString, Failure> {
    value.dyn_ref::<JsString>().ok_or_else(|| Failure::new("invalid_type", ["`", name, "` is a text"].concat()))
}

/// A text.
pub(super) fn text(value: &JsValue, name: &str) -> Result<String, Failure> {
    js_text(value, name).map(String::from)
}

/// A text in lower case: JavaScript has the tables of it already.
pub(super) fn lower_text(value: &JsValue, name: &str) -> Result<String, Failure> {
    js_text(value, name).map(|text| String::from(text.to_lower_case()))
}

/// An action and what it is asked of; nothing for the workspace as a whole.
pub(super) fn question(action: &JsValue, resource: &JsValue) -> Result<(Action, Target), Failure> {
    let is_whole = resource.is_undefined() || resource.is_null();
    let (action, resource) = (text(action, "action")?, (!is_whole).then(|| text(resource, "resource")).transpose()?);
    Ok(input::question(&action, resource.as_deref())?)
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
    text.map(String::into_bytes).ok_or_else(|| Failure::new("invalid_json", "this value has no JSON".to_owned()))
}

/// A list of changes.
pub(super) fn changes(changes: &JsValue) -> Result<Vec<Change>, Failure> {
    Ok(PreviewBody::read(&json(changes)?)?.parse()?)
}
