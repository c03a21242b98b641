//! Previews as JSON: what changes would do.

use serde::Serialize;

use crate::model::ResourceRef;
use crate::policy::{Access, Person, Preview};

/// Why a change is refused.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "PreviewProblem"))]
pub struct ProblemView {
    /// The index of the change.
    pub change: usize,
    /// The code of the rule.
    pub code: &'static str,
    /// What to do.
    pub detail: String,
}

/// What somebody gains or loses on one target.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AccessChange"))]
pub struct AccessView {
    /// An account id, or the address of an invitee.
    pub member: String,
    /// The actions.
    pub actions: Vec<&'static str>,
    /// `source/abc`, `source/*` or `workspace`.
    pub resource: String,
    /// Resources of the kind that another grant still reaches, where `source/*` is lost.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
}

impl From<&Access> for AccessView {
    fn from(access: &Access) -> Self {
        let member = match &access.person {
            Person::Member(id) => id.as_str(),
            Person::Invitee(email) => email.as_str(),
        };
        Self {
            member: member.to_owned(),
            actions: access.actions.iter().map(crate::model::Action::as_str).collect(),
            resource: access.target.text(),
            except: access.except.iter().map(ResourceRef::text).collect(),
        }
    }
}

/// `{gained, lost}`.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "AccessChanges"))]
pub struct DifferenceView {
    /// What people may do after that they may not do now.
    pub gained: Vec<AccessView>,
    /// What they may do now and not after.
    pub lost: Vec<AccessView>,
}

/// The answer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Preview"))]
pub struct PreviewView {
    /// The rules that refuse a change.
    pub problems: Vec<ProblemView>,
    /// What the others would do.
    pub changes: DifferenceView,
    /// False when the changes concern more people than were compared.
    pub complete: bool,
    /// The workspace version that it was computed at.
    pub version: i64,
    /// What the removal of a member does beside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<ImpactView>,
}

impl PreviewView {
    /// Of a preview.
    pub fn new(preview: &Preview, complete: bool, version: i64) -> Self {
        let problem = |(change, refusal): &(usize, crate::policy::Refusal)| ProblemView {
            change: *change,
            code: refusal.code(),
            detail: refusal.in_words(),
        };
        let views = |rows: &[Access]| rows.iter().map(AccessView::from).collect();
        Self {
            problems: preview.problems.iter().map(problem).collect(),
            changes: DifferenceView { gained: views(&preview.gained), lost: views(&preview.lost) },
            complete,
            version,
            impact: None,
        }
    }
}

/// What the removal of a member does: the offboarding impact.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "RemovalImpact"))]
pub struct ImpactView {
    /// All that they may do now.
    pub lost: Vec<AccessView>,
    /// What stays.
    pub stays: StaysView,
    /// The identity provider that would bring them back.
    pub returns_by: Option<&'static str>,
    /// True when the rule of the last owner forbids it.
    pub last_owner: bool,
}

/// What stays when a member leaves.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "RemovalStays"))]
pub struct StaysView {
    /// The resources that they registered.
    pub resources: Vec<String>,
    /// The tokens of the workspace that they created, which go on working.
    pub tokens: Vec<TokenName>,
}

/// A token's id and name.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "KeptToken"))]
pub struct TokenName {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}
