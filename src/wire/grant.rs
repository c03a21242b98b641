//! Grants as JSON: an expression in requests, an object in answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::{Grant, GrantExpr, GroupId, Name, Scope, Via, Workspace, digits};

use super::issue::Issues;

/// `{grants: [expression]}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Grants"))]
#[serde(deny_unknown_fields)]
pub struct GrantsBody {
    /// The expressions.
    pub grants: Vec<String>,
}

impl GrantsBody {
    /// The expressions, parsed.
    ///
    /// # Errors
    /// With each one that isn't a grant.
    pub fn parse(&self) -> Result<Vec<GrantExpr>, Issues> {
        let mut issues = Issues::default();
        let grants = expressions(&mut issues, "/grants", &self.grants);
        issues.finish(Some(grants))
    }
}

/// How many grants one list may hold: what one holder has stays readable, and its audit event fits into the database.
pub const MOST: usize = 1_000;

/// What to say of a list that is too long.
pub const TOO_MANY: &str =
    "one list holds at most 1,000 grants; a grant on labels or on the whole workspace says the same of many resources";

/// Parses the expressions at a path, noting each that isn't a grant. One given twice is there twice, so that each keeps
/// its place.
pub fn expressions(issues: &mut Issues, path: &str, texts: &[String]) -> Vec<GrantExpr> {
    if texts.len() > MOST {
        issues.add(path, "out_of_range", TOO_MANY);
        return Vec::new();
    }
    let read = |(index, text): (usize, &String)| issues.take([path, "/", &digits(index as u64)].concat(), text.parse());
    texts.iter().enumerate().filter_map(read).collect()
}

/// A group's id and name.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "GroupName"))]
pub struct GroupView {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

impl GroupView {
    /// Of a group.
    pub fn new(id: &GroupId, name: &Name) -> Self {
        Self { id: id.as_str().to_owned(), name: name.as_str().to_owned() }
    }
}

/// How a grant reaches its holder: `"direct"` or `{group: {id, name}}`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Via"))]
#[serde(untagged)]
pub enum ViaView {
    /// `"direct"`.
    Direct(&'static str),
    /// `{group}`.
    Group {
        /// The group.
        group: GroupView,
    },
}

impl From<&Via> for ViaView {
    fn from(via: &Via) -> Self {
        match via {
            Via::Direct => Self::Direct("direct"),
            Via::Group { id, name } => Self::Group { group: GroupView::new(id, name) },
        }
    }
}

/// Labels as a JSON object. Read through a map, of several with one key the last counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairs(pub Vec<(String, String)>);

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(|pairs| Self(pairs.into_iter().collect()))
    }
}

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for Pairs {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        BTreeMap::<String, String>::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        generator.subschema_for::<BTreeMap<String, String>>()
    }
}

/// A scope.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Scope"))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ScopeView {
    /// The workspace.
    Workspace,
    /// One resource.
    Resource {
        /// Its name in the registry.
        resource: String,
    },
    /// Labels.
    Labels {
        /// The pairs.
        labels: Pairs,
    },
}

impl From<&Scope> for ScopeView {
    fn from(scope: &Scope) -> Self {
        match scope {
            Scope::Workspace => Self::Workspace,
            Scope::Resource(resource) => Self::Resource { resource: resource.text() },
            Scope::Labels(labels) => Self::Labels { labels: Pairs(labels.pairs().collect()) },
        }
    }
}

/// A grant in an answer.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Grant"))]
pub struct GrantView {
    /// Its id.
    pub id: String,
    /// Its role.
    pub role: &'static str,
    /// Its scope.
    pub scope: ScopeView,
    /// Both as one text.
    pub expression: String,
    /// How it reaches its holder.
    pub via: ViaView,
    /// True when the plan doesn't include it any more.
    pub dormant: bool,
    /// When it was given.
    pub created_at: String,
    /// Who gave it.
    pub created_by: String,
}

impl GrantView {
    /// Of a grant in a workspace.
    pub fn new(grant: &Grant, via: &Via, workspace: &Workspace) -> Self {
        Self {
            id: grant.id.to_string(),
            role: grant.expr.role().as_str(),
            scope: grant.expr.scope().into(),
            expression: grant.expr.to_string(),
            via: via.into(),
            dormant: !grant.expr.is_awake(workspace),
            created_at: grant.created_at.to_string(),
            created_by: grant.created_by.clone(),
        }
    }
}
