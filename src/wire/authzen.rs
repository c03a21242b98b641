//! The shapes of OpenID AuthZEN's Authorization API 1.0. The standard lets a request carry members that we don't know, so
//! these bodies ignore them, unlike our own.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::model::{Action, Target};
use crate::policy::Decision;

use super::check::{BecauseView, DecisionView, DormantView};
use super::issue::Issues;
use super::object::Object;
use super::search::PageBody;

/// An object whose members decide nothing here.
pub type Anything = Object<IgnoredAny>;

/// A subject or a resource: `{type, id}`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuthzenEntity"))]
pub struct Entity {
    /// What it is.
    #[serde(rename = "type", default)]
    pub kind: Option<String>,
    /// Which; a search leaves out what it looks for.
    #[serde(default)]
    pub id: Option<String>,
    /// More about it, which decides nothing here.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<serde_json::Map<String, serde_json::Value>>"))]
    pub properties: Option<Anything>,
}

/// An action: `{name}`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuthzenAction"))]
pub struct Named {
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// More about it, which decides nothing here.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<serde_json::Map<String, serde_json::Value>>"))]
    pub properties: Option<Anything>,
}

/// `{subject, action, resource, context?}`: a question, or the defaults of several.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuthzenRequest"))]
pub struct EvaluationBody {
    /// Who.
    #[serde(default)]
    pub subject: Option<Object<Entity>>,
    /// What.
    #[serde(default)]
    pub action: Option<Object<Named>>,
    /// To what.
    #[serde(default)]
    pub resource: Option<Object<Entity>>,
    /// The circumstances, which decide nothing here.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<serde_json::Map<String, serde_json::Value>>"))]
    pub context: Option<Anything>,
    /// Several questions.
    #[serde(default)]
    pub evaluations: Option<Vec<Object<Self>>>,
    /// How to go through several.
    #[serde(default)]
    pub options: Option<Object<Options>>,
    /// Which page of a search.
    #[serde(default)]
    pub page: Option<Object<PageBody>>,
}

/// `{evaluations_semantic}`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuthzenOptions"))]
pub struct Options {
    /// When to stop.
    #[serde(default)]
    pub evaluations_semantic: Semantic,
}

/// When to stop going through several questions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuthzenSemantic"))]
#[serde(rename_all = "snake_case")]
pub enum Semantic {
    /// Never.
    #[default]
    ExecuteAll,
    /// After the first that is denied.
    DenyOnFirstDeny,
    /// After the first that is allowed.
    PermitOnFirstPermit,
}

impl Semantic {
    /// True when an answer ends it.
    pub const fn ends_with(self, decision: bool) -> bool {
        match self {
            Self::ExecuteAll => false,
            Self::DenyOnFirstDeny => !decision,
            Self::PermitOnFirstPermit => decision,
        }
    }
}

/// What a question means here, or why nothing: `unknown_action`, `unknown_resource` or `action_resource_mismatch`.
pub type Meaning<T> = Result<T, &'static str>;

/// A question that is complete.
#[derive(Debug, Clone)]
pub struct Question {
    /// An account id or an address; empty for a subject that is no user.
    pub subject: String,
    /// What is asked about.
    pub meaning: Meaning<(Action, Target)>,
}

impl Entity {
    /// This entity with the type and the id of another one where it has none.
    fn or(this: Option<&Object<Self>>, default: Option<&Object<Self>>) -> Option<Object<Self>> {
        let Some(Object(this)) = this else { return default.cloned() };
        let default = default.map(|Object(default)| default.clone()).unwrap_or_default();
        let (kind, id) = (this.kind.clone().or(default.kind), this.id.clone().or(default.id));
        Some(Object(Self { kind, id, properties: None }))
    }
}

fn required<T: Clone>(issues: &mut Issues, path: &str, value: Option<&T>) -> Option<T> {
    if value.is_none() {
        issues.add(path, "required", format!("`{}` is missing", path.trim_start_matches('/').replace('/', ".")));
    }
    value.cloned()
}

impl EvaluationBody {
    /// This question, with what it leaves out from the defaults.
    #[must_use]
    pub fn or(&self, defaults: &Self) -> Self {
        Self {
            subject: Entity::or(self.subject.as_ref(), defaults.subject.as_ref()),
            action: self.action.clone().or_else(|| defaults.action.clone()),
            resource: Entity::or(self.resource.as_ref(), defaults.resource.as_ref()),
            ..Self::default()
        }
    }

    /// The question as one text, without what decides nothing: it tells the tokens of searches apart.
    pub fn identity(&self) -> String {
        let entity = |entity: &Option<Object<Entity>>| entity.clone().map(|Object(entity)| (entity.kind, entity.id));
        let action = self.action.as_ref().map(|action| &action.name);
        format!("{:?} {action:?} {:?}", entity(&self.subject), entity(&self.resource))
    }

    /// The whole question; `is_own` knows the names of the caller's workspace.
    pub fn question(&self, issues: &mut Issues, is_own: impl Fn(&str) -> bool) -> Option<Question> {
        let (subject, meaning) = (self.subject(issues), self.meaning(issues, is_own));
        Some(Question { subject: subject?, meaning: meaning? })
    }

    /// The type of subject that is looked for.
    pub fn subject_type(&self, issues: &mut Issues) -> Option<String> {
        let Object(subject) = required(issues, "/subject", self.subject.as_ref())?;
        required(issues, "/subject/type", subject.kind.as_ref())
    }

    /// Who is asked about: an account id or an address; empty for a subject that is no user.
    pub fn subject(&self, issues: &mut Issues) -> Option<String> {
        let kind = self.subject_type(issues)?;
        let id = required(issues, "/subject/id", self.subject.as_ref().and_then(|subject| subject.id.as_ref()))?;
        Some(if kind == "user" { id } else { String::new() })
    }

    /// The action and its target.
    pub fn meaning(&self, issues: &mut Issues, is_own: impl Fn(&str) -> bool) -> Option<Meaning<(Action, Target)>> {
        let (action, target) = (self.action(issues), self.target(issues, is_own));
        let (action, target) = (action?, target?);
        Some(action.and_then(|action| {
            let target = target?;
            if target.fits(action) { Ok((action, target)) } else { Err("action_resource_mismatch") }
        }))
    }

    /// The action.
    pub fn action(&self, issues: &mut Issues) -> Option<Meaning<Action>> {
        let Object(action) = required(issues, "/action", self.action.as_ref())?;
        let name = required(issues, "/action/name", action.name.as_ref())?;
        Some(name.parse().map_err(|_| "unknown_action"))
    }

    /// The type of resource that is looked for.
    pub fn resource_type(&self, issues: &mut Issues) -> Option<String> {
        let Object(resource) = required(issues, "/resource", self.resource.as_ref())?;
        required(issues, "/resource/type", resource.kind.as_ref())
    }

    /// The target: a resource, or the caller's workspace by one of its names.
    pub fn target(&self, issues: &mut Issues, is_own: impl Fn(&str) -> bool) -> Option<Meaning<Target>> {
        let kind = self.resource_type(issues)?;
        let id = required(issues, "/resource/id", self.resource.as_ref().and_then(|resource| resource.id.as_ref()))?;
        Some(match (kind.as_str(), id.as_str()) {
            (WORKSPACE, id) if is_own(id) => Ok(Target::Workspace),
            (kind, "*") => kind.parse().map(Target::Every).map_err(|_| UNKNOWN_RESOURCE),
            (kind, id) => format!("{kind}/{id}").parse().map(Target::One).map_err(|_| UNKNOWN_RESOURCE),
        })
    }
}

/// The type of resource that stands for the whole workspace.
pub const WORKSPACE: &str = "workspace";
const UNKNOWN_RESOURCE: &str = "unknown_resource";

/// A decision.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuthzenDecision"))]
pub struct DecisionBody {
    /// May they?
    pub decision: bool,
    /// Why, or what is wrong with the question.
    pub context: ContextView,
}

/// What goes with a decision.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuthzenContext"))]
#[serde(rename_all = "snake_case")]
pub enum ContextView {
    /// Why.
    Reason(ReasonView),
    /// What is wrong with one question of several.
    Error {
        /// The status that it would have had alone.
        status: u16,
        /// What is wrong.
        message: String,
    },
}

/// The reasons of a decision, as a check says them.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuthzenReason"))]
pub struct ReasonView {
    /// Each grant that allows.
    pub because: Vec<BecauseView>,
    /// Alternatives that would allow, least privilege first.
    pub missing: Vec<Vec<String>>,
    /// Grants that would allow under another plan.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dormant: Vec<DormantView>,
    /// What the question named that doesn't exist here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<&'static str>,
}

impl From<&Decision> for DecisionBody {
    fn from(decision: &Decision) -> Self {
        let DecisionView { allowed, because, missing, dormant, reason, version: _ } = decision.into();
        let reason = ReasonView { because, missing, dormant, unknown: reason };
        Self { decision: allowed, context: ContextView::Reason(reason) }
    }
}

impl DecisionBody {
    /// Denied, since the question means nothing here.
    pub fn meaningless(unknown: &'static str) -> Self {
        let reason = ReasonView { unknown: Some(unknown), ..ReasonView::default() };
        Self { decision: false, context: ContextView::Reason(reason) }
    }

    /// Denied, since the question is incomplete.
    pub fn incomplete(issues: Issues) -> Self {
        let message = issues.into_vec().into_iter().map(|issue| issue.detail).collect::<Vec<_>>().join("; ");
        Self { decision: false, context: ContextView::Error { status: 400, message } }
    }
}

/// The decisions of several questions, in their order.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuthzenDecisions"))]
pub struct DecisionsBody {
    /// The decisions; fewer than the questions when the semantic ended early.
    pub evaluations: Vec<DecisionBody>,
}

/// Where the endpoints are.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AuthzenConfiguration"))]
pub struct ConfigurationView {
    policy_decision_point: String,
    access_evaluation_endpoint: String,
    access_evaluations_endpoint: String,
    search_subject_endpoint: String,
    search_resource_endpoint: String,
    search_action_endpoint: String,
}

impl ConfigurationView {
    /// Of the deployment that is reached at this origin.
    pub fn new(origin: &str) -> Self {
        let at = |path: &str| format!("{origin}/access/v1/{path}");
        Self {
            policy_decision_point: origin.to_owned(),
            access_evaluation_endpoint: at("evaluation"),
            access_evaluations_endpoint: at("evaluations"),
            search_subject_endpoint: at("search/subject"),
            search_resource_endpoint: at("search/resource"),
            search_action_endpoint: at("search/action"),
        }
    }
}
