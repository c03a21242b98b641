//! The decision: which grants allow an action on a target, which sleep, and what is missing.

use crate::model::{Action, Grant, GrantExpr, Need, ResourceRef, Role, Scope, Target, Verb, Via};

use super::{Held, HeldGrant, Question, ResourceFacts, Snapshot, catalog, missing};

/// The answer to a question, with its reasons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// May they?
    pub allowed: bool,
    /// Each grant that allows it, own ones first; empty when denied.
    pub because: Vec<Because>,
    /// Alternatives that would allow it, least privilege first; each is a list of grants needed together.
    pub missing: Vec<Vec<GrantExpr>>,
    /// Grants that would allow it if the workspace had what they need.
    pub dormant: Vec<Dormant>,
    /// What the question named that doesn't exist.
    pub unknown: Option<Unknown>,
}

/// A grant that allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    /// The grant.
    pub grant: Grant,
    /// Direct, or which group's.
    pub via: Via,
    /// The parent source that the grant reaches the destination through.
    pub inherited_from: Option<ResourceRef>,
}

/// A grant that sleeps, and what would wake it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dormant {
    /// The grant.
    pub grant: Grant,
    /// Direct, or which group's.
    pub via: Via,
    /// What the workspace lacks.
    pub need: Need,
}

/// What a question named that the workspace doesn't have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// Not a member.
    Member,
    /// Not a registered resource.
    Resource,
}

impl Unknown {
    /// The reason as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "unknown_member",
            Self::Resource => "unknown_resource",
        }
    }
}

/// Answers a question about a member.
pub fn decide(snapshot: &Snapshot, question: &Question) -> Decision {
    match snapshot.held(&question.member) {
        Some(held) => evaluate(snapshot, &held, question.action, &question.target),
        None => Decision { unknown: Some(Unknown::Member), ..Decision::default() },
    }
}

/// Answers a question about whoever holds these grants and actions.
pub fn evaluate(snapshot: &Snapshot, held: &Held, action: Action, target: &Target) -> Decision {
    if is_unknown(snapshot, target) {
        return Decision { unknown: Some(Unknown::Resource), ..Decision::default() };
    }
    let found =
        if action == Action::PiiView { pii(snapshot, held, target) } else { covering(snapshot, held, action, target) };
    let allowed = found.is_enough;
    Decision {
        allowed,
        because: if allowed { found.awake } else { Vec::new() },
        missing: if allowed { Vec::new() } else { missing::alternatives(snapshot, held, action, target) },
        dormant: found.asleep,
        unknown: None,
    }
}

/// True for one resource that isn't registered. Where something is created in a parent, that is the parent.
pub(super) fn is_unknown(snapshot: &Snapshot, target: &Target) -> bool {
    matches!(target, Target::One(resource) if !snapshot.resources.contains_key(resource))
}

/// The grants that bear on a question.
#[derive(Default)]
struct Found {
    awake: Vec<Because>,
    asleep: Vec<Dormant>,
    is_enough: bool,
}

fn covering(snapshot: &Snapshot, held: &Held, action: Action, target: &Target) -> Found {
    let mut found = Found::default();
    for HeldGrant { grant, via } in &held.grants {
        let Some(inherited_from) = covers(snapshot, &grant.expr, action, target) else { continue };
        match grant.expr.unmet_need(&snapshot.workspace) {
            Some(need) => found.asleep.push(Dormant { grant: grant.clone(), via: via.clone(), need }),
            None => found.awake.push(Because { grant: grant.clone(), via: via.clone(), inherited_from }),
        }
    }
    found.is_enough = !found.awake.is_empty() || held.actions.contains(action);
    found
}

/// PII takes two things together: one that un-masks and one that lets the holder see the resource at all, each a grant
/// or a single action. An owner's grant is both.
fn pii(snapshot: &Snapshot, held: &Held, target: &Target) -> Found {
    let mut found = covering(snapshot, held, Action::PiiView, target);
    if found.awake.iter().any(|because| because.grant.expr.role() == Role::WorkspaceOwner) {
        return found;
    }
    let Some(kind) = target.kind() else { return Found { is_enough: false, ..found } };
    let view = covering(snapshot, held, Action::of(kind, Verb::View), target);
    found.is_enough = found.is_enough && view.is_enough;
    found.awake.extend(view.awake);
    found.asleep.extend(view.asleep);
    found
}

/// Whether a grant, awake or not, covers an action on a target; and the parent source that it does so through.
///
/// A grant on a source covers its destinations. A top-level create takes a workspace-wide grant. `pii_access` by itself
/// says nothing about the workspace as a whole, since it only un-masks resources.
pub(super) fn covers(
    snapshot: &Snapshot,
    expr: &GrantExpr,
    action: Action,
    target: &Target,
) -> Option<Option<ResourceRef>> {
    if !catalog::actions(expr.role()).contains(action) {
        return None;
    }
    if *expr.scope() == Scope::Workspace {
        let widens = expr.role() == Role::PiiAccess && *target == Target::Workspace;
        return (!widens).then_some(None);
    }
    let Target::One(resource) = target else { return None };
    if action.is_top_level_create() {
        return None;
    }
    if reaches(snapshot, expr.scope(), resource) {
        return Some(None);
    }
    let parent = snapshot.resources.get(resource)?.parent.as_ref()?;
    reaches(snapshot, expr.scope(), parent).then(|| Some(parent.clone()))
}

/// Whether a grant would by itself cover an action on a target and is awake.
pub(super) fn works(snapshot: &Snapshot, expr: &GrantExpr, action: Action, target: &Target) -> bool {
    expr.unmet_need(&snapshot.workspace).is_none() && covers(snapshot, expr, action, target).is_some()
}

/// True when a scope names this resource itself.
pub(super) fn reaches(snapshot: &Snapshot, scope: &Scope, resource: &ResourceRef) -> bool {
    match scope {
        Scope::Workspace => true,
        Scope::Resource(named) => named == resource,
        Scope::Labels(labels) => {
            let facts: Option<&ResourceFacts> = snapshot.resources.get(resource);
            facts.is_some_and(|facts| labels.is_subset(&facts.labels))
        }
    }
}
