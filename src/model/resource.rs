//! Resources: what a role can be scoped to, as Rolecall's registry knows them.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::label::is_part;
use super::{Labels, Name, Timestamp};

/// The kinds of resource that a grant can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceKind {
    /// Where data comes in.
    Source,
    /// Where data goes; has a parent source.
    Destination,
    /// A tracking plan (Protocols).
    TrackingPlan,
    /// An Engage space: holds audiences, computed traits and journeys.
    Space,
    /// A warehouse.
    Warehouse,
    /// A function.
    Function,
}

impl ResourceKind {
    /// All kinds, in the order that lists use.
    pub const ALL: [Self; 6] =
        [Self::Source, Self::Destination, Self::TrackingPlan, Self::Space, Self::Warehouse, Self::Function];

    /// The kind as it is written before the slash.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Destination => "destination",
            Self::TrackingPlan => "tracking_plan",
            Self::Space => "space",
            Self::Warehouse => "warehouse",
            Self::Function => "function",
        }
    }

    /// True for the kinds that can carry labels.
    pub const fn takes_labels(self) -> bool {
        matches!(self, Self::Source | Self::Space)
    }
}

impl FromStr for ResourceKind {
    type Err = ResourceError;
    fn from_str(text: &str) -> Result<Self, ResourceError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(ResourceError::Kind)
    }
}

/// What is wrong with a resource or the name of one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ResourceError {
    /// No such kind.
    #[error("{}", self.in_words())]
    Kind,
    /// Not `kind/id`.
    #[error("{}", self.in_words())]
    Id,
    /// A destination without a parent source.
    #[error("{}", self.in_words())]
    ParentMissing,
    /// A parent on something that has none, or that isn't a source.
    #[error("{}", self.in_words())]
    ParentNotAllowed,
    /// Labels on a kind that takes none.
    #[error("{}", self.in_words())]
    LabelsNotAllowed,
}

impl ResourceError {
    /// The error as its `Display` has it.
    pub const fn in_words(&self) -> &'static str {
        match self {
            Self::Kind => "a resource is one of source, destination, tracking_plan, space, warehouse or function",
            Self::Id => "a resource is written `kind/id`, with an id of 1 to 128 of `A-Z a-z 0-9 . _ -`",
            Self::ParentMissing => "a destination needs a `parent` source, like `source/abc`",
            Self::ParentNotAllowed => "only a destination has a `parent`, and it is a source",
            Self::LabelsNotAllowed => "only sources and spaces take labels",
        }
    }
}

/// The name of a resource, written `source/abc`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceRef {
    kind: ResourceKind,
    id: String,
}

impl ResourceRef {
    /// A resource of this kind with this id.
    ///
    /// # Errors
    /// When the id is outside the alphabet.
    pub fn new(kind: ResourceKind, id: &str) -> Result<Self, ResourceError> {
        if is_part(id) { Ok(Self { kind, id: id.to_owned() }) } else { Err(ResourceError::Id) }
    }

    /// Its kind.
    pub const fn kind(&self) -> ResourceKind {
        self.kind
    }

    /// Its id, without the kind.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name as it is written: `source/abc`.
    pub fn text(&self) -> String {
        [self.kind.as_str(), "/", &self.id].concat()
    }
}

impl FromStr for ResourceRef {
    type Err = ResourceError;
    fn from_str(text: &str) -> Result<Self, ResourceError> {
        let (kind, id) = text.split_once('/').ok_or(ResourceError::Id)?;
        Self::new(kind.parse()?, id)
    }
}

impl fmt::Display for ResourceRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// A registered resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its name in the registry.
    pub reference: ResourceRef,
    /// Its name for people.
    pub name: Name,
    /// Its labels.
    pub labels: Labels,
    /// The source that a destination belongs to.
    pub parent: Option<ResourceRef>,
    /// Who registered it: an account or a token.
    pub created_by: String,
    /// When it was registered.
    pub created_at: Timestamp,
}

impl Resource {
    /// Checks what a kind may have: labels and a parent.
    ///
    /// # Errors
    /// When a destination lacks its parent, or another kind has one, or labels stand on a kind that takes none.
    pub fn check(kind: ResourceKind, labels: &Labels, parent: Option<&ResourceRef>) -> Result<(), ResourceError> {
        match (kind, parent) {
            (ResourceKind::Destination, None) => return Err(ResourceError::ParentMissing),
            (ResourceKind::Destination, Some(parent)) if parent.kind() == ResourceKind::Source => {}
            (_, Some(_)) => return Err(ResourceError::ParentNotAllowed),
            (_, None) => {}
        }
        if labels.is_empty() || kind.takes_labels() { Ok(()) } else { Err(ResourceError::LabelsNotAllowed) }
    }
}
