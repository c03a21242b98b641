//! The loops that loading spends its time in: each number of a list, looked at before it is trusted.

use std::ops::Range;

use super::{Beside, Lists, ROLE_BITS, ROLE_MASK};

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

    /// What each of so many holders has, for [`Lists::beside`]; `None` unless each grant is of a role that takes its scope.
    /// `takes` says for each role which those are.
    #[inline(never)]
    pub fn beside_of(&self, holders: u32, sets: u32, takes: &[u32]) -> Option<Vec<Beside>> {
        (0..holders).map(|holder| self.beside_of_one(holder, sets, takes)).collect()
    }

    #[inline(always)]
    fn beside_of_one(&self, holder: u32, sets: u32, takes: &[u32]) -> Option<Beside> {
        let [grants, _] = self.held_by(holder);
        let mut beside = Beside::default();
        for four in self.words(grants) {
            let grant = u32::from_le_bytes(*four);
            let (role, scope) = (grant & ROLE_MASK, grant >> ROLE_BITS);
            if takes.get(role as usize).copied().unwrap_or(0) & self.kind_of_scope(scope, sets) == 0 {
                return None;
            }
            beside.wide |= u32::from(scope == 0) << role;
            beside.labelled |= u32::from(scope > self.resource_count) << role;
        }
        Some(beside)
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
