//! What a list is asked for, by the address or by the body of `.search`.

use serde_json::Value;

use super::attributes::Projection;
use super::error::ScimError;
use super::list::Paging;
use super::path::Path;
use super::schema::Resource;

/// What a list is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What each resource in the answer has.
    pub projection: Projection,
    /// The filter as it was sent: `Filter::parse` reads it, for one kind or for each.
    pub filter: Option<String>,
    /// `sortBy` as it was sent: `Sort::parse` reads it.
    pub sort_by: Option<String>,
    /// Whether the order is turned around.
    pub is_descending: bool,
    /// Which page.
    pub paging: Paging,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// By which attribute; of several values the primary one counts, else the first.
    pub path: Path,
    /// Whether the order is turned around.
    pub is_descending: bool,
}

impl Query {
    /// Of the parameters of an address, in any case.
    ///
    /// # Errors
    /// For a value that a parameter can't have.
    pub fn from_pairs<'a>(_pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, ScimError> {
        Err(ScimError::new(501, ""))
    }

    /// Of the body of `.search`.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_body(_body: &Value) -> Result<Self, ScimError> {
        Err(ScimError::new(501, ""))
    }

    /// In which order, if any is asked for.
    ///
    /// # Errors
    /// With `invalidPath` for what can't be sorted by.
    pub fn sort(&self, _resource: Resource) -> Result<Option<Sort>, ScimError> {
        Ok(None)
    }
}
