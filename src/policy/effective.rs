//! All that a holder may do to one target, as one set: what [`super::evaluate`] says of each action, without the reasons.

use crate::model::{Action, ActionSet, GrantExpr, Role, Scope, Target, Verb};

use super::decide::{is_unknown, reaches};
use super::delegation::conferred;
use super::{Held, Snapshot, catalog};

/// The actions that whoever holds these grants may take on a target; none on a resource that isn't registered.
pub fn effective(snapshot: &Snapshot, held: &Held, target: &Target) -> ActionSet {
    if is_unknown(snapshot, target) {
        return ActionSet::EMPTY;
    }
    let awake = held.grants.iter().map(|held| &held.grant.expr).filter(|expr| expr.is_awake(&snapshot.workspace));
    let mut is_owner = false;
    let mut found = held.actions;
    for expr in awake {
        is_owner |= expr.role() == Role::WorkspaceOwner;
        found = found.union(given(snapshot, expr, target));
    }
    let sees = target.kind().is_some_and(|kind| found.contains(Action::of(kind, Verb::View)));
    if is_owner || sees { found } else { found.minus(ActionSet::of(&[Action::PiiView])) }
}

/// The actions that a grant, taken alone, gives on a target.
fn given(snapshot: &Snapshot, expr: &GrantExpr, target: &Target) -> ActionSet {
    match (expr.scope(), target) {
        (Scope::Workspace, _) => catalog::actions(expr.role()),
        (scope, Target::One(resource)) => {
            let parent = || snapshot.resources.get(resource).and_then(|facts| facts.parent.as_ref());
            let reaches = |named| reaches(snapshot, scope, named);
            if reaches(resource) || parent().is_some_and(reaches) { conferred(expr) } else { ActionSet::EMPTY }
        }
        (_, Target::Workspace | Target::Every(_)) => ActionSet::EMPTY,
    }
}
