//! What would allow a denied action: alternatives in order of least privilege.

use crate::model::{Action, GrantExpr, ResourceRef, Role, Scope, Target, Verb, sort_rows};

use super::decide::works;
use super::{Held, Snapshot, catalog};

/// Each alternative is a list of grants that are needed together and that the workspace's plan includes. The owner's
/// role comes last; before it, fewer grants come first, then less power, then the narrower scope.
pub(super) fn alternatives(snapshot: &Snapshot, held: &Held, action: Action, target: &Target) -> Vec<Vec<GrantExpr>> {
    let found = match (action, target.kind()) {
        (Action::PiiView, Some(kind)) => pii(snapshot, held, Action::of(kind, Verb::View), target),
        _ => singles(snapshot, action, target).into_iter().map(|grant| vec![grant]).collect(),
    };
    let mut ranked: Vec<_> = found.into_iter().map(|grants| (rank(&grants), grants)).collect();
    sort_rows(&mut ranked);
    ranked.dedup();
    ranked.into_iter().map(|(_, grants)| grants).collect()
}

fn rank(grants: &[GrantExpr]) -> (bool, usize, u32, usize) {
    let is_owner = grants.iter().any(|grant| grant.role() == Role::WorkspaceOwner);
    let power = grants.iter().map(|grant| catalog::actions(grant.role()).len()).sum();
    let width = grants.iter().map(|grant| width(grant.scope())).sum();
    (is_owner, grants.len(), power, width)
}

const fn width(scope: &Scope) -> usize {
    match scope {
        Scope::Resource(_) => 1,
        Scope::Labels(_) => 8,
        Scope::Workspace => 64,
    }
}

/// The single grants that cover an action on a target.
fn singles(snapshot: &Snapshot, action: Action, target: &Target) -> Vec<GrantExpr> {
    working(snapshot, action, target, &scopes(snapshot, target))
}

/// Each role on each of these scopes that is awake and covers an action on a target.
pub(super) fn working(snapshot: &Snapshot, action: Action, target: &Target, scopes: &[Scope]) -> Vec<GrantExpr> {
    let pairs = Role::all().flat_map(|role| scopes.iter().map(move |scope| (role, scope.clone())));
    pairs
        .filter_map(|(role, scope)| GrantExpr::new(role, scope).ok())
        .filter(|grant| works(snapshot, grant, action, target))
        .collect()
}

/// The scopes that reach a target, the narrowest first.
fn scopes(snapshot: &Snapshot, target: &Target) -> Vec<Scope> {
    let facts = |resource: &ResourceRef| snapshot.resources.get(resource).cloned().unwrap_or_default();
    let mut scopes = Vec::new();
    if let Target::One(resource) = target {
        let parent = facts(resource).parent;
        for named in [Some(resource.clone()), parent].into_iter().flatten() {
            let labels = facts(&named).labels;
            scopes.push(Scope::Resource(named));
            if !labels.is_empty() {
                scopes.push(Scope::Labels(labels));
            }
        }
    }
    scopes.push(Scope::Workspace);
    scopes
}

/// PII: whichever halves are missing, together; or the owner's role.
fn pii(snapshot: &Snapshot, held: &Held, view: Action, target: &Target) -> Vec<Vec<GrantExpr>> {
    let lacks = |action| {
        let has_grant = held.grants.iter().any(|held| works(snapshot, &held.grant.expr, action, target));
        !has_grant && !held.actions.contains(action)
    };
    let half = |action, is_lacking: bool| -> Vec<Vec<GrantExpr>> {
        if !is_lacking {
            return vec![Vec::new()];
        }
        let grants = singles(snapshot, action, target).into_iter();
        grants.filter(|grant| grant.role() != Role::WorkspaceOwner).map(|grant| vec![grant]).collect()
    };
    let unmask = half(Action::PiiView, lacks(Action::PiiView));
    let see = half(view, lacks(view));
    let pairs = unmask.iter().flat_map(|first| see.iter().map(move |second| [first.clone(), second.clone()].concat()));
    pairs.chain([vec![GrantExpr::workspace(Role::WorkspaceOwner)]]).collect()
}
