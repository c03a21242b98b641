//! Errors for JavaScript: `Error` objects with the code of the API, and where there are several faults, each of them.

use std::fmt::Display;

use js_sys::{Error, JSON, Reflect};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::packed::PackedError;
use crate::policy::Refusal;
use crate::wire::bulk::FileError;
use crate::wire::issue::{Coded, Issue, Issues};
use crate::wire::loaded::SnapshotError;

/// A failure on its way to JavaScript. Boxed, since it is passed up through each function and rarely there.
#[derive(Debug)]
pub(super) struct Failure(Box<Told>);

#[derive(Debug)]
struct Told {
    code: &'static str,
    message: String,
    path: Option<String>,
    errors: Vec<Issue>,
}

impl Failure {
    /// With a code and what to do.
    pub(super) fn new(code: &'static str, message: &dyn Display) -> Self {
        Self(Box::new(Told { code, message: message.to_string(), path: None, errors: Vec::new() }))
    }

    fn at(mut self, path: String) -> Self {
        self.0.path = Some(path);
        self
    }

    /// Of a value with a code of its own.
    pub(super) fn of(error: &impl Coded) -> Self {
        Self::new(error.code(), error)
    }

    /// Of a rule that refuses a change.
    pub(super) fn refused(index: usize, refusal: &Refusal) -> Self {
        Self::new(refusal.code(), refusal).at(format!("/changes/{index}"))
    }
}

impl From<Issue> for Failure {
    fn from(issue: Issue) -> Self {
        Self::new(issue.code, &issue.detail).at(issue.path)
    }
}

impl From<SnapshotError> for Failure {
    fn from(error: SnapshotError) -> Self {
        Self::new(error.0.code, &error).at(error.0.path)
    }
}

impl From<PackedError> for Failure {
    fn from(error: PackedError) -> Self {
        Self::new(error.code(), &error)
    }
}

impl From<Issues> for Failure {
    fn from(issues: Issues) -> Self {
        let errors = issues.into_vec();
        let message = errors.first().map_or_else(String::new, |issue| format!("{}: {}", issue.path, issue.detail));
        let mut failure = Self::new("validation_failed", &message);
        failure.0.errors = errors;
        failure
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Csv(error) => Self::new("invalid_csv", &error),
            FileError::Header(issues) => issues.into(),
            FileError::TooMany => Self::new("payload_too_large", &"one file holds at most 10,000 invites; split it"),
        }
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
        if !failure.errors.is_empty() {
            set("errors", &to_js(&failure.errors).unwrap_or(Self::UNDEFINED));
        }
        error.into()
    }
}

/// A value as plain objects, lists and texts.
pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    let json = serde_json::to_string(value).map_err(|error| Failure::new("internal", &error))?;
    JSON::parse(&json)
}
