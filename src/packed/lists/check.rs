//! The loops that loading spends its time in: each number of a list, looked at before it is trusted.

use std::ops::Range;

use super::{Held, KINDS, Lists, NONE, Place, RESOURCE, ROLE_BITS, ROLE_MASK, WHOLE, WORKSPACE, index};

/// The scopes that a role takes, as bits: each kind of resource, then the workspace and sets of labels.
pub const TAKES_WORKSPACE: u32 = 1 << 6;
/// See [`TAKES_WORKSPACE`].
pub const TAKES_LABELS: u32 = 1 << 7;

impl Lists {
    /// The words of a range; none where it doesn't fit.
    #[inline(always)]
    fn words(&self, range: Range<usize>) -> &[[u8; 4]] {
        self.bytes.as_chunks::<4>().0.get(range).unwrap_or_default()
    }

    /// That so many starts, one each `step` words, never fall and end with `end`.
    #[inline(never)]
    pub fn is_ascending(&self, start: usize, count: usize, step: usize, end: u32) -> bool {
        let words = self.words(start..start + step * (count - 1) + 1).iter().step_by(step);
        let (mut before, mut is_right) = (0, true);
        for four in words {
            let at = u32::from_le_bytes(*four);
            is_right &= at >= before;
            before = at;
        }
        is_right && before == end
    }

    /// That all of so many words are below a limit.
    #[inline(never)]
    pub fn are_below(&self, start: usize, count: u32, limit: u32) -> bool {
        self.words(start..start + count as usize).iter().all(|four| u32::from_le_bytes(*four) < limit)
    }

    /// That ids of four words each ascend, by their bytes.
    #[inline(never)]
    pub fn are_ids(&self, start: usize, count: u32) -> bool {
        let (ids, _) = self.words(start..start + 4 * count as usize).as_flattened().as_chunks::<16>();
        ids.windows(2).all(|two| matches!(two, [one, next] if u128::from_be_bytes(*one) < u128::from_be_bytes(*next)))
    }

    /// What each holder has, the groups first, for [`Lists::held`]; `None` unless each grant is of a role that takes its
    /// scope. `takes` says for each role which those are. The groups of holders are checked already.
    #[inline(never)]
    pub fn held_of(&self, [groups, holders]: [u32; 2], sets: u32, takes: &[u32]) -> Option<Vec<Held>> {
        let mut all: Vec<Held> = Vec::with_capacity(index(holders));
        for holder in 0..holders {
            let [grants, joined] = self.held_by(holder);
            let [mut wide, labelled, narrow] = self.roles_in(grants.clone(), sets, takes)?;
            // What a group hands on.
            let mut of_groups = if holder < groups { narrow } else { 0 };
            for four in self.words(joined.clone()) {
                let group = all.get(index(u32::from_le_bytes(*four)))?;
                wide |= group.wide();
                of_groups |= group.joined();
            }
            all.push(Held::new([wide, labelled, of_groups], [&grants, &joined]));
        }
        Some(all)
    }

    /// The roles that so many grants give on the workspace, on labels, and on labels or resources.
    #[inline(always)]
    fn roles_in(&self, grants: Range<usize>, sets: u32, takes: &[u32]) -> Option<[u32; 3]> {
        let [mut wide, mut labelled, mut narrow] = [0; 3];
        for four in self.words(grants) {
            let grant = u32::from_le_bytes(*four);
            let (role, scope) = (grant & ROLE_MASK, grant >> ROLE_BITS);
            if takes.get(index(role)).copied().unwrap_or(0) & self.kind_of_scope(scope, sets) == 0 {
                return None;
            }
            wide |= u32::from(scope == 0) << role;
            labelled |= u32::from(scope > self.resource_count) << role;
            narrow |= u32::from(scope != 0) << role;
        }
        Some([wide, labelled, narrow])
    }

    /// The places, for [`Lists::places`]. Resources are checked already.
    #[inline(never)]
    pub fn places_of(&self) -> Vec<Place> {
        let whole = |kind| Place { parent: NONE, carried: [0; 2], kind };
        let mut places = Vec::with_capacity(index(WHOLE + self.resource_count));
        places.push(whole(WORKSPACE));
        places.extend((KINDS..WORKSPACE).map(whole));
        for resource in 0..self.resource_count {
            let parent = self.word(self.resources + RESOURCE * index(resource)).saturating_add(1);
            let signs = self.signs(self.labels_of(resource));
            // A parent is a source, and sources come first.
            let above = places.get(index(parent.saturating_add(WHOLE - 1))).map_or(0, |place: &Place| place.carried[0]);
            places.push(Place { parent, carried: [signs, above], kind: self.kind(resource) });
        }
        places
    }

    /// The bits of labels, as [`Place`] has them.
    #[inline(always)]
    pub fn signs(&self, labels: Range<usize>) -> u32 {
        self.words(labels).iter().fold(0, |signs, four| signs | 1 << (u32::from_le_bytes(*four) & (u32::BITS - 1)))
    }

    #[inline(always)]
    fn kind_of_scope(&self, scope: u32, sets: u32) -> u32 {
        match scope {
            0 => TAKES_WORKSPACE,
            resource if resource <= self.resource_count => 1 << (self.kind(resource - 1) & 31),
            set if set - self.resource_count <= sets => TAKES_LABELS,
            _ => 0,
        }
    }
}
