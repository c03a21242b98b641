//! The loop that a check spends its time in: a holder's grants, looked at in the flat lists of a packed workspace.
//!
//! It is a crate of its own so that it is compiled for speed while all around it is compiled for size. It knows numbers
//! alone; what they mean says `rolecall::packed`, which also checks them before anything is asked here.

mod check;
mod near;
mod shelf;

use std::ops::Range;

pub use check::{TAKES_LABELS, TAKES_WORKSPACE};
pub use near::TOGETHER;
use near::near;
pub use shelf::{Slot, answer, answer_each};

/// A word that stands for nothing.
pub const NONE: u32 = u32::MAX;
/// Bits of a grant's word that hold its role; the rest is its scope: 0 for the workspace, then each resource, then each set
/// of labels.
pub const ROLE_BITS: u32 = 5;
/// Words of one resource: its parent, where its labels start, and its kind above a bit that says whether it is registered.
pub const RESOURCE: usize = 3;
/// Actions that [`Lists::rows`] has room for at each kind of place.
pub const ROW: usize = 64;
/// In [`Row::wide`], above the roles: the action is asked of such places.
pub const ASKED: u32 = 1 << 31;

const ROLE_MASK: u32 = (1 << ROLE_BITS) - 1;

/// The bytes of a packed workspace, where its lists start in them, in words, and what an answer takes beside them.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// The bytes: little-endian words, at least [`TOGETHER`] of them after the grants.
    pub bytes: Vec<u8>,
    /// [`RESOURCE`] words for each resource.
    pub resources: usize,
    /// The labels that resources carry.
    pub carried: usize,
    /// Where each set of labels starts, and the labels in sets.
    pub sets: usize,
    /// See [`Self::sets`].
    pub in_sets: usize,
    /// For each holder where its grants and its groups start.
    pub holders: usize,
    /// The grants.
    pub grants: usize,
    /// The groups of holders.
    pub joined: usize,
    /// How many resources there are.
    pub resource_count: u32,
    /// What each holder has.
    pub held: Vec<Held>,
    /// The places: first the workspace and each kind, then each resource.
    pub places: Vec<Place>,
    /// The labels in each set, as a [`Place`] has them.
    pub wanted: Vec<u32>,
    /// The roles that allow each action, for each kind of place. Places are one resource of a kind, every resource of a kind,
    /// and the workspace.
    pub rows: Vec<[Row; ROW]>,
    /// The action that takes another one beside it, and which one it takes at each kind of place; [`NONE`] for none.
    pub paired: u32,
    /// See [`Self::paired`].
    pub pairs: Vec<u32>,
    /// The roles whose grants on labels count: all or none.
    pub label_roles: u32,
}

/// The roles that allow an action at a kind of place, as bits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Row {
    /// Those that do when they are held on the whole workspace, and [`ASKED`].
    pub wide: u32,
    /// Those that do when they are held on the place itself, on its parent or on labels.
    pub narrow: u32,
}

/// What a holder has, summed up at loading, so that most checks look no further.
#[derive(Debug, Clone, Copy, Default)]
pub struct Held {
    /// Its roles as bits, [`MOST_ROLES`] each: on the whole workspace, with those of its groups; on labels, of any set; those
    /// of its groups on resources and on labels.
    roles: u64,
    /// Where its own grants start and end, and its groups, in words.
    grants: [u32; 2],
    groups: [u32; 2],
}

/// So many roles there can be.
pub const MOST_ROLES: u32 = 21;

/// There are fewer than 2³² words.
const fn ends(range: &Range<usize>) -> [u32; 2] {
    [range.start as u32, range.end as u32]
}

impl Held {
    #[inline(always)]
    const fn new([wide, labelled, joined]: [u32; 3], [grants, groups]: [&Range<usize>; 2]) -> Self {
        let roles = wide as u64 | (labelled as u64) << MOST_ROLES | (joined as u64) << (2 * MOST_ROLES);
        Self { roles, grants: ends(grants), groups: ends(groups) }
    }

    #[inline(always)]
    const fn wide(self) -> u32 {
        self.roles as u32 & ((1 << MOST_ROLES) - 1)
    }

    #[inline(always)]
    const fn labelled(self) -> u32 {
        (self.roles >> MOST_ROLES) as u32 & ((1 << MOST_ROLES) - 1)
    }

    #[inline(always)]
    const fn joined(self) -> u32 {
        (self.roles >> (2 * MOST_ROLES)) as u32
    }
}

/// What a check takes of a place.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The scope of its parent; [`NONE`] where it has none.
    parent: u32,
    /// The labels that it carries, and those of its parent: a bit for each, which it shares with others where there are
    /// more than 32. What lacks a bit lacks the label.
    carried: [u32; 2],
    /// See [`Lists::rows`].
    kind: u32,
}

/// How many kinds of resource there are. Kinds of place are one resource of each kind, every resource of each kind, and the
/// workspace.
pub const KINDS: u32 = 6;
/// The kind of place that the workspace is.
pub const WORKSPACE: u32 = 2 * KINDS;
/// The handle of nobody.
pub const NOBODY: i32 = -1;
/// Places before those of single resources: the workspace and each kind.
pub const WHOLE: u32 = 1 + KINDS;

/// What an answer to handles is: no, yes, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Answer {
    /// No.
    Denied = 0,
    /// Yes.
    Allowed = 1,
    /// The action isn't asked of that kind of place.
    Mismatch = 2,
    /// A handle of other lists, or none at all.
    Stale = 3,
}

/// The handles of members and places: each is counted from a first one, and the members follow the groups as holders.
#[derive(Debug, Clone, Copy, Default)]
pub struct Handles {
    /// The first member's.
    pub first_member: i32,
    /// How many members there are, and how many groups.
    pub members: u32,
    /// See [`Self::members`].
    pub groups: u32,
    /// The workspace's; those of each kind follow, then those of each resource.
    pub first_place: i32,
}

const fn index(word: u32) -> usize {
    word as usize
}

impl Lists {
    /// Whether a holder may take an action at a place; `None` where it isn't asked of such places.
    #[inline(never)]
    pub fn answer(&self, holder: u32, action: u32, place: u32) -> Option<bool> {
        self.decide(holder, action, place)
    }

    #[inline(always)]
    fn decide(&self, holder: u32, mut action: u32, place: u32) -> Option<bool> {
        let Place { parent, kind, .. } = self.places.get(index(place)).copied()?;
        let held = self.held.get(index(holder)).copied().unwrap_or_default();
        loop {
            let row = self.row(action, kind)?;
            let is_allowed = held.wide() & row.wide != 0
                || self.covers(held, row.narrow, place, parent)
                || (held.joined() & row.narrow != 0 && self.any_group_covers(held.groups, row.narrow, place));
            if !is_allowed || action != self.paired {
                return Some(is_allowed);
            }
            action = self.pairs.get(index(kind)).copied().unwrap_or(NONE);
            if action == NONE {
                return Some(true);
            }
        }
    }

    /// The roles that allow an action at a kind of place; `None` where it isn't asked of such places.
    #[inline(always)]
    fn row(&self, action: u32, kind: u32) -> Option<Row> {
        let row = self.rows.get(index(kind))?.get(index(action)).copied()?;
        (row.wide & ASKED != 0).then_some(row)
    }

    /// Whether an action is asked of a kind of place.
    pub fn is_asked(&self, action: u32, kind: u32) -> bool {
        self.row(action, kind).is_some()
    }

    #[inline(always)]
    fn look_up(&self, handles: &Handles, [member, action, place]: [i32; 3]) -> Answer {
        let nth = place.wrapping_sub(handles.first_place).cast_unsigned();
        let holder = member.wrapping_sub(handles.first_member).cast_unsigned();
        let is_place = place >= 0 && index(nth) < self.places.len();
        let is_member = member >= 0 && holder < handles.members;
        if !is_place || !is_member {
            let known = if is_place { self.places.get(index(nth)) } else { None };
            return self.unknown(known, place, is_member || member == NOBODY, action);
        }
        match self.decide(handles.groups + holder, action.cast_unsigned(), nth) {
            None => Answer::Mismatch,
            Some(false) => Answer::Denied,
            Some(true) => Answer::Allowed,
        }
    }

    /// The answer about nobody, or about a resource that isn't there: its handle tells its kind.
    #[inline(never)]
    fn unknown(&self, place: Option<&Place>, handle: i32, is_somebody: bool, action: i32) -> Answer {
        let kind = place.map_or(!handle, |place| place.kind.cast_signed());
        match () {
            () if !is_somebody || (place.is_none() && !(0..KINDS.cast_signed()).contains(&kind)) => Answer::Stale,
            () if self.is_asked(action.cast_unsigned(), kind.cast_unsigned()) => Answer::Denied,
            () => Answer::Mismatch,
        }
    }

    /// The word at an index; 0 beyond the end, which no checked index reaches.
    #[inline(always)]
    pub fn word(&self, at: usize) -> u32 {
        self.bytes.as_chunks::<4>().0.get(at).map_or(0, |four| u32::from_le_bytes(*four))
    }

    /// The kind of a resource.
    #[inline(always)]
    pub fn kind(&self, resource: u32) -> u32 {
        self.word(self.resources + RESOURCE * index(resource) + 2) >> 1
    }

    /// Where a holder's grants and groups start and end.
    #[inline(always)]
    pub fn held_by(&self, holder: u32) -> [Range<usize>; 2] {
        let at = self.holders + 2 * index(holder);
        let words = self.bytes.as_chunks::<4>().0.get(at..).and_then(|words| words.first_chunk::<4>());
        let [from, joined_from, to, joined_to] = words.map_or([0; 4], |words| words.map(u32::from_le_bytes)).map(index);
        [self.grants + from..self.grants + to, self.joined + joined_from..self.joined + joined_to]
    }

    #[inline(never)]
    fn any_group_covers(&self, [from, to]: [u32; 2], roles: u32, place: u32) -> bool {
        let parent = self.places.get(index(place)).map_or(NONE, |place| place.parent);
        (from..to).any(|at| {
            let group = self.held.get(index(self.word(index(at)))).copied().unwrap_or_default();
            self.covers(group, roles, place, parent)
        })
    }

    #[inline(always)]
    fn covers(&self, held: Held, roles: u32, place: u32, parent: u32) -> bool {
        // Only the row of a resource has narrow roles, so that no other place needs a scope.
        self.any_is_near(held, roles, [place.wrapping_sub(WHOLE - 1), parent])
            || (held.labelled() & roles & self.label_roles != 0 && self.any_reaches(held.grants, roles, place))
    }

    /// Whether a grant on one of two scopes is of a role that allows it.
    #[inline(always)]
    fn any_is_near(&self, held: Held, roles: u32, scopes: [u32; 2]) -> bool {
        let words = self.bytes.as_chunks::<4>().0;
        let [mut at, to] = held.grants.map(index);
        while at < to {
            let Some(block) = words.get(at..).and_then(|rest| rest.first_chunk::<TOGETHER>()) else { return false };
            let mut bits = near(block, scopes) & ((1 << (to - at).min(TOGETHER)) - 1);
            // Mostly there is one at most. Whether there is can't be foretold, so that nothing branches on it.
            loop {
                let nth = bits.trailing_zeros();
                let grant = block.get(index(nth) % TOGETHER).map_or(0, |four| u32::from_le_bytes(*four));
                // Without a bit this shifts by 32 and more.
                if u64::from(roles) >> (grant & ROLE_MASK | nth & u32::BITS) & 1 != 0 {
                    return true;
                }
                bits &= bits.wrapping_sub(1);
                if bits == 0 {
                    break;
                }
            }
            at += TOGETHER;
        }
        false
    }

    /// Whether a grant on labels that the resource or its parent carries is of a role that allows it.
    #[inline(never)]
    fn any_reaches(&self, [from, to]: [u32; 2], roles: u32, place: u32) -> bool {
        let Some(place) = self.places.get(index(place)).map(|at| (place, at)) else { return false };
        (from..to).any(|at| {
            let grant = self.word(index(at));
            let set = (grant >> ROLE_BITS).wrapping_sub(self.resource_count + 1);
            let is_such = roles >> (grant & ROLE_MASK) & 1 != 0;
            is_such && self.wanted.get(index(set)).is_some_and(|wanted| self.reaches(set, *wanted, place))
        })
    }

    /// Whether a resource, or its parent, carries each label of a set.
    #[inline(always)]
    fn reaches(&self, set: u32, wanted: u32, (nth, place): (u32, &Place)) -> bool {
        let [own, above] = place.carried.map(|carried| carried & wanted == wanted);
        (own && self.carries(nth.wrapping_sub(WHOLE), set))
            || (above && place.parent != NONE && self.carries(place.parent - 1, set))
    }

    /// Both lists are in order, so that one walk tells.
    #[inline(never)]
    fn carries(&self, resource: u32, set: u32) -> bool {
        let mut carried = self.labels_of(resource).map(|at| self.word(at));
        self.set(set).all(|at| {
            let wanted = self.word(at);
            carried.by_ref().find(|label| *label >= wanted) == Some(wanted)
        })
    }

    /// Where the labels of a resource lie.
    pub fn labels_of(&self, resource: u32) -> Range<usize> {
        let at = self.resources + RESOURCE * index(resource) + 1;
        self.carried + index(self.word(at))..self.carried + index(self.word(at + RESOURCE))
    }

    /// Where the labels of a set lie.
    pub fn set(&self, set: u32) -> Range<usize> {
        let at = self.sets + index(set);
        self.in_sets + index(self.word(at))..self.in_sets + index(self.word(at + 1))
    }
}
