//! What went wrong, on its way to `checks.js`, which makes an `Error` of it: a text that starts with the code.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::packed::PackedError;
use crate::wire::issue::Coded;

/// An error with the code of the API, and what to do.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Fault {
    /// Of a value with a code of its own.
    pub(super) fn of(error: &impl Coded) -> Self {
        Self { code: error.code(), message: error.in_words() }
    }
}

impl From<PackedError> for Fault {
    fn from(error: PackedError) -> Self {
        Self { code: error.code(), message: error.in_words() }
    }
}

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The value; the fault is kept for [`fault`]. A value of JavaScript would take a table and its upkeep to get across.
pub(super) fn kept<T>(result: Result<T, Fault>) -> Option<T> {
    result.map_err(|fault| LAST.replace([fault.code, " ", &fault.message].concat())).ok()
}

/// Why the last call had no answer: a code, a space, and what to do.
#[wasm_bindgen]
pub fn fault() -> String {
    LAST.take()
}
