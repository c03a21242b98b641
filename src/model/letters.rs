//! Letters of all scripts. In the package JavaScript tells about them, which has the tables already: they were a fifteenth of
//! the download.

/// A text in lower case.
pub fn lower(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { lower_any(text) }
}

#[cfg(not(all(feature = "npm", target_arch = "wasm32")))]
fn lower_any(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(all(feature = "npm", target_arch = "wasm32"))]
fn lower_any(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}
