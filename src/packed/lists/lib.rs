//! The loop that a check spends its time in: a holder's grants, looked at in the flat lists of a packed workspace.
//!
//! It is a crate of its own so that it is compiled for speed while all around it is compiled for size. It knows numbers
//! alone; what they mean says `rolecall::packed`, which also checks them before anything is asked here.

mod check;
mod near;
mod shelf;

use std::ops::Range;

pub use check::{TAKES_LABELS, TAKES_WORKSPACE};
use near::{TOGETHER, near};
pub use shelf::{Slot, answer, answer_each};

/// A word that stands for nothing.
pub const NONE: u32 = u32::MAX;
/// Bits of a grant's word that hold its role; the rest is its scope: 0 for the workspace, then each resource, then each set
/// of labels.
pub const ROLE_BITS: u32 = 5;
/// Words of one resource: its parent, where its labels start, and its kind above a bit that says whether it is registered.
pub const RESOURCE: usize = 3;
/// Actions in a row of [`Lists::rows`], at most.
pub const ROW: usize = 64;
/// In a word of a row, above the roles: the action is asked of such places; only workspace-wide grants give it there.
pub const ASKED: u32 = 1 << 31;
/// See [`ASKED`].
pub const WIDE_ONLY: u32 = 1 << 30;

const ROLE_MASK: u32 = (1 << ROLE_BITS) - 1;

/// The bytes of a packed workspace, where its lists start in them, in words, and what an answer takes beside them.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// The bytes: little-endian words.
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
    /// What each holder has beside its grants on resources.
    pub beside: Vec<Beside>,
    /// The roles that allow each action, as bits: a row of [`ROW`] for each kind of place. Places are one resource of a kind,
    /// every resource of a kind, and the workspace.
    pub rows: Vec<u32>,
    /// The action that takes another one beside it, and which one it takes at each kind of place; [`NONE`] for none.
    pub paired: u32,
    /// See [`Self::paired`].
    pub pairs: Vec<u32>,
    /// Whether grants on labels count.
    pub has_labels: bool,
}

/// The roles that a holder has, as bits: on the whole workspace, and on labels.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside {
    /// On the whole workspace.
    pub wide: u32,
    /// On labels, of any set.
    pub labelled: u32,
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

/// A question in words.
#[derive(Clone, Copy)]
struct Asked {
    roles: u32,
    /// The scopes of the resource and of its parent: [`NONE`] where there is none, or only a workspace-wide grant counts.
    resource: u32,
    parent: u32,
}

const fn index(word: u32) -> usize {
    word as usize
}

impl Lists {
    /// Whether a holder may take an action at a kind of place, or there on a resource; `None` where it isn't asked of such
    /// places.
    pub fn answer(&self, holder: u32, action: u32, kind: u32, resource: u32) -> Option<bool> {
        self.decide(holder, action, kind, resource)
    }

    #[inline(always)]
    fn decide(&self, holder: u32, action: u32, kind: u32, resource: u32) -> Option<bool> {
        let asked = self.asked(action, kind, resource)?;
        let is_allowed = self.holds(holder, asked);
        if is_allowed && action == self.paired {
            return Some(self.holds_pair(holder, kind, resource));
        }
        Some(is_allowed)
    }

    #[inline(always)]
    fn look_up(&self, handles: &Handles, member: i32, action: i32, place: i32) -> Answer {
        let nth = place.wrapping_sub(handles.first_place).cast_unsigned();
        let resource = nth.wrapping_sub(WHOLE);
        let (kind, resource) = match () {
            () if place < 0 && -place.wrapping_add(1) < KINDS.cast_signed() => (place.unsigned_abs() - 1, NONE),
            () if place < 0 => return Answer::Stale,
            () if resource < self.resource_count => (self.kind(resource), resource),
            () if nth == 0 => (WORKSPACE, NONE),
            () if nth < WHOLE => (KINDS + nth - 1, NONE),
            () => return Answer::Stale,
        };
        let nth = member.wrapping_sub(handles.first_member).cast_unsigned();
        let is_known = member >= 0 && nth < handles.members;
        if !is_known && member != NOBODY {
            return Answer::Stale;
        }
        let holder = if is_known { handles.groups + nth } else { 0 };
        match self.decide(holder, action.cast_unsigned(), kind, resource) {
            None => Answer::Mismatch,
            Some(true) if is_known && place >= 0 => Answer::Allowed,
            Some(_) => Answer::Denied,
        }
    }

    #[inline(never)]
    fn holds_pair(&self, holder: u32, kind: u32, resource: u32) -> bool {
        let other = self.pairs.get(index(kind)).copied().unwrap_or(NONE);
        other == NONE || self.asked(other, kind, resource).is_some_and(|asked| self.holds(holder, asked))
    }

    #[inline(always)]
    fn asked(&self, action: u32, kind: u32, resource: u32) -> Option<Asked> {
        let roles = self.rows.get(ROW * index(kind) + index(action)).copied().unwrap_or(0);
        if roles & ASKED == 0 {
            return None;
        }
        let is_wide_only = resource == NONE || roles & WIDE_ONLY != 0;
        let roles = roles & !(ASKED | WIDE_ONLY);
        if is_wide_only {
            return Some(Asked { roles, resource: NONE, parent: NONE });
        }
        let parent = self.word(self.resources + RESOURCE * index(resource)).saturating_add(1);
        Some(Asked { roles, resource: resource + 1, parent })
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

    #[inline(always)]
    fn holds(&self, holder: u32, asked: Asked) -> bool {
        let [grants, joined] = self.held_by(holder);
        self.any_covers(holder, grants, asked) || (!joined.is_empty() && self.any_group_covers(joined, asked))
    }

    #[inline(never)]
    fn any_group_covers(&self, mut joined: Range<usize>, asked: Asked) -> bool {
        joined.any(|at| {
            let group = self.word(at);
            let [grants, _] = self.held_by(group);
            self.any_covers(group, grants, asked)
        })
    }

    #[inline(always)]
    fn any_covers(&self, holder: u32, grants: Range<usize>, asked: Asked) -> bool {
        let beside = self.beside.get(index(holder)).copied().unwrap_or_default();
        if beside.wide & asked.roles != 0 {
            return true;
        }
        if asked.resource == NONE {
            return false;
        }
        self.any_is_near(&grants, asked) || (beside.labelled & asked.roles != 0 && self.any_reaches(grants, asked))
    }

    /// Whether a grant on the resource or on its parent is of a role that allows it.
    #[inline(always)]
    fn any_is_near(&self, grants: &Range<usize>, asked: Asked) -> bool {
        let words = self.bytes.as_chunks::<4>().0;
        let mut at = grants.start;
        while at < grants.end {
            let Some(block) = words.get(at..).and_then(|rest| rest.first_chunk::<TOGETHER>()) else {
                return self.any_is_near_end(at..grants.end, asked);
            };
            let mut bits = near(block, [asked.resource, asked.parent]);
            while bits != 0 {
                let nth = index(bits.trailing_zeros());
                let role = block.get(nth).map_or(0, |four| u32::from_le_bytes(*four) & ROLE_MASK);
                if asked.roles >> role & 1 != 0 && at + nth < grants.end {
                    return true;
                }
                bits &= bits - 1;
            }
            at += TOGETHER;
        }
        false
    }

    /// As [`Self::any_is_near`], for grants so near the end of the bytes that no block fits.
    #[inline(never)]
    fn any_is_near_end(&self, mut grants: Range<usize>, asked: Asked) -> bool {
        grants.any(|at| {
            let grant = self.word(at);
            [asked.resource, asked.parent].contains(&(grant >> ROLE_BITS))
                && asked.roles >> (grant & ROLE_MASK) & 1 != 0
        })
    }

    /// Whether a grant on labels that the resource or its parent carries is of a role that allows it.
    #[inline(never)]
    fn any_reaches(&self, mut grants: Range<usize>, asked: Asked) -> bool {
        grants.any(|at| {
            let grant = self.word(at);
            let scope = grant >> ROLE_BITS;
            let is_such = scope > self.resource_count && asked.roles >> (grant & ROLE_MASK) & 1 != 0;
            is_such && self.reaches(scope, asked.resource, asked.parent)
        })
    }

    /// Whether the resource, or its parent, carries each label of a scope, and labels count at all.
    fn reaches(&self, scope: u32, resource: u32, parent: u32) -> bool {
        let set = scope - self.resource_count - 1;
        self.has_labels && (self.carries(resource - 1, set) || (parent != NONE && self.carries(parent - 1, set)))
    }

    /// Both lists are in order, so that one walk tells.
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
