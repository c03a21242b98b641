//! Labels as JSON.

use serde::{Deserialize, Serialize};

use crate::model::{Labels, Name};

use super::issue::Issues;

/// `{key, value, description?}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewLabel {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
}

impl NewLabel {
    /// The label, checked, and its description.
    ///
    /// # Errors
    /// With each thing that is wrong.
    pub fn parse(&self) -> Result<Option<Name>, Issues> {
        let mut issues = Issues::default();
        issues.take("/key", Labels::new([(self.key.as_str(), "x")]));
        issues.take("/value", Labels::new([("x", self.value.as_str())]));
        let description = self.description.as_ref().and_then(|text| issues.take("/description", text.parse()));
        issues.finish(Some(description))
    }
}

/// A label in an answer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Label"))]
pub struct LabelView {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
    /// What it is for.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: String,
}
