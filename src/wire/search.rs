//! The searches of AuthZEN as JSON: which page, and what was found.

use serde::{Deserialize, Serialize};

use crate::model::ResourceRef;

/// `{token?, limit?}`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuthzenPage"))]
pub struct PageBody {
    /// The `next_token` of the page before; empty for the first.
    #[serde(default)]
    pub token: Option<String>,
    /// How many results at most.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// The results of a search.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuthzenResults"))]
pub struct ResultsBody {
    /// Each of what was looked for.
    pub results: Vec<ResultView>,
    /// Where to go on.
    pub page: PageView,
}

/// One result.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuthzenResult"))]
#[serde(untagged)]
pub enum ResultView {
    /// A subject or a resource.
    Entity {
        /// What it is.
        #[serde(rename = "type")]
        kind: &'static str,
        /// Which.
        id: String,
    },
    /// An action.
    Action {
        /// Its name.
        name: &'static str,
    },
}

impl From<&ResourceRef> for ResultView {
    fn from(resource: &ResourceRef) -> Self {
        Self::Entity { kind: resource.kind().as_str(), id: resource.id().to_owned() }
    }
}

/// Where to go on.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuthzenNextPage"))]
pub struct PageView {
    /// The token of the next page; empty when there is none.
    pub next_token: String,
    /// How many results this page has.
    pub count: usize,
}
