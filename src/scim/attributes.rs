//! Which attributes an answer has: `attributes` and `excludedAttributes`, on reads and on what a write answers.

use serde_json::Value;

use super::error::ScimError;
use super::schema::Resource;

/// What an answer has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Projection;

impl Projection {
    /// Of the two parameters, each a list separated by commas.
    ///
    /// # Errors
    /// When both are given.
    pub fn parse(_attributes: Option<&str>, _excluded: Option<&str>) -> Result<Self, ScimError> {
        Err(ScimError::new(501, ""))
    }

    /// Whether an answer has any of a top attribute (`members`, `groups`), so that it needs to be read.
    pub fn wants(&self, _resource: Resource, _attribute: &str) -> bool {
        true
    }

    /// A resource as the answer has it.
    pub fn apply(&self, _resource: Resource, whole: Value) -> Value {
        whole
    }
}
