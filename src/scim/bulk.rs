//! Bulk: several requests in one, which may name each other's results (RFC 7644 section 3.7).

use serde_json::Value;

use super::error::ScimError;

/// A bulk request.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkRequest {
    /// After how many refusals the rest isn't tried; `None` tries all.
    pub fail_on_errors: Option<usize>,
    /// What is asked, in an order in which each comes after those that it names.
    pub operations: Vec<BulkOperation>,
}

/// How one of them writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of HTTP")]
pub enum BulkMethod {
    Post,
    Put,
    Patch,
    Delete,
}

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkOperation {
    /// Where it stood: answers come in that order.
    pub index: usize,
    /// How.
    pub method: BulkMethod,
    /// Where, below the base: `/Users/1`. It may have a `bulkId:`.
    pub path: String,
    /// The name by which others mean what it makes.
    pub bulk_id: Option<String>,
    /// The version that it expects, as `If-Match`.
    pub version: Option<String>,
    /// The body. It may have texts `bulkId:⟨name⟩`.
    pub data: Value,
}

impl BulkRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// 413 for too many operations, 409 for operations that wait for each other, 400 for what is no bulk request.
    pub fn parse(_body: &Value) -> Result<Self, ScimError> {
        Err(ScimError::new(501, ""))
    }
}

impl BulkOperation {
    /// The operation with each `bulkId:` as the id that was made for it.
    ///
    /// # Errors
    /// 409 for a name of nothing, or of what was refused.
    pub fn resolved(&self, _id_of: impl Fn(&str) -> Option<String>) -> Result<Self, ScimError> {
        Err(ScimError::new(501, ""))
    }
}

/// What one of them came to.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkAnswer {
    /// The status.
    pub status: u16,
    /// Where the thing is; for a POST that was refused, nothing.
    pub location: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Why it was refused.
    pub error: Option<ScimError>,
}

impl BulkAnswer {
    /// The body of the whole answer; an operation that wasn't tried has no answer.
    pub fn json(_answers: &[(BulkOperation, Self)]) -> Value {
        Value::Null
    }
}
