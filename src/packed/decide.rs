//! The decision on bytes: [`crate::policy::evaluate`]'s answer without its reasons, in a time that depends on the holder's
//! grants alone. `tests/policy/packed.rs` holds the two against each other.

use std::ops::Range;

use crate::model::{Action, ResourceKind, Role, Target, Verb, Workspace};
use crate::policy::catalog;

use super::find::Place;
use super::layout::{NONE, RESOURCE, word_at};
use super::{Packed, index};

/// Roles in a grant's word; the rest is its scope: 0 for the workspace, then each resource, then each set of labels.
pub(super) const ROLE_BITS: u32 = 5;
const ROLE_MASK: u32 = (1 << ROLE_BITS) - 1;

// INVARIANT: the bits of roles end below the flags.
const _: () = assert!((Role::PiiAccess as u32) < 30);

/// Roles that allow an action at a kind of place are the low bits of a word; these stand above them.
const ASKED: u32 = 1 << 31;
const WIDE_ONLY: u32 = 1 << 30;
/// Kinds of place: one resource of each kind, every resource of each kind, the workspace.
const EVERY: usize = ResourceKind::ALL.len();
const WORKSPACE: usize = 2 * EVERY;
const KINDS: usize = WORKSPACE + 1;
/// Actions in a row, at most.
const ROW: usize = 64;

/// A question in words.
#[derive(Clone, Copy)]
struct Asked {
    /// The roles that allow the action there under the workspace's plan, as bits.
    roles: u32,
    /// The scopes of the resource and of its parent: `NONE` and 0 where only a workspace-wide grant counts.
    resource: u32,
    parent: u32,
}

impl Packed {
    /// Whether a member may take an action on a place; `None` where it isn't asked of such places.
    #[inline(always)]
    pub fn answer(&self, member: u32, action: u32, place: Place) -> Option<bool> {
        let asked = self.asked(index(action), place)?;
        let holder = index(self.layout.counts.groups) + index(member);
        let is_allowed = self.holds(holder, asked);
        if is_allowed && action == Action::PiiView as u32 {
            return Some(self.sees(holder, place));
        }
        Some(is_allowed && !matches!(place, Place::Unknown(_)))
    }

    /// As [`Self::answer`], for an action that is asked of such places.
    pub fn allows(&self, member: u32, action: Action, place: Place) -> bool {
        self.answer(member, action as u32, place) == Some(true)
    }

    /// What un-masking takes beside itself. On the workspace it is an owner's alone, who sees all.
    fn sees(&self, holder: usize, place: Place) -> bool {
        let view = self.kind_of(place).map(|kind| Action::of(kind, Verb::View) as usize);
        let asked = view.and_then(|view| self.asked(view, place));
        !matches!(place, Place::Unknown(_)) && asked.is_none_or(|asked| self.holds(holder, asked))
    }

    #[inline(always)]
    fn asked(&self, action: usize, place: Place) -> Option<Asked> {
        let (kind, resource, parent) = match place {
            Place::Workspace => (WORKSPACE, NONE, 0),
            Place::Every(kind) => (EVERY + kind as usize, NONE, 0),
            Place::Unknown(kind) => (kind as usize, NONE, 0),
            Place::One(resource) => {
                let at = self.layout.resources + RESOURCE * index(resource);
                (index(self.word(at + 2) >> 1), resource + 1, self.word(at).wrapping_add(1))
            }
        };
        let roles = self.roles.get(ROW * kind + action).copied().filter(|roles| roles & ASKED != 0)?;
        let is_wide = roles & WIDE_ONLY != 0;
        Some(if is_wide { Asked { roles, resource: NONE, parent: 0 } } else { Asked { roles, resource, parent } })
    }

    #[inline(always)]
    pub(super) fn word(&self, at: usize) -> u32 {
        word_at(&self.bytes, at)
    }

    /// Where a holder's grants and groups start and end.
    #[inline(always)]
    pub(super) fn held_by(&self, holder: usize) -> [Range<usize>; 2] {
        let at = self.layout.holders + 2 * holder;
        let (grants, joined) = (self.layout.grants, self.layout.joined);
        let [from, joined_from, to, joined_to] = [at, at + 1, at + 2, at + 3].map(|at| index(self.word(at)));
        [grants + from..grants + to, joined + joined_from..joined + joined_to]
    }

    #[inline(always)]
    fn holds(&self, holder: usize, asked: Asked) -> bool {
        let [grants, joined] = self.held_by(holder);
        self.any_covers(grants, asked) || (!joined.is_empty() && self.any_group_covers(joined, asked))
    }

    fn any_group_covers(&self, mut joined: Range<usize>, asked: Asked) -> bool {
        joined.any(|at| {
            let [grants, _] = self.held_by(index(self.word(at)));
            self.any_covers(grants, asked)
        })
    }

    #[inline(always)]
    fn any_covers(&self, grants: Range<usize>, asked: Asked) -> bool {
        for at in grants {
            let grant = self.word(at);
            // Most grants are of roles that don't allow the action: one look settles those.
            if asked.roles & (1 << (grant & ROLE_MASK)) != 0 && self.covers(grant >> ROLE_BITS, asked) {
                return true;
            }
        }
        false
    }

    #[inline(always)]
    fn covers(&self, scope: u32, asked: Asked) -> bool {
        scope == 0
            || scope == asked.resource
            || scope == asked.parent
            || (scope > self.resources && asked.resource != NONE && self.has_labels && self.reaches(scope, asked))
    }

    /// Whether the resource, or its parent, carries each label of a scope.
    fn reaches(&self, scope: u32, asked: Asked) -> bool {
        let set = index(scope) - index(self.resources) - 1;
        self.carries(asked.resource - 1, set) || (asked.parent != 0 && self.carries(asked.parent - 1, set))
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
    pub(super) fn carried(&self, resource: u32) -> Range<usize> {
        let at = self.layout.resources + RESOURCE * index(resource) + 1;
        let start = self.layout.carried;
        start + index(self.word(at))..start + index(self.word(at + RESOURCE))
    }

    /// Where the labels of a set lie.
    pub(super) fn set(&self, set: usize) -> Range<usize> {
        let (at, start) = (self.layout.sets + set, self.layout.in_sets);
        start + index(self.word(at))..start + index(self.word(at + 1))
    }
}

/// The roles that allow each action at each kind of place under a workspace's plan.
pub(super) fn roles(workspace: &Workspace) -> Vec<u32> {
    let mut rows = vec![0; ROW * KINDS];
    let every = ResourceKind::ALL.map(Target::Every).into_iter();
    for action in Action::ALL.iter().copied() {
        let awake = Role::all().filter(|role| role.need().is_met(workspace));
        let allowing = awake.filter(|role| catalog::actions(*role).contains(action));
        let roles = allowing.fold(0, |bits, role| bits | 1 << role as u32);
        let wide = if action.is_top_level_create() { WIDE_ONLY } else { 0 };
        // On the workspace itself un-masking is an owner's.
        let on_workspace = if action == Action::PiiView { roles & !(1 << Role::PiiAccess as u32) } else { roles };
        let one = ResourceKind::ALL.into_iter().map(|kind| (action.is_asked_of(kind), roles | wide));
        let every = every.clone().map(|every| (every.fits(action), roles));
        for (kind, (is_asked, roles)) in one.chain(every).chain([(true, on_workspace)]).enumerate() {
            if let Some(row) = rows.get_mut(ROW * kind + action as usize).filter(|_| is_asked) {
                *row = roles | ASKED;
            }
        }
    }
    rows
}

/// A grant's word.
pub(super) const fn grant_word(role: Role, scope: u32) -> u32 {
    role as u32 | (scope << ROLE_BITS)
}

/// A grant's role and scope.
pub(super) const fn grant_parts(grant: u32) -> (u32, u32) {
    (grant & ROLE_MASK, grant >> ROLE_BITS)
}
