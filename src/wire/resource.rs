//! Resources as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Labels, Name, Resource, ResourceKind, ResourceRef};

use super::issue::Issues;

/// `{name, labels?, parent?}`: the resource as it shall be. Without `labels` those that it has stay.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResourcePut {
    /// The name.
    pub name: String,
    /// The labels, all of them.
    #[serde(default)]
    pub labels: Option<BTreeMap<String, String>>,
    /// The source that a destination belongs to.
    #[serde(default)]
    pub parent: Option<String>,
}

/// A resource as it shall be.
#[derive(Debug)]
pub struct Wanted {
    /// The name.
    pub name: Name,
    /// The labels; `None` to keep what it has.
    pub labels: Option<Labels>,
    /// The parent.
    pub parent: Option<ResourceRef>,
}

impl ResourcePut {
    /// The resource as it shall be, of this kind.
    ///
    /// # Errors
    /// With each thing that is wrong.
    pub fn parse(self, kind: ResourceKind) -> Result<Wanted, Issues> {
        let mut issues = Issues::default();
        let name = issues.take("/name", self.name.parse());
        let labels = self.labels.map(|pairs| issues.take("/labels", Labels::new(pairs)).unwrap_or_default());
        let parent = self.parent.and_then(|text| issues.take("/parent", text.parse::<ResourceRef>()));
        let empty = Labels::default();
        if let Err(error) = Resource::check(kind, labels.as_ref().unwrap_or(&empty), parent.as_ref()) {
            let path = if error == crate::model::ResourceError::LabelsNotAllowed { "/labels" } else { "/parent" };
            issues.take::<(), _>(path, Err(error));
        }
        issues.finish(name.map(|name| Wanted { name, labels, parent }))
    }
}

/// A resource in an answer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Resource"))]
pub struct ResourceView {
    /// Its name in the registry: `source/abc`.
    pub resource: String,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The source that it belongs to.
    pub parent: Option<String>,
    /// Who registered it.
    pub created_by: String,
    /// When.
    pub created_at: String,
}

impl From<&Resource> for ResourceView {
    fn from(resource: &Resource) -> Self {
        Self {
            resource: resource.reference.to_string(),
            kind: resource.reference.kind().as_str(),
            id: resource.reference.id().to_owned(),
            name: resource.name.to_string(),
            labels: resource.labels.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            parent: resource.parent.as_ref().map(ToString::to_string),
            created_by: resource.created_by.clone(),
            created_at: resource.created_at.to_string(),
        }
    }
}
