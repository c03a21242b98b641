//! Lists: which page is asked for, and the shape of the answer (RFC 7644 section 3.4.2, RFC 9865).

use serde_json::Value;

use super::error::ScimError;

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paging {
    /// By number.
    Index {
        /// The first one, from 1.
        start: u32,
        /// How many at most; 0 asks for the total alone.
        count: u32,
    },
    /// By cursor.
    Cursor {
        /// Where the last page ended; `None` for the first page.
        cursor: Option<String>,
        /// How many at most.
        count: u32,
    },
}

impl Paging {
    /// Of the three parameters.
    ///
    /// # Errors
    /// For what is no number, and for a cursor together with `startIndex`.
    pub fn parse(_start: Option<&str>, _count: Option<&str>, _cursor: Option<&str>) -> Result<Self, ScimError> {
        Err(ScimError::new(501, ""))
    }
}

/// A page of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// How many there are in all.
    pub total: u64,
    /// What is on this page.
    pub resources: Vec<Value>,
    /// For a page by number: of the first one on it.
    pub start: Option<u32>,
    /// For a page by cursor: where the next one starts; `None` on the last.
    pub next_cursor: Option<String>,
}

impl List {
    /// As a body.
    pub fn json(self) -> Value {
        Value::Null
    }
}
