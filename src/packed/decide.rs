//! The decision on bytes: [`crate::policy::evaluate`]'s answer without its reasons, in a time that depends on the holder's
//! grants alone. `tests/policy/packed.rs` holds the two against each other.

use std::ops::Range;
use std::rc::Rc;

use rolecall_lists::{ASKED, KINDS, Lists, MOST_ROLES, NONE, ROLE_BITS, ROW, Row, TOGETHER, WHOLE, WORKSPACE};

use crate::model::{Action, AddOns, Need, Plan, ResourceKind, Role, Target, Verb};
use crate::policy::catalog;

use super::find::Place;
use super::layout::Layout;
use super::{Packed, word};

// INVARIANT: there is room for each role and, in a row, for each action.
const _: () = assert!(Role::ALL.len() <= MOST_ROLES as usize && Action::ALL.len() <= ROW);

const EVERY: usize = KINDS as usize;
const _: () = assert!(ResourceKind::ALL.len() == EVERY);

impl Packed {
    /// Whether a member may take an action on a place; `None` where it isn't asked of such places.
    pub fn answer(&self, member: u32, action: u32, place: Place) -> Option<bool> {
        let nth = match place {
            Place::Unknown(kind) => return self.lists.is_asked(action, kind as u32).then_some(false),
            Place::Workspace => 0,
            Place::Every(kind) => 1 + kind as u32,
            Place::One(resource) => WHOLE + resource,
        };
        self.lists.answer(self.layout.counts.groups + member, action, nth)
    }

    /// As [`Self::answer`], for an action that is asked of such places.
    pub fn allows(&self, member: u32, action: Action, place: Place) -> bool {
        self.answer(member, action as u32, place) == Some(true)
    }

    /// The lists that decide.
    pub fn lists(&self) -> Rc<Lists> {
        Rc::clone(&self.lists)
    }

    pub(super) fn word(&self, at: usize) -> u32 {
        self.lists.word(at)
    }

    /// Where a holder's grants and groups start and end.
    pub(super) fn held_by(&self, holder: usize) -> [Range<usize>; 2] {
        self.lists.held_by(word(holder))
    }
}

/// The lists of a workspace's bytes, before its own values are known.
pub(super) fn lists(mut bytes: Vec<u8>, layout: &Layout) -> Lists {
    // Only a workspace of next to nothing has fewer words behind its grants than are looked at together.
    let least = 4 * (layout.joined + TOGETHER);
    if bytes.len() < least {
        bytes.resize(least, 0);
    }
    Lists {
        bytes,
        resources: layout.resources,
        carried: layout.carried,
        sets: layout.sets,
        in_sets: layout.in_sets,
        holders: layout.holders,
        grants: layout.grants,
        joined: layout.joined,
        resource_count: word(layout.counts.resources()),
        ..Lists::default()
    }
}

/// Tells the lists which roles answer what under a workspace's plan.
pub(super) fn learn(lists: &mut Lists, plan: Plan, add_ons: AddOns) {
    let awake = Role::all().filter(|role| role.need().comes_with(plan, add_ons));
    let awake = awake.fold(0, |bits, role| bits | 1 << role as u32);
    lists.rows = (0..=WORKSPACE).map(|kind| rows(kind, awake)).collect();
    lists.label_roles = if Need::Business.comes_with(plan, add_ons) { u32::MAX } else { 0 };
    // Un-masking takes sight beside itself. On the workspace it is an owner's alone, who sees all.
    lists.paired = Action::PiiView as u32;
    let view =
        |kind: u32| ResourceKind::ALL.get((kind % KINDS) as usize).map(|kind| Action::of(*kind, Verb::View) as u32);
    lists.pairs = (0..WORKSPACE).map(|kind| view(kind).unwrap_or(NONE)).collect();
}

/// The roles that allow each action, as bits.
const ALLOWING: [u32; ROW] = allowing();

#[expect(clippy::indexing_slicing, reason = "evaluated when it is compiled")]
const fn allowing() -> [u32; ROW] {
    let mut all = [0; ROW];
    let mut roles = Role::ALL;
    while let [role, rest @ ..] = roles {
        let mut actions = Action::ALL;
        while let [action, rest @ ..] = actions {
            if catalog::actions(*role).contains(*action) {
                all[*action as usize] |= 1 << *role as u32;
            }
            actions = rest;
        }
        roles = rest;
    }
    all
}

fn rows(kind: u32, awake: u32) -> [Row; ROW] {
    let mut rows = [Row::default(); ROW];
    for (action, (row, allowing)) in Action::ALL.iter().zip(rows.iter_mut().zip(ALLOWING)) {
        *row = row_of(*action, kind as usize, allowing & awake);
    }
    rows
}

/// What a row says of an action at a kind of place.
fn row_of(action: Action, kind: usize, roles: u32) -> Row {
    let resource = |kind: usize| ResourceKind::ALL.get(kind).copied();
    let wide = |is_asked, roles| if is_asked { Row { wide: ASKED | roles, narrow: 0 } } else { Row::default() };
    if kind == WORKSPACE as usize {
        // On the workspace itself un-masking is an owner's.
        let is_masked = action == Action::PiiView;
        return wide(true, if is_masked { roles & !(1 << Role::PiiAccess as u32) } else { roles });
    }
    if let Some(every) = kind.checked_sub(EVERY).and_then(resource) {
        return wide(Target::Every(every).fits(action), roles);
    }
    let row = wide(resource(kind).is_some_and(|kind| action.is_asked_of(kind)), roles);
    let is_narrow = row.wide != 0 && !action.is_top_level_create();
    Row { narrow: if is_narrow { roles } else { 0 }, ..row }
}

/// A grant's word.
pub(super) const fn grant_word(role: Role, scope: u32) -> u32 {
    role as u32 | (scope << ROLE_BITS)
}

/// A grant's role and scope.
pub(super) const fn grant_parts(grant: u32) -> (u32, u32) {
    (grant & ((1 << ROLE_BITS) - 1), grant >> ROLE_BITS)
}
