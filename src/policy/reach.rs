//! Where a list has to look: the grants that somebody who is allowed must hold one of, and the scopes through which a
//! holder reaches resources. Both name candidates; whether one is allowed says the decision alone.

use crate::model::{Action, GrantExpr, Labels, ResourceKind, Scope, Target, Verb};

use super::decide::{evaluate, is_unknown, works};
use super::{Held, Snapshot, catalog, missing};

/// The grants of which each member who is allowed holds one: awake, and covering the target. `labels` are the sets of
/// labels that grants of the workspace are scoped to.
pub fn granting(snapshot: &Snapshot, action: Action, target: &Target, labels: &[Labels]) -> Vec<GrantExpr> {
    if is_unknown(snapshot, target) {
        return Vec::new();
    }
    let mut scopes = vec![Scope::Workspace];
    if let Target::One(resource) = target {
        let parent = snapshot.resources.get(resource).and_then(|facts| facts.parent.clone());
        scopes.extend([Some(resource.clone()), parent].into_iter().flatten().map(Scope::Resource));
        scopes.extend(labels.iter().cloned().map(Scope::Labels));
    }
    missing::working(snapshot, action, target, &scopes)
}

/// Which resources of a kind a holder can reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Each of them.
    Every,
    /// At most those that these scopes name, themselves or by their parent.
    Scopes(Vec<Scope>),
}

/// Where to look for the resources of a kind that a holder may take an action on.
pub fn reach(snapshot: &Snapshot, held: &Held, action: Action, kind: ResourceKind) -> Reach {
    let every = Target::Every(kind);
    if evaluate(snapshot, held, action, &every).allowed {
        return Reach::Every;
    }
    if action.is_top_level_create() {
        return Reach::Scopes(Vec::new());
    }
    // PII takes two grants: where one of them covers all, the other one limits.
    let unmasks_all = held.grants.iter().any(|held| works(snapshot, &held.grant.expr, action, &every));
    let limiting = if unmasks_all { Action::of(kind, Verb::View) } else { action };
    let exprs = held.grants.iter().map(|held| &held.grant.expr);
    let awake = exprs.filter(|expr| expr.is_awake(&snapshot.workspace));
    let allowing = awake.filter(|expr| catalog::actions(expr.role()).contains(limiting));
    let mut scopes: Vec<Scope> = allowing.map(|expr| expr.scope().clone()).collect();
    scopes.sort();
    scopes.dedup();
    Reach::Scopes(scopes)
}
