//! Errors for JavaScript: `Error` objects with the code of the API, and where there are several faults, each of them.

use js_sys::{Error, Reflect};
use wasm_bindgen::JsValue;

use crate::packed::PackedError;
use crate::wire::issue::Coded;

/// A failure on its way to JavaScript. Boxed, since it is passed up through each function and rarely there.
#[derive(Debug)]
pub(super) struct Failure(Box<Told>);

#[derive(Debug)]
struct Told {
    code: &'static str,
    message: String,
    path: Option<String>,
    /// A list of faults; `undefined` where there is one.
    errors: JsValue,
}

impl Failure {
    /// With a code and what to do.
    pub(super) fn new(code: &'static str, message: String) -> Self {
        Self(Box::new(Told { code, message, path: None, errors: JsValue::UNDEFINED }))
    }

    /// At a place, as a JSON Pointer.
    #[cfg(feature = "npm")]
    pub(super) fn at(mut self, path: String) -> Self {
        self.0.path = Some(path);
        self
    }

    /// With each fault.
    #[cfg(feature = "npm")]
    pub(super) fn with(mut self, errors: JsValue) -> Self {
        self.0.errors = errors;
        self
    }

    /// Of a value with a code of its own.
    pub(super) fn of(error: &impl Coded) -> Self {
        Self::new(error.code(), error.in_words())
    }
}

impl From<PackedError> for Failure {
    fn from(error: PackedError) -> Self {
        Self::new(error.code(), error.in_words())
    }
}

impl From<Failure> for JsValue {
    fn from(Failure(failure): Failure) -> Self {
        let error = Error::new(&failure.message);
        let set = |name: &str, value: &Self| {
            // Setting a property of a fresh object can't fail.
            let _ = Reflect::set(&error, &name.into(), value);
        };
        set("code", &failure.code.into());
        if let Some(path) = &failure.path {
            set("path", &path.into());
        }
        if !failure.errors.is_undefined() {
            set("errors", &failure.errors);
        }
        error.into()
    }
}
