//! Errors of what the smaller entry doesn't do, and values on their way out.

use js_sys::JSON;
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::model::digits;
use crate::policy::Refusal;
use crate::wire::bulk::FileError;
use crate::wire::issue::{Issue, Issues};
use crate::wire::loaded::SnapshotError;
use crate::wire::written;

use super::super::error::Failure;

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
