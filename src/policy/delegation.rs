//! The delegation ceiling: nobody gives what they don't hold on that scope, on any path.

use crate::model::{ActionSet, GrantExpr, ResourceRef, Scope};

use super::{Held, Snapshot, catalog};

/// The grants among `wanted` that go beyond what their giver holds; empty when all may be given.
pub fn exceeding<'a>(
    snapshot: &Snapshot,
    giver: &Held,
    wanted: impl IntoIterator<Item = &'a GrantExpr>,
) -> Vec<GrantExpr> {
    let exceeds = |grant: &&GrantExpr| !conferred(grant).is_subset(held_on(snapshot, giver, grant.scope()));
    wanted.into_iter().filter(exceeds).cloned().collect()
}

/// The actions that a grant gives: outside a workspace-wide scope it creates nothing at the top.
pub(super) fn conferred(grant: &GrantExpr) -> ActionSet {
    let actions = catalog::actions(grant.role());
    if *grant.scope() == Scope::Workspace { actions } else { actions.minus(ActionSet::TOP_LEVEL_CREATES) }
}

/// The actions that a giver holds on the whole of a scope.
fn held_on(snapshot: &Snapshot, giver: &Held, scope: &Scope) -> ActionSet {
    let awake = giver.grants.iter().map(|held| &held.grant.expr).filter(|expr| expr.is_awake(&snapshot.workspace));
    let wide = awake.filter(|expr| includes(snapshot, expr.scope(), scope));
    wide.map(conferred).fold(giver.actions, ActionSet::union)
}

/// True when all that `inner` names is also in `outer`.
fn includes(snapshot: &Snapshot, outer: &Scope, inner: &Scope) -> bool {
    match (outer, inner) {
        (Scope::Workspace, _) => true,
        (Scope::Resource(outer), Scope::Resource(inner)) => outer == inner || parent(snapshot, inner) == Some(outer),
        (Scope::Labels(outer), Scope::Labels(inner)) => outer.is_subset(inner),
        (Scope::Labels(labels), Scope::Resource(inner)) => [Some(inner), parent(snapshot, inner)]
            .into_iter()
            .flatten()
            .any(|named| snapshot.resources.get(named).is_some_and(|facts| labels.is_subset(&facts.labels))),
        (Scope::Resource(_) | Scope::Labels(_), _) => false,
    }
}

fn parent<'a>(snapshot: &'a Snapshot, resource: &ResourceRef) -> Option<&'a ResourceRef> {
    snapshot.resources.get(resource)?.parent.as_ref()
}
