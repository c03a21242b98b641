//! Checks as JSON: a question and its decision.

use serde::{Deserialize, Serialize};

use crate::model::{Action, GrantExpr, ResourceRef, Target};
use crate::policy::{Because, Decision, Dormant};

use super::grant::ViaView;
use super::issue::Issues;
use super::object::Object;

/// `{member, action, resource?}`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Check"))]
#[serde(deny_unknown_fields)]
pub struct CheckBody {
    /// An account id, an address or `me`.
    pub member: String,
    /// The action.
    pub action: String,
    /// `source/abc`, `source/*`, or nothing for the workspace as a whole.
    #[serde(default)]
    pub resource: Option<String>,
}

impl CheckBody {
    /// The action and its target, noting at `path` what can't be asked.
    pub fn parse(&self, issues: &mut Issues, path: &str) -> Option<(Action, Target)> {
        let action: Action = issues.take(format!("{path}/action"), self.action.parse())?;
        let target = issues.take(format!("{path}/resource"), Target::parse(action, self.resource.as_deref()))?;
        Some((action, target))
    }
}

/// `{checks: [...], explain?}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "CheckBatch"))]
#[serde(deny_unknown_fields)]
pub struct BatchBody {
    /// The questions, at most 1,000.
    pub checks: Vec<Object<CheckBody>>,
    /// Asks for the long form of each answer.
    #[serde(default)]
    pub explain: bool,
}

/// A grant that allows.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Because"))]
pub struct BecauseView {
    /// The expression.
    pub grant: String,
    /// The grant's id.
    pub id: String,
    /// How it reaches the member.
    pub via: ViaView,
    /// The source that the grant is on, where it reaches the destination through it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inherited_from: Option<String>,
}

impl From<&Because> for BecauseView {
    fn from(because: &Because) -> Self {
        Self {
            grant: because.grant.expr.text(),
            id: because.grant.id.as_str().to_owned(),
            via: (&because.via).into(),
            inherited_from: because.inherited_from.as_ref().map(ResourceRef::text),
        }
    }
}

/// A grant that sleeps.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Dormant"))]
pub struct DormantView {
    /// The expression.
    pub grant: String,
    /// The grant's id.
    pub id: String,
    /// How it reaches the member.
    pub via: ViaView,
    /// What the workspace lacks: `business`, `protocols` or `engage`.
    pub needs: &'static str,
}

impl From<&Dormant> for DormantView {
    fn from(dormant: &Dormant) -> Self {
        Self {
            grant: dormant.grant.expr.text(),
            id: dormant.grant.id.as_str().to_owned(),
            via: (&dormant.via).into(),
            needs: dormant.need.as_str(),
        }
    }
}

/// A decision.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Decision"))]
pub struct DecisionView {
    /// May they?
    pub allowed: bool,
    /// Each grant that allows.
    pub because: Vec<BecauseView>,
    /// Alternatives that would allow, least privilege first.
    pub missing: Vec<Vec<String>>,
    /// Grants that would allow under another plan.
    pub dormant: Vec<DormantView>,
    /// What the question named that doesn't exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The workspace version that it was decided at; left out within a batch, which says it once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

impl From<&Decision> for DecisionView {
    fn from(decision: &Decision) -> Self {
        let strings = |grants: &Vec<GrantExpr>| grants.iter().map(GrantExpr::text).collect();
        Self {
            allowed: decision.allowed,
            because: decision.because.iter().map(Into::into).collect(),
            missing: decision.missing.iter().map(strings).collect(),
            dormant: decision.dormant.iter().map(Into::into).collect(),
            reason: decision.unknown.map(crate::policy::Unknown::as_str),
            version: None,
        }
    }
}

/// The short form of an answer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Verdict {
    /// May they?
    pub allowed: bool,
}

/// One answer of a batch.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "CheckResult"))]
#[serde(untagged)]
pub enum ResultView {
    /// Without reasons.
    Short(Verdict),
    /// With reasons.
    Long(Box<DecisionView>),
}

/// The answers of a batch, in the order of its questions.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "CheckResults"))]
pub struct BatchView {
    /// The answers.
    pub results: Vec<ResultView>,
    /// The workspace version that they were decided at.
    pub version: i64,
}
