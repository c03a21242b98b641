//! Letters of all scripts. In the package JavaScript tells about them, which has the tables already: they were a fifteenth of
//! the download.

/// A text in lower case.
pub fn lower(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { lower_any(text) }
}

/// True for a letter or a digit.
pub(super) fn is_alphanumeric(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { is_any_alphanumeric(c) }
}

#[cfg(not(all(feature = "npm", target_arch = "wasm32")))]
fn lower_any(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(not(all(feature = "npm", target_arch = "wasm32")))]
fn is_any_alphanumeric(c: char) -> bool {
    c.is_alphanumeric()
}

#[cfg(all(feature = "npm", target_arch = "wasm32"))]
fn lower_any(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

#[cfg(all(feature = "npm", target_arch = "wasm32"))]
fn is_any_alphanumeric(c: char) -> bool {
    js_sys::RegExp::new(r"[\p{Alphabetic}\p{N}]", "u").test(c.encode_utf8(&mut [0; 4]))
}
