//! What JavaScript passes in beside texts: files, JSON and changes.

use js_sys::JSON;
use wasm_bindgen::JsValue;

use crate::policy::Change;
use crate::wire::change::PreviewBody;

use super::super::error::Failure;
use super::super::input::array;

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
