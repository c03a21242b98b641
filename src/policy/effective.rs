//! All that a holder may do to one target, as one set: what [`super::evaluate`] says of each action, without the reasons.

use crate::model::{Action, ActionSet, GrantExpr, ResourceKind, ResourceRef, Role, Scope, Target, Verb};

use super::decide::reaches;
use super::delegation::conferred;
use super::{Held, Snapshot, catalog};

/// The actions that whoever holds these grants may take on a target; none on a resource that isn't registered.
pub fn effective(snapshot: &Snapshot, held: &Held, target: &Target) -> ActionSet {
    let awake = Awake::of(snapshot, held);
    match target {
        Target::Workspace => awake.on_workspace(),
        Target::Every(kind) => awake.on_every(*kind),
        Target::One(resource) => awake.on(resource),
    }
}

/// What a holder's grants that don't sleep come to, to be asked about many targets.
#[derive(Debug)]
pub(super) struct Awake<'a> {
    snapshot: &'a Snapshot,
    /// What they give everywhere.
    wide: ActionSet,
    is_owner: bool,
    /// What each of the others gives, and where.
    narrow: Vec<(ActionSet, &'a Scope)>,
}

impl<'a> Awake<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, grants: &[&'a GrantExpr]) -> Self {
        let mut awake = Self { snapshot, wide: ActionSet::EMPTY, is_owner: false, narrow: Vec::new() };
        for expr in grants {
            if !expr.is_awake(&snapshot.workspace) {
                continue;
            }
            awake.is_owner |= expr.role() == Role::WorkspaceOwner;
            match expr.scope() {
                Scope::Workspace => awake.wide = awake.wide.union(catalog::actions(expr.role())),
                scope @ (Scope::Resource(_) | Scope::Labels(_)) => awake.narrow.push((conferred(expr), scope)),
            }
        }
        awake
    }

    pub(super) fn of(snapshot: &'a Snapshot, held: &'a Held) -> Self {
        let grants: Vec<&GrantExpr> = held.grants.iter().map(|held| &held.grant.expr).collect();
        let awake = Self::new(snapshot, &grants);
        Self { wide: awake.wide.union(held.actions), ..awake }
    }

    pub(super) fn on_workspace(&self) -> ActionSet {
        self.seen(self.wide, None)
    }

    pub(super) fn on_every(&self, kind: ResourceKind) -> ActionSet {
        self.seen(self.wide, Some(kind))
    }

    pub(super) fn on(&self, resource: &ResourceRef) -> ActionSet {
        let Some(facts) = self.snapshot.resources.get(resource) else { return ActionSet::EMPTY };
        let reaches = |scope: &Scope| {
            let reaches = |named| reaches(self.snapshot, scope, named);
            reaches(resource) || facts.parent.as_ref().is_some_and(reaches)
        };
        let mut found = self.wide;
        for (given, scope) in &self.narrow {
            if reaches(scope) {
                found = found.union(*given);
            }
        }
        self.seen(found, Some(resource.kind()))
    }

    /// Without what takes sight where there is none.
    fn seen(&self, found: ActionSet, kind: Option<ResourceKind>) -> ActionSet {
        let sees = kind.is_some_and(|kind| found.contains(Action::of(kind, Verb::View)));
        if self.is_owner || sees { found } else { found.minus(ActionSet::of(&[Action::PiiView])) }
    }
}
