//! What SCIM answers where it refuses: RFC 7644 section 3.12.

use std::fmt;

use serde_json::{Value, json};

/// The schema of an error.
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

macro_rules! types {
    ($($name:ident = $text:literal;)*) => {
        /// What is wrong, in the words of RFC 7644 table 9 and RFC 9865.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the words of the RFC")]
        pub enum ScimType { $($name),* }

        impl ScimType {
            /// As it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

types! {
    InvalidFilter = "invalidFilter";
    TooMany = "tooMany";
    Uniqueness = "uniqueness";
    Mutability = "mutability";
    InvalidSyntax = "invalidSyntax";
    InvalidPath = "invalidPath";
    NoTarget = "noTarget";
    InvalidValue = "invalidValue";
    InvalidVers = "invalidVers";
    Sensitive = "sensitive";
    InvalidCursor = "invalidCursor";
    ExpiredCursor = "expiredCursor";
    InvalidCount = "invalidCount";
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScimError {
    /// The HTTP status.
    pub status: u16,
    /// What is wrong, where the RFC has a word for it.
    pub scim_type: Option<ScimType>,
    /// What was found, and what would be right.
    pub detail: String,
}

impl ScimError {
    /// A refusal that the RFC has no word for.
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self { status, scim_type: None, detail: detail.into() }
    }

    /// A refusal that the RFC has a word for: 409 for `uniqueness`, 413 for nothing, else 400.
    pub fn of(scim_type: ScimType, detail: impl Into<String>) -> Self {
        let status = match scim_type {
            ScimType::Uniqueness => 409,
            ScimType::Sensitive => 403,
            ScimType::InvalidVers
            | ScimType::InvalidFilter
            | ScimType::TooMany
            | ScimType::Mutability
            | ScimType::InvalidSyntax
            | ScimType::InvalidPath
            | ScimType::NoTarget
            | ScimType::InvalidValue
            | ScimType::InvalidCursor
            | ScimType::ExpiredCursor
            | ScimType::InvalidCount => 400,
        };
        Self { status, scim_type: Some(scim_type), detail: detail.into() }
    }

    pub(super) fn filter(detail: impl Into<String>) -> Self {
        Self::of(ScimType::InvalidFilter, detail)
    }

    pub(super) fn value(detail: impl Into<String>) -> Self {
        Self::of(ScimType::InvalidValue, detail)
    }

    pub(super) fn syntax(detail: impl Into<String>) -> Self {
        Self::of(ScimType::InvalidSyntax, detail)
    }

    /// As a body: the status is a text there.
    pub fn json(&self) -> Value {
        let mut body = json!({"schemas": [ERROR], "status": self.status.to_string(), "detail": self.detail});
        if let (Some(scim_type), Some(body)) = (self.scim_type, body.as_object_mut()) {
            body.insert("scimType".to_owned(), scim_type.as_str().into());
        }
        body
    }
}

impl fmt::Display for ScimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.scim_type.map_or("", ScimType::as_str);
        write!(f, "{} {word}: {}", self.status, self.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_of_an_error_is_a_text() {
        assert_eq!(
            ScimError::of(ScimType::Uniqueness, "taken").json(),
            json!({"schemas": [ERROR], "status": "409", "scimType": "uniqueness", "detail": "taken"})
        );
        assert_eq!(ScimError::new(404, "gone").json(), json!({"schemas": [ERROR], "status": "404", "detail": "gone"}));
    }
}
