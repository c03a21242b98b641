//! Errors for JavaScript: `Error` objects with the code of the API, and where there are several faults, each of them. And
//! values on their way out.

use js_sys::{Error, JSON, Reflect};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::model::digits;
use crate::packed::PackedError;
use crate::policy::Refusal;
use crate::wire::bulk::FileError;
use crate::wire::issue::{Coded, Issue, Issues};
use crate::wire::loaded::SnapshotError;
use crate::wire::written;

use super::super::error::Fault;

/// A failure on its way to JavaScript. Boxed, since it is passed up through each function and rarely there.
#[derive(Debug)]
pub(in crate::npm) struct Failure(Box<Told>);

#[derive(Debug)]
struct Told {
    fault: Fault,
    path: Option<String>,
    /// A list of faults; `undefined` where there is one.
    errors: JsValue,
}

impl Failure {
    /// With a code and what to do.
    pub(super) fn new(code: &'static str, message: String) -> Self {
        Fault { code, message }.into()
    }

    /// At a place, as a JSON Pointer.
    fn at(mut self, path: String) -> Self {
        self.0.path = Some(path);
        self
    }

    /// With each fault.
    fn with(mut self, errors: JsValue) -> Self {
        self.0.errors = errors;
        self
    }

    /// Of a value with a code of its own.
    pub(super) fn of(error: &impl Coded) -> Self {
        Fault::of(error).into()
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self(Box::new(Told { fault, path: None, errors: JsValue::UNDEFINED }))
    }
}

impl From<PackedError> for Failure {
    fn from(error: PackedError) -> Self {
        Fault::from(error).into()
    }
}

impl From<Failure> for JsValue {
    fn from(Failure(told): Failure) -> Self {
        let error = Error::new(&told.fault.message);
        let set = |name: &str, value: &Self| {
            // Setting a property of a fresh object can't fail.
            let _ = Reflect::set(&error, &name.into(), value);
        };
        set("code", &told.fault.code.into());
        if let Some(path) = &told.path {
            set("path", &path.into());
        }
        if !told.errors.is_undefined() {
            set("errors", &told.errors);
        }
        error.into()
    }
}

/// Of a rule that refuses a change.
pub(super) fn refused(index: usize, refusal: &Refusal) -> Failure {
    Failure::new(refusal.code(), refusal.in_words()).at(["/changes/", &digits(index as u64)].concat())
}

impl From<Issue> for Failure {
    fn from(issue: Issue) -> Self {
        Self::new(issue.code, issue.detail).at(issue.path)
    }
}

impl From<SnapshotError> for Failure {
    fn from(error: SnapshotError) -> Self {
        Self::new(error.0.code, error.in_words()).at(error.0.path)
    }
}

impl From<Issues> for Failure {
    fn from(issues: Issues) -> Self {
        let errors = issues.into_vec();
        let message = errors.first().map_or_else(String::new, |issue| [&issue.path, ": ", &issue.detail].concat());
        Self::new("validation_failed", message).with(to_js(&errors).unwrap_or(JsValue::UNDEFINED))
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Csv(error) => Self::new("invalid_csv", error.in_words()),
            FileError::Header(issues) => issues.into(),
            FileError::TooMany => {
                Self::new("payload_too_large", "one file holds at most 10,000 invites; split it".to_owned())
            }
        }
    }
}

/// A value as plain objects, lists and texts.
pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    let json = written::json(value).map_err(|_| Failure::new("internal", "this value has no JSON".to_owned()))?;
    JSON::parse(&json)
}
