//! What is wrong with a request body, each with a JSON Pointer to the place.

use std::fmt::Display;

use serde::Serialize;

use crate::model::{GrantError, LabelError, MemberError, ResourceError, TargetError, TextError};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Issue {
    /// Where, as a JSON Pointer (RFC 6901); empty for the whole body.
    pub path: String,
    /// What, as a stable code.
    pub code: &'static str,
    /// What, in words, and what would be right.
    pub detail: String,
}

/// An error with a stable code.
pub trait Coded: Display {
    /// The code.
    fn code(&self) -> &'static str;

    /// What is wrong and what would be right.
    fn in_words(&self) -> String;
}

impl Coded for TextError {
    fn code(&self) -> &'static str {
        match self {
            Self::Email(_) => "invalid_email",
            Self::Name => "invalid_name",
            Self::Slug => "invalid_slug",
        }
    }

    fn in_words(&self) -> String {
        self.in_words()
    }
}

impl Coded for GrantError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownRole { .. } => "unknown_role",
            Self::Syntax { .. } => "invalid_grant",
            Self::ScopeNotAllowed { .. } => "scope_not_allowed",
        }
    }

    fn in_words(&self) -> String {
        self.in_words()
    }
}

impl Coded for LabelError {
    fn code(&self) -> &'static str {
        "invalid_label"
    }

    fn in_words(&self) -> String {
        self.in_words()
    }
}

impl Coded for ResourceError {
    fn code(&self) -> &'static str {
        match self {
            Self::Kind | Self::Id => "invalid_resource",
            Self::ParentMissing => "parent_required",
            Self::ParentNotAllowed => "parent_not_allowed",
            Self::LabelsNotAllowed => "labels_not_allowed",
        }
    }

    fn in_words(&self) -> String {
        self.in_words().to_owned()
    }
}

impl Coded for MemberError {
    fn code(&self) -> &'static str {
        match self {
            Self::WorkspaceRoleRequired => "workspace_role_required",
            Self::LastOwner => "last_owner",
        }
    }

    fn in_words(&self) -> String {
        self.in_words().to_owned()
    }
}

impl Coded for TargetError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownAction(_) => "unknown_action",
            Self::BadResource(_) => "invalid_resource",
            Self::Mismatch { .. } => "action_resource_mismatch",
        }
    }

    fn in_words(&self) -> String {
        self.in_words()
    }
}

/// The issues of one body, collected so that one answer names them all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Issues(Vec<Issue>);

impl Issues {
    /// Notes that something is wrong.
    pub fn add(&mut self, path: impl Into<String>, code: &'static str, detail: impl Into<String>) {
        self.0.push(Issue { path: path.into(), code, detail: detail.into() });
    }

    /// The value, or `None` after noting its error.
    pub fn take<T, E: Coded>(&mut self, path: impl Into<String>, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.add(path, error.code(), error.in_words())).ok()
    }

    /// The value, when nothing is wrong.
    ///
    /// # Errors
    /// With all issues, when there is one or the value is missing.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self),
        }
    }

    /// Nothing, when nothing is wrong.
    ///
    /// # Errors
    /// With all issues, when there is one.
    pub fn check(self) -> Result<(), Self> {
        self.finish(Some(()))
    }

    /// The issues in the order of the body.
    pub fn into_vec(self) -> Vec<Issue> {
        self.0
    }
}
