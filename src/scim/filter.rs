//! Filters: RFC 7644 section 3.4.2.2, read once into a tree that is small enough to be turned into SQL.

use crate::model::Timestamp;

use super::error::ScimError;
use super::grammar;
use super::path::Path;
use super::schema::Resource;

/// What a resource must be to be listed.
///
/// `ne` is `not eq`, `eq null` is `not pr` and `ne null` is `pr`: a comparison is true only of a value that is there. On an attribute
/// with several values it is true when it is true of any, so `ne` says that none is equal.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All of these.
    All(Vec<Self>),
    /// Any of these.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// The attribute has a value: no empty text, list or object.
    Present(Path),
    /// A value compares.
    Compare(Compare),
    /// One value of the attribute is all that the filter says; the paths in it are whole ones (`emails.type`).
    Within(Path, Box<Self>),
    /// Nothing: a comparison with what this kind of resource lacks and the other has.
    Never,
}

/// A comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Compare {
    /// Of which attribute. `emails eq` is about `emails.value`.
    pub path: Path,
    /// How.
    pub operator: Operator,
    /// With what.
    pub operand: Operand,
}

/// How values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the RFC")]
pub enum Operator {
    Eq,
    Co,
    Sw,
    Ew,
    Gt,
    Ge,
    Lt,
    Le,
}

/// What a value is compared with: of the kind that the attribute has.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A text; in lower case where the attribute compares without case.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// An instant.
    Time(Timestamp),
}

impl Filter {
    /// Reads a filter on one kind of resource.
    ///
    /// # Errors
    /// With `invalidFilter` for what is no filter, names an attribute that the resource lacks, compares what can't be compared, or
    /// is too long or too deep.
    pub fn parse(text: &str, resource: Resource) -> Result<Self, ScimError> {
        grammar::read(text, resource, None)
    }

    /// Reads a filter on everything: what it means for each kind. A comparison with what one kind lacks is true of none of it.
    ///
    /// # Errors
    /// As [`Filter::parse`], for an attribute that both lack.
    pub fn parse_each(text: &str) -> Result<[(Resource, Self); 2], ScimError> {
        let (user, group) = (Resource::User, Resource::Group);
        Ok([(user, grammar::read(text, user, Some(group))?), (group, grammar::read(text, group, Some(user))?)])
    }

    /// What the values of one attribute must be, as it stands in brackets (`type eq "work"`).
    pub(super) fn parse_within(text: &str, list: Path) -> Result<Self, ScimError> {
        grammar::read_within(text, list)
    }
}

/// A text as it compares where case doesn't count.
pub(super) fn fold(text: &str) -> String {
    text.to_lowercase()
}
