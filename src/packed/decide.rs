//! The decision on bytes: [`crate::policy::evaluate`]'s answer without its reasons, in a time that depends on the holder's
//! grants alone. `tests/policy/packed.rs` holds the two against each other.

use crate::model::{Action, ActionSet, Role, Verb};
use crate::policy::catalog;

use super::find::Place;
use super::layout::{NONE, RESOURCE, word_at};
use super::{Packed, index};

/// Roles in a grant's word; the rest is its scope: 0 for the workspace, then each resource, then each set of labels.
pub(super) const ROLE_BITS: u32 = 5;
const ROLE_MASK: u32 = (1 << ROLE_BITS) - 1;

/// A question in words.
#[derive(Clone, Copy)]
struct Asked {
    action: Action,
    /// The scopes of the resource and of its parent; `NONE` where only a workspace-wide grant counts.
    resource: u32,
    parent: u32,
    /// True for `pii:view` on the workspace itself, which un-masking alone doesn't give.
    only_owner: bool,
}

impl Packed {
    /// Whether a member may take an action on a place.
    pub fn allows(&self, member: u32, action: Action, place: Place) -> bool {
        if matches!(place, Place::Unknown(_)) {
            return false;
        }
        let holder = index(self.layout.counts.groups) + index(member);
        if action != Action::PiiView {
            return self.holds(holder, self.asked(action, place));
        }
        let unmasks = self.holds(holder, self.asked(action, place));
        let Some(kind) = self.kind_of(place) else { return unmasks };
        unmasks && self.holds(holder, self.asked(Action::of(kind, Verb::View), place))
    }

    fn asked(&self, action: Action, place: Place) -> Asked {
        let only_owner = action == Action::PiiView && matches!(place, Place::Workspace);
        match place {
            Place::One(resource) if !action.is_top_level_create() => {
                let parent = self.word(self.layout.resources + RESOURCE * index(resource));
                let parent = if parent == NONE { NONE } else { parent + 1 };
                Asked { action, resource: resource + 1, parent, only_owner }
            }
            Place::Workspace | Place::Every(_) | Place::One(_) | Place::Unknown(_) => {
                Asked { action, resource: NONE, parent: NONE, only_owner }
            }
        }
    }

    #[inline(always)]
    pub(super) fn word(&self, at: usize) -> u32 {
        word_at(&self.bytes, at)
    }

    /// Where a holder's grants and groups start and end.
    pub(super) fn held_by(&self, holder: usize) -> [std::ops::Range<usize>; 2] {
        let at = self.layout.holders + 2 * holder;
        let list = |start: usize, at: usize| start + index(self.word(at))..start + index(self.word(at + 2));
        [list(self.layout.grants, at), list(self.layout.joined, at + 1)]
    }

    fn holds(&self, holder: usize, asked: Asked) -> bool {
        let [grants, joined] = self.held_by(holder);
        self.any_covers(grants, asked)
            || joined.into_iter().any(|at| {
                let [grants, _] = self.held_by(index(self.word(at)));
                self.any_covers(grants, asked)
            })
    }

    fn any_covers(&self, grants: std::ops::Range<usize>, asked: Asked) -> bool {
        let words = self.bytes.as_chunks::<4>().0.get(grants).unwrap_or_default();
        words.iter().any(|four| self.covers(u32::from_le_bytes(*four), asked))
    }

    #[inline(always)]
    fn covers(&self, grant: u32, asked: Asked) -> bool {
        let (role, scope) = (grant & ROLE_MASK, grant >> ROLE_BITS);
        if scope == 0 {
            let widens = asked.only_owner && role == Role::PiiAccess as u32;
            return self.mask(role).contains(asked.action) && !widens;
        }
        if scope == asked.resource || scope == asked.parent {
            return self.mask(role).contains(asked.action);
        }
        let Some(set) = index(scope).checked_sub(self.layout.counts.resources() + 1) else { return false };
        asked.resource != NONE && self.mask(ROLE_MASK + 1 + role).contains(asked.action) && self.reaches(set, asked)
    }

    #[inline(always)]
    fn mask(&self, at: u32) -> ActionSet {
        self.masks.get(index(at)).copied().unwrap_or(ActionSet::EMPTY)
    }

    /// Whether the resource, or its parent, carries each label of a set.
    fn reaches(&self, set: usize, asked: Asked) -> bool {
        self.carries(asked.resource - 1, set) || (asked.parent != NONE && self.carries(asked.parent - 1, set))
    }

    /// Both lists are in order, so that one walk tells.
    pub(super) fn carries(&self, resource: u32, set: usize) -> bool {
        let mut carried = self.carried(resource).map(|at| self.word(at));
        self.set(set).all(|at| {
            let wanted = self.word(at);
            carried.by_ref().find(|label| *label >= wanted) == Some(wanted)
        })
    }

    /// Where the labels of a resource lie.
    pub(super) fn carried(&self, resource: u32) -> std::ops::Range<usize> {
        let at = self.layout.resources + RESOURCE * index(resource) + 1;
        let start = self.layout.carried;
        start + index(self.word(at))..start + index(self.word(at + RESOURCE))
    }

    /// Where the labels of a set lie.
    pub(super) fn set(&self, set: usize) -> std::ops::Range<usize> {
        let (at, start) = (self.layout.sets + set, self.layout.in_sets);
        start + index(self.word(at))..start + index(self.word(at + 1))
    }
}

/// What each role allows under a plan, in the order of roles: workspace-wide or on a resource, then on labels.
pub(super) fn masks(workspace: &crate::model::Workspace) -> Vec<ActionSet> {
    let mut masks = vec![ActionSet::EMPTY; 2 << ROLE_BITS];
    for role in Role::all() {
        let is_awake = role.need().is_met(workspace);
        let actions = if is_awake { catalog::actions(role) } else { ActionSet::EMPTY };
        let on_labels = if crate::model::Need::Business.is_met(workspace) { actions } else { ActionSet::EMPTY };
        for (at, actions) in [(role as usize, actions), ((1 << ROLE_BITS) + role as usize, on_labels)] {
            if let Some(mask) = masks.get_mut(at) {
                *mask = actions;
            }
        }
    }
    masks
}

/// A grant's word.
pub(super) const fn grant_word(role: Role, scope: u32) -> u32 {
    role as u32 | (scope << ROLE_BITS)
}

/// A grant's role and scope.
pub(super) const fn grant_parts(grant: u32) -> (u32, u32) {
    (grant & ROLE_MASK, grant >> ROLE_BITS)
}
