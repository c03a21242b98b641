//! Why a SCIM request isn't answered as asked: an error in SCIM's own words, and whether deciding again may help.

use crate::host::DbError;
use crate::scim::{ScimError, ScimType};
use crate::store::StoreError;

use super::super::problem::{Code, Problem};

/// A request that is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    /// What the provider is told.
    pub(super) error: ScimError,
    /// The rule that refused it, where the API has a code for that.
    pub(super) code: Option<Code>,
    /// True when what it rested on changed meanwhile.
    pub(super) is_stale: bool,
    /// What the log is told: the cause of a fault of ours.
    pub(super) cause: Option<String>,
}

impl Refusal {
    /// Nothing there.
    pub(super) fn not_found(what: &str, id: &str) -> Self {
        ScimError::new(404, format!("there is no {what} `{id}`")).into()
    }

    /// Something that only one may have, and another has.
    pub(super) fn taken(detail: impl Into<String>) -> Self {
        ScimError::of(ScimType::Uniqueness, detail).into()
    }

    /// A conflict that SCIM has no word for.
    pub(super) fn conflict(code: Code, detail: impl Into<String>) -> Self {
        Self { code: Some(code), ..ScimError::new(409, detail).into() }
    }

    /// A value that can't be.
    pub(super) fn value(detail: impl Into<String>) -> Self {
        ScimError::of(ScimType::InvalidValue, detail).into()
    }
}

impl From<ScimError> for Refusal {
    fn from(error: ScimError) -> Self {
        Self { error, code: None, is_stale: false, cause: None }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        let status = match problem.status().as_u16() {
            402 => 403,
            422 => 400,
            status => status,
        };
        let detail = if problem.detail.is_empty() { problem.code.title().to_owned() } else { problem.detail };
        let mut error = ScimError::new(status, detail);
        if problem.code == Code::InvalidCursor {
            error.scim_type = Some(ScimType::InvalidCursor);
        }
        Self { error, code: Some(problem.code), is_stale: problem.is_stale, cause: problem.cause }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl From<DbError> for Refusal {
    fn from(error: DbError) -> Self {
        Problem::from(error).into()
    }
}
